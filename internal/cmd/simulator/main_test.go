package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// TestRun serves, reads the environment from the file, and stops.
func TestRun(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	file := filepath.Join(t.TempDir(), "env")
	var stdout, stderr bytes.Buffer
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, []string{"-address", "127.0.0.1:0", "-env-file", file, "-region", "eu-west-101", "-secret-key", "it's"}, &stdout, &stderr)
	}()
	environment := ""
	for begin := time.Now(); environment == ""; time.Sleep(time.Millisecond) {
		data, err := os.ReadFile(file)
		environment = string(data)
		if err != nil && time.Since(begin) > 10*time.Second {
			t.Fatal(err)
		}
	}
	url := regexp.MustCompile(`export MODELARTS_ENDPOINT='(http://127\.0\.0\.1:\d+)'`).FindStringSubmatch(environment)
	if url == nil {
		t.Fatalf("environment %s", environment)
	}
	want := "export HW_REGION_NAME='eu-west-101'\nexport HW_ACCESS_KEY='SIMULATORACCESSKEY'\nexport HW_SECRET_KEY='it'\\''s'\n" +
		"export HW_AUTH_URL='" + url[1] + "/v3'\n" + url[0] + "\n"
	if environment != want {
		t.Errorf("environment %s, want %s", environment, want)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url[1]+"/_simulator/options", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	if body, err := io.ReadAll(got.Body); err != nil || !bytes.Contains(body, []byte(`"create_time":"8s"`)) {
		t.Errorf("options %s, %v", body, err)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("run: %v", err)
	}
	if stdout.String() != want {
		t.Errorf("stdout %s, want %s", &stdout, want)
	}
	if strings.Contains(stderr.String(), "it's") {
		t.Errorf("stderr holds the secret key: %s", &stderr)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file %v, %v", info, err)
	}
}

// TestHelp checks that -help lists every flag, in one group alone, and every
// control path.
func TestHelp(t *testing.T) {
	var stdout bytes.Buffer
	if err := run(t.Context(), []string{"-help"}, &stdout, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Error(err)
	}
	help := stdout.String()
	newFlags(&command{}).VisitAll(func(f *flag.Flag) {
		if count := len(regexp.MustCompile(`(?m)^  -`+f.Name+`( |$)`).FindAllString(help, -1)); count != 1 {
			t.Errorf("-help has the flag -%s %d times", f.Name, count)
		}
	})
	for _, g := range groups {
		if !strings.Contains(help, "\n"+g.title+":\n  -"+g.names[0]) {
			t.Errorf("-help has no group %q", g.title)
		}
	}
	for _, p := range simulator.ControlPaths() {
		if !regexp.MustCompile(`(?m)^  ` + p.Method + ` +` + regexp.QuoteMeta(p.Path) + `$`).MatchString(help) {
			t.Errorf("-help does not list %s %s", p.Method, p.Path)
		}
	}
	if !strings.Contains(help, "  -create-time time\n        time that a creation takes (default 8s)\n") {
		t.Errorf("-help does not say what a flag does: %s", help)
	}
}

// printed is what the program prints in place of serving.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if err := run(t.Context(), args, &stdout, &stderr); err != nil || stderr.Len() > 0 {
		t.Fatalf("%q: %v, %s", args, err, &stderr)
	}
	return stdout.String()
}

func TestPrinted(t *testing.T) {
	questions := printed(t, "-questions")
	for _, question := range simulator.Questions() {
		if !strings.Contains("\n"+questions, "\n  "+question.ID+"\n") {
			t.Errorf("-questions does not list %s", question.ID)
		}
	}
	if !strings.Contains(questions, "How does the filter flavor match?\n      A: a substring (Go, newest)\n      B: exactly (page, Py)\n") {
		t.Errorf("-questions lists no answers: %s", questions)
	}
	if text := printed(t, "-version"); text != "simulator dev\n" {
		t.Errorf("-version prints %q", text)
	}
	version = "1.2.3"
	defer func() { version = "" }()
	if text := printed(t, "-version"); text != "simulator 1.2.3\n" {
		t.Errorf("-version prints %q", text)
	}

	// What -catalogue-example prints, -catalogue takes.
	name := filepath.Join(t.TempDir(), "catalogue.json")
	if err := os.WriteFile(name, []byte(printed(t, "-catalogue-example")), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := parse([]string{"-catalogue", name}, io.Discard)
	if err != nil || c.options.Catalogue == nil {
		t.Errorf("the example is refused: %v", err)
	}
}

// TestFlags holds what flags of lists and numbers set.
func TestFlags(t *testing.T) {
	c, err := parse([]string{"-key-pairs", "team, ,other", "-key-pairs", "third", "-sold-out", "modelarts.vm.cpu.2u", "-speed", "2.5"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"team", "other", "third"}; !slices.Equal(c.options.KeyPairs, want) {
		t.Errorf("key pairs %q, want %q", c.options.KeyPairs, want)
	}
	if want := []string{"modelarts.vm.cpu.2u"}; !slices.Equal(c.options.SoldOut, want) {
		t.Errorf("sold out %q, want %q", c.options.SoldOut, want)
	}
	if c.options.Speed != 2.5 {
		t.Errorf("speed %v", c.options.Speed)
	}
}

// TestAnswers takes answers from a file and from the flag.
func TestAnswers(t *testing.T) {
	name := filepath.Join(t.TempDir(), "answers")
	if err := os.WriteFile(name, []byte("gone-404, tags-lag # two\n\n# none\nips-absent\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := parse([]string{"-answers", "time-nowhere,spec-absent", "-answers-file", name}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	options := c.options
	if want := []string{"time-nowhere", "spec-absent", "gone-404", "tags-lag", "ips-absent"}; !slices.Equal(options.Answers, want) {
		t.Errorf("answers %q, want %q", options.Answers, want)
	}
}

func TestRefusedArguments(t *testing.T) {
	for _, args := range [][]string{
		{"-address", ":8080"},
		{"-address", "0.0.0.0:0"},
		{"-address", "[::]:0"},
		{"-address", "192.0.2.1:0"},
		{"-address", "x"},
		{"-progress", "x"},
		{"-answers", "x"},
		{"-answers", "gone-404,gone-6404"},
		{"-answers", "gone-404", "-answers", "gone-deleted"},
		{"-answers-file", "/nonexistent/answers"},
		{"-nonsense"},
		{"-speed", "0"},
		{"-speed", "-1"},
		{"-speed", "fast"},
		{"-speed", "2x"},
		{"-speed", "NaN"},
		{"-speed", "Inf"},
		{"-catalogue", "/nonexistent/catalogue.json"},
		{"-catalogue", "main_test.go"},
		{"-address", "127.0.0.1:0", "-state-file", "/nonexistent/state.json"},
		{"-address", "127.0.0.1:0", "-state-file", "main_test.go"},
		{"extra"},
		{"-address", "127.0.0.1:0", "-env-file", "/nonexistent/env"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if err := run(ctx, args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q was taken", args)
		}
		cancel()
	}
}
