// Package live leads one small notebook through a life on the service and says
// which answer the service gives to each open question of the contract. It looks
// at answers as they are on the wire, since a member that is absent, null or
// empty says different things.
//
// A life records every exchange under a label (life.go, running.go, stopped.go,
// further.go). A table says for each question how the recorded exchanges answer
// it (questions.go and what it names). What was made is deleted whatever happens
// (cleanup.go).
//
// It knows the names of the simulator's options and asks any service: the real
// one, or the simulator, which the tests use
// to show that what is reported is what was set.
package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Options say where the service is, what may be made there, and what there is to
// make it with. What is empty is not made, and the questions that need it are
// reported as not asked.
type Options struct {
	// Client authenticates requests and follows no redirect.
	Client *http.Client
	// Plain sends requests as they are. It carries ExpiredToken.
	Plain *http.Client
	// Endpoint is the base URL of the API.
	Endpoint *url.URL
	// Project is the ID of the project.
	Project string

	// Flavor and Image are those of the notebook. Empty: the smallest CPU flavor
	// that is not sold out, and a preset image for it.
	Flavor, Image string
	// KeyPair is the name of a key pair for an SSH endpoint, which is open to
	// addresses of the documentation only.
	KeyPair string
	// Mount is a folder of a parallel file system, obs://bucket/folder/.
	Mount string
	// ObjectBucket is a folder of a bucket that is none.
	ObjectBucket string
	// Unmountable is a folder that the service cannot mount.
	Unmountable string
	// Secret is the name of a secret with the keys to Mount, for main volumes.
	Secret string
	// Organization is that of the container registry which an image is saved to.
	Organization string
	// Pool is the ID of a dedicated pool.
	Pool string
	// Workspace is one beside workspace 0.
	Workspace string
	// EFS allows a file system of 50 GB for a few minutes.
	EFS bool
	// Grow allows the disk to grow by 101 GB.
	Grow bool
	// ExpiredToken is a token of the project that has expired.
	ExpiredToken string

	// Secrets are texts that no output holds.
	Secrets []string
	// Pace says how often and how long the life waits.
	Pace Pace
	// Log is told of each step. It must not be nil.
	Log io.Writer
}

// Pace is how often and how long a life waits.
type Pace struct {
	// Poll is the time between two looks at something that is under way.
	Poll time.Duration
	// Late is how late the service may show something. What it has not shown by
	// then it does not show.
	Late time.Duration
	// Patience is how long one transition may take.
	Patience time.Duration
	// Cleanup is how long the deletion of everything may take.
	Cleanup time.Duration
}

// DefaultPace is that for the real service.
var DefaultPace = Pace{Poll: 5 * time.Second, Late: 20 * time.Second, Patience: 30 * time.Minute, Cleanup: 20 * time.Minute}

// Prefix begins the names of everything that is made.
const Prefix = "make-live-"

// Run leads the life and deletes what it has made, also when ctx ends. The report
// holds what was seen until then. hurry, when it ends, ends the deletion too: the
// report then names what may be left. The error is why the life ended early or
// what is left; nil when neither.
func Run(ctx, hurry context.Context, o Options) (*Report, error) {
	l := newLife(o)
	err := l.lead(ctx)
	if err != nil {
		l.h.ended = l.secrets.scrub(err.Error())
		l.say("the life ended early: %v", err)
	}
	left := l.cleanUp(hurry)
	report := newReport(l.h, o)
	if len(left) > 0 {
		err = errors.Join(err, fmt.Errorf("these may be left, and cost money; delete them: %s", strings.Join(left, ", ")))
	}
	return report, err
}

// lead leads the life, chapter by chapter. Each leaves the notebook in the status
// that the next one needs.
func (l *life) lead(ctx context.Context) error {
	for _, chapter := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"the catalogue", l.catalogue},
		{"birth", l.birth},
		{"while it runs", l.running},
		{"mounts", l.mounts},
		{"an image", l.save},
		{"while it is stopped", l.stopped},
		{"the next start", l.restart},
		{"the end", l.end},
		{"further notebooks", l.further},
	} {
		l.say("--- %s", chapter.name)
		err := chapter.do(ctx)
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", chapter.name, err)
		}
	}
	return nil
}
