// Package lifecycle waits, and knows nothing of Terraform.
package lifecycle

func Await(id string) error { return nil }
