package simulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// TestRefusals checks the answers of the faults that refuse.
func TestRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		fault       simulator.Fault
		status      int
		contentType string
		members     object
		retryAfter  string
	}{
		"refuse":       {simulator.Fault{Kind: simulator.FaultRefuse}, 500, "application/json", object{"error_code": "ModelArts.6102"}, ""},
		"code":         {simulator.Fault{Kind: simulator.FaultRefuse, Code: "ModelArts.6333"}, 400, "application/json", object{"error_code": "ModelArts.6333"}, ""},
		"status":       {simulator.Fault{Kind: simulator.FaultRefuse, Code: "ModelArts.6309", Status: 400, Message: "m"}, 400, "application/json", object{"error_code": "ModelArts.6309", "error_msg": "m"}, ""},
		"gateway":      {simulator.Fault{Kind: simulator.FaultRefuse, Code: "APIG.0308", RetryAfter: "1"}, 429, "application/json", object{"error_code": "APIG.0308"}, "1"},
		"camel":        {simulator.Fault{Kind: simulator.FaultRefuse, Code: "APIG.0301", Shape: simulator.ShapeCamel}, 401, "application/json", object{"errorCode": "APIG.0301"}, ""},
		"plain":        {simulator.Fault{Kind: simulator.FaultRefuse, Code: "APIG.0301", Shape: simulator.ShapePlain}, 401, "application/json", object{"code": "APIG.0301"}, ""},
		"IAM":          {simulator.Fault{Kind: simulator.FaultRefuse, Status: 403, Shape: simulator.ShapeIAM, Message: "m"}, 403, "application/json", object{"error": object{"code": 403, "message": "m", "title": "Forbidden"}}, ""},
		"html":         {simulator.Fault{Kind: simulator.FaultHTML}, 502, "text/html", nil, ""},
		"html 504":     {simulator.Fault{Kind: simulator.FaultHTML, Status: 504}, 504, "text/html", nil, ""},
		"unavailable":  {simulator.Fault{Kind: simulator.FaultUnavailable, RetryAfter: "2"}, 503, "text/plain", nil, "2"},
		"timeout":      {simulator.Fault{Kind: simulator.FaultTimeout}, 408, "application/json", object{"error_code": "ModelArts.6100"}, ""},
		"throttle":     {simulator.Fault{Kind: simulator.FaultThrottle}, 429, "application/json", object{"error_code": "ModelArts.6101"}, ""},
		"Retry-After":  {simulator.Fault{Kind: simulator.FaultThrottle, RetryAfter: "7"}, 429, "application/json", object{"error_code": "ModelArts.6101"}, "7"},
		"unauthorized": {simulator.Fault{Kind: simulator.FaultUnauthorized}, 401, "application/json", object{"error_code": "APIG.0301"}, ""},
		"not found":    {simulator.Fault{Kind: simulator.FaultNotFound}, 400, "application/json", object{"error_code": "ModelArts.6309"}, ""},
	} {
		for _, after := range []bool{false, true} {
			c := newCaller(t, simulator.Options{})
			test.fault.Operation, test.fault.AfterEffect = "CreateNotebook", after
			c.sim.Inject(test.fault)
			got, err := c.send(c.signed("POST", c.path("notebooks"), vendorRequest()))
			if err != nil {
				t.Fatal(err)
			}
			equal(t, name, []any{got.StatusCode, got.Header.Get("Content-Type"), got.Header.Get("Retry-After")},
				[]any{test.status, test.contentType, test.retryAfter})
			for member, value := range test.members {
				equal(t, name+" "+member, got.members(t)[member], value)
			}
			made := 0
			if after && name != "not found" {
				made = 1
			}
			equal(t, name+": notebooks made", len(c.sim.Notebooks()), made)
			log := c.sim.Requests()
			equal(t, name+": logged", []any{log[0].FaultKind, log[0].Status}, []any{test.fault.Kind, test.status})
			c.create(nil)
		}
	}
}

