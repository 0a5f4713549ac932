// Package secrets checks that no secret is an argument of a log call or of a diagnostic.
//
// Secrets are told by their names: fields, variables and parameters such as SecretKey, AuthToken or password, and texts
// that name an attribute or a header, such as At("token"). Texts and maps that are made of a secret in the same function
// are secrets, too, as are structs with such a field that would be printed whole. What tells nothing of its value is
// none: its length, a comparison, the result of any other function.
//
// It does not follow a secret into another function or through a field with another name, and it does not know what an
// error of another package says. The tests with the name _noSecretsInLogs look at what is printed in a whole life.
package secrets

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Analyzer reports secrets in arguments of log calls and diagnostics.
var Analyzer = &analysis.Analyzer{
	Name: "secrets",
	Doc:  "check that no secret is logged or shown in a diagnostic",
	Run:  run,
}

// secretName matches names of secrets in Go and in the API.
var secretName = regexp.MustCompile(`(?i)^(x[-_])?((auth|security|subject|session|metadata|access)[-_]?)?token$|^secret$|^secret[-_]?(access)?[-_]?key$|^password$|^passphrase$|^private[-_]?key$|^content[-_]?wo$`)

// The packages whose functions log.
var logs = map[string]bool{
	"log": true, "log/slog": true,
	"github.com/hashicorp/terraform-plugin-log/tflog":    true,
	"github.com/hashicorp/terraform-plugin-log/tfsdklog": true,
}

const diagPackage = "github.com/hashicorp/terraform-plugin-framework/diag"

// The packages whose functions return a text or an error that holds their arguments.
var carries = map[string]bool{"fmt": true, "strings": true, "errors": true, "strconv": true, "maps": true, "slices": true}

func run(pass *analysis.Pass) (any, error) {
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				c := check{pass: pass, tainted: map[types.Object]bool{}}
				c.function(f.Body)
			}
		}
	}
	return nil, nil
}

// check is the check of one function.
type check struct {
	pass *analysis.Pass
	// tainted are the variables that hold a secret, or something made of one.
	tainted map[types.Object]bool
}

func (c *check) function(body *ast.BlockStmt) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			c.assign(n.Lhs, n.Rhs)
		case *ast.ValueSpec:
			names := make([]ast.Expr, len(n.Names))
			for i, name := range n.Names {
				names[i] = name
			}
			c.assign(names, n.Values)
		case *ast.CallExpr:
			c.call(n)
		}
		return true
	})
}

// assign notes which variables hold a secret from here on.
func (c *check) assign(left, right []ast.Expr) {
	for i, l := range left {
		if len(left) != len(right) {
			return
		}
		var name *ast.Ident
		switch l := l.(type) {
		case *ast.Ident:
			name = l
		case *ast.IndexExpr: // a member of a map
			name, _ = l.X.(*ast.Ident)
		}
		if name == nil || c.secret(right[i]) == "" {
			continue
		}
		if object := c.pass.TypesInfo.ObjectOf(name); object != nil {
			c.tainted[object] = true
		}
	}
}

// call reports the secrets in the arguments of a call that shows them.
func (c *check) call(call *ast.CallExpr) {
	what, prints := c.shows(call)
	if what == "" {
		return
	}
	for _, arg := range call.Args {
		name := c.secret(arg)
		if name == "" && prints {
			name = c.whole(arg)
		}
		if name != "" {
			c.pass.Reportf(arg.Pos(), "%s shows the secret %s", what, name)
		}
	}
}

// shows names a call that logs or makes a diagnostic; empty: it is another call. prints reports that it prints structs
// whole: a function of this project that makes a diagnostic may pick what it shows, and is looked at itself.
func (c *check) shows(call *ast.CallExpr) (what string, prints bool) {
	f := c.callee(call)
	if f == nil || f.Pkg() == nil {
		return "", false
	}
	switch {
	case logs[f.Pkg().Path()]:
		return "a log call", true
	case f.Pkg().Path() == diagPackage && (strings.HasPrefix(f.Name(), "Add") || strings.HasPrefix(f.Name(), "New")):
		return "a diagnostic", true
	}
	for result := range f.Signature().Results().Variables() {
		named, ok := types.Unalias(result.Type()).(*types.Named)
		if ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == diagPackage && named.Obj().Name() == "Diagnostic" {
			return "a diagnostic", false
		}
	}
	return "", false
}

