package live

import (
	"strings"
)

func seeLeaseCase(h *history) verdict {
	answers := map[string]string{anyRefusal: answerA, wasTaken: answerB}
	return agreed(judge(h.of(createUpperCase), answers), judge(h.of(startUpperCase), answers))
}

func seeLeaseType(h *history) verdict {
	list := []verdict{unseen("no answer had a lease type")}
	for _, e := range h.details() {
		if kind := text(e.body, "lease", "type"); kind != "" {
			list = append(list, byCase(kind, "a lease type"))
		}
	}
	return agreed(list...)
}

// byCase is A for a text in upper case, B for one in lower.
func byCase(value, name string) verdict {
	why := name + " was in upper case"
	if value != strings.ToUpper(value) {
		why = name + " was in lower case"
	}
	switch value {
	case strings.ToUpper(value):
		return a(why)
	case strings.ToLower(value):
		return b(why)
	}
	return other(name + " was in mixed case")
}

func seeRenewalBody(h *history) verdict {
	if e := h.of(renewBody); !e.taken() {
		return judge(e, nil)
	}
	duration := millis(bodyOf(h.of(readRenewed)), "lease", "duration")
	switch {
	case duration == 0:
		return unseen("no lease was shown after the renewal")
	case duration >= renewedBody:
		return a("the lease had the duration of the body")
	}
	return b("the body changed nothing")
}

func seeRenewalEcho(h *history) verdict {
	echo := func(label string, asked int64) verdict {
		e := h.of(label)
		duration := millis(bodyOf(e), "duration")
		switch {
		case !e.taken():
			return unclear(e)
		case duration == asked:
			return b(label + " was answered with the number asked")
		case duration > asked:
			return a(label + " was answered with more than the number asked")
		}
		return other(label + " was answered with less than the number asked")
	}
	list := []verdict{echo(renewQuery, renewedQuery)}
	if seeRenewalBody(h).answer == answerA {
		list = append(list, echo(renewBody, renewedBody))
	}
	return agreed(list...)
}

func seeIdleDuration(h *history) verdict {
	if !h.of(startUpperCase).taken() && !h.of(startLowerCase).taken() {
		return unclear(h.of(startLowerCase))
	}
	lease, _ := h.of(readRestarted).at("lease")
	kind, duration := text(lease, "type"), millis(lease, "duration")
	switch {
	case !strings.EqualFold(kind, "IDLE"):
		return unseen("the lease was not shown as an IDLE one")
	case duration == started:
		return b("an IDLE lease has the duration that was asked")
	case duration > started:
		return a("an IDLE lease has more than the duration that was asked")
	}
	return other("an IDLE lease has less than the duration that was asked")
}

func seeLeaseOff(h *history) verdict {
	e := h.of(renewOff)
	v := judge(e, map[string]string{"6349": answerA, wasTaken: answerB})
	if v.answer == answerB && truth(bodyOf(e), "enable") {
		return other(e.String() + ", and the lease stayed on")
	}
	return v
}

func seeCharacters(h *history) verdict {
	answers := map[string]string{wasTaken: answerA, "6334": answerB}
	return agreed(judge(h.of(newCharacters), answers), judge(h.of(newMarks), answers))
}
