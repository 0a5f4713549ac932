package provider_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// printed is a diagnostic as Terraform prints it with -json.
type printed struct {
	Summary string
	Range   *struct{ Start struct{ Line int } }
	Snippet *struct{ Code string }
}

// wrongLine marks the line that a diagnostic is to show.
const wrongLine = "# wrong"

// linesOf checks that each marked line of a configuration is shown by a diagnostic,
// and that no diagnostic shows another line.
func linesOf(t *testing.T, config string, found []printed) {
	t.Helper()
	lines := strings.Split(config, "\n")
	shown := map[int]bool{}
	for _, d := range found {
		if d.Range == nil || d.Snippet == nil {
			t.Errorf("%q shows no line", d.Summary)
			continue
		}
		shown[d.Range.Start.Line] = true
		if line := lines[d.Range.Start.Line-1]; !strings.Contains(line, wrongLine) {
			t.Errorf("%q shows the line %q", d.Summary, strings.TrimSpace(line))
		}
	}
	for i, line := range lines {
		if strings.Contains(line, wrongLine) && !shown[i+1] {
			t.Errorf("no diagnostic shows the line %q", strings.TrimSpace(line))
		}
	}
}

// A validation shows the line that is wrong: of an attribute, a member of an object,
// an entry of a map or a member of a block.
func TestAccProvider_validationShowsTheLine(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]string{"the provider": wrongProvider, "the rest": wrongObjects} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, config)
			out, _ := w.Run(t, "validate", "-json")
			var answer struct{ Diagnostics []printed }
			if err := json.Unmarshal([]byte(out), &answer); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			// The warning of the development override is Terraform's own.
			answer.Diagnostics = slices.DeleteFunc(answer.Diagnostics, func(d printed) bool { return strings.Contains(d.Summary, "development overrides") })
			linesOf(t, w.Config(t), answer.Diagnostics)
		})
	}
}

const wrongProvider = `
provider "modelarts" {
  region             = "cn-north-4"
  assume_role        = { agency_name = "a", duration = "1s" } # wrong
  release_protection = ["not-an-id"] # wrong
  max_retries        = 99 # wrong
}

data "modelarts_quota" "q" {}
`

const wrongObjects = `
resource "modelarts_notebook" "a" {
  name     = "no spaces" # wrong
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
  volume {
    category = "EVS"
    capacity = 1 # wrong
    uri      = "obs://b/p/" # wrong
  }
  endpoints = {
    SSH = { key_pair_names = ["k"], allowed_access_ips = ["10.0.0.0/8"] } # wrong
  }
  data_volumes = {
    "/data/a/" = { category = "OBS", uri = "obs://b/p/" } # wrong
    "/data/b/" = { category = "NFS", uri = "h:/" } # wrong
    "/data/c/" = {
      category = "OBSFS"
      uri      = "obs://b/p/"
    }
  }
  lease               = { enabled = false, duration = "8h" } # wrong
  hooks               = { pre_start = { content = "x", path = "/x", mode = "NO" } } # wrong
  affinity            = { required = [{ key = "k", operator = "NO", values = ["a"] }] } # wrong
  run_user            = { uid = -1 } # wrong
  user_vpc            = { vpc_id = "", subnet_id = "s", security_group_ids = ["g"], connect_cidrs = ["x"] } # wrong
  tags                = { "_sys_x" = "y" } # wrong
  public_network_config = { public_network_type = "NO" } # wrong
}

data "modelarts_notebooks" "n" {
  status = "NOPE" # wrong
}

data "modelarts_image" "i" {
  name_regex = "(" # wrong
}
`

// A plan shows the line, too.
func TestAccProvider_planShowsTheLine(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, s.Provider(`max_auto_stop = "8h"`)+`
resource "modelarts_notebook" "a" {
  name     = "a"
  flavor   = "no.such" # wrong
  image_id = "00000000-0000-0000-0000-000000000000" # wrong
  volume {
    category = "EVS"
  }
  lease = { duration = "8h" }
}

resource "modelarts_notebook" "c" {
  name     = "c"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
  volume {
    category = "EVS"
  }
  lease = { duration = "9h" } # wrong
}

resource "modelarts_notebook" "b" {
  name     = "b"
  flavor   = "modelarts.vm.cpu.8u.efs"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
  volume {
    category = "EVS" # wrong
  }
  lease = { duration = "8h" }
}
`)
	out, _ := w.Run(t, "plan", "-json")
	var found []printed
	for line := range strings.Lines(out) {
		var message struct {
			Diagnostic *printed
		}
		if json.Unmarshal([]byte(line), &message) == nil && message.Diagnostic != nil && !strings.Contains(message.Diagnostic.Summary, "development overrides") {
			found = append(found, *message.Diagnostic)
		}
	}
	linesOf(t, w.Config(t), found)
}
