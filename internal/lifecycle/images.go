package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/hold"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

// ImageService is the part of the API that the life of an image needs.
// *modelarts.Client implements it.
type ImageService interface {
	ShowImage(ctx context.Context, id string) (*modelarts.Image, error)
	ListImage(ctx context.Context, query modelarts.ListImageQuery) iter.Seq2[modelarts.Image, error]
	RegisterImage(ctx context.Context, image modelarts.ImageRegisterRequest) (*modelarts.Image, error)
	CreateImage(ctx context.Context, notebookID string, image modelarts.ImageSaveRequest) (*modelarts.Image, error)
	SyncImage(ctx context.Context, id string) (*modelarts.Image, error)
	DeleteImage(ctx context.Context, id string, force bool) error
	UpdateImageGroup(ctx context.Context, id string, change modelarts.ImageGroupUpdateRequest) error
}

// Images leads images through their life: it registers them, saves notebooks as
// images, waits for them and deletes them.
type Images struct {
	Service ImageService
	// Creates is the memory of the process: which creates are under way, and which
	// images are in a state already.
	Creates *Creates
	// Now is the time by the service's clock.
	Now func() time.Time
	// PollInterval is about the pause between two looks; see Instance.
	PollInterval time.Duration
}

// MadeImage is an image that was registered, or has begun to be saved.
type MadeImage struct {
	*modelarts.Image
	// Lost is why the answer to its request was lost, so that it was searched for and
	// adopted; nil when it was answered.
	Lost error
}

// Register registers an image of the container registry. The request is sent once, and
// its answer is waited for even when ctx ends meanwhile. If the answer is lost, the image
// is searched for.
func (m Images) Register(ctx context.Context, req modelarts.ImageRegisterRequest) (MadeImage, error) {
	unlock, err := m.Creates.Lock(ctx, "register\n"+req.SWRPath)
	if err != nil {
		return MadeImage{}, err
	}
	defer unlock()
	return m.make(ctx, registered(req), func(ctx context.Context) (*modelarts.Image, error) {
		return m.Service.RegisterImage(ctx, req)
	})
}

// make sends a request that makes an image, and searches for the image where the answer
// is lost.
func (m Images) make(ctx context.Context, wanted wantedImage, send func(context.Context) (*modelarts.Image, error)) (MadeImage, error) {
	unbroken, cancel := hold.Unbroken(ctx, afterCancel)
	defer cancel()
	image, err := send(unbroken)
	var lost error
	if modelarts.Uncertain(err) {
		lost = err
		image, err = m.search(ctx, wanted, hold.SentAt(unbroken), lost)
	}
	if err != nil {
		return MadeImage{}, err
	}
	m.Creates.Claim(image.ID)
	return MadeImage{image, lost}, nil
}

// NotSavableError means that a notebook cannot be saved as an image, since it does not
// run.
type NotSavableError struct {
	Status modelarts.Status
	Reason string // the service's explanation of the status; may be empty
}

func (e *NotSavableError) Error() string {
	if e.Status == modelarts.StatusDeleted {
		return "the notebook does not exist any more"
	}
	text := fmt.Sprintf("only a running notebook can be saved as an image, and it is %s", e.Status)
	if e.Reason != "" {
		text += " (" + e.Reason + ")"
	}
	return text
}

// Save begins to save a notebook as an image. It waits first for what is under way on the
// notebook, such as another image that is being saved. The error is a *NotSavableError
// where the notebook then does not run. The request that the service takes is sent once;
// if the answer to it is lost, the image is searched for.
//
// The images of one notebook are begun one after the other, so that none is taken for
// another whose answer was lost.
func (m Images) Save(ctx context.Context, i Instance, req modelarts.ImageSaveRequest) (MadeImage, error) {
	unlock, err := m.Creates.Lock(ctx, "save\n"+i.ID)
	if err != nil {
		return MadeImage{}, err
	}
	defer unlock()
	d := i.doubt()
	for {
		shown, err := i.await(ctx, toAny, modelarts.StatusDeleted)
		if err == nil && shown.Status.Kind() == modelarts.Pending {
			shown, err = i.await(ctx, toSettled, "")
			d = i.doubt()
		}
		var gone *wait.StatusError
		if err != nil && !errors.As(err, &gone) {
			return MadeImage{}, err
		}
		if gone != nil || shown.Status != modelarts.StatusRunning {
			return MadeImage{}, &NotSavableError{shown.Status, reason(shown)}
		}
		made, err := m.make(ctx, saved(req), func(ctx context.Context) (*modelarts.Image, error) {
			return m.Service.CreateImage(ctx, i.ID, req)
		})
		if err == nil || !m.again(ctx, err, d) {
			return made, err
		}
		if e := d.pause(ctx); e != nil {
			return MadeImage{}, errors.Join(err, e)
		}
	}
}

