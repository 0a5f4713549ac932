package notebook_test

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const (
	startAction   = "modelarts_notebook_start"
	stopAction    = "modelarts_notebook_stop"
	restartAction = "modelarts_notebook_restart"
	renewAction   = "modelarts_notebook_renew_lease"
)

var quickly = simulator.Options{StartTime: 60 * time.Millisecond, StopTime: 40 * time.Millisecond}

// actionCase is an action on a notebook with a status.
type actionCase struct {
	action   string
	status   string // of the notebook before; empty: RUNNING
	answers  []string
	starts   time.Duration // how long a start takes; zero: as of quickly
	block    given         // of the provider
	with     given
	drift    simulator.Drift
	fault    *simulator.Fault
	calls    []string
	progress string // the last message, a pattern
	says     string // a pattern; empty: nothing
	final    string // status of the notebook; empty: RUNNING
}

var actionCases = map[string]actionCase{
	"start":                     {action: startAction, status: "STOPPED", calls: []string{"StartNotebook"}, progress: `^The notebook is RUNNING, and its lease stops it at 20`},
	"start with a lease":        {action: startAction, status: "STOPPED", with: given{"lease": given{"duration": "8h"}}, calls: []string{"StartNotebook duration=28800000&type=timing"}, progress: `RUNNING`},
	"start for idleness":        {action: startAction, status: "STOPPED", with: given{"lease": given{"type": "idle", "duration": "2h"}}, calls: []string{"StartNotebook duration=7200000&type=idle"}, progress: `RUNNING, and its lease stops it when it is idle$`},
	"start for ever":            {action: startAction, status: "STOPPED", with: given{"lease": given{"enabled": false}}, calls: []string{"StartNotebook duration=-1"}, progress: `RUNNING, and never stops by itself$`},
	"start of a running one":    {action: startAction, with: given{"lease": given{"duration": "8h"}}, progress: `^The notebook is RUNNING already, and its lease stops it at`},
	"start without a wait":      {action: startAction, status: "STOPPED", with: given{"wait": false}, calls: []string{"StartNotebook"}, progress: `^It is requested, and not waited for$`},
	"start of a failed one":     {action: startAction, status: "ERROR", calls: []string{"StartNotebook"}, says: `(?s)ERROR: Unable to start notebook: The notebook .*refuses to start or stop a notebook that is ERROR.*The notebook is ERROR`, final: "ERROR"},
	"start that fails":          {action: startAction, status: "STOPPED", fault: &simulator.Fault{Kind: simulator.FaultStartFailed, Step: 3, Reason: "No node is left."}, calls: []string{"StartNotebook"}, says: `(?s)START_FAILED: step 3 of 4 .*No node is left.*The notebook was STOPPED, and is START_FAILED now`, final: "START_FAILED"},
	"start that takes too long": {action: startAction, status: "STOPPED", starts: 8 * time.Second, with: given{"timeouts": given{"invoke": "4s"}}, calls: []string{"StartNotebook"}, says: `(?s)Unable to start notebook: .*The service still completes the requested operation`},
	"start that is lost":        {action: startAction, status: "STOPPED", fault: &simulator.Fault{Kind: simulator.FaultCutAfter, Operation: "StartNotebook"}, calls: []string{"StartNotebook", "StartNotebook"}, progress: `RUNNING`},
	"start that is throttled":   {action: startAction, status: "STOPPED", fault: &simulator.Fault{Kind: simulator.FaultThrottle, Operation: "StartNotebook", RetryAfter: "0"}, calls: []string{"StartNotebook", "StartNotebook"}, progress: `RUNNING`},
	"start against a guardrail": {action: startAction, status: "STOPPED", block: given{"require_auto_stop": true}, with: given{"lease": given{"enabled": false}}, says: `The notebook would never stop by itself: The action has lease.enabled = false`, final: "STOPPED"},
	"start for too long":        {action: startAction, status: "STOPPED", block: given{"max_auto_stop": "4h"}, with: given{"lease": given{"duration": "8h"}}, says: `The lease is longer than allowed: The action has lease.duration = "8h"`, final: "STOPPED"},

	"stop":                  {action: stopAction, calls: []string{"StopNotebook"}, progress: `^The notebook is STOPPED$`, final: "STOPPED"},
	"stop of a stopped one": {action: stopAction, status: "STOPPED", progress: `^The notebook is STOPPED already: nothing is requested$`, final: "STOPPED"},
	"stop without a wait":   {action: stopAction, with: given{"wait": false}, calls: []string{"StopNotebook"}, progress: `^It is requested`, final: "STOPPED"},
	"stop of a failed one":  {action: stopAction, status: "START_FAILED", says: `WARNING: Notebook "test" was not stopped: The notebook .* is START_FAILED`, final: "START_FAILED"},
	"stop, 6305":            {action: stopAction, answers: []string{"conflict-exact"}, calls: []string{"StopNotebook"}, progress: `^The notebook is STOPPED$`, final: "STOPPED"},
	"stop that is refused":  {action: stopAction, fault: &simulator.Fault{Kind: simulator.FaultRefuse, Operation: "StopNotebook", Status: 403, Code: "ModelArts.0112"}, calls: []string{"StopNotebook"}, says: `(?s)Unable to stop notebook: .*ModelArts.0112.*The notebook is RUNNING\.$`},

	"restart":                  {action: restartAction, calls: []string{"StopNotebook", `StartNotebook duration=\d+&type=timing`}, progress: `^The notebook is RUNNING again, and its lease stops it at`},
	"restart with a lease":     {action: restartAction, with: given{"lease": given{"duration": "9h"}}, calls: []string{"StopNotebook", "StartNotebook duration=32400000&type=timing"}, progress: `RUNNING again`},
	"restart of a stopped one": {action: restartAction, status: "STOPPED", says: `WARNING: Notebook "test" was not restarted: .* is STOPPED. A restart does not start a notebook that is not running`, final: "STOPPED"},
	"restart without a wait":   {action: restartAction, with: given{"wait": false}, calls: []string{"StopNotebook", "StartNotebook duration=.*"}, progress: `^It is requested`},
	"restart whose start fails": {
		action: restartAction, fault: &simulator.Fault{Kind: simulator.FaultStartFailed}, calls: []string{"StopNotebook", "StartNotebook duration=.*"},
		says: `(?s)Unable to restart notebook: .*was RUNNING, and is START_FAILED now. The restart did not start it again: start it with the action modelarts_notebook_start`, final: "START_FAILED",
	},

	"renewal":                     {action: renewAction, with: given{"lease": given{"duration": "8h"}}, calls: []string{"RenewLease duration=28800000 duration type"}, progress: `^The lease is renewed: the notebook is RUNNING, and its lease stops it at`},
	"renewal, body or query":      {action: renewAction, answers: []string{"lease-renewal-query"}, with: given{"lease": given{"duration": "8h"}}, calls: []string{"RenewLease duration=28800000 duration type"}, progress: `^The lease is renewed`},
	"renewal, echo":               {action: renewAction, answers: []string{"lease-renewal-echo"}, with: given{"lease": given{"duration": "8h"}}, calls: []string{"RenewLease .*"}, progress: `^The lease is renewed`},
	"renewal of an idle lease":    {action: renewAction, with: given{"lease": given{"type": "IDLE", "duration": "8h"}}, calls: []string{"RenewLease duration type"}, progress: `its lease stops it when it is idle$`},
	"renewal of none":             {action: renewAction, drift: simulator.Drift{LeaseOn: new(bool)}, with: given{"lease": given{"duration": "8h"}}, progress: `^The notebook never stops by itself: there is no lease to renew$`},
	"renewal of a stopped one":    {action: renewAction, status: "STOPPED", with: given{"lease": given{"duration": "8h"}}, says: `ERROR: Unable to renew the lease of notebook: The notebook .* is STOPPED, and the service renews`, final: "STOPPED"},
	"renewal for longer than may": {action: renewAction, block: given{"max_auto_stop": "4h"}, with: given{"lease": given{"duration": "8h"}}, says: `The lease is longer than allowed`},
}

