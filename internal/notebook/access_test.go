package notebook_test

import (
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const accessName = "modelarts_notebook_access"

func withSSH(r *modelarts.NotebookCreateRequest) {
	service := "SSH"
	r.Endpoints = []modelarts.EndpointsReq{{Service: &service, KeyPairNames: []string{"a"}}}
}

// An access has all that is needed to connect, under each answer of the service that
// concerns it.
func TestAccessIsWhatTheServiceShows(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]string{nil, {"ssh-uri-plain"}, {"endpoint-old-names"}, {"lease-answers-lower"}, {"endpoint-none"}, {"times-absent", "time-nowhere"}} {
		t.Run(strings.Join(answers, ","), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: answers})
			nb := made(t, s, withSSH)
			shown, _ := s.Notebook(nb.ID)
			got, found := s.Protocol(t, given{"omit_token": true}).Open(accessName, given{"notebook_id": nb.ID})
			if len(found) > 0 {
				t.Fatal(acctest.Said(found))
			}
			page := "https://authoring-modelarts-cn-north-4.huaweicloud.com/" + nb.ID + "/lab"
			want := map[string]string{
				"notebook_id": nb.ID, "region": simulator.DefaultRegion, "status": "RUNNING",
				"url": page, "token": shown.Token, "link": page + "?token=" + shown.Token,
				"ssh.host": "dev-modelarts-cn-north-4.huaweicloud.com", "ssh.user": "ma-user",
			}
			for name, text := range want {
				if got[name] != text || text == "" {
					t.Errorf("%s is %q, want %q", name, got[name], text)
				}
			}
			if !strings.Contains(got["ssh.port"], "30000") {
				t.Errorf("the port is %s", got["ssh.port"])
			}
			if at, err := time.Parse(time.RFC3339, got["stops_at"]); err != nil || time.Until(at) < 50*time.Minute || time.Until(at) > 70*time.Minute {
				t.Errorf("the lease ends at %q", got["stops_at"])
			}
			if writes := s.Writes(); len(writes) != 1 { // the create
				t.Errorf("it has written %q", writes)
			}
		})
	}
}

// A notebook that is not running is an error that names the way out, or gives null values
// where that is allowed. It is started in neither case.
func TestAccessOfANotebookThatDoesNotRun(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{
		"STOPPED": "the action modelarts_notebook_start", "START_FAILED": "the action modelarts_notebook_start", "FROZEN": "is FROZEN",
		"STARTING": "try again when it is RUNNING", "SNAPSHOTTING": "try again when it is RUNNING", "A_NEW_ONE": "is A_NEW_ONE",
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			nb := made(t, s, withSSH)
			p := s.Protocol(t, nil)
			s.ResetRequests()
			s.Inject(simulator.Fault{Kind: simulator.FaultStatus, Operation: "ShowNotebook", Value: status, Count: -1})
			_, found := p.Open(accessName, given{"notebook_id": nb.ID})
			if text := acctest.Said(found); len(found) != 1 || !strings.Contains(text, "The notebook is not running") || !strings.Contains(text, want) ||
				!strings.Contains(text, "allow_not_running = true") || !strings.HasSuffix(text, diagnostics.WayOut) {
				t.Errorf("it says %q", text)
			}
			got, found := p.Open(accessName, given{"notebook_id": nb.ID, "allow_not_running": true})
			if names := slices.Sorted(maps.Keys(got)); len(found) > 0 || got["status"] != status || !slices.Equal(names, []string{"allow_not_running", "notebook_id", "region", "status"}) {
				t.Errorf("it is %v: %s", got, acctest.Said(found))
			}
			if writes := s.Writes(); len(writes) > 0 {
				t.Errorf("it has written %q", writes)
			}
		})
	}
}

// The errors of an access name what to mend, and the way out of a destroy that meets them.
func TestAccessErrors(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	p := s.Protocol(t, nil)
	for id, want := range map[string]string{
		"00000000-0000-4000-8000-000000000001": "There is no notebook 00000000-0000-4000-8000-000000000001 in the project and the region",
		"no-uuid":                              "Attribute notebook_id must be a UUID",
		"":                                     "Attribute notebook_id is empty",
	} {
		_, found := p.Open(accessName, given{"notebook_id": id})
		if text := acctest.Said(found); !strings.Contains(text, want) {
			t.Errorf("%q: it says %q", id, text)
		}
		if text := acctest.Said(found); strings.Contains(want, "There is") && !strings.HasSuffix(text, diagnostics.WayOut) {
			t.Errorf("%q: it does not say how to destroy: %q", id, text)
		}
	}
}

