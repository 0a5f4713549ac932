// Package acctest is what the acceptance tests share: the provider against the
// simulator, over real HTTP, driven by a real Terraform.
package acctest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/provider"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/serve"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// What exists in the simulator.
const (
	Flavor       = "modelarts.vm.cpu.2u"
	LargerFlavor = "modelarts.vm.cpu.4u"
	Image        = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
	OtherImage   = "59a6e9f5-93c0-44dd-85b0-82f390c5d53a"
	BucketFlavor = "modelarts.vm.cpu.8u.obs" // works with OBS and OBSFS
	Pool         = "pool41664192"
	PoolFlavor   = "modelarts.pool.visual.2xlarge" // of that pool
)

// Service is a service of its own for one test.
type Service struct {
	*simulator.Simulator
	URL string

	outage *outage
}

// Factories serves the provider to the tests' Terraform. Each shortcut past the
// framework is held to what the framework says.
var Factories = FactoriesThatTell(func(string) {})

// FactoriesThatTell is Factories that tell of each shortcut by the name of its
// call.
func FactoriesThatTell(taken func(call string)) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"modelarts": func() (tfprotov6.ProviderServer, error) {
			return serve.Proving(provider.New("test")(), taken), nil
		},
	}
}

// New starts a service. Everything that is sent to it and that it answers is held
// to the contract of the API.
func New(t testing.TB, options simulator.Options) *Service {
	t.Helper()
	return NewBehind(t, options, func(service http.Handler) http.Handler { return service })
}

// NewBehind is New for a service before which something stands that
// changes its answers. The service itself is held to the contract, what is before
// it is not.
func NewBehind(t testing.TB, options simulator.Options, before func(service http.Handler) http.Handler) *Service {
	t.Helper()
	return serving(t, simulator.New(options), before)
}

// Restored starts a service that knows what another one did when its state was taken.
func Restored(t testing.TB, options simulator.Options, state []byte) *Service {
	t.Helper()
	restored, err := simulator.Restore(options, state)
	if err != nil {
		t.Fatal(err)
	}
	return serving(t, restored, func(service http.Handler) http.Handler { return service })
}

func serving(t testing.TB, service *simulator.Simulator, before func(service http.Handler) http.Handler) *Service {
	t.Helper()
	s := &Service{Simulator: service, outage: listen(t)}
	held := holdToContract(t, s.Simulator, func() bool { return len(s.Faults()) > 0 })
	server := &httptest.Server{
		Listener: s.outage,
		Config:   &http.Server{Handler: s.outage.begin(before(held))}, //nolint:gosec // for a test
	}
	server.Start()
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Provider is the provider block for the service, with further arguments.
func (s *Service) Provider(arguments string) string {
	return fmt.Sprintf(`
provider "modelarts" {
  region        = %q
  access_key    = %q
  secret_key    = %q
  poll_interval = "20ms"
  endpoints = {
    modelarts = %q
    iam       = %q
  }
  %s
}
`, simulator.DefaultRegion, simulator.DefaultAccessKey, simulator.DefaultSecretKey, s.URL, s.URL, arguments)
}

// Only is the one notebook of the service.
func (s *Service) Only(t testing.TB) simulator.NotebookInfo {
	t.Helper()
	notebooks := s.Notebooks()
	if len(notebooks) != 1 {
		t.Fatalf("the service holds %d notebooks, want one", len(notebooks))
	}
	return notebooks[0]
}

// FaultsHit fails the test for each fault that has hit nothing, which shows nothing, and
// ends all faults.
func (s *Service) FaultsHit(t testing.TB) {
	t.Helper()
	for _, f := range s.Faults() {
		if f.Hits == 0 {
			t.Errorf("a fault has hit nothing: %+v", f.Fault)
		}
	}
	s.ClearFaults()
}

// Writes lists the calls since the last reset that change something, with their
// query and the names of what their body holds (but for a create), in the order
// in which they came: "UpdateNotebook flavor image_id".
func (s *Service) Writes() []string {
	var calls []string
	for _, r := range s.Requests() {
		if r.Method == "GET" || !strings.HasPrefix(r.Path, "/v1/") {
			continue
		}
		call := []string{r.Operation}
		if r.Operation == "CreateNotebook" {
			calls = append(calls, r.Operation)
			continue
		}
		if r.Query != "" {
			call = append(call, r.Query)
		}
		var body map[string]json.RawMessage
		if json.Unmarshal(r.Body, &body) == nil {
			call = append(call, slices.Sorted(maps.Keys(body))...)
		}
		calls = append(calls, strings.Join(call, " "))
	}
	return calls
}

// Operations counts the calls since the last reset by operation.
func (s *Service) Operations() map[string]int {
	counts := map[string]int{}
	for _, r := range s.Requests() {
		counts[r.Operation]++
	}
	return counts
}
