// Package resource stands for the framework's.
package resource

import "github.com/hashicorp/terraform-plugin-framework/tfsdk"

type CreateResponse struct {
	State    tfsdk.State
	Identity *tfsdk.ResourceIdentity
}
