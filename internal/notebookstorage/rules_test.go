package notebookstorage

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values/valuestest"
)

const (
	aNotebook = "f9937afa-4451-42db-a76b-72d624749f66"
	another   = "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11"
)

// answers is a service that answers by the end of the path, without a network. What it
// does not have does not exist; what is empty is refused.
type answers map[string]string

func (a answers) RoundTrip(req *http.Request) (*http.Response, error) {
	status, text := http.StatusBadRequest, `{"error_code":"ModelArts.6309","error_msg":"not found"}`
	for end, answer := range a {
		if !strings.HasSuffix(req.URL.Path, end) {
			continue
		}
		if status, text = http.StatusOK, answer; answer == "" {
			status, text = http.StatusForbidden, `{"error_code":"ModelArts.0112","error_msg":"no"}`
		}
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(text)), Request: req}, nil
}

// notebookIs is a service with a notebook of a status, with further members.
func notebookIs(status, more string) answers {
	return answers{"/notebooks/" + aNotebook: `{"id":"` + aNotebook + `","name":"n","status":"` + status + `"` + more + `}`}
}

// differences are attributes by name, of a value that is otherwise as it usually is.
type differences map[string]any

var unknown = valuestest.Unknown{}

// plannedCase is a plan of a mount. What it does not name is that of a mount on a
// notebook that runs.
type plannedCase struct {
	creates       bool
	state, config differences
	service       answers         // nil: a notebook that runs
	foreseen      string          // the status that the plan of the notebook changes it to
	volumes       []string        // data volumes of the plan of the notebook; nil: it is not planned in this run
	unready       diag.Diagnostic // of the region
	unconfigured  bool            // the provider

	planned  differences // from the state or, of a create, from the configuration
	replaces []string
	says     []string // "error at notebook_id: The notebook does not run"
}

var (
	mountedAlready = differences{"id": "m", "region": "r", "project_id": "p", "status": "MOUNTED", "start_notebook": false}
	mountAnew      = differences{"id": unknown, "project_id": unknown, "status": unknown, "failure_reason": unknown}
	looksAgain     = differences{"id": unknown, "status": unknown, "failure_reason": unknown}

	notRunning = []string{"error at notebook_id: The notebook does not run"}
	onVolume   = []string{"error at mount_path: The path holds a data volume"}
	// volumeAt is a data volume that a notebook shows. One that is a mount has the ID of it.
	volumeAt = func(path string) string { return volumeAs("", path) }
	volumeAs = func(id, path string) string {
		if id != "" {
			id = `"id":"` + id + `",`
		}
		return `,"data_volumes":[{` + id + `"category":"OBSFS","mount_path":"` + path + `","mount_type":"DYNAMIC","status":"MOUNTED"}]`
	}
)

