package diagnostics_test

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

// Every documented code, and the argument that is to blame.
var codes = map[string]string{
	"": "6101 6100 6102 6361 6699 6691 6692 0010 6355 6357 6309 6404 6333 6347 6304 6305 6306 6307 6308 " +
		"6303 6335 6336 6332 6400 6600 0101 0104 0107 6326 6201 6203 6302 0113 0118 0116 " +
		"6376 6379 6701 0428 0420 0421 0422 0423 0424 0425 0426 0427 0429 0430 0431 6374 6377 6378 3818 " +
		"6737 6771 0210 0212 0201 0202 0203 0204 0205 0206 0207 0208 0209 6620 6608 6401 0108 0112 6407 0109",
	"name":           "6301",
	"flavor":         "6323 6870 6330 6716 6329 6328 6792 6360 6200",
	"image_id":       "6797",
	"endpoints":      "6768 6789",
	"volume":         "6331 6528 6702 6927 6967 6371 6358 6324 6624 6316 6317 6318 6319 6320 6350 6353 6354 6782",
	"data_volumes":   "6772 6785",
	"lease":          "6349 6348 6346",
	"description":    "6334",
	"workspace_id":   "0102",
	"desired_status": "6327 6958",
}

func TestUnableKnowsEveryCode(t *testing.T) {
	for argument, list := range codes {
		for _, number := range strings.Fields(list) {
			code := "ModelArts." + number
			err := fmt.Errorf("changing flavor: %w", &modelarts.Error{
				Operation: "UpdateNotebook", Status: 400, Code: code, Message: "The service's words.", RequestID: "r-1",
			})
			d := diagnostics.Unable("update", "notebook", err)
			if d.Summary() != "Unable to update notebook" || d.Severity() != diag.SeverityError {
				t.Errorf("%s: %s %q", code, d.Severity(), d.Summary())
			}
			happened, advice, advised := strings.Cut(d.Detail(), "\n\n")
			if want := "Changing flavor: UpdateNotebook: " + code + ": The service's words. (HTTP 400, request ID r-1)."; happened != want {
				t.Errorf("%s: %q, want %q", code, happened, want)
			}
			if !advised || !strings.HasSuffix(advice, ".") {
				t.Errorf("%s has no advice: %q", code, advice)
			}
			at := ""
			if d, ok := d.(diag.DiagnosticWithPath); ok {
				at = d.Path().String()
			}
			if at != argument {
				t.Errorf("%s points at %q, want %q", code, at, argument)
			}
			if _, pointed := diagnostics.Unable("read", "flavors", err).(diag.DiagnosticWithPath); pointed {
				t.Errorf("%s points at an argument of a notebook in another object", code)
			}
		}
	}
}

func TestUnableAdvisesOnOtherErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		want string
	}{
		"gateway":       {&modelarts.Error{Status: 403, Code: "APIG.0602"}, "The credentials may not use the project."},
		"proxy":         {&modelarts.Error{Status: 404, Code: "Proxy.1"}, "does not mean that anything was deleted"},
		"404, no code":  {&modelarts.Error{Status: 404}, "does not mean that anything was deleted"},
		"401":           {&modelarts.Error{Status: 401}, "Check the credentials of the provider."},
		"failed start":  {errors.Join(&modelarts.Error{Status: 400, Code: "ModelArts.6357"}, &wait.StatusError{Status: "START_FAILED"}), "refuses to start or stop a notebook that is START_FAILED"},
		"busy":          {errors.Join(&modelarts.Error{Status: 400, Code: "ModelArts.6357"}, &wait.StatusError{Status: "FROZEN"}), "Another operation is under way"},
		"image in use":  {&modelarts.Error{Operation: "DeleteImage", Status: 400, Code: "ModelArts.6737"}, "refuses to delete an image that is in use"},
		"tag in use":    {&modelarts.Error{Operation: "CreateImage", Status: 400, Code: "ModelArts.6737"}, "Choose another tag."},
		"no host":       {&modelarts.NoAnswerError{Operation: "ShowNotebook", Err: &net.DNSError{Name: "h.example", IsNotFound: true}}, "The name does not resolve."},
		"no connection": {&modelarts.NoAnswerError{Operation: "ShowNotebook", Err: &net.OpError{Op: "dial", Err: errors.New("refused")}}, "No connection could be made."},
	} {
		if detail := diagnostics.Unable("read", "notebook", tc.err).Detail(); !strings.Contains(detail, tc.want) {
			t.Errorf("%s: %q lacks %q", name, detail, tc.want)
		}
	}
	if detail := diagnostics.Unable("read", "notebook", errors.New("odd")).Detail(); detail != "Odd." {
		t.Errorf("an unknown error became %q", detail)
	}
}

// A field that the site may not know is named, and pointed at.
func TestUnableDoubtsAField(t *testing.T) {
	err := fmt.Errorf("changing flavor: %w", &modelarts.DoubtedFieldError{
		Field: "public_network_config",
		Err:   &modelarts.Error{Operation: "UpdateNotebook", Status: 400, Code: "ModelArts.6400", Message: "Unknown."},
	})
	d := diagnostics.Unable("update", "notebook", err)
	for _, want := range []string{"Changing flavor: UpdateNotebook: ModelArts.6400: Unknown. (HTTP 400).", "this site of the service may not support it", "Remove public_network_config from"} {
		if !strings.Contains(d.Detail(), want) {
			t.Errorf("%q lacks %q", d.Detail(), want)
		}
	}
	if d, ok := d.(diag.DiagnosticWithPath); !ok || d.Path().String() != "public_network_config" {
		t.Errorf("%v points at no argument", d)
	}
}

// Everything that is wrong with the agency of ModelArts has one advice, since it
// has one remedy.
func TestUnableAdvisesOnTheAgency(t *testing.T) {
	advices := map[string]bool{}
	for _, number := range []string{"6376", "6379", "6701", "0428"} {
		_, advice, _ := strings.Cut(diagnostics.Unable("create", "notebook", &modelarts.Error{Status: 401, Code: "ModelArts." + number}).Detail(), "\n\n")
		advices[advice] = true
	}
	if len(advices) != 1 {
		t.Errorf("%d advices: %v", len(advices), advices)
	}
}

// The errors of a mount point at an argument of the mount, and never at one of a
// notebook.
func TestUnableAdvisesOnMounts(t *testing.T) {
	for number, want := range map[string]struct{ argument, advice string }{
		"6772": {"uri", "Only parallel file systems of OBS can be mounted, and no object buckets"},
		"6785": {"mount_path", "Storage is mounted below /data/"},
		"6927": {"mount_path", "nothing else may be mounted at the path"},
		"6318": {"uri", "ends with a slash"},
		"6350": {"uri", "check the permissions of its agency"},
		"6302": {"", "at most 10 mounts"},
		"6327": {"", "Set start_notebook = true"},
		"6958": {"", "Set start_notebook = true"},
		"6357": {"", "Another operation is under way"},
		"0102": {"", "there is no such workspace"},
	} {
		d := diagnostics.Unable("create", "mount", &modelarts.Error{Operation: "AttachDynamicStorage", Status: 400, Code: "ModelArts." + number, Message: "No."})
		at := ""
		if d, ok := d.(diag.DiagnosticWithPath); ok {
			at = d.Path().String()
		}
		if at != want.argument || !strings.Contains(d.Detail(), want.advice) {
			t.Errorf("%s points at %q: %s", number, at, d.Detail())
		}
	}
}
