package live

import (
	"fmt"
	"strings"
)

func seeSizeRequired(h *history) verdict {
	e := h.of(createUnsized)
	if !e.taken() && !h.of(createSized).taken() { // it may have been refused for another reason
		return unclear(e)
	}
	return judge(e, map[string]string{wasTaken: answerA, "6335": answerB})
}

func seeGrowStopped(h *history) verdict {
	if v := seeStoppedOnly(h); v.answer == answerB {
		return unseen("every change is taken while STOPPED alone")
	}
	return byState(growStopped, answerB, answerA)(h)
}

// volumeOf is the main volume that a read shows or, where reads have none, a list.
func (h *history) volumeOf(read, list string) object {
	if volume, there := h.of(read).at("volume"); there {
		v, _ := volume.(object)
		return v
	}
	id := text(bodyOf(h.of(read)), "id")
	for _, entry := range listOf(bodyOf(h.of(list)), "data") {
		if id != "" && entry["id"] == id {
			v, _ := entry["volume"].(object)
			return v
		}
	}
	return nil
}

func seeCategory(read, list, ofA, ofB string) see {
	return func(h *history) verdict {
		volume := h.volumeOf(read, list)
		category := strings.ToUpper(text(volume, "category"))
		why := fmt.Sprintf("a volume that was asked for as %s came back as %s", ofA, shown(category))
		switch {
		case volume == nil:
			return unseen("no such volume was made")
		case category == ofA:
			return a(why)
		case category == ofB:
			return b(why)
		}
		return other(why)
	}
}

// sent is a text that a request held; it follows objects and the first elements
// of lists.
func sent(e *exchange, path ...string) string {
	if e == nil {
		return ""
	}
	var value any = e.sent
	for _, name := range path {
		if list, isList := value.([]object); isList && len(list) > 0 {
			value = list[0]
		}
		members, _ := value.(object)
		value = members[name]
	}
	found, _ := value.(string)
	return found
}

// madeBy is the create that was taken, of those with the labels.
func (h *history) madeBy(labels ...string) *exchange {
	for _, label := range labels {
		if e := h.of(label); e.taken() {
			return e
		}
	}
	return nil
}

func seeSlash(h *history) verdict {
	list := []verdict{unseen("no path came back")}
	compare := func(asked, got string) {
		trimmed := strings.TrimSuffix(asked, "/")
		switch {
		case asked == "" || got == "":
		case got == asked:
			list = append(list, a("paths came back as they were sent"))
		case got == trimmed || got == trimmed+"/":
			list = append(list, b("paths came back with another end"))
		default:
			list = append(list, other("a path came back otherwise"))
		}
	}
	compare(sent(h.madeBy(bucketOutside, bucketListed, bucketInPool), "volume", "uri"), text(h.volumeOf(readBucket, listBucket), "uri"))
	mount := mountAt(h.of(mountsRunning), mountPath)
	compare(sent(h.of(mounted), "mount_path"), text(mount, "mount_path"))
	compare(sent(h.of(mounted), "uri"), text(mount, "uri"))
	data := entryAt(listOf(bodyOf(h.of(readData)), "data_volumes"), dataPath)
	compare(dataPath, text(data, "mount_path"))
	compare(sent(h.madeBy(dataCreates...), "data_volumes", "uri"), text(data, "url"))
	return agreed(list...)
}

var dataCreates = []string{dataOutside, dataPlain, dataInPool, dataPlainInPool}

func seeSource(h *history) verdict {
	volume := h.volumeOf(readBucket, listBucket)
	if volume == nil {
		return unseen("no such volume was made")
	}
	return either(state(volume, "uri") == "absent", "the uri of an OBS volume is "+state(volume, "uri"))
}

func seeVolume(h *history) verdict {
	read := whole(h.of(readRunning))
	if read == nil {
		return unclear(h.of(readRunning))
	}
	created := whole(h.madeBy(mainCreates...))
	_, inRead := read["volume"]
	_, inCreated := created["volume"]
	return either(!inRead || created != nil && !inCreated, fmt.Sprintf("volume in the answer to a create: %t, to a read: %t", inCreated, inRead))
}

var mainCreates = []string{createUnsized, createSized, createPlain, createBare}

func seeVolumeStatus(h *history) verdict {
	volume := h.volumeOf(readRunning, listRunning)
	if volume == nil {
		return unseen("no answer had a volume")
	}
	status, kind := text(volume, "status"), text(volume, "mount_type")
	why := fmt.Sprintf("the main volume has status %s, mount_type %s", shown(status), shown(kind))
	switch {
	case status == "IN_USE" && kind == "MAIN":
		return a(why)
	case status == "" && kind == "":
		return b(why)
	}
	return other(why)
}

