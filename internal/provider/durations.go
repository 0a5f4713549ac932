package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
)

// durations are those that an argument takes.
type durations struct {
	argument    string
	least, most time.Duration
	example     string
	why         string // the reason for the bounds, or empty
}

var (
	requestTimeout = durations{"request_timeout", time.Second, 10 * time.Minute, "90s", ""}
	pollInterval   = durations{"poll_interval", time.Millisecond, time.Minute, "2s\" or \"500ms", ""}
	maxAutoStop    = durations{"max_auto_stop", time.Hour, 72 * time.Hour, "12h", "leases last from 1h to 72h"}
	roleDuration   = durations{"assume_role.duration", 15 * time.Minute, 24 * time.Hour, "1h", "keys of an agency live from 15m to 24h"}
)

func (a durations) parse(text string) (time.Duration, error) {
	d, err := inputs.Duration(text, `"`+a.example+`"`)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s%w", a.argument, err)
	case (d < a.least || d > a.most) && a.why != "":
		return 0, fmt.Errorf("%s is %q, which is out of range: %s", a.argument, text, a.why)
	case d < a.least || d > a.most:
		return 0, fmt.Errorf("%s is %q, which is out of range: write %s to %s", a.argument, text, a.least, a.most)
	}
	return d, nil
}

// Description says what is allowed.
func (a durations) Description(context.Context) string {
	return fmt.Sprintf("must be a duration from %s to %s", a.least, a.most)
}

// MarkdownDescription is Description.
func (a durations) MarkdownDescription(ctx context.Context) string { return a.Description(ctx) }

// ValidateString refuses what parse refuses.
func (a durations) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := a.parse(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+a.argument, err.Error())
	}
}
