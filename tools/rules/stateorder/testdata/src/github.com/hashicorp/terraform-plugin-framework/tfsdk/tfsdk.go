// Package tfsdk stands for the framework's.
package tfsdk

type State struct{ Raw any }

func (s *State) Set(value any) error                { return nil }
func (s *State) SetAttribute(path, value any) error { return nil }

type ResourceIdentity struct{ Raw any }

func (i *ResourceIdentity) Set(value any) error { return nil }
