package live_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/live"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// nothingLeft checks that the service holds nothing that a life has made.
func (r *run) nothingLeft(t *testing.T) {
	t.Helper()
	r.sim.ClearFaults()
	r.transport.before = nil
	if left := r.sim.Notebooks(); len(left) > 0 {
		t.Errorf("%d notebooks are left, the first is %s", len(left), left[0].Name)
	}
	target := "/v1/" + r.options.Project + "/images?type=DEDICATED&name=" + live.Prefix
	resp, err := r.transport.RoundTrip(httptest.NewRequest(http.MethodGet, target, http.NoBody))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err != nil || !strings.Contains(body.String(), `"total":0`) {
		t.Errorf("images are left: %s", &body)
	}
}

// notWrong checks that no answer is reported that is not set.
func (r *run) notWrong(t *testing.T, answers []string) {
	t.Helper()
	for _, row := range r.report.Rows {
		is := map[bool]string{true: "B", false: "A"}[slices.Contains(answers, row.ID)]
		if (row.Answer == "A" || row.Answer == "B") && row.Answer != is {
			t.Errorf("%s: %s, want %s: %s", row.ID, row.Answer, is, row.Why)
		}
	}
}

// TestLostCreates loses the answer to every create: each notebook is found by its
// name, and none is made twice.
func TestLostCreates(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]string{nil, {"list-lags"}, {"read-lags"}} {
		synctest.Test(t, func(t *testing.T) {
			r := newRun(t, simulator.Options{Answers: answers})
			everything(&r.options)
			r.sim.Inject(simulator.Fault{Operation: "CreateNotebook", Kind: simulator.FaultCutAfter, Count: -1})
			r.lead(t)
			if r.err != nil {
				t.Errorf("the life ended early: %v", r.err)
			}
			r.notWrong(t, answers)
			r.nothingLeft(t)
			if t.Failed() {
				t.Logf("%v\n%s", answers, &r.log)
			}
		})
	}
}

// TestNoSecondCreate cuts the first create before anything happens. The client
// cannot know that, so the life ends.
func TestNoSecondCreate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRun(t, simulator.Options{})
		r.sim.Inject(simulator.Fault{Operation: "CreateNotebook", Kind: simulator.FaultCutBefore})
		r.lead(t)
		creates := 0
		for _, request := range r.sim.Requests() {
			if request.Operation == "CreateNotebook" {
				creates++
			}
		}
		if creates != 1 || r.err == nil {
			t.Errorf("%d creates were sent; %v", creates, r.err)
		}
		r.nothingLeft(t)
	})
}

// TestSpoiledCalls spoils one call in ten, at random: nothing is left, and nothing
// is reported wrongly.
func TestSpoiledCalls(t *testing.T) {
	t.Parallel()
	kinds := []simulator.FaultKind{
		simulator.FaultCutBefore, simulator.FaultCutAfter, simulator.FaultHTML, simulator.FaultUnavailable,
		simulator.FaultTimeout, simulator.FaultTruncate, simulator.FaultEmpty, simulator.FaultThrottle,
	}
	for i := range lives() / 2 {
		random := rand.New(rand.NewPCG(*seed, uint64(i)))
		answers := combination(random)
		synctest.Test(t, func(t *testing.T) {
			r := newRun(t, simulator.Options{Answers: answers})
			everything(&r.options)
			for _, kind := range kinds {
				r.sim.Inject(simulator.Fault{Kind: kind, Count: -1, Probability: 0.1 / float64(len(kinds)), Seed: random.Uint64()})
			}
			r.lead(t)
			r.notWrong(t, answers)
			r.nothingLeft(t)
			if t.Failed() {
				t.Fatalf("life %d, %v: %v\n%s", i, answers, r.err, &r.log)
			}
		})
	}
}

// TestCancel ends the life at one request after another: what was made is deleted,
// and the report has what was seen.
func TestCancel(t *testing.T) {
	t.Parallel()
	step := 3
	if testing.Short() {
		step = 20
	}
	for at := 1; ; at += step {
		over := false
		synctest.Test(t, func(t *testing.T) {
			r := newRun(t, simulator.Options{})
			everything(&r.options)
			ctx, cancel := context.WithCancelCause(t.Context())
			n := 0
			r.transport.before = func(*http.Request) {
				n++
				if n == at {
					cancel(errors.New("it was interrupted"))
				}
			}
			r.report, r.err = live.Run(ctx, t.Context(), r.options)
			over = r.err == nil // the life was over by then
			if !over && !strings.Contains(r.err.Error(), "interrupted") {
				t.Errorf("request %d: %v", at, r.err)
			}
			r.notWrong(t, nil)
			r.nothingLeft(t)
			if t.Failed() {
				t.Fatalf("%s", &r.log)
			}
		})
		if over {
			return
		}
	}
}

// TestAbandon ends the deletion too: the error names what is left.
func TestAbandon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRun(t, simulator.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		r.transport.before = func(req *http.Request) {
			if strings.HasSuffix(req.URL.Path, "/tags/create") {
				cancel()
			}
		}
		r.report, r.err = live.Run(ctx, ctx, r.options)
		left := r.sim.Notebooks()
		if len(left) != 1 || r.err == nil || !strings.Contains(r.err.Error(), left[0].ID) {
			t.Errorf("%d are left: %v", len(left), r.err)
		}
		r.transport.before = nil
		if names := live.CleanUp(t.Context(), r.options); len(names) > 0 {
			t.Errorf("-clean leaves %v", names)
		}
		r.nothingLeft(t)
	})
}

