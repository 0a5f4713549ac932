package diagnostics

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Arguments has the argument of the provider for each field of huaweicloud.Config.
var Arguments = map[string]string{
	"Region":                "region",
	"Cloud":                 "cloud",
	"AccessKey":             "access_key",
	"SecretKey":             "secret_key",
	"SecurityToken":         "security_token",
	"AuthToken":             "auth_token",
	"UserName":              "user_name",
	"Password":              "password",
	"DomainName":            "domain_name",
	"DomainID":              "domain_id",
	"AssumeRole.AgencyName": "assume_role.agency_name",
	"AssumeRole.DomainName": "assume_role.domain_name",
	"AssumeRole.DomainID":   "assume_role.domain_id",
	"AssumeRole.Duration":   "assume_role.duration",
	"SharedConfigFile":      "shared_config_file",
	"Profile":               "profile",
	"ProjectID":             "project_id",
	"ProjectName":           "project_name",
	"Endpoints.ModelArts":   "endpoints.modelarts",
	"Endpoints.IAM":         "endpoints.iam",
	"CACertFile":            "cacert_file",
	"RequestTimeout":        "request_timeout",
	"MaxRetries":            "max_retries",
}

// obstacle is a reason why no call can be made with the provider as it is
// configured, whatever the call is.
type obstacle struct {
	// summary is that of the diagnostic, where nothing was changed.
	summary string
	// advice says what to check, and where it was set.
	advice string
	// said is the answer or the failure itself, without the operation; empty where
	// the advice says it.
	said string
	// operation is the call that met it; it may be empty.
	operation string
}

// detail is the text of a diagnostic about the obstacle.
func (o *obstacle) detail() string {
	text := o.advice
	if o.said != "" {
		text += "\n\n" + sentence(o.said)
	}
	if o.operation != "" {
		text += " Operation: " + o.operation + "."
	}
	return text
}

// obstacleIn finds the obstacle that an error speaks of; nil: there is none, or the
// error is about one operation or one object.
func obstacleIn(err error) *obstacle {
	access := new(huaweicloud.Access)
	if known := (*huaweicloud.AccessError)(nil); errors.As(err, &known) {
		access = known.Access
	}
	a := accessed{access}
	var found *obstacle
	var service *modelarts.Error
	var iam *huaweicloud.Error
	var none *modelarts.NoAnswerError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil
	case errors.As(err, &service):
		if found = a.refused(service); found != nil {
			found.operation = service.Operation
			found.said = apierror.Format("", service.Status, apierror.Details{Code: service.Code, Message: service.Message, RequestID: service.RequestID})
		}
	case errors.As(err, &iam):
		if found = a.refusedByIAM(iam); found != nil {
			found.operation = iam.Operation
			found.said = apierror.Format("", iam.Status, apierror.Details{Code: iam.Code, Message: iam.Message, RequestID: iam.RequestID})
		}
	case errors.Is(err, apierror.ErrNoCredentials):
		found = &obstacle{summary: "There are no credentials", advice: sentence(after(err, "no credentials were found")) + "\n\n" + adviceNoCredentials}
	case errors.Is(err, huaweicloud.ErrNoProject):
		found = &obstacle{summary: "The credentials have no such project", advice: a.noProject()}
	default:
		if errors.As(err, &none) && errors.Is(none, modelarts.ErrThrottled) {
			return nil
		}
		if found = a.unreachable(err, none != nil && !none.Sent); found != nil && none != nil {
			found.operation = none.Operation
		}
	}
	return found
}

// after is the text of an error from a phrase on, or all of it.
func after(err error, phrase string) string {
	if i := strings.Index(err.Error(), phrase); i >= 0 {
		return err.Error()[i:]
	}
	return err.Error()
}

// accessed words obstacles for an access.
type accessed struct{ *huaweicloud.Access }

// everywhere are the operations that every site has, and that are about no single
// object: where one of them is not found, the endpoint is another one's.
var everywhere = map[string]bool{"ListFlavors": true, "ListNotebooks": true}

