package notebook

import (
	"context"
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// checkString runs a check on a string that is known, and reports its error on
// the attribute.
func checkString(req validator.StringRequest, resp *validator.StringResponse, summary string, check func(string) error) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := check(req.ConfigValue.ValueString()); err != nil {
		// Terraform shows the line of a nested attribute's resource only.
		where := req.Path
		if last, _ := where.Steps().LastStep(); last != nil {
			if _, ofSet := last.(path.PathStepElementKeyValue); ofSet {
				where = where.ParentPath()
			}
		}
		resp.Diagnostics.AddAttributeError(req.Path, summary, fmt.Sprintf("Attribute %s: %s.", where, err))
	}
}

// leaseDuration accepts what parseLease reads.
type leaseDuration struct{}

func (leaseDuration) Description(context.Context) string {
	return "must be a duration from 1h to 72h, or the same in milliseconds"
}

func (v leaseDuration) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (leaseDuration) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	checkString(req, resp, "Invalid lease duration", func(s string) error {
		_, err := parseLease(s)
		return err
	})
}

// ipAddress accepts one IPv4 or IPv6 address.
type ipAddress struct{}

func (ipAddress) Description(context.Context) string { return "must be an IP address" }

func (v ipAddress) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (ipAddress) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	checkString(req, resp, "Invalid IP address", func(s string) error {
		if _, err := netip.ParsePrefix(s); err == nil {
			return fmt.Errorf("%q is a block of addresses: the service takes single addresses only, such as %q", s, s[:strings.IndexByte(s, '/')])
		}
		if _, err := netip.ParseAddr(s); err != nil {
			return fmt.Errorf("%q is not an IP address: write one such as \"203.0.113.7\"", s)
		}
		return nil
	})
}

// cidrBlock accepts a block of addresses.
type cidrBlock struct{}

func (cidrBlock) Description(context.Context) string { return "must be a CIDR block" }

func (v cidrBlock) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (cidrBlock) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	checkString(req, resp, "Invalid CIDR block", func(s string) error {
		if _, err := netip.ParsePrefix(s); err != nil {
			return fmt.Errorf("%q is not a CIDR block: write one such as \"192.168.0.0/16\"", s)
		}
		return nil
	})
}

// dataVolumeCategory accepts the storage that really gets mounted.
type dataVolumeCategory struct{}

func (dataVolumeCategory) Description(context.Context) string { return "must be OBSFS or EFS" }

func (v dataVolumeCategory) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (dataVolumeCategory) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	checkString(req, resp, "Invalid category of a data volume", func(s string) error {
		switch strings.ToUpper(s) {
		case categoryOBSFS, categoryEFS:
			return nil
		case categoryOBS:
			return fmt.Errorf("the service takes an OBS bucket as a data volume but never mounts it: use a parallel file system with the category OBSFS")
		case categoryEVS:
			return fmt.Errorf("an EVS disk can only be the main volume: use OBSFS or EFS")
		default:
			return fmt.Errorf("%q is not a storage type: use OBSFS or EFS", s)
		}
	})
}

// notMatching refuses what a pattern matches.
type notMatching struct {
	pattern *regexp.Regexp
	message string
}

func (v notMatching) Description(context.Context) string { return v.message }

func (v notMatching) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v notMatching) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	checkString(req, resp, "Invalid tag key", func(s string) error {
		if v.pattern.MatchString(s) {
			return fmt.Errorf("%q %s", s, v.message)
		}
		return nil
	})
}
