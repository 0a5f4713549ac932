package answers_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// door is what users have besides the resource of the notebook. Its life is short: a
// notebook is created, the door is used, and everything is destroyed.
type door struct {
	// shape is that of the notebook, unless the exercise of a question gives one of shapes.
	shape  string
	shapes []string
	// concerns matches the open questions that concern the door.
	concerns string
	// group is how many of them are at B in one life, at most.
	group int
	use   func(*life) string
}

// doors have the names of their rows. Each is met by the questions that its concerns
// matches, so that TestEveryDoorIsConcerned finds a question that is new.
var doors = map[string]door{
	"images": {
		shape: "disk", shapes: []string{"workspace"}, group: 1, use: (*life).images,
		concerns: `^(image-|groups-in-data|workspace-all|delete-|gone-|read-lags|stopped-|list-)`,
	},
	"queries": {
		shape: "disk", shapes: shapeNames, group: 8, use: (*life).queries,
		concerns: `^(volume-(absent|status|source|uri|efs-as|obs-as)|data-|mount-|list-|stopped-|empty-left|endpoint-|ips-|ssh-|lease-|spec-|server-|network-answered|pool-empty|times?-|image-(arch|list)|groups-|filter-|workspace-|tags-|read-lags|billing-)`,
	},
	"ignored tags": {
		shape: "disk", group: 1, use: (*life).ignoredTags,
		concerns: `^(tags-|stopped-|empty-left|list-|read-lags|workspace-all|update-name)`,
	},
	"moves": {
		shape: "vendor", shapes: []string{"share", "workspace"}, group: 8, use: (*life).moves,
		concerns: `^(volume-(absent|status|source|uri|efs-as)|data-in|mount-|list-|stopped-|empty-left|endpoint-|ips-|ssh-|lease-|server-|network-answered|spec-|pool-empty|times?-|image-|workspace-|tags-|billing-)`,
	},
	"access": {
		shape: "vendor", group: 8, use: (*life).access,
		concerns: `^(endpoint-|ssh-|stopped-|lease-|times?-|list-|read-lags|conflict-)`,
	},
}

// doorRows are the lives of the doors: with A everywhere, with the questions that concern
// each at B, and in random combinations.
func doorRows(random func() []string) []*outcome {
	var rows []*outcome
	for _, name := range slices.Sorted(maps.Keys(doors)) {
		d := doors[name]
		rows = append(rows, &outcome{name: "A everywhere, " + name, exercise: exercise{shape: d.shape, door: name}})
		for _, ids := range d.groups() {
			row := &outcome{name: strings.Join(ids, ",") + " at B, " + name, answers: ids, exercise: exercise{shape: d.shape, door: name}}
			for _, id := range ids {
				if shape := exercises[id].shape; slices.Contains(d.shapes, shape) {
					row.exercise.shape = shape
				}
			}
			rows = append(rows, row)
		}
		for i := range (extraCombinations() + len(doors) - 1) / len(doors) {
			rows = append(rows, &outcome{name: fmt.Sprintf("combination %d, %s", i+1, name), answers: random(), exercise: exercise{shape: d.shape, door: name}})
		}
	}
	return rows
}

// groups are the questions that concern the door, as many together as may be. Those of
// one shape are together.
func (d door) groups() [][]string {
	var groups [][]string
	byShape := map[string]int{} // the group that is not full
	for _, q := range simulator.Questions() {
		e := exercises[q.ID]
		if e.unmet != "" || !regexp.MustCompile(d.concerns).MatchString(q.ID) {
			continue
		}
		shape := ""
		if slices.Contains(d.shapes, e.shape) {
			shape = e.shape
		}
		if at, there := byShape[shape]; there {
			more := append(slices.Clone(groups[at]), q.ID)
			if len(more) <= d.group && (simulator.Options{Answers: more}).Validate() == nil {
				groups[at] = more
				continue
			}
		}
		byShape[shape] = len(groups)
		groups = append(groups, []string{q.ID})
	}
	return groups
}

// Each door is met by some questions, and each question of images, mounts and tags by some
// door.
func TestEveryDoorIsConcerned(t *testing.T) {
	t.Parallel()
	met := map[string]bool{}
	for name, d := range doors {
		if shapes[d.shape] == (shape{}) {
			t.Errorf("%s: there is no shape %q", name, d.shape)
		}
		groups := d.groups()
		if len(groups) == 0 {
			t.Errorf("no question concerns %s", name)
		}
		for _, id := range slices.Concat(groups...) {
			met[id] = true
		}
	}
	for _, q := range simulator.Questions() {
		if regexp.MustCompile(`^(image|mount|tags|list|filter)-`).MatchString(q.ID) && !met[q.ID] && exercises[q.ID].unmet == "" {
			t.Errorf("no door meets %s", q.ID)
		}
	}
}

