package lifecycle

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// heldImage is what the fake service holds of an image.
type heldImage struct {
	modelarts.Image
	made   time.Time
	next   modelarts.ImageStatus // that the present one becomes
	at     time.Time             // when
	reason string                // of the next failure
	of     string                // the notebook that is saved as it
	hidden time.Duration         // for so long after it was made it is not found
}

// imageOptions are the times and the open questions of images.
type imageOptions struct {
	save        time.Duration // how long a notebook is saved
	saveFails   bool
	wrongStatus bool          // a registered image is ERROR until it is synchronized
	syncFails   bool          // and after that too
	hidden      time.Duration // for so long a new image is not found
	unlisted    time.Duration // for so long a new image is in no list
	used        int           // so many deletes are refused since the image is in use
	clockAhead  time.Duration // of the service
	noAge       bool          // images do not show when they were made
}

// fakeImages are the images of a fake service.
type fakeImages struct {
	*fake
	imageOptions
	held []*heldImage
}

func newFakeImages(o imageOptions, notebook modelarts.Status) *fakeImages {
	if o.save == 0 {
		o.save = 40 * time.Second
	}
	f := &fakeImages{fake: newFake(quick, notebook), imageOptions: o}
	f.resize = o.save // of SNAPSHOTTING
	return f
}

// images lead the images of the fake.
func (f *fakeImages) images() Images {
	return Images{
		Service: f, Creates: new(Creates), PollInterval: 2 * time.Second,
		Now: func() time.Time { return time.Now().Add(f.clockAhead).Truncate(time.Second) },
	}
}

// hold puts an image into the service that is so old.
func (f *fakeImages) hold(id, path string, age time.Duration) *heldImage {
	i := &heldImage{made: time.Now().Add(-age)}
	i.ID, i.SWRPath, i.Status, i.Type = id, &path, modelarts.ImageActive, new("DEDICATED")
	i.CreateAt = new(i.made.Add(f.clockAhead).UnixMilli())
	if f.noAge {
		i.CreateAt = nil
	}
	f.held = append(f.held, i)
	return i
}

func (f *fakeImages) find(id string) *heldImage {
	for _, i := range f.held {
		if i.ID != id {
			continue
		}
		if i.next != "" && !time.Now().Before(i.at) {
			if i.Status, i.next = i.next, ""; i.Status.Kind() == modelarts.Failed {
				i.StatusMessage = new(i.reason)
			}
		}
		return i
	}
	return nil
}

// withImage is a call that is about an image.
func (f *fakeImages) withImage(ctx context.Context, op, id, what string, effect func(i *heldImage) error) error {
	return f.do(ctx, op, "", what, func(*notebook, time.Duration) error {
		i := f.find(id)
		if i == nil || i.Status == modelarts.ImageDeleted || time.Since(i.made) < i.hidden {
			return refusal(op, "6404")
		}
		return effect(i)
	})
}

func (f *fakeImages) ShowImage(ctx context.Context, id string) (shown *modelarts.Image, err error) {
	err = f.withImage(ctx, "ShowImage", id, "", func(i *heldImage) error {
		image := i.Image
		shown = &image
		return nil
	})
	if err != nil {
		return nil, err
	}
	return shown, nil
}

func (f *fakeImages) ListImage(ctx context.Context, query modelarts.ListImageQuery) iter.Seq2[modelarts.Image, error] {
	return func(yield func(modelarts.Image, error) bool) {
		var found []modelarts.Image
		err := f.do(ctx, "ListImage", "", "", func(*notebook, time.Duration) error {
			for _, i := range f.held {
				if query.Type == "DEDICATED" && time.Since(i.made) >= f.unlisted && cmp.Or(text(i.WorkspaceID), "0") == cmp.Or(query.WorkspaceID, "0") {
					found = append(found, f.find(i.ID).Image)
				}
			}
			return nil
		})
		if err != nil {
			yield(modelarts.Image{}, err)
			return
		}
		for _, image := range found {
			if !yield(image, nil) {
				return
			}
		}
	}
}

