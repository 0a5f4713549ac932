package notebook_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// A forced replacement of a protected notebook is refused in the plan, whichever
// half of it comes first, whatever forces it, and whether the state or the configuration protects.
func TestAccNotebook_forcedReplacementOfAProtected(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		lifecycle string
		before    string // deletion_protection in the state
		input     string // of what triggers a replacement
		args      []string
	}{
		"destroy first":                 {before: "true", args: []string{"-replace=" + address}},
		"create first":                  {lifecycle: "create_before_destroy = true", before: "true", args: []string{"-replace=" + address}},
		"triggered":                     {lifecycle: "replace_triggered_by = [terraform_data.v]", before: "true", input: "2"},
		"configured":                    {before: "false", args: []string{"-replace=" + address}},
		"configured, create first":      {lifecycle: "create_before_destroy = true", args: []string{"-replace=" + address}},
		"configured, triggered":         {lifecycle: "replace_triggered_by = [terraform_data.v]", input: "2"},
		"configured, without a refresh": {args: []string{"-replace=" + address, "-refresh=false"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			w := acctest.NewWorkspace(t, s.Provider("")+triggered(tc.before, tc.lifecycle, "1"))
			w.MustRun(t, "apply", "-auto-approve")
			id := s.Only(t).ID
			w.Configure(t, s.Provider("")+triggered("true", tc.lifecycle, cmp.Or(tc.input, "1")))
			out, err := w.Run(t, append([]string{"plan"}, tc.args...)...)
			if err == nil || !strings.Contains(out, "The notebook is protected") || !strings.Contains(out, "MODELARTS_RELEASE_PROTECTION="+id) {
				t.Errorf("%v: %s", err, out)
			}
			w.Setenv("MODELARTS_RELEASE_PROTECTION", strings.ToUpper(id))
			w.MustRun(t, append([]string{"apply", "-auto-approve"}, tc.args...)...)
			if s.Only(t).ID == id {
				t.Error("it was not replaced")
			}
		})
	}
}

// triggered is a notebook with a lifecycle, and beside it what can trigger its replacement.
func triggered(protection, lifecycle, input string) string {
	resource := base.with(arguments{"deletion_protection": protection}).resource("test")
	if lifecycle != "" {
		resource = strings.Replace(resource, "{\n", "{\n  lifecycle {\n    "+lifecycle+"\n  }\n", 1)
	}
	return resource + fmt.Sprintf("\nresource \"terraform_data\" \"v\" {\n  input = %q\n}\n", input)
}

// A protected notebook that is tainted is not deleted. Where its replacement was
// created first, what is left of it stops no plan and nothing else of an apply, until it is released.
func TestAccNotebook_taintOfAProtected(t *testing.T) {
	t.Parallel()
	for name, lifecycle := range map[string]string{"destroy first": "", "create first": "create_before_destroy = true"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			w := acctest.NewWorkspace(t, s.Provider("")+triggered("true", lifecycle, "1"))
			w.MustRun(t, "apply", "-auto-approve")
			id := s.Only(t).ID
			w.MustRun(t, "taint", address)
			if out, err := w.Run(t, "apply", "-auto-approve"); err == nil {
				t.Errorf("the protected notebook was replaced: %s", out)
			} else {
				wantText(t, out, "The notebook is protected")
			}
			if lifecycle != "" {
				w.Configure(t, s.Provider("")+triggered("true", lifecycle, "2"))
				out := acctest.Plain(w.MustRun(t, "plan"))
				wantText(t, out, `Notebook "test" (`+id+") stays: it is protected")
				wantText(t, out, "MODELARTS_RELEASE_PROTECTION="+id+" terraform apply")
				if out, err := w.Run(t, "apply", "-auto-approve"); err == nil || !strings.Contains(out, "terraform_data.v: Modifications complete") {
					t.Errorf("%v: %s", err, out)
				}
				wantText(t, w.MustRun(t, "plan"), "stays: it is protected") // as long as it stays
			}
			w.Setenv("MODELARTS_RELEASE_PROTECTION", id)
			w.MustRun(t, "apply", "-auto-approve")
			if s.Only(t).ID == id {
				t.Error("it was not replaced")
			}
			w.Setenv("MODELARTS_RELEASE_PROTECTION", "")
			wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
			if out, err := w.Run(t, "plan", "-destroy"); err == nil {
				t.Errorf("the new one is not protected: %s", out)
			}
		})
	}
}

// A protected notebook whose resource was taken out of the configuration is refused in the plan,
// and goes when it is released.
func TestAccNotebook_orphanUnderProtection(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base.with(arguments{"deletion_protection": "true"})))
	w.MustRun(t, "apply", "-auto-approve")
	id := s.Only(t).ID
	w.Configure(t, s.Provider(""))
	out, err := w.Run(t, "plan")
	if err == nil {
		t.Errorf("it is not protected: %s", out)
	}
	wantText(t, out, "MODELARTS_RELEASE_PROTECTION="+id+" terraform apply")
	w.Setenv("MODELARTS_RELEASE_PROTECTION", id)
	w.MustRun(t, "apply", "-auto-approve")
	if left := s.Notebooks(); len(left) > 0 {
		t.Errorf("%d are left", len(left))
	}
}

// A create that failed, of a flavor that is sold out by now, is removed as the
// error of the plan says.
func TestAccNotebook_destroyOfAFailedCreate(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	s.Inject(simulator.Fault{Kind: simulator.FaultCreateFailed, Step: 2, Reason: "No resources."})
	w := acctest.NewWorkspace(t, config(s, base))
	if out, err := w.Run(t, "apply", "-auto-approve"); err == nil || !strings.Contains(acctest.Plain(out), "terraform destroy -refresh=false") {
		t.Errorf("%v: %s", err, out)
	}
	w.Configure(t, config(s, base.with(arguments{"flavor": quote("modelarts.nothing.of.the.kind")})))
	for _, args := range [][]string{{"destroy", "-auto-approve"}, {"destroy", "-auto-approve", "-target=" + address}} {
		if out, err := w.Run(t, args...); err == nil || !strings.Contains(acctest.Plain(out), "To destroy what exists as it is: terraform destroy -refresh=false.") {
			t.Errorf("%q: %v: %s", args, err, out)
		}
	}
	w.MustRun(t, "destroy", "-auto-approve", "-refresh=false", "-target="+address)
	if left := s.Notebooks(); len(left) > 0 {
		t.Errorf("%d are left", len(left))
	}
}
