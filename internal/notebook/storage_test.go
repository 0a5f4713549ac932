package notebook_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// A data volume that cannot be mounted is a warning of the create and of each start
// after it. The notebook is healthy: it is not tainted, and plans say nothing.
func TestAccNotebook_dataVolumeFails(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	lake := base.with(arguments{"data_volumes": `{ "/data/lake" = { category = "obsfs", uri = "obs://lake/a/" } }`})
	fail := func() { s.Inject(simulator.Fault{Kind: simulator.FaultDataMountFailed}) }
	warned := func(out string) bool {
		return strings.Contains(acctest.Plain(out), `Notebook "test" runs without some of its storage`)
	}
	w := acctest.NewWorkspace(t, config(s, lake))
	apply := func(changes arguments) string {
		w.Configure(t, config(s, lake.with(changes)))
		return w.MustRun(t, "apply", "-auto-approve")
	}

	fail()
	out := apply(nil)
	if plain := acctest.Plain(out); !warned(out) || !strings.Contains(plain, "/data/lake (OBSFS)") || !strings.Contains(plain, s.Only(t).ID) {
		t.Errorf("the create says\n%s", out)
	}
	id := s.Only(t).ID
	if out := w.MustRun(t, "plan", "-detailed-exitcode"); warned(out) {
		t.Errorf("the plan says\n%s", out)
	}
	apply(arguments{"desired_status": `"STOPPED"`})
	fail()
	if out := apply(arguments{"desired_status": `"RUNNING"`}); !warned(out) {
		t.Errorf("the start says\n%s", out)
	}
	fail()
	if out := apply(arguments{"flavor": quote(acctest.LargerFlavor)}); !warned(out) {
		t.Errorf("the update says\n%s", out)
	}
	if out := apply(nil); warned(out) {
		t.Errorf("after a start that went well:\n%s", out)
	}
	if got := s.Only(t).ID; got != id {
		t.Error("the notebook was replaced")
	}
	w.MustRun(t, "destroy", "-auto-approve")
}

// The size of an EVS disk is in the plan and in the create, also where some of it is
// known late, and a service that refuses a disk without a size is content. Other
// storage is sent without a size.
func TestAccNotebook_sizeIsSent(t *testing.T) {
	t.Parallel()
	const share = `uri = "share.example.com:/a", id = "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11"`
	late := `{ category = ` + known + ` }`
	for name, tc := range map[string]struct {
		arguments arguments
		planned   string // in the plan
		size      string // in the request; empty: none
	}{
		"a disk":             {arguments{"volume": `{ category = "evs" }`}, "+ capacity = 5", "5"},
		"a disk, known late": {arguments{"volume": late}, "+ capacity = (known after apply)", "5"},
		"a file system":      {arguments{"volume": `{ category = "EFS" }`}, "+ capacity = (known after apply)", ""},
		"one's own":          {arguments{"volume": `{ category = "EFS", ownership = "DEDICATED", ` + share + ` }`}, "+ capacity = (known after apply)", ""},
		"a parallel file store": {arguments{
			"flavor": quote(acctest.BucketFlavor), "volume": `{ category = "OBSFS", ownership = "DEDICATED", uri = "obs://bucket/path/", dew_secret_name = "keys" }`,
		}, "+ capacity = (known after apply)", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: []string{"volume-evs-size-required"}})
			w := acctest.NewWorkspace(t, config(s, base.with(tc.arguments))+"\nresource \"terraform_data\" \"later\" {\n  input = \"EVS\"\n}\n")
			out := strings.Join(strings.Fields(w.MustRun(t, "apply", "-auto-approve")), " ")
			if !strings.Contains(out, tc.planned) {
				t.Errorf("the plan lacks %q: %s", tc.planned, out)
			}
			for _, r := range s.Requests() {
				var body struct {
					Volume map[string]json.RawMessage `json:"volume"`
				}
				if r.Operation == "CreateNotebook" && (json.Unmarshal(r.Body, &body) != nil || string(body.Volume["capacity"]) != tc.size) {
					t.Errorf("sent was %s", r.Body)
				}
			}
			if out := w.MustRun(t, "plan"); !strings.Contains(out, "No changes.") {
				t.Errorf("the second plan is not empty: %s", out)
			}
			w.MustRun(t, "destroy", "-auto-approve")
		})
	}
}