func and(a, b differences) differences {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// plannedCases are cases of each rule of a plan.
var plannedCases = map[string]plannedCase{
	"nothing changes":               {},
	"nothing, of an imported one":   {state: differences{"timeouts": nil}, config: differences{"region": "r"}},
	"the provider is not there":     {unconfigured: true},
	"a create without the provider": {creates: true, unconfigured: true, planned: and(mountAnew, differences{"region": unknown})},
	"a create":                      {creates: true, planned: mountAnew},
	"a create elsewhere":            {creates: true, config: differences{"region": "other"}, planned: and(mountAnew, differences{"region": "other"})},
	"a create, of unknown region":   {creates: true, config: differences{"region": unknown}, service: notebookIs("STOPPED", ""), planned: and(mountAnew, differences{"region": unknown})},
	"a given region is not ready":   {creates: true, config: differences{"region": "other"}, unready: diag.NewErrorDiagnostic("no", "no"), planned: and(mountAnew, differences{"region": "other"})},
	"the region is not ready":       {creates: true, unready: diag.NewErrorDiagnostic("no", "no"), service: notebookIs("STOPPED", ""), planned: and(mountAnew, differences{"region": unknown})},

	// Other spellings, and what replaces the mount.
	"another case of the category": {config: differences{"category": "obsfs"}},
	"a category of the same kind":  {config: differences{"category": "OBS"}},
	"a slash more at the source":   {state: differences{"uri": "obs://b/c"}, config: differences{"uri": "obs://b/c/"}},
	"a slash less at the path":     {config: differences{"mount_path": "/data/c"}},
	"another case of the notebook": {config: differences{"notebook_id": strings.ToUpper(aNotebook)}},
	"another category":             {config: differences{"category": "EFS", "efs_id": "e", "uri": "h:/a"}, planned: and(mountAnew, differences{"category": "EFS", "efs_id": "e", "uri": "h:/a"}), replaces: []string{"category", "efs_id", "uri"}},
	"another source":               {config: differences{"uri": "obs://b/d/"}, planned: and(mountAnew, differences{"uri": "obs://b/d/"}), replaces: []string{"uri"}},
	"another case of the source":   {config: differences{"uri": "obs://b/C/"}, planned: and(mountAnew, differences{"uri": "obs://b/C/"}), replaces: []string{"uri"}},
	"another path":                 {config: differences{"mount_path": "/data/d/"}, planned: and(mountAnew, differences{"mount_path": "/data/d/"}), replaces: []string{"mount_path"}},
	"another file system":          {state: differences{"category": "EFS", "uri": "h:/a", "efs_id": "e"}, config: differences{"category": "EFS", "uri": "h:/a", "efs_id": "f"}, planned: and(mountAnew, differences{"efs_id": "f"}), replaces: []string{"efs_id"}},
	"another notebook":             {config: differences{"notebook_id": another}, service: answers{"/notebooks/" + another: `{"id":"` + another + `","status":"RUNNING"}`}, planned: and(mountAnew, differences{"notebook_id": another}), replaces: []string{"notebook_id"}},
	"another region":               {config: differences{"region": "other"}, planned: and(mountAnew, differences{"region": "other"}), replaces: []string{"region"}},
	"the region of the provider":   {state: differences{"region": "other"}}, // does not move a mount
	"an unknown source":            {config: differences{"uri": unknown}, planned: and(mountAnew, differences{"uri": unknown}), replaces: []string{"uri"}},
	"an unknown region":            {config: differences{"region": unknown}, planned: and(mountAnew, differences{"region": unknown}), replaces: []string{"region"}},
	"an unknown notebook":          {config: differences{"notebook_id": unknown}, service: notebookIs("STOPPED", ""), planned: and(mountAnew, differences{"notebook_id": unknown}), replaces: []string{"notebook_id"}},

	// What concerns the provider alone.
	"whether it is started":         {config: differences{"start_notebook": true}, planned: differences{"start_notebook": true}},
	"unknown whether it is started": {config: differences{"start_notebook": unknown}, planned: differences{"start_notebook": unknown}},

	// A mount that is made again.
	"one that has failed":                   {state: differences{"status": "MOUNT_FAILED", "failure_reason": "No."}, planned: looksAgain},
	"one whose unmount has failed":          {state: differences{"status": "UNMOUNT_FAILED"}, planned: looksAgain},
	"one that has failed, without a start":  {state: differences{"status": "MOUNT_FAILED"}, service: notebookIs("STOPPED", ""), planned: looksAgain, says: notRunning},
	"one that has failed, with a start":     {state: differences{"status": "MOUNT_FAILED", "start_notebook": true}, config: differences{"start_notebook": true}, service: notebookIs("STOPPED", ""), planned: looksAgain},
	"one of a status of tomorrow":           {state: differences{"status": "CHECKING"}},
	"one whose notebook is started":         {service: notebookIs("STOPPED", ""), foreseen: "RUNNING", planned: looksAgain},
	"one whose notebook is stopped":         {foreseen: "STOPPED"},
	"one without a status":                  {state: differences{"status": nil}},
	"one whose notebook stands still":       {service: notebookIs("STOPPED", "")}, // nothing is asked of it
	"one at the path of a new data volume":  {volumes: []string{"/data/c"}, says: onVolume},
	"one beside the data volumes of a plan": {volumes: []string{"/data/d/"}},

	// Notebooks that do not run.
	"on a stopped notebook":            {creates: true, service: notebookIs("STOPPED", ""), planned: mountAnew, says: notRunning},
	"on one that starts by the mount":  {creates: true, config: differences{"start_notebook": true}, service: notebookIs("STOPPED", ""), planned: mountAnew},
	"on one that may start":            {creates: true, config: differences{"start_notebook": unknown}, service: notebookIs("STOPPED", ""), planned: and(mountAnew, differences{"start_notebook": unknown})},
	"on one that the plan starts":      {creates: true, service: notebookIs("STOPPED", ""), foreseen: "RUNNING", planned: mountAnew},
	"on one that the plan stops":       {creates: true, foreseen: "STOPPED", planned: mountAnew, says: notRunning},
	"on one that is being stopped":     {creates: true, service: notebookIs("STOPPING", ""), planned: mountAnew, says: notRunning},
	"on one that is being started":     {creates: true, service: notebookIs("STARTING", ""), planned: mountAnew},
	"on one of a status of tomorrow":   {creates: true, service: notebookIs("HIBERNATING", ""), planned: mountAnew},
	"on one whose start has failed":    {creates: true, service: notebookIs("START_FAILED", ""), planned: mountAnew, says: notRunning},
	"on one that starts after that":    {creates: true, config: differences{"start_notebook": true}, service: notebookIs("START_FAILED", ""), planned: mountAnew},
	"on one that no start leads out":   {creates: true, config: differences{"start_notebook": true}, service: notebookIs("ERROR", ""), planned: mountAnew, says: notRunning},
	"on one that is frozen":            {creates: true, config: differences{"start_notebook": true}, service: notebookIs("FROZEN", ""), planned: mountAnew, says: notRunning},
	"on one that does not exist":       {creates: true, service: answers{}, planned: mountAnew, says: []string{"error at notebook_id: There is no such notebook"}},
	"on one that is deleted":           {creates: true, service: notebookIs("DELETED", ""), planned: mountAnew, says: []string{"error at notebook_id: There is no such notebook"}},
	"on one that may not be read":      {creates: true, service: answers{"/notebooks/" + aNotebook: ""}, planned: mountAnew},
	"replaced on a stopped notebook":   {config: differences{"uri": "obs://b/d/"}, service: notebookIs("STOPPED", ""), planned: and(mountAnew, differences{"uri": "obs://b/d/"}), replaces: []string{"uri"}, says: notRunning},
	"on an unknown notebook":           {creates: true, config: differences{"notebook_id": unknown}, service: notebookIs("STOPPED", ""), planned: and(mountAnew, differences{"notebook_id": unknown})},
	"on a stopped one, at an unknown":  {creates: true, config: differences{"mount_path": unknown}, service: notebookIs("STOPPED", ""), planned: and(mountAnew, differences{"mount_path": unknown}), says: notRunning},
	"at an unknown path, of volumes":   {creates: true, config: differences{"mount_path": unknown}, volumes: []string{"/data/c/"}, planned: and(mountAnew, differences{"mount_path": unknown})},
	"on a stopped one with the volume": {creates: true, service: notebookIs("STOPPED", ""), volumes: []string{"/data/c"}, planned: mountAnew, says: slices.Concat(notRunning, onVolume)},

	// Data volumes.
	"at the path of a data volume":              {creates: true, service: mountsListed(notebookIs("RUNNING", volumeAt("/data/c")), `{"data":[],"total":0}`), planned: mountAnew, says: onVolume},
	"at that of a mount, which it shows too":    {creates: true, service: mountsListed(notebookIs("RUNNING", volumeAs("x", "/data/c/")), `{"data":[{"id":"x","category":"OBSFS","mount_path":"/data/c/","uri":"obs://b/c/","status":"MOUNTED"}]}`), planned: mountAnew},
	"at that path, and mounts are not listed":   {creates: true, service: mountsListed(notebookIs("RUNNING", volumeAt("/data/c/")), ``), planned: mountAnew},
	"beside the path of a data volume":          {creates: true, service: notebookIs("RUNNING", volumeAt("/data/cd/")), planned: mountAnew},
	"at the path of a data volume of the plan":  {creates: true, volumes: []string{"/data/c"}, planned: mountAnew, says: onVolume},
	"at one that the plan of the notebook ends": {creates: true, service: mountsListed(notebookIs("RUNNING", volumeAt("/data/c/")), `{"data":[],"total":0}`), volumes: []string{}, planned: mountAnew},
}

// mountsListed adds the list of mounts to what a service answers.
func mountsListed(a answers, list string) answers {
	a["/storage"] = list
	return a
}

func theSchema(t *testing.T) schema.Schema {
	t.Helper()
	resp := new(resource.SchemaResponse)
	new(storageResource).Schema(t.Context(), resource.SchemaRequest{}, resp)
	return resp.Schema
}

// with is a value with differences.
func with(t *testing.T, v values.Value, d differences) values.Value {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(d)) {
		v = v.With(valuestest.Of(t, v.At(name).Type(), d[name]), name)
	}
	return v
}