// theDoor are the steps of a life of a door.
func (l *life) theDoor(name string) []step {
	return []step{
		{"create", func() string { return l.stage(created, "RUNNING") }},
		{name, func() string { return doors[name].use(l) }},
		{"destroy", l.destroy},
	}
}

// imagesBeside are an image that is saved from the notebook with these triggers, and one
// that is registered with this guide.
func imagesBeside(version, guide string) string {
	return fmt.Sprintf(`
resource "modelarts_notebook_image" "saved" {
  notebook_id = modelarts_notebook.life.id
  namespace   = "team"
  name        = "saved"
  tag         = %[1]q
  triggers    = { version = %[1]q }

  lifecycle {
    create_before_destroy = true
  }
}
`, version) + registeredImage(guide)
}

// images leads images through a life of their own: a save that is refused, a save and a
// registration, a change of what others have changed, another one in the place of one that
// is gone, a save again, an import, and the end, at which none is left.
func (l *life) images() string {
	l.t.Helper()
	before := len(l.s.Images())
	for _, s := range []step{
		{"save of a stopped notebook", l.saveWhileStopped},
		{"save and registration", func() string { return l.withImages("1", "one", before+2) }},
		{"changed elsewhere", func() string {
			guide, at := "other", l.imageAt("registered")
			if err := l.s.ChangeImage(at, simulator.ImageDrift{ReadMe: &guide, Tags: &[]string{"a"}}); err != nil {
				return err.Error()
			}
			return l.withImages("1", "two", before+2)
		}},
		{"deleted elsewhere", func() string {
			l.s.RemoveImage(l.imageAt("registered"))
			return l.withImages("1", "two", before+2)
		}},
		{"saved again", func() string { return l.withImages("2", "two", before+2) }},
		{"import", l.importImages},
		{"destroy", l.destroy},
	} {
		if problem := s.do(); problem != "" {
			return s.name + ": " + problem
		}
	}
	l.beside = ""
	if left := l.s.Images(); len(left) != before {
		return fmt.Sprintf("left: %+v", left)
	}
	return ""
}

// withImages applies the images and wants an empty plan, and that many images.
func (l *life) withImages(version, guide string, images int) string {
	l.t.Helper()
	l.beside = imagesBeside(version, guide)
	if problem := l.apply(l.text, "RUNNING"); problem != "" {
		return problem
	}
	if problem := l.emptyPlan(); problem != "" {
		return problem
	}
	if left := l.s.Images(); len(left) != images {
		return fmt.Sprintf("the service holds %+v", left)
	}
	return ""
}

func (l *life) imageAt(name string) string {
	for _, i := range l.s.Images() {
		if i.Name == name {
			return i.ID
		}
	}
	return ""
}

// saveWhileStopped is refused, in the plan and, where nothing is checked there, by the
// service. The error says what to do.
func (l *life) saveWhileStopped() string {
	l.t.Helper()
	l.status("STOPPED")
	defer func() { l.beside, l.block = "", "" }()
	l.beside = imagesBeside("1", "one")
	if problem := l.refused(true, l.text, `desired_status = "RUNNING"`); problem != "" {
		return problem
	}
	l.block = `plan_checks = "off"`
	if problem := l.refused(true, l.text, `Start it first, for example with desired_status = "RUNNING"`); problem != "" {
		return problem
	}
	l.beside, l.block = "", ""
	l.status("RUNNING")
	return l.apply(l.text, "RUNNING") // without the image that was registered
}

// importImages imports all into a workspace of its own. What no answer has is taken over
// by an apply that calls nothing.
func (l *life) importImages() string {
	l.t.Helper()
	before := l.w
	defer func() { l.w = before }()
	l.w = acctest.NewWorkspace(l.t, "")
	l.configure(l.text)
	for _, of := range [][2]string{
		{"modelarts_notebook.life", l.id}, {"modelarts_notebook_image.saved", l.imageAt("saved")}, {"modelarts_image.registered", l.imageAt("registered")},
	} {
		if _, problem := l.run("import", of[0], of[1]); problem != "" {
			return of[0] + ": " + problem
		}
	}
	l.remember()
	if _, problem := l.run("apply", "-auto-approve", "-target=modelarts_notebook_image.saved", "-target=modelarts_image.registered"); problem != "" {
		return problem
	}
	for _, call := range l.s.Writes() {
		if strings.Contains(call, "Image") {
			return "an import called " + call
		}
	}
	return ""
}