func (f *fakeImages) RegisterImage(ctx context.Context, req modelarts.ImageRegisterRequest) (made *modelarts.Image, err error) {
	err = f.do(ctx, "RegisterImage", "", "register "+req.SWRPath, func(*notebook, time.Duration) error {
		if slices.ContainsFunc(f.held, func(i *heldImage) bool { return text(i.SWRPath) == req.SWRPath }) {
			return refusal("RegisterImage", "6737")
		}
		i := f.hold(fmt.Sprintf("image %d", len(f.held)+1), req.SWRPath, 0)
		i.hidden, i.WorkspaceID, i.Description = f.hidden, req.WorkspaceID, req.Description
		if f.wrongStatus {
			i.Status, i.StatusMessage = modelarts.ImageError, new("The image could not be pulled.")
		}
		image := i.Image
		made = &image
		return nil
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

func (f *fakeImages) CreateImage(ctx context.Context, id string, req modelarts.ImageSaveRequest) (made *modelarts.Image, err error) {
	err = f.write(ctx, "CreateImage", id, "save "+req.Name, func(n *notebook) error {
		switch {
		case n.Status.Kind() == modelarts.Pending:
			return refusal("CreateImage", "6357")
		case n.Status != modelarts.StatusRunning:
			return refusal("CreateImage", "6327")
		}
		i := f.hold(fmt.Sprintf("image %d", len(f.held)+1), "host/"+req.Namespace+"/"+req.Name, 0)
		i.hidden, i.of, i.Name, i.Namespace, i.Tag, i.Origin = f.hidden, id, &req.Name, &req.Namespace, req.Tag, new("IMAGE_SAVE")
		i.Status, i.next, i.at = modelarts.ImageCreating, modelarts.ImageActive, time.Now().Add(f.save)
		if f.saveFails {
			i.next, i.reason = modelarts.ImageCreateFailed, "The image is too large."
		}
		f.put(n, modelarts.StatusSnapshotting)
		image := i.Image
		made = &image
		return nil
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

func (f *fakeImages) SyncImage(ctx context.Context, id string) (*modelarts.Image, error) {
	err := f.withImage(ctx, "SyncImage", id, "sync", func(i *heldImage) error {
		if !f.syncFails {
			i.Status, i.StatusMessage = modelarts.ImageActive, nil
		}
		return nil
	})
	return nil, err
}

func (f *fakeImages) DeleteImage(ctx context.Context, id string, force bool) error {
	what := "delete"
	if force {
		what += " with its content"
	}
	return f.withImage(ctx, "DeleteImage", id, what, func(i *heldImage) error {
		switch {
		case i.Status.Kind() == modelarts.Pending:
			return refusal("DeleteImage", "6357")
		case f.used > 0:
			f.used--
			return refusal("DeleteImage", "6737")
		}
		i.Status = modelarts.ImageDeleted
		return nil
	})
}

func (f *fakeImages) UpdateImageGroup(ctx context.Context, id string, _ modelarts.ImageGroupUpdateRequest) error {
	return f.do(ctx, "UpdateImageGroup", "", "group "+id, func(*notebook, time.Duration) error { return nil })
}

// there are the images that exist.
func (f *fakeImages) there() (n int) {
	for _, i := range f.held {
		if i.Status != modelarts.ImageDeleted {
			n++
		}
	}
	return n
}

var _ ImageService = (*fakeImages)(nil)

// instance is the notebook of the fake.
func (f *fakeImages) instance() Instance {
	return Instance{Service: f, Reader: f, ID: "n", PollInterval: 2 * time.Second}
}

func saveRequest() modelarts.ImageSaveRequest {
	return modelarts.ImageSaveRequest{Name: "vision", Namespace: "team", Tag: new("1")}
}

func limit(t *testing.T, f *fakeImages, d time.Duration) context.Context {
	t.Helper()
	return f.limited(t, d)
}
