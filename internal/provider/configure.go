package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

const defaultPollInterval = 2 * time.Second

// Configure resolves the provider block: an argument beats the environment. It
// uses the network only where credentials must be asked for. Where a value that a
// client needs is not known before the apply, the resources get no client, and a plan
// that needs none goes on; a client that allows it is answered with a deferral. What
// stands for any other argument that is not known yet is in later. See
// design/0021-unknown-values.md.
func (p *modelArtsProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	p.settings.Store(nil) // a server for a debugger is configured over and over
	var block model
	resp.Diagnostics.Append(req.Config.Get(ctx, &block)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var policy settings.Policy
	r := &resolver{diags: &resp.Diagnostics, origins: make(map[string]string)}
	config, ok := block.resolve(ctx, r, &policy)
	if resp.Diagnostics.HasError() {
		return
	}
	if !ok {
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
		}
		unready := diag.NewErrorDiagnostic("The provider is not configured yet", fmt.Sprintf("The provider's argument %s is known only after an apply. Apply what it comes from first, for example with -target.", strings.Join(r.unknown, ", ")))
		s := settings.New(policy, func(string) *settings.Process { return &settings.Process{Unready: unready} })
		offer(resp, s)
		return
	}
	agent := fmt.Sprintf("terraform-provider-modelarts/%s Terraform/%s", p.version, req.TerraformVersion)
	config.UserAgent = agent
	config.Retry, config.SignInAgain = modelarts.Retry, modelarts.SignInAgain
	session, err := huaweicloud.New(config)
	if err != nil {
		resp.Diagnostics.Append(configError(err))
		return
	}
	if config.Insecure {
		resp.Diagnostics.AddAttributeWarning(path.Root("insecure"), "Certificates are not verified",
			"With insecure = true anybody on the way can read and change the traffic, keys included. For a private certificate authority use cacert_file.")
	}
	// Now, so that a wrong password is one error and not one for each resource.
	if err := session.SignIn(ctx); err != nil {
		resp.Diagnostics.Append(diagnostics.Unable("sign in to", "Huawei Cloud", session.Explain(err)))
		return
	}
	r.sayLater()
	policy.Region = session.Region()
	s := settings.New(policy, func(region string) *settings.Process { return process(session, region, agent) })
	offer(resp, s)
	p.settings.Store(s)
}

// offer hands the settings to all that the provider offers.
func offer(resp *provider.ConfigureResponse, s *settings.Settings) {
	resp.ResourceData, resp.DataSourceData = s, s
	resp.ListResourceData = s
	resp.EphemeralResourceData, resp.ActionData = s, s
}

// process makes the process of a region; the session's own has the name "".
func process(session *huaweicloud.Session, region, agent string) *settings.Process {
	if region != "" {
		var err error
		if session, err = session.In(region); err != nil {
			return &settings.Process{Unready: diagnostics.Unable("use", "the region "+region, regionError(err))}
		}
	}
	return settings.NewProcess(modelarts.New(session.ModelArtsEndpoint(), session.HTTPClient(), session.ProjectID, agent).Explain(session.Explain))
}

// resolve reads the block and the environment. It is false when something is
// not known yet.
func (b *model) resolve(ctx context.Context, r *resolver, policy *settings.Policy) (huaweicloud.Config, bool) {
	var endpoints endpointsModel
	r.object(ctx, "endpoints", b.Endpoints, &endpoints)
	var role assumeRoleModel
	r.object(ctx, "assume_role", b.AssumeRole, &role)
	config := huaweicloud.Config{
		Region:        r.text("region", b.Region),
		Cloud:         r.text("cloud", b.Cloud),
		AccessKey:     r.text("access_key", b.AccessKey),
		SecretKey:     r.text("secret_key", b.SecretKey),
		SecurityToken: r.text("security_token", b.SecurityToken),
		AuthToken:     r.text("auth_token", b.AuthToken),
		UserName:      r.text("user_name", b.UserName),
		Password:      r.text("password", b.Password),
		DomainName:    r.text("domain_name", b.DomainName),
		DomainID:      r.text("domain_id", b.DomainID),
		AssumeRole: huaweicloud.AssumeRole{
			AgencyName: r.text("assume_role.agency_name", role.AgencyName),
			DomainName: r.text("assume_role.domain_name", role.DomainName),
			DomainID:   r.text("assume_role.domain_id", role.DomainID),
			Duration:   r.duration("assume_role.duration", role.Duration, roleDuration),
		},
		SharedConfigFile: r.text("shared_config_file", b.SharedConfig),
		Profile:          r.text("profile", b.Profile),
		Looked:           looked(),
		ProjectID:        r.text("project_id", b.ProjectID),
		ProjectName:      r.text("project_name", b.ProjectName),
		Endpoints: huaweicloud.Endpoints{
			ModelArts: r.text("endpoints.modelarts", endpoints.ModelArts),
			// Users have the address of IAM with the version of its API.
			IAM: strings.TrimSuffix(strings.TrimSuffix(r.text("endpoints.iam", endpoints.IAM), "/"), "/v3"),
		},
		Insecure:       r.flag("insecure", b.Insecure),
		CACertFile:     r.text("cacert_file", b.CACertFile),
		RequestTimeout: r.duration("request_timeout", b.RequestTimeout, requestTimeout),
		MaxRetries:     r.number("max_retries", b.MaxRetries),
	}
	b.choose(&config)
	config.Origins = make(map[string]string)
	for field, argument := range diagnostics.Arguments {
		if origin := r.origins[argument]; origin != "" {
			config.Origins[field] = origin
		}
	}

	policy.PollInterval = cmp.Or(r.duration("poll_interval", b.PollInterval, pollInterval), defaultPollInterval)
	b.resolveTags(ctx, r, policy)
	policy.OmitToken = r.flag("omit_token", b.OmitToken)
	policy.OmitTokenLater = b.OmitToken.IsUnknown()
	b.resolvePlan(r, policy)
	return config, len(r.unknown) == 0
}