// refused is the obstacle behind an answer of the service or of its gateway.
func (a accessed) refused(e *modelarts.Error) *obstacle {
	gateway := strings.HasPrefix(e.Code, "APIG.")
	switch advice := modelarts.AdviceFor(e.Code); {
	case advice == modelarts.AdviceCredentials, advice == modelarts.AdviceTokenScope:
		return a.credentials()
	case advice == modelarts.AdviceProject:
		return a.project()
	case advice == modelarts.AdviceSuspended && e.Status == http.StatusUnauthorized:
		return &obstacle{summary: "Huawei Cloud refused the account", advice: remedies[advice].advice}
	case advice != "":
		return nil
	case e.Status == http.StatusUnauthorized:
		return a.credentials()
	case gateway && (e.Status == http.StatusForbidden || e.Status == http.StatusBadRequest):
		return a.project()
	case everywhere[e.Operation] && (e.Status == http.StatusNotFound && !strings.HasPrefix(e.Code, "ModelArts.") || e.Status >= 300 && e.Status < 400):
		return &obstacle{summary: "The endpoint is not that of ModelArts", advice: fmt.Sprintf(
			"There is no ModelArts API at %s, so the response does not show whether a notebook exists. %s An endpoint is a scheme and a host, such as https://modelarts.cn-north-4.myhuaweicloud.com. Add a path only if your own proxy needs it.",
			cmp.Or(a.ModelArts, "the endpoint"), a.madeOf("Endpoints.ModelArts"))}
	default:
		return nil
	}
}

// refusedByIAM is the obstacle behind an answer of IAM.
func (a accessed) refusedByIAM(e *huaweicloud.Error) *obstacle {
	switch {
	case !e.Refused():
		return nil
	case e.Operation == huaweicloud.OperationSignIn:
		text := fmt.Sprintf("IAM refused the sign-in with %s. Check them, and that %s is one of the user's projects.",
			a.named("the user's name and password", "UserName", "Password", "DomainName", "DomainID"), cmp.Or(quoted(a.Project), "the region's project"))
		return &obstacle{summary: refusedCredentials, advice: text + " The provider tried once: IAM locks a user after a few wrong passwords."}
	case e.Operation == huaweicloud.OperationAssumeRole && e.Status != http.StatusUnauthorized:
		return &obstacle{summary: "Huawei Cloud refused the agency", advice: fmt.Sprintf(
			"IAM does not let the credentials act for the other account with %s. Check these, and that the other account has entrusted the agency to this one.",
			a.named("the agency", "AssumeRole.AgencyName", "AssumeRole.DomainName", "AssumeRole.DomainID"))}
	case e.Status == http.StatusUnauthorized, e.Operation == huaweicloud.OperationAssumeRole:
		return a.credentials()
	default:
		return nil
	}
}

const refusedCredentials = "Huawei Cloud refused the credentials"

// credentials is the obstacle of credentials that are refused.
func (a accessed) credentials() *obstacle {
	o := &obstacle{summary: refusedCredentials}
	const clock = " Check also the clock of this machine: a signature is valid for 15 minutes."
	switch a.Kind {
	case huaweicloud.KindToken:
		o.advice = fmt.Sprintf("It did not accept %s. A token is valid for 24 hours, and only for its project: get a new one.", a.named("the token", "AuthToken"))
	case huaweicloud.KindPassword:
		o.advice = fmt.Sprintf("It did not accept the token that IAM issued for %s. Check the user's permissions, and that %s is one of the user's projects.",
			a.named("the user", "UserName", "Password"), cmp.Or(quoted(a.Project), "the region's project"))
	case huaweicloud.KindInstance:
		o.advice = "It did not accept the keys from the metadata of this instance. Check the agency of the instance." + clock
	case huaweicloud.KindKeys:
		o.advice = fmt.Sprintf("It did not accept %s. Check that they belong together and that the key was not deleted.", a.named("the keys", "AccessKey", "SecretKey", "SecurityToken"))
		if a.Origins["SecurityToken"] != "" {
			o.advice += " Keys with a security_token expire: get new ones."
		}
		o.advice += clock
	default:
		o.advice = "Check the credentials of the provider." + clock
	}
	if agency := a.Origins["AssumeRole.AgencyName"]; agency != "" {
		o.advice += fmt.Sprintf(" The calls are made for another account, with %s.", a.named("", "AssumeRole.AgencyName"))
	}
	return o
}

// project is the obstacle of a project that the credentials may not use.
func (a accessed) project() *obstacle {
	return &obstacle{summary: "Huawei Cloud refused the project", advice: fmt.Sprintf(
		"The credentials may not use %s. %sIt must be a project of the region and of the account that the credentials belong to.",
		strings.TrimSpace("the project "+a.Project), a.madeOfProject())}
}

