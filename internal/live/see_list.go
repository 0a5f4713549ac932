package live

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

func hasID(e *exchange, id string) bool {
	return id != "" && slices.ContainsFunc(listOf(bodyOf(e), "data"), func(entry object) bool { return entry["id"] == id })
}

func seeWorkspaces(h *history) verdict {
	id := text(bodyOf(h.of(createElsewhere)), "id")
	there, nowhere := h.of(listElsewhere), h.of(listNowhere)
	if !hasID(there, id) || !nowhere.taken() {
		return unclear(nowhere)
	}
	has := hasID(nowhere, id)
	return either(has, fmt.Sprintf("a list without a workspace holds the notebook of another one: %t", has))
}

func seeTimeInLists(h *history) verdict {
	entry := h.entry(h.of(listRunning))
	if entry == nil {
		return unseen("no list had the notebook")
	}
	_, has := entry["current_time"]
	return either(has, fmt.Sprintf("current_time in a list: %t", has))
}

func seeShortList(h *history) verdict {
	read, entry := h.running(), h.entry(h.of(listRunning))
	if read == nil || text(entry, "status") != "RUNNING" {
		return unseen("no list had the notebook as it is")
	}
	var has, lacks []string
	for _, path := range [][]any{{"lease", "type"}, {"image", "tag"}, {"endpoints"}, {"url"}} {
		name := strings.Trim(fmt.Sprint(path), "[]")
		if value, there := at(read, path...); !there || shown(value) == `""` || shown(value) == "[]" {
			continue
		}
		if _, there := at(entry, path...); there {
			has = append(has, name)
		} else {
			lacks = append(lacks, name)
		}
	}
	why := fmt.Sprintf("entries of lists have %v and lack %v", has, lacks)
	switch {
	case len(has)+len(lacks) == 0:
		return unseen("a read had nothing that could be missing")
	case len(lacks) == 0:
		return a(why)
	case len(has) == 0:
		return b(why)
	}
	return other(why)
}

func seeLateList(h *history) verdict {
	list := []verdict{}
	atOnce, later := h.of(listAtOnce), h.entry(h.of(listRunning))
	if h.madeBy(mainCreates...) != nil && atOnce.taken() && later != nil {
		has := h.entry(atOnce) != nil
		list = append(list, either(!has, fmt.Sprintf("a list holds a new notebook at once: %t", has)))
	}
	name := ""
	for _, e := range h.list {
		if renamed := sent(e, "name"); renamed != "" && e.method == http.MethodPut && e.taken() {
			name = renamed
		}
		if e.label == listRenamed && e.taken() {
			is := text(h.entry(e), "name") == name
			list = append(list, either(!is, fmt.Sprintf("a list has a new name at once: %t", is)))
		}
	}
	for _, v := range list {
		if v.answer == answerB {
			return v
		}
	}
	if len(list) == 0 {
		return unclear(atOnce)
	}
	return list[0]
}

func seeLateRead(h *history) verdict {
	e := h.of(readAtOnce)
	switch {
	case h.madeBy(mainCreates...) == nil:
		return unclear(e)
	case e.taken():
		return a(e)
	case e.refusedFor("6309", "6404") && h.of(readRunning).taken():
		return b(e)
	}
	return unclear(e)
}

// seeFilters is A when the first list finds the notebook, and B when the second
// does. both allows the second to find it too at A.
func seeFilters(first, second string, both bool) see {
	return func(h *history) verdict {
		one, two := h.of(first), h.of(second)
		if one.outcome() == "" || two.outcome() == "" {
			return unclear(one)
		}
		inOne, inTwo := h.entry(one) != nil, h.entry(two) != nil
		why := fmt.Sprintf("%s finds it: %t; %s: %t", first, inOne, second, inTwo)
		switch {
		case inOne && (both || !inTwo):
			return a(why)
		case !inOne && inTwo:
			return b(why)
		}
		return other(why)
	}
}

func seeFlavorLists(h *history) verdict {
	e := h.of(theFlavors)
	if !e.taken() {
		return unclear(e)
	}
	data, flavors := len(listOf(e.body, "data")) > 0, len(listOf(e.body, "flavors")) > 0
	why := fmt.Sprintf("flavors in data: %t, in flavors: %t", data, flavors)
	if !flavors {
		return other(why)
	}
	return either(!data, why)
}

