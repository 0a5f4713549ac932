package notebook_test

import (
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

// meeting is an action that meets a fault at a call.
type meeting struct{ action, operation, before, after string }

// These tests need no Terraform. They have the names of those that do because they take
// too long for "make unit".

// Each action meets each fault at each of its calls. Either it does what it is to do, or it
// says so in an error, after which it can be done again; a restart that leaves the notebook
// stopped says how to start it.
func TestAccActions_everyFault(t *testing.T) {
	t.Parallel()
	for _, m := range []meeting{
		{startAction, "StartNotebook", "STOPPED", "RUNNING"},
		{startAction, "ShowNotebook", "STOPPED", "RUNNING"},
		{stopAction, "StopNotebook", "RUNNING", "STOPPED"},
		{stopAction, "ShowNotebook", "RUNNING", "STOPPED"},
		{restartAction, "StopNotebook", "RUNNING", "RUNNING"},
		{restartAction, "StartNotebook", "RUNNING", "RUNNING"},
		{restartAction, "ShowNotebook", "RUNNING", "RUNNING"},
		{renewAction, "RenewLease", "RUNNING", "RUNNING"},
		{renewAction, "ShowNotebook", "RUNNING", "RUNNING"},
	} {
		for name, fault := range actionFaults {
			t.Run(strings.Join([]string{m.action, m.operation, name}, "/"), func(t *testing.T) {
				t.Parallel()
				if fault.Operation = m.operation; fault.Operation == "ShowNotebook" {
					fault.Skip = 1 // the look for its workspace
				}
				m.meet(t, fault)
			})
		}
	}
}

func (m meeting) meet(t *testing.T, fault simulator.Fault) {
	t.Helper()
	options := quickly
	options.StartTime, options.StopTime = 20*time.Millisecond, 20*time.Millisecond
	s := acctest.New(t, options)
	nb := made(t, s, nil)
	change(t, s, simulator.Drift{Status: &m.before})
	p := s.Protocol(t, nil)
	with := given{"notebook_id": nb.ID}
	if m.action == renewAction {
		with["lease"] = given{"duration": "8h"}
	}
	s.ResetRequests()
	s.Inject(fault)
	_, found := p.Invoke(t.Context(), m.action, with)
	first := acctest.Said(found)
	if !strings.Contains(first, "ERROR") {
		if now := s.Only(t).Status; now != m.after {
			t.Errorf("it ends well, and the notebook is %s: %s", now, first)
		}
		return
	}
	s.ClearFaults()
	again := m.action
	if s.Only(t).Status == "STOPPED" && m.action == restartAction {
		if !strings.Contains(first, "start it with the action modelarts_notebook_start") {
			t.Errorf("the notebook is stopped, and it says %s", first)
		}
		again = startAction
	}
	if _, found := p.Invoke(t.Context(), again, with); strings.Contains(acctest.Said(found), "ERROR") {
		t.Errorf("it cannot be done again: %s\nafter %s", acctest.Said(found), first)
	}
	becomes(t, s, nb.ID, m.after)
}

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
