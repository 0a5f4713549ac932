package notebook

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// How long something may take that must be done although the apply was
// cancelled: the create itself or a last look, and giving a notebook its power
// state back, which may have to wait for the end of a stop.
const (
	afterCancel = time.Minute
	givingBack  = 5 * time.Minute
)

// errNoConsent stops an update that would have to stop the notebook.
var errNoConsent = errors.New("the notebook is running, the service takes this change only while it is stopped, and " +
	"allow_stopping_for_update is not true: set it, or stop the notebook first")

// update changes one notebook. It goes the way that stops least: what the
// service takes in the present state is done there; then the notebook changes
// its state once for all the rest; and it ends in the state that it had, or in
// desired_status.
type update struct {
	instance
	c           *values.Converter
	plan, state *resourceModel
	managed     bool // the configuration says how long the lease is to be

	owed owed // by an update before

	first   *modelarts.Notebook // as it was before
	status  modelarts.Status    // as far as we know
	started bool                // the last start was ours, with the lease
	asked   bool                // a start or a stop has been asked for

	applied resourceModel // the state with what has been done so far
	done    []string      // in words
}

// changes is what differs between state and plan, by when it can be done.
type changes struct {
	always  *modelarts.NotebookUpdateRequest // in any state
	stopped *modelarts.NotebookUpdateRequest // while stopped
	size    *int64                           // new size of the disk in GB; in any state
	lease   bool
	setTags []modelarts.Tag
	delTags []modelarts.Tag
	power   bool
}

func (ch *changes) none() bool {
	return ch.always == nil && ch.stopped == nil && ch.size == nil && !ch.lease && !ch.power &&
		len(ch.setTags) == 0 && len(ch.delTags) == 0
}

// toUpdate is the difference of two models in the terms of the API. A field
// that was removed is sent as empty: one that is left out stays as it is.
func (m *resourceModel) toUpdate(c *values.Converter, state *resourceModel) changes {
	var ch changes
	always := func() *modelarts.NotebookUpdateRequest {
		if ch.always == nil {
			ch.always = &modelarts.NotebookUpdateRequest{}
		}
		return ch.always
	}
	stopped := func() *modelarts.NotebookUpdateRequest {
		if ch.stopped == nil {
			ch.stopped = &modelarts.NotebookUpdateRequest{}
		}
		return ch.stopped
	}

	if !m.Name.Equal(state.Name) {
		always().Name = values.Value(m.Name)
	}
	if !m.Description.Equal(state.Description) {
		text := m.Description.ValueString()
		always().Description = &text
	}
	// A custom size that goes leaves the flavor to be set, also where it is the
	// one that the state has had beside it.
	toFlavor := m.CustomSpec.IsNull() && !state.CustomSpec.IsNull()
	if (!m.Flavor.Equal(state.Flavor) && !state.Flavor.IsNull() || toFlavor) && !m.Flavor.IsUnknown() {
		stopped().Flavor = values.Value(m.Flavor)
	}
	if !m.CustomSpec.IsNull() && (!m.CustomSpec.Equal(state.CustomSpec) || ch.stopped != nil) {
		stopped().CustomSpec = m.customSpecToAPI(c) // a flavor alone would end it
	}
	if !m.ImageID.Equal(state.ImageID) && !state.ImageID.IsNull() {
		stopped().ImageID = values.Value(m.ImageID)
	}
	if !m.DataVolumes.Equal(state.DataVolumes) {
		stopped().DataVolumes = m.dataVolumesToAPI(c)
	}
	if !m.Endpoints.Equal(state.Endpoints) {
		stopped().Endpoints = m.endpointsToAPI(c)
	}
	if !m.Hooks.Equal(state.Hooks) {
		stopped().Hooks = m.hooksToAPI(c)
	}
	if !m.Affinity.Equal(state.Affinity) {
		stopped().Affinity = m.affinityToAPI(c)
	}
	was, now := values.Decode[volumeModel](c, state.Volume), values.Decode[volumeModel](c, m.Volume)
	if !now.DewSecretName.Equal(was.DewSecretName) {
		name := now.DewSecretName.ValueString()
		stopped().DewSecretName = &name
	}
	if !now.Capacity.Equal(was.Capacity) {
		ch.size = values.Int(now.Capacity)
	}
	ch.lease = !m.Lease.Equal(state.Lease)
	ch.setTags, ch.delTags = toTags(c, state.TagsAll, m.TagsAll)
	// The plan says with status that the power state is to change.
	ch.power = !m.Status.IsUnknown() && !m.Status.Equal(state.Status)
	return ch
}