// The access is fresh at each opening, opens in the apply while the notebook is not
// created yet, and leaves nothing in state, plan, output or log.
func TestAccNotebookAccess(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	full := base.with(arguments{"endpoints": `{ SSH = { key_pair_names = ["a"], allowed_access_ips = ["203.0.113.7"] } }`, "lease": `{ duration = "1h" }`})
	open := func(further string) string {
		return s.Provider("omit_token = true") + full.resource("test") + `
ephemeral "modelarts_notebook_access" "test" {
  notebook_id = modelarts_notebook.test.id
  ` + further + `
}
resource "terraform_data" "open" {
  triggers_replace = timestamp()
  provisioner "local-exec" {
    command     = "printf %s \"$ACCESS\" > access.json"
    environment = { ACCESS = jsonencode(ephemeral.modelarts_notebook_access.test) }
  }
}
`
	}
	w := acctest.NewWorkspace(t, open(""))
	log := filepath.Join(w.Dir, "terraform.log")
	w.Setenv("TF_LOG", "TRACE")
	w.Setenv("TF_LOG_PATH", log)
	printed := w.MustRun(t, "apply", "-auto-approve")
	nb := s.Only(t)
	tokens := []string{nb.Token}
	holds := func(text string) {
		t.Helper()
		if got := read(t, filepath.Join(w.Dir, "access.json")); !strings.Contains(got, text) {
			t.Errorf("the access is %s, without %s", got, text)
		}
	}
	holds(`"link":"https://authoring-modelarts-cn-north-4.huaweicloud.com/` + nb.ID + `/lab?token=` + nb.Token + `"`)
	holds(`"port":30000`)

	running, stopped := "RUNNING", "STOPPED"
	change(t, s, simulator.Drift{Status: &running}) // with another token
	tokens = append(tokens, s.Only(t).Token)
	printed += w.MustRun(t, "plan", "-out=plan")
	printed += w.MustRun(t, "show", "plan") + w.MustRun(t, "show", "-json", "plan") + w.MustRun(t, "apply", "plan")
	holds(tokens[1])

	change(t, s, simulator.Drift{Status: &stopped})
	s.ResetRequests()
	for _, args := range [][]string{{"plan"}, {"destroy", "-auto-approve"}} {
		out, err := w.Run(t, args...)
		if err == nil || !strings.Contains(acctest.Plain(out), "The notebook is not running") {
			t.Errorf("terraform %q goes on with a notebook that is stopped:\n%s", args, out)
		}
	}
	w.Configure(t, open("allow_not_running = true"))
	printed += w.MustRun(t, "apply", "-auto-approve")
	holds(`"link":null`)
	if writes := s.Writes(); len(writes) > 0 {
		t.Errorf("a notebook that is stopped was changed: %q", writes)
	}
	everything := printed + read(t, log) + w.State(t) + read(t, filepath.Join(w.Dir, "plan"))
	for _, token := range tokens {
		if token == "" || strings.Contains(everything, token) {
			t.Errorf("the token %q is in a state, a plan, an output or a log", token)
		}
	}
	if !strings.Contains(everything, nb.ID) {
		t.Error("nothing speaks of the notebook, so that the silence proves nothing")
	}
	w.Configure(t, open(""))
	w.MustRun(t, "destroy", "-auto-approve", "-refresh=false")
	if err := s.NothingLeft(nil); err != nil {
		t.Error(err)
	}
}

// The example opens the page once, and its SSH configuration is that of the notebook.
func TestAccNotebookAccess_example(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	example := read(t, "../../examples/ephemeral-resources/modelarts_notebook_access/ephemeral-resource.tf")
	w := acctest.NewWorkspace(t, strings.Replace(example, "provider \"modelarts\" {\n  omit_token = true\n}\n", s.Provider("omit_token = true"), 1))
	browser := filepath.Join(w.Dir, "xdg-open")
	if err := os.WriteFile(browser, []byte("#!/bin/sh\nprintf %s \"$1\" >> opened\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	w.Setenv("PATH", w.Dir+":"+os.Getenv("PATH"))
	w.MustRun(t, "apply", "-auto-approve")
	nb := s.Only(t)
	if got := read(t, filepath.Join(w.Dir, "opened")); !strings.HasSuffix(got, nb.ID+"/lab?token="+nb.Token) {
		t.Errorf("the page is %q", got)
	}
	want := "Host workbench\n  HostName dev-modelarts-cn-north-4.huaweicloud.com\n  Port 30000\n  User ma-user\n  IdentityFile ~/.ssh/my-key-pair.pem\n"
	if got := w.MustRun(t, "output", "-raw", "ssh_config"); !strings.HasPrefix(got, want) {
		t.Errorf("the SSH configuration is %q", got)
	}
	if strings.Contains(w.State(t), nb.Token) {
		t.Error("the token is in the state")
	}
	stopped := "STOPPED"
	change(t, s, simulator.Drift{Status: &stopped})
	if out := w.MustRun(t, "plan"); !strings.Contains(out, "No changes.") {
		t.Errorf("a stopped notebook is a change:\n%s", out)
	}
	w.MustRun(t, "destroy", "-auto-approve")
}

// The link is the address with the token in its query, whatever else is in that.
func TestAccessLink(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	nb := made(t, s, nil)
	p := s.Protocol(t, nil)
	for address, want := range map[string]string{
		"https://h.example/x/lab":               "https://h.example/x/lab?token=a%26b",
		"https://h.example/x/lab?a=1":           "https://h.example/x/lab?a=1&token=a%26b",
		"https://h.example/x/lab?token=old#top": "https://h.example/x/lab?token=a%26b#top",
		"":                                      "",
	} {
		token := "a&b"
		change(t, s, simulator.Drift{URL: &address, Token: &token})
		got, found := p.Open(accessName, given{"notebook_id": nb.ID})
		if len(found) > 0 || got["link"] != want {
			t.Errorf("%s: the link is %q, want %q: %s", address, got["link"], want, acctest.Said(found))
		}
		if at, err := url.Parse(got["link"]); err != nil || want != "" && at.Query().Get("token") != token {
			t.Errorf("%s: the link has another token: %v", address, at)
		}
	}
}

// change changes the only notebook of the service.
func change(t *testing.T, s *acctest.Service, d simulator.Drift) {
	t.Helper()
	if err := s.Change(s.Only(t).ID, d); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