// Each action does what it says, is harmless where the notebook is there already, and
// tells what has become of the notebook where it fails.
func TestActions(t *testing.T) {
	t.Parallel()
	for name, tc := range actionCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := quickly
			options.Answers, options.StartTime = tc.answers, cmp.Or(tc.starts, quickly.StartTime)
			s := acctest.New(t, options)
			nb := made(t, s, nil)
			if tc.status != "" {
				tc.drift.Status = &tc.status
			}
			change(t, s, tc.drift)
			s.ResetRequests()
			if tc.fault != nil {
				s.Inject(*tc.fault)
			}
			with := given{"notebook_id": nb.ID}
			maps.Copy(with, tc.with)
			progress, found := s.Protocol(t, tc.block).Invoke(t.Context(), tc.action, with)
			if text := acctest.Said(found); (tc.says == "") != (text == "") || !regexp.MustCompile(tc.says).MatchString(text) {
				t.Errorf("it says\n%s\nwant %s", text, tc.says)
			}
			last := ""
			if len(progress) > 0 {
				last = progress[len(progress)-1]
			}
			if !regexp.MustCompile(tc.progress).MatchString(last) || last == "" && tc.progress != "" {
				t.Errorf("it tells %q, want at last %s", progress, tc.progress)
			}
			writes := s.Writes()
			if len(writes) != len(tc.calls) {
				t.Errorf("the calls are %q, want %q", writes, tc.calls)
			} else {
				for i, call := range tc.calls {
					if !regexp.MustCompile("^" + call + "$").MatchString(writes[i]) {
						t.Errorf("the calls are %q, want %q", writes, tc.calls)
					}
				}
			}
			final := "RUNNING"
			if tc.final != "" {
				final = tc.final
			}
			becomes(t, s, nb.ID, final)
		})
	}
}