// queries finds the notebook, its mount and an image with a newer Terraform, and generates
// configurations of them, which change nothing.
func (l *life) queries() string {
	l.t.Helper()
	l.beside = storageOf(l.bucket()) + registeredImage("one")
	if problem := l.stage(changedAll, "RUNNING"); problem != "" {
		return problem
	}
	if problem := l.emptyPlan(); problem != "" {
		return problem
	}
	w := acctest.NewNewerWorkspace(l.t, l.s.Provider(fmt.Sprintf("project_id = %q", l.s.Options().ProjectID)))
	text := ""
	for kind, more := range map[string]string{"modelarts_notebook": "", "modelarts_notebook_storage": "", "modelarts_image": `name = "registered"`} {
		text += fmt.Sprintf("list %q \"found\" {\n  provider = modelarts\n  config {\n    workspace_ids = [\"0\", %q]\n    %s\n  }\n}\n", kind, simulator.DefaultWorkspace, more)
	}
	if err := os.WriteFile(filepath.Join(w.Dir, "query.tfquery.hcl"), []byte(text), 0o600); err != nil {
		return err.Error()
	}
	l.remember()
	out, err := w.Run(l.t, "query", "-generate-config-out=found.tf")
	if err != nil {
		return "query: " + out
	}
	found, err := w.Run(l.t, "apply", "-auto-approve")
	if err != nil || !strings.Contains(found, "3 imported, 0 added, 0 changed, 0 destroyed") {
		return "what was found is not imported without a change: " + firstChange(found) + "\n" + out + "\n" + found
	}
	if calls := l.s.Writes(); len(calls) > 0 {
		return fmt.Sprintf("imports called %q", calls)
	}
	if plan, err := w.Run(l.t, "plan", "-detailed-exitcode"); err != nil {
		return "the plan after the import is not empty: " + plan
	}
	return ""
}

// ignoredTags changes and removes the tags of the notebook beside those of others, which
// stay, also while it is stopped.
func (l *life) ignoredTags() string {
	l.t.Helper()
	l.block = `ignore_tags = { keys = ["owner"], key_prefixes = ["billing:"] }`
	tags := func(value string) string {
		text := regexp.MustCompile(`(?m)^ *tags .*\n`).ReplaceAllString(l.text, "")
		if value != "" {
			text += "  tags = { team = \"" + value + "\" }\n"
		}
		return text
	}
	want := map[string]string{"owner": "kim", "billing:unit": "7"}
	holds := func(problem, team string) string {
		if problem == "" {
			problem = l.emptyPlan()
		}
		if team != "" {
			want["team"] = team
		} else {
			delete(want, "team")
		}
		if n, _ := l.s.Notebook(l.id); problem == "" && !maps.Equal(n.Tags, want) {
			problem = fmt.Sprintf("the tags are %v, not %v", n.Tags, want)
		}
		return problem
	}
	for _, s := range []step{
		{"set", func() string { return l.apply(tags("vision"), "RUNNING") }},
		{"beside those of others", func() string {
			l.elsewhere(simulator.Drift{Tags: map[string]string{"owner": "kim", "billing:unit": "7", "team": "vision"}})
			return holds("", "vision")
		}},
		{"changed", func() string { return holds(l.apply(tags("speech"), "RUNNING"), "speech") }},
		{"changed while stopped", func() string {
			l.status("STOPPED")
			return holds(l.apply(tags("text"), "STOPPED"), "text")
		}},
		{"without a refresh", func() string {
			l.configure(tags("music"))
			_, problem := l.run("apply", "-auto-approve", "-refresh=false")
			return holds(problem, "music")
		}},
		{"removed", func() string { l.status("RUNNING"); return holds(l.apply(tags(""), "RUNNING"), "") }},
	} {
		if problem := s.do(); problem != "" {
			return s.name + ": " + problem
		}
	}
	return ""
}

