package lifecycle

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A write that is refused because there are too many requests has not happened: it
// is sent again for as long as the operation may take.
func TestThrottledWritesAreWaitedThrough(t *testing.T) {
	for name, act := range map[string]func(context.Context, Instance) error{
		"stop": func(ctx context.Context, i Instance) error {
			_, err := i.Stop(ctx)
			return err
		},
		"delete": func(ctx context.Context, i Instance) error { return i.Delete(ctx, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(quick, running)
				began := time.Now()
				f.always = func(op string) *fault {
					if op == "ShowNotebook" || time.Since(began) > 5*time.Minute {
						return nil
					}
					return &fault{before: throttled}
				}
				if err := act(f.limited(t, 10*time.Minute), f.instance()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A new notebook that could not be read when the time was up is not known to have
// failed.
func TestThrottledLooksCondemnNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(quick, running)
		ctx := f.limited(t, time.Minute)
		nb, err := f.creator(new(Creates)).Create(ctx, request())
		if err != nil {
			t.Fatal(err)
		}
		f.always = func(string) *fault { return &fault{before: throttled} }
		i := f.instance()
		i.ID = nb.ID
		created := i.AwaitCreation(ctx, Creation{})
		if created.Err == nil || created.Failed() || !strings.Contains(created.Err.Error(), "ModelArts.6101") {
			t.Errorf("failed: %v, %v", created.Failed(), created.Err)
		}
	})
}
