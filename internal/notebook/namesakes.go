package notebook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// nameIsTaken is what a plan says of a create whose name another notebook has.
const nameIsTaken = "A notebook of that name exists already"

// existsAlready reports that no notebook is created, so that no name is
// taken.
func (v *view) existsAlready() bool { return !v.creates() }

// namesakes warns of a create whose very name a notebook has already that is in no
// state: as a rule it is what an apply has left that was killed. Names need not be
// unique, so that it is never an error. What can be known is what this process has
// read and planned so far, and one page of a list: see
// design/0018-a-lost-create.md.
func (p *planner) namesakes() {
	if p.unplaced() || !p.config.At("feature").IsKnown() || !p.config.At("workspace_id").IsKnown() {
		return
	}
	name := p.plan.At("name").Text()
	feature := cmp.Or(strings.ToUpper(p.plan.At("feature").Text()), "NOTEBOOK")
	if name == "" || feature != "NOTEBOOK" || len(p.resp.Diagnostics.Errors()) > 0 || p.settings == nil ||
		p.settings.PlanChecks == settings.ChecksOff || p.process().Namesakes == nil {
		return
	}
	workspace := cmp.Or(p.plan.At("workspace_id").Text(), modelarts.DefaultWorkspace)
	found, err := p.process().Namesakes.Of(p.ctx, workspace, name)
	if err != nil {
		return // the create does not need the list
	}
	found = slices.DeleteFunc(found, func(nb modelarts.Notebook) bool { return p.process().Creates.Claimed(nb.ID) })
	if len(found) == 0 {
		return
	}
	lines := make([]string, len(found))
	for i := range found {
		lines[i] = fmt.Sprintf("  - %s: %s", found[i].ID, describe(&found[i]))
	}
	p.warnAt(at("name"), fmt.Sprintf("%s (notebook %q)", nameIsTaken, name),
		"In the workspace %s there is:\n%s\n\nIt is in no state that this run has read so far. Names need not be unique: the apply creates one more, which is billed, too. "+
			"If you want to keep it, for example after a killed apply, import it first, with the address of this resource:\n"+
			"  terraform import ADDRESS %s\n\nIf it belongs to another state or resource, ignore this warning. plan_checks = \"off\" turns off this check.",
		workspace, strings.Join(lines, "\n"), found[0].ID)
}

// claim notes that the notebook of a plan is in a state, so that it is neither
// taken for one that is in no state, nor adopted.
func (v *view) claim() {
	if id := v.notebook(); id != "" && v.settings != nil {
		v.process().Creates.Claim(id)
		v.process().Foreseen.NoteVolumes(id, slices.Concat(v.state.At(atVolumes...).Keys(), v.plan.At(atVolumes...).Keys()))
	}
}
