package live

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

func seeStoppedOnly(h *history) verdict {
	return agreed(
		judgeState(h.of(nameRunning), answerA, answerB),
		judgeState(h.of(textRunning), answerA, answerB),
		judgeState(h.of(growRunning), answerA, answerB),
	)
}

// changesIn are the labels of the changes that are asked for in each status.
var changesIn = map[string][]string{
	"RUNNING": {nameRunning, textRunning, growRunning, flavorRunning, accessRunning, putData},
	"STOPPED": {nameStopped, growStopped},
}

// codesByStatus name the status that there is.
var codesByStatus = map[string]string{"RUNNING": "6305", "STOPPED": "6307"}

func seeRefusals(id string) see {
	return func(h *history) verdict {
		list := []verdict{unseen("no change was refused because of the status")}
		for _, status := range []string{"RUNNING", "STOPPED"} {
			for _, label := range changesIn[status] {
				e := h.of(label)
				if !e.refusedFor(wrongState...) {
					continue
				}
				seen := map[string]string{"6347": "A", "6327": "update-refusal-6327", codesByStatus[status]: "update-refusal-by-status"}[e.code]
				switch seen {
				case "":
					list = append(list, other(e))
				default:
					list = append(list, either(seen == id, fmt.Sprintf("changes while %s are refused with %s", status, e.fullCode())))
				}
			}
		}
		return agreed(list...)
	}
}

func seeEmptied(h *history) verdict {
	if e := h.of(emptyText); !e.taken() {
		return judge(e, nil)
	}
	read := whole(h.of(readEmptied))
	if read == nil {
		return unclear(h.of(readEmptied))
	}
	is := state(read, "description")
	return either(is == "full", "the description is "+is+" after an empty one was sent")
}

func seeUpdateAnswer(h *history) verdict {
	list := []verdict{unseen("no change was taken")}
	for _, e := range h.list {
		body := whole(e)
		if e.method == http.MethodPut && body != nil && slices.Equal(e.path, []string{"notebooks", h.main}) {
			switch has := present(body, []string{"id", "status"}); len(has) {
			case 0:
				list = append(list, a("answers to changes have neither id nor status"))
			case 2:
				list = append(list, b("answers to changes have id and status"))
			default:
				list = append(list, other("answers to changes have "+has[0]))
			}
		}
	}
	return agreed(list...)
}

// serviceOf is the service of an endpoint, by either name of the member.
func serviceOf(endpoint object) string {
	return strings.ToUpper(text(endpoint, "service") + text(endpoint, "dev_service"))
}

// endpoint is that of a service in an answer; nil when there is none.
func endpoint(e *exchange, service string) object {
	for _, found := range listOf(bodyOf(e), "endpoints") {
		if serviceOf(found) == service {
			return found
		}
	}
	return nil
}

func seeAddresses(id string) see {
	return func(h *history) verdict {
		ssh := endpoint(h.of(readRunning), "SSH")
		if ssh == nil {
			return unseen("no answer had an SSH endpoint")
		}
		is := state(ssh, "allowed_access_ips")
		why := "allowed_access_ips of an endpoint with addresses is " + is
		if is == "absent" && seeNone(h).answer != answerA {
			return unseen(why + ", which may be an empty one")
		}
		switch id {
		case "ips-absent":
			if is == "null" {
				return other(why)
			}
			return either(is == "absent", why)
		case "ips-ignored":
			if is == "absent" || is == "null" {
				return unseen(why)
			}
			return either(is == "empty", why)
		}
		if is != "full" {
			return unseen(why)
		}
		return spelled(asked(h.madeBy(mainCreates...)), words(ssh, "allowed_access_ips"))
	}
}

// asked are the addresses of the endpoint that a create asked for.
func asked(e *exchange) []string {
	if e == nil {
		return nil
	}
	endpoints, _ := e.sent["endpoints"].([]object)
	if len(endpoints) == 0 {
		return nil
	}
	addresses, _ := endpoints[0]["allowed_access_ips"].([]string)
	return addresses
}

// spelled compares addresses with those that were asked for.
func spelled(asked, got []string) verdict {
	var normal []string
	for _, address := range asked {
		block, err := netip.ParsePrefix(address)
		if err != nil {
			block = netip.PrefixFrom(netip.MustParseAddr(address), 32)
		}
		normal = append(normal, block.Masked().String())
	}
	switch {
	case slices.Equal(got, asked):
		return a("addresses came back as they were sent")
	case slices.Equal(got, normal):
		return b("addresses came back normalised")
	}
	return other("addresses came back otherwise")
}

func seeKeptAddresses(h *history) verdict {
	if v := seeAddresses("ips-ignored")(h); v.answer != answerA {
		return unseen(v.why)
	}
	if e := h.of(accessStopped); !e.taken() {
		return unclear(e)
	}
	ssh := endpoint(h.of(readRestarted), "SSH")
	if ssh == nil {
		return unseen("the SSH endpoint was not shown again")
	}
	is := state(ssh, "allowed_access_ips")
	return either(is == "full", "allowed_access_ips is "+is+" after a change of the endpoint without them")
}

func seeNetwork(h *history) verdict {
	read := whole(h.of(readRestarted))
	if !h.of(networkStopped).taken() || read == nil {
		return unclear(h.of(networkStopped))
	}
	is := state(read, "public_network_config")
	return either(is != "absent", "public_network_config is "+is)
}

func seeConflict(h *history) verdict {
	answers := map[string]string{"6357": answerA, "6305": answerB, "6306": answerB, "6307": answerB, "6308": answerB}
	return agreed(judge(h.of(startRunning), answers), judge(h.of(stopStopped), answers))
}

func seeStartOf(status string) see {
	answers := map[string]string{anyRefusal: answerA, wasTaken: answerB}
	return func(h *history) verdict {
		return agreed(judge(h.of("a start of an instance in "+status), answers), judge(h.of("a stop of an instance in "+status), answers))
	}
}

func seeDeleteAnswer(h *history) verdict {
	e := h.madeBy(deleteRunning, deleteStopped)
	switch {
	case e == nil:
		return unclear(h.of(deleteRunning))
	case e.status == http.StatusNoContent:
		return b(e)
	case text(e.body, "id") != "":
		return a(e.String() + " with the instance")
	}
	return other(e.String() + " without the instance")
}

func seeGone(id string) see {
	return func(h *history) verdict {
		e := h.of(afterDelete)
		if !isGone(e) {
			return unclear(e)
		}
		seen := "A"
		switch {
		case e.taken():
			seen = "gone-deleted"
		case e.code == "6357":
			seen = "gone-6357"
		case e.status == http.StatusNotFound:
			seen = "gone-404"
		case e.code == "6404":
			seen = "gone-6404"
		}
		if e.taken() {
			return either(seen == id, "a read after the delete shows DELETED")
		}
		if e.status != http.StatusBadRequest && e.status != http.StatusNotFound {
			return other(e)
		}
		return either(seen == id, e)
	}
}
