package acctest

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Open validates and opens an ephemeral resource. It returns what is set in its result,
// with members of objects after a dot, and what is said; nothing is set after an error.
func (p *Protocol) Open(name string, with Values) (map[string]string, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	typ := p.Schemas.EphemeralResourceSchemas[name].ValueType()
	config := p.Dynamic(Value6(typ, with))
	checked, err := p.ValidateEphemeralResourceConfig(p.t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: name, Config: config})
	if err != nil || failed(checked.Diagnostics) {
		return nil, checked.Diagnostics
	}
	resp, err := p.OpenEphemeralResource(p.t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: name, Config: config})
	if err != nil {
		p.t.Fatal(err)
	}
	said := slices.Concat(checked.Diagnostics, resp.Diagnostics)
	if failed(said) {
		return nil, said
	}
	result, err := resp.Result.Unmarshal(typ)
	if err != nil {
		p.t.Fatal(err)
	}
	flat := make(map[string]string)
	flatten(flat, "", result)
	return flat, said
}

// failed reports whether there is an error. A warning ends nothing.
func failed(diags []*tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc(diags, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError })
}

// flatten lists what is set in a value.
func flatten(to map[string]string, prefix string, v tftypes.Value) {
	if v.IsNull() {
		return
	}
	var of map[string]tftypes.Value
	if v.Type().Is(tftypes.Object{}) && v.As(&of) == nil {
		for name, member := range of {
			flatten(to, strings.TrimPrefix(prefix+"."+name, "."), member)
		}
		return
	}
	var text string
	if v.As(&text) != nil {
		text = v.String()
	}
	to[prefix] = text
}

// Invoke validates, plans and invokes an action, as Terraform does. It returns the messages
// of its progress, and what it says at its end.
func (p *Protocol) Invoke(ctx context.Context, name string, with Values) (progress []string, said []*tfprotov6.Diagnostic) {
	p.t.Helper()
	server := p.ProviderServerWithListResource.(tfprotov6.ProviderServerWithActions) //nolint:forcetypeassert,staticcheck // a method less does not compile in serve
	config := p.Dynamic(Value6(p.Schemas.ActionSchemas[name].Schema.ValueType(), with))
	checked, err := server.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: config})
	if err != nil || failed(checked.Diagnostics) {
		return nil, checked.Diagnostics
	}
	planned, err := server.PlanAction(ctx, &tfprotov6.PlanActionRequest{ActionType: name, Config: config})
	said = slices.Concat(checked.Diagnostics, planned.Diagnostics)
	if err != nil || failed(said) {
		return nil, said
	}
	stream, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: name, Config: config})
	if err != nil {
		p.t.Fatal(err)
	}
	ended := false
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			ended, said = true, append(said, e.Diagnostics...)
		}
	}
	if !ended {
		p.t.Errorf("%s sent no end", name)
	}
	return progress, said
}
