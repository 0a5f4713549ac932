package modelarts

import (
	"errors"
	"net/http"
	"strings"
)

// Advice names what a user can do about an error. Its text, for the users of one
// tool, is that tool's.
type Advice string

// What a user can do about the errors of the service.
const (
	AdviceBusy          Advice = "try later"
	AdviceFailed        Advice = "try again or ask the support"
	AdviceInitializing  Advice = "wait until it is initialized"
	AdviceRecovering    Advice = "wait until it has recovered"
	AdviceConflict      Advice = "wait for the other operation"
	AdviceGone          Advice = "see what is left"
	AdviceStatus        Advice = "change the status"
	AdviceStop          Advice = "stop"
	AdviceStart         Advice = "start"
	AdviceName          Advice = "choose another name"
	AdviceText          Advice = "check name and description"
	AdviceValue         Advice = "check the value"
	AdviceFlavor        Advice = "check the flavor"
	AdviceSoldOut       Advice = "choose a flavor that is left"
	AdviceFlavorAccess  Advice = "choose a flavor that is allowed"
	AdviceFlavorChange  Advice = "choose a flavor that it can change to"
	AdviceResources     Advice = "wait for resources"
	AdviceImage         Advice = "check the image"
	AdviceSSH           Advice = "add an SSH endpoint"
	AdviceKeyPair       Advice = "check the key pair"
	AdviceImageTag      Advice = "choose another image tag"
	AdviceImageSize     Advice = "make the image smaller"
	AdviceCapacity      Advice = "check the capacity"
	AdviceNoEVS         Advice = "choose a smaller disk"
	AdviceStorage       Advice = "check the storage"
	AdviceSecret        Advice = "add a secret"
	AdviceFileSystem    Advice = "choose a parallel file system"
	AdviceMountPath     Advice = "check the mount path"
	AdviceBucket        Advice = "check the path in the bucket"
	AdviceBucketKeys    Advice = "check the keys to the bucket"
	AdviceLease         Advice = "check the lease"
	AdviceArrears       Advice = "settle the account"
	AdviceSuspended     Advice = "lift the restriction of the account"
	AdviceQuota         Advice = "raise the quota"
	AdviceAgency        Advice = "let ModelArts act for the account"
	AdviceAuthorization Advice = "check the authorization of ModelArts"
	AdviceWorkspace     Advice = "check the workspace"
	AdviceProject       Advice = "check the project"
	AdviceTokenScope    Advice = "get a token of the project"
	AdviceCredentials   Advice = "check the credentials"
	AdvicePermission    Advice = "get the permission"
)

// Classes of the codes that no caller asks for by name, or by more than one.
var (
	// errUnsure: the service failed or gave up midway.
	errUnsure = errors.New("the service failed")
	// errRefused: the request or the account is at fault, and nothing happened.
	errRefused = errors.New("refused")
	// errNoImage: the image does not exist, which is ErrNotFound only for an
	// operation on an image.
	errNoImage = errors.New("no such image")

	errAlready       = errors.Join(ErrConflict, ErrWrongState)
	errNotRunning    = errors.Join(ErrNotRunning, ErrWrongState)
	errPath          = errors.Join(errRefused, ErrMountPath)
	errNotChangeable = errors.Join(ErrNotChangeable, ErrWrongState)
)

// signIn is on which answers new credentials are tried, once.
type signIn int

const (
	never   signIn = iota
	on401          // only with the status 401
	anyTime        // whatever the status
)

// code is what is known of one error code.
type code struct {
	class  error // matched with errors.Is
	advice Advice
	retry  bool // the request may be sent again as it is: it was refused because there are too many
	signIn signIn
}

