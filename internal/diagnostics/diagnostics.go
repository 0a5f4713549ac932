// Package diagnostics turns errors of the API into Terraform diagnostics, with
// one wording for all objects.
package diagnostics

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

// Unable is the error of an operation on an object: "Unable to create
// notebook". The detail says what happened, with the service's code and request
// ID, and what to do about it; an argument of a notebook that is to blame is
// pointed at. Where nothing was to be changed, and the provider as it is configured
// can make no call at all, the summary is about that and the operation comes last;
// see design/0025-what-cannot-work.md.
func Unable(operation, object string, err error) diag.Diagnostic {
	if o := obstacleIn(err); o != nil && !writes[operation] {
		return diag.NewErrorDiagnostic(o.summary, o.detail())
	}
	summary, detail := fmt.Sprintf("Unable to %s %s", operation, object), sentence(err.Error())
	found := diagnose(err)
	if object == "mount" {
		found = mountRemedy(err, found)
	}
	if found.advice != "" {
		detail += "\n\n" + found.advice
	}
	if found.argument != "" && (object == "notebook" || object == "mount") {
		return diag.NewAttributeErrorDiagnostic(path.Root(found.argument), summary, detail)
	}
	return diag.NewErrorDiagnostic(summary, detail)
}

// writes are the operations whose errors say first that an object was not made or
// changed, whatever the reason is.
var writes = map[string]bool{"create": true, "update": true, "delete": true}

// WayOut is the last sentence of an error that stands in the way of a destroy. A
// destroy first plans and refreshes as any other run does, and no provider can tell
// that plan from another. See design/0020-protection-and-destroys.md.
const WayOut = "To destroy what exists as it is: terraform destroy -refresh=false."

// UnableInPlan is Unable for the refresh and the plan, which a destroy begins with.
// Its last sentence is WayOut, unless the destroy itself would meet the error, too.
func UnableInPlan(operation, object string, err error) diag.Diagnostic {
	d := Unable(operation, object, err)
	if NoAccess(err) {
		return d
	}
	return WithWayOut(d)
}

// WithWayOut returns an error with WayOut as its last sentence.
func WithWayOut(d diag.Diagnostic) diag.Diagnostic {
	if strings.HasSuffix(d.Detail(), WayOut) {
		return d
	}
	detail := d.Detail() + "\n\n" + WayOut
	if d, ok := d.(diag.DiagnosticWithPath); ok {
		return diag.NewAttributeErrorDiagnostic(d.Path(), d.Summary(), detail)
	}
	return diag.NewErrorDiagnostic(d.Summary(), detail)
}

// AddWayOut gives each error WayOut as its last sentence.
func AddWayOut(diags diag.Diagnostics) {
	for i, d := range diags {
		if d.Severity() == diag.SeverityError {
			diags[i] = WithWayOut(d)
		}
	}
}

// Cause is the text of the error of an apply, or that the apply was cancelled.
func Cause(err error) string {
	if errors.Is(err, context.Canceled) {
		return "the apply was cancelled"
	}
	return err.Error()
}

// OutOfTime returns the error of an operation. Where its time was up, it says how to give it
// more.
func OutOfTime(operation string, err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%w. timeouts = { %s = \"...\" } sets a longer timeout", err, operation)
	}
	return err
}

// NoAccess says whether an error means that the service cannot be called at all
// with the configuration at hand: the credentials or the project are refused, or
// there is no such endpoint.
func NoAccess(err error) bool { return obstacleIn(err) != nil }

// diagnose finds what to do about an error; it is empty when there is nothing to
// add to the error's own words.
func diagnose(err error) remedy {
	var doubted *modelarts.DoubtedFieldError
	if errors.As(err, &doubted) {
		return remedy{argument: doubted.Field, advice: fmt.Sprintf(adviceDoubted, doubted.Field)}
	}
	if errors.Is(err, modelarts.ErrInUse) {
		return remedy{advice: adviceImageInUse}
	}
	if failed := failedFor(err); failed != "" {
		return remedy{advice: fmt.Sprintf(adviceStuck, failed)}
	}
	if o := obstacleIn(err); o != nil {
		return remedy{advice: o.advice}
	}
	var service *modelarts.Error
	if errors.As(err, &service) {
		found := diagnoseAnswer(service.Code)
		if found == (remedy{}) && service.Status == http.StatusNotFound && !strings.HasPrefix(service.Code, "ModelArts.") {
			found.advice = adviceForeign
		}
		return found
	}
	var iam *huaweicloud.Error
	if errors.As(err, &iam) {
		return diagnoseAnswer(iam.Code)
	}
	return remedy{}
}

// failedFor is the failed status of a notebook for which the service refuses to
// start or stop it; empty where that is not so.
func failedFor(err error) string {
	var found *wait.StatusError
	if !errors.Is(err, modelarts.ErrConflict) || !errors.As(err, &found) {
		return ""
	}
	status := modelarts.Status(found.Status)
	if status.Kind() != modelarts.Failed || status == modelarts.StatusDeleteFailed {
		return ""
	}
	return found.Status
}

func diagnoseAnswer(code string) remedy {
	switch advice := modelarts.AdviceFor(code); {
	case advice != "":
		return remedies[advice]
	case strings.HasPrefix(code, "APIG."):
		return remedy{advice: adviceGateway}
	default:
		return remedy{}
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
