// Package path stands for the framework's.
package path

func Root(name string) string { return name }
