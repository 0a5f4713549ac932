package lifecycle

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

const (
	running     = modelarts.StatusRunning
	stopped     = modelarts.StatusStopped
	startFailed = modelarts.StatusStartFailed
	frozen      = modelarts.StatusFrozen
	failed      = modelarts.StatusError
	deleted     = modelarts.StatusDeleted
)

// part is a part of a wish.
type part func(*Wish)

func wish(parts ...part) Wish {
	var w Wish
	for _, p := range parts {
		p(&w)
	}
	return w
}

// rename is a change that any state allows.
func rename(w *Wish) {
	w.Changes = append(w.Changes, Change{Argument: "name", AnyState: true, Write: func(r *modelarts.NotebookUpdateRequest) { r.Name = new("new") }})
}

// describe is another one.
func describe(w *Wish) {
	w.Changes = append(w.Changes, Change{Argument: "description", AnyState: true, Write: func(r *modelarts.NotebookUpdateRequest) { r.Description = new("new") }})
}

// reflavor is a change that wants a stop.
func reflavor(w *Wish) {
	w.Changes = append(w.Changes, Change{Argument: "flavor", Write: func(r *modelarts.NotebookUpdateRequest) { r.Flavor = new("large") }})
}

// reimage is another one.
func reimage(w *Wish) {
	w.Changes = append(w.Changes, Change{Argument: "image_id", Write: func(r *modelarts.NotebookUpdateRequest) { r.ImageID = new("other") }})
}

func growth(w *Wish) { w.Growth = &Growth{Argument: "volume.capacity", GB: 20} }

func retag(w *Wish) {
	w.Tags = TagChange{Arguments: []string{"tags", "tags_all"}, Set: []modelarts.Tag{{Key: "team", Value: new("vision")}}, Remove: []modelarts.Tag{{Key: "old"}}}
}

func settag(w *Wish) {
	w.Tags = TagChange{Arguments: []string{"tags"}, Set: []modelarts.Tag{{Key: "team", Value: new("vision")}}}
}

// lease8h is a lease of eight hours that the configuration has, and that changes.
func lease8h(w *Wish) {
	kept(w)
	w.Lease.Renew = true
}

// kept is a lease of eight hours that the configuration has, and that does not change.
func kept(w *Wish) {
	w.Lease = LeaseChange{Argument: "lease", Lease: Lease{Type: "TIMING", Duration: new(8 * hour)}, Managed: true}
}

func leaseOff(w *Wish) {
	w.Lease = LeaseChange{Argument: "lease", Lease: Lease{Off: true}, Renew: true, SwitchOff: true, Managed: true}
}

func ends(status modelarts.Status) part { return func(w *Wish) { w.Final = status } }

func consent(w *Wish) { w.MayStop = true }

func owed(what Owed) part { return func(w *Wish) { w.Owed = what } }

// words splits what a table says in one line.
func words(line string) []string {
	if line == "" {
		return nil
	}
	return strings.Split(line, " | ")
}

// The starts and renewals of notebooks whose lease has two hours left.
const (
	start2h = "start 7199980 timing"
	again   = "start 28800000 timing"
)

