package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// program is a simulator that runs as the command does.
type program struct {
	t      *testing.T
	url    string
	token  string
	stderr bytes.Buffer
	// stop ends it, and waits.
	stop func() error
}

// startProgram runs the command with arguments, and signs in.
func startProgram(t *testing.T, args ...string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	environment := filepath.Join(t.TempDir(), "env")
	p := &program{t: t}
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, append([]string{"-address", "127.0.0.1:0", "-env-file", environment}, args...), io.Discard, &p.stderr)
	}()
	p.stop = func() error {
		cancel()
		return <-done
	}
	for p.url == "" {
		select {
		case err := <-done:
			t.Fatalf("run: %v", err)
		case <-time.After(time.Millisecond):
		}
		data, _ := os.ReadFile(environment)
		if found := regexp.MustCompile(`MODELARTS_ENDPOINT='(.+)'`).FindSubmatch(data); found != nil {
			p.url = string(found[1])
		}
	}
	return p
}

// do sends a request and returns the status, the body and the headers.
func (p *program) do(method, path, body string) (int, string, http.Header) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if p.token != "" {
		r.Header.Set("X-Auth-Token", p.token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer.StatusCode, string(text), answer.Header
}

func (p *program) signIn() {
	p.t.Helper()
	status, text, header := p.do("POST", "/v3/auth/tokens", `{"auth": {"identity": {"methods": ["password"], "password": {"user": {
		"name": "simulator-user", "password": "simulator-password", "domain": {"name": "simulator-domain"}}}},
		"scope": {"project": {"name": "cn-north-4"}}}}`)
	if status != http.StatusCreated {
		p.t.Fatalf("sign in: %d %s", status, text)
	}
	p.token = header.Get("X-Subject-Token")
}

// create makes a notebook and returns it.
func (p *program) create(name string) map[string]any {
	p.t.Helper()
	options := simulator.New(simulator.Options{}).Options()
	status, text, _ := p.do("POST", "/v1/"+options.ProjectID+"/notebooks", `{"name": "`+name+`", "flavor": "modelarts.vm.cpu.2u",
		"image_id": "e1a07296-22a8-4f05-8bc8-e936c8e54090", "volume": {"category": "EVS", "ownership": "MANAGED"}}`)
	var created map[string]any
	if err := json.Unmarshal([]byte(text), &created); status != http.StatusOK || err != nil {
		p.t.Fatalf("create: %d %s", status, text)
	}
	return created
}

// TestStateFile restarts a simulator, which goes on where it was.
func TestStateFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state.json")
	first := startProgram(t, "-state-file", name, "-create-time", "0s")
	first.signIn()
	created := first.create("kept")
	first.do("POST", "/_simulator/clock", `{"advance": "10m"}`)
	first.do("POST", "/_simulator/faults", `{"kind": "refuse", "operation": "ShowNotebook"}`)

	// What was answered is in the file: a kill loses nothing.
	begin := time.Now()
	for {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(`"kept"`)) && bytes.Contains(data, []byte(`"refuse"`)) {
			break
		}
		if time.Since(begin) > 5*time.Second {
			t.Fatalf("the file does not hold the changes: %s", data)
		}
		time.Sleep(time.Millisecond)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file %v, %v", info, err)
	}
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}

	second := startProgram(t, "-state-file", name, "-create-time", "0s")
	second.token = first.token
	path := "/v1/" + simulator.New(simulator.Options{}).Options().ProjectID + "/notebooks/" + created["id"].(string)
	if status, text, _ := second.do("GET", path, ""); status != http.StatusInternalServerError {
		t.Errorf("the fault is lost: %d %s", status, text)
	}
	status, text, _ := second.do("GET", path, "")
	var shown map[string]any
	if err := json.Unmarshal([]byte(text), &shown); status != http.StatusOK || err != nil {
		t.Fatalf("read: %d %s", status, text)
	}
	if shown["status"] != "RUNNING" || shown["name"] != "kept" || shown["token"] != created["token"] {
		t.Errorf("after the restart: %s", text)
	}
	if address, _ := shown["url"].(string); !strings.HasPrefix(address, second.url+"/") {
		t.Errorf("the url is that of the simulator before: %s", address)
	}
	if status, _, _ := second.do("DELETE", "/_simulator/notebooks/"+created["id"].(string), ""); status != http.StatusNoContent {
		t.Errorf("delete: %d", status)
	}
	if err := second.stop(); err != nil {
		t.Fatal(err)
	}
	third := startProgram(t, "-state-file", name)
	if _, text, _ := third.do("GET", "/_simulator/notebooks", ""); strings.TrimSpace(text) != "[]" {
		t.Errorf("after the delete: %s", text)
	}
	if err := third.stop(); err != nil {
		t.Error(err)
	}
	if files, err := os.ReadDir(filepath.Dir(name)); err != nil || len(files) != 1 {
		t.Errorf("files are left: %v, %v", files, err)
	}
}

