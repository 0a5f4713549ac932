package lifecycle

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// actTest is an order for a notebook in a status, with two hours of its lease left.
type actTest struct {
	order   Order
	status  modelarts.Status
	options func(*options)
	setUp   func(*notebook)
	next    map[string][]fault
	always  func(op string) *fault
	limit   time.Duration
	calls   string
	final   modelarts.Status // of the notebook, when it has come to rest
	shown   modelarts.Status // to the caller; empty: nothing
	done    string
	owed    Owed
	err     string // a part of it
}

func (test *actTest) run(t *testing.T) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o := quick
		if test.options != nil {
			test.options(&o)
		}
		f := newFake(o, test.status)
		f.find("n").Lease.UpdateAt = new(time.Now().Add(-time.Hour).UnixMilli())
		if test.setUp != nil {
			test.setUp(f.find("n"))
			f.record(f.find("n"))
		}
		if test.next != nil {
			f.next = test.next
		}
		f.always = test.always
		limit := 10 * time.Minute
		if test.limit > 0 {
			limit = test.limit
		}
		r := f.instance().Act(f.limited(t, limit), test.order)
		if got := strings.Join(f.writes(), " | "); got != test.calls {
			t.Errorf("the calls are\n%s, want\n%s", got, test.calls)
		}
		if r.Shown == nil && test.shown != "" || r.Shown != nil && r.Shown.Status != test.shown {
			t.Errorf("shown is %+v, want %s", r.Shown, test.shown)
		}
		if got := strings.Join(r.Done, "; "); got != test.done {
			t.Errorf("done is %q, want %q", got, test.done)
		}
		if r.Owed != test.owed {
			t.Errorf("owed is %q, want %q", r.Owed, test.owed)
		}
		if test.err == "" && r.Err != nil || test.err != "" && (r.Err == nil || !strings.Contains(r.Err.Error(), test.err)) {
			t.Errorf("the error is %v, want %q", r.Err, test.err)
		}
		if n := f.rest(); n.Status != test.final {
			t.Errorf("it is %s, want %s", n.Status, test.final)
		}
	})
}

const (
	starting     = modelarts.StatusStarting
	stopping     = modelarts.StatusStopping
	snapshotting = modelarts.StatusSnapshotting
	createFailed = modelarts.StatusCreateFailed
)