// again reports whether a refused request to save a notebook that was shown to run is to
// be sent again: the service was not ready or busy, or the notebook has another status
// than another node of the service has shown. Nothing has happened in any of these cases.
func (m Images) again(ctx context.Context, err error, d doubt) bool {
	switch {
	case ctx.Err() != nil, modelarts.Uncertain(err):
		return false
	case errors.Is(err, modelarts.ErrNotReady), errors.Is(err, modelarts.ErrThrottled):
		return true
	default:
		return d.lasts() && (errors.Is(err, modelarts.ErrConflict) || errors.Is(err, modelarts.ErrNotRunning))
	}
}

// ImageOutcome is what has become of an image that was waited for.
type ImageOutcome struct {
	// Shown is the last answer about it; nil when there was none.
	Shown *modelarts.Image
	// Err is why it is not ACTIVE, or was not followed. See Failed.
	Err error
	// NotebookErr is why the notebook that was saved is not known to have left
	// SNAPSHOTTING, although the image is ACTIVE.
	NotebookErr error
}

// Failed reports whether the image is known not to have become ACTIVE, or has had its
// time. Any other Err says nothing about the image.
func (o *ImageOutcome) Failed() bool { return hasFailed(o.Err) }

// AwaitRegistered waits until a registered image is ACTIVE, which it is at once by the
// reference. One whose status has gone wrong is brought up to date with the container
// registry once.
func (m Images) AwaitRegistered(ctx context.Context, id string) ImageOutcome {
	image, err := m.await(ctx, id, modelarts.ImageDeleted)
	var status *wait.StatusError
	if errors.As(err, &status) && status.Status == string(modelarts.ImageError) {
		return m.Sync(ctx, id)
	}
	return ImageOutcome{Shown: image, Err: err}
}

// Sync has the service bring the status of an image up to date with the container
// registry, and waits until the image is ACTIVE.
func (m Images) Sync(ctx context.Context, id string) ImageOutcome {
	err := retry(ctx, m.PollInterval, func(ctx context.Context) error {
		_, err := m.Service.SyncImage(ctx, id)
		if errors.Is(err, modelarts.ErrUnreadableAnswer) {
			return nil // it has happened
		}
		return err
	})
	if err != nil {
		return ImageOutcome{Err: err}
	}
	image, err := m.await(ctx, id, modelarts.ImageError)
	return ImageOutcome{Shown: image, Err: err}
}

// AwaitSaved waits until an image is saved, and then until its notebook can be used
// again.
func (m Images) AwaitSaved(ctx context.Context, id string, i Instance) ImageOutcome {
	image, err := m.await(ctx, id, modelarts.ImageDeleted)
	outcome := ImageOutcome{Shown: image, Err: err}
	if err == nil && i.ID != "" {
		_, outcome.NotebookErr = i.await(ctx, toSettled, "")
	}
	return outcome
}

var (
	imagesMoving = []modelarts.ImageStatus{modelarts.ImageInit, modelarts.ImageCreating}
	imagesBroken = []modelarts.ImageStatus{modelarts.ImageCreateFailed, modelarts.ImageError, modelarts.ImageDeleted}
)

// await waits until an image is ACTIVE. from is a status that the service may still
// answer for a while.
func (m Images) await(ctx context.Context, id string, from modelarts.ImageStatus) (*modelarts.Image, error) {
	var last modelarts.ImageStatus
	return wait.Change[*modelarts.Image, modelarts.ImageStatus]{
		Fetch:     func(ctx context.Context) (*modelarts.Image, modelarts.ImageStatus, error) { return m.fetch(ctx, id) },
		Pending:   imagesMoving,
		Target:    []modelarts.ImageStatus{modelarts.ImageActive},
		Failed:    imagesBroken,
		From:      from,
		Grace:     staleFor,
		Interval:  func(elapsed time.Duration) time.Duration { return pauseAfter(m.PollInterval, elapsed) },
		Transient: modelarts.Transient,
		HeldBack:  busy,
		Reason:    imageReason,
		Progress: func(_ *modelarts.Image, status modelarts.ImageStatus) {
			if status != last {
				tflog.Info(ctx, fmt.Sprintf("image %s is %s", id, status), map[string]any{"image": id, "status": string(status)})
				last = status
			}
		},
	}.Wait(ctx)
}

