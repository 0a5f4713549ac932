// Package stateorder checks that a create writes the state and the identity of a resource before it waits.
//
// A wait can be cancelled or killed. What is not in the state by then is billed, and Terraform does not know it.
//
// It looks at each function that has a response of a create, or a state and an identity, as parameters. A wait is a call
// of a function, a method or a field whose name begins with await, in any letter case. On each way to the wait, the
// function must have written both: by itself, or in a function that it hands them to and that writes them on its way to
// its end. A write of the state is an assignment to it or to its Raw, Set, or SetAttribute of the root "id".
//
// It does not check that the value of the state has the ID, nor waits with other names, nor waits in function literals,
// which run at another time. Tests that kill an apply while it waits cover these.
package stateorder

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Analyzer reports waits of a create that come before the state or the identity is written.
var Analyzer = &analysis.Analyzer{
	Name:      "stateorder",
	Doc:       "check that a create writes the state and the identity before it waits",
	Run:       run,
	FactTypes: []analysis.Fact{new(written)},
}

const framework = "github.com/hashicorp/terraform-plugin-framework/"

// written says what has been written. It is the fact of a function that writes it for its caller.
type written struct{ State, Identity bool }

// AFact marks written as a fact.
func (*written) AFact() {}

func (w *written) String() string {
	switch *w {
	case written{true, true}:
		return "writes both"
	case written{State: true}:
		return "writes the state"
	}
	return "writes the identity"
}

func (w written) or(o written) written { return written{w.State || o.State, w.Identity || o.Identity} }

func (w written) and(o written) written { return written{w.State && o.State, w.Identity && o.Identity} }

func run(pass *analysis.Pass) (any, error) {
	var functions []*ast.FuncDecl
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				functions = append(functions, f)
			}
		}
	}
	// A function writes what those that it calls write, in whichever order they stand.
	for changed := true; changed; {
		changed = false
		for _, f := range functions {
			changed = learn(pass, f) || changed
		}
	}
	for _, f := range functions {
		if creates(pass, f) {
			w := walk{pass: pass, report: true}
			w.block(f.Body.List, written{})
		}
	}
	return nil, nil
}

// learn exports what a function writes, and reports whether that is news.
func learn(pass *analysis.Pass, f *ast.FuncDecl) bool {
	object, ok := pass.TypesInfo.Defs[f.Name].(*types.Func)
	if !ok {
		return false
	}
	w := walk{pass: pass}
	now, _ := w.block(f.Body.List, written{})
	var before written
	pass.ImportObjectFact(object, &before)
	if now == before {
		return false
	}
	pass.ExportObjectFact(object, &now)
	return true
}

// creates reports whether a function has a response of a create, or a state and an identity.
func creates(pass *analysis.Pass, f *ast.FuncDecl) bool {
	var state, identity bool
	for _, field := range f.Type.Params.List {
		t := pass.TypesInfo.TypeOf(field.Type)
		if is(t, "resource", "CreateResponse") {
			return true
		}
		state = state || is(t, "tfsdk", "State")
		identity = identity || is(t, "tfsdk", "ResourceIdentity")
	}
	return state && identity
}

// is reports whether t is a type of the framework, or a pointer to it.
func is(t types.Type, pkg, name string) bool {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	return named.Obj().Name() == name && named.Obj().Pkg().Path() == framework+pkg
}

// walk follows the ways through a function.
type walk struct {
	pass   *analysis.Pass
	report bool
}

// block follows statements, and returns what is written after them, and whether no way leads beyond them.
func (w walk) block(list []ast.Stmt, now written) (written, bool) {
	for i, s := range list {
		var ended bool
		now, ended = w.statement(s, now)
		if ended {
			// What the last return leaves is what the function writes.
			return now, i < len(list)-1 || !isReturn(s)
		}
	}
	return now, false
}

func isReturn(s ast.Stmt) bool { _, ok := s.(*ast.ReturnStmt); return ok }

func (w walk) statement(s ast.Stmt, now written) (written, bool) {
	switch s := s.(type) {
	case nil:
		return now, false
	case *ast.BlockStmt:
		return w.block(s.List, now)
	case *ast.LabeledStmt:
		return w.statement(s.Stmt, now)
	case *ast.ReturnStmt, *ast.BranchStmt:
		return w.expressions(s, now), true
	case *ast.IfStmt:
		now, _ = w.statement(s.Init, now)
		now = w.expressions(s.Cond, now)
		return join(now, s.Else == nil, w.branch(s.Body.List, now), w.branch([]ast.Stmt{s.Else}, now))
	case *ast.ForStmt:
		now, _ = w.statement(s.Init, now)
		w.branch(s.Body.List, w.expressions(s.Cond, now))
		return now, false
	case *ast.RangeStmt:
		now = w.expressions(s.X, now)
		w.branch(s.Body.List, now)
		return now, false
	case *ast.SwitchStmt:
		now, _ = w.statement(s.Init, now)
		return w.clauses(s.Body, w.expressions(s.Tag, now))
	case *ast.TypeSwitchStmt:
		now, _ = w.statement(s.Init, now)
		return w.clauses(s.Body, now)
	case *ast.SelectStmt:
		return w.clauses(s.Body, now)
	case *ast.DeferStmt:
		return now, false // it runs at the end
	default:
		return w.expressions(s, now), false
	}
}

