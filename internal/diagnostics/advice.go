package diagnostics

import (
	"errors"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// AuthorizeModelArts says how ModelArts comes to act for an account.
const AuthorizeModelArts = "An administrator sets it up, once for all users or for each: in the ModelArts console, under access authorization, " +
	"or with the resource huaweicloud_modelarts_authorization of the provider huaweicloud/huaweicloud (user_id = \"all-users\", type = \"agency\", agency_name = \"modelarts_agency\"). " +
	"The data source modelarts_authorization shows whether it exists."

// Advice on errors without a code of the service.
const (
	adviceGateway       = "The gateway in front of the service refused the call. Give the request ID to the support of the service if it goes on."
	adviceNoCredentials = "Give the credentials in the environment, as HW_ACCESS_KEY and HW_SECRET_KEY for example. The provider's documentation lists all ways, under Authentication."
	adviceForeign       = "The response has no error code of the service, so it does not mean that anything was deleted. Check the provider's region and endpoints, " +
		"and the proxies between this machine and the service."
	adviceDoubted = "The request contained %[1]s, which only the newest model of the API has: this site of the service may not support it. " +
		"Remove %[1]s from the configuration and apply again. If the service refuses that, too, the cause is another argument: see the message of the service."
	adviceImageInUse = "The service refuses to delete an image that is in use, and does not return what uses it: a running or stopped notebook, " +
		"the notebook from which it was saved, or another service. Give those notebooks another image_id, or delete them first. " +
		"To keep the image: set keep_on_destroy = true and apply that first (resource modelarts_notebook_image), or remove the image from the state with terraform state rm."
	adviceStuck = "The service refuses to start or stop a notebook that is %[1]s. Ask its support to repair the notebook, or replace it (terraform apply -replace=ADDRESS), which deletes its managed storage."
)

// remedy is what to do about an error, and the argument of a notebook that is to
// blame, if one is.
type remedy struct {
	argument string
	advice   string
}

// mountRemedies are the remedies that are others for storage that is mounted on a
// notebook.
var mountRemedies = map[modelarts.Advice]remedy{
	modelarts.AdviceFileSystem: {"uri", "Only parallel file systems of OBS can be mounted, and no object buckets, although both are addressed as obs://bucket/path/; SFS Turbo only in dedicated resource pools. " +
		"Check that the bucket is a parallel file system, that it exists in the region, and that ModelArts may use it. A file system is made under \"Parallel File Systems\" in the console of OBS."},
	modelarts.AdviceMountPath:  {"mount_path", "Storage is mounted below /data/: /data/lake/, for example."},
	modelarts.AdviceStorage:    {"mount_path", "Check category, uri and mount_path: nothing else may be mounted at the path, and no data volume of the notebook may be there."},
	modelarts.AdviceBucket:     {"uri", "Check uri: a folder that exists below the root of a bucket, ends with a slash, and is in a bucket of the region with the storage class Standard."},
	modelarts.AdviceBucketKeys: {"uri", "ModelArts has no access to the bucket: check the permissions of its agency."},
	modelarts.AdviceQuota:      {"", "A notebook has at most 10 mounts. Unmount what is not needed, or put several folders into one mount."},
	modelarts.AdviceStart:      {"", "The notebook must be running for this. Set start_notebook = true, or start the notebook."},
	modelarts.AdviceValue:      {"", "The service does not take a value as it was sent. Check the argument that it names; if it is right, report this to the provider's issue tracker."},
}

// mountRemedy is the remedy for an error of an operation on a mount. found is the one
// for an operation on a notebook.
func mountRemedy(err error, found remedy) remedy {
	var service *modelarts.Error
	if errors.As(err, &service) {
		if own, there := mountRemedies[modelarts.AdviceFor(service.Code)]; there {
			return own
		}
	}
	return remedy{advice: found.advice}
}

// remedies has the text of each advice of the table of error codes.
var remedies = map[modelarts.Advice]remedy{
	modelarts.AdviceBusy:         {"", "The service is busy. Try again later, or apply with a lower -parallelism."},
	modelarts.AdviceFailed:       {"", "The service failed on its side. Try again; if it goes on, give the request ID to its support."},
	modelarts.AdviceInitializing: {"", "The notebook was still initializing when the time was up. Apply again in a minute."},
	modelarts.AdviceRecovering:   {"", "The notebook was still recovering when the time was up. Apply again in some minutes."},
	modelarts.AdviceConflict:     {"", "Another operation is under way on the notebook, or it was there already. Apply again when it has ended. If the console has no such notebook any more, remove it from the state with terraform state rm."},
	modelarts.AdviceGone:         {"", "The requested object no longer exists. Run terraform plan to see what is left."},
	modelarts.AdviceStatus:       {"", "The service accepts this change only in another status of the notebook."},
	modelarts.AdviceStop:         {"", "Stop the notebook first."},
	modelarts.AdviceStart:        {"desired_status", "The notebook must be running for this. Start it, for example with desired_status = \"RUNNING\"."},

	modelarts.AdviceFlavor:       {"flavor", "Choose another flavor: it must exist in the region, for the feature and the storage, and have the architecture and category of the image."},
	modelarts.AdviceSoldOut:      {"flavor", "The flavor is sold out. Choose another flavor, or try again later."},
	modelarts.AdviceFlavorAccess: {"flavor", "The account may not use this flavor. Choose another, or ask for the permission."},
	modelarts.AdviceFlavorChange: {"flavor", "The notebook cannot change to this flavor. Choose another, or replace the notebook."},
	modelarts.AdviceResources:    {"flavor", "There are no resources left to start the notebook with. Try again later, or choose another flavor."},
	modelarts.AdviceImage:        {"image_id", "Check image_id: the image must exist in the region, be ACTIVE, and have the architecture and category of the flavor."},
	modelarts.AdviceSSH:          {"endpoints", "The image is reached over SSH only: add endpoints = { SSH = { key_pair_names = [...] } }."},
	modelarts.AdviceKeyPair:      {"endpoints", "Check endpoints.SSH.key_pair_names: the key pair must exist in the region, and the user must be allowed to use it."},
	modelarts.AdviceImageTag:     {"", "The image tag is in use. Choose another tag."},
	modelarts.AdviceImageSize:    {"", "The image is too large to be saved. Remove what it does not need."},

	modelarts.AdviceCapacity:   {"volume", "Check volume.capacity: an EVS disk has 5 to 4096 GB, and some flavors allow less."},
	modelarts.AdviceNoEVS:      {"volume", "The region has no EVS capacity left. Choose a smaller disk, or try again later."},
	modelarts.AdviceStorage:    {"volume", "Check volume and data_volumes: which category goes with which ownership, uri, id and dew_secret_name is in the documentation of volume."},
	modelarts.AdviceSecret:     {"volume", "OBS and OBSFS volumes need dew_secret_name, the DEW secret with the keys to the bucket."},
	modelarts.AdviceFileSystem: {"data_volumes", "Only parallel file systems (OBSFS) can be mounted: check the category and uri of the storage."},
	modelarts.AdviceMountPath:  {"data_volumes", "Storage is mounted below /data/, and the path ends with a slash: /data/lake/, for example."},
	modelarts.AdviceBucket:     {"volume", "Check the uri of the storage: a path that exists below the root of a bucket, ends with a slash, and is in a bucket of the region with the storage class Standard."},
	modelarts.AdviceBucketKeys: {"volume", "ModelArts has no access to the bucket. Check dew_secret_name: the DEW secret must hold the access key and the secret key of a user who may use the bucket."},

	modelarts.AdviceName:  {"name", "The service refuses a second notebook of this name. Choose another name."},
	modelarts.AdviceText:  {"description", `Check name and description: name takes letters, digits, hyphens and underscores; description none of < and >. Some sites take Latin letters only in a name, and none of & " ' / in a description.`},
	modelarts.AdviceValue: {"", "The service does not take a value as it was sent. Check the argument that it names; if it is right, report this to the provider's issue tracker."},
	modelarts.AdviceLease: {"lease", "A lease lasts from 1 to 72 hours: check lease.duration."},

	modelarts.AdviceArrears:       {"", "The account is in arrears or restricted, and its notebooks are frozen. Settle the account first."},
	modelarts.AdviceSuspended:     {"", "The account is suspended or restricted. Settle the account first."},
	modelarts.AdviceQuota:         {"", "The quota is reached. Delete notebooks that are not needed, or ask for a higher quota."},
	modelarts.AdviceAgency:        {"", "ModelArts may not act for the account or the user: the agency that it acts through is missing or not authorized. " + AuthorizeModelArts},
	modelarts.AdviceAuthorization: {"", "The authorization of ModelArts could not be read or changed. Check it in the ModelArts console, under access authorization, or with the data source modelarts_authorization; changing it needs an administrator."},
	modelarts.AdviceWorkspace:     {"workspace_id", "Check workspace_id: there is no such workspace."},
	modelarts.AdvicePermission:    {"", "The user has no permission for this operation. Ask for a role that holds it."},
}
