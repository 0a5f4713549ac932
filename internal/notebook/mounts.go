package notebook

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// unmounted warns of the data volumes in the state that a running notebook lacks,
// because the service could not mount them. An apply says this, and no read: a read
// would repeat it at each plan, which has nothing to change. See
// design/0005-warnings-after-a-create.md.
func unmounted(state values.Value, nb *modelarts.Notebook) diag.Diagnostics {
	var diags diag.Diagnostics
	if nb == nil || nb.Status != modelarts.StatusRunning { // the next start mounts them anew
		return diags
	}
	volumes := state.At(atVolumes...).Elements()
	var lines []string
	for _, v := range nb.DataVolumes {
		if v.Status != modelarts.StorageMountFailed || v.MountPath == nil {
			continue
		}
		for path, volume := range volumes { // others are mounts that somebody else has made
			if mountPathEqual(path, *v.MountPath) {
				lines = append(lines, fmt.Sprintf("  - %s (%s)", path, strings.ToUpper(volume.At("category").Text())))
			}
		}
	}
	if len(lines) == 0 {
		return diags
	}
	diags.Append(runsWithout(state.At("name").Text(), state.At("id").Text(), lines))
	return diags
}

// notMounted is the same warning after a start of which no configuration says what the
// data volumes are.
func notMounted(nb *modelarts.Notebook) diag.Diagnostics {
	var diags diag.Diagnostics
	if nb == nil || nb.Status != modelarts.StatusRunning {
		return diags
	}
	var lines []string
	for _, v := range nb.DataVolumes {
		if v.Status == modelarts.StorageMountFailed && v.MountPath != nil {
			lines = append(lines, fmt.Sprintf("  - %s (%s)", *v.MountPath, values.Deref(v.Category)))
		}
	}
	if len(lines) > 0 {
		diags.Append(runsWithout(nb.Name, nb.ID, lines))
	}
	return diags
}

func runsWithout(name, id string, lines []string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Notebook %q runs without some of its storage", name),
		fmt.Sprintf("The service could not mount these data volumes of the notebook %s, which still runs and is billed:\n%s\n\n"+
			"Check that each of them exists in the region, that its category is correct, and that ModelArts may use it "+
			"(its agency, and the secret of dew_secret_name). The service mounts data volumes at each start: stop the notebook and start it again, "+
			"for example by an apply with desired_status = \"STOPPED\" and one with \"RUNNING\". Plans do not repeat this warning.",
			id, strings.Join(lines, "\n")))
}

// notMountedAgain warns of storage that was mounted on the notebook before the provider
// has restarted it, and is not mounted now. See design/0027-mounts.md.
func notMountedAgain(name, id string, err error) (diags diag.Diagnostics) {
	if err != nil {
		diags.AddWarning(fmt.Sprintf("Storage of notebook %q was not mounted again", name),
			fmt.Sprintf("The provider restarted the notebook %s, and a restart can drop its mounts. These mounts could not be restored:\n\n%s\n\n"+
				"If a mount is a modelarts_notebook_storage, the next plan creates it again. If it was made in the console, mount it there again.",
				id, err))
	}
	return diags
}
