package notebook

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// The service does not return where some storage comes from: the secret of a main volume in
// a bucket, the source of a file system as a data volume. It may also return what it has
// filled in where it takes none. The configuration that is generated for such a notebook is
// as the service shows it. So it is held to what a request needs only where one is about to
// be sent, which a plan knows and a validation does not. See design/0029-queries.md.

// missing is an argument that a request needs and the configuration does not have.
type missing struct {
	where           path.Path
	summary, detail string
}

// sourcesGiven reports whether all storage that a create or an update is to ask for has
// its source.
func (v *view) sourcesGiven() bool { return len(v.missingSources()) == 0 }

// askForSources refuses to ask for storage without its source.
func (p *planner) askForSources() {
	for _, m := range p.missingSources() {
		p.resp.Diagnostics.AddAttributeError(m.where, m.summary, m.detail)
	}
}

func (v *view) missingSources() []missing {
	var all []missing
	if v.creates() {
		all = v.missingOfVolume()
	}
	if volumes := v.config.At(atVolumes...); volumes.IsSet() && (v.creates() || v.differs(atVolumes)) {
		for _, mount := range volumes.Keys() {
			all = append(all, missingOfData(mount, volumes.At(mount))...)
		}
	}
	if v.config.At(atAffinity...).IsSet() && v.config.At(atPool...).IsNull() && (v.creates() || v.differs(atAffinity)) && v.state.At(atPool...).Text() == "" {
		all = append(all, missing{atAffinity.path(), noNodes, "Only the nodes of a dedicated resource pool can be chosen: set pool_id, or remove affinity."})
	}
	return all
}

// missingOfVolume is what the main volume lacks.
func (v *view) missingOfVolume() []missing {
	volume := v.config.At("volume")
	category, ownership := strings.ToUpper(volume.At("category").Text()), strings.ToUpper(volume.At("ownership").Text())
	var all []missing
	for _, row := range mainStorage {
		if row.category != category || row.ownership != ownership {
			continue
		}
		for _, name := range row.unanswered {
			if volume.At(name).IsNull() {
				all = append(all, missing{path.Root("volume").AtName(name), incomplete, fmt.Sprintf(
					"Storage of category %s and ownership %s needs volume.%s: %s.", category, ownership, name, meaning[name])})
			}
		}
	}
	return all
}

// missingOfData is what a data volume lacks.
func missingOfData(mount string, volume values.Value) []missing {
	if !volume.IsSet() {
		return nil
	}
	names := []string{"uri"}
	if strings.EqualFold(volume.At("category").Text(), categoryEFS) {
		names = append(names, "id")
	}
	var all []missing
	for _, name := range names {
		if volume.At(name).IsNull() {
			where := path.Root("data_volumes").AtMapKey(mount).AtName(name)
			all = append(all, missing{where, incomplete, fmt.Sprintf(
				"A data volume of category %s needs %s: %s. The service does not return it, so generated configurations omit it.",
				strings.ToUpper(volume.At("category").Text()), where, meaning[name])})
		}
	}
	return all
}
