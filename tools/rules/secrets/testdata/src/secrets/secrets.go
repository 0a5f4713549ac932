package secrets

import (
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

type credentials struct {
	AccessKey, SecretKey string
	AuthToken            text
}

type hidden struct{ SecretKey string }

func (hidden) String() string { return "a key pair" }

type notebook struct {
	ID    string
	Token *string
}

type text struct{ value string }

func (t text) ValueString() string { return t.value }
func (t text) IsNull() bool        { return t.value == "" }

type value struct{}

func (value) At(name ...string) text { return text{} }

func logged(c credentials, nb *notebook, h hidden, password string, state value) {
	tflog.Debug(nil, c.SecretKey)                                                    // want "a log call shows the secret SecretKey"
	tflog.Debug(nil, "signed", map[string]any{"key": c.SecretKey})                   // want "a log call shows the secret SecretKey"
	tflog.Debug(nil, fmt.Sprintf("token %s", *nb.Token))                             // want "a log call shows the secret Token"
	tflog.Debug(nil, "the token is "+c.AuthToken.ValueString())                      // want "a log call shows the secret AuthToken"
	tflog.Debug(nil, "password", map[string]any{"value": strings.ToUpper(password)}) // want "a log call shows the secret password"
	tflog.Debug(nil, state.At("token").ValueString())                                // want "a log call shows the secret token"
	log.Printf("%+v", c)                                                             // want "a log call shows the secret SecretKey"
	log.Print(nb)                                                                    // want "a log call shows the secret Token"
	tflog.Debug(nil, "signed", map[string]any{"key": c.AccessKey, "long": len(c.SecretKey)})
	tflog.Debug(nil, fmt.Sprint("with a token: ", c.AuthToken.IsNull(), *nb.Token == "a"))
	log.Print(h, nb.ID, state.At("id").ValueString())
}

func variables(nb *notebook) {
	secret := nb.ID
	link := nb.ID + "?token=" + *nb.Token
	message := fmt.Sprintf("open %s", link)
	fields := map[string]any{"id": nb.ID}
	tflog.Debug(nil, "opens", fields)
	fields["link"] = link
	tflog.Debug(nil, "opens", fields) // want "a log call shows the secret fields"
	tflog.Debug(nil, message)         // want "a log call shows the secret message"
	tflog.Debug(nil, "length", map[string]any{"is": len(message)})
	log.Print(secret) // want "a log call shows the secret secret"
}

func unable(err error) diag.Diagnostic { return diag.NewErrorDiagnostic("Unable", err.Error()) }

func describe(nb *notebook) diag.Diagnostic { return diag.NewErrorDiagnostic("It does not run", nb.ID) }

func shown(diags *diag.Diagnostics, nb *notebook, password string, err error) {
	diags.AddError("Unable to sign in", "the password "+password+" is wrong") // want "a diagnostic shows the secret password"
	*diags = append(*diags, diag.NewErrorDiagnostic("a", *nb.Token))          // want "a diagnostic shows the secret Token"
	*diags = append(*diags, unable(fmt.Errorf("with %s: %w", password, err))) // want "a diagnostic shows the secret password"
	*diags = append(*diags, unable(errors.New(password)))                     // want "a diagnostic shows the secret password"
	*diags = append(*diags, describe(nb), unable(err))
	diags.AddWarning("The token", "It is in the state.")
}
