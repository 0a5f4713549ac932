package catalogue

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	_ datasource.DataSource              = (*authorizationDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*authorizationDataSource)(nil)
)

// authorizationDataSource has three answers: yes, no, and not known. See
// design/0030-doors-to-a-notebook.md.
type authorizationDataSource struct{ settings.DataSourceAccess }

// NewAuthorizationDataSource is modelarts_authorization.
func NewAuthorizationDataSource() datasource.DataSource { return &authorizationDataSource{} }

type authorizationModel struct {
	UserID         types.String `tfsdk:"user_id"`
	Authorized     types.Bool   `tfsdk:"authorized"`
	Known          types.Bool   `tfsdk:"known"`
	Reason         types.String `tfsdk:"reason"`
	Authorizations []entryModel `tfsdk:"authorizations"`
}

// entryModel is one authorization.
type entryModel struct {
	UserID    types.String      `tfsdk:"user_id"`
	UserName  types.String      `tfsdk:"user_name"`
	Type      types.String      `tfsdk:"type"`
	Agency    types.String      `tfsdk:"agency"`
	CreatedAt timetypes.RFC3339 `tfsdk:"created_at"`
}

func (d *authorizationDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_authorization"
}

func (d *authorizationDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Whether ModelArts may act for a user of the account, through an agency. Without this authorization, no notebook can be created.\n\n" +
			"Many users may not read the authorizations. This is not an error: `authorized` is then null, and `reason` shows why. A `check` block can distinguish \"no\" from \"not known\". " +
			adviceAuthorization,
		Attributes: map[string]schema.Attribute{
			"user_id": schema.StringAttribute{
				MarkdownDescription: "ID of the IAM user. Default: the user of the credentials.",
				Optional:            true,
				Computed:            true,
				Validators:          notEmpty(),
			},
			"authorized": schema.BoolAttribute{Computed: true, MarkdownDescription: "`true`: ModelArts may act for the user, or for all users. `false`: it may not. Null: not known; see `reason`."},
			"known":      schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether `authorized` is known."},
			"reason":     text("Why `authorized` is not known. Null if it is known."),
			"authorizations": schema.ListNestedAttribute{
				MarkdownDescription: "The authorizations that the credentials may read. Empty if there are none.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"user_id":    text("The authorized user: an IAM user ID, or `all-users`."),
					"user_name":  text("Name of the user."),
					"type":       text("`AGENCY` or `CREDENTIAL` (an access key of the user)."),
					"agency":     text("Name of the agency that ModelArts acts through. Null for an access key."),
					"created_at": schema.StringAttribute{Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: "When the authorization was created, in RFC 3339."},
				}},
			},
		},
	}
}

// adviceAuthorization says how an authorization is made.
const adviceAuthorization = "An administrator sets the authorization up once: in the ModelArts console, or with the resource `huaweicloud_modelarts_authorization` of the provider `huaweicloud/huaweicloud`."

func (d *authorizationDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m authorizationModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.Ready(&resp.Diagnostics) {
		return
	}
	ctx, cancel := d.Limit(ctx)
	defer cancel()
	client := d.Settings.Home().Client
	if m.UserID.IsNull() {
		m.UserID = userOf(ctx, client)
	}
	m.Authorizations = []entryModel{}
	var listed []modelarts.Authorization
	for entry, err := range client.ListAuthorizations(ctx) {
		if notAllowed(err) {
			m.unknown("The credentials may not read the authorizations: " + err.Error())
			resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
			return
		}
		if err != nil {
			resp.Diagnostics.Append(diagnostics.UnableInPlan("read", "authorizations", err))
			return
		}
		listed = append(listed, entry)
	}
	m.fromAPI(listed)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// userOf is the user of the credentials; null where the service does not tell.
func userOf(ctx context.Context, client *modelarts.Client) types.String {
	quota, err := client.ListFeatures(ctx)
	if err != nil || values.Deref(quota.UserID) == "" {
		return types.StringNull()
	}
	return types.StringValue(*quota.UserID)
}

// notAllowed reports whether an error says that the user may not make the call, and
// nothing else.
func notAllowed(err error) bool {
	var service *modelarts.Error
	if err == nil || diagnostics.NoAccess(err) || !errors.As(err, &service) {
		return false
	}
	return service.Status == http.StatusForbidden || modelarts.AdviceFor(service.Code) == modelarts.AdvicePermission
}

func (m *authorizationModel) unknown(reason string) {
	m.Authorized, m.Known, m.Reason = types.BoolNull(), types.BoolValue(false), types.StringValue(reason)
}

// fromAPI decides whether the authorizations are enough for the user. One for the user or
// for all users is. Those for others say "no" only where it is known who the user is.
func (m *authorizationModel) fromAPI(listed []modelarts.Authorization) {
	authorized, others := false, false
	for i := range listed {
		entry := &listed[i]
		id := values.Deref(entry.UserID)
		mine := entry.AllUsers() || id != "" && id == m.UserID.ValueString()
		authorized = authorized || mine
		others = others || !mine
		m.Authorizations = append(m.Authorizations, entryFromAPI(entry))
	}
	if !authorized && others && m.UserID.IsNull() {
		m.unknown("There are authorizations for single users, and the service does not return the user of the credentials: set user_id.")
		return
	}
	m.Authorized, m.Known, m.Reason = types.BoolValue(authorized), types.BoolValue(true), types.StringNull()
}

func entryFromAPI(a *modelarts.Authorization) entryModel {
	e := entryModel{
		UserID: types.StringPointerValue(a.UserID), UserName: types.StringPointerValue(a.UserName),
		Type: values.Upper(types.StringPointerValue(a.Type)), CreatedAt: values.Timestamp(a.CreateTime),
	}
	if a.AllUsers() {
		e.UserID = types.StringValue("all-users")
	}
	if strings.EqualFold(e.Type.ValueString(), "AGENCY") {
		e.Agency = types.StringPointerValue(a.Content) // that of an access key is its ID
	}
	return e
}
