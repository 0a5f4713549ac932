package notebookstorage_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const efsID = "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11"

// share is a mount of SFS Turbo.
var share = lake.with(arguments{"category": `"EFS"`, "uri": `"share.example.com:/a"`, "efs_id": `"` + efsID + `"`})

// inPool is the notebook in a dedicated pool.
func inPool(s *acctest.Service) string {
	return s.Provider("") + strings.Replace(notebookWith(arguments{"pool_id": `"` + acctest.Pool + `"`}), acctest.Flavor, acctest.PoolFlavor, 1)
}

// Each argument is set, imported, changed, changed elsewhere, and set back.
func TestAccNotebookStorage_arguments(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		first, second arguments
		what          plancheck.ResourceActionType // of the change
		elsewhere     func(*simulator.Storage)     // nil: it cannot change
	}{
		"category":       {lake, lake.with(arguments{"category": `"OBS"`}), plancheck.ResourceActionNoop, nil},
		"uri":            {lake, lake.with(arguments{"uri": `"obs://team-data/other"`}), plancheck.ResourceActionReplace, func(st *simulator.Storage) { st.URI = "obs://team-data/third/" }},
		"mount_path":     {lake, lake.with(arguments{"mount_path": `"/data/a/b"`}), plancheck.ResourceActionReplace, func(st *simulator.Storage) { st.MountPath = "/data/third/" }},
		"efs_id":         {share, share.with(arguments{"efs_id": `"0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a12"`}), plancheck.ResourceActionReplace, nil},
		"EFS, to OBSFS":  {share, lake, plancheck.ResourceActionReplace, nil},
		"region":         {lake, lake.with(arguments{"region": `"` + simulator.DefaultRegion + `"`}), plancheck.ResourceActionNoop, nil},
		"start_notebook": {lake, lake.with(arguments{"start_notebook": "true"}), plancheck.ResourceActionUpdate, nil},
		"timeouts":       {lake, lake.with(arguments{"timeouts": `{ read = "1m" }`}), plancheck.ResourceActionUpdate, nil},
		"status":         {lake, lake, plancheck.ResourceActionNoop, func(st *simulator.Storage) { st.Status, st.FailureReason = "MOUNT_FAILED", "No permission." }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			with := func(a arguments) string { return inPool(s) + a.resource("test") }
			steps := []resource.TestStep{
				{Config: with(tc.first)},
				{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"start_notebook", "timeouts"}, ImportStateIdFunc: importID},
				{Config: with(tc.second), ConfigPlanChecks: action(tc.what)},
				{Config: with(tc.second), ConfigPlanChecks: acctest.EmptyPlan()},
			}
			if tc.elsewhere != nil {
				steps = append(steps, resource.TestStep{
					PreConfig: func() {
						storages := s.Only(t).Storages
						tc.elsewhere(&storages[0])
						if err := s.Change(s.Only(t).ID, simulator.Drift{Storages: &storages}); err != nil {
							t.Fatal(err)
						}
					},
					Config:           with(tc.second),
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectNonEmptyPlan()}},
				}, resource.TestStep{Config: with(tc.second), ConfigPlanChecks: acctest.EmptyPlan()})
			}
			s.Check(t, append(steps, resource.TestStep{Config: with(tc.first)}, resource.TestStep{Config: inPool(s), Check: holds(t, s)})...)
		})
	}
}

func importID(state *terraform.State) (string, error) {
	_, notebookID, id, err := idsOf(state)
	return notebookID + "/" + id, err
}

func TestAccNotebookStorage_unknown(t *testing.T) {
	t.Parallel()
	const known = "terraform_data.later.output"
	for name, tc := range map[string]struct {
		first, second string
		with          arguments
	}{
		"notebook_id":    {notebook + ".id", notebook + ".id", lake.with(arguments{"notebook_id": known})},
		"category":       {`"OBSFS"`, `"OBS"`, lake.with(arguments{"category": known})},
		"uri":            {`"obs://a/b"`, `"obs://a/c/"`, lake.with(arguments{"uri": known})},
		"efs_id":         {`"` + efsID + `"`, `"0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a12"`, share.with(arguments{"efs_id": known})},
		"mount_path":     {`"/data/a"`, `"/data/b/"`, lake.with(arguments{"mount_path": known})},
		"region":         {`"` + simulator.DefaultRegion + `"`, `"` + simulator.DefaultRegion + `"`, lake.with(arguments{"region": known})},
		"start_notebook": {"true", "false", lake.with(arguments{"start_notebook": known})},
		"timeouts":       {`{ read = "1m" }`, `{ create = "2m" }`, lake.with(arguments{"timeouts": `{ read = ` + known + `.read }`})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			later := func(v string) string {
				if name == "timeouts" {
					v = strings.ReplaceAll(v, "create", "read")
				}
				return inPool(s) + tc.with.resource("test") + fmt.Sprintf("resource \"terraform_data\" \"later\" {\n  input = %s\n  triggers_replace = %q\n}\n", v, v)
			}
			s.Check(t,
				resource.TestStep{Config: later(tc.first)},
				resource.TestStep{Config: later(tc.second)},
				resource.TestStep{Config: later(tc.second), ConfigPlanChecks: acctest.EmptyPlan()},
			)
		})
	}
}