// choose drops the credentials of the environment that are of another kind than
// those in the block.
func (b *model) choose(config *huaweicloud.Config) {
	keys := !b.AccessKey.IsNull() || !b.SecretKey.IsNull() || !b.SecurityToken.IsNull()
	token := !b.AuthToken.IsNull()
	password := !b.UserName.IsNull() || !b.Password.IsNull()
	if !keys && (token || password) {
		config.AccessKey, config.SecretKey, config.SecurityToken = "", "", ""
	}
	if !token && (keys || password) {
		config.AuthToken = ""
	}
	if !password && (keys || token) {
		config.UserName, config.Password = "", ""
	}
	if !b.AccessKey.IsNull() && b.SecurityToken.IsNull() {
		config.SecurityToken = "" // it belongs to the keys of the environment
	}
}

// looked says where credentials are looked for before profiles and metadata.
func looked() []string {
	var places []string
	for _, kind := range [][]string{{"access_key", "secret_key"}, {"auth_token"}, {"user_name", "password"}} {
		var variables []string
		for _, argument := range kind {
			variables = append(variables, environment[argument]...)
		}
		places = append(places, fmt.Sprintf("the provider's %s (%s)", strings.Join(kind, " and "), strings.Join(variables, ", ")))
	}
	return places
}

// resolvePlan reads what concerns the checks of plans.
func (b *model) resolvePlan(r *resolver, policy *settings.Policy) {
	policy.PlanChecks = settings.ChecksError
	switch text := settings.Checks(strings.ToLower(r.text("plan_checks", b.PlanChecks))); text {
	case "":
	case settings.ChecksError, settings.ChecksWarn, settings.ChecksOff:
		policy.PlanChecks = text
	default: // of the environment: the block has a validator
		r.fail("plan_checks", "Invalid plan_checks", fmt.Sprintf("%q is none of error, warn and off. It is set %s.", text, r.origins["plan_checks"]))
	}
	policy.RequireAccessIPs = r.flag("require_access_ips", b.RequireAccessIPs)
	if b.PlanChecks.IsUnknown() {
		policy.PlanChecks = settings.ChecksWarn
	}
	policy.RequireAutoStop = r.flag("require_auto_stop", b.RequireAutoStop) || b.RequireAutoStop.IsUnknown()
	policy.RequireAutoStopLater = b.RequireAutoStop.IsUnknown()
	policy.MaxAutoStop = r.duration("max_auto_stop", b.MaxAutoStop, maxAutoStop)
	policy.Released = released(b.Release)
}

// resolveTags reads what concerns tags. A default tag that is ignored is an error:
// no notebook could have it.
func (b *model) resolveTags(ctx context.Context, r *resolver, policy *settings.Policy) {
	policy.DefaultTags = r.tags(ctx, "default_tags", b.DefaultTags)
	policy.DefaultTagsLater = slices.Contains(r.later, "default_tags")
	var ignore ignoreTagsModel
	r.object(ctx, "ignore_tags", b.IgnoreTags, &ignore)
	policy.IgnoredTags = settings.IgnoredTags{
		Keys:     r.texts("ignore_tags.keys", ignore.Keys),
		Prefixes: r.texts("ignore_tags.key_prefixes", ignore.Prefixes),
		Later:    slices.ContainsFunc(r.later, func(argument string) bool { return strings.HasPrefix(argument, "ignore_tags") }),
	}
	for _, key := range slices.Sorted(maps.Keys(policy.DefaultTags)) {
		if policy.IgnoredTags.Has(key) {
			r.fail("default_tags", "A default tag is ignored", fmt.Sprintf("The provider's default_tags set the tag %q, which its ignore_tags tell it to leave alone. "+
				"default_tags is set %s. Take the tag out of one of the two.", key, r.origins["default_tags"]))
		}
	}
}

