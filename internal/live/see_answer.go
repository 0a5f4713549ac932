package live

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// running is a read of the notebook while it ran and nothing had been changed.
func (h *history) running() object {
	read := whole(h.of(readRunning))
	if text(read, "status") != "RUNNING" {
		return nil
	}
	return read
}

// seeDetail decides by members that a read has.
func seeDetail(ofA, ofB []string) see {
	return func(h *history) verdict { return members(h.running(), "a read", ofA, ofB) }
}

func seeOwnEndpoint(h *history) verdict {
	if h.running() == nil {
		return unclear(h.of(readRunning))
	}
	has := endpoint(h.of(readRunning), "NOTEBOOK") != nil
	return either(!has, fmt.Sprintf("an endpoint NOTEBOOK without a request for one: %t", has))
}

func seeEndpointNames(h *history) verdict {
	list := []verdict{unseen("no answer had an endpoint")}
	for _, e := range h.details() {
		for _, endpoint := range listOf(e.body, "endpoints") {
			list = append(list, members(endpoint, "an endpoint", []string{"service"}, []string{"dev_service"}))
		}
	}
	return agreed(list...)
}

var hostAndPort = regexp.MustCompile(`^[A-Za-z0-9.-]+(:\d+)?$`)

func seeSSHAddress(h *history) verdict {
	uri := text(endpoint(h.of(readRunning), "SSH"), "uri")
	switch {
	case uri == "":
		return unseen("no answer had the uri of an SSH endpoint")
	case strings.HasPrefix(uri, "ssh://"):
		return a("the uri begins with ssh://")
	case hostAndPort.MatchString(uri):
		return b("the uri is an address, or host:port")
	}
	return other("the uri has another form")
}

func seeWhileStopped(kind string) see {
	return func(h *history) verdict {
		before, read := whole(h.of(readUntagged)), whole(h.of(readStopped))
		if before == nil {
			before = h.running()
		}
		if before == nil || text(read, "status") != "STOPPED" {
			return unclear(h.of(readStopped))
		}
		list := []verdict{unseen("nothing was shown that could be left out")}
		for _, name := range []string{"endpoints", "tags", "affinity"} {
			if state(before, name) != "full" {
				continue
			}
			is := state(read, name)
			why := fmt.Sprintf("%s is %s while STOPPED", name, is)
			switch {
			case is == "absent" && seeNone(h).answer != answerA:
				list = append(list, unseen(why+", which may be an empty one"))
			case is == "null":
				list = append(list, other(why))
			default:
				list = append(list, either(is == kind, why))
			}
		}
		if v := agreed(list[1:]...); len(list) > 1 {
			return v
		}
		return list[0]
	}
}

func seeNone(h *history) verdict {
	read := h.running()
	if read == nil {
		return unclear(h.of(readRunning))
	}
	tags, volumes := state(read, "tags"), state(read, "data_volumes")
	why := fmt.Sprintf("without any, tags is %s, data_volumes %s", tags, volumes)
	switch {
	case tags == "empty" && volumes == "empty":
		return a(why)
	case tags == "absent" && volumes == "absent":
		return b(why)
	}
	return other(why)
}

func seePool(h *history) verdict {
	read := h.running()
	if read == nil {
		return unclear(h.of(readRunning))
	}
	pool, there := read["pool"]
	switch {
	case !there:
		return a("pool is absent")
	case shown(pool) == "an object" && text(pool, "id") == "":
		return b("pool is an object without an id")
	}
	return other("pool is " + shown(pool))
}

func seeSpec(id string) see {
	return func(h *history) verdict {
		read := whole(h.of(readSpec))
		if read == nil {
			return unseen("no notebook with a custom_spec was made")
		}
		seen, why := "A", "custom_spec came back as it was sent"
		cpu, memory := fraction(read, "cpu"), fraction(read, "memory")
		switch {
		case state(read, "custom_spec") == "absent":
			seen, why = "spec-absent", "custom_spec is absent"
		case cpu != 1.5 || memory != 2048:
			seen, why = "spec-other-unit", fmt.Sprintf("1.5 and 2048 came back as %g and %g", cpu, memory)
		}
		return either(seen == id, why)
	}
}

// fraction is a number of custom_spec.
func fraction(read object, name string) float64 {
	found, _ := at(read, "custom_spec", name)
	n, _ := found.(json.Number)
	f, _ := n.Float64()
	return f
}

func seeFilled(h *history) verdict {
	read := h.running()
	if read == nil {
		return unclear(h.of(readRunning))
	}
	names := []string{"affinity", "run_user", "user_vpc"}
	has := present(read, names)
	why := "the create had none of them, and a read has: " + strings.Join(has, ", ")
	switch len(has) {
	case 0:
		return a("a read has none of " + strings.Join(names, ", "))
	case len(names):
		return b(why)
	}
	return other(why)
}

func seeStepNames(h *history) verdict {
	list := []verdict{unseen("no answer had action_progress")}
	for _, e := range h.details() {
		for _, step := range listOf(e.body, "action_progress") {
			list = append(list, members(step, "a step", []string{"description"}, []string{"step_description"}))
		}
	}
	return agreed(list...)
}

func seeBilling(h *history) verdict {
	if h.running() == nil {
		return unclear(h.of(readRunning))
	}
	items := words(h.running(), "billing_items")
	slices.Sort(items)
	why := "billing_items holds " + strings.Join(items, ", ")
	switch {
	case slices.Equal(items, []string{"COMPUTE", "STORAGE"}):
		return a(why)
	case slices.Equal(items, []string{"ALL"}):
		return b(why)
	}
	value := h.running()["billing_items"]
	return other("billing_items is " + shown(value))
}

// tagShown reports whether a read shows the tag that is deleted again.
func (h *history) tagShown(label string) bool {
	return slices.ContainsFunc(listOf(bodyOf(h.of(label)), "tags"), func(tag object) bool { return tag["key"] == tagToGo })
}

func seeTagsLate(h *history) verdict {
	e := h.of(readTagged)
	switch {
	case !e.taken():
		return unclear(h.of(tagged))
	case h.tagShown(readTagged):
		return a("tags are shown at once")
	case h.tagShown(readTaggedLater):
		return b("tags are shown some time later")
	case !h.of(readTaggedLater).taken():
		return unclear(h.of(readTaggedLater))
	}
	return other("tags are not shown")
}

func seeTagDeleted(h *history) verdict {
	e := h.of(untagKey)
	switch {
	case e.refused():
		return a(e)
	case !e.taken() || !h.tagShown(readTaggedLater) || !h.of(readUntagged).taken():
		return unclear(e)
	}
	return either(!h.tagShown(readUntagged), fmt.Sprintf("the tag is still there after a delete by its key: %t", h.tagShown(readUntagged)))
}
