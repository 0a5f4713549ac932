package notebook_test

import (
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// A script that is given as content_wo is sent with a create and when its version
// changes, and stands in neither state nor plan, in no form.
func TestAccNotebook_writeOnlyScript(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	with := func(script, version string) string {
		return config(s, base.with(arguments{"hooks": `{ pre_start = { content_wo = "` + script + `", content_wo_version = ` + version + ` }, post_start = { content = "echo" } }`}))
	}
	w := acctest.NewWorkspace(t, with("s3cret-one", "1"))
	apply := func(want ...string) {
		t.Helper()
		s.ResetRequests()
		w.MustRun(t, "plan", "-out", "saved")
		if out := w.MustRun(t, "show", "saved"); strings.Contains(out, "s3cret") {
			t.Error("the plan has the script")
		}
		w.MustRun(t, "apply", "saved")
		if err := s.ExpectWrites(want...)(nil); err != nil {
			t.Error(err)
		}
		if state := w.State(t); strings.Contains(state, "s3cret") {
			t.Error("the state has the script")
		}
	}
	apply("CreateNotebook")
	// Without another version nothing is known of a change.
	w.Configure(t, with("s3cret-two", "1"))
	apply()
	w.Configure(t, with("s3cret-two", "2"))
	apply("StopNotebook", "UpdateNotebook hooks", "StartNotebook duration=3600000&type=timing")
}

// Names of lists are taken in any letter case, and empty maps and sets mean none: one
// form is sent, and no later plan shows a difference.
func TestAccNotebook_inAnyCaseAndEmpty(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base.with(arguments{
		"feature": `"notebook"`, "desired_status": `"running"`, "data_volumes": `{}`, "tags": `{}`,
		"endpoints": `{ ssh = { key_pair_names = ["a"], allowed_access_ips = ["203.0.113.1"] } }`,
		"image_id":  strings.ToUpper(quote(acctest.Image)),
	})))
	w.MustRun(t, "apply", "-auto-approve")
	w.MustRun(t, "plan", "-detailed-exitcode")
	for _, a := range []arguments{
		{"feature": `"NOTEBOOK"`, "endpoints": `{ SSH = { key_pair_names = ["a"], allowed_access_ips = ["203.0.113.1"] } }`, "desired_status": `"RUNNING"`, "data_volumes": `{}`},
		{"feature": `"Notebook"`, "endpoints": `{ SSH = { key_pair_names = ["a"], allowed_access_ips = ["203.0.113.1"] } }`, "data_volumes": `{}`},
	} {
		w.Configure(t, config(s, base.with(arguments{"desired_status": `"running"`, "tags": `{}`}).with(a)))
		w.MustRun(t, "plan", "-detailed-exitcode")
	}
	// Nothing is done for what goes from empty to none.
	s.ResetRequests()
	w.Configure(t, config(s, base.with(arguments{"endpoints": `{ SSH = { key_pair_names = ["a"], allowed_access_ips = ["203.0.113.1"] } }`})))
	w.MustRun(t, "apply", "-auto-approve")
	if err := s.ExpectWrites()(nil); err != nil {
		t.Error(err)
	}
	w.Configure(t, config(s, base.with(arguments{"endpoints": `{}`})))
	w.MustRun(t, "apply", "-auto-approve")
	w.MustRun(t, "plan", "-detailed-exitcode")
	w.MustRun(t, "destroy", "-auto-approve")
}
