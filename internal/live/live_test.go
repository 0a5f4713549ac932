package live_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/live"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

var (
	seed         = flag.Uint64("live.seed", 1, "seed of the random combinations of answers")
	combinations = flag.Int("live.combinations", 50, "number of random combinations of answers")
)

// inProcess hands requests to a simulator without a network, so that a life takes
// no time but that of its bubble.
type inProcess struct {
	sim   *simulator.Simulator
	token string
	// before is called before each request.
	before func(*http.Request)
	// respell changes the bodies of answers.
	respell *strings.Replacer
}

func (p *inProcess) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if p.before != nil {
		p.before(r)
	}
	sent := r.Clone(r.Context())
	if p.token != "" {
		sent.Header.Set("X-Auth-Token", p.token)
	}
	if sent.Body == nil {
		sent.Body = http.NoBody
	}
	defer func() {
		if recover() != nil { // how a handler cuts the connection
			resp, err = nil, io.ErrUnexpectedEOF
		}
	}()
	recorder := httptest.NewRecorder()
	p.sim.ServeHTTP(recorder, sent)
	if p.respell != nil {
		recorder.Body = bytes.NewBufferString(p.respell.Replace(recorder.Body.String()))
	}
	return recorder.Result(), nil
}

// signIn gets a token for the project.
func signIn(t *testing.T, sim *simulator.Simulator) string {
	t.Helper()
	body := fmt.Sprintf(`{"auth": {"identity": {"methods": ["password"], "password": {"user":
		{"name": %q, "password": %q, "domain": {"name": %q}}}}, "scope": {"project": {"name": %q}}}}`,
		simulator.DefaultUserName, simulator.DefaultPassword, simulator.DefaultDomainName, simulator.DefaultRegion)
	r := httptest.NewRequest(http.MethodPost, "/v3/auth/tokens", strings.NewReader(body))
	recorder := httptest.NewRecorder()
	sim.ServeHTTP(recorder, r)
	token := recorder.Header().Get("X-Subject-Token")
	if token == "" {
		t.Fatalf("no token: %s", recorder.Body)
	}
	return token
}

// run is a life on a simulator of its own.
type run struct {
	sim       *simulator.Simulator
	transport *inProcess
	options   live.Options
	log       bytes.Buffer
	report    *live.Report
	err       error
}

// everything names all that a life can be given.
func everything(o *live.Options) {
	o.KeyPair, o.Secret, o.Organization = "key", "secret-of-the-bucket", "organization"
	o.Mount, o.ObjectBucket = "obs://lake/live/", "obs://"+simulator.DefaultObjectBucket+"/live/"
	o.Unmountable = "obs://" + simulator.DefaultBrokenBucket + "/live/"
	o.Pool, o.Workspace = "pool41664192", simulator.DefaultWorkspace
	o.EFS, o.Grow = true, true
}

// newRun prepares a life. The times are such that what comes late is seen to.
func newRun(t *testing.T, options simulator.Options) *run {
	t.Helper()
	options.Clock = time.Now
	options.CreateTime, options.StartTime, options.StopTime = 8*time.Second, 6*time.Second, 4*time.Second
	options.DeleteTime, options.ResizeTime, options.SnapshotTime = 3*time.Second, 4*time.Second, 6*time.Second
	options.MountTime, options.Lag = 2*time.Second, 8*time.Second
	r := &run{sim: simulator.New(options)}
	expired := signIn(t, r.sim)
	r.sim.Advance(25 * time.Hour)
	r.transport = &inProcess{sim: r.sim, token: signIn(t, r.sim)}
	endpoint, err := url.Parse("http://simulator")
	if err != nil {
		t.Fatal(err)
	}
	r.options = live.Options{
		Client: &http.Client{Transport: r.transport}, Plain: &http.Client{Transport: &inProcess{sim: r.sim}},
		Endpoint: endpoint, Project: r.sim.Options().ProjectID, ExpiredToken: expired,
		Pace: live.Pace{Poll: 3 * time.Second, Late: 12 * time.Second, Patience: 5 * time.Minute, Cleanup: 10 * time.Minute},
		Log:  &r.log,
	}
	return r
}

func (r *run) lead(t *testing.T) {
	t.Helper()
	r.report, r.err = live.Run(t.Context(), t.Context(), r.options)
}

// setting is what a simulator is set to, with what has to happen for a question
// to come up at all.
type setting struct {
	answers []string
	happens string
}

// happenings bring about what cannot be brought about on the real service.
var happenings = map[string]func(*run){
	"agency-6379": func(r *run) { r.sim.Configure(func(o *simulator.Options) { o.NoAuthorization = true }) },
	"catalogue-start-sold-out": func(r *run) {
		r.transport.before = func(req *http.Request) {
			if strings.HasSuffix(req.URL.Path, "/stop") {
				r.sim.Configure(func(o *simulator.Options) { o.SoldOut = []string{"modelarts.vm.cpu.2u"} })
			}
		}
	},
	"start-create-failed-taken": func(r *run) { r.sim.Inject(simulator.Fault{Kind: simulator.FaultCreateFailed}) },
	"start-failed-taken": func(r *run) {
		r.transport.before = func(req *http.Request) {
			if strings.HasSuffix(req.URL.Path, "/start") && req.URL.Query().Get("type") != "" {
				r.sim.ClearFaults()
				r.sim.Inject(simulator.Fault{Kind: simulator.FaultStartFailed})
			}
		}
	},
	"start-error-taken": func(r *run) { r.sim.Inject(simulator.Fault{Kind: simulator.FaultStopFailed}) },
}

