package answers_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// extraSteps are what a life can have besides. Each begins and ends with the
// notebook RUNNING.
var extraSteps = map[string]func(*life) string{
	"renewal":           func(l *life) string { return l.edit(`"4h"`, `"5h"`) },
	"idle lease":        func(l *life) string { return l.edit(`{ duration = "4h" }`, `{ duration = "2h", type = "IDLE" }`) },
	"lease off":         func(l *life) string { return l.edit(`{ duration = "4h" }`, `{ enabled = false }`) },
	"rename":            func(l *life) string { return l.edit(`"life-changed"`, `"life-renamed"`) },
	"addresses removed": func(l *life) string { return l.edit(ips.FindString(l.text), "") },
	"removal":           (*life).removal,
	"public network":    (*life).publicNetwork,

	"namesake":     (*life).namesake,
	"Chinese name": (*life).chineseName,

	"mount":                     (*life).mount,
	"storage":                   (*life).storage,
	"mount while stopped":       (*life).mountWhileStopped,
	"OBS data volume elsewhere": (*life).bucketElsewhere,
	"data volume fails":         (*life).dataVolumeFails,

	"saved image":                 (*life).savedImage,
	"image of a stopped notebook": (*life).imageWhileStopped,
	"image resources":             (*life).imageResources,

	"start fails":  (*life).startFails,
	"create fails": (*life).createFails,
	"stop fails":   (*life).stopFails,
	"conflict":     (*life).conflict,
	"gone":         (*life).gone,

	"sold out":         (*life).soldOut,
	"no authorization": (*life).noAuthorization,
	"data sources":     (*life).dataSources,
}

// extras are the steps with these names.
func (l *life) extras(names []string) []step {
	steps := make([]step, len(names))
	for i, name := range names {
		steps[i] = step{name, func() string { return extraSteps[name](l) }}
	}
	return steps
}

var (
	counts  = regexp.MustCompile(`counts = .*`)
	ips     = regexp.MustCompile(`, allowed_access_ips = \[[^]]*\]`)
	removed = regexp.MustCompile(`(?m)^ *(description|data_volumes|endpoints|hooks|tags) .*\n`)
)

// edit changes the configuration and applies it; the plan is empty afterwards.
func (l *life) edit(from, to string) string {
	l.t.Helper()
	text := strings.Replace(l.text, from, to, 1)
	if text == l.text {
		return fmt.Sprintf("the configuration has no %q", from)
	}
	if problem := l.apply(text, "RUNNING"); problem != "" {
		return problem
	}
	return l.emptyPlan()
}

// publicNetwork adds public_network_config and takes it out again, which changes
// nothing. A service that does not know it refuses it.
func (l *life) publicNetwork() string {
	l.t.Helper()
	without := l.text
	with := without + "  public_network_config = { public_network_type = \"shared\" }\n"
	if l.isB("network-refused") {
		if problem := l.refused(true, with, "ModelArts.6400"); problem != "" {
			return problem
		}
		return l.emptyPlan()
	}
	if problem := l.apply(with, "RUNNING"); problem != "" {
		return problem
	}
	if problem := l.emptyPlan(); problem != "" {
		return problem
	}
	l.configure(without)
	return l.emptyPlan()
}

// removal takes out of the configuration all that can be taken out of a notebook.
func (l *life) removal() string {
	l.t.Helper()
	if problem := l.apply(removed.ReplaceAllString(l.text, ""), "RUNNING"); problem != "" {
		return problem
	}
	return l.emptyPlan()
}