func TestAccNotebookStorage_disappears(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	s.Check(t,
		resource.TestStep{Config: config(s, lake)},
		resource.TestStep{ // unmounted elsewhere
			PreConfig: func() {
				if err := s.Change(s.Only(t).ID, simulator.Drift{Storages: &[]simulator.Storage{}}); err != nil {
					t.Fatal(err)
				}
			},
			Config:           config(s, lake),
			ConfigPlanChecks: action(plancheck.ResourceActionCreate),
			Check:            holds(t, s, mounted),
		},
		resource.TestStep{ // with its notebook
			PreConfig: func() {
				if !s.Remove(s.Only(t).ID) {
					t.Fatal("there was no notebook")
				}
			},
			Config:           config(s, lake),
			ConfigPlanChecks: action(plancheck.ResourceActionCreate),
			Check:            holds(t, s, mounted),
		},
		resource.TestStep{ // something else is mounted at its path
			PreConfig: func() {
				storages := s.Only(t).Storages
				storages[0].ID, storages[0].URI = efsID, "obs://team-data/else/"
				if err := s.Change(s.Only(t).ID, simulator.Drift{Storages: &storages}); err != nil {
					t.Fatal(err)
				}
			},
			Config:      config(s, lake),
			ExpectError: acctest.Text("Other storage, obs://team-data/else/, is mounted at the path /data/lake/ already"),
		},
		resource.TestStep{
			PreConfig: func() {
				if err := s.Change(s.Only(t).ID, simulator.Drift{Storages: &[]simulator.Storage{}}); err != nil {
					t.Fatal(err)
				}
			},
			Config: config(s, lake),
		},
	)
}

func TestAccNotebookStorage_failure(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	s.Check(t,
		resource.TestStep{Config: s.Provider("") + notebookWith(nil)},
		resource.TestStep{
			PreConfig: func() {
				s.Inject(simulator.Fault{Kind: simulator.FaultMountFailed, Reason: "The agency may not read the bucket."})
			},
			Config:      config(s, lake),
			ExpectError: acctest.Text("The agency may not read the bucket"),
		},
		resource.TestStep{ // it is tainted, and made anew
			PreConfig:        s.ResetRequests,
			Config:           config(s, lake),
			ConfigPlanChecks: action(plancheck.ResourceActionReplace),
			Check:            resource.ComposeTestCheckFunc(holds(t, s, mounted), attached(s, 1)),
		},
		resource.TestStep{
			PreConfig:   func() { s.Inject(simulator.Fault{Kind: simulator.FaultUnmountFailed, Reason: "A file is open."}) },
			Config:      s.Provider("") + notebookWith(nil),
			ExpectError: acctest.Text("A file is open"),
		},
		resource.TestStep{Config: s.Provider("") + notebookWith(nil), Check: holds(t, s)},
		resource.TestStep{
			Config:      config(s, lake.with(arguments{"uri": `"obs://` + simulator.DefaultObjectBucket + `/a/"`})),
			ExpectError: acctest.Text("The bucket is not a parallel file system"),
		},
		resource.TestStep{Config: config(s, lake.with(arguments{"mount_path": `"/cache/a"`})), ExpectError: acctest.Text("mount_path must be below /data/")},
		resource.TestStep{Config: config(s, share.with(arguments{"efs_id": ""})), ExpectError: acctest.Text("The category EFS needs efs_id")},
		resource.TestStep{Config: config(s, share), ExpectError: acctest.Text("SFS Turbo can be mounted only in a dedicated pool")},
	)
}

// The answer to the request is lost: the mount is found, and requested once.
func TestAccNotebookStorage_lostAnswer(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.FaultKind{simulator.FaultCutAfter, simulator.FaultTruncate, simulator.FaultEmpty} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			s.Inject(simulator.Fault{Kind: kind, Operation: "AttachDynamicStorage"})
			s.Check(t,
				resource.TestStep{Config: config(s, lake), Check: resource.ComposeTestCheckFunc(holds(t, s, mounted), attached(s, 1))},
				resource.TestStep{Config: config(s, lake), ConfigPlanChecks: acctest.EmptyPlan()},
			)
			s.FaultsHit(t)
		})
	}
}