// The progress names each step of a start.
func TestActionsTellOfSteps(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{StartTime: time.Minute, StopTime: time.Minute})
	nb := made(t, s, nil)
	go func() {
		for calls := 0; t.Context().Err() == nil; time.Sleep(2 * time.Millisecond) {
			if now := len(s.Requests()); now > calls { // time passes from call to call: each step is seen
				calls = now
				s.Advance(5 * time.Second)
			}
		}
	}()
	progress, found := s.Protocol(t, nil).Invoke(t.Context(), restartAction, given{"notebook_id": nb.ID})
	if len(found) > 0 {
		t.Fatal(acctest.Said(found))
	}
	want := []string{
		"The notebook is STARTING, step 1 of 4: prepare the storage",
		"The notebook is STARTING, step 2 of 4: prepare the compute resources",
		"The notebook is STARTING, step 3 of 4: configure the network",
		"The notebook is STARTING, step 4 of 4: initialize the instance",
	}
	steps := slices.DeleteFunc(progress, func(line string) bool { return !strings.Contains(line, "step") })
	if !slices.Equal(steps, want) {
		t.Errorf("it tells %q, want %q", steps, want)
	}
}

// A notebook that does not exist, and arguments that cannot be, are errors that say so.
func TestActionErrors(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	p := s.Protocol(t, nil)
	const nobody = "00000000-0000-4000-8000-000000000001"
	for name := range p.Schemas.ActionSchemas {
		with := func(more given) given {
			all := given{"notebook_id": nobody}
			if name == renewAction {
				all["lease"] = given{"duration": "2h"}
			}
			maps.Copy(all, more)
			return all
		}
		for want, arguments := range map[string]given{
			"There is no notebook " + nobody + " in the project and the region": with(nil),
			"Attribute notebook_id must be a UUID":                              with(given{"notebook_id": "x"}),
			"Attribute region must be the name of a region":                     with(given{"region": "No Where"}),
			"Attribute timeouts.invoke":                                         with(given{"timeouts": given{"invoke": "soon"}}),
			"Attribute timeouts has braces in which nothing is set":             with(given{"timeouts": given{}}),
		} {
			_, found := p.Invoke(t.Context(), name, arguments)
			if text := acctest.Said(found); len(found) != 1 || !strings.Contains(text, want) {
				t.Errorf("%s: it says %q, want %q", name, text, want)
			}
		}
		if name == stopAction {
			continue
		}
		for want, lease := range map[string]given{
			"Attribute lease has braces in which nothing is set": {},
			"A lease needs lease.duration":                       {"type": "IDLE"},
			"Attribute lease.duration":                           {"duration": "100h"},
			"Attribute lease.type":                               {"duration": "2h", "type": "SOMETIMES"},
		} {
			_, found := p.Invoke(t.Context(), name, with(given{"lease": lease}))
			if text := acctest.Said(found); len(found) != 1 || !strings.Contains(text, want) {
				t.Errorf("%s: it says %q, want %q", name, text, want)
			}
		}
	}
	if len(s.Writes()) > 0 {
		t.Errorf("it has written %q", s.Writes())
	}
}

