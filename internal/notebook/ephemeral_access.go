package notebook

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	_ ephemeral.EphemeralResource              = (*access)(nil)
	_ ephemeral.EphemeralResourceWithConfigure = (*access)(nil)
)

// access is the ephemeral resource modelarts_notebook_access. Terraform opens it in each
// plan and each apply, and keeps nothing of it. It changes nothing, so that nothing is to
// be closed. See design/0030-doors-to-a-notebook.md.
type access struct{ settings.EphemeralAccess }

// NewAccess is the ephemeral resource modelarts_notebook_access.
func NewAccess() ephemeral.EphemeralResource { return &access{} }

// accessModel is how to reach a notebook now.
type accessModel struct {
	NotebookID      types.String      `tfsdk:"notebook_id"`
	Region          types.String      `tfsdk:"region"`
	AllowNotRunning types.Bool        `tfsdk:"allow_not_running"`
	Status          types.String      `tfsdk:"status"`
	URL             types.String      `tfsdk:"url"`
	Token           types.String      `tfsdk:"token"`
	Link            types.String      `tfsdk:"link"`
	SSH             types.Object      `tfsdk:"ssh"`
	StopsAt         timetypes.RFC3339 `tfsdk:"stops_at"`
}

func (a *access) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_notebook_access"
}

func (a *access) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "How to reach a running notebook now: its web page with a fresh token, and where to connect over SSH. Terraform does not store it in state or plan.",
		Attributes: map[string]schema.Attribute{
			"notebook_id": schema.StringAttribute{
				MarkdownDescription: "ID of the notebook, a UUID. If it is unknown in the plan, for example before the notebook is created, Terraform opens the access in the apply.",
				Required:            true,
				Validators:          isUUID(),
			},
			"region": schema.StringAttribute{
				MarkdownDescription: "Region where the notebook lives. Default: the provider's.",
				Optional:            true,
				Computed:            true,
				Validators:          location.RegionRules(),
			},
			"allow_not_running": schema.BoolAttribute{
				MarkdownDescription: "Accept a notebook that is not running: `url`, `token`, `link`, `ssh` and `stops_at` are null then. Otherwise, every plan and apply fails while the notebook is not running. The access never starts it. Default `false`.",
				Optional:            true,
			},
			"status": schema.StringAttribute{MarkdownDescription: "Status, for example `RUNNING` or `STOPPED`.", Computed: true},
			"url":    schema.StringAttribute{MarkdownDescription: "Address of the notebook's web page, for example `https://authoring-modelarts-cn-north-4.huaweicloud.com/f9937afa-4451-42db-a76b-72d624749f66/lab`. Opening it needs `token`. Null while the notebook does not run.", Computed: true},
			"token": schema.StringAttribute{
				MarkdownDescription: "Secret that authenticates at `url`, read anew each time. It changes at each start of the notebook. The provider's `omit_token` does not affect it, because Terraform does not store it. Null while the notebook does not run.",
				Computed:            true,
				Sensitive:           true,
			},
			"link": schema.StringAttribute{
				MarkdownDescription: "`url` including the token, to open in a browser. Keep it as secret as the token. Null while the notebook does not run.",
				Computed:            true,
				Sensitive:           true,
			},
			"ssh": schema.SingleNestedAttribute{
				MarkdownDescription: "Where to connect over SSH: `ssh -p PORT USER@HOST`. Null without an SSH endpoint, and while the notebook does not run.",
				Computed:            true,
				Attributes: map[string]schema.Attribute{
					"host": schema.StringAttribute{Computed: true, MarkdownDescription: sshHostText},
					"port": schema.Int64Attribute{Computed: true, MarkdownDescription: sshPortText},
					"user": schema.StringAttribute{Computed: true, MarkdownDescription: sshUserText},
				},
			},
			"stops_at": schema.StringAttribute{
				MarkdownDescription: "When the lease stops the notebook, in RFC 3339, for example `2026-01-31T18:00:00Z`. Null while it is not running, if it has no automatic stop, or if it stops when idle.",
				CustomType:          timetypes.RFC3339Type{},
				Computed:            true,
			},
		},
	}
}

// Open reads the notebook by its ID, so that the token is that of the last start.
func (a *access) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m accessModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := a.Limit(ctx)
	defer cancel()
	home, ok := location.Open(ctx, a.Settings, location.Object{Kind: "notebook", ID: m.NotebookID, Region: m.Region}, &resp.Diagnostics)
	if !ok {
		return
	}
	nb, err := home.Client.ShowNotebook(ctx, m.NotebookID.ValueString())
	switch {
	case errors.Is(err, modelarts.ErrNotFound):
		err = noSuchNotebook(m.NotebookID.ValueString(), home.Region, err)
		fallthrough
	case err != nil:
		resp.Diagnostics.Append(diagnostics.UnableInPlan("read", "notebook", err))
		return
	case nb.Status != modelarts.StatusRunning && !m.AllowNotRunning.ValueBool():
		resp.Diagnostics.Append(notRunning(nb))
		return
	}
	c := newConverter(ctx)
	m.fromAPI(c, nb)
	m.Region = types.StringValue(home.Region)
	resp.Diagnostics.Append(c.Diagnostics...)
	resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
}

// fromAPI reads how the notebook is reached; nothing but the status of one that is not
// running, since what it shows then is of an earlier start.
func (m *accessModel) fromAPI(c *values.Converter, nb *modelarts.Notebook) {
	m.Status = types.StringValue(string(nb.Status))
	m.SSH, m.StopsAt = c.NullObject("ssh"), timetypes.NewRFC3339Null()
	if nb.Status != modelarts.StatusRunning {
		return
	}
	var read model
	read.endpointsFromAPI(c, nb.Endpoints)
	read.sshFromURI(c)
	read.leaseFromAPI(c, nb)
	m.SSH, m.StopsAt = read.SSH, read.StopsAt
	m.URL, m.Token = types.StringPointerValue(nb.URL), types.StringPointerValue(nb.Token)
	m.Link = types.StringPointerValue(link(nb))
}

// link is the address of the web page with the token in it, as the vendor's console opens
// it; nil: the service shows no address or no token.
func link(nb *modelarts.Notebook) *string {
	if nb.URL == nil || nb.Token == nil {
		return nil
	}
	page, err := url.Parse(*nb.URL)
	if err != nil {
		return nil
	}
	query := page.Query()
	query.Set("token", *nb.Token)
	page.RawQuery = query.Encode()
	text := page.String()
	return &text
}

// notRunning is the error of a notebook that cannot be reached. A destroy meets it too,
// since it begins with a plan.
func notRunning(nb *modelarts.Notebook) diag.Diagnostic {
	now := "start it, in the console or with the action modelarts_notebook_start"
	if nb.Status.Kind() == modelarts.Pending {
		now = "try again when it is RUNNING"
	}
	return diagnostics.WithWayOut(diag.NewErrorDiagnostic("The notebook is not running", fmt.Sprintf("The notebook %s is %s, so clients cannot connect to it. This access does not start it. "+
		"Terraform opens this access in every plan and apply. To go on, %s; or set allow_not_running = true: its values are then null until the notebook runs.",
		nb.ID, nb.Status, now)))
}
