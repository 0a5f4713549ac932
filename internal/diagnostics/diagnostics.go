// Package diagnostics turns errors of the API into Terraform diagnostics, with
// one wording for all objects.
package diagnostics

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Unable is the error of an operation on an object: "Unable to create
// notebook". The detail says what happened, with the service's code and request
// ID, and what to do about it.
func Unable(operation, object string, err error) diag.Diagnostic {
	detail := sentence(err.Error())
	if advice := advise(err); advice != "" {
		detail += "\n\n" + advice
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("Unable to %s %s", operation, object), detail)
}

// advise says what to do about an error; it is empty when there is nothing to
// add to the error's own words.
func advise(err error) string {
	var service *modelarts.Error
	if errors.As(err, &service) {
		return adviseOnAnswer(service.Status, service.Code)
	}
	var iam *huaweicloud.Error
	if errors.As(err, &iam) {
		return adviseOnAnswer(iam.Status, iam.Code)
	}
	if errors.Is(err, huaweicloud.ErrNoProject) {
		return adviceProject
	}
	var noHost *net.DNSError
	switch {
	case errors.As(err, &noHost):
		return fmt.Sprintf("There is no host %s. Check the provider's region (HW_REGION_NAME), cloud (HW_CLOUD) or endpoints.", noHost.Name)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return ""
	}
	var network *net.OpError
	if errors.As(err, &network) {
		return "No connection could be made. Check the provider's region (HW_REGION_NAME) or endpoints, and the network of this machine."
	}
	return ""
}

func adviseOnAnswer(status int, code string) string {
	text, known := advice[code]
	switch {
	case known:
		return text
	case status == http.StatusUnauthorized:
		return adviceKeys
	case strings.HasPrefix(code, "APIG."):
		return adviceGateway
	default:
		return ""
	}
}

// sentence ends a text with a full stop and begins it with a capital.
func sentence(text string) string {
	if text == "" {
		return text
	}
	text = strings.ToUpper(text[:1]) + text[1:]
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}