// An action that is cancelled ends at once. What was requested goes on; a restart that has
// stopped the notebook requests its start.
func TestActionsAreCancelled(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ action, at, final string }{
		"start":            {startAction, "STARTING", "RUNNING"},
		"stop":             {stopAction, "STOPPING", "STOPPED"},
		"restart, stop":    {restartAction, "STOPPING", "RUNNING"},
		"restart, started": {restartAction, "STARTING", "RUNNING"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{StartTime: time.Minute, StopTime: time.Minute})
			nb := made(t, s, nil)
			if stopped := "STOPPED"; tc.action == startAction {
				change(t, s, simulator.Drift{Status: &stopped})
			}
			p := s.Protocol(t, nil)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				for calls := 0; t.Context().Err() == nil; time.Sleep(2 * time.Millisecond) {
					n, _ := s.Notebook(nb.ID)
					switch now := len(s.Requests()); {
					case ctx.Err() == nil && n.Status == tc.at:
						if calls == 0 {
							calls = now
						} else if now > calls { // the next call shows that the answer to the request has come
							cancel()
						}
					case n.Status == "STOPPING" && tc.final == "RUNNING": // a start follows
						s.Advance(time.Minute)
					}
				}
			}()
			_, found := p.Invoke(ctx, tc.action, given{"notebook_id": nb.ID})
			if text := acctest.Said(found); !strings.Contains(text, "cancel") || !strings.Contains(text, "The service still completes the requested operation") {
				t.Errorf("it says %q", text)
			}
			s.Advance(time.Minute)
			becomes(t, s, nb.ID, tc.final)
		})
	}
}

// An action works on a notebook of any workspace, by its ID alone.
func TestActionsFindAnyWorkspace(t *testing.T) {
	t.Parallel()
	workspace := strings.Repeat("ab12", 8)
	options := quickly
	options.Workspaces = []string{workspace}
	s := acctest.New(t, options)
	nb := made(t, s, func(r *modelarts.NotebookCreateRequest) { r.WorkspaceID = &workspace })
	if _, found := s.Protocol(t, nil).Invoke(t.Context(), restartAction, given{"notebook_id": nb.ID}); len(found) > 0 {
		t.Error(acctest.Said(found))
	}
}