// resource is the resource of a provider that knows the region "r".
func (tc *plannedCase) resource() *storageResource {
	r := new(storageResource)
	if tc.unconfigured {
		return r
	}
	service := tc.service
	if service == nil {
		service = notebookIs("RUNNING", "")
	}
	project := func(context.Context) (string, error) { return "p", nil }
	process := settings.NewProcess(modelarts.New(&url.URL{Scheme: "https", Host: "h.example"}, &http.Client{Transport: service}, project, "test"))
	if tc.unready != nil {
		process = &settings.Process{Unready: tc.unready}
	}
	if tc.foreseen != "" {
		process.Foreseen.NoteStatus(aNotebook, modelarts.Status(tc.foreseen), false)
	}
	if tc.volumes != nil {
		process.Foreseen.NoteVolumes(aNotebook, tc.volumes)
	}
	r.Settings = settings.New(settings.Policy{Region: "r"}, func(string) *settings.Process { return process })
	return r
}

// Each rule of a plan, in all its cases.
func TestPlans(t *testing.T) {
	t.Parallel()
	for name, tc := range plannedCases {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			tc.check(t)
		})
	}
}

func (tc *plannedCase) check(t *testing.T) {
	t.Helper()
	s := theSchema(t)
	typ := s.Type().TerraformType(t.Context())
	least := values.Of(valuestest.Of(t, typ, map[string]any{"notebook_id": aNotebook, "category": "OBSFS", "uri": "obs://b/c/", "mount_path": "/data/c/"}))
	config := with(t, least, tc.config)
	state := with(t, with(t, least, mountedAlready), tc.state)
	planned, start, want := tc.proposed(t, config, state)
	state, want = start, with(t, want, tc.planned)

	req := resource.ModifyPlanRequest{Config: tfsdk.Config{Schema: s, Raw: config.Value}, State: tfsdk.State{Schema: s, Raw: state.Value}, Plan: tfsdk.Plan{Schema: s, Raw: planned.Value}}
	resp := &resource.ModifyPlanResponse{Plan: req.Plan}
	tc.resource().ModifyPlan(t.Context(), req, resp)
	for _, attribute := range slices.Sorted(maps.Keys(want.Elements())) {
		if got := values.Of(resp.Plan.Raw).At(attribute); !values.Equal(got, want.At(attribute)) {
			t.Errorf("%s is planned as %s, want %s", attribute, got, want.At(attribute))
		}
	}
	var replaced, said []string
	for _, where := range resp.RequiresReplace {
		replaced = append(replaced, where.String())
	}
	for _, d := range resp.Diagnostics {
		text := strings.ToLower(d.Severity().String()) + ": " + d.Summary()
		var at diag.DiagnosticWithPath
		if pathed, is := d.(diag.DiagnosticWithPath); is {
			at = pathed
			text = strings.Replace(text, ":", " at "+at.Path().String()+":", 1)
		}
		said = append(said, text)
		if d.Severity() == diag.SeverityError && !strings.HasSuffix(d.Detail(), diagnostics.WayOut) {
			t.Errorf("an error stands in the way of a destroy without a way out: %s", d.Detail())
		}
	}
	slices.Sort(replaced)
	if !slices.Equal(replaced, tc.replaces) {
		t.Errorf("it is replaced for %q, want %q", replaced, tc.replaces)
	}
	if !slices.Equal(said, tc.says) {
		t.Errorf("the plan says %q, want %q", said, tc.says)
	}
}

