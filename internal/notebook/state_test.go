package notebook

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// oneNotebook is a service with one notebook, without a network. Each answer of a
// read is that of the last write, or the first one.
type oneNotebook struct {
	mu    sync.Mutex
	first string            // before the first write
	after map[string]string // after a POST or a PUT; empty: as before
	// refuses are the members of an update that are refused, blind that nothing is
	// shown after the first write.
	refuses string
	blind   bool
	writes  []string
}

func (s *oneNotebook) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body := ""
	if req.Body != nil {
		text, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		body = string(text)
	}
	refused := func() (*http.Response, error) {
		return reply(req, http.StatusBadRequest, `{"error_code":"ModelArts.0104","error_msg":"no"}`), nil
	}
	if req.Method != http.MethodGet {
		s.writes = append(s.writes, req.Method+" "+body)
		if s.refuses != "" && strings.Contains(body, s.refuses) {
			return refused()
		}
		if now := s.after[req.Method]; now != "" {
			s.first = now
		}
		return reply(req, http.StatusOK, `{"id":"id","name":"n","status":"CREATING"}`), nil
	}
	switch {
	case s.blind && len(s.writes) > 0:
		return refused()
	case s.first == "":
		return reply(req, http.StatusNotFound, `{"error_code":"ModelArts.6309","error_msg":"no such notebook"}`), nil
	case strings.HasSuffix(req.URL.Path, "/notebooks"):
		return reply(req, http.StatusOK, `{"data":[`+s.first+`],"total":1}`), nil
	default:
		return reply(req, http.StatusOK, s.first), nil
	}
}

func reply(req *http.Request, status int, text string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(text)), Request: req}
}

// bareProvider offers the resource, with settings of the test.
type bareProvider struct{ settings *settings.Settings }

func (bareProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "modelarts"
}
func (bareProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (p bareProvider) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.ResourceData = p.settings
}

func (bareProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{NewResource}
}
func (bareProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

// overProtocol serves the resource as Terraform sees it, on a service.
func overProtocol(t *testing.T, service http.RoundTripper) tfprotov6.ProviderServer {
	t.Helper()
	project := func(context.Context) (string, error) { return "p", nil }
	client := modelarts.New(&url.URL{Scheme: "https", Host: "h.example"}, &http.Client{Transport: service}, project, "test")
	s := settings.New(settings.Policy{PollInterval: time.Millisecond}, func(string) *settings.Process { return settings.NewProcess(client) })
	server := providerserver.NewProtocol6(bareProvider{s})()
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	config := valueOf(t, schema.Provider.ValueType(), attributes{})
	dynamic, err := tfprotov6.NewDynamicValue(config.Type(), config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &dynamic}); err != nil {
		t.Fatal(err)
	}
	return server
}