// client calls the service behind the provider's back.
func (l *life) client() *modelarts.Client {
	l.t.Helper()
	session, err := huaweicloud.New(huaweicloud.Config{
		Region: simulator.DefaultRegion, AccessKey: simulator.DefaultAccessKey, SecretKey: simulator.DefaultSecretKey,
		ProjectID: l.s.Options().ProjectID,
		Endpoints: huaweicloud.Endpoints{ModelArts: l.s.URL, IAM: l.s.URL},
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return modelarts.New(session.ModelArtsEndpoint(), session.HTTPClient(), session.ProjectID, "test")
}

// clusterID is the ID of the logical cluster that the pool is.
func (l *life) clusterID() string {
	l.t.Helper()
	for p, err := range l.client().ListAuthoringClusters(l.t.Context(), modelarts.ListAuthoringClustersQuery{Type: "DEDICATED"}) {
		if err == nil && p.Is(acctest.Pool) {
			return *p.LogicClusterID
		}
	}
	l.t.Fatal("the pool is in no list")
	return ""
}

// elsewhere changes the notebook behind the provider's back.
func (l *life) elsewhere(d simulator.Drift) {
	l.t.Helper()
	if err := l.s.Change(l.id, d); err != nil {
		l.t.Fatal(err)
	}
}

func (l *life) status(status string) { l.elsewhere(simulator.Drift{Status: &status}) }

func (l *life) becomes(status string) {
	l.t.Helper()
	acctest.Eventually(l.t, "the notebook is "+status, func() bool {
		n, there := l.s.Notebook(l.id)
		return there && n.Status == status
	})
}

// refused applies what the service refuses under some answers, and wants an error
// that says so.
func (l *life) refused(b bool, text, says string) string {
	l.t.Helper()
	before := l.text
	l.configure(text)
	_, problem := l.run("apply", "-auto-approve")
	l.configure(before)
	switch {
	case !b:
		return problem
	case !strings.Contains(problem, says):
		return fmt.Sprintf("an error with %s was wanted, and there was %q", says, problem)
	}
	return ""
}

func (l *life) isB(id string) bool { return slices.Contains(l.s.Options().Answers, id) }

// namesake creates a notebook of the same name.
func (l *life) namesake() string {
	l.t.Helper()
	here, text := l.w, l.text
	defer func() {
		l.w = here
		l.configure(text)
	}()
	l.w = acctest.NewWorkspace(l.t, "")
	if problem := l.refused(l.isB("name-unique"), l.shape.hcl("life-changed", created), "ModelArts.6301"); problem != "" {
		return problem
	}
	l.configure(l.shape.hcl("life-changed", created))
	_, problem := l.run("destroy", "-auto-approve")
	return problem
}

// chineseName gives the notebook a name that older sources do not allow.
func (l *life) chineseName() string {
	l.t.Helper()
	text := strings.Replace(l.text, `"life-changed"`, `"笔记本"`, 1)
	if problem := l.refused(l.isB("name-old-characters"), text, "ModelArts.6334"); problem != "" || l.isB("name-old-characters") {
		return problem
	}
	l.configure(text)
	return l.emptyPlan()
}

// mount mounts storage behind the provider's back, through a restart and its end.
func (l *life) mount() string {
	l.t.Helper()
	c := l.client()
	mounts := []modelarts.StorageMountRequest{{Category: "OBSFS", MountPath: "/data/mount/", URI: "obs://bucket/mount/"}}
	if l.isB("mount-object-bucket") {
		mounts[0] = modelarts.StorageMountRequest{Category: "OBS", MountPath: "/data/mount/", URI: "obs://" + simulator.DefaultObjectBucket + "/mount/"}
	}
	if _, err := c.AttachDynamicStorage(l.t.Context(), l.id, mounts[0]); err != nil {
		return err.Error()
	}
	time.Sleep(2 * l.s.Options().MountTime)
	if problem := l.emptyPlan(); problem != "" {
		return "mounted: " + problem
	}
	if problem := l.edit("echo two", "echo three"); problem != "" {
		return "restarted with a mount: " + problem
	}
	time.Sleep(l.s.Options().Lag + 2*l.s.Options().MountTime)
	left, err := c.ListDynamicStorages(l.t.Context(), l.id)
	if err != nil {
		return err.Error()
	}
	if !slices.ContainsFunc(left, func(s modelarts.Storage) bool {
		return s.MountPath != nil && strings.HasPrefix(*s.MountPath, "/data/mount")
	}) {
		again, err := c.AttachDynamicStorage(l.t.Context(), l.id, mounts[0])
		if err != nil {
			return err.Error()
		}
		time.Sleep(2 * l.s.Options().MountTime)
		left = []modelarts.Storage{*again}
	}
	for _, s := range left {
		if s.MountPath == nil || !strings.HasPrefix(*s.MountPath, "/data/mount") {
			continue
		}
		if err := c.DetachDynamicStorage(l.t.Context(), l.id, s.ID); err != nil {
			return err.Error()
		}
	}
	time.Sleep(2 * l.s.Options().MountTime)
	return l.emptyPlan()
}

// mountWhileStopped is refused, and lists of mounts may be too.
func (l *life) mountWhileStopped() string {
	l.t.Helper()
	l.status("STOPPED")
	c := l.client()
	if _, err := c.AttachDynamicStorage(l.t.Context(), l.id, modelarts.StorageMountRequest{Category: "OBSFS", MountPath: "/data/mount/", URI: "obs://bucket/mount/"}); err == nil {
		return "a mount of a stopped notebook is taken"
	}
	_, _ = c.ListDynamicStorages(l.t.Context(), l.id) // refused under one of the answers
	return l.apply(l.text, "RUNNING")
}

// bucketElsewhere adds a data volume that the provider refuses, which the next
// apply removes.
func (l *life) bucketElsewhere() string {
	l.t.Helper()
	n, _ := l.s.Notebook(l.id)
	with := append(slices.Clone(n.DataVolumes), simulator.Volume{Category: "OBS", Ownership: "DEDICATED", URI: "obs://bucket/elsewhere/", MountPath: "/data/elsewhere/"})
	l.elsewhere(simulator.Drift{DataVolumes: &with})
	if problem := l.apply(l.text, "RUNNING"); problem != "" {
		return problem
	}
	return l.emptyPlan()
}

// dataVolumeFails has the data volumes fail while the notebook starts: it runs
// without them, or does not start, which is an error.
func (l *life) dataVolumeFails() string {
	l.t.Helper()
	l.s.Inject(simulator.Fault{Kind: simulator.FaultDataMountFailed})
	text := strings.Replace(l.text, "/pond/", "/brook/", 1)
	text = strings.Replace(text, "obs://bucket/a/", "obs://bucket/b/", 1)
	if l.isB("data-fails-start") {
		if problem := l.refused(true, text, "START_FAILED"); problem != "" {
			return problem
		}
		l.s.ClearFaults()
		l.status("RUNNING")
		return l.apply(text, "RUNNING")
	}
	if problem := l.apply(text, "RUNNING"); problem != "" {
		return problem
	}
	return l.emptyPlan()
}

// startFails has a start fail once. Where the service takes no start out of
// START_FAILED, nothing but a new notebook can help, and the error must say that
// the start failed.
func (l *life) startFails() string {
	l.t.Helper()
	l.status("STOPPED")
	l.s.Inject(simulator.Fault{Kind: simulator.FaultStartFailed})
	if problem := l.refused(true, l.text, "START_FAILED"); problem != "" {
		return problem
	}
	_, problem := l.run("apply", "-auto-approve")
	if l.isB("start-failed-taken") {
		if problem != "" {
			return "started again: " + problem
		}
		return l.apply(l.text, "RUNNING")
	}
	if !strings.Contains(problem, "START_FAILED") {
		return fmt.Sprintf("started again: an error that names START_FAILED was wanted, and there was %q", problem)
	}
	l.status("RUNNING") // by the service's people
	return l.apply(l.text, "RUNNING")
}

// createFails has a create fail once: the notebook is tainted, and the next apply
// makes another.
func (l *life) createFails() string {
	l.t.Helper()
	text := l.text
	if problem := l.destroy(); problem != "" {
		return problem
	}
	l.s.Inject(simulator.Fault{Kind: simulator.FaultCreateFailed})
	if problem := l.refused(true, text, "CREATE_FAILED"); problem != "" {
		return problem
	}
	return l.apply(text, "RUNNING")
}

// stopFails has a stop end in ERROR. Nothing but the service leads out of it under
// one of the answers.
func (l *life) stopFails() string {
	l.t.Helper()
	l.s.Inject(simulator.Fault{Kind: simulator.FaultStopFailed})
	text := strings.Replace(l.text, "echo two", "echo three", 1)
	if problem := l.refused(true, text, "ERROR"); problem != "" {
		return problem
	}
	l.status("RUNNING")
	if problem := l.apply(text, "RUNNING"); problem != "" {
		return problem
	}
	return l.emptyPlan()
}

// conflict changes a notebook that has been stopped since it was looked at.
func (l *life) conflict() string {
	l.t.Helper()
	l.s.Inject(simulator.Fault{Kind: simulator.FaultStale, Operation: "ShowNotebook", Count: 1})
	l.status("STOPPED")
	l.configure(strings.Replace(l.text, "echo two", "echo three", 1))
	if _, problem := l.run("apply", "-auto-approve", "-refresh=false"); problem != "" {
		return problem
	}
	if problem := l.apply(l.text, "RUNNING"); problem != "" {
		return problem
	}
	return l.emptyPlan()
}

// gone deletes the notebook behind the provider's back: the next apply makes
// another, and a destroy without a refresh finds nothing to delete.
func (l *life) gone() string {
	l.t.Helper()
	l.s.Remove(l.id)
	l.id = ""
	if l.isB("gone-6357") {
		// The code says that something else is under way, so that no read can take
		// it for an absence. The error says so, and only a person can go on.
		if problem := l.refused(true, l.text, "ModelArts.6357"); problem != "" {
			return problem
		}
		if _, problem := l.run("state", "rm", "modelarts_notebook.life"); problem != "" {
			return problem
		}
		return l.apply(l.text, "RUNNING")
	}
	if problem := l.apply(l.text, "RUNNING"); problem != "" {
		return problem
	}
	text := l.text
	l.s.Remove(l.id)
	if _, problem := l.run("destroy", "-auto-approve", "-refresh=false"); problem != "" {
		return "destroy: " + problem
	}
	l.id = ""
	return l.apply(text, "RUNNING")
}

// soldOut starts a notebook whose flavor is sold out.
func (l *life) soldOut() string {
	l.t.Helper()
	n, _ := l.s.Notebook(l.id)
	l.status("STOPPED")
	l.s.Configure(func(o *simulator.Options) { o.SoldOut = []string{n.Flavor} })
	if problem := l.refused(l.isB("catalogue-start-sold-out"), l.text, "ModelArts.6716"); problem != "" {
		return problem
	}
	l.s.Configure(func(o *simulator.Options) { o.SoldOut = nil })
	if problem := l.apply(l.text, "RUNNING"); problem != "" {
		return problem
	}
	return l.emptyPlan()
}

// noAuthorization creates a notebook in an account that has not let ModelArts act
// for it.
func (l *life) noAuthorization() string {
	l.t.Helper()
	text := l.text
	if problem := l.destroy(); problem != "" {
		return problem
	}
	l.s.Configure(func(o *simulator.Options) { o.NoAuthorization = true })
	code := "ModelArts.6701"
	if l.isB("agency-6379") {
		code = "ModelArts.6379"
	}
	if problem := l.refused(true, text, code); problem != "" {
		return problem
	}
	l.s.Configure(func(o *simulator.Options) { o.NoAuthorization = false })
	return l.apply(text, "RUNNING")
}

// dataSources reads every data source: each must find what there is.
func (l *life) dataSources() string {
	l.t.Helper()
	here := l.w
	defer func() { l.w = here }()
	l.w = acctest.NewWorkspace(l.t, l.s.Provider(fmt.Sprintf("project_id = %q", l.s.Options().ProjectID))+`
data "modelarts_flavors" "all" {}
data "modelarts_flavor" "smallest" {
  vcpus_min = 2
  storage   = "EFS"
}
data "modelarts_images" "all" {}
data "modelarts_pools" "all" {}
data "modelarts_quota" "now" {}
data "modelarts_authorization" "now" {}
data "modelarts_notebook" "one" { id = "`+l.id+`" }
data "modelarts_notebooks" "flavor" {
  flavor       = data.modelarts_notebook.one.flavor
  workspace_id = data.modelarts_notebook.one.workspace_id
}
data "modelarts_notebooks" "tags" {
  tags         = { team = "speech" }
  workspace_id = data.modelarts_notebook.one.workspace_id
}
output "authorized" {
  value = "authorized: ${data.modelarts_authorization.now.authorized}"
}
output "counts" {
  value = join(" ", [for list in [
    data.modelarts_flavors.all.flavors, data.modelarts_images.all.images, data.modelarts_pools.all.pools,
    data.modelarts_notebooks.flavor.notebooks, data.modelarts_notebooks.tags.notebooks,
  ] : length(list) > 0 ? "some" : "none"])
}
`)
	time.Sleep(l.s.Options().Lag) // lists may be older
	out, problem := l.run("apply", "-auto-approve")
	if problem == "" && !strings.Contains(out, `"some some some some some"`) {
		return "a list is empty: " + counts.FindString(out)
	}
	if problem == "" && !strings.Contains(out, `"authorized: true"`) {
		return "ModelArts may act for the account, and the data source does not say so"
	}
	return problem
}
