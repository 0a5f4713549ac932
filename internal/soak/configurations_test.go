package soak_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

var configurations = flag.Int("soak.configurations", 3, "how many rounds of random configurations are applied")

const (
	// In each round, for each notebook.
	isNew        = 0.25 // another notebook takes its place
	isEdited     = 0.7
	isUnknown    = 0.5 // a place of it comes from another resource
	turnsOutNull = 0.2
	isImported   = 0.1
	isImportedAs = 0.3 // of those: under a configuration that is not its own
	isDrifted    = 0.3
	allDestroyed = 0.15 // of the round
)

// tree is a value of a configuration: a string is HCL as it is.
type tree = any

type object map[string]tree

// choice are the values of an argument, of which nil leaves it out.
type choice struct {
	name string
	of   []tree
}

// kinds are kinds of notebooks, each with the values of its arguments. The values of
// volume.capacity grow.
var kinds = [][]choice{
	append([]choice{
		{"flavor", []tree{quoted(acctest.Flavor), quoted(acctest.LargerFlavor)}},
		{"volume", []tree{object{"category": `"EVS"`}, object{"category": `"evs"`, "ownership": `"managed"`, "capacity": "5"}, object{"category": `"EVS"`, "capacity": "10"}}},
		{"run_user", []tree{nil, nil, nil, object{"uid": "1000", "gid": "100"}}},
		{"user_vpc", []tree{nil, nil, nil, object{"vpc_id": `"v"`, "subnet_id": `"s"`, "security_group_ids": []tree{`"a"`, `"b"`}}}},
	}, shared...),
	append([]choice{
		{"flavor", []tree{quoted(acctest.PoolFlavor)}},
		{"pool_id", []tree{quoted(acctest.Pool)}},
		{"volume", []tree{object{"category": `"EFS"`}}},
		{"affinity", rules},
	}, shared...),
	append([]choice{
		{"custom_spec", []tree{
			object{"cpu": "1", "memory": "1024"}, object{"cpu": "2", "memory": "2048", "arch": `"x86_64"`, "category": `"cpu"`}, object{"cpu": "0.5", "memory": "1024"},
		}},
		{"pool_id", []tree{quoted(acctest.Pool)}},
		{"volume", []tree{object{"category": `"EVS"`, "capacity": "5"}, object{"category": `"EVS"`, "capacity": "6"}}},
		{"affinity", rules},
	}, shared...),
	append([]choice{
		{"flavor", []tree{quoted(acctest.BucketFlavor)}},
		{"volume", []tree{
			object{"category": `"OBSFS"`, "ownership": `"DEDICATED"`, "uri": `"obs://a/b/"`, "dew_secret_name": `"a"`},
			object{"category": `"OBSFS"`, "ownership": `"DEDICATED"`, "uri": `"obs://a/b/"`, "dew_secret_name": `"b"`},
			object{"category": `"OBSFS"`, "ownership": `"DEDICATED"`, "uri": `"obs://a/c/"`, "dew_secret_name": `"b"`},
		}},
	}, shared...),
}

var rules = []tree{
	nil,
	object{"required": []tree{object{"key": `"a"`, "operator": `"In"`, "values": []tree{`"a"`, `"b"`}}}},
	object{"required": []tree{object{"key": `"b"`, "operator": `"Exists"`}}, "preferred": []tree{object{"key": `"a"`, "operator": `"Gt"`, "values": []tree{`"1"`}, "weight": "3"}}},
}