// run makes the changes. What has been made stands in applied and done, also
// when it fails.
func (u *update) run(ctx context.Context, ch changes) error {
	nb, err := u.find(ctx, young(u.state))
	if err == nil && nb.Status.Kind() == modelarts.Pending || err != nil && modelarts.Transient(err) {
		nb, err = u.await(ctx, settled, "")
	}
	if err != nil {
		return err
	}
	if u.status = nb.Status; u.status == modelarts.StatusDeleted {
		return fmt.Errorf("the notebook %s does not exist any more: the next plan will show that", u.id)
	}
	u.first = nb

	if err := u.steps(ctx, ch); err != nil {
		return errors.Join(err, u.giveBack(ctx))
	}
	return nil
}

func (u *update) steps(ctx context.Context, ch changes) error {
	if err := u.tags(ctx, ch); err != nil {
		return err
	}

	final := u.final()
	if u.running() {
		if err := u.whileRunning(ctx, &ch); err != nil {
			return err
		}
		if ch.stopped != nil || ch.size != nil || ch.lease && u.leaseOff() || final != modelarts.StatusRunning {
			if err := u.turnOff(ctx, final); err != nil {
				return err
			}
		}
	}
	if !u.running() {
		if err := u.whileStopped(ctx, &ch); err != nil {
			return err
		}
		if ch.stopped != nil || ch.size != nil || final == modelarts.StatusRunning {
			if err := u.turnOn(ctx); err != nil {
				return err
			}
		}
	}
	// What was refused while stopped; a second refusal is the service's word.
	err := u.put(ctx, ch.stopped)
	if errors.Is(err, modelarts.ErrNotChangeable) && u.running() && u.first.Status == modelarts.StatusStartFailed {
		err = u.restart(ctx, ch.stopped, final) // it had not been stopped, but failed
	}
	if err != nil {
		return err
	}
	if err := u.grow(ctx, ch.size); err != nil {
		return err
	}
	if u.running() && final != modelarts.StatusRunning {
		if err := u.turnOff(ctx, final); err != nil {
			return err
		}
	}
	return u.lease(ctx, ch)
}

// restart stops the notebook for a change and, if it is to run, starts it again.
func (u *update) restart(ctx context.Context, change *modelarts.NotebookUpdateRequest, final modelarts.Status) error {
	if err := u.turnOff(ctx, final); err != nil {
		return err
	}
	if err := u.put(ctx, change); err != nil || final != modelarts.StatusRunning {
		return err
	}
	return u.turnOn(ctx)
}

// final is the status to end with.
func (u *update) final() modelarts.Status {
	if planned := u.plan.Status; !planned.IsUnknown() && !planned.Equal(u.state.Status) {
		return modelarts.Status(planned.ValueString())
	}
	if desired := u.plan.DesiredStatus; !desired.IsNull() && !desired.IsUnknown() {
		return modelarts.Status(desired.ValueString())
	}
	return u.before()
}

// before is the status to give back.
func (u *update) before() modelarts.Status {
	if u.owed == owesRetry && u.first.Status == modelarts.StatusStartFailed {
		return modelarts.StatusStopped
	}
	return u.first.Status
}

func (u *update) running() bool { return u.status == modelarts.StatusRunning }

// whileRunning does what can be done while running, and moves what the service
// refuses to what needs the notebook stopped.
func (u *update) whileRunning(ctx context.Context, ch *changes) error {
	err := u.put(ctx, ch.always)
	switch {
	case errors.Is(err, modelarts.ErrNotChangeable):
		ch.stopped = merge(ch.stopped, ch.always)
	case err != nil:
		return err
	}
	ch.always = nil

	err = u.grow(ctx, ch.size)
	switch {
	case errors.Is(err, modelarts.ErrNotChangeable):
		return nil
	case err != nil:
		return err
	}
	ch.size = nil
	return nil
}