// TestCuts checks the faults that spoil the connection or the body.
func TestCuts(t *testing.T) {
	for kind, made := range map[simulator.FaultKind]int{
		simulator.FaultCutBefore: 0, simulator.FaultCutAfter: 1, simulator.FaultTruncate: 1, simulator.FaultEmpty: 1,
	} {
		c := newCaller(t, simulator.Options{})
		c.sim.Inject(simulator.Fault{Kind: kind, Operation: "CreateNotebook"})
		got, err := c.send(c.signed("POST", c.path("notebooks"), vendorRequest()))
		switch kind {
		case simulator.FaultCutBefore, simulator.FaultCutAfter:
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s: error %v", kind, err)
			}
			equal(t, string(kind), c.sim.Requests()[0].Status, 0)
		case simulator.FaultTruncate:
			if err != nil || len(got.body) == 0 || json.Valid(got.body) {
				t.Errorf("%s: %v %q", kind, err, got.body)
			}
		case simulator.FaultEmpty:
			if err != nil || got.StatusCode != 200 || len(got.body) > 0 {
				t.Errorf("%s: %v %d %q", kind, err, got.StatusCode, got.body)
			}
		}
		equal(t, string(kind)+": notebooks made", len(c.sim.Notebooks()), made)
	}
}

func TestMatching(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	first, second := c.create(object{"name": "first"}), c.create(object{"name": "second"})
	show := func(id string) int { return c.call("GET", c.path("notebooks", id), nil).StatusCode }

	id := c.sim.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "ShowNotebook", Notebook: "second", Skip: 1, Count: 2})
	equal(t, "others", []int{show(first), c.call("GET", c.path("notebooks"), nil).StatusCode}, []int{200, 200})
	equal(t, "skip, then two", []int{show(second), show(second), show(second), show(second)}, []int{200, 500, 500, 200})
	equal(t, "hits", c.sim.Faults()[0].Hits, 2)
	equal(t, "removed", []bool{c.sim.RemoveFault(id), c.sim.RemoveFault(id)}, []bool{true, false})

	c.sim.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Notebook: first, Count: -1})
	equal(t, "all of one", []int{show(first), show(first), show(first), show(second)}, []int{500, 500, 500, 200})
	c.sim.ClearFaults()
	equal(t, "cleared", show(first), 200)

	c.sim.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "*", Count: -1, Probability: 0.5, Seed: 7})
	hits := 0
	for range 100 {
		if show(first) == 500 {
			hits++
		}
	}
	if hits < 30 || hits > 70 {
		t.Errorf("%d of 100 hit with a probability of 0.5", hits)
	}
	c.sim.ClearFaults()

	c.sim.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "KeystoneListProjects"})
	equal(t, "IAM", c.call("GET", "/v3/projects", nil).StatusCode, 500)
	c.sim.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "CreateNotebook", Notebook: "third"})
	c.create(nil)
	equal(t, "create by name", c.call("POST", c.path("notebooks"), with(object{"name": "third"})).StatusCode, 500)

	for _, f := range []simulator.Fault{
		{},
		{Kind: "x"},
		{Kind: simulator.FaultRefuse, Operation: "x"},
		{Kind: simulator.FaultCreateFailed, Step: 5},
		{Kind: simulator.FaultRefuse, Shape: "x"},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("the fault %+v was taken", f)
				}
			}()
			c.sim.Inject(f)
		}()
	}
}

