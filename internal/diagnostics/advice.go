package diagnostics

const (
	adviceKeys = "The service does not accept the credentials. Check the provider's access_key and secret_key (HW_ACCESS_KEY, HW_SECRET_KEY), " +
		"security_token (HW_SECURITY_TOKEN) for temporary keys, or auth_token (HW_AUTH_TOKEN), and this machine's clock: a signature is valid for 15 minutes."
	adviceGateway = "The gateway in front of the service refused. Check the provider's project_id (HW_PROJECT_ID) and region (HW_REGION_NAME): " +
		"the project must be the region's, and the credentials' own."
	adviceProject = "The credentials have no such project. Check the provider's project_id (HW_PROJECT_ID), project_name (HW_PROJECT_NAME) and region (HW_REGION_NAME)."
	adviceUnsure  = "The service failed on its side. Try again; if it goes on, give the request ID to its support."
	adviceFlavor  = "Choose another flavor: the service lists them in its console, and a flavor must exist in the region, for the feature and for the storage."
	adviceStorage = "Check the volume and data_volumes: which category goes with which ownership, uri, id and dew_secret_name is in the documentation of the volume block."
	adviceLease   = "A lease lasts from 1 to 72 hours: check lease.duration."
	adviceQuota   = "Delete notebooks that are not needed, or ask for a higher quota."
	adviceImage   = "Check image_id: the image must exist in the region, be ACTIVE, and have the architecture and category of the flavor."
)

// advice is what to do about each error code of the service, in one place.
var advice = map[string]string{
	"ModelArts.6101": "The service is busy. Try again later, or apply with a lower -parallelism.",
	"ModelArts.6100": adviceUnsure,
	"ModelArts.6102": adviceUnsure,
	"ModelArts.6699": adviceUnsure,
	"ModelArts.6691": adviceUnsure,
	"ModelArts.6692": adviceUnsure,
	"ModelArts.0010": adviceUnsure,
	"ModelArts.6355": "The notebook was still initializing when the time was up. Apply again in a minute.",
	"ModelArts.6333": "The notebook was still recovering when the time was up. Apply again in some minutes.",
	"ModelArts.6357": "Another operation is under way on the notebook. Apply again when it has ended.",
	"ModelArts.6347": "The service takes this change neither while the notebook runs nor while it is stopped.",
	"ModelArts.6304": "Stop the notebook first.",
	"ModelArts.6323": adviceFlavor,
	"ModelArts.6870": adviceFlavor,
	"ModelArts.6330": adviceFlavor,
	"ModelArts.6716": "The flavor is sold out. Choose another flavor, or try again later.",
	"ModelArts.6329": "The flavor is sold out. Choose another flavor, or try again later.",
	"ModelArts.6328": "The account may not use this flavor. Choose another, or ask for the permission.",
	"ModelArts.6792": "The notebook cannot change to this flavor. Choose another, or replace the notebook.",
	"ModelArts.6797": adviceImage,
	"ModelArts.6768": "The image is reached over SSH only: add endpoints = { SSH = { key_pair_names = [...] } }.",
	"ModelArts.6331": "Check volume.capacity: an EVS disk has 5 to 4096 GB, and some flavors allow less.",
	"ModelArts.6528": "The region has no EVS capacity left. Choose a smaller disk, or try again later.",
	"ModelArts.6334": `Check name and description: name takes letters, digits, hyphens and underscores; description none of & < > " ' /.`,
	"ModelArts.6349": adviceLease,
	"ModelArts.6348": adviceLease,
	"ModelArts.6346": adviceLease,
	"ModelArts.6326": "The account is in arrears or restricted, and the notebook frozen. Settle the account first.",
	"ModelArts.6327": "The notebook must be running for this. Start it, for example with desired_status = \"RUNNING\".",
	"ModelArts.6360": "There are no resources left to start the notebook with. Try again later, or choose another flavor.",
	"ModelArts.6200": "There are no resources left to start the notebook with. Try again later, or choose another flavor.",
	"ModelArts.6302": adviceQuota,
	"ModelArts.0113": adviceQuota,
	"ModelArts.0118": adviceQuota,
	"ModelArts.0116": adviceQuota,
	"ModelArts.6702": adviceStorage,
	"ModelArts.6927": adviceStorage,
	"ModelArts.6967": "OBS and OBSFS volumes need dew_secret_name, the DEW secret with the keys to the bucket.",
	"ModelArts.6772": "Only parallel file systems (OBSFS) can be mounted: check the category and uri of the storage.",
	"ModelArts.6371": adviceStorage,
	"ModelArts.6358": adviceStorage,
	"ModelArts.6324": adviceStorage,
	"ModelArts.6624": adviceStorage,
	"ModelArts.6782": "ModelArts has no authorization for the bucket. Give it access to OBS in the account's agency.",
	"ModelArts.6376": "The agency that ModelArts acts through is missing. Create it in the ModelArts console, under access authorization.",
	"ModelArts.6379": "The agency that ModelArts acts through is missing. Create it in the ModelArts console, under access authorization.",
	"ModelArts.6789": "Check endpoints.SSH.key_pair_names: the key pair must exist in the region, and the user must be allowed to use it.",
	"ModelArts.0102": "Check workspace_id: there is no such workspace.",
	"ModelArts.0210": adviceProject,
	"ModelArts.0206": adviceKeys,
	"ModelArts.0108": "The user has no permission for this operation. Ask for a role that holds it.",
	"ModelArts.0112": "The user has no permission for this operation. Ask for a role that holds it.",
}
