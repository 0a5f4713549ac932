package answers_test

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// storageOf is the configuration of a mount of the notebook from a bucket.
func storageOf(bucket string) string {
	return fmt.Sprintf(`
resource "modelarts_notebook_storage" "life" {
  notebook_id = modelarts_notebook.life.id
  category    = "obsfs"
  uri         = "obs://%s/storage"
  mount_path  = "/data/storage"
}
`, bucket)
}

var hook = regexp.MustCompile(`echo \w+`)

// bucket is one that can be mounted: an object bucket where that is taken.
func (l *life) bucket() string {
	if l.isB("mount-object-bucket") {
		return simulator.DefaultObjectBucket
	}
	return "bucket"
}

// storage mounts storage on the notebook, restarts it, stops it behind the back of the
// provider and starts it by an apply, and unmounts the storage. It is mounted after each
// step, and each apply is followed by an empty plan.
func (l *life) storage() string {
	l.t.Helper()
	l.beside = storageOf(l.bucket())
	defer func() { l.beside = "" }()
	stopped := "STOPPED"
	for _, s := range []step{
		{"mounted", func() string { return l.apply(l.text, "RUNNING") }},
		{"restarted", func() string { return l.apply(hook.ReplaceAllString(l.text, "echo storage"), "RUNNING") }},
		{"started", func() string {
			l.elsewhere(simulator.Drift{Status: &stopped})
			return l.apply(l.text, "RUNNING")
		}},
	} {
		problem := s.do()
		if problem == "" {
			problem = l.emptyPlan()
		}
		if problem == "" {
			problem = l.mountedOnce()
		}
		if problem != "" {
			return s.name + ": " + problem
		}
	}
	l.beside = ""
	if problem := l.apply(l.text, "RUNNING"); problem != "" {
		return "unmounted: " + problem
	}
	if l.mountedOnce() == "" {
		return "the storage is still mounted"
	}
	return l.emptyPlan()
}

// mountedOnce says why the storage is not mounted exactly once.
func (l *life) mountedOnce() string {
	l.t.Helper()
	n, _ := l.s.Notebook(l.id)
	var found []string
	for _, st := range n.Storages {
		if strings.HasPrefix(st.MountPath, "/data/storage") && st.Status != "UNMOUNTED" {
			found = append(found, st.Status)
		}
	}
	if len(found) != 1 || found[0] != "MOUNTED" {
		return fmt.Sprintf("mounted: %q", found)
	}
	return ""
}
