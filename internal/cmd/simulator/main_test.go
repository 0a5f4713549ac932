package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
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

func TestRefusedArguments(t *testing.T) {
	for _, args := range [][]string{
		{"-address", ":8080"},
		{"-address", "0.0.0.0:0"},
		{"-address", "[::]:0"},
		{"-address", "192.0.2.1:0"},
		{"-address", "x"},
		{"-not-found", "x"},
		{"-names", "x"},
		{"-nonsense"},
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