func seeNeedsPool(h *history) verdict {
	if e := h.madeBy(dataOutside, dataPlain, bucketOutside, bucketListed); e != nil {
		return a(e)
	}
	for _, pair := range [][2]string{{dataOutside, dataInPool}, {dataPlain, dataPlainInPool}, {bucketListed, bucketInPool}} {
		outside, inside := h.of(pair[0]), h.of(pair[1])
		if outside.refused() && inside.taken() {
			return b(fmt.Sprintf("%s, %s", outside, inside))
		}
	}
	if e := h.of(dataOutside); e.refused() {
		return unseen(e.String() + ", and no such create was taken in a pool")
	}
	return unclear(h.of(dataOutside))
}

// dataEntry is the entry of a data volume, in a read of a notebook that runs.
func (h *history) dataEntry(path string) object {
	if text(bodyOf(h.of(readData)), "status") != "RUNNING" {
		return nil
	}
	return entryAt(listOf(bodyOf(h.of(readData)), "data_volumes"), path)
}

func seeData(path string, mountedIsB bool) see {
	return func(h *history) verdict {
		volume := h.dataEntry(path)
		if volume == nil {
			return unseen("no such data volume was made")
		}
		kind, status := text(volume, "mount_type"), text(volume, "status")
		why := fmt.Sprintf("a data volume has mount_type %s, status %s", shown(kind), shown(status))
		switch {
		case status == "MOUNTED":
			return either(mountedIsB, why)
		case kind == "STATIC" && status == "":
			return either(!mountedIsB, why)
		}
		return other(why)
	}
}

func seeDataInMounts(h *history) verdict {
	list := h.of(mountsOfData)
	if h.dataEntry(dataPath) == nil || !list.taken() {
		return unclear(list)
	}
	has := mountAt(list, dataPath) != nil
	return either(has, fmt.Sprintf("the list of mounts holds a data volume: %t", has))
}

func seeDataSource(h *history) verdict {
	volume := h.dataEntry(dataPath)
	if volume == nil {
		return unseen("no such data volume was made")
	}
	return either(text(volume, "url") == "", "the url of a data volume is "+state(volume, "url"))
}

func seeBroken(h *history) verdict {
	if e := h.of(dataBroken); !e.taken() {
		return unclear(e)
	}
	read := h.of(readBroken)
	status := text(bodyOf(read), "status")
	volume := text(entryAt(listOf(bodyOf(read), "data_volumes"), dataPath), "status")
	why := fmt.Sprintf("the notebook is %s, the status of the data volume %s", shown(status), shown(volume))
	switch {
	case status == failedCreate || status == "START_FAILED":
		return b(why)
	case status != "RUNNING":
		return other(why)
	case volume == "MOUNTED":
		return unseen("the data volume could be mounted after all")
	}
	return a(why)
}

// hadMount reports whether the notebook had the mount that the life is about.
func (h *history) hadMount() bool {
	return text(mountAt(h.of(mountsRunning), mountPath), "status") == "MOUNTED"
}

func seeMountInData(h *history) verdict {
	read := h.of(readMounted)
	if !h.hadMount() || !read.taken() {
		return unclear(h.of(mounted))
	}
	has := entryAt(listOf(read.body, "data_volumes"), mountPath) != nil
	return either(has, fmt.Sprintf("data_volumes hold a mount: %t", has))
}

func seeAfterStart(id string) see {
	return func(h *history) verdict {
		stopped, first, last := h.of(mountsStopped), h.of(mountsAtOnce), h.of(mountsLater)
		if !h.hadMount() || !first.taken() || !last.taken() {
			return unclear(first)
		}
		status := func(e *exchange) string {
			if mount := mountAt(e, mountPath); mount != nil {
				return text(mount, "status")
			}
			return "none"
		}
		seen := ""
		switch {
		case status(last) == "none":
		case status(last) != "MOUNTED":
			return other("the mount is " + shown(status(last)) + " some time after a start")
		case status(first) == "MOUNTED" && (!stopped.taken() || status(stopped) != "none"):
			seen = "mount-kept"
		default:
			seen = "mount-remounted"
		}
		why := fmt.Sprintf("the mount is %s right after a start, %s later", shown(status(first)), shown(status(last)))
		if stopped.taken() {
			why = fmt.Sprintf("the mount is %s while STOPPED; %s", shown(status(stopped)), why)
		}
		return either(seen == id, why)
	}
}

func seeUnmounted(h *history) verdict {
	e := h.of(mountsAfter)
	if !h.of(unmounted).taken() || !e.taken() {
		return unclear(h.of(unmounted))
	}
	switch mount := mountAt(e, mountPathToGo); {
	case mount == nil:
		return a("nothing is left")
	case text(mount, "status") == "UNMOUNTED":
		return b("an entry with UNMOUNTED is left")
	default:
		return other("an entry with " + shown(text(mount, "status")) + " is left")
	}
}