// TestStubbornDeletes has deletes fail for a while.
func TestStubbornDeletes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRun(t, simulator.Options{Answers: []string{"delete-stopped-only", "gone-6357", "list-lags"}})
		r.sim.Inject(simulator.Fault{Kind: simulator.FaultDeleteFailed, Count: 2})
		r.sim.Inject(simulator.Fault{Operation: "DeleteNotebook", Kind: simulator.FaultRefuse, Code: "ModelArts.6102", Count: 3})
		r.lead(t)
		r.nothingLeft(t)
	})
}

// TestNoSecrets looks for what is secret in all that is printed and written.
func TestNoSecrets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRun(t, simulator.Options{})
		everything(&r.options)
		r.options.Secrets = []string{simulator.DefaultAccessKey, simulator.DefaultSecretKey}
		secret := []string{
			r.options.ExpiredToken, r.transport.token, r.options.Project, simulator.DefaultAccessKey, simulator.DefaultSecretKey,
			simulator.DefaultUserName, simulator.DefaultDomainName, r.options.Secret,
		}
		r.transport.before = func(*http.Request) {
			for _, n := range r.sim.Notebooks() {
				if !slices.Contains(secret, n.Token) {
					secret = append(secret, n.Token, n.UserID)
				}
				if n.URL != "" && !slices.Contains(secret, n.URL) {
					secret = append(secret, n.URL)
				}
			}
		}
		r.sim.Inject(simulator.Fault{Kind: simulator.FaultCutAfter, Count: 5, Skip: 30})
		r.sim.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Code: simulator.DefaultSecretKey, Message: simulator.DefaultSecretKey, Status: 400, Count: 3, Skip: 60})
		r.lead(t)
		out := r.written(t)
		for _, text := range secret {
			if strings.Contains(out, text) {
				t.Errorf("the output has %q", text)
			}
		}
	})
}

// written is all that a run prints and writes.
func (r *run) written(t *testing.T) string {
	t.Helper()
	out := bytes.NewBufferString(r.log.String() + fmt.Sprint(r.err))
	if err := errors.Join(r.report.WriteTable(out), r.report.WriteFile(out)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestNothingGiven leads a life with nothing but the notebook: what needs more is
// not asked, and says what it needs.
func TestNothingGiven(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRun(t, simulator.Options{})
		r.options.ExpiredToken = ""
		begin := time.Now()
		r.lead(t)
		if r.err != nil {
			t.Fatalf("%v\n%s", r.err, &r.log)
		}
		r.notWrong(t, nil)
		r.nothingLeft(t)
		if took := time.Since(begin); took > 15*time.Minute {
			t.Errorf("it took %s", took)
		}
		for id, needs := range map[string]string{
			"token-6401": "it needs MODELARTS_LIVE_EXPIRED_TOKEN", "volume-source-absent": "it needs -mount and -secret",
			"image-kept": "it needs -save", "ssh-uri-plain": "it needs -key-pair", "start-error-taken": "it needs a stop that fails",
		} {
			if row := answerTo(r.report, id); row.Answer != "not asked" || row.Why != needs {
				t.Errorf("%s: %s: %s", id, row.Answer, row.Why)
			}
		}
		if asked := len(r.report.Rows) - r.report.Count("not asked"); asked < 50 {
			t.Errorf("only %d questions were asked", asked)
		}
	})
}

// TestNeither has the service give answers that are none of the two: the report
// says so, and the file for the simulator takes them for no answer.
func TestNeither(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRun(t, simulator.Options{})
		everything(&r.options)
		r.transport.respell = strings.NewReplacer(
			"ModelArts.6785", "ModelArts.6999", "ModelArts.6304", "ModelArts.6999", `"arch":"x86_64"`, `"arch":"X86_64"`,
			`"category":"OBS"`, `"category":"BUCKET"`, `"tags":[]`, `"tags":null`,
		)
		r.lead(t)
		for _, id := range []string{"mount-any-path", "image-arch-upper", "volume-obs-as-obsfs", "empty-left-out"} {
			if row := answerTo(r.report, id); row.Answer != "neither" {
				t.Errorf("%s: %s: %s", id, row.Answer, row.Why)
			}
		}
		r.notWrong(t, nil)
		r.nothingLeft(t)
		if answers := simulator.ParseAnswers(r.file(t)); len(answers) > 0 {
			t.Errorf("the file has %v", answers)
		}
	})
}

// TestListIsRefused has the service refuse all lists while the answers to creates
// are lost: the error says that something may be left.
func TestListIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRun(t, simulator.Options{})
		r.sim.Inject(simulator.Fault{Operation: "ListNotebooks", Kind: simulator.FaultRefuse, Code: "ModelArts.0112", Count: -1})
		r.sim.Inject(simulator.Fault{Operation: "CreateNotebook", Kind: simulator.FaultCutAfter, Count: -1})
		r.lead(t)
		if r.err == nil || !strings.Contains(r.err.Error(), live.Prefix) {
			t.Errorf("%v", r.err)
		}
	})
}

// TestNothingAllowed has the service refuse everything: the life ends at once.
func TestNothingAllowed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRun(t, simulator.Options{})
		r.sim.Inject(simulator.Fault{Kind: simulator.FaultUnauthorized, Count: -1})
		begin := time.Now()
		r.lead(t)
		if took := time.Since(begin); r.err == nil || strings.Contains(r.err.Error(), "may be left") || took > time.Minute {
			t.Errorf("after %s: %v", took, r.err)
		}
	})
}
