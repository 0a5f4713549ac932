package location

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
)

var (
	// RegionPattern matches the names of regions.
	RegionPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	// UUIDPattern matches the IDs of notebooks, images and mounts.
	UUIDPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

	workspacePattern = regexp.MustCompile(`^(0|[a-z0-9]{32})$`)
)

// RegionRules are the validators of an argument that names a region.
func RegionRules() []validator.String {
	return []validator.String{inputs.NotEmpty(), inputs.Matches(RegionPattern, "must be the name of a region, such as cn-north-4")}
}

// WorkspaceRules are the validators of an argument that names a workspace by its ID.
func WorkspaceRules() []validator.String {
	return []validator.String{inputs.NotEmpty(), inputs.Matches(workspacePattern, "must be 0 (the default workspace), or 32 lower-case letters and digits")}
}

// Identity is the identity of an object that its ID tells from all others of its project.
type Identity struct {
	Region    types.String `tfsdk:"region"`
	ProjectID types.String `tfsdk:"project_id"`
	ID        types.String `tfsdk:"id"`
}

// Identity is the identity of the object of an ID that lives there.
func (p Place) Identity(id string) Identity {
	return Identity{Region: types.StringValue(p.Region), ProjectID: types.StringValue(p.Project), ID: types.StringValue(id)}
}

// IdentitySchema describes the Identity of a kind of objects.
func IdentitySchema(kind string) identityschema.Schema {
	return identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"region": identityschema.StringAttribute{
				Description:       fmt.Sprintf("Region of the %s. Default: that of the provider.", kind),
				OptionalForImport: true,
			},
			"project_id": identityschema.StringAttribute{
				Description:       fmt.Sprintf("ID of the project of the %s. Default: that of the provider's credentials in the region.", kind),
				OptionalForImport: true,
			},
			"id": identityschema.StringAttribute{
				Description:       fmt.Sprintf("ID of the %s, a UUID.", kind),
				RequiredForImport: true,
			},
		},
	}
}

// Identify sets the identity of an object, once all its parts are known.
func Identify(ctx context.Context, identity *tfsdk.ResourceIdentity, o Object, diags *diag.Diagnostics) {
	if identity == nil || o.Region.IsNull() || o.ProjectID.IsNull() || o.ID.IsNull() {
		return
	}
	diags.Append(identity.Set(ctx, Identity{Region: o.Region, ProjectID: o.ProjectID, ID: o.ID})...)
}

// Imported is the object that an import names, by its ID, by REGION/ID or by its
// identity.
func Imported(ctx context.Context, kind string, req resource.ImportStateRequest, diags *diag.Diagnostics) (Object, bool) {
	var at Identity
	if req.ID == "" && req.Identity != nil {
		diags.Append(req.Identity.Get(ctx, &at)...)
	} else {
		region, id, found := strings.Cut(req.ID, "/")
		if !found {
			region, id = "", req.ID
		}
		at.ID = types.StringValue(id)
		if found {
			at.Region = types.StringValue(region)
		}
	}
	if diags.HasError() {
		return Object{}, false
	}
	if region := at.Region; !region.IsNull() && !RegionPattern.MatchString(region.ValueString()) {
		diags.AddError("Invalid region",
			fmt.Sprintf("%q is not the name of a region. Import %s %s by its ID, or as REGION/ID, such as cn-north-4/f9937afa-4451-42db-a76b-72d624749f66.", region.ValueString(), article(kind), kind))
		return Object{}, false
	}
	if !UUIDPattern.MatchString(at.ID.ValueString()) {
		diags.AddError(fmt.Sprintf("Invalid %s ID", kind),
			fmt.Sprintf("%q is not the ID of %s %s: it is a UUID such as f9937afa-4451-42db-a76b-72d624749f66, and not the name. For %[2]s %[3]s of another region than the provider's, write REGION/ID.", at.ID.ValueString(), article(kind), kind))
		return Object{}, false
	}
	return Object{Kind: kind, ID: at.ID, Region: at.Region, ProjectID: at.ProjectID}, true
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an"
	}
	return "a"
}