// What was mounted on a notebook is there again after a restart, under each answer as to
// what becomes of it; where it cannot be, a warning says so.
func TestActionsMountAgain(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answers []string
		fails   bool
	}{
		"gone with the stop": {nil, false}, "kept": {[]string{"mount-kept"}, false}, "back by itself": {[]string{"mount-remounted"}, false}, "not to be had": {nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := quickly
			options.Answers = tc.answers
			s := acctest.New(t, options)
			nb := made(t, s, nil)
			mount := modelarts.StorageMountRequest{Category: "OBSFS", MountPath: "/data/lake/", URI: "obs://bucket/lake/"}
			if _, err := s.Client(t).AttachDynamicStorage(t.Context(), nb.ID, mount); err != nil {
				t.Fatal(err)
			}
			mounted := func() bool {
				all := s.Only(t).Storages
				return len(all) == 1 && all[0].Status == "MOUNTED" && all[0].MountPath == mount.MountPath
			}
			acctest.Eventually(t, "it is mounted", mounted)
			if tc.fails {
				s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "AttachDynamicStorage", Code: "ModelArts.6624", Status: 404, Count: -1})
			}
			_, found := s.Protocol(t, nil).Invoke(t.Context(), restartAction, given{"notebook_id": nb.ID})
			text := acctest.Said(found)
			switch warned := strings.Contains(text, `WARNING: Storage of notebook "test" was not mounted again`); {
			case warned != tc.fails || len(found) > 1:
				t.Errorf("it says %s", text)
			case !tc.fails && !mounted():
				t.Errorf("the mounts are %+v", s.Only(t).Storages)
			}
		})
	}
}

// No argument of an action or an access needs to be known in a plan.
func TestDoorsTakeUnknownValues(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	p := s.Protocol(t, given{"require_auto_stop": true, "max_auto_stop": "4h"})
	const id = "00000000-0000-4000-8000-000000000001"
	unknown := tftypes.UnknownValue
	server := p.ProviderServerWithListResource.(tfprotov6.ProviderServerWithActions) //nolint:staticcheck // until it is part of ProviderServer
	for name, schema := range p.Schemas.ActionSchemas {
		for _, with := range []given{
			{"notebook_id": unknown},
			{"region": unknown},
			{"wait": unknown},
			{"timeouts": unknown},
			{"timeouts": given{"invoke": unknown}},
			{"lease": unknown},
			{"lease": given{"duration": unknown}},
			{"lease": given{"duration": "2h", "type": unknown}},
			{"lease": given{"enabled": unknown}},
			{"lease": given{"duration": unknown, "enabled": unknown, "type": unknown}},
		} {
			all := given{"notebook_id": id, "lease": given{"duration": "2h"}}
			maps.Copy(all, with)
			config := p.Dynamic(acctest.Value6(schema.Schema.ValueType(), all))
			checked, err := server.ValidateActionConfig(t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: config})
			if lease, _ := with["lease"].(given); name == renewAction && lease["enabled"] == unknown && lease["duration"] == nil {
				continue // it has no such member
			}
			if err != nil || len(checked.Diagnostics) > 0 {
				t.Errorf("%s, %v: %s", name, with, acctest.Said(checked.Diagnostics))
				continue
			}
			planned, err := server.PlanAction(t.Context(), &tfprotov6.PlanActionRequest{ActionType: name, Config: config})
			if err != nil || len(planned.Diagnostics) > 0 {
				t.Errorf("%s, %v: %s", name, with, acctest.Said(planned.Diagnostics))
			}
		}
	}
	for _, with := range []given{{"notebook_id": unknown}, {"notebook_id": id, "region": unknown}, {"notebook_id": id, "allow_not_running": unknown}} {
		config := p.Dynamic(acctest.Value6(p.Schemas.EphemeralResourceSchemas[accessName].ValueType(), with))
		checked, err := p.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: accessName, Config: config})
		if err != nil || len(checked.Diagnostics) > 0 {
			t.Errorf("%v: %s", with, acctest.Said(checked.Diagnostics))
		}
	}
	if len(s.Requests()) > 0 {
		t.Errorf("the service was called: %v", s.Operations())
	}
}