// moves takes over a state of the vendor's provider: of the notebook, a mount and a saved
// image. Nothing is changed, and the plan is empty.
func (l *life) moves() string {
	l.t.Helper()
	if l.isB("ips-ignored") { // they were asked for in vain, and the vendor's provider has none either
		l.text = ips.ReplaceAllString(l.text, "")
	}
	l.beside = storageOf(l.bucket()) + keptImage
	if problem := l.apply(l.text, "RUNNING"); problem != "" {
		return problem
	}
	n, _ := l.s.Notebook(l.id)
	images := l.s.Images()
	here, beside := l.w, l.beside
	defer func() { l.w, l.beside = here, beside; l.configure(l.text) }()
	l.w = acctest.NewWorkspace(l.t, "")
	l.w.InstallVendor(l.t, "huaweicloud/huaweicloud")
	l.w.WriteVendorState(l.t, acctest.VendorSource, l.vendorState(n, images[len(images)-1])...)
	l.beside = beside
	for from, to := range map[string]string{"notebook.life": "notebook.life", "notebook_mount_storage.lake": "notebook_storage.life", "notebook_image_store.saved": "notebook_image.kept"} {
		l.beside += fmt.Sprintf("moved {\n  from = huaweicloud_modelarts_%s\n  to   = modelarts_%s\n}\n", from, to)
	}
	text := l.text
	l.configure(strings.Replace(text, "  allow_stopping_for_update = true\n", "", 1) + "  lifecycle {\n    ignore_changes = [image_id]\n  }\n")
	defer func() { l.text = text }()
	l.remember()
	out, problem := l.run("apply", "-auto-approve")
	switch calls := l.s.Writes(); {
	case problem != "":
		return problem
	case !strings.Contains(out, "0 added, 0 changed, 0 destroyed"):
		return "the move changes something: " + firstChange(out) + "\n" + out
	case len(calls) > 0:
		return fmt.Sprintf("the move called %q", calls)
	}
	return l.emptyPlan()
}

// vendorState is what the vendor's provider has of a notebook with a mount and an image.
func (l *life) vendorState(n simulator.NotebookInfo, image simulator.ImageInfo) []acctest.VendorInstance {
	tags := map[string]any{}
	for key, value := range n.Tags {
		tags[key] = value
	}
	more := map[string]any{"tags": tags, "pool_id": n.PoolID, "auto_stop_enabled": n.Lease.Enabled}
	for _, e := range n.Endpoints {
		if e.Service == "SSH" {
			more["key_pair"], more["allowed_access_ips"] = e.KeyPairNames[0], e.AllowedAccessIPs
		}
	}
	notebook := acctest.VendorNotebook(n, more)
	notebook.Name = "life"
	return []acctest.VendorInstance{notebook, acctest.VendorMount(n), acctest.VendorImage(image, n.ID)}
}

// access opens the access of the notebook before and after a restart by an action, and not
// while it is stopped.
func (l *life) access() string {
	l.t.Helper()
	p := l.s.Protocol(l.t, nil)
	with := acctest.Values{"notebook_id": l.id}
	opens := func() string {
		got, said := p.Open("modelarts_notebook_access", with)
		n, _ := l.s.Notebook(l.id)
		if len(said) > 0 || got["token"] != n.Token || got["ssh.host"] == "" || got["link"] == "" {
			return fmt.Sprintf("the access is %v: %s", got, acctest.Said(said))
		}
		return ""
	}
	acts := func(action, status string, lease acctest.Values) string {
		arguments := maps.Clone(with)
		if lease != nil {
			arguments["lease"] = lease
		}
		_, said := p.Invoke(l.t.Context(), "modelarts_notebook_"+action, arguments)
		if n, _ := l.s.Notebook(l.id); len(said) > 0 || n.Status != status {
			return fmt.Sprintf("the notebook is %s: %s", n.Status, acctest.Said(said))
		}
		return ""
	}
	for _, s := range []step{
		{"opened", opens},
		{"restart", func() string { return acts("restart", "RUNNING", nil) }},
		{"opened after a restart", opens},
		{"plan after a restart", l.emptyPlan},
		{"stop", func() string { return acts("stop", "STOPPED", nil) }},
		{"opened while stopped", func() string {
			got, said := p.Open("modelarts_notebook_access", with)
			if len(got) > 0 || !strings.Contains(acctest.Said(said), "ERROR") {
				return fmt.Sprintf("the access is %v: %s", got, acctest.Said(said))
			}
			return ""
		}},
		{"start", func() string { return acts("start", "RUNNING", acctest.Values{"enabled": false}) }},
		{"opened after a start", opens},
	} {
		if problem := s.do(); problem != "" {
			return s.name + ": " + problem
		}
	}
	return l.emptyPlan()
}