// fetch reads an image; one that does not exist has the status DELETED.
func (m Images) fetch(ctx context.Context, id string) (*modelarts.Image, modelarts.ImageStatus, error) {
	image, err := m.Service.ShowImage(ctx, id)
	switch {
	case errors.Is(err, modelarts.ErrNotFound):
		image = &modelarts.Image{ID: id, Status: modelarts.ImageDeleted}
	case err != nil:
		return nil, "", err
	}
	return image, image.Status, nil
}

func imageReason(image *modelarts.Image) string {
	if image == nil {
		return ""
	}
	return text(image.StatusMessage)
}

// Refresh reads an image that is believed to be at rest. One that does not exist has the
// status DELETED. One denial is not believed, and none for a while where the image was
// just made. justMade is asked when the service has answered, so that its clock is known;
// nil: it was not just made.
func (m Images) Refresh(ctx context.Context, id string, justMade func() bool) (*modelarts.Image, error) {
	image, _, err := m.fetch(ctx, id)
	for d := newDoubt(m.PollInterval); err == nil && image.Status == modelarts.ImageDeleted; {
		if e := d.pause(ctx); e != nil {
			return nil, e
		}
		if image, _, err = m.fetch(ctx, id); justMade == nil || !justMade() || !d.lasts() {
			break
		}
	}
	return image, err
}

// usedFor is for how many poll intervals a refused delete is tried again that says that
// the image is in use: what has used it may have been deleted a moment ago.
const usedFor = 5

// Delete deletes an image, with its content in the container registry where withContent
// says so, and waits until it is gone. An image that is being saved is waited for. The
// error is ErrInUse where the service may refuse the delete because the image is in use.
func (m Images) Delete(ctx context.Context, id string, withContent bool) error {
	began, d := time.Now(), newDoubt(m.PollInterval)
	for {
		err := retry(ctx, m.PollInterval, func(ctx context.Context) error { return m.Service.DeleteImage(ctx, id, withContent) })
		switch {
		case err == nil:
			return m.awaitGone(ctx, id)
		case errors.Is(err, modelarts.ErrNotFound):
			image, e := m.Refresh(ctx, id, nil)
			if e != nil || image.Status == modelarts.ImageDeleted {
				return e
			}
		case errors.Is(err, modelarts.ErrConflict) && d.lasts():
		case errors.Is(err, modelarts.ErrInUse) && time.Since(began) < usedFor*m.PollInterval:
		default:
			return err
		}
		if e := d.pause(ctx); e != nil {
			return errors.Join(err, e)
		}
		waited := time.Now()
		if e := m.awaitRest(ctx, id); e != nil {
			return errors.Join(err, e)
		}
		if time.Since(waited) >= staleFor {
			d = newDoubt(m.PollInterval) // it was being saved until now
		}
	}
}

// awaitRest waits until an image is not being saved any more.
func (m Images) awaitRest(ctx context.Context, id string) error {
	_, err := m.await(ctx, id, "")
	var status *wait.StatusError
	if errors.As(err, &status) {
		return nil
	}
	return err
}

// awaitGone waits until an image that was deleted is not shown any more.
func (m Images) awaitGone(ctx context.Context, id string) error {
	_, err := wait.Change[*modelarts.Image, modelarts.ImageStatus]{
		Fetch:     func(ctx context.Context) (*modelarts.Image, modelarts.ImageStatus, error) { return m.fetch(ctx, id) },
		Pending:   append(slices.Clone(imagesMoving), modelarts.ImageActive, modelarts.ImageCreateFailed, modelarts.ImageError),
		Target:    []modelarts.ImageStatus{modelarts.ImageDeleted},
		Interval:  func(elapsed time.Duration) time.Duration { return pauseAfter(m.PollInterval, elapsed) },
		Transient: modelarts.Transient,
		HeldBack:  busy,
		Reason:    imageReason,
	}.Wait(ctx)
	return err
}

// UpdateGroup changes the guide and the tags of a group of images.
func (m Images) UpdateGroup(ctx context.Context, id string, change modelarts.ImageGroupUpdateRequest) error {
	return retry(ctx, m.PollInterval, func(ctx context.Context) error {
		return m.Service.UpdateImageGroup(ctx, id, change)
	})
}