// A notebook that does not run is an error of the plan, or is started and stopped
// again.
func TestAccNotebookStorage_stoppedNotebook(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]string{nil, {"mount-6327"}, {"mount-list-running"}, {"mount-kept"}, {"mount-remounted", "mount-list-running"}, {"mount-unmounted-stays"}} {
		t.Run(strings.Join(answers, " "), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: answers, Lag: 200 * time.Millisecond})
			stopped := s.Provider("") + notebookWith(arguments{"desired_status": `"STOPPED"`, "lease": `{ enabled = false }`})
			running := s.Provider("") + notebookWith(arguments{"desired_status": `"RUNNING"`, "lease": `{ enabled = false }`})
			starts := lake.with(arguments{"start_notebook": "true"}).resource("test")
			s.Check(t,
				resource.TestStep{Config: stopped},
				resource.TestStep{Config: stopped + lake.resource("test"), ExpectError: acctest.Text("is STOPPED, and storage is mounted only while it runs. Set start_notebook = true")},
				resource.TestStep{
					PreConfig: s.ResetRequests, Config: stopped + starts,
					Check: s.ExpectWrites("StartNotebook duration=-1", "AttachDynamicStorage category mount_path uri", "StopNotebook"),
				},
				resource.TestStep{Config: stopped + starts, ConfigPlanChecks: acctest.EmptyPlan()},
				resource.TestStep{Config: stopped + lake.resource("test")},                                        // nothing is sent
				resource.TestStep{Config: running + lake.resource("test"), Check: holds(t, s, mounted)},           // mounted in the same apply
				resource.TestStep{Config: running + lake.resource("test"), ConfigPlanChecks: acctest.EmptyPlan()}, // and settled
				resource.TestStep{Config: stopped + lake.resource("test")},                                        //
				resource.TestStep{Config: stopped + lake.resource("test"), ConfigPlanChecks: acctest.EmptyPlan()}, // what is known is kept
				resource.TestStep{Config: stopped + starts},                                                       //
				resource.TestStep{Config: running},                                                                //
			)
		})
	}
}

// A start of the notebook and a new mount in one apply.
func TestAccNotebookStorage_startInTheSameApply(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	with := func(status string) string {
		return s.Provider("") + notebookWith(arguments{"desired_status": `"` + status + `"`})
	}
	s.Check(t,
		resource.TestStep{Config: with("STOPPED")},
		resource.TestStep{Config: with("RUNNING") + lake.resource("test"), Check: holds(t, s, mounted)},
		resource.TestStep{Config: with("STOPPED") + lake.resource("test") + lake.with(arguments{"mount_path": `"/data/b"`}).resource("other"), ExpectError: acctest.Text("storage is mounted only while it runs")},
	)
}

// An update that restarts the notebook leaves what is mounted, whatever the service
// does with mounts.
func TestAccNotebookStorage_restart(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]string{nil, {"mount-kept"}, {"mount-remounted"}, {"mount-list-running"}, {"mount-unmounted-stays"}, {"mount-in-data"}, {"data-in-mounts"}, {"mount-in-data", "mount-remounted"}, {"volume-uri-slash"}, {"mount-any-path", "mount-object-bucket"}} {
		t.Run(strings.Join(answers, " "), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: answers, Lag: 300 * time.Millisecond, MountTime: 50 * time.Millisecond})
			with := func(flavor string) string {
				return s.Provider("") + strings.Replace(notebookWith(arguments{
					"allow_stopping_for_update": "true", "data_volumes": `{ "/data/own/" = { category = "OBSFS", uri = "obs://own/a/" } }`,
				}), acctest.Flavor, flavor, 1) + lake.resource("test") +
					lake.with(arguments{"mount_path": `"/data/two"`, "uri": `"obs://team-data/two"`}).resource("two")
			}
			want := 2
			if strings.Contains(strings.Join(answers, " "), "mount-kept") || strings.Contains(strings.Join(answers, " "), "mount-remounted") {
				want = 0
			}
			all := func(*terraform.State) error {
				got := strings.Join(mounts(t, s), ", ")
				if strings.Count(got, " MOUNTED") != 2 || strings.Count(got, ", ") != 1 || !strings.Contains(got, mounted) {
					return fmt.Errorf("mounted: %s", got)
				}
				return nil
			}
			s.Check(t,
				resource.TestStep{Config: with(acctest.Flavor), Check: all},
				resource.TestStep{
					PreConfig: s.ResetRequests, Config: with(acctest.LargerFlavor),
					Check: resource.ComposeTestCheckFunc(all, attached(s, want)),
				},
				resource.TestStep{Config: with(acctest.LargerFlavor), ConfigPlanChecks: acctest.EmptyPlan(), Check: all},
			)
		})
	}
}

