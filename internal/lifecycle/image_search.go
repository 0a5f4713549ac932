package lifecycle

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// wantedImage is what is known of an image whose request may have been taken.
type wantedImage struct {
	what  string // of the image, in a message
	query modelarts.ListImageQuery
	fits  func(*modelarts.Image) bool
}

// registered is the image of a registration: an address is registered once in a
// workspace.
func registered(req modelarts.ImageRegisterRequest) wantedImage {
	return wantedImage{
		what:  "registration of " + req.SWRPath,
		query: modelarts.ListImageQuery{Type: "DEDICATED", WorkspaceID: text(req.WorkspaceID)},
		fits: func(image *modelarts.Image) bool {
			return text(image.SWRPath) == req.SWRPath && same(image.Description, req.Description)
		},
	}
}

// saved is the image that a notebook is saved as.
func saved(req modelarts.ImageSaveRequest) wantedImage {
	return wantedImage{
		what:  fmt.Sprintf("save of the image %s/%s:%s", req.Namespace, req.Name, cmp.Or(text(req.Tag), "(no tag)")),
		query: modelarts.ListImageQuery{Name: req.Name, Namespace: req.Namespace, Type: "DEDICATED", WorkspaceID: text(req.WorkspaceID)},
		fits: func(image *modelarts.Image) bool {
			return text(image.Name) == req.Name && same(image.Namespace, &req.Namespace) && same(image.Tag, req.Tag) &&
				same(image.Description, req.Description) && (image.Origin == nil || strings.EqualFold(*image.Origin, "IMAGE_SAVE"))
		},
	}
}

// same reports whether an answer shows what was asked for; what it leaves out, and what
// was not asked for, differs in nothing.
func same(shown, asked *string) bool {
	return shown == nil || asked == nil || *shown == *asked
}

// imageCandidate is an image that fits a request whose answer was lost.
type imageCandidate struct {
	image *modelarts.Image
	doubt string // why it cannot be told whether it is the one; empty: it is
}

// search finds the image of a request whose answer was lost: the only one that fits it, is
// no older than it, and is held by nothing else in this process. It searches for a while,
// since the service may still be at work. With several, or none, or one of which that
// cannot be told, the error says what was sent, what was found, and what to do. See
// design/0018-a-lost-create.md.
func (m Images) search(ctx context.Context, wanted wantedImage, began time.Time, lost error) (*modelarts.Image, error) {
	patience := max(time.Since(began), staleFor)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterCancel+patience)
	defer cancel()
	d := newDoubt(m.PollInterval)
	var found []imageCandidate
	var failed error
	for end := d.began.Add(patience); ; {
		if found, failed = m.look(ctx, wanted, began, found); failed == nil && len(found) == 1 && found[0].doubt == "" {
			return found[0].image, nil
		}
		if len(found) > 1 || time.Now().After(end) && !modelarts.Transient(failed) {
			break
		}
		if d.pause(ctx) != nil {
			break
		}
	}
	return nil, lostImage(wanted, found, lost, failed)
}

// look lists the images that fit, and looks at each by its ID. A list that cannot be read
// leaves those that are known.
func (m Images) look(ctx context.Context, wanted wantedImage, began time.Time, known []imageCandidate) ([]imageCandidate, error) {
	var found []imageCandidate
	for entry, err := range m.Service.ListImage(ctx, wanted.query) {
		if err != nil {
			return known, err
		}
		listed := slices.ContainsFunc(found, func(c imageCandidate) bool { return c.image.ID == entry.ID })
		if entry.ID == "" || listed || !wanted.fits(&entry) || m.Creates.Claimed(entry.ID) {
			continue
		}
		image, err := m.Service.ShowImage(ctx, entry.ID)
		switch older, doubt := m.older(image, time.Since(began)); {
		case errors.Is(err, modelarts.ErrNotFound):
		case err != nil:
			found = append(found, imageCandidate{&entry, fmt.Sprintf("it could not be read: %s", err)})
		case !older && wanted.fits(image):
			found = append(found, imageCandidate{image, doubt})
		}
	}
	return found, nil
}

// older compares the age of an image by the service's clock with the time since a request
// on ours. doubt says why that cannot be told.
func (m Images) older(image *modelarts.Image, since time.Duration) (older bool, doubt string) {
	if image == nil {
		return false, ""
	}
	if image.CreateAt == nil {
		return false, "it does not show when it was created"
	}
	switch age := m.Now().Sub(time.UnixMilli(*image.CreateAt)); {
	case age <= since+clockSlack:
		return false, ""
	case age <= since+otherClock:
		return false, "it is about as old as the request, and the clocks may differ"
	default:
		return true, ""
	}
}

// lostImage is the error of a request whose answer was lost and whose image was not
// found, or not it alone.
func lostImage(wanted wantedImage, found []imageCandidate, lost, failed error) error {
	// Its causes are words alone: no caller may match them and send the request again.
	sent := fmt.Sprintf("the response to the %s was lost, so the service may have created the image: %s", wanted.what, lost)
	const once = "No second request was sent"
	switch {
	case len(found) > 0:
		var lines []string
		for _, c := range found {
			line := fmt.Sprintf("  - %s: %s", c.image.ID, c.image.Status)
			if c.image.CreateAt != nil {
				line += ", created at " + time.UnixMilli(*c.image.CreateAt).UTC().Format(time.RFC3339)
			}
			if c.doubt != "" {
				line += "; " + c.doubt
			}
			lines = append(lines, line)
		}
		return fmt.Errorf("%s.\n\nThe provider could not determine which of these images it is, if any:\n%s\n\nIf one is as old as this apply, import it with "+
			"the address of this resource. If none is, apply again. %s:\n  terraform import ADDRESS %s", sent, strings.Join(lines, "\n"), once, found[0].image.ID)
	case failed != nil:
		return fmt.Errorf("%s.\n\nThe search for it failed, too: %s.\n\nLook in the console for an image of that name that is as old as this apply. "+
			"If there is one, adopt it with terraform import. If not, apply again. %s", sent, failed, once)
	default:
		return fmt.Errorf("%s.\n\nThe search found no such image that was created since. If one appears in the console, "+
			"adopt it with terraform import. If not, apply again. %s", sent, once)
	}
}