func seeGroups(h *history) verdict {
	e := h.of(theGroups)
	data, groups := len(listOf(bodyOf(e), "data")) > 0, len(listOf(bodyOf(e), "groups")) > 0
	why := fmt.Sprintf("groups in data: %t, in groups: %t", data, groups)
	switch {
	case !e.taken():
		return unclear(e)
	case !data && !groups:
		return unseen("there were no groups")
	case data && groups:
		return other(why)
	}
	return either(data, why)
}

func seeEFSWord(h *history) verdict {
	e := h.of(theFlavors)
	var all []string
	for _, flavor := range flavorsOf(e) {
		all = append(all, words(flavor, "storages")...)
	}
	switch {
	case slices.Contains(all, "EFS_DEDICATED"):
		return a("flavors list EFS_DEDICATED")
	case slices.Contains(all, "EFS"):
		return b("flavors list EFS, and no EFS_DEDICATED")
	case !e.taken():
		return unclear(e)
	}
	return unseen("no flavor lists such storage")
}

func seeStoragesBind(h *history) verdict {
	e, listing := h.of(bucketOutside), h.of(bucketListed)
	for _, flavor := range flavorsOf(h.of(theFlavors)) {
		if flavor["id"] == sent(e, "flavor") && slices.Contains(words(flavor, "storages"), "OBS") {
			return unseen("the flavor lists OBS")
		}
	}
	switch {
	case e.taken():
		return a(e)
	case e.refusedFor("6702") && listing.taken():
		return b(fmt.Sprintf("%s, %s", e, listing))
	}
	return unclear(e)
}

// poolOf is the entry of the pool that a create was made in; nil without one.
func (h *history) poolOf(e *exchange) object {
	id := sent(e, "pool_id")
	for _, pool := range listOf(bodyOf(h.of(thePools)), "data") {
		if id != "" && (pool["pool_id"] == id || pool["logic_cluster_id"] == id) {
			return pool
		}
	}
	return nil
}

func seePoolBinds(h *history) verdict {
	e := h.of(poolPublicFlavor)
	for _, flavor := range listOf(h.poolOf(e), "flavors") {
		if flavor["id"] == sent(e, "flavor") {
			return unseen("the pool lists the flavor")
		}
	}
	return judge(e, map[string]string{wasTaken: answerA, "6323": answerB, "6330": answerB, "6870": answerB, "6336": answerB})
}

func seePoolFlavors(h *history) verdict {
	e := h.of(thePools)
	active := 0
	for _, pool := range listOf(bodyOf(e), "data") {
		if text(pool, "status") != "ACTIVE" {
			continue
		}
		active++
		if state(pool, "flavors") == "full" {
			return a("a pool lists flavors")
		}
	}
	switch {
	case !e.taken():
		return unclear(e)
	case active == 0:
		return unseen("the account has no active pool")
	}
	return b("no pool lists flavors")
}

func seePoolID(h *history) verdict {
	for _, e := range h.all(poolByID) {
		if e.taken() && h.poolOf(e) != nil {
			return a(e)
		}
	}
	for _, e := range h.all(poolByCluster) {
		if e.taken() {
			return b(e)
		}
	}
	return unclear(h.of(poolByID))
}

func seePoolVoid(h *history) verdict {
	e := h.of(poolOwnFlavor)
	for _, flavor := range listOf(h.poolOf(e), "flavors") {
		if flavor["id"] != sent(e, "flavor") {
			continue
		}
		soldOut := truth(flavor, "sold_out")
		void := soldOut && len(words(flavor, "storages")) == 0
		why := fmt.Sprintf("a flavor of the pool is listed as sold out: %t, with storages: %t; %s", soldOut, !void, e)
		switch {
		case e.taken() && void:
			return b(why)
		case e.taken() && !soldOut, e.refusedFor("6716", "6329") && soldOut:
			return a(why)
		}
		return unseen(why)
	}
	return unseen("the pool lists no flavor that was tried")
}

func seeSoldOut(h *history) verdict {
	start := h.of(startUpperCase)
	for _, label := range []string{startLowerCase, startPlain} {
		if !start.taken() && !start.refusedFor("6716", "6360") {
			start = h.of(label)
		}
	}
	for _, flavor := range flavorsOf(h.of(flavorsBefore)) {
		mine := flavor["id"] == text(h.running(), "flavor")
		switch {
		case mine && truth(flavor, "sold_out") && start.taken():
			return a(start)
		case mine && truth(flavor, "sold_out") && start.refusedFor("6716", "6360"):
			return b(start)
		}
	}
	return unseen("the flavor was not sold out before the start")
}
