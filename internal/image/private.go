package image

import (
	"context"
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

// remember notes the configuration that was applied.
func (k *kind) remember(ctx context.Context, private values.PrivateWriter, config values.Value) diag.Diagnostics {
	all := make(values.Digests, len(k.arguments))
	for _, a := range k.arguments {
		all[a.name] = values.Digest(config.At(a.name))
	}
	return all.Write(ctx, private, appliedKey)
}

// confirm notes what the service shows otherwise than it was applied, and warns of it.
// read is what a refresh would make of the service's answer.
func (k *kind) confirm(ctx context.Context, state, read values.Value, private values.PrivateWriter) diag.Diagnostics {
	noted := values.Digests{}
	var lines []string
	for _, a := range k.arguments {
		was, shown := state.At(a.name), read.At(a.name)
		if a.alike(was, shown) {
			continue
		}
		noted[a.name] = values.Digest(shown)
		lines = append(lines, fmt.Sprintf("  - %s: %s was applied, and the service shows %s", a.name, a.say(was, "a value"), a.say(shown, "another one")))
	}
	diags := noted.Write(ctx, private, unconfirmedKey)
	if len(lines) > 0 {
		diags.AddWarning(fmt.Sprintf("%s is not shown as it was applied", title(k, state)),
			fmt.Sprintf("The service accepted the image %s, but returns other values:\n%s\n\nPlans show no drift for these while the service returns the same values.",
				state.At("id").Text(), strings.Join(lines, "\n")))
	}
	return diags
}

// unconfirmed takes back what a refresh has changed where the service shows only what it
// showed after the last apply.
func (k *kind) unconfirmed(before, read values.Value, noted values.Digests) values.Value {
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