func (c *check) callee(call *ast.CallExpr) *types.Func {
	var name *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		name = f
	case *ast.SelectorExpr:
		name = f.Sel
	default:
		return nil
	}
	f, _ := c.pass.TypesInfo.Uses[name].(*types.Func)
	return f
}

// secret is the name of the secret that an expression shows; empty: none.
func (c *check) secret(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		if object := c.pass.TypesInfo.ObjectOf(e); c.tainted[object] || secretName.MatchString(e.Name) && c.value(e) {
			return e.Name
		}
	case *ast.SelectorExpr:
		if secretName.MatchString(e.Sel.Name) && c.value(e) {
			return e.Sel.Name
		}
	case *ast.ParenExpr:
		return c.secret(e.X)
	case *ast.StarExpr:
		return c.secret(e.X)
	case *ast.UnaryExpr:
		return c.secret(e.X)
	case *ast.IndexExpr:
		return first(c.secret(e.X), named(e.Index))
	case *ast.SliceExpr:
		return c.secret(e.X)
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return first(c.secret(e.X), c.secret(e.Y))
		}
	case *ast.KeyValueExpr:
		return c.secret(e.Value)
	case *ast.CompositeLit:
		for _, element := range e.Elts {
			if name := c.secret(element); name != "" {
				return name
			}
		}
	case *ast.CallExpr:
		return c.result(e)
	}
	return ""
}

// result is the secret that the result of a call shows.
func (c *check) result(call *ast.CallExpr) string {
	if t, ok := c.pass.TypesInfo.Types[call.Fun]; ok && t.IsType() { // a conversion
		return c.secret(call.Args[0])
	}
	if f := c.callee(call); f != nil && !tells(f) {
		return ""
	}
	if method, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && c.pass.TypesInfo.Selections[method] != nil {
		if name := c.secret(method.X); name != "" {
			return name // a method of a secret, such as ValueString
		}
		if len(call.Args) > 0 && (method.Sel.Name == "At" || method.Sel.Name == "Get") {
			return named(call.Args[len(call.Args)-1])
		}
		return ""
	}
	if f := c.callee(call); f != nil && f.Pkg() != nil && carries[f.Pkg().Path()] {
		for _, arg := range call.Args {
			if name := first(c.secret(arg), c.whole(arg)); name != "" {
				return name
			}
		}
	}
	return ""
}

// tells reports whether a result may hold what a function was given: a text, or a value with texts. A number, a truth
// and a size do not.
func tells(f *types.Func) bool {
	for result := range f.Signature().Results().Variables() {
		basic, ok := result.Type().Underlying().(*types.Basic)
		if !ok || basic.Info()&types.IsString != 0 {
			return true
		}
	}
	return false
}

// value reports whether an expression is a value that has a text, and no function, number or truth.
func (c *check) value(e ast.Expr) bool {
	t := c.pass.TypesInfo.TypeOf(e)
	if t == nil || !c.pass.TypesInfo.Types[e].IsValue() && c.pass.TypesInfo.ObjectOf(ident(e)) == nil {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		_, constant := c.pass.TypesInfo.ObjectOf(ident(e)).(*types.Const)
		return u.Info()&types.IsString != 0 && !constant
	case *types.Signature, *types.Chan:
		return false
	}
	return true
}

func ident(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	}
	return nil
}

// whole is the secret field of a struct that would be printed whole; empty: none, or it has a text of its own.
func (c *check) whole(e ast.Expr) string {
	t := c.pass.TypesInfo.TypeOf(e)
	if t == nil {
		return ""
	}
	for _, method := range []string{"String", "Error", "Format", "MarshalText"} {
		if object, _, _ := types.LookupFieldOrMethod(t, true, c.pass.Pkg, method); object != nil {
			return ""
		}
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return ""
	}
	for field := range s.Fields() {
		if secretName.MatchString(field.Name()) {
			return field.Name()
		}
	}
	return ""
}

// named is the name of a secret in a text such as "token".
func named(e ast.Expr) string {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(literal.Value)
	if err != nil || !secretName.MatchString(text) {
		return ""
	}
	return text
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