func TestStartOrder(t *testing.T) {
	order := Order{Final: running, Lease: Lease{Type: "IDLE", Duration: new(4 * hour)}}
	hasty := order
	hasty.NoWait = true
	const start, started = "start 14400000 idle", "started the notebook"
	for name, test := range map[string]actTest{
		"of a stopped one":            {order: order, status: stopped, calls: start, final: running, shown: running, done: started},
		"with the service's lease":    {order: Order{Final: running}, status: stopped, calls: "start", final: running, shown: running, done: started},
		"without an automatic stop":   {order: Order{Final: running, Lease: Lease{Off: true}}, status: stopped, calls: "start -1", final: running, shown: running, done: started},
		"of a running one":            {order: order, status: running, final: running, shown: running},
		"of one that starts":          {order: order, status: starting, final: running, shown: running},
		"of one that stops":           {order: order, status: stopping, calls: start, final: running, shown: running, done: started},
		"of one that is saved":        {order: order, status: snapshotting, final: running, shown: running},
		"of one that is gone":         {order: order, status: deleted, final: deleted, err: "the notebook does not exist"},
		"of a failed one":             {order: order, status: failed, calls: start + ": 6357", final: failed, shown: failed, err: "the status is ERROR"},
		"of one that never came up":   {order: order, status: createFailed, calls: start + ": 6357", final: createFailed, shown: createFailed, err: "the status is CREATE_FAILED"},
		"of one that failed to start": {order: order, status: startFailed, options: func(o *options) { o.startFailedTaken = true }, calls: start, final: running, shown: running, done: started},
		"that fails":                  {order: order, status: stopped, options: func(o *options) { o.startsThatFail = 1 }, calls: start, final: startFailed, shown: startFailed, err: "starting the notebook: the status is START_FAILED: No node is left"},
		"that is refused":             {order: order, status: stopped, next: map[string][]fault{"StartNotebook": {{before: refuse("6360")}}}, calls: start + ": 6360", final: stopped, shown: stopped, err: "6360"},
		"whose answer is lost":        {order: order, status: stopped, next: map[string][]fault{"StartNotebook": {{after: noAnswer}}}, calls: start + ": no answer | " + start + ": 6357", final: running, shown: running, done: started},
		"that is throttled":           {order: order, status: stopped, next: map[string][]fault{"StartNotebook": {{before: throttled}, {before: throttled}}}, calls: start + ": 6101 | " + start + ": 6101 | " + start, final: running, shown: running, done: started},
		"while answers lag":           {order: order, status: stopped, always: lags(20 * time.Second), calls: start, final: running, shown: running, done: started},
		"that is cancelled":           {order: order, status: stopped, next: map[string][]fault{"StartNotebook": {{cancelAfter: true}}}, calls: start + ": no answer", final: running, shown: starting, err: "context canceled"},
		"that takes too long":         {order: order, status: stopped, limit: 10 * time.Second, calls: start, final: running, shown: starting, err: "gave up waiting after 10s; the last status seen was STARTING"},
		"after an old answer": {
			order: order, status: stopped, setUp: func(n *notebook) {
				n.Status = running
				n.past = append([]moment{{since: time.Now().Add(-time.Hour), shown: n.Notebook}}, n.past...)
				n.Status = stopped
			},
			next: map[string][]fault{"ShowNotebook": {{lag: time.Minute}}}, calls: start, final: running, shown: running, done: started,
		},
		"hastily":                        {order: hasty, status: stopped, calls: start, final: running, done: started},
		"hastily, of a running one":      {order: hasty, status: running, final: running},
		"hastily, of one that starts":    {order: hasty, status: starting, final: running},
		"hastily, of one that stops":     {order: hasty, status: stopping, calls: start, final: running, done: started},
		"hastily, of one that is gone":   {order: hasty, status: deleted, final: deleted, err: "the notebook does not exist"},
		"hastily, in spite of a refusal": {order: hasty, status: stopped, next: map[string][]fault{"StartNotebook": {{before: refuse("6357")}}}, calls: start + ": 6357 | " + start, final: running, done: started},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

func TestStopOrder(t *testing.T) {
	order, hasty := Order{Final: stopped}, Order{Final: stopped, NoWait: true}
	const done = "stopped the notebook"
	for name, test := range map[string]actTest{
		"of a running one":            {order: order, status: running, calls: "stop", final: stopped, shown: stopped, done: done},
		"of a stopped one":            {order: order, status: stopped, final: stopped, shown: stopped},
		"of one that stops":           {order: order, status: stopping, final: stopped, shown: stopped},
		"of one that starts":          {order: order, status: starting, calls: "stop", final: stopped, shown: stopped, done: done},
		"of one that is saved":        {order: order, status: snapshotting, calls: "stop", final: stopped, shown: stopped, done: done},
		"of one that failed to start": {order: order, status: startFailed, final: startFailed, shown: startFailed},
		"of a failed one":             {order: order, status: failed, final: failed, shown: failed},
		"of one that is gone":         {order: order, status: deleted, final: deleted, err: "the notebook does not exist"},
		"that fails":                  {order: order, status: running, options: func(o *options) { o.stopsThatFail = 1 }, calls: "stop", final: failed, shown: failed, err: "the status is ERROR"},
		"that is refused":             {order: order, status: running, next: map[string][]fault{"StopNotebook": {{before: forbidden}}}, calls: "stop: 0112", final: running, shown: running, err: "0112"},
		"whose answer is lost":        {order: order, status: running, next: map[string][]fault{"StopNotebook": {{after: noAnswer}}}, calls: "stop: no answer | stop: 6357", final: stopped, shown: stopped, done: done},
		"that is cancelled":           {order: order, status: running, next: map[string][]fault{"StopNotebook": {{cancelAfter: true}}}, calls: "stop: no answer", final: stopped, shown: stopping, err: "context canceled"},
		"while answers lag":           {order: order, status: running, always: lags(20 * time.Second), calls: "stop", final: stopped, shown: stopped, done: done},
		"hastily":                     {order: hasty, status: running, calls: "stop", final: stopped, done: done},
		"hastily, of one that stops":  {order: hasty, status: stopping, final: stopped},
		"hastily, of one that starts": {order: hasty, status: starting, calls: "stop", final: stopped, done: done},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

func TestRestartOrder(t *testing.T) {
	order := Order{Restart: true}
	asked := Order{Restart: true, Lease: Lease{Type: "TIMING", Duration: new(hour)}}
	// Two hours are left; none of that is cut, but for the milliseconds of the looks.
	const kept, done = "start 7199980 timing", "stopped the notebook; started the notebook"
	for name, test := range map[string]actTest{
		"of a running one":                     {order: order, status: running, calls: "stop | " + kept, final: running, shown: running, done: done},
		"with another lease":                   {order: asked, status: running, calls: "stop | start 3600000 timing", final: running, shown: running, done: done},
		"that switches the automatic stop off": {order: Order{Restart: true, Lease: Lease{Off: true}}, status: running, calls: "stop | start -1", final: running, shown: running, done: done},
		"without an automatic stop":            {order: order, status: running, setUp: func(n *notebook) { n.Lease.Enable = new(false) }, calls: "stop | start -1", final: running, shown: running, done: done},
		"of a stopped one":                     {order: asked, status: stopped, final: stopped, shown: stopped},
		"of one that stops":                    {order: order, status: stopping, final: stopped, shown: stopped},
		"of a failed one":                      {order: order, status: failed, final: failed, shown: failed},
		"of one that is gone":                  {order: order, status: deleted, final: deleted, err: "the notebook does not exist"},
		"whose stop is refused":                {order: order, status: running, next: map[string][]fault{"StopNotebook": {{before: forbidden}}}, calls: "stop: 0112", final: running, shown: running, err: "0112"},
		"whose stop fails":                     {order: order, status: running, options: func(o *options) { o.stopsThatFail = 1 }, calls: "stop", final: failed, shown: failed, owed: OwesStart, err: "the status is ERROR"},
		"whose start fails":                    {order: order, status: running, options: func(o *options) { o.startsThatFail = 1 }, calls: "stop | " + kept, final: startFailed, shown: startFailed, done: "stopped the notebook", owed: OwesStart, err: "START_FAILED"},
		"whose start is refused": {
			order: order, status: running, next: map[string][]fault{"StartNotebook": {{before: refuse("6360")}, {before: refuse("6360")}}},
			calls: "stop | " + kept + ": 6360 | " + kept + ": 6360", final: stopped, shown: stopped, done: "stopped the notebook", owed: OwesStart, err: "could not be brought back to RUNNING",
		},
		"whose start is refused once": {
			order: order, status: running, next: map[string][]fault{"StartNotebook": {{before: refuse("6360")}}},
			calls: "stop | " + kept + ": 6360 | " + kept, final: running, shown: running, done: "stopped the notebook; brought the notebook back to RUNNING", err: "6360",
		},
		"that is cancelled at the stop": {
			order: order, status: running, next: map[string][]fault{"StopNotebook": {{cancelAfter: true}}},
			calls: "stop: no answer | " + kept + ": 6357 | " + kept, final: running, shown: starting, done: "requested to bring the notebook back to RUNNING", owed: OwesStart, err: "context canceled",
		},
		"that is cancelled at the start": {
			order: order, status: running, next: map[string][]fault{"StartNotebook": {{cancelBefore: true}}},
			calls: "stop | " + kept + ": no answer | " + kept, final: running, shown: starting, done: "stopped the notebook; requested to bring the notebook back to RUNNING", owed: OwesStart, err: "context canceled",
		},
		"hastily": {order: Order{Restart: true, NoWait: true}, status: running, calls: "stop | " + kept, final: running, done: done},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

func TestRenewalOrder(t *testing.T) {
	order := func(kind string, hours int64) Order {
		return Order{Renew: true, Lease: Lease{Type: kind, Duration: new(hours * hour)}}
	}
	idle := func(n *notebook) { n.Lease.Type = new("IDLE") }
	byQuery := func(o *options) { o.renewalByQuery = true }
	const done = "renewed the lease"
	for name, test := range map[string]actTest{
		"for longer":                {order: order("TIMING", 8), status: running, calls: "renew 28800000 timing", final: running, shown: running, done: done},
		"in the type that it has":   {order: order("", 8), status: running, setUp: idle, calls: "renew 28800000 idle", final: running, shown: running, done: done},
		"for less than is left":     {order: order("", 1), status: running, calls: "renew 7199980 timing", final: running, shown: running, done: done},
		"of another type":           {order: order("IDLE", 4), status: running, calls: "renew 14400000 idle", final: running, shown: running, done: done},
		"of one that never stops":   {order: order("", 8), status: running, setUp: func(n *notebook) { n.Lease.Enable = new(false) }, final: running, shown: running},
		"of a stopped one":          {order: order("", 8), status: stopped, final: stopped, shown: stopped},
		"of one that starts":        {order: order("", 8), status: starting, calls: "renew 28800000 timing", final: running, shown: running, done: done},
		"of one that is gone":       {order: order("", 8), status: deleted, final: deleted, err: "the notebook does not exist"},
		"that is refused":           {order: order("", 8), status: running, next: map[string][]fault{"RenewLease": {{before: forbidden}}}, calls: "renew 28800000 timing: 0112", final: running, shown: running, err: "renewing the lease: "},
		"whose answer is lost":      {order: order("", 8), status: running, next: map[string][]fault{"RenewLease": {{after: noAnswer}}}, calls: "renew 28800000 timing: no answer | renew 28800000 timing", final: running, shown: running, done: done},
		"while answers lag":         {order: order("", 8), status: running, always: lags(20 * time.Second), calls: "renew 28800000 timing", final: running, shown: running, done: done},
		"by a query":                {order: order("", 8), status: running, options: byQuery, calls: "renew 28800000 timing", final: running, shown: running, done: done},
		"that the service ignores":  {order: order("IDLE", 8), status: running, options: byQuery, calls: "renew 28800000 idle", final: running, shown: running, done: done, err: ErrNotRenewed.Error()},
		"that no answer could tell": {order: order("IDLE", 8), status: running, setUp: func(n *notebook) { n.Lease.UpdateAt = nil }, options: byQuery, calls: "renew 28800000 idle", final: running, shown: running, done: done},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

// An order tells of each status and of each step of a start, once.
func TestOrderTellsOfItsSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := quick
		o.stop = 4 * time.Second
		f := newFake(o, running)
		step := func(n *notebook, number int, text string) {
			at := int64(number)
			n.ActionProgress = []modelarts.JobProgress{{Step: &at, Status: new("PROCESSING"), Description: &text}}
			f.record(n)
		}
		go func() {
			time.Sleep(8 * time.Second)
			f.mu.Lock()
			step(f.find("n"), 2, "prepare compute resources")
			f.mu.Unlock()
			time.Sleep(5 * time.Second)
			f.mu.Lock()
			step(f.find("n"), 3, "configure the network")
			f.mu.Unlock()
		}()
		i := f.instance()
		var told []string
		i.Progress = func(now string) { told = append(told, now) }
		if r := i.Act(f.limited(t, 10*time.Minute), Order{Restart: true}); r.Err != nil {
			t.Fatal(r.Err)
		}
		want := []string{
			"STOPPING", "STOPPED", "STARTING", "STARTING, step 2 of 4: prepare compute resources", "STARTING, step 3 of 4: configure the network", "RUNNING",
		}
		if !slices.Equal(told, want) {
			t.Errorf("it tells\n%s, want\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
		}
	})
}

// Whatever answer is lost, late or refused, an order for a notebook ends within its time,
// and a restart leaves no notebook stopped without saying so.
func TestRestartOrderOwesWhatItHasStopped(t *testing.T) {
	for op, faults := range map[string][]fault{
		"StopNotebook":  {{before: noAnswer}, {after: noAnswer}, {before: internalError}, {before: throttled}, {cancelBefore: true}, {cancelAfter: true}, {before: refuse("6357")}},
		"StartNotebook": {{before: noAnswer}, {after: noAnswer}, {before: internalError}, {before: throttled}, {cancelBefore: true}, {cancelAfter: true}, {before: refuse("6357")}, {before: forbidden}},
		"ShowNotebook":  {{before: noAnswer}, {before: internalError}, {before: throttled}, {cancelBefore: true}, {cancelAfter: true}, {before: refuse("6357")}},
	} {
		for n, wrong := range faults {
			for after := range 4 {
				synctest.Test(t, func(t *testing.T) {
					f := newFake(quick, running)
					f.next[op] = append(make([]fault, after), wrong)
					r := f.instance().Act(f.limited(t, 10*time.Minute), Order{Restart: true})
					now := f.rest()
					if now.Status != running && (r.Err == nil || r.Owed != OwesStart) {
						t.Errorf("%s, fault %d after %d calls: it is %s; the error is %v, owed is %q", op, n, after, now.Status, r.Err, r.Owed)
					}
					if r.Err != nil && errors.Is(r.Err, ErrNoNotebook) {
						t.Errorf("%s, fault %d after %d calls: %v", op, n, after, r.Err)
					}
				})
			}
		}
	}
}