// released reads release_protection. What is not known yet releases nothing, and
// stops no plan.
func released(v types.Set) (ids []string) {
	if v.IsNull() {
		for _, name := range environment["release_protection"] {
			for id := range strings.SplitSeq(os.Getenv(name), ",") {
				if id = strings.ToLower(strings.TrimSpace(id)); id != "" {
					ids = append(ids, id)
				}
			}
		}
	}
	for _, element := range v.Elements() {
		if id, ok := element.(types.String); ok && id.ValueString() != "" {
			ids = append(ids, strings.ToLower(id.ValueString()))
		}
	}
	return ids
}

// later has the arguments that no client needs, each with what stands for it in a
// plan while it is not known; empty: nothing that anybody would miss, or what the plan
// shows.
var later = map[string]string{
	"default_tags": "", "ignore_tags": "", "ignore_tags.keys": "", "ignore_tags.key_prefixes": "", "max_retries": "", "request_timeout": "", "poll_interval": "", "release_protection": "",
	"insecure":           "certificates are verified",
	"cacert_file":        "only the system's certificates are trusted",
	"omit_token":         "no token is added to the state",
	"plan_checks":        "what the checks of the plan find is a warning",
	"require_auto_stop":  "a notebook that never stops by itself is a warning",
	"max_auto_stop":      "the length of leases is not checked",
	"require_access_ips": "an SSH endpoint that any address can reach is a warning",
}

// resolver chooses between an argument and the environment, and notes what is
// not known yet.
type resolver struct {
	diags   *diag.Diagnostics
	unknown []string          // that a client needs
	later   []string          // that none needs
	origins map[string]string // where what is set was set, by the argument
}

// notKnown notes an argument that is not known yet.
func (r *resolver) notKnown(argument string) {
	if _, is := later[argument]; is {
		r.later = append(r.later, argument)
		return
	}
	r.unknown = append(r.unknown, argument)
}

// sayLater warns of the arguments that are not known yet and would be missed.
func (r *resolver) sayLater() {
	var names, instead []string
	for _, argument := range r.later {
		if text := later[argument]; text != "" {
			names, instead = append(names, argument), append(instead, text)
		}
	}
	if len(names) > 0 {
		r.diags.AddWarning("Arguments of the provider are not known yet",
			fmt.Sprintf("%s: known only after an apply. Until then %s. The apply, which knows more, checks what it changes.", strings.Join(names, ", "), strings.Join(instead, "; ")))
	}
}

// given is the argument's value, or else the first variable that is set.
func (r *resolver) given(argument string, v attr.Value) (variable, text string, fromBlock bool) {
	switch {
	case v.IsUnknown():
		r.notKnown(argument)
		return "", "", false
	case !v.IsNull():
		r.origins[argument] = "in the provider block"
		return "", "", true
	}
	for _, name := range environment[argument] {
		if text := os.Getenv(name); text != "" {
			r.origins[argument] = "by the environment variable " + name
			return name, text, false
		}
	}
	return "", "", false
}

// object reads an object of the block into a model, which stays empty where there is
// none or where it is not known yet.
func (r *resolver) object(ctx context.Context, argument string, v types.Object, into any) {
	switch {
	case v.IsUnknown():
		r.notKnown(argument)
	case !v.IsNull():
		r.diags.Append(v.As(ctx, into, basetypes.ObjectAsOptions{})...)
	}
}

func (r *resolver) text(argument string, v types.String) string {
	_, text, fromBlock := r.given(argument, v)
	if fromBlock {
		text = v.ValueString()
	}
	if text == "" {
		delete(r.origins, argument) // an empty text is as none
	}
	return text
}

func (r *resolver) flag(argument string, v types.Bool) bool {
	variable, text, fromBlock := r.given(argument, v)
	if fromBlock || text == "" {
		return v.ValueBool()
	}
	b, err := strconv.ParseBool(text)
	if err != nil {
		r.fail(argument, "Invalid "+variable, fmt.Sprintf("The environment variable %s is %q: write true or false.", variable, text))
	}
	return b
}

func (r *resolver) number(argument string, v types.Int64) *int {
	variable, text, fromBlock := r.given(argument, v)
	n := int(v.ValueInt64())
	switch {
	case fromBlock:
		return &n
	case text == "":
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		r.fail(argument, "Invalid "+variable, fmt.Sprintf("The environment variable %s is %q: write a whole number, 0 or more.", variable, text))
	}
	return &n
}

