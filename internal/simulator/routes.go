package simulator

import (
	"slices"
	"strings"
)

// operation is one operation of the service or of IAM.
type operation struct {
	// id is the operationId of the contract; for IAM, the name that the
	// vendor's SDKs have for the operation.
	id     string
	method string
	// path has {names} where requests have values.
	path string
	// open operations need no authentication.
	open  bool
	serve func(*Simulator, *call) (*answer, *problem)
}

// operations is everything that is served. Where two paths match, the one that
// comes first is meant.
var operations = []operation{
	{id: "ListNotebooks", method: "GET", path: "/v1/{project_id}/notebooks", serve: (*Simulator).listNotebooks},
	{id: "CreateNotebook", method: "POST", path: "/v1/{project_id}/notebooks", serve: (*Simulator).createNotebook},
	{id: "ListAllNotebooks", method: "GET", path: "/v1/{project_id}/notebooks/all", serve: (*Simulator).listAllNotebooks},
	{id: "ListFlavors", method: "GET", path: "/v1/{project_id}/notebooks/flavors", serve: (*Simulator).listFlavors},
	{id: "ShowNotebookTags", method: "GET", path: "/v1/{project_id}/notebooks/tags", serve: (*Simulator).showNotebookTags},
	{id: "ShowNotebook", method: "GET", path: "/v1/{project_id}/notebooks/{id}", serve: (*Simulator).showNotebook},
	{id: "UpdateNotebook", method: "PUT", path: "/v1/{project_id}/notebooks/{id}", serve: (*Simulator).updateNotebook},
	{id: "DeleteNotebook", method: "DELETE", path: "/v1/{project_id}/notebooks/{id}", serve: (*Simulator).deleteNotebook},
	{id: "StartNotebook", method: "POST", path: "/v1/{project_id}/notebooks/{id}/start", serve: (*Simulator).startNotebook},
	{id: "StopNotebook", method: "POST", path: "/v1/{project_id}/notebooks/{id}/stop", serve: (*Simulator).stopNotebook},
	{id: "ShowLease", method: "GET", path: "/v1/{project_id}/notebooks/{id}/lease", serve: (*Simulator).showLease},
	{id: "RenewLease", method: "PATCH", path: "/v1/{project_id}/notebooks/{id}/lease", serve: (*Simulator).renewLease},
	{id: "ShowSwitchableFlavors", method: "GET", path: "/v1/{project_id}/notebooks/{id}/flavors", serve: (*Simulator).showSwitchableFlavors},
	{id: "CreateImage", method: "POST", path: "/v1/{project_id}/notebooks/{id}/create-image", serve: (*Simulator).createImage},
	{id: "ListDynamicStorages", method: "GET", path: "/v1/{project_id}/notebooks/{id}/storage", serve: (*Simulator).listDynamicStorages},
	{id: "AttachDynamicStorage", method: "POST", path: "/v1/{project_id}/notebooks/{id}/storage", serve: (*Simulator).attachDynamicStorage},
	{id: "ShowDynamicStorage", method: "GET", path: "/v1/{project_id}/notebooks/{id}/storage/{storage_id}", serve: (*Simulator).showDynamicStorage},
	{id: "DetachDynamicStorage", method: "DELETE", path: "/v1/{project_id}/notebooks/{id}/storage/{storage_id}", serve: (*Simulator).detachDynamicStorage},
	{id: "CreateNotebookTags", method: "POST", path: "/v1/{project_id}/notebooks/{id}/tags/create", serve: (*Simulator).createNotebookTags},
	{id: "DeleteNotebookTags", method: "DELETE", path: "/v1/{project_id}/notebooks/{id}/tags/delete", serve: (*Simulator).deleteNotebookTags},
	{id: "ListImage", method: "GET", path: "/v1/{project_id}/images", serve: (*Simulator).listImage},
	{id: "RegisterImage", method: "POST", path: "/v1/{project_id}/images", serve: (*Simulator).registerImage},
	{id: "ListImageGroup", method: "GET", path: "/v1/{project_id}/images/group", serve: (*Simulator).listImageGroup},
	{id: "ShowImage", method: "GET", path: "/v1/{project_id}/images/{image_id}", serve: (*Simulator).showImage},
	{id: "DeleteImage", method: "DELETE", path: "/v1/{project_id}/images/{image_id}", serve: (*Simulator).deleteImage},
	{id: "SyncImage", method: "POST", path: "/v1/{project_id}/images/{image_id}/sync", serve: (*Simulator).syncImage},
	{id: "UpdateImageGroup", method: "PUT", path: "/v1/{project_id}/images/group/{group_id}", serve: (*Simulator).updateImageGroup},
	{id: "DeleteImageGroup", method: "DELETE", path: "/v1/{project_id}/images/group/{group_id}", serve: (*Simulator).deleteImageGroup},
	{id: "ListAuthoringClusters", method: "GET", path: "/v1/{project_id}/authoring/clusters", serve: (*Simulator).listAuthoringClusters},
	{id: "ShowCluster", method: "GET", path: "/v1/{project_id}/authoring/clusters/{cluster_id}", serve: (*Simulator).showCluster},
	{id: "ListFeatures", method: "GET", path: "/v1/{project_id}/authoring/features/{feature}", serve: (*Simulator).listFeatures},
	{id: "GetAuthorizations", method: "GET", path: "/v2/{project_id}/authorizations", serve: (*Simulator).getAuthorizations},
	{id: "CreateAuthorization", method: "POST", path: "/v2/{project_id}/authorizations", serve: (*Simulator).createAuthorization},
	{id: "CreateModelArtsAgency", method: "POST", path: "/v2/{project_id}/agency", serve: (*Simulator).createAgency},

	{id: "KeystoneListProjects", method: "GET", path: "/v3/projects", serve: (*Simulator).listProjects},
	{id: "KeystoneListAuthProjects", method: "GET", path: "/v3/auth/projects", serve: (*Simulator).listProjects},
	{id: "KeystoneListAuthDomains", method: "GET", path: "/v3/auth/domains", serve: (*Simulator).listAuthDomains},
	{id: "KeystoneCreateToken", method: "POST", path: "/v3/auth/tokens", open: true, serve: (*Simulator).createToken},
	{id: "CreateTemporaryAccessKey", method: "POST", path: "/v3.0/OS-CREDENTIAL/securitytokens", open: true, serve: (*Simulator).createTemporaryKey},

	// What an instance asks the host that it runs on.
	{id: "CreateMetadataToken", method: "PUT", path: "/meta-data/latest/api/token", open: true, serve: (*Simulator).createMetadataToken},
	{id: "ShowSecurityKey", method: "GET", path: "/openstack/latest/securitykey", open: true, serve: (*Simulator).showSecurityKey},
}

// listOperations answer pages of notebooks.
var listOperations = map[string]bool{"ListNotebooks": true, "ListAllNotebooks": true}

func knownOperation(id string) bool {
	return slices.ContainsFunc(operations, func(o operation) bool { return o.id == id })
}

// operationNames are the names of all operations, in the order of the alphabet.
func operationNames() []string {
	var names []string
	for _, o := range operations {
		names = append(names, o.id)
	}
	slices.Sort(names)
	return names
}

// route finds the operation of a request and the values of its path. A slash
// at the end of the path makes no difference.
func route(method, path string) (*operation, map[string]string) {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	for i := range operations {
		o := &operations[i]
		if o.method != method {
			continue
		}
		if values := match(strings.Split(strings.Trim(o.path, "/"), "/"), segments); values != nil {
			return o, values
		}
	}
	return nil, nil
}

// match returns the values of the {names} of a pattern, or nil.
func match(pattern, segments []string) map[string]string {
	if len(pattern) != len(segments) {
		return nil
	}
	values := map[string]string{}
	for i, part := range pattern {
		switch {
		case strings.HasPrefix(part, "{") && segments[i] != "":
			values[strings.Trim(part, "{}")] = segments[i]
		case part != segments[i]:
			return nil
		}
	}
	return values
}