// led leads a life under a setting and checks that no answer is reported wrongly
// and that nothing is left. It returns the report.
func led(t *testing.T, s setting) *live.Report {
	t.Helper()
	var report *live.Report
	synctest.Test(t, func(t *testing.T) {
		r := newRun(t, simulator.Options{Answers: s.answers})
		everything(&r.options)
		if happen := happenings[s.happens]; happen != nil {
			happen(r)
		}
		r.lead(t)
		report = r.report
		if r.err != nil && s.happens == "" {
			t.Errorf("the life ended early: %v", r.err)
		}
		for _, row := range report.Rows {
			want := "A"
			if slices.Contains(s.answers, row.ID) {
				want = "B"
			}
			if row.Answer != want && row.Answer != "not asked" || row.Why == "" {
				t.Errorf("%s: %s, want %s: %s", row.ID, row.Answer, want, row.Why)
			}
		}
		r.nothingLeft(t)
		set := slices.DeleteFunc(slices.Clone(s.answers), func(id string) bool { return answerTo(report, id).Answer == "not asked" })
		if file := simulator.ParseAnswers(r.file(t)); !sameTexts(file, set) {
			t.Errorf("the file has %v, want %v", file, set)
		}
		if t.Failed() {
			t.Logf("%v\n%s", s, &r.log)
		}
	})
	return report
}

// file is what the report writes for the simulator.
func (r *run) file(t *testing.T) string {
	t.Helper()
	var file strings.Builder
	if err := r.report.WriteFile(&file); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

func sameTexts(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func answerTo(report *live.Report, id string) live.Row {
	return report.Rows[slices.IndexFunc(report.Rows, func(row live.Row) bool { return row.ID == id })]
}

// TestEveryAnswer sets the simulator to each answer, to A and to B, and wants the
// report to say so.
func TestEveryAnswer(t *testing.T) {
	t.Parallel()
	for _, question := range simulator.Questions() {
		for _, want := range []string{"A", "B"} {
			if want == "A" && happenings[question.ID] == nil {
				continue // TestAllIsAsked
			}
			t.Run(question.ID+"/"+want, func(t *testing.T) {
				t.Parallel()
				s := setting{happens: question.ID}
				if happenings[question.ID] == nil {
					s.happens = ""
				}
				if want == "B" {
					s.answers = []string{question.ID}
				}
				if got := answerTo(led(t, s), question.ID); got.Answer != want {
					t.Errorf("%s: %s", got.Answer, got.Why)
				}
			})
		}
	}
}

// TestAllIsAsked counts what a life asks that is given everything.
func TestAllIsAsked(t *testing.T) {
	t.Parallel()
	report := led(t, setting{})
	for _, row := range report.Rows {
		if byChance := happenings[row.ID] != nil; byChance != (row.Answer == "not asked") {
			t.Errorf("%s: %s: %s", row.ID, row.Answer, row.Why)
		}
	}
}

// lives is the number of random combinations.
func lives() int {
	if testing.Short() {
		return *combinations / 5
	}
	return *combinations
}

// leastAsked is how many of the questions are asked at least, whatever the others
// are answered with: some hide what others are about.
const leastAsked = 80

// TestCombinations sets the simulator to random combinations of answers.
func TestCombinations(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(*seed, *seed))
	names := []string{"", "", "", "", "agency-6379", "catalogue-start-sold-out", "start-create-failed-taken", "start-failed-taken", "start-error-taken"}
	asked := make([]int, lives())
	t.Run("lives", func(t *testing.T) {
		for i := range lives() {
			s := setting{answers: combination(random), happens: names[random.IntN(len(names))]}
			t.Run(fmt.Sprint(i+1), func(t *testing.T) {
				t.Parallel()
				report := led(t, s)
				asked[i] = len(report.Rows) - report.Count("not asked")
				if asked[i] < leastAsked && s.happens == "" {
					t.Errorf("only %d questions were asked under %v", asked[i], s.answers)
				}
			})
		}
	})
	total := 0
	for _, n := range asked {
		total += n
	}
	t.Logf("%d of %d questions were asked in the mean", total/max(1, lives()), len(simulator.Questions()))
}

// combination puts each question at B with a probability of its own.
func combination(random *rand.Rand) []string {
	var answers []string
	share := []float64{0.05, 0.1, 0.25, 0.5}[random.IntN(4)]
	for _, at := range random.Perm(len(simulator.Questions())) {
		more := append(slices.Clone(answers), simulator.Questions()[at].ID)
		if random.Float64() < share && (simulator.Options{Answers: more}).Validate() == nil {
			answers = more
		}
	}
	return answers
}
