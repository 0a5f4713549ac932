package image

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// argument is one row of a table of arguments: what a change does, and which values mean
// the same. See design/0001-one-table-of-effects.md.
type argument struct {
	name string
	// replaces reports that the service changes it for no image: another one takes the
	// place of the image.
	replaces bool
	// anyCase reports that letter case does not count.
	anyCase bool
	// unanswered reports that no answer of the service has it. Where the state has none,
	// as after an import, nothing is known of it.
	unanswered bool
	// secret reports that a message must not show it. Terraform does not hide sensitive
	// values in the messages of a provider, and this is a text of any kind.
	secret bool
}

// kind is what the resources of this package differ in.
type kind struct {
	noun      string // of the object in a message
	typeName  string // of the resource, without the provider's
	schema    func() schema.Schema
	newModel  func() imageModel
	arguments []argument
	// flags are the defaults of what the service never answers.
	flags map[string]bool
	// createTimeout and otherTimeout are the deadlines over all the steps of a create, and
	// of an update or a delete, unless timeouts says otherwise.
	createTimeout, otherTimeout time.Duration
}

var (
	registeredKind = &kind{
		noun: "image", typeName: "_image", schema: sync.OnceValue(registeredSchema), newModel: func() imageModel { return &registeredModel{} },
		flags:         map[string]bool{"delete_content": false},
		createTimeout: 10 * time.Minute, otherTimeout: 10 * time.Minute,
		arguments: []argument{
			{name: "region", replaces: true},
			{name: "swr_path", replaces: true},
			{name: "arch", replaces: true, anyCase: true},
			{name: "description", replaces: true, secret: true},
			{name: "origin", replaces: true, anyCase: true},
			{name: "resource_categories", replaces: true, anyCase: true},
			{name: "service_type", replaces: true, anyCase: true},
			{name: "services", replaces: true, anyCase: true},
			{name: "visibility", replaces: true, anyCase: true},
			{name: "workspace_id", replaces: true},
			{name: "flavor_type", replaces: true, anyCase: true},
			{name: "swr_instance_id", replaces: true},
			{name: "tags", secret: true},
			{name: "read_me", secret: true},
		},
	}
	savedKind = &kind{
		noun: "notebook image", typeName: "_notebook_image", schema: sync.OnceValue(savedSchema), newModel: func() imageModel { return &savedModel{} },
		flags:         map[string]bool{"delete_content": true, "keep_on_destroy": false},
		createTimeout: 60 * time.Minute, otherTimeout: 30 * time.Minute,
		arguments: []argument{
			{name: "region", replaces: true},
			{name: "notebook_id", replaces: true, anyCase: true, unanswered: true},
			{name: "name", replaces: true},
			{name: "namespace", replaces: true},
			{name: "tag", replaces: true},
			{name: "description", replaces: true, secret: true},
			{name: "workspace_id", replaces: true},
			{name: "swr_instance_id", replaces: true},
			{name: "swr_instance_domain", replaces: true, unanswered: true},
			{name: "triggers", replaces: true, unanswered: true, secret: true},
		},
	}
)

// types are the types of the schema's attributes.
func (k *kind) types() map[string]attr.Type {
	all := make(map[string]attr.Type)
	for name, a := range k.schema().Attributes {
		all[name] = a.GetType()
	}
	return all
}

// newConverter returns a converter for the schema.
func (k *kind) newConverter(ctx context.Context) *values.Converter {
	return values.NewConverter(ctx, k.types())
}

// alike reports whether two values of an argument mean the same.
func (a *argument) alike(one, other values.Value) bool {
	if values.Equal(one, other) {
		return true
	}
	return a.anyCase && one.IsSet() && other.IsSet() && one.IsFullyKnown() && other.IsFullyKnown() &&
		slices.Equal(uppercase(one), uppercase(other))
}

// uppercase are the texts of a text or of a set of texts, in upper case and sorted.
func uppercase(v values.Value) []string {
	if !v.Type().Is(tftypes.Set{}) {
		return []string{strings.ToUpper(v.Text())}
	}
	var elements []tftypes.Value
	if v.As(&elements) != nil {
		return nil
	}
	texts := make([]string, len(elements))
	for i, element := range elements {
		texts[i] = strings.ToUpper(values.Of(element).Text())
	}
	return values.Distinct(texts)
}

// say writes a value for a person, or other words where a message may not show it.
func (a *argument) say(v values.Value, otherwise string) string {
	if v.IsSet() && a.secret {
		return otherwise
	}
	return values.Text(v)
}
