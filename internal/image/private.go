package image

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// The private state of an image keeps digests by argument.
const (
	// appliedKey is of the configuration that was applied last. Only a change of it
	// replaces an image: see design/0003-applied-values-in-private-state.md. An image that
	// was imported and not applied since has none.
	appliedKey = "applied"
	// unconfirmedKey is of what the service shows in place of what was applied: see
	// design/0016-what-the-service-does-not-confirm.md.
	unconfirmedKey = "unconfirmed"
)

type privateReader interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(context.Context, string, []byte) diag.Diagnostics
}

// digests are values by argument.
type digests map[string]string

// digestsAt reads digests; nil: there are none.
func digestsAt(ctx context.Context, private privateReader, key string) digests {
	text, diags := private.GetKey(ctx, key)
	var all digests
	if diags.HasError() || text == nil || json.Unmarshal(text, &all) != nil {
		return nil
	}
	return all
}

func (d digests) write(ctx context.Context, private privateWriter, key string) diag.Diagnostics {
	text, _ := json.Marshal(d) // a map of strings always can be
	return private.SetKey(ctx, key, text)
}

// remember notes the configuration that was applied.
func (k *kind) remember(ctx context.Context, private privateWriter, config values.Value) diag.Diagnostics {
	all := make(digests, len(k.arguments))
	for _, a := range k.arguments {
		all[a.name] = values.Digest(config.At(a.name))
	}
	return all.write(ctx, private, appliedKey)
}

// confirm notes what the service shows otherwise than it was applied, and warns of it.
// read is what a refresh would make of the service's answer.
func (k *kind) confirm(ctx context.Context, state, read values.Value, private privateWriter) diag.Diagnostics {
	noted := digests{}
	var lines []string
	for _, a := range k.arguments {
		was, shown := state.At(a.name), read.At(a.name)
		if a.alike(was, shown) {
			continue
		}
		noted[a.name] = values.Digest(shown)
		lines = append(lines, fmt.Sprintf("  - %s: %s was applied, and the service shows %s", a.name, a.say(was, "a value"), a.say(shown, "another one")))
	}
	diags := noted.write(ctx, private, unconfirmedKey)
	if len(lines) > 0 {
		diags.AddWarning(fmt.Sprintf("%s is not shown as it was applied", title(k, state)),
			fmt.Sprintf("The service accepted the image %s, but returns other values:\n%s\n\nPlans show no drift for these while the service returns the same values.",
				state.At("id").Text(), strings.Join(lines, "\n")))
	}
	return diags
}

// unconfirmed takes back what a refresh has changed where the service shows only what it
// showed after the last apply.
func (k *kind) unconfirmed(before, read values.Value, noted digests) values.Value {
	for _, a := range k.arguments {
		if digest, there := noted[a.name]; there && digest == values.Digest(read.At(a.name)) {
			read = read.With(before.At(a.name).Value, a.name)
		}
	}
	return read
}

// title is how a message begins that is about an image: 'Image "team/vision:1.0.0"'.
func title(k *kind, v values.Value) string {
	return strings.ToUpper(k.noun[:1]) + k.noun[1:] + " " + label(v)
}

// label names an image in a message.
func label(v values.Value) string {
	name, tag := v.At("name").Text(), v.At("tag").Text()
	if name == "" {
		_, name, _ = strings.Cut(v.At("swr_path").Text(), "/")
		return fmt.Sprintf("%q", name)
	}
	if namespace := v.At("namespace").Text(); namespace != "" {
		name = namespace + "/" + name
	}
	if tag != "" {
		name += ":" + tag
	}
	return fmt.Sprintf("%q", name)
}