func dynamic(t *testing.T, v values.Value) *tfprotov6.DynamicValue {
	t.Helper()
	d, err := tfprotov6.NewDynamicValue(resourceType(), v.Value)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

func undynamic(t *testing.T, d *tfprotov6.DynamicValue) values.Value {
	t.Helper()
	v, err := d.Unmarshal(resourceType())
	if err != nil {
		t.Fatal(err)
	}
	return values.Of(v)
}

const (
	comingUp = `{"id":"id","name":"elsewhere","status":"RUNNING","flavor":"g","image":{"id":"i"},"volume":{},"lease":{},"url":"answered","token":"answered","description":"elsewhere"}`
	failing  = `{"id":"id","name":"n","status":"CREATE_FAILED","fail_reason":"no disk","url":"answered","description":"elsewhere"}`
)

// Each outcome of an apply leaves in the state what the table at the head of
// state.go says. In all of them the plan has name = "m", flavor = "h" and
// deletion_protection = true, and url is unknown.
func TestStateAfterAnApply(t *testing.T) {
	t.Parallel()
	for row, tc := range map[string]struct {
		creates bool
		service *oneNotebook

		state attributes // what else differs in it and in the plan
		plan  attributes // what else differs in it
		want  attributes
		says  []string
	}{
		"it came up: planOrAnswer": {
			creates: true, service: &oneNotebook{after: map[string]string{"POST": comingUp}},
			want: attributes{"id": "id", "name": "m", "flavor": "h", "url": "answered", "status": "RUNNING", protection: true, "description": nil, "region": "r", "project_id": "p"},
			says: []string{`warning: Notebook "m" is not shown as it was applied`},
		},
		"it failed: planOrNull, unprotected, with status and fail_reason": {
			creates: true, service: &oneNotebook{after: map[string]string{"POST": failing}},
			want: attributes{"id": "id", "name": "m", "flavor": "h", "url": nil, "status": "CREATE_FAILED", "fail_reason": "no disk", protection: nil, "description": nil},
			says: []string{"error: Unable to create notebook"},
		},
		"it was not followed: planOrNull": {
			creates: true, service: &oneNotebook{after: map[string]string{"POST": comingUp}, blind: true},
			want: attributes{"id": "id", "name": "m", "flavor": "h", "url": nil, "status": "CREATING", "fail_reason": nil, protection: true, "description": nil},
			says: []string{`warning: Notebook "m" could not be followed`},
		},
		"the create is refused: no state": {
			creates: true, service: &oneNotebook{refuses: "name"}, says: []string{"error: Unable to create notebook"},
		},
		"an update has nothing to change: planOrState": {
			service: &oneNotebook{first: comingUp}, plan: attributes{"name": "n", "flavor": "f"},
			want: attributes{"name": "n", "flavor": "f", "url": "u", protection: true, "description": nil},
		},
		"an update is done: planOrAnswer": {
			service: &oneNotebook{first: comingUp}, plan: attributes{"flavor": "f"},
			want: attributes{"name": "m", "flavor": "f", "url": "answered", protection: true, "description": nil},
			says: []string{`warning: Notebook "m" is not shown as it was applied`},
		},
		"a state of before there were identities: placed, and the plan": {
			service: &oneNotebook{first: comingUp}, state: attributes{"region": nil, "project_id": nil}, plan: attributes{"name": "n", "flavor": "f"},
			want: attributes{"name": "n", "flavor": "f", "url": "u", protection: true, "region": nil, "project_id": nil},
		},
		"an update of one in another project: the state": {
			service: &oneNotebook{first: comingUp}, state: attributes{"project_id": "q"},
			want: attributes{"name": "n", "flavor": "f", "url": "u", "project_id": "q"},
			says: []string{"error: The notebook is in another project"},
		},
		"it is done and could not be read: planOrState": {
			service: &oneNotebook{first: comingUp, blind: true}, plan: attributes{"flavor": "f"},
			want: attributes{"name": "m", "flavor": "f", "url": "u", protection: true, "description": nil},
			says: []string{`warning: Notebook "m" could not be read after its update`},
		},
		"an update failed: the state, with what was applied, overlaid with the answer": {
			// The name is changed, and for the flavor there is no consent.
			service: &oneNotebook{first: comingUp, after: map[string]string{"PUT": strings.ReplaceAll(comingUp, `"name":"elsewhere"`, `"name":"m"`)}},
			want:    attributes{"name": "m", "flavor": "g", "url": "answered", protection: true, "description": "elsewhere"},
			says:    []string{"error: Unable to update notebook"},
		},
		"an update failed and could not be read: the state, with what was applied": {
			service: &oneNotebook{first: comingUp, blind: true},
			want:    attributes{"name": "m", "flavor": "f", "url": "u", protection: true, "description": nil},
			says:    []string{"error: Unable to update notebook"},
		},
		"an update is refused: the state": {
			service: &oneNotebook{first: comingUp, refuses: "name", blind: true},
			want:    attributes{"name": "n", "flavor": "f", "url": "u", protection: true, "description": nil},
			says:    []string{"error: Unable to update notebook"},
		},
	} {
		t.Run(row, func(t *testing.T) {
			t.Parallel()
			all := plannedCase{creates: tc.creates, plan: attributes{"name": "m", "flavor": "h", protection: true, "url": unknown{}}, state: attributes{"created_at": "2026-01-01T00:00:00Z"}}
			if tc.creates {
				maps.Copy(all.plan, attributes{"id": unknown{}, "status": unknown{}, "fail_reason": unknown{}})
			}
			maps.Copy(all.plan, tc.plan)
			maps.Copy(all.state, tc.state)
			p := all.planner(t)
			req := &tfprotov6.ApplyResourceChangeRequest{
				TypeName: "modelarts_notebook", Config: dynamic(t, p.config), PriorState: dynamic(t, p.state), PlannedState: dynamic(t, p.plan),
			}
			resp, err := overProtocol(t, tc.service).ApplyResourceChange(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range resp.Diagnostics {
				got = append(got, strings.ToLower(d.Severity.String())+": "+d.Summary)
			}
			if !slices.Equal(got, tc.says) {
				t.Errorf("said %q, want %q", got, tc.says)
			}
			state := undynamic(t, resp.NewState)
			if tc.want == nil && !state.IsNull() {
				t.Errorf("there is a state: %s", state)
			}
			if !state.IsFullyKnown() {
				t.Error("something in the state is unknown")
			}
			for name, v := range tc.want {
				if want := values.Of(valueOf(t, state.At(name).Type(), v)); !values.Equal(state.At(name), want) {
					t.Errorf("%s is %s, want %s", name, state.At(name), want)
				}
			}
		})
	}
}

// A refresh leaves the state, overlaid with the answer; where there is no
// notebook, none.
func TestStateAfterARefresh(t *testing.T) {
	t.Parallel()
	state := (&plannedCase{state: attributes{"created_at": "2026-01-01T00:00:00Z", "hooks": attributes{"pre_start": attributes{"content": "c"}}}}).planner(t).state
	for name, answered := range map[string]string{"there": comingUp, "none": ""} {
		resp, err := overProtocol(t, &oneNotebook{first: answered}).ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: "modelarts_notebook", CurrentState: dynamic(t, state)})
		if warned := answered == ""; err != nil || len(resp.Diagnostics) > 0 != warned || warned && resp.Diagnostics[0].Severity != tfprotov6.DiagnosticSeverityWarning {
			t.Fatalf("%s: %v, %v", name, err, resp.Diagnostics)
		}
		got := undynamic(t, resp.NewState)
		if answered == "" {
			if !got.IsNull() {
				t.Errorf("%s: %s", name, got)
			}
			continue
		}
		if got.At("name").Text() != "elsewhere" || got.At("flavor").Text() != "g" || got.At("hooks", "pre_start", "content").Text() != "c" || got.At("workspace_id").Text() != "0" {
			t.Errorf("%s: %q differ", name, differing(got, state))
		}
		var private map[string]json.RawMessage
		if err := json.Unmarshal(resp.Private, &private); err != nil || private[appliedKey] == nil {
			t.Errorf("%s: nothing is remembered: %s", name, resp.Private)
		}
	}
}

