package diagnostics

import "strings"

const (
	adviceKeys = "The service does not accept the credentials. Check the provider's access_key and secret_key (HW_ACCESS_KEY, HW_SECRET_KEY), " +
		"security_token (HW_SECURITY_TOKEN) for temporary keys, or auth_token (HW_AUTH_TOKEN), and this machine's clock: a signature is valid for 15 minutes."
	adviceGateway = "The gateway in front of the service refused. Check the provider's project_id (HW_PROJECT_ID) and region (HW_REGION_NAME): " +
		"the project must be the region's, and the credentials' own."
	adviceSignIn = "IAM does not let the user in. Check the provider's user_name (HW_USER_NAME), password (HW_USER_PASSWORD) and domain_name (HW_DOMAIN_NAME), " +
		"and that the region (HW_REGION_NAME) or project_name (HW_PROJECT_NAME) is one of the user's projects. The provider has tried once: IAM locks a user after a few wrong passwords."
	adviceAgency = "IAM does not let the credentials act for the other account. Check the provider's assume_role (HW_ASSUME_ROLE_AGENCY_NAME, HW_ASSUME_ROLE_DOMAIN_NAME), " +
		"and that the other account has entrusted the agency to this one."
	adviceNoCredentials = "Give the credentials in the environment, as HW_ACCESS_KEY and HW_SECRET_KEY for example. All the ways are in the provider's documentation, under Authentication."
	adviceProject       = "The credentials have no such project. Check the provider's project_id (HW_PROJECT_ID), project_name (HW_PROJECT_NAME) and region (HW_REGION_NAME)."
)

// remedy is what to do about an error code of the service, and the argument of
// a notebook that is to blame, if one is.
type remedy struct {
	argument string
	advice   string
}

// remedies has every documented error code of the service, in one place.
var remedies = byCode([]struct {
	codes string // without ModelArts.
	remedy
}{
	{"6101", remedy{"", "The service is busy. Try again later, or apply with a lower -parallelism."}},
	{"6100 6102 6699 6691 6692 0010", remedy{"", "The service failed on its side. Try again; if it goes on, give the request ID to its support."}},
	{"6355", remedy{"", "The notebook was still initializing when the time was up. Apply again in a minute."}},
	{"6333", remedy{"", "The notebook was still recovering when the time was up. Apply again in some minutes."}},
	{"6357 6305 6306 6307 6308", remedy{"", "Another operation is under way on the notebook, or it was there already. Apply again when it has ended."}},
	{"6309 6404", remedy{"", "What was asked for does not exist any more. Run terraform plan to see what is left."}},
	{"6347", remedy{"", "The service takes this change only in another status of the notebook."}},
	{"6304", remedy{"", "Stop the notebook first."}},
	{"6327", remedy{"desired_status", "The notebook must be running for this. Start it, for example with desired_status = \"RUNNING\"."}},

	{"6323 6870 6330", remedy{"flavor", "Choose another flavor: it must exist in the region, for the feature and the storage, and have the architecture and category of the image."}},
	{"6716 6329", remedy{"flavor", "The flavor is sold out. Choose another flavor, or try again later."}},
	{"6328", remedy{"flavor", "The account may not use this flavor. Choose another, or ask for the permission."}},
	{"6792", remedy{"flavor", "The notebook cannot change to this flavor. Choose another, or replace the notebook."}},
	{"6360 6200", remedy{"flavor", "There are no resources left to start the notebook with. Try again later, or choose another flavor."}},
	{"6797", remedy{"image_id", "Check image_id: the image must exist in the region, be ACTIVE, and have the architecture and category of the flavor."}},
	{"6768", remedy{"endpoints", "The image is reached over SSH only: add endpoints = { SSH = { key_pair_names = [...] } }."}},
	{"6789", remedy{"endpoints", "Check endpoints.SSH.key_pair_names: the key pair must exist in the region, and the user must be allowed to use it."}},

	{"6331", remedy{"volume", "Check volume.capacity: an EVS disk has 5 to 4096 GB, and some flavors allow less."}},
	{"6528", remedy{"volume", "The region has no EVS capacity left. Choose a smaller disk, or try again later."}},
	{"6702 6927 6371 6358 6324 6624", remedy{"volume", "Check volume and data_volumes: which category goes with which ownership, uri, id and dew_secret_name is in the documentation of volume."}},
	{"6967", remedy{"volume", "OBS and OBSFS volumes need dew_secret_name, the DEW secret with the keys to the bucket."}},
	{"6772", remedy{"data_volumes", "Only parallel file systems (OBSFS) can be mounted: check the category and uri of the storage."}},
	{"6782", remedy{"volume", "ModelArts has no authorization for the bucket. Give it access to OBS in the account's agency."}},

	{"6349 6348 6346", remedy{"lease", "A lease lasts from 1 to 72 hours: check lease.duration."}},
	{"6334", remedy{"description", `Check name and description: name takes letters, digits, hyphens and underscores; description none of & < > " ' /.`}},
	{"6335 6336 6332 6400", remedy{"", "The service does not take a value as it was sent. Check the argument that it names; if it is right, report this to the provider's issue tracker."}},
	{"0102", remedy{"workspace_id", "Check workspace_id: there is no such workspace."}},

	{"6326", remedy{"", "The account is in arrears or restricted, and its notebooks are frozen. Settle the account first."}},
	{"6302 0113 0118 0116", remedy{"", "The quota is reached. Delete notebooks that are not needed, or ask for a higher quota."}},
	{"6376 6379", remedy{"", "The agency that ModelArts acts through is missing. Create it in the ModelArts console, under access authorization."}},
	{"6737", remedy{"", "The image tag is in use. Choose another tag."}},
	{"6771", remedy{"", "The image is too large to be saved. Remove what it does not need."}},
	{"0210", remedy{"", adviceProject}},
	{"0201 0202 0203 0204 0205 0206 0207 0208 0209 6620 6608", remedy{"", adviceKeys}},
	{"0108 0112", remedy{"", "The user has no permission for this operation. Ask for a role that holds it."}},
})

func byCode(rows []struct {
	codes string
	remedy
},
) map[string]remedy {
	table := make(map[string]remedy)
	for _, row := range rows {
		for code := range strings.FieldsSeq(row.codes) {
			table["ModelArts."+code] = row.remedy
		}
	}
	return table
}
