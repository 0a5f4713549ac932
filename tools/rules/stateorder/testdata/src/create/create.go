package create

import (
	"lifecycle"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

type model struct{ id string }

type making struct{ await func(id string) error }

func request() (string, error) { return "", nil }

func right(resp *resource.CreateResponse) { // want right:"writes both"
	id, err := request()
	if err != nil {
		return
	}
	resp.State.Raw = model{id}
	identify(resp.Identity, id)
	lifecycle.Await(id)
}

func nothing(resp *resource.CreateResponse) { // want nothing:"writes both"
	id, _ := request()
	lifecycle.Await(id) // want "Await waits before the state and the identity are written"
	resp.State.Set(model{id})
	identify(resp.Identity, id)
}

func noIdentity(resp *resource.CreateResponse) error { // want noIdentity:"writes the state"
	id, _ := request()
	resp.State.Set(model{id})
	return lifecycle.Await(id) // want "Await waits before the identity is written"
}

func noState(resp *resource.CreateResponse, m making) { // want noState:"writes both"
	id, _ := request()
	identify(resp.Identity, id)
	if err := m.await(id); err != nil { // want "await waits before the state is written"
		return
	}
	resp.State.Set(model{id})
}

func onOneWay(resp *resource.CreateResponse, known bool) { // want onOneWay:"writes the identity"
	id, _ := request()
	identify(resp.Identity, id)
	if known {
		resp.State.Set(model{id})
	}
	lifecycle.Await(id) // want "Await waits before the state is written"
}

func onEachWay(resp *resource.CreateResponse, kind int) { // want onEachWay:"writes both"
	id, _ := request()
	switch kind {
	case 1:
		resp.State.Raw = model{id}
	case 2:
		return
	default:
		resp.State.SetAttribute(path.Root("id"), id)
	}
	if kind == 1 {
		identify(resp.Identity, id)
	} else {
		resp.Identity.Set(id)
	}
	lifecycle.Await(id)
}

func inALoop(resp *resource.CreateResponse, ids []string) {
	for _, id := range ids {
		resp.State.Set(model{id})
		identify(resp.Identity, id)
	}
	lifecycle.Await("") // want "Await waits before the state and the identity are written"
}

func anotherAttribute(resp *resource.CreateResponse) { // want anotherAttribute:"writes the identity"
	id, _ := request()
	identify(resp.Identity, id)
	resp.State.SetAttribute(path.Root("status"), "CREATING")
	lifecycle.Await(id) // want "Await waits before the state is written"
}

// begin writes both for its caller, by a function that stands below it.
func begin(resp *resource.CreateResponse) string { // want begin:"writes both"
	id, err := request()
	if err != nil {
		return ""
	}
	resp.State.Set(model{id})
	identify(resp.Identity, id)
	return id
}

func byACallee(resp *resource.CreateResponse) { // want byACallee:"writes both"
	lifecycle.Await(begin(resp))
}

func identify(identity *tfsdk.ResourceIdentity, id string) { identity.Set(id) } // want identify:"writes the identity"

func perhaps(resp *resource.CreateResponse, known bool) {
	if known {
		begin(resp)
	}
}

func byACalleePerhaps(resp *resource.CreateResponse) {
	perhaps(resp, true)
	lifecycle.Await("") // want "Await waits before the state and the identity are written"
}

// parts has a state and an identity in place of a response.
func parts(identity *tfsdk.ResourceIdentity, state *tfsdk.State) { // want parts:"writes both"
	lifecycle.Await("") // want "Await waits before the state and the identity are written"
	state.Set(model{})
	identity.Set("")
	lifecycle.Await("")
}

// A function literal runs at another time, and an update has no create's response.
func later(resp *resource.CreateResponse) making {
	return making{await: func(id string) error { return lifecycle.Await(id) }}
}

func update(state *tfsdk.State) { lifecycle.Await("") }