// whileStopped does all that is left, in one request and one for the disk. What
// the service refuses stays in ch, to be done while running; but a notebook that
// has failed is not started for that, unless it is to run or has failed at just
// that.
func (u *update) whileStopped(ctx context.Context, ch *changes) error {
	mayStart := u.status == modelarts.StatusStopped || u.final() == modelarts.StatusRunning || u.owed == owesRetry
	later := func(err error) bool { return errors.Is(err, modelarts.ErrNotChangeable) && mayStart }

	ch.stopped, ch.always = merge(ch.stopped, ch.always), nil
	if err := u.put(ctx, ch.stopped); err == nil {
		ch.stopped = nil
	} else if !later(err) {
		return u.inThisState(err)
	}
	if err := u.grow(ctx, ch.size); err == nil {
		ch.size = nil
	} else if !later(err) {
		return u.inThisState(err)
	}
	return nil
}

// inThisState adds the status to a refusal that it explains.
func (u *update) inThisState(err error) error {
	switch {
	case !errors.Is(err, modelarts.ErrNotChangeable):
		return err
	case u.status == modelarts.StatusStartFailed:
		return fmt.Errorf("the notebook is %s, and the service takes no change in that state (desired_status = \"RUNNING\" starts it first): %w", u.status, err)
	default:
		return fmt.Errorf("the notebook is %s, and the service takes no change in that state: %w", u.status, err)
	}
}

// merge adds the fields that can change in any state to a request.
func merge(into, from *modelarts.NotebookUpdateRequest) *modelarts.NotebookUpdateRequest {
	if from == nil {
		return into
	}
	if into == nil {
		return from
	}
	into.Name, into.Description = from.Name, from.Description
	return into
}

func (u *update) put(ctx context.Context, req *modelarts.NotebookUpdateRequest) error {
	if req == nil {
		return nil
	}
	err := u.change(ctx, func(ctx context.Context) error { return u.client.UpdateNotebook(ctx, u.id, *req) })
	if err != nil {
		return fmt.Errorf("changing %s: %w", strings.Join(fields(req), ", "), err)
	}
	u.did("changed "+strings.Join(fields(req), ", "), func(applied *resourceModel) {
		u.copyFields(req, applied)
	})
	return nil
}

// fields names what a request changes.
func fields(req *modelarts.NotebookUpdateRequest) []string {
	var names []string
	for _, f := range []struct {
		there bool
		name  string
	}{
		{req.Name != nil, "name"},
		{req.Description != nil, "description"},
		{req.Flavor != nil, "flavor"},
		{req.CustomSpec != nil, "custom_spec"},
		{req.ImageID != nil, "image_id"},
		{req.DataVolumes != nil, "data_volumes"},
		{req.Endpoints != nil, "endpoints"},
		{req.Hooks != nil, "hooks"},
		{req.Affinity != nil, "affinity"},
		{req.DewSecretName != nil, "volume.dew_secret_name"},
	} {
		if f.there {
			names = append(names, f.name)
		}
	}
	return names
}

// copyFields takes over from the plan what a request has changed.
func (u *update) copyFields(req *modelarts.NotebookUpdateRequest, applied *resourceModel) {
	if req.Name != nil {
		applied.Name = u.plan.Name
	}
	if req.Description != nil {
		applied.Description = u.plan.Description
	}
	if req.Flavor != nil || req.CustomSpec != nil {
		applied.Flavor, applied.CustomSpec = u.plan.Flavor, u.plan.CustomSpec
	}
	if req.ImageID != nil {
		applied.ImageID = u.plan.ImageID
	}
	if req.DataVolumes != nil {
		applied.DataVolumes = u.plan.DataVolumes
	}
	if req.Endpoints != nil {
		applied.Endpoints = u.plan.Endpoints
	}
	if req.Hooks != nil {
		applied.Hooks = u.plan.Hooks
	}
	if req.Affinity != nil {
		applied.Affinity = u.plan.Affinity
	}
	if req.DewSecretName != nil {
		volume := values.Decode[volumeModel](u.c, applied.Volume)
		volume.DewSecretName = values.Decode[volumeModel](u.c, u.plan.Volume).DewSecretName
		applied.Volume = u.c.Object("volume", volume)
	}
}

// grow makes the disk larger and waits for it.
func (u *update) grow(ctx context.Context, size *int64) error {
	if size == nil {
		return nil
	}
	req := modelarts.NotebookUpdateRequest{StorageNewSize: size}
	err := u.change(ctx, func(ctx context.Context) error { return u.client.UpdateNotebook(ctx, u.id, req) })
	if err == nil {
		err = u.awaitVolume(ctx, *size)
	}
	if err != nil {
		return fmt.Errorf("growing the disk to %d GB: %w", *size, err)
	}
	u.did(fmt.Sprintf("grew the disk to %d GB", *size), func(applied *resourceModel) {
		volume := values.Decode[volumeModel](u.c, applied.Volume)
		volume.Capacity = types.Int64Value(*size)
		applied.Volume = u.c.Object("volume", volume)
	})
	return nil
}