// shared are the arguments that all notebooks have.
var shared = []choice{
	{"name", []tree{`"one"`, `"two"`, `"three"`}},
	{"image_id", []tree{quoted(acctest.Image), quoted(acctest.OtherImage)}},
	{"region", []tree{nil, nil, "null", quoted(simulator.DefaultRegion)}},
	{"workspace_id", []tree{nil, nil, nil, "null", `"0"`}},
	{"feature", []tree{nil, nil, "null", `"NOTEBOOK"`}},
	{"description", []tree{nil, "null", `""`, `"one"`, `"two"`}},
	{"data_volumes", []tree{
		nil, nil, "null",
		object{},
		object{"/data/a/": object{"category": `"OBSFS"`, "uri": `"obs://a/"`}},
		object{"/data/a/": object{"category": `"obsfs"`, "uri": `"obs://b/"`, "read_only": "true", "dew_secret_name": `"s"`}},
		object{"/data/b": object{"category": `"EFS"`, "uri": `"share.example.com:/a"`, "id": `"0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11"`}, "/data/a": object{"category": `"OBSFS"`, "uri": `"obs://a/"`}},
	}},
	{"endpoints", []tree{
		nil, nil, "null",
		object{},
		object{"SSH": object{"key_pair_names": []tree{`"a"`}}},
		object{"SSH": object{"key_pair_names": []tree{`"a"`, `"b"`}, "allowed_access_ips": []tree{`"203.0.113.1"`, `"2001:DB8::1"`}}},
	}},
	{"lease", []tree{
		nil, nil, "null",
		object{"duration": `"8h"`},
		object{"duration": `"480m"`, "type": `"timing"`},
		object{"duration": `"7200000"`, "type": `"IDLE"`},
		object{"enabled": "false"},
		object{"enabled": "true", "duration": `"3h"`},
	}},
	{"hooks", []tree{
		nil, "null",
		object{"post_start": object{"content": `"echo one\n"`}},
		object{"post_start": object{"content": `"echo two\n"`, "mode": `"block"`}},
		object{"pre_start": object{"path": `"/home/ma-user/work/a.sh"`}, "post_start": object{"content": `"echo one\n"`}},
	}},
	{"tags", []tree{nil, "null", object{}, object{"team": `"a"`}, object{"team": `"b"`, "stage": `""`}}},
	{"desired_status", []tree{nil, nil, "null", `"RUNNING"`, `"STOPPED"`}},
	{"allow_stopping_for_update", []tree{"true"}},
	{"deletion_protection", []tree{nil, nil, nil, nil, "null", "false", "true"}},
	{"timeouts", []tree{nil, nil, object{"read": `"1m"`}}},
}

func quoted(s string) string { return strconv.Quote(s) }

// specimen is a notebook of a configuration.
type specimen struct {
	kind    int
	at      map[string]int // which value each argument has
	hidden  string         // the place that comes from another resource; empty: none
	asNull  bool           // it turns out to be null
	renewed int            // how often its source was made anew
}

func newSpecimen(random *rand.Rand) *specimen {
	s := &specimen{kind: random.IntN(len(kinds)), at: map[string]int{}}
	for _, c := range kinds[s.kind] {
		s.at[c.name] = random.IntN(len(c.of))
	}
	return s
}

// edit changes some arguments; a disk only grows.
func (s *specimen) edit(random *rand.Rand) {
	for range 1 + random.IntN(3) {
		c := pick(random, kinds[s.kind])
		at := random.IntN(len(c.of))
		if c.name == "volume" {
			at = max(at, s.at[c.name])
		}
		s.at[c.name] = at
	}
}

// values are the arguments that are given.
func (s *specimen) values() object {
	given := object{}
	for _, c := range kinds[s.kind] {
		if v := c.of[s.at[c.name]]; v != nil {
			given[c.name] = v
		}
	}
	return given
}

// places are the places of a value by their paths.
func places(v tree, path string, all map[string]tree) {
	if path != "" && path != "/volume" { // which is a block
		all[path] = v
	}
	switch v := v.(type) {
	case object:
		for name, member := range v {
			places(member, path+"/"+strings.ReplaceAll(name, "/", "~"), all)
		}
	case []tree:
		for i, e := range v {
			places(e, path+"/"+strconv.Itoa(i), all)
		}
	}
}

// hide has a place come from another resource, or none.
func (s *specimen) hide(random *rand.Rand) {
	s.hidden, s.asNull = "", false
	if !chance(random, isUnknown) {
		return
	}
	all := map[string]tree{}
	places(s.values(), "", all)
	s.hidden = pick(random, slices.Sorted(maps.Keys(all)))
	optional := []string{"/description", "/data_volumes", "/endpoints", "/lease", "/hooks", "/tags", "/desired_status", "/timeouts", "/affinity", "/lease/type", "/deletion_protection", "/feature"}
	s.asNull = slices.Contains(optional, s.hidden) && chance(random, turnsOutNull)
	if random.IntN(2) == 0 {
		s.renewed++ // unknown, and the same
	}
}

var identifier = regexp.MustCompile(`^[a-z_]+$`)