// A failed update takes of the plan what was applied: flavor and custom size
// together, consent and protection always.
func TestAppliedOfAFailedUpdate(t *testing.T) {
	t.Parallel()
	state := (&plannedCase{}).planner(t).state
	plan := (&plannedCase{plan: attributes{"name": "m", "flavor": customFlavor, "custom_spec": attributes{"cpu": 1}, "volume.capacity": 11, "tags": attributes{"a": "1"}, "tags_all": attributes{"a": "1"}, mayStop: true, protection: true}}).planner(t).plan
	for _, tc := range []struct{ arguments, changed []string }{
		{nil, []string{mayStop, protection}},
		{[]string{"name"}, []string{mayStop, protection, "name"}},
		{[]string{"volume.capacity"}, []string{mayStop, protection, "volume"}},
		{[]string{"custom_spec"}, []string{mayStop, "custom_spec", protection, "flavor"}},
		{[]string{"flavor"}, []string{mayStop, "custom_spec", protection, "flavor"}},
		{[]string{"tags", "tags_all"}, []string{mayStop, protection, "tags", "tags_all"}},
	} {
		if got := differing(applied(state, plan, tc.arguments), state); !slices.Equal(got, tc.changed) {
			t.Errorf("%q: %q changed, want %q", tc.arguments, got, tc.changed)
		}
	}
	if got := planOrNull(plan.With(valueOf(t, plan.At("url").Type(), unknown{}), "url")); !got.At("url").IsNull() || got.At("name").Text() != "m" {
		t.Errorf("planOrNull: %s", got.At("url"))
	}
}
