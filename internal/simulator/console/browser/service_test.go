package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the simulator has by default.
const (
	vendorImage = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
	hookScript  = "/home/ma-user/work/secret-hook.sh"
	secretKey   = "simulator-secret-key"
)

// service is a simulator that runs as a program.
type service struct {
	t       *testing.T
	url     string
	token   string
	project string
	// stop ends the program.
	stop func()
}

// program builds the simulator.
func program(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "simulator")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", name, "./internal/cmd/simulator")
	build.Dir = filepath.Join("..", "..", "..", "..")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	return name
}

// start runs a simulator for a test, and signs in.
func start(t *testing.T, name string, args ...string) *service {
	t.Helper()
	environment := filepath.Join(t.TempDir(), "env")
	ctx, stop := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, name, append([]string{"-address", "127.0.0.1:0", "-env-file", environment}, args...)...)
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	if err := command.Start(); err != nil {
		stop()
		t.Fatal(err)
	}
	s := &service{t: t, stop: sync.OnceFunc(func() {
		stop()
		_ = command.Wait()
	})}
	t.Cleanup(s.stop)
	for begin := time.Now(); s.url == ""; time.Sleep(20 * time.Millisecond) {
		text, _ := os.ReadFile(environment)
		for line := range strings.Lines(string(text)) {
			if value, ok := strings.CutPrefix(strings.TrimSpace(line), "export MODELARTS_ENDPOINT="); ok {
				s.url = strings.Trim(value, "'")
			}
		}
		if time.Since(begin) > 30*time.Second {
			t.Fatal("the simulator does not start")
		}
	}
	s.signIn()
	return s
}

// do sends a request and returns the status, the body and the headers.
func (s *service) do(method, path, body string) (int, string, http.Header) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, bytes.NewBufferString(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if s.token != "" {
		r.Header.Set("X-Auth-Token", s.token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(text), answer.Header
}

// members sends a request that must succeed, and reads the answer.
func (s *service) members(method, path, body string) map[string]any {
	s.t.Helper()
	status, text, _ := s.do(method, path, body)
	if status >= 300 {
		s.t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	var members map[string]any
	if text != "" {
		if err := json.Unmarshal([]byte(text), &members); err != nil {
			s.t.Fatalf("%s %s: %v: %s", method, path, err, text)
		}
	}
	return members
}

func (s *service) signIn() {
	status, text, header := s.do("POST", "/v3/auth/tokens", `{"auth": {"identity": {"methods": ["password"], "password": {"user": {
		"name": "simulator-user", "password": "simulator-password", "domain": {"name": "simulator-domain"}}}},
		"scope": {"project": {"name": "cn-north-4"}}}}`)
	if status != http.StatusCreated {
		s.t.Fatalf("sign in: %d %s", status, text)
	}
	s.token = header.Get("X-Subject-Token")
	projects, _ := s.members("GET", "/v3/projects?name=cn-north-4", "")["projects"].([]any)
	first, _ := projects[0].(map[string]any)
	s.project, _ = first["id"].(string)
}

// path is a path of the service in the project.
func (s *service) path(parts ...string) string {
	return "/v1/" + s.project + "/notebooks" + strings.Join(append([]string{""}, parts...), "/")
}

// create makes a notebook and returns its ID.
func (s *service) create(name, more string) string {
	s.t.Helper()
	id, _ := s.members("POST", s.path(), fmt.Sprintf(`{"name": %q, "flavor": "modelarts.vm.cpu.2u", "image_id": %q,
		"volume": {"category": "EVS", "ownership": "MANAGED", "capacity": 20}%s}`, name, vendorImage, more))["id"].(string)
	return id
}

// advance moves the clock.
func (s *service) advance(by string) {
	s.t.Helper()
	s.members("POST", "/_simulator/clock", fmt.Sprintf(`{"advance": %q}`, by))
}

// known is what the simulator knows of a notebook.
func (s *service) known(id string) map[string]any {
	s.t.Helper()
	return s.members("GET", "/_simulator/notebooks/"+id, "")
}