// TestStateFileIsLeft begins with files that are no states, which stay as they are.
func TestStateFileIsLeft(t *testing.T) {
	whole, err := simulator.New(simulator.Options{}).State()
	if err != nil {
		t.Fatal(err)
	}
	for content, reason := range map[string]string{
		"":                           "it is not a state of the simulator",
		"x":                          "it is not a state of the simulator",
		`{"format": "other"}`:        "it is not a state of the simulator",
		string(whole[:len(whole)/2]): "or only a part of one",
		strings.Replace(string(whole), `"version": 1`, `"version": 2`, 1):                "it was written by a newer simulator: its version is 2, and this simulator reads version 1",
		strings.Replace(string(whole), `"version": 1`, `"version": 0`, 1):                "it was written by an older simulator: its version is 0, and this simulator reads version 1",
		strings.Replace(string(whole), `"region": "cn-north-4"`, `"region": "other"`, 1): "it is of the region other",
		strings.Replace(string(whole), `"last_fault"`, `"lost_fault"`, 1):                `unknown field "lost_fault"`,
	} {
		name := filepath.Join(t.TempDir(), "state.json")
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		err := run(ctx, []string{"-address", "127.0.0.1:0", "-state-file", name}, io.Discard, io.Discard)
		cancel()
		if err == nil || !strings.Contains(err.Error(), reason) || !strings.Contains(err.Error(), name) {
			t.Errorf("the error is %v, and has no %q", err, reason)
		}
		if after, err := os.ReadFile(name); err != nil || string(after) != content {
			t.Errorf("%s: the file was overwritten: %s, %v", reason, after, err)
		}
	}
}

// TestStateFileOfTwo lets two simulators share a file: the second writer sees it.
func TestStateFileOfTwo(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state.json")
	options := simulator.Options{Clock: func() time.Time { return time.Unix(0, 0) }}
	first, err := openState(name, options)
	if err != nil {
		t.Fatal(err)
	}
	second, err := openState(name, options)
	if err != nil {
		t.Fatal(err)
	}
	first.service.Advance(time.Hour)
	if err := first.save(); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.save(); err == nil || !strings.Contains(err.Error(), "another program changed it") {
		t.Errorf("the second saves: %v", err)
	}
	if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the file was overwritten: %s, %v", got, err)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := second.save(); err != nil {
		t.Errorf("a file that is gone is not written again: %v", err)
	}
}

// TestRequestLog reads the lines of -v.
func TestRequestLog(t *testing.T) {
	p := startProgram(t, "-v", "-key-pairs", "team")
	p.signIn()
	id, _ := p.create("logged")["id"].(string)
	options := simulator.New(simulator.Options{}).Options()
	p.do("GET", "/v1/"+options.ProjectID+"/notebooks/00000000-0000-4000-8000-000000000000?token=query-secret", "")
	p.do("POST", "/_simulator/faults", `{"kind": "throttle"}`)
	p.do("GET", "/v1/"+options.ProjectID+"/notebooks/"+id, "")
	p.do("GET", "/%0Aforged", "")
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	log := p.stderr.String()
	for _, pattern := range []string{
		`(?m)^\d{4}-\d\d-\d\dT\S+Z 201 KeystoneCreateToken POST "/v3/auth/tokens" \S+s request="[0-9a-f]{32}"$`,
		`(?m)^\S+Z 200 CreateNotebook POST "/v1/[0-9a-f]+/notebooks" \S+s notebook="` + id + `" request=`,
		`(?m)^\S+Z 400 ShowNotebook GET "\S+\?token=REDACTED" \S+s notebook="00000000-0000-4000-8000-000000000000" code="ModelArts.6309" request=`,
		`(?m)^\S+Z 429 ShowNotebook GET "\S+" \S+s notebook="` + id + `" code="ModelArts.6101" fault="throttle" request=`,
		`(?m)^\S+Z 404 unknown GET "/\\nforged" \S+s code="APIG.0101" request=`,
	} {
		if !regexp.MustCompile(pattern).MatchString(log) {
			t.Errorf("no line matches %s in\n%s", pattern, log)
		}
	}
	for _, secret := range []string{p.token, "query-secret", simulator.DefaultPassword, simulator.DefaultSecretKey} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds the secret %q", secret)
		}
	}
}

// A read that meets a fault uses it up, which is saved.
func TestStateFileAfterReads(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state.json")
	p := startProgram(t, "-state-file", name)
	p.signIn()
	p.do("POST", "/_simulator/faults", `{"kind": "unavailable", "operation": "ListFlavors"}`)
	path := "/v1/" + simulator.New(simulator.Options{}).Options().ProjectID + "/notebooks/flavors"
	if status, text, _ := p.do("GET", path, ""); status != http.StatusServiceUnavailable {
		t.Fatalf("the fault is not met: %d %s", status, text)
	}
	met := func() bool {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		restored, err := simulator.Restore(simulator.Options{}, data)
		if err != nil {
			return false // it is being written
		}
		faults := restored.Faults()
		return len(faults) == 0 || faults[0].Hits == 1
	}
	for begin := time.Now(); !met(); time.Sleep(time.Millisecond) {
		if time.Since(begin) > 5*time.Second {
			t.Fatal("the file does not say that the fault was met")
		}
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
}