// duration reads a duration of the block, which its validators have checked, or one of
// the environment, which is checked here.
func (r *resolver) duration(argument string, v types.String, allowed durations) time.Duration {
	text := r.text(argument, v)
	if text == "" {
		return 0
	}
	d, err := allowed.parse(text)
	if err != nil {
		r.fail(argument, "Invalid "+argument, fmt.Sprintf("%s. It is set %s.", strings.TrimSuffix(err.Error(), "."), r.origins[argument]))
	}
	return d
}

func (r *resolver) tags(ctx context.Context, argument string, v types.Map) map[string]string {
	tags := map[string]string{}
	variable, text, fromBlock := r.given(argument, v)
	if fromBlock {
		for key, element := range v.Elements() {
			if element.IsUnknown() {
				r.notKnown(argument)
				return map[string]string{}
			}
			if element.IsNull() {
				r.fail(argument, "Invalid default tag", fmt.Sprintf("The tag %q has no value: write \"\" for an empty one.", key))
				return tags
			}
		}
		r.diags.Append(v.ElementsAs(ctx, &tags, false)...)
		return tags
	}
	for pair := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		key, value, ok := strings.Cut(pair, "=")
		if key = strings.TrimSpace(key); !ok || key == "" {
			r.fail(argument, "Invalid "+variable, fmt.Sprintf("The environment variable %s holds a tag without a key or without \"=\": write key=value,key=value.", variable))
			return tags
		}
		tags[key] = strings.TrimSpace(value)
		r.check(ctx, argument, key, key, inputs.TagKey())
		r.check(ctx, argument, key, tags[key], inputs.TagValue())
	}
	return tags
}

// check holds an element of a map that the environment gives to the validators of the
// block.
func (r *resolver) check(ctx context.Context, argument, key, text string, rules []validator.String) {
	for _, rule := range rules {
		var resp validator.StringResponse
		rule.ValidateString(ctx, validator.StringRequest{Path: path.Root(argument).AtMapKey(key), ConfigValue: types.StringValue(text)}, &resp)
		for _, d := range resp.Diagnostics {
			r.fail(argument, d.Summary(), fmt.Sprintf("%s It is set %s.", d.Detail(), r.origins[argument]))
		}
	}
}

// texts are the elements of a set of the block, or those that the environment separates
// by commas.
func (r *resolver) texts(argument string, v types.Set) (texts []string) {
	_, text, fromBlock := r.given(argument, v)
	if !fromBlock {
		for element := range strings.SplitSeq(text, ",") {
			if element = strings.TrimSpace(element); element != "" {
				texts = append(texts, element)
			}
		}
		return texts
	}
	for _, element := range v.Elements() {
		switch element, ok := element.(types.String); {
		case ok && element.IsUnknown():
			r.notKnown(argument)
		case ok && element.ValueString() != "":
			texts = append(texts, element.ValueString())
		}
	}
	return texts
}

func (r *resolver) fail(argument, summary, detail string) {
	r.diags.AddAttributeError(argumentPath(argument), summary, detail)
}

// configError says which argument is wrong and where it was set; of one that is
// missing, where it can be set.
func configError(err error) diag.Diagnostic {
	var wrong *huaweicloud.ConfigError
	if !errors.As(err, &wrong) {
		return diag.NewErrorDiagnostic("Invalid provider configuration", err.Error())
	}
	argument := diagnostics.Arguments[wrong.Field]
	detail := fmt.Sprintf("The provider's argument %s %s.", argument, wrong.Problem)
	var access *huaweicloud.AccessError
	switch {
	case errors.As(err, &access) && access.Access.Origins[wrong.Field] != "":
		detail += fmt.Sprintf(" It is set %s.", access.Access.Origins[wrong.Field])
	case len(environment[argument]) > 0:
		detail += fmt.Sprintf(" Set it in the provider block, or in the environment as %s.", strings.Join(environment[argument], " or "))
	}
	return diag.NewAttributeErrorDiagnostic(argumentPath(argument), "Invalid provider configuration", detail)
}

// regionError names the argument that keeps another region from being used.
func regionError(err error) error {
	if wrong := (*huaweicloud.ConfigError)(nil); errors.As(err, &wrong) {
		return fmt.Errorf("the provider's argument %s %s", diagnostics.Arguments[wrong.Field], wrong.Problem)
	}
	return err
}

func argumentPath(argument string) path.Path {
	root, rest, nested := strings.Cut(argument, ".")
	if !nested {
		return path.Root(root)
	}
	return path.Root(root).AtName(rest)
}