// hcl writes a value; reference stands at the hidden place.
func hcl(v tree, path, hidden, reference string) string {
	if path == hidden {
		return reference
	}
	switch v := v.(type) {
	case object:
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			key := name
			if !identifier.MatchString(name) {
				key = strconv.Quote(name)
			}
			parts = append(parts, key+" = "+hcl(v[name], path+"/"+strings.ReplaceAll(name, "/", "~"), hidden, reference))
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case []tree:
		var parts []string
		for i, e := range v {
			parts = append(parts, hcl(e, path+"/"+strconv.Itoa(i), hidden, reference))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	default:
		return fmt.Sprint(v)
	}
}

// resource is the notebook in HCL, with the source of what is hidden.
func (s *specimen) resource(label string) string {
	given := s.values()
	var text strings.Builder
	if s.hidden != "" {
		all := map[string]tree{}
		places(given, "", all)
		value := hcl(all[s.hidden], "", "none", "")
		if s.asNull {
			value = "null"
		}
		fmt.Fprintf(&text, "resource \"terraform_data\" %q {\n  input = { value = %s, renewed = %d }\n}\n", "of_"+label, value, s.renewed)
	}
	reference := "terraform_data.of_" + label + ".output.value"
	fmt.Fprintf(&text, "resource \"modelarts_notebook\" %q {\n", label)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if block, ok := given[name].(object); ok && name == "volume" {
			text.WriteString("  volume {\n")
			for _, member := range slices.Sorted(maps.Keys(block)) {
				fmt.Fprintf(&text, "    %s = %s\n", member, hcl(block[member], "/volume/"+member, s.hidden, reference))
			}
			text.WriteString("  }\n")
			continue
		}
		fmt.Fprintf(&text, "  %s = %s\n", name, hcl(given[name], "/"+name, s.hidden, reference))
	}
	text.WriteString("}\n")
	return text.String()
}

// refusals are errors with which a plan may refuse a random configuration.
var refusals = []string{
	"A disk cannot shrink", "The storage cannot change its size",
	"The notebook is protected", // or may be: it is not known yet
	"differs in what cannot change", "A lease that is switched off has no",
}

// broken are what no run may print.
var broken = regexp.MustCompile(`(?i)inconsistent|panic|produced an? (invalid|unexpected)|plugin (crashed|did not respond)|defect of the provider|report this`)

// fuzz is the state of a run of random configurations.
type fuzz struct {
	t         *testing.T
	s         *acctest.Service
	w         *acctest.Workspace
	random    *rand.Rand
	specimens [together]*specimen
	round     int
	wrong     int
	refused   int
	// released are the IDs of notebooks that were taken out of the state.
	released map[string]bool
	manners  simulator.Options
}

// TestAccConfigurations applies random configurations of several notebooks at once:
// each argument is left out, null, empty, changed, or comes from another resource, as
// a whole or in a part; meanwhile others change the notebooks, and some are imported.
// No plan and no apply is inconsistent, an apply is followed by an empty plan, and a
// destroy is never blocked but by a protection, of which the error says how to lift it.
// The service gives random answers to the open questions, others in each round, where
// -soak.answers asks for them.
func TestAccConfigurations(t *testing.T) {
	t.Parallel()
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	s := acctest.New(t, simulator.Options{})
	f := &fuzz{t: t, s: s, released: map[string]bool{}, manners: s.Options(), w: acctest.NewWorkspace(t, s.Provider("")), random: rand.New(rand.NewPCG(*seed, 7))}
	began := time.Now()
	for f.round < *configurations && f.wrong < enough {
		f.round++
		f.once()
	}
	f.destroy()
	t.Logf("seed %d: %d rounds in %s, %d configurations were refused, %d things went wrong", *seed, f.round, time.Since(began).Round(time.Second), f.refused, f.wrong)
	if f.refused == f.round {
		t.Error("every configuration was refused: nothing is shown")
	}
}

func (f *fuzz) complain(out, format string, args ...any) {
	f.t.Helper()
	f.wrong++
	f.t.Errorf("seed %d, round %d, answers %s: %s\n%s\n%s", *seed, f.round, strings.Join(f.s.Options().Answers, ","), fmt.Sprintf(format, args...), out, f.config(""))
}

func (f *fuzz) config(imports string) string {
	var text strings.Builder
	text.WriteString(f.s.Provider("") + imports)
	for i, s := range f.specimens {
		if s != nil {
			text.WriteString(s.resource(label(i)))
		}
	}
	return text.String()
}

// run runs Terraform, and reports its exit code.
func (f *fuzz) run(args ...string) (out string, code int) {
	f.t.Helper()
	out, err := f.w.Run(f.t, args...)
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		f.t.Fatal(err)
	}
	if broken.MatchString(out) {
		f.complain(out, "terraform %s", strings.Join(args, " "))
	}
	return out, code
}

// once makes one round.
func (f *fuzz) once() {
	f.t.Helper()
	if chance(f.random, allDestroyed) {
		f.destroy()
	}
	before := f.specimens
	for i, s := range f.specimens {
		switch {
		case s == nil || chance(f.random, isNew):
			f.specimens[i] = newSpecimen(f.random)
		case chance(f.random, isEdited):
			changed := *s
			changed.at = maps.Clone(s.at)
			changed.edit(f.random)
			f.specimens[i] = &changed
		}
		if f.specimens[i] == before[i] {
			same := *before[i]
			f.specimens[i] = &same
		}
		f.specimens[i].hide(f.random)
	}
	f.answer()
	f.drift()
	f.w.Configure(f.t, f.config(f.imports(before)))
	f.s.ResetRequests()
	out, code := f.run("apply", "-auto-approve")
	applied := out
	if code != 0 {
		if slices.ContainsFunc(refusals, func(text string) bool { return strings.Contains(strings.Join(strings.Fields(out), " "), text) }) {
			f.refused++
		} else {
			f.complain(out, "the apply failed")
		}
		f.destroy()
		return
	}
	f.released = map[string]bool{}
	if out, code := f.run("plan", "-detailed-exitcode"); code != 0 {
		f.complain(out, "the plan after the apply is not empty")
		f.t.Logf("the apply:\n%s\ncalls:\n%s", applied, calls(f.s))
		f.destroy()
	}
}