func TestStaleReads(t *testing.T) {
	c := newCaller(t, slow())
	id := c.create(nil)
	stale := func(age time.Duration) {
		c.sim.Inject(simulator.Fault{Kind: simulator.FaultStale, Operation: "ShowNotebook", Age: age})
	}
	stale(0)
	c.refused("GET", c.path("notebooks", id), nil, 400, "ModelArts.6309")
	c.settle()
	stale(0)
	c.status(id, "CREATING")
	c.status(id, "RUNNING")
	c.ok("PUT", c.path("notebooks", id), object{"name": "new"})
	stale(0)
	equal(t, "before the change", c.show(id)["name"], "notebooks_test")
	stale(55 * time.Second)
	c.status(id, "CREATING")
	stale(2 * time.Minute)
	c.refused("GET", c.path("notebooks", id), nil, 400, "ModelArts.6309")

	c.sim.Inject(simulator.Fault{Kind: simulator.FaultStale, Operation: "ListNotebooks", Notebook: id})
	equal(t, "list", names(t, c.ok("GET", c.path("notebooks"), nil), "data", "name"), []string{"notebooks_test"})
	c.ok("DELETE", c.path("notebooks", id), nil)
	c.sim.Advance(2 * time.Second)
	stale(time.Second)
	c.status(id, "DELETING")
	c.refused("GET", c.path("notebooks", id), nil, 400, "ModelArts.6309")
}

func TestStatusOverride(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	id := c.create(object{"name": "first"})
	c.create(object{"name": "second"})
	c.sim.Inject(simulator.Fault{Kind: simulator.FaultStatus, Operation: "ShowNotebook", Value: "RECOVERING"})
	got, err := c.send(c.signed("GET", c.path("notebooks", id), nil))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "status", got.members(t)["status"], "RECOVERING")
	equal(t, "the rest", got.members(t)["name"], "first")
	c.status(id, "RUNNING")
	c.sim.Inject(simulator.Fault{Kind: simulator.FaultStatus, Operation: "ListNotebooks", Notebook: "second", Value: "ODD"})
	got, err = c.send(c.signed("GET", c.path("notebooks")+"?sort_key=name", nil))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "page", names(t, got.members(t), "data", "status"), []string{"ODD", "RUNNING"})
}

// TestDelay checks that a delay delays, that the request is in the log
// meanwhile, and that a client that leaves does not undo what it asked for.
func TestDelay(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	c.sim.Inject(simulator.Fault{Kind: simulator.FaultDelay, Delay: 50 * time.Millisecond})
	begin := time.Now()
	c.create(nil)
	if took := time.Since(begin); took < 50*time.Millisecond {
		t.Errorf("took %v", took)
	}

	for _, after := range []bool{false, true} {
		c.sim.ResetRequests()
		before := len(c.sim.Notebooks())
		c.sim.Inject(simulator.Fault{Kind: simulator.FaultDelay, Delay: time.Minute, AfterEffect: after})
		ctx, leave := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := c.send(c.signed("POST", c.path("notebooks"), vendorRequest()).WithContext(ctx))
			done <- err
		}()
		until(t, func() bool { return len(c.sim.Requests()) == 1 })
		equal(t, "unanswered", c.sim.Requests()[0].Status, 0)
		if after {
			until(t, func() bool { return len(c.sim.Notebooks()) == before+1 })
		} else {
			equal(t, "not made yet", len(c.sim.Notebooks()), before)
		}
		leave()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		until(t, func() bool { return len(c.sim.Notebooks()) == before+1 })
	}
}

// until waits for something that another goroutine does.
func until(t *testing.T, happened func() bool) {
	t.Helper()
	for begin := time.Now(); !happened(); time.Sleep(time.Millisecond) {
		if time.Since(begin) > 10*time.Second {
			t.Fatal("it did not happen")
		}
	}
}