func (u *update) tags(ctx context.Context, ch changes) error {
	if len(ch.delTags) > 0 {
		err := u.change(ctx, func(ctx context.Context) error { return u.client.DeleteNotebookTags(ctx, u.id, ch.delTags) })
		if err != nil {
			return fmt.Errorf("removing tags: %w", err)
		}
		u.did("removed tags", func(*resourceModel) {})
	}
	if len(ch.setTags) > 0 {
		err := u.change(ctx, func(ctx context.Context) error { return u.client.CreateNotebookTags(ctx, u.id, ch.setTags) })
		if err != nil {
			return fmt.Errorf("setting tags: %w", err)
		}
		u.did("set tags", func(*resourceModel) {})
	}
	if len(ch.delTags)+len(ch.setTags) > 0 {
		u.applied.Tags, u.applied.TagsAll = u.plan.Tags, u.plan.TagsAll
	}
	return nil
}

// lease renews the lease of a running notebook, unless its start has just given
// it. A notebook that is stopped gets it with its next start.
func (u *update) lease(ctx context.Context, ch changes) error {
	if !ch.lease {
		return nil
	}
	if asked := u.fullLease(); u.running() && !u.started && !asked.off {
		req := modelarts.LeaseReq{Duration: asked.duration, Type: asked.typ}
		err := u.change(ctx, func(ctx context.Context) error { return u.client.RenewLease(ctx, u.id, req) })
		if err != nil {
			return fmt.Errorf("renewing the lease: %w", err)
		}
		u.did("renewed the lease", func(*resourceModel) {})
	}
	u.applied.Lease = u.plan.Lease
	return nil
}

func (u *update) leaseOff() bool { return u.plan.askedLease(u.c).off && !u.state.askedLease(u.c).off }

// turnOff stops the notebook; unless it is to stay stopped, that needs consent.
func (u *update) turnOff(ctx context.Context, final modelarts.Status) error {
	if final == modelarts.StatusRunning && !u.plan.AllowStoppingForUpdate.ValueBool() {
		return errNoConsent
	}
	u.asked = true
	if _, err := u.stop(ctx); err != nil {
		return fmt.Errorf("stopping the notebook: %w", err)
	}
	u.status, u.started = modelarts.StatusStopped, false
	u.did("stopped the notebook", func(*resourceModel) {})
	return nil
}

func (u *update) turnOn(ctx context.Context) error {
	u.asked = true
	if _, err := u.start(ctx, u.fullLease(), u.lastly(u.status)); err != nil {
		return fmt.Errorf("starting the notebook: %w", err)
	}
	u.status, u.started = modelarts.StatusRunning, true
	u.did("started the notebook", func(*resourceModel) {})
	return nil
}

// lastly is the notebook as it was, in a status that it has come to since.
func (u *update) lastly(status modelarts.Status) *modelarts.Notebook {
	return &modelarts.Notebook{Status: status, Token: u.first.Token}
}

// fullLease is the lease for a start or a renewal of ours. Where the
// configuration leaves its duration open, nothing of the present lease is cut.
func (u *update) fullLease() leaseRequest {
	asked := u.plan.askedLease(u.c)
	now := u.first.Lease
	if u.managed || asked.off || u.first.Status != modelarts.StatusRunning || now == nil {
		return asked
	}
	on := now.Enable == nil || *now.Enable
	if !on && !u.askedOn() {
		return leaseRequest{off: true}
	}
	if asked.typ == nil {
		asked.typ = now.Type
	}
	left := minLease
	if on && now.CreateAt != nil && now.Duration != nil {
		clock := time.Now().UnixMilli()
		if u.first.CurrentTime != nil {
			clock = *u.first.CurrentTime
		}
		left = min(max(left, time.Duration(*now.CreateAt+*now.Duration-clock)*time.Millisecond), maxLease)
	}
	if ms := left.Milliseconds(); asked.duration == nil || *asked.duration < ms {
		asked.duration = &ms
	}
	return asked
}