// A mount at the path of a data volume is an error of the plan, also where the service
// shows the two alike.
func TestAccNotebookStorage_dataVolume(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]string{nil, {"data-in-mounts"}, {"mount-in-data"}, {"data-in-mounts", "mount-in-data"}, {"data-obsfs-static"}} {
		t.Run(strings.Join(answers, " "), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: answers})
			volume := s.Provider("") + notebookWith(arguments{"allow_stopping_for_update": "true", "data_volumes": `{ "/data/lake" = { category = "OBSFS", uri = "obs://team-data/lake/" } }`})
			s.Check(t,
				resource.TestStep{Config: volume},
				resource.TestStep{Config: volume + lake.resource("test"), ExpectError: acctest.Text("has a data volume at /data/lake/")},
				resource.TestStep{
					Config: volume + "data \"modelarts_notebook\" \"a\" { id = modelarts_notebook.test.id }\n" +
						lake.with(arguments{"mount_path": `"/data/a"`}).resource("test"),
				},
				resource.TestStep{ // a data volume is added at the path of a mount
					Config:      strings.Replace(volume, `{ "/data/lake"`, `{ "/data/a" = { category = "OBSFS", uri = "obs://team-data/a/" }, "/data/lake"`, 1) + lake.with(arguments{"mount_path": `"/data/a/"`}).resource("test"),
					ExpectError: acctest.Text("has a data volume at /data/a,"),
				},
			)
		})
	}
}

// The same where the notebook belongs to another configuration, so that only the
// service knows its data volumes and its status.
func TestAccNotebookStorage_notebookOfOthers(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]string{nil, {"data-in-mounts"}, {"mount-in-data"}, {"data-in-mounts", "mount-in-data"}} {
		t.Run(strings.Join(answers, " "), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: answers})
			w := acctest.NewWorkspace(t, s.Provider("")+notebookWith(arguments{"data_volumes": `{ "/data/lake" = { category = "OBSFS", uri = "obs://team-data/lake/" } }`}))
			w.MustRun(t, "apply", "-auto-approve")
			id := s.Only(t).ID
			with := func(a arguments) string {
				return s.Provider("") + a.with(arguments{"notebook_id": fmt.Sprintf("%q", id)}).resource("test")
			}
			other := acctest.NewWorkspace(t, with(lake))
			for _, args := range []string{"plan", "destroy"} {
				if out, err := other.Run(t, args); err == nil && args == "plan" || err != nil && !strings.Contains(acctest.Plain(out), "has a data volume at /data/lake/") {
					t.Errorf("%s: %v\n%s", args, err, out)
				}
			}
			other.Configure(t, with(lake.with(arguments{"mount_path": `"/data/b"`})))
			other.MustRun(t, "apply", "-auto-approve")
			w.MustRun(t, "plan", "-detailed-exitcode")
			other.MustRun(t, "plan", "-detailed-exitcode")
			if err := s.Change(id, simulator.Drift{Status: new("STOPPED")}); err != nil {
				t.Fatal(err)
			}
			other.MustRun(t, "plan", "-detailed-exitcode")
			other.Configure(t, with(lake.with(arguments{"mount_path": `"/data/c"`})))
			out, err := other.Run(t, "plan")
			if err == nil || !strings.Contains(acctest.Plain(out), "terraform destroy -refresh=false") || !strings.Contains(acctest.Plain(out), "Set start_notebook = true") {
				t.Errorf("%v\n%s", err, out)
			}
			other.MustRun(t, "destroy", "-auto-approve", "-refresh=false")
		})
	}
}

