package lifecycle

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Answers of another node are doubted for half a minute after a change, whatever
// the interval: what lasts for less is no news, and what lasts for longer is
// believed soon.
func TestDoubtIsATime(t *testing.T) {
	// until lets the calls of an operation meet a fault for a time.
	until := func(op string, limit time.Duration, trouble fault) func(*fake) {
		return func(f *fake) {
			began := time.Now()
			f.always = func(called string) *fault {
				if called != op || time.Since(began) > limit {
					return nil
				}
				return &trouble
			}
		}
	}
	const short, long = 25 * time.Second, time.Hour
	denied, old, busy := fault{before: refuse("6309")}, fault{lag: time.Hour}, fault{before: refuse("6357")}
	lost := func(after time.Duration) func(*fake) {
		return func(f *fake) {
			f.hiddenFromLists = after
			f.next["CreateNotebook"] = []fault{{after: noAnswer}}
		}
	}
	tokens := func(limit time.Duration) func(*fake) {
		return func(f *fake) {
			until("ShowNotebook", limit, old)(f)
			f.startsThatFail = 1
		}
	}
	refresh := func(ctx context.Context, i Instance, _ *fake) error {
		nb, err := i.Refresh(ctx, always(true), func(*modelarts.Notebook) bool { return true })
		if err == nil && nb.Status == deleted {
			return context.Canceled // "believed"
		}
		return err
	}
	follow := func(ctx context.Context, i Instance, _ *fake) error { return i.AwaitCreation(ctx, Creation{}).Err }
	remove := func(ctx context.Context, i Instance, _ *fake) error { return i.Delete(ctx, always(true)) }
	start := func(ctx context.Context, i Instance, f *fake) error {
		f.put(f.find("n"), stopped)
		_, err := i.Start(ctx, Lease{}, &modelarts.Notebook{Status: stopped, Token: new("token 1")})
		return err
	}
	create := func(ctx context.Context, i Instance, f *fake) error {
		_, err := Creator{Service: f, Reader: f, Creates: new(Creates), PollInterval: i.PollInterval}.Create(ctx, request())
		return err
	}
	rename := func(ctx context.Context, i Instance, _ *fake) error {
		change := Change{Argument: "name", AnyState: true, Write: func(r *modelarts.NotebookUpdateRequest) { r.Name = new("new") }}
		return i.Update(ctx, Wish{Changes: []Change{change}}).Err
	}
	for name, test := range map[string]struct {
		act      func(context.Context, Instance, *fake) error
		setUp    func(*fake)
		err      string
		from, to time.Duration // how long it takes; to zero: a minute more than from, or the interval
	}{
		"an absence that is short":      {act: refresh, setUp: until("ShowNotebook", short, denied)},
		"an absence that lasts":         {act: refresh, setUp: until("ShowNotebook", long, denied), err: "canceled", from: staleFor, to: staleFor + time.Second},
		"a delete denied for short":     {act: remove, setUp: until("ShowNotebook", short, denied)},
		"a new one denied for short":    {act: follow, setUp: until("ShowNotebook", short, denied)},
		"a new one denied for long":     {act: follow, setUp: until("ShowNotebook", long, denied), err: "DELETED", from: staleFor, to: staleFor + time.Second},
		"the old token for short":       {act: start, setUp: tokens(short), err: "START_FAILED"},
		"the old token for long":        {act: start, setUp: tokens(long), from: staleFor},
		"a lost create found late":      {act: create, setUp: lost(short)},
		"a lost create that is not":     {act: create, setUp: lost(long), err: "The search found no matching notebook", from: staleFor},
		"a change refused for short":    {act: rename, setUp: until("UpdateNotebook", short, busy)},
		"a change refused for too long": {act: rename, setUp: until("UpdateNotebook", long, busy), err: "6357", from: staleFor},
	} {
		for _, interval := range []time.Duration{time.Second, 10 * time.Second, time.Minute} {
			t.Run(name+"/"+interval.String(), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newFake(quick, running)
					i := f.instance()
					i.PollInterval = interval
					test.setUp(f)
					began := time.Now()
					err := test.act(f.limited(t, 10*time.Minute), i, f)
					if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
						t.Errorf("the error is %v, want %q", err, test.err)
					}
					most := test.to
					if most == 0 {
						most = staleFor + 30*time.Second + 2*interval
					}
					if took := time.Since(began); took < test.from || took > most {
						t.Errorf("it took %s, want %s to %s", took, test.from, most)
					}
				})
			})
		}
	}
}
