// Package distort changes the answers of a service, for tests of how a client
// deals with answers that no source shows. A [Server] stands before the service
// and drops, nulls, empties, renames, re-spells, re-types, reorders or delays members of
// its JSON answers about notebooks, their mounts and images, in lists or in the answers
// about one object, in some statuses or in all. A distortion is what a service could do:
// it does the same each time.
//
// The package knows nothing of Terraform and shares no code with the client.
package distort

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Kind is what happens to a member.
type Kind string

// The kinds of distortions.
const (
	Drop   Kind = "drop"   // it is left out
	Null   Kind = "null"   // it is null
	Empty  Kind = "empty"  // it is an empty text, list or object, or 0
	Rename Kind = "rename" // the member has an unknown name
	Retype Kind = "retype" // it has another JSON type: a number is a text, a list an object
	// Reorder turns a list around.
	Reorder Kind = "reorder"
	// Delay shows the value from before the last request that changed the notebook,
	// or from before the last change of its status, for some time.
	Delay Kind = "delay"

	// The spellings of a text.

	Case     Kind = "case"     // in the other letter case
	Slash    Kind = "slash"    // with a slash more or less at its end
	Category Kind = "category" // OBS as OBSFS, EFS as SFS, and the other way round
	Block    Kind = "block"    // an address as a block of one address
)

// Place is where a distortion happens.
type Place string

// The places of distortions.
const (
	Everywhere Place = "everywhere"
	Details    Place = "details" // in answers about one object
	Lists      Place = "lists"
)

// While says in which statuses of a notebook a distortion happens.
type While string

// The statuses in which distortions happen.
const (
	Always  While = "always"
	Pending While = "pending" // on the way from one status to another
	Settled While = "settled"
	Running While = "running"
	Stopped While = "stopped" // settled, and not RUNNING
)

// Distortion is one way in which answers differ from those of the service.
type Distortion struct {
	Kind Kind
	// Member is the path of a member of [Members], [MountMembers] or [ImageMembers].
	Member string
	Place  Place
	While  While
}

// String is the distortion as [Parse] reads it: "drop volume.uri details stopped".
func (d Distortion) String() string {
	return strings.Join([]string{string(d.Kind), d.Member, string(d.Place), string(d.While)}, " ")
}

// Parse reads distortions as String writes them, with commas between them. It
// fails for one that [Distortion.Validate] refuses.
func Parse(text string) ([]Distortion, error) {
	var list []Distortion
	for part := range strings.SplitSeq(text, ",") {
		words := strings.Fields(part)
		if len(words) != 4 {
			return nil, fmt.Errorf("%q is not: kind, member, place, status", part)
		}
		d := Distortion{Kind(words[0]), words[1], Place(words[2]), While(words[3])}
		if err := d.Validate(); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// Validate refuses what does not exist, and what is done to an essential member.
func (d Distortion) Validate() error {
	members := all()
	at := slices.IndexFunc(members, func(m Member) bool { return m.Path == d.Member })
	switch {
	case at < 0:
		return fmt.Errorf("%s: there is no member %q", d, d.Member)
	case !slices.Contains(members[at].Kinds(), d.Kind):
		return fmt.Errorf("%s: the member has only %v", d, members[at].Kinds())
	case !slices.Contains([]Place{Everywhere, Details, Lists}, d.Place):
		return fmt.Errorf("%s: there is no place %q", d, d.Place)
	case !slices.Contains([]While{Always, Pending, Settled, Running, Stopped}, d.While):
		return fmt.Errorf("%s: there is no status %q", d, d.While)
	case d.Place != Lists && Essential[d.Member] != "" && !slices.Contains([]Kind{Delay, Case, Slash}, d.Kind):
		return fmt.Errorf("%s: the member is essential: %s", d, Essential[d.Member])
	}
	return nil
}

// Random is a distortion of one of the members.
func Random(random *rand.Rand, of []Member) Distortion {
	for {
		member := of[random.IntN(len(of))]
		d := Distortion{
			Kind: pick(random, member.Kinds()), Member: member.Path,
			Place: pick(random, []Place{Everywhere, Everywhere, Everywhere, Details, Details, Details, Lists, Lists}),
			While: pick(random, []While{Always, Always, Always, Always, Stopped, Stopped, Running, Running, Settled, Pending}),
		}
		if d.Kind == Delay {
			d.While = Always
		}
		if d.Validate() == nil {
			return d
		}
	}
}

func pick[T any](random *rand.Rand, of []T) T { return of[random.IntN(len(of))] }
