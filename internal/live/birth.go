package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The labels of what is asked before there is a notebook, and at its creation.
const (
	theFlavors      = "the list of flavors"
	theGroups       = "the list of image groups without a limit"
	ownImages       = "the list of own images"
	imagesUntyped   = "the list of images without a type"
	thePools        = "the list of pools"
	theAuthority    = "the list of authorizations"
	withExpired     = "a call with an expired token"
	createUnsized   = "a create without a capacity"
	createSized     = "a create with a capacity"
	createPlain     = "a create with plainer endpoints"
	createBare      = "a create without endpoints"
	readAtOnce      = "the read right after the create"
	listAtOnce      = "the list right after the create"
	failedCreate    = "CREATE_FAILED"
	theAuthorityAPI = "v2"
)

// catalogue asks what there is, and chooses a flavor and an image.
func (l *life) catalogue(ctx context.Context) error {
	get := func(label string, query url.Values, path ...string) *exchange {
		return l.call(ctx, request{label: label, method: http.MethodGet, path: path, query: query})
	}
	flavors := get(theFlavors, nil, "notebooks", "flavors")
	preset := get("the list of preset images", url.Values{"type": {"BUILD_IN"}, "limit": {"200"}}, "images")
	own := get(ownImages, workspace0("type", "DEDICATED"), "images")
	if name := text(bodyOf(own), "data", 0, "name"); name != "" {
		get(imagesUntyped, workspace0("name", name), "images")
	}
	get(theGroups, nil, "images", "group")
	pools := get(thePools, workspace0("type", "DEDICATED"), "authoring", "clusters")
	for _, entry := range listOf(bodyOf(pools), "data") {
		if l.o.Pool != "" && (entry["pool_id"] == l.o.Pool || entry["logic_cluster_id"] == l.o.Pool) {
			l.pool = entry
		}
	}
	l.call(ctx, request{label: theAuthority, method: http.MethodGet, path: []string{"authorizations"}, version: theAuthorityAPI})
	if l.o.ExpiredToken != "" {
		l.call(ctx, request{label: withExpired, method: http.MethodGet, path: []string{"notebooks"}, token: l.o.ExpiredToken})
	}
	if err := l.choose(flavorsOf(flavors), listOf(bodyOf(preset), "data")); err != nil {
		return err
	}
	older, _ := l.find(ctx, Prefix, "0")
	for _, name := range older {
		l.say("an earlier run has left the notebook %s: -clean deletes it", name)
	}
	l.say("flavor %s, image %s", text(l.flavor, "id"), text(l.image, "name"))
	return ctx.Err()
}

// flavorsOf are the flavors of an answer, from whichever member holds them.
func flavorsOf(e *exchange) []object {
	if list := listOf(bodyOf(e), "flavors"); len(list) > 0 {
		return list
	}
	return listOf(bodyOf(e), "data")
}

// choose takes the smallest flavor that can be used with a preset image, and that
// image, unless the options name them.
func (l *life) choose(flavors, images []object) error {
	slices.SortStableFunc(flavors, func(a, b object) int {
		return cmp.Or(cmp.Compare(text(b, "arch"), text(a, "arch")), // x86_64 first
			cmp.Compare(millis(a, "vcpus"), millis(b, "vcpus")), cmp.Compare(millis(a, "memory"), millis(b, "memory")))
	})
	for _, flavor := range flavors {
		usable := text(flavor, "category") == "CPU" && text(flavor, "feature") == "NOTEBOOK" && !truth(flavor, "sold_out") &&
			slices.Contains(words(flavor, "storages"), "EVS")
		if l.o.Flavor != "" {
			usable = text(flavor, "id") == l.o.Flavor
		}
		for _, image := range images {
			if usable && l.fits(flavor, image) {
				l.flavor, l.image = flavor, image
				return nil
			}
		}
	}
	if l.o.Flavor != "" && l.o.Image != "" { // neither may be in the lists
		l.flavor, l.image = object{"id": l.o.Flavor}, object{"id": l.o.Image}
		return nil
	}
	return errors.New("there is no flavor with an image for it: name both")
}

// fits reports whether an image can be used with a flavor, and is the one that is
// asked for.
func (l *life) fits(flavor, image object) bool {
	if l.o.Image != "" {
		return text(image, "id") == l.o.Image
	}
	categories, services := words(image, "resource_categories"), words(image, "dev_services")
	return strings.EqualFold(text(image, "arch"), text(flavor, "arch")) && text(image, "status") == "ACTIVE" &&
		(len(categories) == 0 || slices.Contains(categories, text(flavor, "category"))) &&
		slices.Contains(services, "NOTEBOOK") && (l.o.KeyPair == "" || slices.Contains(services, "SSH"))
}

// words is a member that is a list of texts.
func words(value any, path ...any) []string {
	found, _ := at(value, path...)
	list, _ := found.([]any)
	var texts []string
	for _, element := range list {
		if s, ok := element.(string); ok {
			texts = append(texts, s)
		}
	}
	return texts
}

// Addresses reserved for documentation (RFC 5737): no machine has them. The block has host bits.
const (
	anAddress    = "192.0.2.1"
	aBlock       = "192.0.2.7/24"
	otherAddress = "192.0.2.9"
)

// ssh is the member endpoints with an SSH endpoint.
func (l *life) ssh(addresses ...string) []object {
	endpoint := object{"service": "SSH", "key_pair_names": []string{l.o.KeyPair}}
	if len(addresses) > 0 {
		endpoint["allowed_access_ips"] = addresses
	}
	return []object{endpoint}
}

// birth makes the notebook: with as little said as the service takes.
func (l *life) birth(ctx context.Context) error {
	unsized := object{"category": "EVS", "ownership": "MANAGED"}
	type attempt struct {
		label   string
		changes object
	}
	attempts := []attempt{{createUnsized, object{"volume": unsized}}, {createSized, object{}}}
	if l.o.KeyPair != "" {
		for _, a := range attempts {
			a.changes["endpoints"] = l.ssh(anAddress, aBlock)
		}
		attempts = append(attempts, attempt{createPlain, object{"endpoints": l.ssh(anAddress)}}, attempt{createBare, object{}})
	}
	for _, a := range attempts {
		id, e := l.create(ctx, a.label, l.body("", a.changes))
		if l.h.main = id; id == "" {
			if e.outcome() == "" {
				return fmt.Errorf("%s", e) // it may exist, and will not be made twice
			}
			continue
		}
		l.read(ctx, readAtOnce)
		l.listed(ctx, listAtOnce)
		return l.grownUp(ctx)
	}
	return errors.New("no create was taken")
}

// grownUp waits until the new notebook runs.
func (l *life) grownUp(ctx context.Context) error {
	status, err := l.settle(ctx, l.h.main, "")
	if err == nil && status == failedCreate && l.startFailed(ctx, l.h.main, status) {
		return nil
	}
	if err == nil && status != "RUNNING" {
		return fmt.Errorf("the creation ended in %s", shown(status))
	}
	return err
}
