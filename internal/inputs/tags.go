package inputs

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Limits of the API's contract, in characters.
const (
	maxTagKey   = 128
	maxTagValue = 255
)

var (
	tagKeyPattern    = regexp.MustCompile(`^[\p{L}\p{N}_.:=+\-@]([\p{L}\p{N} _.:=+\-@]*[\p{L}\p{N}_.:=+\-@])?$`)
	tagValuePattern  = regexp.MustCompile(`^[\p{L}\p{N} _.:=+\-@/]*$`)
	systemTagPattern = regexp.MustCompile(`^_sys_`)
)

// TagKey returns the validators of the key of a tag.
func TagKey() []validator.String {
	return []validator.String{
		Length(1, maxTagKey),
		Matches(tagKeyPattern, "must be letters, digits, spaces and _ . : = + - @, with no space at either end"),
		Without(systemTagPattern, "must not begin with _sys_, which the service keeps for itself"),
	}
}

// TagValue returns the validators of the value of a tag.
func TagValue() []validator.String {
	return []validator.String{
		Length(0, maxTagValue),
		Matches(tagValuePattern, "must be letters, digits, spaces and _ . : = + - @ /"),
	}
}