// Each path through the table at the head of update.go.
func TestUpdateCallsWhatTheTableSays(t *testing.T) {
	const noConsent = "the notebook is running, the service accepts this change only while it is stopped, and allow_stopping_for_update is not true: set it, or stop the notebook first"
	const nothing = ".\n\nNothing was changed"
	for name, test := range map[string]struct {
		status  modelarts.Status
		options func(*options)
		faults  map[int]fault
		next    map[string][]fault
		wish    Wish
		calls   string
		applied string
		owed    Owed
		final   modelarts.Status
		err     string
	}{
		"nothing to do":                      {status: running, final: running},
		"a new name of a running one":        {status: running, wish: wish(rename, describe), calls: "PUT description name", applied: "name | description", final: running},
		"nothing to do, while it is created": {status: modelarts.StatusCreating, final: running},
		"what a create has left":             {status: modelarts.StatusCreating, wish: wish(settag, ends(stopped)), calls: "tag team | stop", applied: "tags", final: stopped},
		"what a create has left that fails": {
			status: modelarts.StatusCreating, options: func(o *options) { o.createFails = true }, wish: wish(settag, ends(stopped)), final: modelarts.StatusCreateFailed,
			err: "the creation of the notebook n failed, and the next apply replaces it: the status is CREATE_FAILED: No node is left" + nothing,
		},
		"a new name of a stopped one": {status: stopped, wish: wish(rename), calls: "PUT name", applied: "name", final: stopped},
		"a new name, refused while it runs, with consent": {
			status: running, options: func(o *options) { o.anyRefusedRunning = true }, wish: wish(rename, kept, consent),
			calls: "PUT name: 6347 | stop | PUT name | " + again, applied: "name", final: running,
		},
		"a new name, refused while it runs, without consent": {
			status: running, options: func(o *options) { o.anyRefusedRunning = true }, wish: wish(rename),
			calls: "PUT name: 6347", final: running, err: noConsent + nothing,
		},
		"a new name, refused while it is stopped": {
			status: stopped, options: func(o *options) { o.anyRefusedStopped = true }, wish: wish(rename, kept),
			calls: "PUT name: 6347 | " + again + " | PUT name | stop", applied: "name", final: stopped,
		},
		"a new name, refused in both states, of a stopped one": {
			status: stopped, options: func(o *options) { o.anyRefusedStopped, o.anyRefusedRunning = true, true }, wish: wish(rename, kept),
			calls: "PUT name: 6347 | " + again + " | PUT name: 6347 | stop", final: stopped,
			err: "changing name: UpdateNotebook: ModelArts.6347: Bad Request (HTTP 400).\n\nDone so far: started the notebook; brought the notebook back to STOPPED. The next apply makes the remaining changes",
		},
		"a new name, refused in both states, of a running one": {
			status: running, options: func(o *options) { o.anyRefusedStopped, o.anyRefusedRunning = true, true }, wish: wish(rename, kept, consent),
			calls: "PUT name: 6347 | stop | PUT name: 6347 | " + again + " | PUT name: 6347", final: running,
			err: "changing name: UpdateNotebook: ModelArts.6347: Bad Request (HTTP 400).\n\nDone so far: stopped the notebook; started the notebook. The next apply makes the remaining changes",
		},
		"a flavor with consent": {
			status: running, wish: wish(reflavor, kept, consent), calls: "stop | PUT flavor | " + again, applied: "flavor", final: running,
		},
		"a flavor without consent": {status: running, wish: wish(reflavor), final: running, err: noConsent + nothing},
		"a name and a flavor without consent": {
			status: running, wish: wish(rename, reflavor), calls: "PUT name", applied: "name", final: running,
			err: noConsent + ".\n\nDone so far: changed name. The next apply makes the remaining changes",
		},
		"a flavor of a stopped one": {status: stopped, wish: wish(reflavor, reimage), calls: "PUT flavor image_id", applied: "flavor | image_id", final: stopped},
		"what was refused goes with what wants a stop, in one request": {
			status: running, options: func(o *options) { o.anyRefusedRunning = true }, wish: wish(rename, describe, reflavor, kept, consent),
			calls: "PUT description name: 6347 | stop | PUT description flavor name | " + again, applied: "flavor | name | description", final: running,
		},
		"a name and a flavor of a stopped one, the name refused": {
			status: stopped, options: func(o *options) { o.anyRefusedStopped = true }, wish: wish(rename, describe, reflavor, kept),
			calls:   "PUT description flavor name: 6347 | PUT flavor | " + again + " | PUT description name | stop",
			applied: "flavor | name | description", final: stopped,
		},
		"a name and a flavor of a stopped one, the name refused, to run": {
			status: stopped, options: func(o *options) { o.anyRefusedStopped = true }, wish: wish(rename, reflavor, kept, ends(running)),
			calls: "PUT flavor name: 6347 | PUT flavor | " + again + " | PUT name", applied: "flavor | name", final: running,
		},
		"a name and a flavor of a stopped one, the name refused in both states": {
			status: stopped, options: func(o *options) { o.anyRefusedStopped, o.anyRefusedRunning = true, true }, wish: wish(rename, reflavor, kept),
			calls: "PUT flavor name: 6347 | PUT flavor | " + again + " | PUT name: 6347 | stop", applied: "flavor", final: stopped,
			err: "changing name: UpdateNotebook: ModelArts.6347: Bad Request (HTTP 400).\n\nDone so far: changed flavor; started the notebook; brought the notebook back to STOPPED. The next apply makes the remaining changes",
		},
		"a name and a flavor of a running one, the name refused in both states": {
			status: running, options: func(o *options) { o.anyRefusedStopped, o.anyRefusedRunning = true, true }, wish: wish(rename, reflavor, kept, consent),
			calls: "PUT name: 6347 | stop | PUT flavor name: 6347 | PUT flavor | " + again + " | PUT name: 6347", applied: "flavor", final: running,
			err: "changing name: UpdateNotebook: ModelArts.6347: Bad Request (HTTP 400).\n\nDone so far: stopped the notebook; changed flavor; started the notebook. The next apply makes the remaining changes",
		},
		"a name and a flavor of a stopped one, the flavor refused": {
			status: stopped, options: func(o *options) { o.stopRefusedStopped, o.stopTakenRunning = true, true }, wish: wish(rename, reflavor, kept),
			calls: "PUT flavor name: 6347 | PUT flavor: 6347 | " + again + " | PUT name | PUT flavor | stop", applied: "name | flavor", final: stopped,
		},
		"a name, a flavor and growth of a stopped one, name and growth refused": {
			status: stopped, options: func(o *options) { o.anyRefusedStopped, o.growRefusedStopped = true, true }, wish: wish(rename, reflavor, growth, kept),
			calls:   "PUT flavor name: 6347 | PUT flavor | PUT disk 20: 6347 | " + again + " | PUT name | PUT disk 20 | stop",
			applied: "flavor | name | volume.capacity", final: stopped,
		},
		"all of a stopped one goes in one request": {status: stopped, wish: wish(rename, reflavor), calls: "PUT flavor name", applied: "flavor | name", final: stopped},
		"growth of a running one":                  {status: running, wish: wish(growth), calls: "PUT disk 20", applied: "volume.capacity", final: running},
		"growth of a stopped one":                  {status: stopped, wish: wish(growth), calls: "PUT disk 20", applied: "volume.capacity", final: stopped},
		"growth, refused while it is stopped": {
			status: stopped, options: func(o *options) { o.growRefusedStopped = true }, wish: wish(growth, kept),
			calls: "PUT disk 20: 6347 | " + again + " | PUT disk 20 | stop", applied: "volume.capacity", final: stopped,
		},
		"growth, refused while it runs, with consent": {
			status: running, options: func(o *options) { o.growRefusedRunning = true }, wish: wish(growth, kept, consent),
			calls: "PUT disk 20: 6347 | stop | PUT disk 20 | " + again, applied: "volume.capacity", final: running,
		},
		"growth, refused while it runs, without consent": {
			status: running, options: func(o *options) { o.growRefusedRunning = true }, wish: wish(growth),
			calls: "PUT disk 20: 6347", final: running, err: noConsent + nothing,
		},
		"growth and a flavor of a stopped one, the growth refused": {
			status: stopped, options: func(o *options) { o.growRefusedStopped = true }, wish: wish(reflavor, growth, kept),
			calls: "PUT flavor | PUT disk 20: 6347 | " + again + " | PUT disk 20 | stop", applied: "flavor | volume.capacity", final: stopped,
		},
		"growth and a flavor of a running one": {
			status: running, wish: wish(reflavor, growth, kept, consent),
			calls: "PUT disk 20 | stop | PUT flavor | " + again, applied: "volume.capacity | flavor", final: running,
		},
		"growth and a flavor of a running one, the growth refused in both states": {
			status: running, options: func(o *options) { o.growRefusedStopped, o.growRefusedRunning = true, true }, wish: wish(reflavor, growth, kept, consent),
			calls:   "PUT disk 20: 6347 | stop | PUT flavor | PUT disk 20: 6347 | " + again + " | PUT disk 20: 6347",
			applied: "flavor", final: running,
			err: "growing the disk to 20 GB: UpdateNotebook: ModelArts.6347: Bad Request (HTTP 400).\n\nDone so far: stopped the notebook; changed flavor; started the notebook. The next apply makes the remaining changes",
		},
		"tags of a running one":    {status: running, wish: wish(retag), calls: "untag old | tag team", applied: "tags | tags_all", final: running},
		"tags of a frozen one":     {status: frozen, wish: wish(retag), calls: "untag old | tag team", applied: "tags | tags_all", final: frozen},
		"tags of a failed one":     {status: failed, wish: wish(settag), calls: "tag team", applied: "tags", final: failed},
		"tags and a name":          {status: stopped, wish: wish(settag, rename), calls: "tag team | PUT name", applied: "tags | name", final: stopped},
		"tags that cannot be set":  {status: running, faults: map[int]fault{3: {before: refuse("6336")}}, wish: wish(retag, rename), calls: "untag old | tag team: 6336", final: running, err: "setting tags: CreateNotebookTags: ModelArts.6336: Bad Request (HTTP 400).\n\nDone so far: removed tags. The next apply makes the remaining changes"},
		"tags that cannot be lost": {status: running, faults: map[int]fault{2: {before: refuse("6336")}}, wish: wish(retag, rename), calls: "untag old: 6336", final: running, err: "removing tags: DeleteNotebookTags: ModelArts.6336: Bad Request (HTTP 400)" + nothing},

		"a lease of a running one":                 {status: running, wish: wish(lease8h), calls: "renew 28800000 timing", applied: "lease", final: running},
		"a lease of a stopped one":                 {status: stopped, wish: wish(lease8h), applied: "lease", final: stopped},
		"a lease that a start gives":               {status: stopped, wish: wish(lease8h, ends(running)), calls: again, applied: "lease", final: running},
		"a lease that a restart gives":             {status: running, wish: wish(lease8h, reflavor, consent), calls: "stop | PUT flavor | " + again, applied: "flavor | lease", final: running},
		"a lease of one that is to stop":           {status: running, wish: wish(lease8h, ends(stopped)), calls: "stop", applied: "lease", final: stopped},
		"a lease that cannot be renewed":           {status: running, faults: map[int]fault{3: {before: refuse("6349")}}, wish: wish(lease8h, rename), calls: "PUT name | renew 28800000 timing: 6349", applied: "name", final: running, err: "renewing the lease: RenewLease: ModelArts.6349: Bad Request (HTTP 400).\n\nDone so far: changed name. The next apply makes the remaining changes"},
		"a lease switched off with consent":        {status: running, wish: wish(leaseOff, consent), calls: "stop | start -1", applied: "lease", final: running},
		"a lease switched off without":             {status: running, wish: wish(leaseOff), final: running, err: noConsent + nothing},
		"a lease switched off while it is stopped": {status: stopped, wish: wish(leaseOff), applied: "lease", final: stopped},
		"a lease switched off at a start":          {status: stopped, wish: wish(leaseOff, ends(running)), calls: "start -1", applied: "lease", final: running},
		"a restart keeps what is left of a lease that is not managed": {
			status: running, wish: wish(reflavor, consent), calls: "stop | PUT flavor | " + start2h, applied: "flavor", final: running,
		},

		"a start":                   {status: stopped, wish: wish(kept, ends(running)), calls: again, final: running},
		"a stop":                    {status: running, wish: wish(ends(stopped)), calls: "stop", final: stopped},
		"a stop needs no consent":   {status: running, wish: wish(reflavor, ends(stopped)), calls: "stop | PUT flavor", applied: "flavor", final: stopped},
		"a start of a running one":  {status: running, wish: wish(ends(running)), final: running},
		"a stop of a stopped one":   {status: stopped, wish: wish(ends(stopped)), final: stopped},
		"a change before the start": {status: stopped, wish: wish(rename, reflavor, kept, ends(running)), calls: "PUT flavor name | " + again, applied: "flavor | name", final: running},
		"a change that wants a start before the stop": {
			status: running, options: func(o *options) { o.anyRefusedStopped, o.growRefusedStopped = true, true }, wish: wish(rename, growth, reflavor, ends(stopped)),
			calls: "PUT name | PUT disk 20 | stop | PUT flavor", applied: "name | volume.capacity | flavor", final: stopped,
		},
		"a change that is refused before the start to be kept": {
			status: stopped, options: func(o *options) { o.anyRefusedStopped = true }, wish: wish(rename, kept, ends(running)),
			calls: "PUT name: 6347 | " + again + " | PUT name", applied: "name", final: running,
		},
		"a change that is refused for good stops nothing": {
			status: running, faults: map[int]fault{2: {before: refuse("6334")}}, wish: wish(rename, reflavor, consent),
			calls: "PUT name: 6334", final: running, err: "changing name: UpdateNotebook: ModelArts.6334: Bad Request (HTTP 400)" + nothing,
		},
		"a change that is refused for good is followed by a start": {
			status: running, options: func(o *options) { o.stopRefusedStopped = true; o.refusal = "6792" }, wish: wish(reflavor, kept, consent),
			calls: "stop | PUT flavor: 6792 | " + again, final: running,
			err: "changing flavor: UpdateNotebook: ModelArts.6792: Bad Request (HTTP 400).\n\nDone so far: stopped the notebook; brought the notebook back to RUNNING. The next apply makes the remaining changes",
		},
		"the start fails": {
			status: running, options: func(o *options) { o.startsThatFail = 1 }, wish: wish(reflavor, kept, consent),
			calls: "stop | PUT flavor | " + again, applied: "flavor", owed: OwesStart, final: startFailed,
			err: "starting the notebook: the status is START_FAILED: No node is left.\n\nDone so far: stopped the notebook; changed flavor. The next apply makes the remaining changes. The notebook was RUNNING and is START_FAILED now; the next apply starts it again",
		},
		"the start for a change fails": {
			status: stopped, options: func(o *options) { o.anyRefusedStopped, o.startsThatFail = true, 1 }, wish: wish(rename, kept),
			calls: "PUT name: 6347 | " + again, owed: OwesRetry, final: startFailed,
			err: "starting the notebook: the status is START_FAILED: No node is left.\n\nNo argument was changed. The notebook was STOPPED and is START_FAILED now",
		},
		"the stop fails": {
			status: running, options: func(o *options) { o.stopsThatFail = 1 }, wish: wish(reflavor, kept, consent),
			calls: "stop", owed: OwesStart, final: failed,
			err: "stopping the notebook: the status is ERROR: The node does not answer.\n\nNo argument was changed. The notebook was RUNNING and is ERROR now",
		},
		"the start is refused, and taken when it is tried again": {
			status: running, next: map[string][]fault{"StartNotebook": {{before: refuse("6360")}}}, wish: wish(reflavor, kept, consent),
			calls: "stop | PUT flavor | " + again + ": 6360 | " + again, applied: "flavor", final: running,
			err: "starting the notebook: StartNotebook: ModelArts.6360: Bad Request (HTTP 400).\n\nDone so far: stopped the notebook; changed flavor; brought the notebook back to RUNNING. The next apply makes the remaining changes",
		},
		"the start is refused": {
			status: running, next: map[string][]fault{"StartNotebook": {{before: refuse("6360")}, {before: refuse("6360")}}}, wish: wish(reflavor, kept, consent),
			calls: "stop | PUT flavor | " + again + ": 6360 | " + again + ": 6360", applied: "flavor", owed: OwesStart, final: stopped,
			err: "starting the notebook: StartNotebook: ModelArts.6360: Bad Request (HTTP 400)\nand the notebook could not be brought back to RUNNING: StartNotebook: ModelArts.6360: Bad Request (HTTP 400).\n\nDone so far: stopped the notebook; changed flavor. The next apply makes the remaining changes. The notebook was RUNNING and is STOPPED now; the next apply starts it again",
		},
		"the stop after a change is refused": {
			status: stopped, options: func(o *options) { o.anyRefusedStopped = true }, next: map[string][]fault{"StopNotebook": {{before: refuse("0112")}, {before: refuse("0112")}}}, wish: wish(rename, kept),
			calls: "PUT name: 6347 | " + again + " | PUT name | stop: 0112 | stop: 0112", applied: "name", owed: OwesStop, final: running,
			err: "stopping the notebook: StopNotebook: ModelArts.0112: Bad Request (HTTP 400)\nand the notebook could not be brought back to STOPPED: StopNotebook: ModelArts.0112: Bad Request (HTTP 400).\n\nDone so far: started the notebook; changed name. The next apply makes the remaining changes. The notebook was STOPPED and is RUNNING now; the next apply stops it again",
		},
		"a busy notebook is asked again": {
			status: running, next: map[string][]fault{
				"UpdateNotebook": {{before: refuse("6357")}, {before: refuse("6355")}, {before: throttled}, {before: internalError}, {before: noAnswer}, {before: notSent}},
			}, wish: wish(rename),
			calls: "PUT name: 6357 | PUT name: 6355 | PUT name: 6101 | PUT name: 500 | PUT name: no answer | PUT name: no answer | PUT name", applied: "name", final: running,
		},
		"a change that fails five times in a way that tells nothing is given up": {
			status: running, next: map[string][]fault{
				"UpdateNotebook": {{before: internalError}, {before: internalError}, {before: internalError}, {before: internalError}, {before: internalError}},
			}, wish: wish(rename),
			calls: "PUT name: 500 | PUT name: 500 | PUT name: 500 | PUT name: 500 | PUT name: 500", final: running,
			err: "changing name: UpdateNotebook: Internal Server Error (HTTP 500)" + nothing,
		},
		"a notebook that is busy for a while": {
			status: running, next: map[string][]fault{
				"UpdateNotebook": {{before: refuse("6357")}, {before: refuse("6357")}, {before: refuse("6306")}},
			}, wish: wish(rename), applied: "name",
			calls: "PUT name: 6357 | PUT name: 6357 | PUT name: 6306 | PUT name", final: running,
		},
		"a notebook that stays busy is given up": {
			status: running, next: map[string][]fault{"UpdateNotebook": repeat(fault{before: refuse("6357")}, 20)}, wish: wish(rename),
			calls: strings.Repeat("PUT name: 6357 | ", 9) + "PUT name: 6357", final: running,
			err: "changing name: UpdateNotebook: ModelArts.6357: Bad Request (HTTP 400)" + nothing,
		},

		"a change after a failed start": {
			status: startFailed, wish: wish(reflavor), calls: "PUT flavor: 6347", final: startFailed,
			err: `the notebook is START_FAILED, and the service takes no change in that state (desired_status = "RUNNING" starts it first): changing flavor: UpdateNotebook: ModelArts.6347: Bad Request (HTTP 400)` + nothing,
		},
		"growth after a failed start": {
			status: startFailed, wish: wish(growth), calls: "PUT disk 20: 6347", final: startFailed,
			err: `the notebook is START_FAILED, and the service takes no change in that state (desired_status = "RUNNING" starts it first): growing the disk to 20 GB: UpdateNotebook: ModelArts.6347: Bad Request (HTTP 400)` + nothing,
		},
		"a change after a failed start, to run, taken at once": {
			status: startFailed, options: func(o *options) { o.failedTakesChanges, o.startFailedTaken = true, true }, wish: wish(reflavor, kept, ends(running)),
			calls: "PUT flavor | " + again, applied: "flavor", final: running,
		},
		"a change after a failed start, to run": {
			status: startFailed, options: func(o *options) { o.startFailedTaken = true }, wish: wish(rename, reflavor, kept, ends(running), consent),
			calls:   "PUT flavor name: 6347 | PUT flavor: 6347 | " + again + " | PUT name | PUT flavor: 6347 | stop | PUT flavor | " + again,
			applied: "name | flavor", final: running,
		},
		"a change after a failed start, to run, the name refused while it runs": {
			status: startFailed, options: func(o *options) { o.startFailedTaken, o.anyRefusedRunning = true, true }, wish: wish(rename, reflavor, kept, ends(running), consent),
			calls:   "PUT flavor name: 6347 | PUT flavor: 6347 | " + again + " | PUT name: 6347 | PUT flavor: 6347 | stop | PUT flavor name | " + again,
			applied: "flavor | name", final: running,
		},
		"growth and a change after a failed start, the growth taken while it runs": {
			status: startFailed, options: func(o *options) { o.startFailedTaken, o.growRefusedStopped = true, true }, wish: wish(reflavor, growth, kept, ends(running), consent),
			calls:   "PUT flavor: 6347 | PUT disk 20: 6347 | " + again + " | PUT flavor: 6347 | PUT disk 20 | stop | PUT flavor | " + again,
			applied: "volume.capacity | flavor", final: running,
		},
		"growth and a change after a start that failed for one, the growth taken while it runs": {
			status: startFailed, options: func(o *options) { o.startFailedTaken, o.growRefusedStopped = true, true }, wish: wish(reflavor, growth, kept, owed(OwesRetry)),
			calls:   "PUT flavor: 6347 | PUT disk 20: 6347 | " + again + " | PUT flavor: 6347 | PUT disk 20 | stop | PUT flavor",
			applied: "volume.capacity | flavor", final: stopped,
		},
		"growth after a failed start, to run, taken while it is stopped": {
			status: startFailed, options: func(o *options) { o.startFailedTaken, o.growRefusedRunning = true, true }, wish: wish(growth, kept, ends(running), consent),
			calls:   "PUT disk 20: 6347 | " + again + " | PUT disk 20: 6347 | stop | PUT disk 20 | " + again,
			applied: "volume.capacity", final: running,
		},
		"growth and a change after a failed start, the growth refused in each state": {
			status: startFailed, options: func(o *options) {
				o.startFailedTaken, o.growRefusedStopped, o.growRefusedRunning = true, true, true
			}, wish: wish(reflavor, growth, kept, ends(running), consent),
			calls:   "PUT flavor: 6347 | PUT disk 20: 6347 | " + again + " | PUT flavor: 6347 | PUT disk 20: 6347 | stop | PUT flavor | PUT disk 20: 6347 | " + again + " | PUT disk 20: 6347",
			applied: "flavor", final: running,
			err: "growing the disk to 20 GB: UpdateNotebook: ModelArts.6347: Bad Request (HTTP 400).\n\nDone so far: started the notebook; stopped the notebook; changed flavor; started the notebook. The next apply makes the remaining changes. The notebook was START_FAILED and is RUNNING now",
		},
		"a change after a failed start, to run, without consent": {
			status: startFailed, options: func(o *options) { o.startFailedTaken = true }, wish: wish(reflavor, kept, ends(running)),
			calls: "PUT flavor: 6347 | " + again + " | PUT flavor: 6347", final: running,
			err: noConsent + ".\n\nDone so far: started the notebook. The next apply makes the remaining changes. The notebook was START_FAILED and is RUNNING now",
		},
		"a change after a start that failed for one": {
			status: startFailed, options: func(o *options) { o.startFailedTaken, o.anyRefusedStopped = true, true }, wish: wish(rename, kept, owed(OwesRetry)),
			calls: "PUT name: 6347 | " + again + " | PUT name | stop", applied: "name", final: stopped,
		},
		"a flavor after a start that failed for a change": {
			status: startFailed, options: func(o *options) { o.startFailedTaken = true }, wish: wish(reflavor, kept, owed(OwesRetry)),
			calls: "PUT flavor: 6347 | " + again + " | PUT flavor: 6347 | stop | PUT flavor", applied: "flavor", final: stopped,
		},
		"no start leads out of a failed one": {
			status: startFailed, wish: wish(kept, ends(running)), calls: again + ": 6357", final: startFailed,
			err: "starting the notebook: StartNotebook: ModelArts.6357: Bad Request (HTTP 400)\nthe status is START_FAILED, and the service gives no reason.\n\nNo argument was changed",
		},
		"no start leads out of a frozen one": {
			status: frozen, wish: wish(kept, ends(running)), calls: again + ": 6357", final: frozen,
			err: "starting the notebook: StartNotebook: ModelArts.6357: Bad Request (HTTP 400)\nthe status is FROZEN, and the service gives no reason.\n\nNo argument was changed",
		},
		"a change of a frozen one": {
			status: frozen, wish: wish(rename), calls: "PUT name: 6347", final: frozen,
			err: "the notebook is FROZEN, and the service takes no change in that state: changing name: UpdateNotebook: ModelArts.6347: Bad Request (HTTP 400)" + nothing,
		},
		"a change of a failed one": {
			status: failed, wish: wish(growth), calls: "PUT disk 20: 6347", final: failed,
			err: "the notebook is ERROR, and the service takes no change in that state: growing the disk to 20 GB: UpdateNotebook: ModelArts.6347: Bad Request (HTTP 400)" + nothing,
		},
		"a lease of a failed one": {status: failed, wish: wish(lease8h), applied: "lease", final: failed},
		"one that does not exist": {status: deleted, wish: wish(rename), final: deleted, err: "the notebook n does not exist any more: the next plan will show that" + nothing},
		"one that is being deleted": {
			status: modelarts.StatusDeleting, wish: wish(rename), final: deleted, err: "the notebook n does not exist any more: the next plan will show that" + nothing,
		},
		"one that is being created": {status: modelarts.StatusCreating, wish: wish(rename), calls: "PUT name", applied: "name", final: running},
		"one that is being started": {status: modelarts.StatusStarting, wish: wish(rename), calls: "PUT name", applied: "name", final: running},
		"one that is being stopped": {status: modelarts.StatusStopping, wish: wish(reflavor), calls: "PUT flavor", applied: "flavor", final: stopped},
		"one that is being saved":   {status: modelarts.StatusSnapshotting, wish: wish(rename), calls: "PUT name", applied: "name", final: running},
		"a start that was owed":     {status: stopped, wish: wish(kept, owed(OwesStart), ends(running)), calls: again, final: running},
		"a stop that was owed":      {status: running, wish: wish(owed(OwesStop), ends(stopped)), calls: "stop", final: stopped},
		"a start that is owed of one whose start fails meanwhile": {
			status: modelarts.StatusStarting, options: func(o *options) { o.startsThatFail = 1 }, wish: wish(settag, owed(OwesStart)),
			calls: "tag team", applied: "tags", owed: OwesStart, final: startFailed,
		},
		"a start that is owed, made by somebody else": {status: modelarts.StatusStarting, wish: wish(settag, owed(OwesStart)), calls: "tag team", applied: "tags", final: running},
		"a retry that is owed, after a change that needs none": {
			status: startFailed, wish: wish(settag, owed(OwesRetry)), calls: "tag team", applied: "tags", owed: OwesRetry, final: startFailed,
		},
		"a retry that is owed starts nothing but a start that failed": {
			status: failed, options: func(o *options) { o.startFailedTaken = true }, wish: wish(rename, owed(OwesRetry)), calls: "PUT name: 6347", final: failed,
			err: "the notebook is ERROR, and the service takes no change in that state: changing name: UpdateNotebook: ModelArts.6347: Bad Request (HTTP 400)" + nothing,
		},
		"owed after another failure": {status: startFailed, faults: map[int]fault{2: {before: refuse("6336")}}, wish: wish(settag, owed(OwesStart)), calls: "tag team: 6336", owed: OwesStart, final: startFailed, err: "setting tags: CreateNotebookTags: ModelArts.6336: Bad Request (HTTP 400)" + nothing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := quick
				if test.options != nil {
					test.options(&o)
				}
				f := newFake(o, test.status)
				if test.faults != nil {
					f.faults = test.faults
				}
				if test.next != nil {
					f.next = test.next
				}
				out := f.instance().Update(f.limited(t, 30*time.Minute), test.wish)
				if got := f.writes(); !slices.Equal(got, words(test.calls)) {
					t.Errorf("the calls are\n%s, want\n%s", strings.Join(got, " | "), test.calls)
				}
				if !slices.Equal(out.Applied, words(test.applied)) {
					t.Errorf("applied: %q, want %q", out.Applied, test.applied)
				}
				if out.Owed != test.owed {
					t.Errorf("owed: %q, want %q", out.Owed, test.owed)
				}
				if n := f.find("n"); n.Status != test.final {
					t.Errorf("it is %s, want %s", n.Status, test.final)
				}
				switch {
				case out.Err == nil && test.err != "", out.Err != nil && out.Err.Error() != test.err:
					t.Errorf("the error is\n%v\nwant\n%s", out.Err, test.err)
				case test.final != deleted && (out.Shown == nil || out.Shown.Status != test.final):
					t.Errorf("shown: %+v, %v", out.Shown, out.ReadErr)
				}
				left := check(f, test.wish, &out)
				for _, what := range left {
					t.Error(what)
				}
			})
		})
	}
}