// noProject says of a project that was looked up in vain where its name comes from.
func (a accessed) noProject() string {
	text := fmt.Sprintf("IAM lists no project %s for the credentials. %s", quoted(a.Project), a.madeOfProject())
	if a.Origins["ProjectName"] == "" {
		text += "A region's own project has the region's name: check the region, or choose a project by project_id or project_name."
	} else {
		text += "Check its spelling, and that it is in the account that the credentials belong to."
	}
	return text
}

// madeOfProject is a sentence on where the project comes from, with a space after it.
func (a accessed) madeOfProject() string {
	for _, field := range []string{"ProjectID", "ProjectName", "Region"} {
		if a.Origins[field] != "" {
			return fmt.Sprintf("It comes from %s. ", a.named("", field))
		}
	}
	return ""
}

// unreachable is the obstacle of an endpoint to which there is no connection.
func (a accessed) unreachable(err error, unsent bool) *obstacle {
	var noHost *net.DNSError
	var untrusted *tls.CertificateVerificationError
	var network *net.OpError
	// Which of the two endpoints it is shows in the error only where it names a host.
	field, called := "Endpoints.ModelArts", a.ModelArts
	if strings.Contains(err.Error(), "Keystone") || strings.Contains(err.Error(), huaweicloud.OperationAssumeRole) {
		field, called = "Endpoints.IAM", a.IAM
	}
	switch {
	case errors.As(err, &noHost) && noHost.IsNotFound:
		return &obstacle{summary: "There is no host " + noHost.Name, advice: fmt.Sprintf("The name does not resolve. %s", a.madeOf(field))}
	case errors.As(err, &untrusted):
		return &obstacle{
			summary: "The certificate of the endpoint is not trusted", said: untrusted.Error(),
			advice: fmt.Sprintf("The certificate of %s cannot be verified. For a private certificate authority use cacert_file. %s", cmp.Or(host(called), "the endpoint"), a.madeOf(field)),
		}
	case errors.As(err, &network) && network.Op == "dial", unsent:
		said := err.Error()
		if none := (*modelarts.NoAnswerError)(nil); errors.As(err, &none) {
			said = none.Err.Error()
		}
		if network != nil {
			said = network.Error()
		}
		return &obstacle{
			summary: "There is no connection to " + cmp.Or(host(called), "the service"), said: said,
			advice: fmt.Sprintf("No connection could be made. %s Check that, the network of this machine, and proxies on the way.", a.madeOf(field)),
		}
	default:
		return nil
	}
}

// madeOf is a sentence on where an endpoint comes from.
func (a accessed) madeOf(field string) string {
	if a.Origins[field] != "" {
		return fmt.Sprintf("The endpoint is %s.", a.named("", field))
	}
	if a.Origins["Region"] == "" && a.Origins["Cloud"] == "" {
		return "The endpoint comes from the region and the endpoints of the provider."
	}
	return fmt.Sprintf("The endpoint is made of %s.", a.named("", "Region", "Cloud"))
}

// named names the arguments of those fields that are set, each with where it was
// set: "access_key and secret_key, set in the provider block". Where none is known
// to be set it gives the other words.
func (a accessed) named(otherwise string, fields ...string) string {
	type group struct {
		arguments []string
		origin    string
	}
	var groups []group
	for _, field := range fields {
		origin := a.Origins[field]
		switch last := len(groups) - 1; {
		case origin == "":
		case last >= 0 && groups[last].origin == origin:
			groups[last].arguments = append(groups[last].arguments, Arguments[field])
		default:
			groups = append(groups, group{[]string{Arguments[field]}, origin})
		}
	}
	parts := make([]string, len(groups))
	for i, g := range groups {
		parts[i] = fmt.Sprintf("%s (set %s)", Enumerate(g.arguments, ""), g.origin)
	}
	return Enumerate(parts, otherwise)
}

// Enumerate writes words in a sentence: "a, b and c"; none stands for no words.
func Enumerate(words []string, none string) string {
	switch len(words) {
	case 0:
		return none
	case 1:
		return words[0]
	default:
		return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
	}
}

func quoted(text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf("%q", text)
}

// host is the host of a URL, with its port.
func host(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Host
}
