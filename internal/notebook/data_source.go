package notebook

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	_ datasource.DataSource                     = (*notebookDataSource)(nil)
	_ datasource.DataSourceWithConfigure        = (*notebookDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*notebookDataSource)(nil)
)

type notebookDataSource struct{ settings.DataSourceAccess }

// NewDataSource is the data source modelarts_notebook.
func NewDataSource() datasource.DataSource { return &notebookDataSource{} }

// dataSourceModel is a notebook, and how to find it: by the id or the name that
// it has.
type dataSourceModel struct {
	model
	All types.Bool `tfsdk:"all"`
}

func (d *notebookDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_notebook"
}

func (d *notebookDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := notebookAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "ID of the notebook, a UUID. Exactly one of `id` and `name`.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{isUUID()},
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: "Name of the notebook, the whole of it. Only one notebook may have it. Exactly one of `id` and `name`.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{stringvalidator.LengthBetween(1, maxName)},
	}
	attributes["all"] = schema.BoolAttribute{
		MarkdownDescription: "Look for the name among the notebooks of all users of the project, not only among those of the credentials' user. It may need more permissions. Default `false`.",
		Optional:            true,
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One notebook, by its ID or by its name. Names need not be unique: when several notebooks have the name, that is an error which lists their IDs. " +
			"By name, only billed notebooks (`feature = \"NOTEBOOK\"`) are found.\n\n" +
			"What the API does not answer is not here: hooks, and what of data volumes is only ever asked for. " +
			"The `token` is written to the state, unless the provider has `omit_token = true`.",
		Attributes: attributes,
	}
}

