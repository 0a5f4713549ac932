package notebook

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
)

// leaseDuration accepts what parseLease reads.
func leaseDuration() validator.String {
	return inputs.String("Invalid lease duration", "must be a duration from 1h to 72h, or the same in milliseconds", func(text string) string {
		if _, err := parseLease(text); err != nil {
			return err.Error()
		}
		return ""
	})
}

// ipAddress accepts one IPv4 or IPv6 address.
func ipAddress() validator.String {
	return inputs.String("Invalid IP address", "must be an IP address", func(text string) string {
		if _, err := netip.ParseAddr(text); err == nil {
			return ""
		}
		if strings.Contains(text, "/") {
			return " is a block of addresses, and the service takes single addresses only: write each address by itself, such as \"203.0.113.7\""
		}
		return " is not an IP address: write one such as \"203.0.113.7\""
	})
}

// cidrBlock accepts a block of addresses that is written by its first one.
func cidrBlock() validator.String {
	return inputs.String("Invalid CIDR block", "must be a CIDR block", func(text string) string {
		block, err := netip.ParsePrefix(text)
		_, single := netip.ParseAddr(text)
		switch {
		case err == nil && block != block.Masked():
			return " is an address within a block: write the first address of the block before the slash, as in \"192.168.0.0/16\""
		case err == nil:
			return ""
		case single == nil:
			return " is an address without the length of the block: write it as in \"192.168.0.0/16\", and one address as in \"192.168.0.7/32\""
		default:
			return " is not a CIDR block: write one such as \"192.168.0.0/16\""
		}
	})
}

// dataVolumeCategory accepts the storage that really gets mounted.
func dataVolumeCategory() validator.String {
	return inputs.String("Invalid category of a data volume", "must be OBSFS or EFS", func(text string) string {
		switch strings.ToUpper(text) {
		case categoryOBSFS, categoryEFS:
			return ""
		case categoryOBS:
			return " is OBS: the service takes an OBS bucket as a data volume but never mounts it. Use a parallel file system with the category OBSFS"
		case categoryEVS:
			return " is EVS: an EVS disk can only be the main volume. Use OBSFS or EFS"
		default:
			return fmt.Sprintf(" is %s: it must be OBSFS or EFS, in any letter case", inputs.Quote(text))
		}
	})
}

// addresses accepts one to five addresses.
type addresses struct{}

func (addresses) Description(context.Context) string {
	return fmt.Sprintf("must have 1 to %d addresses", maxAddresses)
}

func (v addresses) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (addresses) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	switch n := len(req.ConfigValue.Elements()); {
	case n == 0:
		resp.Diagnostics.AddAttributeError(req.Path, "An empty list of addresses would not close SSH",
			fmt.Sprintf("Attribute %s is empty, which the service takes as no limit: any address could connect. "+
				"Write the addresses that may, such as [\"203.0.113.7\"]. To have no SSH, remove the endpoint from endpoints. To let any address connect, remove allowed_access_ips.", req.Path))
	case n > maxAddresses:
		resp.Diagnostics.AddAttributeError(req.Path, "Too many addresses",
			fmt.Sprintf("Attribute %s has %d addresses, and the service takes %d at most: write fewer.", req.Path, n, maxAddresses))
	}
}

// volumeBlock asks for the block of the storage.
type volumeBlock struct{}

func (volumeBlock) Description(context.Context) string { return "is required" }

func (v volumeBlock) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (volumeBlock) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() {
		resp.Diagnostics.AddAttributeError(req.Path, "Missing volume",
			"A notebook needs storage, in a block (without \"=\"). For a disk of 50 GB:\n\n  volume {\n    category = \"EVS\"\n    capacity = 50\n  }")
	}
}