func TestFailingLives(t *testing.T) {
	c := newCaller(t, slow())
	c.sim.Inject(simulator.Fault{Kind: simulator.FaultCreateFailed, Step: 2, Reason: "no node"})
	id := c.create(nil)
	c.sim.Advance(3 * time.Second)
	equal(t, "under way", c.progress(id), []string{"COMPLETED", "PROCESSING", "WAITING", "WAITING"})
	c.sim.Advance(time.Second)
	shown := c.show(id)
	equal(t, "failed", []any{shown["status"], shown["fail_reason"]}, []any{"CREATE_FAILED", "no node"})
	equal(t, "at step 2", c.progress(id), []string{"COMPLETED", "FAILED", "WAITING", "WAITING"})
	c.refused("POST", c.path("notebooks", id, "start"), nil, 400, "ModelArts.6357")
	c.ok("DELETE", c.path("notebooks", id), nil)

	id = c.stopped(nil)
	c.sim.Inject(simulator.Fault{Kind: simulator.FaultStartFailed})
	c.ok("POST", c.path("notebooks", id, "start"), nil)
	c.settle()
	shown = c.show(id)
	equal(t, "start", []any{shown["status"], shown["fail_reason"]}, []any{"START_FAILED", "Failed to initialize the instance."})
	c.refused("POST", c.path("notebooks", id, "start"), nil, 400, "ModelArts.6357")
	c.answers("start-failed-taken", "start-error-taken")
	c.ok("POST", c.path("notebooks", id, "start"), nil)
	c.settle()
	shown = c.show(id)
	equal(t, "next start", []any{shown["status"], shown["fail_reason"]}, []any{"RUNNING", nil})

	c.sim.Inject(simulator.Fault{Kind: simulator.FaultStopFailed, Reason: "stuck"})
	c.ok("POST", c.path("notebooks", id, "stop"), nil)
	c.settle()
	shown = c.show(id)
	equal(t, "stop", []any{shown["status"], shown["fail_reason"]}, []any{"ERROR", "stuck"})
	c.ok("POST", c.path("notebooks", id, "stop"), nil)
	c.settle()
	c.status(id, "STOPPED")

	c.sim.Inject(simulator.Fault{Kind: simulator.FaultDeleteFailed})
	c.ok("DELETE", c.path("notebooks", id), nil)
	c.settle()
	c.status(id, "DELETE_FAILED")
	c.ok("DELETE", c.path("notebooks", id), nil)
	c.settle()
	c.refused("GET", c.path("notebooks", id), nil, 400, "ModelArts.6309")
}

func TestFailingMountsAndImages(t *testing.T) {
	c := newCaller(t, slow())
	id := c.create(nil)
	c.settle()
	c.sim.Inject(simulator.Fault{Kind: simulator.FaultMountFailed, Reason: "no bucket"})
	c.sim.Inject(simulator.Fault{Kind: simulator.FaultUnmountFailed})
	mountID, _ := c.ok("POST", c.path("notebooks", id, "storage"), object{"category": "OBSFS", "mount_path": "/data/x/", "uri": "obs://b/"})["id"].(string)
	c.settle()
	mount := c.ok("GET", c.path("notebooks", id, "storage", mountID), nil)
	equal(t, "mount", []any{mount["status"], mount["failure_reason"]}, []any{"MOUNT_FAILED", "no bucket"})
	c.ok("DELETE", c.path("notebooks", id, "storage", mountID), nil)
	c.settle()
	equal(t, "unmount", c.ok("GET", c.path("notebooks", id, "storage", mountID), nil)["status"], "UNMOUNT_FAILED")
	c.ok("DELETE", c.path("notebooks", id, "storage", mountID), nil)
	c.settle()
	c.refused("GET", c.path("notebooks", id, "storage", mountID), nil, 400, "ModelArts.6404")

	c.sim.Inject(simulator.Fault{Kind: simulator.FaultSnapshotFailed, Reason: "too large"})
	imageID, _ := c.ok("POST", c.path("notebooks", id, "create-image"), object{"name": "a", "namespace": "b"})["id"].(string)
	c.settle()
	image := c.ok("GET", c.path("images", imageID), nil)
	equal(t, "image", []any{image["status"], image["status_message"]}, []any{"CREATE_FAILED", "too large"})
	c.status(id, "RUNNING")
}

func TestVanish(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	id := c.create(nil)
	c.sim.Inject(simulator.Fault{Kind: simulator.FaultVanish, Operation: "ShowNotebook", Skip: 1})
	c.status(id, "RUNNING")
	c.refused("GET", c.path("notebooks", id), nil, 400, "ModelArts.6309")
	equal(t, "gone", len(c.sim.Notebooks()), 0)
}