// proposed is the plan that the framework proposes, the state before it, and what a plan
// without any rule would come to: the state, or the configuration of a create.
func (tc *plannedCase) proposed(t *testing.T, config, state values.Value) (planned, before, want values.Value) {
	t.Helper()
	overlay := func(v values.Value) values.Value {
		for name := range config.Elements() {
			if at := config.At(name); !at.IsNull() {
				v = v.With(at.Value, name)
			}
		}
		if config.At("start_notebook").IsNull() || !config.At("start_notebook").IsKnown() {
			v = with(t, v, differences{"start_notebook": false}) // the default, also of an unknown one
		}
		return v
	}
	if tc.creates {
		want = with(t, overlay(config), differences{"region": "r"})
		planned = with(t, overlay(config), mountAnew)
		if config.At("region").IsNull() {
			planned = with(t, planned, differences{"region": unknown})
		}
		return planned, values.Of(tftypes.NewValue(config.Type(), nil)), want
	}
	planned = overlay(state)
	if !values.Equal(planned, state) {
		planned = with(t, planned, mountAnew) // what is computed, once anything changes
		if config.At("region").IsNull() {
			planned = with(t, planned, differences{"region": unknown})
		}
	}
	return planned, state, state
}

// Nothing is looked for in the plan of a destroy.
func TestPlanOfADestroy(t *testing.T) {
	t.Parallel()
	s := theSchema(t)
	gone := tfsdk.Plan{Schema: s, Raw: tftypes.NewValue(s.Type().TerraformType(t.Context()), nil)}
	resp := &resource.ModifyPlanResponse{Plan: gone}
	tc := plannedCase{unready: diag.NewErrorDiagnostic("no", "no")}
	tc.resource().ModifyPlan(t.Context(), resource.ModifyPlanRequest{Plan: gone}, resp)
	if len(resp.Diagnostics) > 0 || !resp.Plan.Raw.IsNull() {
		t.Errorf("%v, %s", resp.Diagnostics, resp.Plan.Raw)
	}
}

// Every argument of which a change replaces the mount has a case that does, and the table
// names every argument that concerns the service.
func TestEveryArgumentHasACase(t *testing.T) {
	t.Parallel()
	replaced := map[string]bool{}
	for _, tc := range plannedCases {
		for _, name := range tc.replaces {
			replaced[name] = true
		}
	}
	named := map[string]bool{"start_notebook": true, "timeouts": true} // these concern the provider alone
	for _, a := range arguments {
		named[a.name] = true
		if !replaced[a.name] {
			t.Errorf("no case changes %s", a.name)
		}
	}
	for name, a := range theSchema(t).Attributes {
		if (a.IsRequired() || a.IsOptional()) && !named[name] {
			t.Errorf("nothing is said of a change of %s", name)
		}
	}
}
