package notebookstorage

import (
	"strings"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// toAttach is the request that mounts the storage: the category in upper case, path
// and source with a slash at their end.
func (m *model) toAttach() modelarts.StorageMountRequest {
	return modelarts.StorageMountRequest{
		Category:  strings.ToUpper(m.Category.ValueString()),
		MountPath: lifecycle.WithSlash(m.MountPath.ValueString()),
		URI:       lifecycle.SourceAsSent(m.URI.ValueString()),
		EFSID:     values.String(m.EFSID),
	}
}

// lookedFor is what is known of the mount.
func (m *model) lookedFor() lifecycle.Known {
	return lifecycle.Known{ID: m.ID.ValueString(), Path: m.MountPath.ValueString(), URI: m.URI.ValueString()}
}
