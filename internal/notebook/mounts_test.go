package notebook

import (
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// A running notebook that lacks a data volume of the state is warned of, with the
// path and the source as the state has them.
func TestUnmounted(t *testing.T) {
	t.Parallel()
	lake := attributes{"/data/lake": attributes{"category": "obsfs", "uri": "obs://lake/a/"}, "/data/b/": attributes{"category": "EFS", "uri": "share:/b"}}
	const failed = `{"mount_path":"/data/lake/","status":"mount_failed","category":"OBSFS","mount_type":"DYNAMIC"}`
	for name, tc := range map[string]struct {
		volumes attributes
		answer  string
		want    []string
	}{
		"all are mounted":     {lake, `{"status":"RUNNING","data_volumes":[{"mount_path":"/data/lake/","status":"MOUNTED"},{"mount_path":"/data/b/"}]}`, nil},
		"one has failed":      {lake, `{"status":"RUNNING","data_volumes":[` + failed + `]}`, []string{"/data/lake (OBSFS)"}},
		"both have failed":    {lake, `{"status":"RUNNING","data_volumes":[` + failed + `,{"mount_path":"/data/b","status":"MOUNT_FAILED"}]}`, []string{"/data/lake (OBSFS)", "/data/b/ (EFS)"}},
		"it is stopped":       {lake, `{"status":"STOPPED","data_volumes":[` + failed + `]}`, nil},
		"it is still mounted": {lake, `{"status":"RUNNING","data_volumes":[{"mount_path":"/data/lake/","status":"MOUNTING"}]}`, nil},
		"a mount of others":   {nil, `{"status":"RUNNING","data_volumes":[` + failed + `]}`, nil},
		"none is answered":    {lake, `{"status":"RUNNING"}`, nil},
	} {
		state := resourceValue(t, attributes{"id": "id-1", "name": "n", "data_volumes": tc.volumes})
		var nb modelarts.Notebook
		mustUnmarshal(t, tc.answer, &nb)
		diags := unmounted(state, &nb)
		if diags.HasError() || diags.WarningsCount() != min(len(tc.want), 1) {
			t.Errorf("%s: %v", name, diags)
			continue
		}
		for _, want := range append(tc.want, "id-1")[:len(tc.want)+min(len(tc.want), 1)] {
			if !strings.Contains(diags[0].Detail(), want) {
				t.Errorf("%s: %q lacks %q", name, diags[0].Detail(), want)
			}
		}
	}
	if diags := unmounted(resourceValue(t, attributes{"id": "i", "data_volumes": lake}), nil); len(diags) > 0 {
		t.Errorf("nothing was read: %v", diags)
	}
}
