package live

import (
	"fmt"
	"net/http"
	"slices"
)

func seeImage(id string) see {
	return func(h *history) verdict {
		when, v := h.imageChanged()
		if when == "" {
			return v
		}
		switch {
		case id == "image-kept":
			return either(when == "never", "the image of the notebook changes: "+when)
		case when == "never":
			return unseen("the image of the notebook does not change")
		case id == "image-at-request":
			return either(when == "at the request", "it changes "+when)
		case id == "image-at-start":
			return either(when == "at the next start", "it changes "+when)
		}
		_, made := imageOf(h.of(saving))
		now, path := imageOf(h.of(readRestarted))
		switch {
		case now == text(bodyOf(h.of(saving)), "id"):
			return a("it has the ID of the saved image")
		case path != "" && path == made:
			return b("it has another ID and the swr_path of the saved image")
		}
		return other("it has another ID and another swr_path")
	}
}

// imageChanged is when the image of the notebook changed: at the request, when the
// image was active, at the next start, never. It is empty, with the reason, when
// that was not seen.
func (h *history) imageChanged() (string, verdict) {
	saved := text(bodyOf(h.of(saving)), "id")
	before, _ := imageOf(h.of(readBeforeSave))
	active := slices.ContainsFunc(h.list, func(e *exchange) bool {
		return e.method == http.MethodGet && slices.Equal(e.path, []string{"images", saved}) && text(e.body, "status") == "ACTIVE"
	})
	switch {
	case saved == "" || before == "":
		return "", unclear(h.of(saving))
	case !active:
		return "", unseen("the image was not saved")
	}
	for _, label := range []string{readSaving, readSaved, readRestarted} {
		if id, _ := imageOf(h.of(label)); id == "" {
			return "", unclear(h.of(label))
		}
	}
	changed := func(label string) bool { now, _ := imageOf(h.of(label)); return now != before }
	switch {
	case changed(readSaving) && text(h.of(readSaving).body, "status") != "SNAPSHOTTING":
		return "", unseen("the save was over before anybody looked")
	case changed(readSaving):
		return "at the request", verdict{}
	case changed(readSaved):
		return "when it is active", verdict{}
	case changed(readRestarted):
		return "at the next start", verdict{}
	}
	return "never", verdict{}
}

func seeSnapshot(h *history) verdict {
	e := h.of(putSaving)
	if e.refusedFor(wrongState...) && !h.of(textRunning).taken() {
		return unseen(e.String() + ", as a change while RUNNING does")
	}
	return judge(e, map[string]string{"6357": answerA, wasTaken: answerB})
}

func seeDeleteInUse(h *history) verdict {
	return judge(h.of(deleteInUse), map[string]string{anyRefusal: answerA, "6404": neither, wasTaken: answerB})
}

func seeUntypedImages(h *history) verdict {
	holds := func(label, id string) verdict {
		e := h.of(label)
		if !e.taken() || id == "" {
			return unclear(e)
		}
		return either(hasID(e, id), fmt.Sprintf("%s holds an own image: %t", label, hasID(e, id)))
	}
	own := text(bodyOf(h.of(ownImages)), "data", 0, "id")
	return agreed(holds(imagesUntyped, own), holds(imagesSaved, text(bodyOf(h.of(saving)), "id")))
}

func seeArch(h *history) verdict {
	list := []verdict{unseen("no image had an arch")}
	see := func(image any) {
		if arch := text(image, "arch"); arch != "" {
			list = append(list, swapped(byCase(arch, "arch")))
		}
	}
	for _, e := range h.list {
		if e.method == http.MethodGet && slices.Equal(e.path, []string{"images"}) {
			for _, image := range listOf(e.body, "data") {
				see(image)
			}
		}
	}
	for _, e := range h.details() {
		image, _ := e.at("image")
		see(image)
	}
	return agreed(list...)
}

// swapped is a verdict for a question whose A is the B of another.
func swapped(v verdict) verdict {
	switch v.answer {
	case answerA:
		v.answer = answerB
	case answerB:
		v.answer = answerA
	}
	return v
}