func (d *notebookDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

func (d *notebookDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m dataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.Ready(&resp.Diagnostics) {
		return
	}
	client := d.Settings.Home().Client
	id, err := m.ID.ValueString(), error(nil)
	if id == "" {
		id, err = idByName(ctx, client, m.Name.ValueString(), m.All.ValueBool())
	}
	var nb *modelarts.Notebook
	if err == nil {
		// Not what the list answered: it may hold less than a look at the one.
		nb, err = client.ShowNotebook(ctx, id)
	}
	if err != nil {
		if errors.Is(err, modelarts.ErrNotFound) {
			err = fmt.Errorf("there is no notebook %s in the project: %w", id, err)
		}
		resp.Diagnostics.Append(diagnostics.Unable("read", "notebook", err))
		return
	}
	c := newConverter(ctx)
	m.model = fromAPI(c, blank(c), nb, d.Settings)
	resp.Diagnostics.Append(c.Diagnostics...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// idByName finds the one notebook of that name.
func idByName(ctx context.Context, client *modelarts.Client, name string, all bool) (string, error) {
	list, whose := client.ListNotebooks, "the credentials' user has no notebook of the name %q; with all = true those of all users are looked at"
	if all {
		list, whose = client.ListAllNotebooks, "nobody in the project has a notebook of the name %q"
	}
	var ids, described []string
	for nb, err := range list(ctx, modelarts.ListNotebooksQuery{Name: name}) {
		if err != nil {
			return "", err
		}
		// The service looks for names that contain it, and may answer one twice
		// when the list changes between two pages.
		if nb.Name != name || nb.Status.Kind() == modelarts.Gone || slices.Contains(ids, nb.ID) {
			continue
		}
		ids = append(ids, nb.ID)
		described = append(described, fmt.Sprintf("  - %s: %s", nb.ID, describe(&nb)))
	}
	switch len(ids) {
	case 0:
		return "", fmt.Errorf(whose, name)
	case 1:
		return ids[0], nil
	default:
		slices.Sort(described)
		return "", fmt.Errorf("%d notebooks have the name %q:\n%s\n\nGive the id of one of them in place of the name", len(ids), name, strings.Join(described, "\n"))
	}
}

// describe tells notebooks of one name apart.
func describe(nb *modelarts.Notebook) string {
	text := string(nb.Status)
	if nb.CreateAt != nil {
		text += ", created at " + values.Timestamp(nb.CreateAt).ValueString()
	}
	if nb.User != nil && nb.User.Name != nil {
		text += ", owned by " + *nb.User.Name
	}
	return text
}

// blank is a model in which everything is null, with the types of the schema.
func blank(c *values.Converter) model {
	var m model
	all, nulls := map[string]attr.Type{}, map[string]attr.Value{}
	for name, a := range notebookAttributes() {
		t := a.GetType()
		null, err := t.ValueFromTerraform(c.Context, tftypes.NewValue(t.TerraformType(c.Context), nil))
		if err != nil {
			c.Diagnostics.AddError("Unable to make an empty notebook", err.Error())
			return m
		}
		all[name], nulls[name] = t, null
	}
	object, diags := types.ObjectValue(all, nulls)
	c.Diagnostics.Append(diags...)
	c.Diagnostics.Append(object.As(c.Context, &m, basetypes.ObjectAsOptions{})...)
	return m
}

// fromAPI reads a notebook of which nothing is known beforehand into a blank
// model.
func fromAPI(c *values.Converter, m model, nb *modelarts.Notebook, s *settings.Settings) model {
	m.fromAPI(c, nb, s)
	if !m.DataVolumes.IsNull() {
		// Nobody has said how these were asked for, so that a default would be a
		// guess.
		volumes := values.Elements[map[string]dataVolumeModel](c, m.DataVolumes)
		for path, v := range volumes {
			v.ReadOnly = types.BoolNull()
			volumes[path] = v
		}
		m.DataVolumes = c.MapOf("data_volumes", volumes)
	}
	return m
}

// notebookAttributes describe one notebook, read from the service: the model.
// Their types are those of the resource.
func notebookAttributes() map[string]schema.Attribute {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	integer := func(description string) schema.Attribute {
		return schema.Int64Attribute{MarkdownDescription: description, Computed: true}
	}
	decimal := func(description string) schema.Attribute {
		return schema.Float64Attribute{MarkdownDescription: description, Computed: true}
	}
	truth := func(description string) schema.Attribute {
		return schema.BoolAttribute{MarkdownDescription: description, Computed: true}
	}
	at := func(description string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: description, Computed: true, CustomType: timetypes.RFC3339Type{}}
	}
	texts := func(description string) schema.Attribute {
		return schema.SetAttribute{MarkdownDescription: description, Computed: true, ElementType: types.StringType}
	}
	tags := func(description string) schema.Attribute {
		return schema.MapAttribute{MarkdownDescription: description, Computed: true, ElementType: types.StringType}
	}
	object := func(description string, attributes map[string]schema.Attribute) schema.Attribute {
		return schema.SingleNestedAttribute{MarkdownDescription: description, Computed: true, Attributes: attributes}
	}
	byKey := func(description string, attributes map[string]schema.Attribute) schema.Attribute {
		return schema.MapNestedAttribute{MarkdownDescription: description, Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: attributes}}
	}
	rules := func(description string, further map[string]schema.Attribute) schema.Attribute {
		rule := map[string]schema.Attribute{
			"key":      text("Key of the node label."),
			"operator": text("`In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`."),
			"values":   texts("Values of the label."),
		}
		maps.Copy(rule, further)
		return schema.ListNestedAttribute{MarkdownDescription: description, Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: rule}}
	}
	return map[string]schema.Attribute{
		"id":          text("ID of the notebook, a UUID."),
		"name":        text("Name. It need not be unique."),
		"description": text("Description."),
		"feature":     text("Kind of instance: `NOTEBOOK` (billed) or `DEFAULT` (the free CodeLab instance)."),
		"flavor":      text("Flavor ID."),
		"custom_spec": object("Size of a notebook in a dedicated pool, in place of a flavor.", map[string]schema.Attribute{
			"cpu":             decimal("CPU cores."),
			"memory":          integer("Memory, as in the API, which does not document the unit; its bound suggests MB."),
			"gpu":             decimal("GPU cards."),
			"gpu_type":        text("GPU type."),
			"arch":            text("`X86_64` or `AARCH64`."),
			"category":        text("`CPU` or `GPU`."),
			"resource_flavor": text("Flavor of the pool node."),
		}),
		"image_id": text("ID of the image."),
		"image": object("The image.", map[string]schema.Attribute{
			"name":     text("Name."),
			"tag":      text("Tag."),
			"swr_path": text("Address in the container registry."),
			"arch":     text("Processor architecture: `X86_64` or `AARCH64`."),
			"type":     text("`BUILD_IN` (preset) or `DEDICATED` (saved or registered by the account)."),
		}),
		"pool_id":      text("Dedicated resource pool that the notebook runs in. Null in the public pool."),
		"pool_name":    text("Name of the dedicated resource pool."),
		"workspace_id": text("Workspace; `0` is the default one."),
		"volume": object("Storage of the notebook.", map[string]schema.Attribute{
			"category":        text("`EVS`, `EFS`, `OBS` or `OBSFS`."),
			"ownership":       text("`MANAGED` (deleted with the notebook) or `DEDICATED`."),
			"capacity":        integer("Size in GB."),
			"uri":             text("Source of `DEDICATED` storage."),
			"id":              text("ID of the SFS Turbo file system."),
			"dew_secret_name": text("Name of the DEW secret that holds the keys to the bucket."),
			"mount_path":      text("Directory in the notebook."),
			"status":          text("What is being done to the storage, for example `RESIZING`. Null when nothing is."),
		}),
		"data_volumes": byKey("Further storage, by the directory where it is mounted.", map[string]schema.Attribute{
			"category":        text("`OBSFS` or `EFS`."),
			"uri":             text("Source: `obs://bucket/path/`, or the share path of the file system."),
			"read_only":       truth("Always null: the API does not answer it."),
			"id":              text("ID of the SFS Turbo file system."),
			"dew_secret_name": text("Always null: the API does not answer it."),
		}),
		"endpoints": byKey("Ways to reach the notebook besides its web page, by service: `SSH` or `NOTEBOOK`.", map[string]schema.Attribute{
			"key_pair_names":     texts("Names of the ECS key pairs whose holders may log in."),
			"allowed_access_ips": texts("Public IP addresses that may connect over SSH. Null: any."),
		}),
		"lease": object("Automatic stop.", map[string]schema.Attribute{
			"type":     text("`TIMING` (stop after a time) or `IDLE` (stop after a time of idleness)."),
			"duration": text("How long it was asked to be, where that can be told: not after a restart or a renewal. See `stops_at`."),
			"enabled":  truth("Whether the notebook stops by itself."),
		}),
		"affinity": object("Nodes of the dedicated pool to run on, by their labels.", map[string]schema.Attribute{
			"required":  rules("Rules that a node must fulfil.", nil),
			"preferred": rules("Rules that a node should fulfil.", map[string]schema.Attribute{"weight": integer("Weight, 0 to 100.")}),
		}),
		"run_user": object("User that the container runs as.", map[string]schema.Attribute{"uid": integer("User ID."), "gid": integer("Group ID.")}),
		"user_vpc": object("VPC that the notebook has a network card in.", map[string]schema.Attribute{
			"vpc_id":             text("ID of the VPC."),
			"subnet_id":          text("ID of the subnet."),
			"security_group_ids": texts("IDs of the security groups."),
			"connect_cidrs":      texts("Further CIDR blocks that are reached through the network card."),
		}),
		"tags":        tags("Tags, without those that are the provider's `default_tags`."),
		"tags_all":    tags("All tags."),
		"status":      text("Status, for example `RUNNING`, `STOPPED` or `CREATE_FAILED`."),
		"fail_reason": text("Why the notebook failed, when its status says that it did."),
		"url":         text("Address of the notebook's web page. Opening it needs `token`."),
		"token": schema.StringAttribute{
			MarkdownDescription: "Secret that authenticates at `url`. It changes at each start. Null when the provider has `omit_token = true`.",
			Computed:            true,
			Sensitive:           true,
		},
		"ssh_uri": text("Where to connect over SSH, as the service answers it."),
		"billing_items": schema.ListAttribute{
			MarkdownDescription: "What is being billed: `STORAGE`, `COMPUTE` or `ALL`.", Computed: true, ElementType: types.StringType,
		},
		"owner":      object("User who owns the notebook.", map[string]schema.Attribute{"id": text("IAM user ID."), "name": text("IAM user name.")}),
		"created_at": at("When the notebook was created, in RFC 3339."),
		"stops_at":   at("When the lease stops the notebook, in RFC 3339. Null while it is not running, has no automatic stop, or stops when idle."),
	}
}