// askedOn says whether this update is to switch the automatic stop on.
func (u *update) askedOn() bool {
	was, now := values.Decode[leaseModel](u.c, u.state.Lease), values.Decode[leaseModel](u.c, u.plan.Lease)
	return now.Enabled.ValueBool() && !was.Enabled.ValueBool()
}

// giveBack restores the power state from before after a change has failed. It
// is owed also when the apply was cancelled or its time is up; then it is asked
// for and not waited for. What it does is decided by the status that the
// notebook has by now, since a request that failed may have been taken.
func (u *update) giveBack(ctx context.Context) error {
	was := u.before()
	if !u.asked || was != modelarts.StatusRunning && was != modelarts.StatusStopped {
		return nil
	}
	cut := ctx.Err() != nil
	if cut {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), givingBack)
		defer cancel()
	}
	now, err := u.current(ctx, func(ctx context.Context) (*modelarts.Notebook, error) { return u.await(ctx, found, "") })
	switch {
	case err != nil:
	case now.Status == was || now.Status.Kind() == modelarts.Failed:
		return nil // there, or where no request leads back from
	case was == modelarts.StatusRunning && cut:
		err = u.askStart(ctx, u.fullLease())
	case was == modelarts.StatusRunning:
		_, err = u.start(ctx, u.fullLease(), u.lastly(modelarts.StatusStopped))
	case cut:
		err = u.askStop(ctx)
	default:
		_, err = u.stop(ctx)
	}
	if err != nil {
		return fmt.Errorf("and the notebook could not be brought back to %s: %w", was, err)
	}
	u.done = append(u.done, "brought the notebook back to "+string(was))
	return nil
}

func (u *update) did(what string, apply func(*resourceModel)) {
	u.done = append(u.done, what)
	apply(&u.applied)
}

// truth reads the notebook once more, also when the apply was cancelled: the
// state must hold what is.
func (u *update) truth(ctx context.Context) (*modelarts.Notebook, error) {
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), afterCancel)
		defer cancel()
	}
	return u.current(ctx, func(ctx context.Context) (*modelarts.Notebook, error) { return u.client.ShowNotebook(ctx, u.id) })
}

// current looks at the notebook, and again for a while when the answer is older
// than what we have done.
func (u *update) current(ctx context.Context, look func(context.Context) (*modelarts.Notebook, error)) (*modelarts.Notebook, error) {
	nb, err := look(ctx)
	for n := 1; err == nil && u.outdated(nb) && n < staleLooks && u.pause(ctx) == nil; n++ {
		nb, err = look(ctx)
	}
	return nb, err
}

// outdated says of an answer that it comes from before our stop: the notebook
// was seen to be stopped, no start of ours has brought it up, and whoever else
// had started it would have given it a new token.
func (u *update) outdated(nb *modelarts.Notebook) bool {
	return u.asked && u.status == modelarts.StatusStopped && nb.Status == modelarts.StatusRunning &&
		u.first.Token != nil && nb.Token != nil && *nb.Token == *u.first.Token
}

// owes is what is owed after an update that failed. A notebook that could not be
// seen, or is on its way, may still fail to get there.
func (u *update) owes(now *modelarts.Notebook) owed {
	what := u.owed
	if u.asked && u.before() == u.final() {
		switch u.before() {
		case modelarts.StatusRunning:
			what = owesStart
		case modelarts.StatusStopped:
			what = owesStop
		}
	}
	if now != nil && !u.outdated(now) {
		what = what.after(now.Status)
	}
	return what
}

// explain says of a failed update what was done before it failed, and what is
// not as it was.
func (u *update) explain(err error, now *modelarts.Notebook) error {
	var text string
	switch {
	case len(u.done) > 0:
		text = "Done so far: " + strings.Join(u.done, "; ") + ". The next apply does the rest"
	case !u.asked:
		text = "Nothing was changed"
	default:
		text = "No argument was changed"
	}
	if u.first != nil && now != nil && now.Status != u.first.Status && now.Status.Kind() != modelarts.Pending {
		text += fmt.Sprintf(". The notebook was %s and is %s now", u.first.Status, now.Status)
		switch u.owes(now).next(now.Status) {
		case modelarts.StatusRunning:
			text += "; the next apply starts it again"
		case modelarts.StatusStopped:
			text += "; the next apply stops it again"
		}
	}
	return fmt.Errorf("%w.\n\n%s", err, text)
}
