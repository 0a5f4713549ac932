package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// service is a simulator at an address, and the environment for it.
func service(t *testing.T, answers ...string) (*simulator.Simulator, map[string]string) {
	t.Helper()
	const quick = 5 * time.Millisecond
	sim := simulator.New(simulator.Options{
		Answers: answers, Lag: quick, CreateTime: quick, StartTime: quick, StopTime: quick, DeleteTime: quick,
		// A read must come before the end of it.
		ResizeTime: quick, SnapshotTime: time.Second, MountTime: quick,
	})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	return sim, map[string]string{
		"HW_REGION_NAME": simulator.DefaultRegion, "HW_ACCESS_KEY": simulator.DefaultAccessKey, "HW_SECRET_KEY": simulator.DefaultSecretKey,
		"HW_AUTH_URL": server.URL + "/v3", "MODELARTS_ENDPOINT": server.URL, consent: "1",
	}
}

// program runs the program with an environment.
func program(t *testing.T, variables map[string]string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, log bytes.Buffer
	err = run(t.Context(), t.Context(), args, func(name string) string { return variables[name] }, &out, &log)
	return out.String(), log.String(), err
}

// TestTheFileIsForTheSimulator leads a life over HTTP with signed requests. A
// simulator that is given the file answers as the one that was asked.
func TestTheFileIsForTheSimulator(t *testing.T) {
	t.Parallel()
	want := []string{
		"lease-answers-lower", "volume-absent", "mount-kept", "update-stopped-only", "ips-normalised", "list-short",
		"groups-in-data", "image-other-id", "delete-stopped-only", "gone-404",
	}
	sim, variables := service(t, want...)
	file := filepath.Join(t.TempDir(), "answers.txt")
	stdout, stderr, err := program(t, variables, "-file", file, "-poll", "2ms", "-late", "10ms", "-patience", "30s",
		"-key-pair", "key", "-mount", "obs://lake/live/", "-save", "organization")
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := simulator.ParseAnswers(string(written)); !slices.Equal(got, want) {
		t.Errorf("the file has %v, want %v\n%s\n%s", got, want, stdout, stderr)
	}
	for _, text := range []string{"1 notebook for about", "by its flavor, per hour", "gone-404", "not asked"} {
		if !strings.Contains(stdout, text) {
			t.Errorf("the output lacks %q:\n%s", text, stdout)
		}
	}
	for _, secret := range []string{sim.Options().ProjectID, simulator.DefaultSecretKey, simulator.DefaultAccessKey} {
		if strings.Contains(stdout+stderr+string(written), secret) {
			t.Errorf("the output has %q", secret)
		}
	}
	if left := sim.Notebooks(); len(left) > 0 {
		t.Errorf("%d notebooks are left", len(left))
	}
}

// TestRefusesWithoutConsent asks nothing of the service without the variable, and
// says all the same what it would make.
func TestRefusesWithoutConsent(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"-clean"}} {
		sim, variables := service(t)
		delete(variables, consent)
		stdout, _, err := program(t, variables, args...)
		if err == nil || !strings.Contains(err.Error(), consent+"=1") {
			t.Errorf("%v: %v", args, err)
		}
		if !strings.Contains(stdout, "make-live-") {
			t.Errorf("%v: %s", args, stdout)
		}
		if n := len(sim.Requests()); n > 0 {
			t.Errorf("%v: %d requests were made", args, n)
		}
	}
}

// TestClean deletes what an earlier run has left, and nothing else.
func TestClean(t *testing.T) {
	t.Parallel()
	sim, variables := service(t)
	for _, name := range []string{"make-live-0a1b2c3d", "mine"} {
		body := `{"name": "` + name + `", "flavor": "modelarts.vm.cpu.2u", "image_id": "e1a07296-22a8-4f05-8bc8-e936c8e54090",
			"volume": {"category": "EVS", "ownership": "MANAGED", "capacity": 5}}`
		if err := post(variables, sim.Options().ProjectID, body); err != nil {
			t.Fatal(err)
		}
	}
	if _, stderr, err := program(t, variables, "-clean", "-poll", "2ms", "-late", "10ms"); err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	if left := sim.Notebooks(); len(left) != 1 || left[0].Name != "mine" {
		t.Errorf("left: %v", left)
	}
}

// post makes a notebook.
func post(variables map[string]string, project, body string) error {
	config, err := environment(func(name string) string { return variables[name] }).config()
	if err != nil {
		return err
	}
	session, err := huaweicloud.New(config)
	if err != nil {
		return err
	}
	resp, err := session.HTTPClient().Post(variables["MODELARTS_ENDPOINT"]+"/v1/"+project+"/notebooks", "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		return errors.New(string(text))
	}
	return nil
}

// TestVariablesAreThoseOfTheProvider looks for each variable in the provider's
// documentation.
func TestVariablesAreThoseOfTheProvider(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/index.md")
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{}
	_, err = environment(func(name string) string { asked[name] = true; return "" }).config()
	if err != nil || len(asked) < 20 {
		t.Fatalf("%d variables are read: %v", len(asked), err)
	}
	for name := range asked {
		if !strings.Contains(string(page), name) {
			t.Errorf("%s is no variable of the provider", name)
		}
	}
}

// TestWrongCredentials says which variables were looked for.
func TestWrongCredentials(t *testing.T) {
	t.Parallel()
	_, variables := service(t)
	variables["HW_SECRET_KEY"] = "wrong"
	if _, _, err := program(t, variables); err == nil || strings.Contains(err.Error(), "wrong") {
		t.Errorf("with a wrong key: %v", err)
	}
	variables["HW_REGION_NAME"], variables["MODELARTS_ENDPOINT"] = "", ""
	if _, _, err := program(t, variables); err == nil || !strings.Contains(err.Error(), "HW_REGION_NAME") {
		t.Errorf("without a region: %v", err)
	}
}
