// Package location is where an object of the service lives: its region and its
// project. Both are in the state and in the identity of an object. Another region
// in the provider block changes nothing for an object that has its own; other
// credentials that lead to another project are an error, since a service that is
// asked in the wrong project answers that the object does not exist. See
// design/0017-where-a-notebook-lives.md.
package location

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// Object tells an object from every other. Its region and project are null where they
// are not known yet; then they are those of the provider.
type Object struct {
	Kind      string // what the object is in a text, such as "notebook"
	ID        types.String
	Region    types.String
	ProjectID types.String
}

// Place is the region of an object, as a process has it.
type Place struct {
	*settings.Process
	Region  string
	Project string // its ID
	Policy  *settings.Policy
	// Refused reports that no call can be made with the provider as it is configured.
	Refused bool
}

// Open opens the region of an object and finds out its project. A project that is not
// the one that the object was made in is an error.
func Open(ctx context.Context, s *settings.Settings, o Object, diags *diag.Diagnostics) (Place, bool) {
	region := o.Region.ValueString()
	if region == "" {
		region = s.Region
	}
	process := s.In(region)
	if !process.Ready(diags) {
		return Place{}, false
	}
	project, err := process.Client.ProjectID(ctx)
	if err != nil {
		diags.Append(UnableToFindProject(err))
		return Place{Process: process, Refused: diagnostics.NoAccess(err)}, false
	}
	if known := o.ProjectID.ValueString(); known != "" && known != project {
		o.Region = types.StringValue(region) // an identity can omit it
		diags.Append(WrongProject(o, project))
		return Place{}, false
	}
	return Place{Process: process, Region: region, Project: project, Policy: &s.Policy}, true
}

// deniableFor is for how long after its creation the service may deny an object.
const deniableFor = 5 * time.Minute

// MadeLately reports whether an object was created so lately, by the service's clock, that
// the service may still deny it.
func (p Place) MadeLately(createdAt timetypes.RFC3339) bool {
	at, diags := createdAt.ValueRFC3339Time()
	return !diags.HasError() && p.Client.Now().Sub(at) < deniableFor
}

// Placed returns a value of an object with the region and the project written into it.
func (p Place) Placed(v values.Value) values.Value {
	v = v.With(tftypes.NewValue(tftypes.String, p.Region), "region")
	return v.With(tftypes.NewValue(tftypes.String, p.Project), "project_id")
}

// Instance is the notebook of an ID in a workspace; an empty one is the default.
func (p Place) Instance(id, workspace string) lifecycle.Instance {
	return lifecycle.Instance{
		Service: p.Client, Reader: p.Reader.In(workspace), ID: id, Workspace: workspace, PollInterval: p.Policy.PollInterval,
	}
}

// Images leads images through their life.
func (p Place) Images() lifecycle.Images {
	return lifecycle.Images{Service: p.Client, Creates: &p.Creates, Now: p.Client.Now, PollInterval: p.Policy.PollInterval}
}

// WrongProject is the error of an object that was made in another project than the
// credentials lead to.
func WrongProject(o Object, project string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(fmt.Sprintf("The %s is in another project", o.Kind),
		fmt.Sprintf("The %s %s was created in the project %s of the region %q, but the provider's credentials and settings select the project %s there. "+
			"The %[1]s does not exist in that project. Check project_id (HW_PROJECT_ID), project_name (HW_PROJECT_NAME), the profile and the credentials, "+
			"or which provider block (alias) the resource uses. To stop managing the %[1]s without deleting it: terraform state rm.",
			o.Kind, o.ID.ValueString(), o.ProjectID.ValueString(), o.Region.ValueString(), project))
}

// UnableToFindProject is the error of a project that could not be looked up.
func UnableToFindProject(err error) diag.Diagnostic {
	return diagnostics.Unable("find", "project", err)
}
