package notebook_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// actionFaults are what can go wrong with a call.
var actionFaults = map[string]simulator.Fault{
	"cut before the request":    {Kind: simulator.FaultCutBefore},
	"cut after the effect":      {Kind: simulator.FaultCutAfter},
	"500":                       {Kind: simulator.FaultRefuse, Code: "ModelArts.6102"},
	"500 after the effect":      {Kind: simulator.FaultRefuse, Code: "ModelArts.6102", AfterEffect: true},
	"429":                       {Kind: simulator.FaultThrottle, RetryAfter: "0"},
	"truncated JSON":            {Kind: simulator.FaultTruncate},
	"empty body":                {Kind: simulator.FaultEmpty},
	"401":                       {Kind: simulator.FaultUnauthorized},
	"ModelArts.6355, not ready": {Kind: simulator.FaultRefuse, Code: "ModelArts.6355"},
	"ModelArts.6357, busy":      {Kind: simulator.FaultRefuse, Code: "ModelArts.6357"},
	"stale read":                {Kind: simulator.FaultStale},
	"a status of tomorrow":      {Kind: simulator.FaultStatus, Value: "HIBERNATING"},
	"not found":                 {Kind: simulator.FaultNotFound},
	"gateway code":              {Kind: simulator.FaultRefuse, Code: "APIG.0101", Status: http.StatusNotFound},
}

// A status that is not known, in the answer to any call of an action, ends no wait: the
// action does what it is to do. What else can go wrong with its calls is in the matrix of
// internal/matrix.
func TestActionsSeeAnUnknownStatus(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		action, before, after string
		calls                 []string // the operation, and how many calls of it are spared
	}{
		{startAction, "STOPPED", "RUNNING", []string{"StartNotebook 0", "ShowNotebook 0", "ShowNotebook 1", "ShowNotebook 2"}},
		{stopAction, "RUNNING", "STOPPED", []string{"StopNotebook 0", "ShowNotebook 0", "ShowNotebook 1", "ShowNotebook 2"}},
		{restartAction, "RUNNING", "RUNNING", []string{"StopNotebook 0", "StartNotebook 0", "ShowNotebook 0", "ShowNotebook 1", "ShowNotebook 2", "ShowNotebook 3"}},
		{renewAction, "RUNNING", "RUNNING", []string{"RenewLease 0", "ShowNotebook 0", "ShowNotebook 1", "ShowNotebook 2"}},
	} {
		for _, call := range tc.calls {
			t.Run(tc.action+", "+call, func(t *testing.T) {
				t.Parallel()
				options := quickly
				options.StartTime, options.StopTime = 20*time.Millisecond, 20*time.Millisecond
				s := acctest.New(t, options)
				nb := made(t, s, nil)
				change(t, s, simulator.Drift{Status: &tc.before})
				with := given{"notebook_id": nb.ID}
				if tc.action == renewAction {
					with["lease"] = given{"duration": "8h"}
				}
				fault := simulator.Fault{Kind: simulator.FaultStatus, Value: "HIBERNATING"}
				if _, err := fmt.Sscan(call, &fault.Operation, &fault.Skip); err != nil {
					t.Fatal(err)
				}
				s.Inject(fault)
				_, found := s.Protocol(t, nil).Invoke(t.Context(), tc.action, with)
				if now := s.Only(t).Status; len(found) > 0 || now != tc.after {
					t.Errorf("the notebook is %s: %s", now, acctest.Said(found))
				}
				s.FaultsHit(t)
			})
		}
	}
}

// These tests need no Terraform. They have the names of those that do because they take
// too long for "make unit".

// A notebook is started, renewed, restarted, reached and stopped under each answer to an
// open question of the contract.
func TestAccActions_everyAnswer(t *testing.T) {
	t.Parallel()
	for _, question := range simulator.Questions() {
		t.Run(question.ID, func(t *testing.T) {
			t.Parallel()
			options := quickly
			options.Answers = []string{question.ID}
			s := acctest.New(t, options)
			nb := made(t, s, withSSH)
			acctest.Eventually(t, "the notebook can be read", func() bool { // its create waits for that
				_, err := s.Client(t).ShowNotebook(t.Context(), nb.ID)
				return err == nil
			})
			p := s.Protocol(t, nil)
			for _, step := range []struct {
				action, after string
				with          given
			}{
				{stopAction, "STOPPED", nil},
				{stopAction, "STOPPED", nil},
				{startAction, "RUNNING", given{"lease": given{"duration": "3h"}}},
				{startAction, "RUNNING", nil},
				{renewAction, "RUNNING", given{"lease": given{"duration": "8h"}}},
				{restartAction, "RUNNING", nil},
			} {
				with := given{"notebook_id": nb.ID}
				maps.Copy(with, step.with)
				if _, found := p.Invoke(t.Context(), step.action, with); len(found) > 0 {
					t.Errorf("%s: %s", step.action, acctest.Said(found))
				}
				if now := s.Only(t).Status; now != step.after {
					t.Errorf("%s: the notebook is %s", step.action, now)
				}
			}
			got, found := p.Open(accessName, given{"notebook_id": nb.ID})
			if len(found) > 0 || got["token"] != s.Only(t).Token || got["ssh.host"] == "" || got["link"] == "" {
				t.Errorf("the access is %v: %s", got, acctest.Said(found))
			}
			// None of the renewal is cut by the restart.
			if lease := s.Only(t).Lease; time.Until(lease.Since)+time.Duration(lease.Duration)*time.Millisecond < 7*time.Hour {
				t.Errorf("the lease is %+v", lease)
			}
		})
	}
}

// An access meets each fault once: it opens, or its error names the way out of a destroy
// that meets it, too.
func TestAccNotebookAccess_everyFault(t *testing.T) {
	t.Parallel()
	for name, fault := range actionFaults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			nb := made(t, s, withSSH)
			fault.Operation = "ShowNotebook"
			s.Inject(fault)
			got, found := s.Protocol(t, nil).Open(accessName, given{"notebook_id": nb.ID})
			text := acctest.Said(found)
			if strings.Contains(text, s.Only(t).Token) {
				t.Errorf("the token is in %q", text)
			}
			switch {
			case len(found) == 0 && got["token"] != s.Only(t).Token && fault.Kind != simulator.FaultStale:
				t.Errorf("the access is %v", got)
			case len(found) > 0 && !strings.HasSuffix(text, diagnostics.WayOut):
				t.Errorf("it does not name the way out: %s", text)
			}
			s.FaultsHit(t)
		})
	}
}
