// Package diag stands for the framework's.
package diag

type Diagnostic interface{ Summary() string }

type Diagnostics []Diagnostic

func (d *Diagnostics) AddError(summary, detail string)   {}
func (d *Diagnostics) AddWarning(summary, detail string) {}
func (d *Diagnostics) HasError() bool                    { return false }

func NewErrorDiagnostic(summary, detail string) Diagnostic { return nil }
