package answers_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/distort"
)

// failedBefore are distortions under which something went wrong once, each with
// what it was and the shape of the notebook: one for each cause.
var failedBefore = map[string]struct{ shape, distortions string }{
	"an entry of data_volumes without its path was a volume less":            {"share", "empty data_volumes[].mount_path details always, drop url lists always"},
	"data_volumes that are empty while stopped were removed":                 {"bucket", "empty data_volumes details stopped, drop url lists always"},
	"the path of a data volume was compared letter by letter":                {"disk", "slash data_volumes[].mount_path everywhere always, slash data_volumes[].url everywhere stopped"},
	"endpoints that are empty while settled were removed":                    {"bucket", "rename volume.mount_path everywhere always, empty endpoints details settled, drop url lists always"},
	"endpoints that are null while stopped were removed":                     {"disk", "null endpoints everywhere stopped, delay image.tag details always"},
	"an endpoint without its service was one less":                           {"pool", "empty endpoints[].service everywhere stopped, drop lease.enable lists running"},
	"addresses that are left out while running were removed":                 {"disk", "drop endpoints[].allowed_access_ips everywhere running, empty workspace_id everywhere settled"},
	"addresses that are left out of lists were removed":                      {"bucket", "null endpoints[].allowed_access_ips lists running"},
	"addresses that are empty while settled were removed":                    {"share", "empty endpoints[].allowed_access_ips everywhere settled"},
	"key pairs that are always empty were removed":                           {"pool", "empty endpoints[].key_pair_names everywhere always"},
	"a tag without its key was one less":                                     {"bucket", "drop tags[].key details running, drop url lists always"},
	"a tag without its key was one less while stopped":                       {"share", "empty tags[].key everywhere stopped"},
	"a tag without its value was another one":                                {"share", "rename tags[].value details always, drop url lists always"},
	"a tag without its value in lists was another one":                       {"share", "null tags[].value lists always"},
	"tags that are left out while settled were removed":                      {"pool", "drop tags everywhere settled, empty endpoints lists always"},
	"tags that come late were set again":                                     {"share", "delay tags details always, drop url lists always"},
	"an empty flavor was another one":                                        {"disk", "empty flavor everywhere settled"},
	"an empty feature replaced the notebook":                                 {"bucket", "empty feature details always, rename flavor details settled, drop url lists always"},
	"a size without its cores was another one":                               {"pool", "null custom_spec.cpu everywhere always"},
	"a rule without its key was one less":                                    {"pool", "drop affinity.preferred_during_scheduling_ignored_during_execution[].key everywhere stopped"},
	"rules that are left out of lists were removed":                          {"pool", "null affinity.required_during_scheduling_ignored_during_execution lists settled"},
	"rules that are empty in lists were removed":                             {"pool", "empty affinity lists running"},
	"weights that are null while settled changed the rules":                  {"pool", "null affinity.preferred_during_scheduling_ignored_during_execution[].weight everywhere settled"},
	"a description that comes late was changed again":                        {"bucket", "null create_at details always, delay description everywhere always"},
	"a network that is left out replaced an imported notebook":               {"disk", "null user_vpc details running, drop url lists always"},
	"a source that is left out replaced an imported notebook":                {"share", "drop volume.uri details always, drop url lists always"},
	"a pool without its ID was none after an import":                         {"pool", "null pool.id details always, drop url lists always"},
	"a pool that is left out while running was none after an import":         {"pool", "rename pool details running"},
	"a user without a group was another one after an import":                 {"disk", "drop run_user.gid everywhere always, empty volume.ownership details always"},
	"a dedicated volume without ownership was a managed one after an import": {"share", "null volume.ownership everywhere always"},
	"a bucket without ownership was a managed one after an import":           {"bucket", "empty volume.ownership everywhere settled"},
	"an address is shown as a block while the notebook does not run":         {"disk", "block endpoints[].allowed_access_ips details stopped, drop url lists always"},
	"a bucket is shown as another kind while the notebook does not run":      {"bucket", "category volume.category details stopped, drop url lists always"},
	"tags that are always empty were set again after a stop":                 {"disk", "empty tags everywhere always"},
	"tags that are empty while running were set again after a stop":          {"bucket", "empty tags everywhere running"},
	"tags without values while running were set again after a stop":          {"share", "empty tags[].value everywhere running"},
	"a bucket of which nothing is shown was a managed one after an import":   {"bucket", "empty volume everywhere settled"},
	"rules that are left out while stopped were removed":                     {"pool", "drop affinity.preferred_during_scheduling_ignored_during_execution everywhere stopped"},
	"weights that are empty while stopped changed the rules":                 {"pool", "empty affinity.preferred_during_scheduling_ignored_during_execution[].weight everywhere stopped"},
	"another case of a category was another one":                             {"bucket", "case volume.category details always, category volume.category lists always"},
}

// TestFailedDistortions leads notebooks through a life under each of failedBefore.
func TestFailedDistortions(t *testing.T) {
	t.Parallel()
	names := slices.Sorted(maps.Keys(failedBefore))
	all := make([]*subject, len(names))
	for i, name := range names {
		chosen, err := distort.Parse(failedBefore[name].distortions)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[i] = &subject{label: fmt.Sprintf("f%d", i), shape: failedBefore[name].shape, distortions: chosen}
	}
	t.Run("lives", func(t *testing.T) {
		for batch := range slices.Chunk(all, together) {
			t.Run("from "+batch[0].label, func(t *testing.T) {
				t.Parallel()
				newCrowd(t, batch).live()
			})
		}
	})
	for i, name := range names {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			if n := all[i]; n.problem != "" {
				t.Errorf("%s\n\t%s", n, n.problem)
			}
		})
	}
}