// inapplicable are the answers under which a random configuration cannot be applied by any
// client, each with the reason.
var inapplicable = map[string]string{
	"name-unique":             "several notebooks have the same name here",
	"volume-needs-pool":       "a notebook on a bucket is in no pool here",
	"catalogue-pool-binds":    "a notebook that stays in a pool gets a flavor of the public list here",
	"catalogue-pool-other-id": "the pool is named by its usual ID here",
}

// answer has the service give random answers to the open questions.
func (f *fuzz) answer() {
	if !*answers {
		return
	}
	f.manners.Answers = acctest.RandomAnswers(f.random, slices.Collect(maps.Keys(inapplicable))...)
	f.s.Configure(func(o *simulator.Options) { o.Answers = f.manners.Answers })
}

// drift changes the service.
func (f *fuzz) drift() {
	f.t.Helper()
	for _, n := range f.s.Notebooks() {
		if chance(f.random, isDrifted) {
			change := pick(f.random, drifts)(f.random, n)
			if len(hidden(f.s, n)) > 0 {
				change.Tags = nil // what no answer shows now is seen when the apply has started the notebook
			}
			if err := f.s.Change(n.ID, change); err != nil {
				f.t.Fatal(err)
			}
		}
	}
	if chance(f.random, leaseEnds) {
		f.s.Advance(2 * time.Hour)
	}
	f.s.Advance(2 * simulator.DefaultLag) // so that no answer is older than that
}

// imports takes notebooks that stay as they are out of the state and has them
// imported anew.
func (f *fuzz) imports(before [together]*specimen) string {
	f.t.Helper()
	ids := (&crew{t: f.t, w: f.w}).state()
	var text strings.Builder
	for i := range f.specimens {
		id := ids[label(i)]
		if before[i] == nil || id == "" || !chance(f.random, isImported) {
			continue
		}
		same := *before[i] // what it was applied with, and nothing hidden
		same.hidden = ""
		if before[i].asNull {
			continue
		}
		if chance(f.random, isImportedAs) {
			same.at = maps.Clone(same.at)
			same.edit(f.random)
		}
		f.specimens[i] = &same
		if out, code := f.run("state", "rm", "modelarts_notebook."+label(i)); code != 0 {
			f.complain(out, "it cannot be taken out of the state")
			continue
		}
		f.released[id] = true
		fmt.Fprintf(&text, "import {\n  to = modelarts_notebook.%s\n  id = %q\n}\n", label(i), id)
	}
	return text.String()
}

// releases finds in an error how to lift the protection of a notebook.
var releases = regexp.MustCompile(`MODELARTS_RELEASE_PROTECTION=(\S+) terraform destroy`)

// destroy destroys everything, whatever is configured. An error says how to go on, which
// is done.
func (f *fuzz) destroy() {
	f.t.Helper()
	args, lifted := []string{"destroy", "-auto-approve"}, map[string]bool{}
	for try := 0; ; try++ {
		out, code := f.run(args...)
		if code == 0 {
			break
		}
		protected := releases.FindAllStringSubmatch(out, -1)
		for _, found := range protected {
			lifted[found[1]] = true
		}
		switch {
		case try > together:
			f.complain(out, "the destroy is blocked")
		case len(protected) > 0:
			f.w.Setenv("MODELARTS_RELEASE_PROTECTION", strings.Join(slices.Sorted(maps.Keys(lifted)), ","))
			continue
		case len(args) == 2 && strings.Contains(out, "-refresh=false"):
			args = append(args, "-refresh=false")
			continue
		default:
			f.complain(out, "the destroy is blocked, and says no way out")
		}
		break
	}
	f.w.Setenv("MODELARTS_RELEASE_PROTECTION", "")
	for _, n := range f.s.Notebooks() {
		if !f.released[n.ID] {
			f.complain("", "%s (%s) is left after the destroy", n.ID, n.Name)
		}
		f.s.Remove(n.ID)
	}
	f.released = map[string]bool{}
	f.specimens = [together]*specimen{}
}