// end is where a branch leads.
type end struct {
	now   written
	ended bool
}

func (w walk) branch(list []ast.Stmt, now written) end {
	if len(list) == 1 && list[0] == nil {
		return end{now, false}
	}
	for _, s := range list {
		var ended bool
		if now, ended = w.statement(s, now); ended {
			return end{now, true}
		}
	}
	return end{now, false}
}

// clauses follows those of a switch or a select.
func (w walk) clauses(body *ast.BlockStmt, now written) (written, bool) {
	var ends []end
	open := true // no clause may fit
	for _, s := range body.List {
		switch c := s.(type) {
		case *ast.CaseClause:
			open = open && c.List != nil
			ends = append(ends, w.branch(c.Body, now))
		case *ast.CommClause:
			open = false
			ends = append(ends, w.branch(append([]ast.Stmt{c.Comm}, c.Body...), now))
		}
	}
	return join(now, open, ends...)
}

// join is what is written on all ways that lead on.
func join(now written, open bool, ends ...end) (written, bool) {
	all, leads := written{true, true}, false
	for _, e := range ends {
		if !e.ended {
			all, leads = all.and(e.now), true
		}
	}
	if open {
		all, leads = all.and(now), true
	}
	if !leads {
		return now, true
	}
	return all, false
}

// expressions follows the calls and assignments of a statement or an expression.
func (w walk) expressions(n ast.Node, now written) written {
	if n == nil {
		return now
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false // it runs at another time
		case *ast.AssignStmt:
			for _, right := range n.Rhs {
				now = w.expressions(right, now)
			}
			for _, left := range n.Lhs {
				now = now.or(w.assigned(left, n.Tok))
			}
			return false
		case *ast.CallExpr:
			for _, arg := range append([]ast.Expr{n.Fun}, n.Args...) {
				now = w.expressions(arg, now)
			}
			w.wait(n, now)
			now = now.or(w.call(n))
			return false
		}
		return true
	})
	return now
}

// assigned is what an assignment writes.
func (w walk) assigned(left ast.Expr, tok token.Token) written {
	selector, ok := left.(*ast.SelectorExpr)
	if !ok || tok != token.ASSIGN {
		return written{}
	}
	at := selector.X // of state.Raw
	if selector.Sel.Name != "Raw" {
		at = selector // resp.State
	}
	t := w.pass.TypesInfo.TypeOf(at)
	return written{State: is(t, "tfsdk", "State"), Identity: is(t, "tfsdk", "ResourceIdentity")}
}

// call is what a call writes.
func (w walk) call(call *ast.CallExpr) written {
	var callee *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		callee = f
	case *ast.SelectorExpr:
		callee = f.Sel
		t := w.pass.TypesInfo.TypeOf(f.X)
		if f.Sel.Name == "Set" || f.Sel.Name == "SetAttribute" && setsID(call) {
			if direct := (written{State: is(t, "tfsdk", "State"), Identity: is(t, "tfsdk", "ResourceIdentity")}); direct != (written{}) {
				return direct
			}
		}
	default:
		return written{}
	}
	var fact written
	if f, ok := w.pass.TypesInfo.Uses[callee].(*types.Func); ok {
		w.pass.ImportObjectFact(f.Origin(), &fact)
	}
	return fact
}

// setsID reports whether a call has the argument path.Root("id").
func setsID(call *ast.CallExpr) bool {
	for _, arg := range call.Args {
		root, ok := arg.(*ast.CallExpr)
		if !ok || len(root.Args) != 1 {
			continue
		}
		if name, ok := root.Args[0].(*ast.BasicLit); ok && name.Value == `"id"` {
			return true
		}
	}
	return false
}

// wait reports a wait that comes too early.
func (w walk) wait(call *ast.CallExpr, now written) {
	var name string
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	if !w.report || !strings.HasPrefix(strings.ToLower(name), "await") || now == (written{true, true}) {
		return
	}
	missing := "the state and the identity are"
	switch {
	case now.State:
		missing = "the identity is"
	case now.Identity:
		missing = "the state is"
	}
	w.pass.Reportf(call.Pos(), "%s waits before %s written: a cancelled apply would lose what was created", name, missing)
}