// codes holds every documented error code, without the ModelArts. before it.
// Decide by code first and by HTTP status second: codes come with other statuses
// than the documented ones.
var codes = map[string]code{
	// The service.
	"6101": {class: ErrThrottled, advice: AdviceBusy, retry: true},
	"6100": {class: errUnsure, advice: AdviceFailed},
	"6102": {class: errUnsure, advice: AdviceFailed},
	"6361": {class: errUnsure, advice: AdviceFailed},
	"6691": {class: errUnsure, advice: AdviceFailed},
	"6692": {class: errUnsure, advice: AdviceFailed},
	"6699": {class: errUnsure, advice: AdviceFailed},
	"0010": {class: errUnsure, advice: AdviceFailed},

	// The state of the instance.
	"6309": {class: ErrNotFound, advice: AdviceGone},
	"6404": {class: ErrNotFound, advice: AdviceGone},
	"6355": {class: ErrNotReady, advice: AdviceInitializing},
	"6333": {class: ErrNotReady, advice: AdviceRecovering},
	"6357": {class: ErrConflict, advice: AdviceConflict},
	"6305": {class: errAlready, advice: AdviceConflict}, // running
	"6306": {class: errAlready, advice: AdviceConflict}, // starting
	"6307": {class: errAlready, advice: AdviceConflict}, // stopped
	"6308": {class: errAlready, advice: AdviceConflict}, // stopping
	"6347": {class: errNotChangeable, advice: AdviceStatus},
	"6304": {class: ErrStopFirst, advice: AdviceStop},
	"6327": {class: errNotRunning, advice: AdviceStart},
	"6958": {class: errNotRunning, advice: AdviceStart}, // for a mount

	// Flavor and image.
	"6323": {class: errRefused, advice: AdviceFlavor},
	"6330": {class: errRefused, advice: AdviceFlavor},
	"6870": {class: errRefused, advice: AdviceFlavor},
	"6329": {class: errRefused, advice: AdviceSoldOut},
	"6716": {class: errRefused, advice: AdviceSoldOut},
	"6328": {class: errRefused, advice: AdviceFlavorAccess},
	"6792": {class: errRefused, advice: AdviceFlavorChange},
	"6200": {class: errRefused, advice: AdviceResources},
	"6360": {class: errRefused, advice: AdviceResources},
	"6797": {class: errNoImage, advice: AdviceImage},
	"6768": {class: errRefused, advice: AdviceSSH},
	"6789": {class: errRefused, advice: AdviceKeyPair},
	"6737": {class: errRefused, advice: AdviceImageTag},
	"6771": {class: errRefused, advice: AdviceImageSize},

	// Storage.
	"6331": {class: errRefused, advice: AdviceCapacity},
	"6528": {class: errRefused, advice: AdviceNoEVS},
	"6702": {class: errRefused, advice: AdviceStorage},
	"6927": {class: errPath, advice: AdviceStorage}, // also where the path is taken
	"6316": {class: errRefused, advice: AdviceStorage},
	"6967": {class: errRefused, advice: AdviceSecret},
	"6772": {class: errRefused, advice: AdviceFileSystem},
	"6785": {class: errRefused, advice: AdviceMountPath},
	"6317": {class: errRefused, advice: AdviceBucket},
	"6318": {class: errRefused, advice: AdviceBucket},
	"6324": {class: errRefused, advice: AdviceBucket},
	"6358": {class: errRefused, advice: AdviceBucket},
	"6371": {class: errRefused, advice: AdviceBucket},
	"6624": {class: errRefused, advice: AdviceBucket},
	"6319": {class: errRefused, advice: AdviceBucketKeys},
	"6320": {class: errRefused, advice: AdviceBucketKeys},
	"6350": {class: errRefused, advice: AdviceBucketKeys},
	"6353": {class: errRefused, advice: AdviceBucketKeys},
	"6354": {class: errRefused, advice: AdviceBucketKeys},
	"6782": {class: errRefused, advice: AdviceBucketKeys},

	// Other values.
	"6301": {class: errRefused, advice: AdviceName},
	"6334": {class: errRefused, advice: AdviceText},
	"6303": {class: errRefused, advice: AdviceValue}, // of the order of a list
	"6332": {class: errRefused, advice: AdviceValue},
	"6335": {class: errRefused, advice: AdviceValue},
	"6336": {class: errRefused, advice: AdviceValue},
	"6400": {class: errRefused, advice: AdviceValue},
	"6600": {class: errRefused, advice: AdviceValue},
	"0101": {class: errRefused, advice: AdviceValue},
	"0104": {class: errRefused, advice: AdviceValue},
	"0107": {class: errRefused, advice: AdviceValue},
	"6346": {class: errRefused, advice: AdviceLease},
	"6348": {class: errRefused, advice: AdviceLease},
	"6349": {class: errRefused, advice: AdviceLease},
	"0102": {class: errRefused, advice: AdviceWorkspace},

	// The account.
	"6326": {class: errRefused, advice: AdviceArrears},
	"6201": {class: errRefused, advice: AdviceSuspended},
	"6203": {class: errRefused, advice: AdviceSuspended},
	"6302": {class: errRefused, advice: AdviceQuota},
	"0113": {class: errRefused, advice: AdviceQuota},
	"0116": {class: errRefused, advice: AdviceQuota},
	"0118": {class: errRefused, advice: AdviceQuota},

	// What ModelArts is authorized to.
	"6376": {class: errRefused, advice: AdviceAgency},
	"6379": {class: errRefused, advice: AdviceAgency},
	"6701": {class: errRefused, advice: AdviceAgency},
	"0428": {class: errRefused, advice: AdviceAgency},
	"0420": {class: errRefused, advice: AdviceAuthorization},
	"0421": {class: errRefused, advice: AdviceAuthorization},
	"0422": {class: errRefused, advice: AdviceAuthorization},
	"0423": {class: errRefused, advice: AdviceAuthorization},
	"0424": {class: errRefused, advice: AdviceAuthorization}, // exists already
	"0425": {class: errRefused, advice: AdviceAuthorization},
	"0426": {class: errRefused, advice: AdviceAuthorization},
	"0427": {class: errRefused, advice: AdviceAuthorization},
	"0429": {class: errRefused, advice: AdviceAuthorization},
	"0430": {class: errRefused, advice: AdviceAuthorization},
	"0431": {class: errRefused, advice: AdviceAuthorization},
	"3818": {class: errRefused, advice: AdviceAuthorization}, // exists already
	"6374": {class: errRefused, advice: AdviceAuthorization},
	"6377": {class: errRefused, advice: AdviceAuthorization},
	"6378": {class: errRefused, advice: AdviceAuthorization},

	// The caller.
	"0201": {class: errRefused, advice: AdviceCredentials, signIn: anyTime},
	"0202": {class: errRefused, advice: AdviceCredentials, signIn: anyTime},
	"0203": {class: errRefused, advice: AdviceCredentials, signIn: anyTime},
	"0204": {class: errRefused, advice: AdviceCredentials, signIn: anyTime},
	"0205": {class: errRefused, advice: AdviceCredentials, signIn: anyTime},
	"0206": {class: errRefused, advice: AdviceCredentials, signIn: on401}, // with 403 the keys are wrong
	"0207": {class: errRefused, advice: AdviceCredentials, signIn: anyTime},
	"0208": {class: errRefused, advice: AdviceCredentials, signIn: anyTime},
	"0209": {class: errRefused, advice: AdviceCredentials, signIn: anyTime},
	"6401": {class: errRefused, advice: AdviceCredentials, signIn: anyTime},
	"6608": {class: errRefused, advice: AdviceCredentials, signIn: anyTime},
	"6620": {class: errRefused, advice: AdviceCredentials, signIn: anyTime},
	"0210": {class: errRefused, advice: AdviceProject},
	"0212": {class: errRefused, advice: AdviceTokenScope},
	"0108": {class: errRefused, advice: AdvicePermission},
	"0109": {class: errRefused, advice: AdvicePermission},
	"0112": {class: errRefused, advice: AdvicePermission},
	"6407": {class: errRefused, advice: AdvicePermission},
}

// What the codes of the service and of the cloud's gateway begin with.
const (
	codePrefix    = "ModelArts."
	gatewayPrefix = "APIG."
)

// lookUp returns what is known of a code such as ModelArts.6309; it is zero for
// one that is not documented.
func lookUp(name string) (code, bool) {
	number, ours := strings.CutPrefix(name, codePrefix)
	c, known := codes[number]
	if !ours || !known {
		return code{}, false
	}
	return c, true
}

// AdviceFor returns what to do about an error code; empty for one that is not
// documented.
func AdviceFor(name string) Advice {
	c, _ := lookUp(name)
	return c.advice
}

// Retry reports whether a request that was refused with the error code, a create
// too, can be sent again as it is: the service had too many, and nothing has
// happened.
func Retry(name string) bool {
	c, _ := lookUp(name)
	return c.retry
}

// SignInAgain reports whether an answer refuses the credentials in a way that new
// ones may mend, so that the request can be sent once more with them. A code that
// is not documented counts by its HTTP status.
func SignInAgain(status int, name string) bool {
	c, known := lookUp(name)
	return c.signIn == anyTime || (c.signIn == on401 || !known) && status == http.StatusUnauthorized
}
