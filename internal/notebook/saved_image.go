package notebook

import (
	"context"
	"errors"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// A notebook that is saved as an image may go on with that image, at once, when the image
// is ready, or from its next start on. That is no change of image_id: to put the old image
// back would stop the notebook and take out of it what was saved. See
// design/0028-images.md.

// savedImageKey is where the private state keeps the ID of the image that the notebook was
// saved as and goes on with.
const savedImageKey = "saved_image"

func noteSavedImage(ctx context.Context, private privateWriter, id string) diag.Diagnostics {
	return values.Note(ctx, private, savedImageKey, id)
}

// savedImageBy reads the ID of the image that the notebook goes on with; empty: it has the
// image of image_id.
func savedImageBy(ctx context.Context, private privateReader) string {
	return values.Noted[string](ctx, private, savedImageKey)
}

// imageOrigin is what is known of how a notebook came to the image that it shows.
type imageOrigin int

const (
	imageGiven  imageOrigin = iota // somebody has given it that image
	imageSaved                     // it was saved as that image
	imageUnsure                    // it cannot be told now
)

// savedAs tells how a notebook came to the image that it shows, which is not the one in the
// state. The image of a save is one of the account, was saved from a notebook, and is no
// older than this one; no answer says from which notebook. One that does not exist any more
// is taken for one.
func savedAs(ctx context.Context, process *settings.Process, nb *modelarts.Notebook) imageOrigin {
	shown := nb.Image
	if shown == nil || values.Deref(shown.Type) == "BUILD_IN" {
		return imageGiven
	}
	if shown.Origin != nil && shown.CreateAt != nil {
		return originOf(shown, nb)
	}
	image, err := process.Client.ShowImage(ctx, shown.ID)
	switch {
	case err == nil:
		return originOf(image, nb)
	case !errors.Is(err, modelarts.ErrNotFound):
		return imageUnsure
	}
	// The notebook may show the saved image under an ID of its own.
	query := modelarts.ListImageQuery{Type: "DEDICATED", WorkspaceID: values.Deref(nb.WorkspaceID)}
	for image, err := range process.Client.ListImage(ctx, query) {
		if err != nil {
			return imageUnsure
		}
		if path := values.Deref(shown.SWRPath); path != "" && path == values.Deref(image.SWRPath) {
			return originOf(&image, nb)
		}
	}
	return imageSaved
}

func originOf(image *modelarts.Image, nb *modelarts.Notebook) imageOrigin {
	aged := image.CreateAt != nil && nb.CreateAt != nil
	switch {
	case aged && *image.CreateAt < *nb.CreateAt:
		return imageGiven
	case image.Origin == nil && aged && values.Deref(image.Type) != "BUILD_IN":
		return imageSaved // one that is younger than the notebook, of which no more is said
	case !strings.EqualFold(values.Deref(image.Origin), "IMAGE_SAVE"):
		return imageGiven
	default:
		return imageSaved
	}
}

// keepImage gives a read the image_id of the state where the notebook shows another image
// since it was saved, and notes that. before is the state, and read what a refresh makes of
// the answer.
func (r *notebookResource) keepImage(ctx context.Context, before, read values.Value, nb *modelarts.Notebook, n notes) (values.Value, notes) {
	was, now := before.At(atImage...), read.At(atImage...)
	name, digest := atImage.String(), values.Digest(now)
	if !was.IsSet() || !now.IsSet() || strings.EqualFold(was.Text(), now.Text()) || n[name] == digest {
		return read, n
	}
	switch savedAs(ctx, r.Settings.In(regionOf(before)), nb) {
	case imageSaved:
		n = maps.Clone(n)
		n[name] = digest
	case imageUnsure:
		read = read.With(was.Value, atImage...)
	}
	return read, n
}

// savedImageIn is the ID of the image that a read shows in the place of the noted one;
// empty: it shows the image of image_id.
func savedImageIn(nb *modelarts.Notebook, n notes) string {
	if _, noted := n[atImage.String()]; !noted || nb == nil || nb.Image == nil {
		return ""
	}
	return nb.Image.ID
}

// goesOnWith reports whether the notebook was saved as that image and goes on with it, so
// that nothing has to be done for it to have the image.
func (v *view) goesOnWith(image values.Value) bool {
	known := savedImageBy(v.ctx, v.private)
	return known != "" && image.IsSet() && strings.EqualFold(image.Text(), known)
}
