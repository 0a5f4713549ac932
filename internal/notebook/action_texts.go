package notebook

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// What an action says at its end.

const requestedOnly = "It is requested, and not waited for"

// failed is the error of an action, with what has become of the notebook.
func (a *powerAction) failed(id, region string, r *lifecycle.Report) diag.Diagnostic {
	err := r.Err
	switch {
	case errors.Is(err, lifecycle.ErrNoNotebook):
		err = noSuchNotebook(id, region, r.Err)
	case errors.Is(err, lifecycle.ErrNotRenewed):
		err = fmt.Errorf("the notebook %s: %w. The service may not support the renewal of an IDLE lease: try lease.type = \"TIMING\", which sends another request", id, err)
	default:
		err = fmt.Errorf("the notebook %s: %w", id, err)
	}
	d := diagnostics.Unable(a.verb, "notebook", err)
	detail := d.Detail()
	if text := a.leftAs(r); text != "" {
		detail += "\n\n" + text
	}
	return diag.NewErrorDiagnostic(d.Summary(), detail) // an argument of the notebook is none of the action
}

// leftAs says how a failed action has left the notebook.
func (a *powerAction) leftAs(r *lifecycle.Report) string {
	if r.Before == nil {
		return "Nothing was requested."
	}
	if r.Shown == nil {
		return fmt.Sprintf("The notebook was %s. Its present status could not be read.", r.Before.Status)
	}
	text := fmt.Sprintf("The notebook is %s.", r.Shown.Status)
	if r.Shown.Status != r.Before.Status {
		text = fmt.Sprintf("The notebook was %s, and is %s now.", r.Before.Status, r.Shown.Status)
	}
	switch now := r.Shown.Status; {
	case r.Owed == lifecycle.OwesStart && now.Kind() != modelarts.Pending:
		text += " The restart did not start it again: start it with the action modelarts_notebook_start."
	case now.Kind() == modelarts.Pending:
		text += " The service still completes the requested operation."
	}
	return text
}

// changedBy reports whether the order has done something.
func changedBy(r *lifecycle.Report) bool { return len(r.Done) > 0 }

// called names a notebook in a summary.
func called(nb *modelarts.Notebook) string { return fmt.Sprintf("%q", cmp.Or(nb.Name, nb.ID)) }

// until says when the lease of a running notebook stops it.
func until(nb *modelarts.Notebook) string {
	c := newConverter(context.Background())
	var read model
	read.leaseFromAPI(c, nb)
	switch lease := nb.Lease; {
	case !read.StopsAt.IsNull():
		return ", and its lease stops it at " + read.StopsAt.ValueString()
	case lease != nil && lease.Enable != nil && !*lease.Enable:
		return ", and never stops by itself"
	case lease != nil && values.Deref(lease.Type) == leaseIdle:
		return ", and its lease stops it when it is idle"
	default:
		return ""
	}
}

func reachedRunning(_ *command, r *lifecycle.Report) (string, diag.Diagnostic) {
	switch {
	case r.Shown == nil && changedBy(r):
		return requestedOnly, nil
	case r.Shown == nil:
		return fmt.Sprintf("The notebook is %s already: nothing is requested", r.Before.Status), nil
	case !changedBy(r):
		return "The notebook is RUNNING already" + until(r.Shown), nil
	default:
		return "The notebook is RUNNING" + until(r.Shown), nil
	}
}

func reachedStopped(_ *command, r *lifecycle.Report) (string, diag.Diagnostic) {
	now := r.Shown
	switch {
	case now == nil && changedBy(r):
		return requestedOnly, nil
	case now == nil:
		now = r.Before
	case changedBy(r):
		return "The notebook is STOPPED", nil
	}
	if now.Status == modelarts.StatusStopped || now.Status.Kind() == modelarts.Pending {
		return fmt.Sprintf("The notebook is %s already: nothing is requested", now.Status), nil
	}
	return "", diag.NewWarningDiagnostic(fmt.Sprintf("Notebook %s was not stopped", called(now)),
		fmt.Sprintf("The notebook %s is %s, and the service stops only running notebooks. Nothing was requested.%s", now.ID, now.Status, because(now)))
}

func reachedRunningAgain(_ *command, r *lifecycle.Report) (string, diag.Diagnostic) {
	switch {
	case changedBy(r) && r.Shown == nil:
		return requestedOnly, nil
	case changedBy(r):
		return "The notebook is RUNNING again" + until(r.Shown), nil
	default:
		return "", diag.NewWarningDiagnostic(fmt.Sprintf("Notebook %s was not restarted", called(r.Before)),
			fmt.Sprintf("The notebook %s is %s. A restart does not start a notebook that is not running: use the action modelarts_notebook_start.%s", r.Before.ID, r.Before.Status, because(r.Before)))
	}
}

func reachedRenewal(c *command, r *lifecycle.Report) (string, diag.Diagnostic) {
	switch {
	case changedBy(r):
		return "The lease is renewed: the notebook is RUNNING" + until(r.Shown), nil
	case r.Before.Status == modelarts.StatusRunning:
		return "The notebook never stops by itself: there is no lease to renew", nil
	default:
		return "", diag.NewErrorDiagnostic("Unable to "+c.verb+" notebook",
			fmt.Sprintf("The notebook %s is %s, and the service renews only the lease of a running notebook. To start it with a lease, use the action modelarts_notebook_start.%s", r.Before.ID, r.Before.Status, because(r.Before)))
	}
}

// because is the reason for a failed status, as a sentence with a space before it.
func because(nb *modelarts.Notebook) string {
	if nb.FailReason == nil || *nb.FailReason == "" {
		return ""
	}
	return " The service returned this reason: " + *nb.FailReason
}