// Destroys of notebooks that do not run, and of their mounts.
func TestAccNotebookStorage_destroyStopped(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answers []string
		mount   arguments
		says    string
		fails   bool
	}{
		"dropped":              {nil, lake, "", false},
		"kept":                 {[]string{"mount-kept"}, lake, "may be mounted again", false},
		"not to be seen":       {[]string{"mount-list-running"}, lake, "remove the mount from the state", true},
		"with a start":         {[]string{"mount-list-running", "mount-kept"}, lake.with(arguments{"start_notebook": "true"}), "", false},
		"coming back":          {[]string{"mount-remounted"}, lake.with(arguments{"start_notebook": "true"}), "", false},
		"not to be seen, 6327": {[]string{"mount-list-running", "mount-6327"}, lake, "the notebook also deletes its mounts", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: tc.answers, Lag: 100 * time.Millisecond})
			w := acctest.NewWorkspace(t, config(s, tc.mount))
			w.MustRun(t, "apply", "-auto-approve")
			if err := s.Change(s.Only(t).ID, simulator.Drift{Status: new("STOPPED")}); err != nil {
				t.Fatal(err)
			}
			out, err := w.Run(t, "destroy", "-auto-approve")
			if (err != nil) != tc.fails || !acctest.Text(tc.says).MatchString(acctest.Plain(out)) {
				t.Errorf("%v\n%s", err, out)
			}
			if tc.fails {
				w.MustRun(t, "state", "rm", address)
				w.MustRun(t, "destroy", "-auto-approve", "-refresh=false")
			}
			if left := s.Notebooks(); len(left) > 0 {
				t.Errorf("%d notebooks are left", len(left))
			}
		})
	}
}

// Cut in the wait of a create: the ID is in the state, and the next apply keeps it.
func TestAccNotebookStorage_cancelled(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, s.Provider("")+notebookWith(nil))
	w.MustRun(t, "apply", "-auto-approve")
	s.Configure(func(o *simulator.Options) { o.MountTime = 10 * time.Minute })
	w.Configure(t, config(s, lake))
	run := w.Start(t, "apply", "-auto-approve")
	acctest.Eventually(t, "a look at the new mount", func() bool { return s.Operations()["ShowDynamicStorage"] > 0 })
	if err := run.Interrupt(); err != nil {
		t.Fatal(err)
	}
	out, err := run.Wait()
	if err == nil || !strings.Contains(acctest.Plain(out), "Storage was still being mounted at /data/lake/") {
		t.Errorf("%v\n%s", err, out)
	}
	id := s.Only(t).Storages[0].ID
	if state := w.State(t); !strings.Contains(state, id) || strings.Contains(state, "tainted") || !strings.Contains(state, `"MOUNTING"`) {
		t.Errorf("the state holds\n%s", state)
	}
	s.Advance(11 * time.Minute)
	s.Configure(func(o *simulator.Options) { o.MountTime = 0 })
	s.ResetRequests()
	w.MustRun(t, "apply", "-auto-approve")
	if got := s.Only(t).Storages; s.Operations()["AttachDynamicStorage"] != 0 || len(got) != 1 || got[0].ID != id {
		t.Errorf("the next apply made of it %+v", got)
	}
	w.MustRun(t, "plan", "-detailed-exitcode")
	w.MustRun(t, "destroy", "-auto-approve")
}

// Cut while the notebook is started for a mount, and while it is mounted: the notebook
// is stopped again.
func TestAccNotebookStorage_cancelledWhileStarted(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		slow      func(*simulator.Options)
		operation string
	}{
		"starting": {func(o *simulator.Options) { o.StartTime = 3 * time.Second }, "StartNotebook"},
		"mounting": {func(o *simulator.Options) { o.MountTime = time.Hour }, "ShowDynamicStorage"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			w := acctest.NewWorkspace(t, s.Provider("")+notebookWith(arguments{"desired_status": `"STOPPED"`}))
			w.MustRun(t, "apply", "-auto-approve")
			s.Configure(tc.slow)
			w.Configure(t, s.Provider("")+notebookWith(arguments{"desired_status": `"STOPPED"`})+lake.with(arguments{"start_notebook": "true"}).resource("test"))
			run := w.Start(t, "apply", "-auto-approve")
			acctest.Eventually(t, tc.operation, func() bool { return s.Operations()[tc.operation] > 0 })
			if err := run.Interrupt(); err != nil {
				t.Fatal(err)
			}
			if out, err := run.Wait(); err == nil {
				t.Errorf("the create was not cut:\n%s", out)
			}
			acctest.Eventually(t, "the stop", func() bool { return s.Only(t).Status == "STOPPED" })
			s.Configure(func(o *simulator.Options) { o.StartTime, o.MountTime = 0, 0 })
			w.MustRun(t, "destroy", "-auto-approve")
		})
	}
}

func TestAccNotebookStorage_noSecretsInLogs(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, lake))
	logged := w.Log()
	printed := w.MustRun(t, "apply", "-auto-approve")
	token := s.Only(t).Token
	printed += w.MustRun(t, "plan") + w.MustRun(t, "destroy", "-auto-approve")
	acctest.NoSecrets(t, logged(t), printed, []string{token}, "/storage")
}
