package simulator

import "net/http"

// problem is a refusal of the service or of the gateway.
type problem struct {
	status  int
	code    string
	message string
	// plain is a refusal without a body of JSON.
	plain bool
}

// answer is the refusal in the service's shape.
func (p *problem) answer() *answer {
	if p.plain {
		return &answer{status: p.status, contentType: "text/plain", raw: []byte(p.message + "\n"), code: p.code}
	}
	return &answer{
		status: p.status,
		body:   map[string]string{"error_code": p.code, "error_msg": p.message},
		code:   p.code,
	}
}

// refusal is a problem with the status of its code. Without a message it has
// the usual one.
func refusal(code, message string) *problem {
	known, ok := errorTable[code]
	if !ok {
		known = errorEntry{http.StatusInternalServerError, "Internal error."}
	}
	if message == "" {
		message = known.message
	}
	return &problem{status: known.status, code: code, message: message}
}

type errorEntry struct {
	status  int
	message string
}

// errorTable is the error codes that the service answers, with the status that
// each comes with first of all.
var errorTable = map[string]errorEntry{
	"APIG.0101": {404, "The API does not exist or has not been published in the environment"},
	"APIG.0301": {401, "Incorrect IAM authentication information: verify aksk signature fail"},
	"APIG.0308": {429, "The throttling threshold has been reached"},

	"ModelArts.0010": {500, "Internal error."},
	"ModelArts.0101": {400, "Invalid parameter."},
	"ModelArts.0102": {400, "The workspace does not exist."},
	"ModelArts.0104": {400, "Invalid parameter."},
	"ModelArts.0107": {400, "Invalid parameter."},
	"ModelArts.0108": {403, "Operation not allowed."},
	"ModelArts.0109": {500, "The account is not allowed."},
	"ModelArts.0112": {403, "Insufficient permissions."},
	"ModelArts.0113": {400, "The quota has been reached."},
	"ModelArts.0116": {400, "The resource quota has been reached."},
	"ModelArts.0118": {400, "The quota of the workspace has been reached."},
	"ModelArts.0201": {401, "The token is missing."},
	"ModelArts.0202": {401, "The token has expired."},
	"ModelArts.0203": {401, "The token is invalid."},
	"ModelArts.0204": {401, "The request header holds no signature."},
	"ModelArts.0205": {401, "The signature has expired."},
	"ModelArts.0206": {403, "The AK or SK is incorrect."},
	"ModelArts.0207": {401, "The signature is malformed."},
	"ModelArts.0208": {401, "The request date is malformed."},
	"ModelArts.0209": {401, "The signature does not match."},
	"ModelArts.0210": {403, "The project ID in the URL does not match that of the credentials."},
	"ModelArts.0212": {401, "The token is not of a project."},
	"ModelArts.0420": {400, "The user does not exist."},
	"ModelArts.0428": {401, "The user has no authorization."},
	"ModelArts.0429": {400, "The user has no authorization."},
	"ModelArts.3818": {400, "The agency exists already."},
	"ModelArts.6100": {408, "The request timed out."},
	"ModelArts.6101": {429, "The system is busy. Try again later."},
	"ModelArts.6102": {500, "Internal error. Try again later."},
	"ModelArts.6200": {500, "Insufficient resources."},
	"ModelArts.6201": {401, "The account is suspended."},
	"ModelArts.6203": {401, "The account is restricted."},
	"ModelArts.6301": {400, "An instance of that name exists."},
	"ModelArts.6302": {400, "The number of instances has reached the quota."},
	"ModelArts.6303": {400, "The list cannot be sorted by that field."},
	"ModelArts.6304": {400, "The instance must be stopped before it can be deleted."},
	"ModelArts.6305": {400, "The instance is running."},
	"ModelArts.6306": {400, "The instance is being started."},
	"ModelArts.6307": {400, "The instance is stopped."},
	"ModelArts.6308": {400, "The instance is being stopped."},
	"ModelArts.6309": {400, "The instance does not exist."},
	"ModelArts.6316": {400, "The storage is missing."},
	"ModelArts.6317": {400, "The OBS path is missing."},
	"ModelArts.6318": {400, "The path does not end with a slash."},
	"ModelArts.6319": {400, "No AK/SK is configured."},
	"ModelArts.6320": {400, "Failed to access OBS with the AK/SK."},
	"ModelArts.6323": {400, "The instance flavor is not supported."},
	"ModelArts.6324": {400, "The location type of the storage is not supported."},
	"ModelArts.6326": {400, "The account is frozen. Check whether it is in arrears."},
	"ModelArts.6327": {400, "The instance is not running."},
	"ModelArts.6328": {400, "No permission to use the flavor."},
	"ModelArts.6329": {400, "The flavor is sold out."},
	"ModelArts.6330": {400, "The flavor does not support the image."},
	"ModelArts.6331": {400, "The EVS disk size is out of range."},
	"ModelArts.6332": {400, "The type of a parameter is incorrect."},
	"ModelArts.6333": {400, "The instance is recovering. Try again in a few minutes."},
	"ModelArts.6334": {400, "A parameter contains a forbidden character."},
	"ModelArts.6335": {400, "A required parameter is missing."},
	"ModelArts.6336": {400, "The value of a parameter is invalid."},
	"ModelArts.6346": {400, "The lease is missing."},
	"ModelArts.6347": {400, "The parameter cannot be changed in the current status of the instance."},
	"ModelArts.6348": {400, "The lease duration is missing."},
	"ModelArts.6349": {400, "The lease duration must be from 3600000 to 259200000 milliseconds."},
	"ModelArts.6350": {400, "Access to OBS with the AK/SK is refused."},
	"ModelArts.6353": {400, "The AK/SK are incorrect."},
	"ModelArts.6354": {400, "The AK/SK are those of another user."},
	"ModelArts.6355": {400, "The resource is being initialized. Try again in a minute."},
	"ModelArts.6357": {400, "Another operation is being performed on the instance or the instance is in the target state."},
	"ModelArts.6358": {400, "The OBS path is the root of a bucket."},
	"ModelArts.6360": {400, "Insufficient resources to start the instance."},
	"ModelArts.6361": {400, "Internal error."},
	"ModelArts.6371": {400, "The storage class of the bucket is not Standard."},
	"ModelArts.6374": {400, "Failed to obtain the authorization."},
	"ModelArts.6376": {400, "The agency for ModelArts does not exist."},
	"ModelArts.6379": {400, "No agency is configured for ModelArts."},
	"ModelArts.6400": {400, "The request payload is invalid."},
	"ModelArts.6401": {400, "The token is invalid."},
	"ModelArts.6404": {400, "The resource does not exist."},
	"ModelArts.6407": {400, "No permission to access the instance."},
	"ModelArts.6528": {400, "No EVS disk is left."},
	"ModelArts.6600": {400, "Invalid parameter."},
	"ModelArts.6608": {401, "The token is invalid."},
	"ModelArts.6620": {401, "Authentication failed."},
	"ModelArts.6624": {404, "The OBS path does not exist."},
	"ModelArts.6691": {500, "Internal error of the storage."},
	"ModelArts.6692": {500, "Internal error of the network."},
	"ModelArts.6699": {500, "Internal error."},
	"ModelArts.6701": {400, "No agency is configured for ModelArts."},
	"ModelArts.6702": {400, "The storage category does not support the ownership, or the flavor does not support the storage."},
	"ModelArts.6716": {400, "The flavor is sold out."},
	"ModelArts.6737": {400, "The image tag is in use."},
	"ModelArts.6768": {400, "The image supports only SSH, and no SSH endpoint is configured."},
	"ModelArts.6771": {400, "The image is too large."},
	"ModelArts.6772": {400, "The bucket is not a parallel file system."},
	"ModelArts.6782": {400, "The storage cannot be mounted without AK/SK."},
	"ModelArts.6785": {400, "The mount path must be below /data/ and end with a slash."},
	"ModelArts.6789": {400, "No permission to use the key pair."},
	"ModelArts.6792": {400, "The instance cannot be changed to the flavor."},
	"ModelArts.6797": {400, "The image does not exist."},
	"ModelArts.6870": {400, "The flavor does not support the feature."},
	"ModelArts.6927": {400, "The mount path is missing or in use."},
	"ModelArts.6958": {400, "The instance is not running."},
	"ModelArts.6967": {400, "The secret for the storage is missing."},
}

// notFound is the answer to a request for a notebook that does not exist; once
// says that it existed.
func (s *Simulator) notFound(c *call, once bool) *problem {
	missing := refusal("ModelArts.6309", "")
	switch {
	case s.options.PlainNotFound:
		return &problem{status: http.StatusNotFound, message: "404 page not found", plain: true}
	case s.isB("gone-6404"):
		return refusal("ModelArts.6404", "")
	case s.isB("gone-404"):
		if c.entry.Method != http.MethodGet {
			missing = refusal("ModelArts.6404", "")
		}
		missing.status = http.StatusNotFound
	case s.isB("gone-6357") && once:
		return refusal("ModelArts.6357", "")
	}
	return missing
}
