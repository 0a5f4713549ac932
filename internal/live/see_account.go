package live

import (
	"net/http"
)

func seeNoAuthorization(h *history) verdict {
	for _, label := range mainCreates {
		e := h.of(label)
		switch {
		case e.refusedFor("6701"):
			return a(e)
		case e.refusedFor("6379", "6376", "0428"):
			return b(e)
		}
	}
	return unseen("the account has authorized ModelArts")
}

// authorizations are the entries of the list, from whichever member holds them.
func (h *history) authorizations() []object {
	body := bodyOf(h.of(theAuthority))
	return append(listOf(body, "auth"), listOf(body, "content")...)
}

func seeAllUsers(h *history) verdict {
	if e := h.of(theAuthority); !e.taken() {
		return unclear(e)
	}
	for _, entry := range h.authorizations() {
		switch entry["user_id"] {
		case "all-users":
			return a("an authorization is for all-users")
		case "all":
			return b("an authorization is for all")
		}
	}
	return unseen("there is no authorization for all users")
}

func seeAuthorizations(h *history) verdict {
	e := h.of(theAuthority)
	if !e.taken() {
		return unclear(e)
	}
	return members(whole(e), "the list of authorizations", []string{"auth"}, []string{"content"})
}

func seeExpired(h *history) verdict {
	e := h.of(withExpired)
	switch {
	case e.taken():
		return unseen("the token is still valid")
	case e.refusedFor("6401"):
		return b(e)
	case e != nil && e.status == http.StatusUnauthorized:
		return a(e)
	case e == nil || e.status == 0:
		return unclear(e)
	}
	return other(e)
}
