package acctest

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// VendorSource is the address that a state of Terraform has for the vendor's provider.
const VendorSource = "registry.terraform.io/huaweicloud/huaweicloud"

// VendorInstance is a resource of the vendor's provider with one instance, as a state file
// has it.
type VendorInstance struct {
	Type, Name string
	Attributes map[string]any
}

// WriteVendorState writes a state file in which a provider has these resources. Its private
// states are as the plugin SDK of Terraform writes them.
func (w *Workspace) WriteVendorState(t testing.TB, source string, instances ...VendorInstance) {
	t.Helper()
	private := base64.StdEncoding.EncodeToString([]byte(`{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":1200000000000,"delete":600000000000}}`))
	var resources []any
	for _, i := range instances {
		resources = append(resources, map[string]any{
			"mode": "managed", "type": i.Type, "name": i.Name, "provider": `provider["` + source + `"]`,
			"instances": []any{map[string]any{"schema_version": 0, "attributes": i.Attributes, "sensitive_attributes": []any{}, "private": private}},
		})
	}
	text, err := json.MarshalIndent(map[string]any{
		"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "7a1cbd40-7c0b-4f5e-8e57-0d1b9c3b5f11",
		"outputs": map[string]any{}, "resources": resources,
	}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.Dir, "terraform.tfstate"), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// VendorNotebook is a notebook in a state of the vendor's provider: every attribute is
// there, and what is not set is null, "", 0 or [].
func VendorNotebook(n simulator.NotebookInfo, more map[string]any) VendorInstance {
	attributes := map[string]any{
		"id": n.ID, "region": simulator.DefaultRegion, "name": n.Name, "flavor_id": n.Flavor, "image_id": n.ImageID, "description": n.Description,
		"key_pair": nil, "allowed_access_ips": nil, "pool_id": "", "workspace_id": n.WorkspaceID, "tags": map[string]any{}, "auto_stop_enabled": false,
		"status": n.Status, "image_name": "notebook2.0-mul-kernel-cpu-cp36", "image_swr_path": "swr.example.com/atelier/x:3.3.2", "image_type": "BUILD_IN",
		"created_at": n.CreatedAt.UTC().Format("2006-01-02 15:04:05 MST"), "updated_at": n.UpdatedAt.UTC().Format("2006-01-02 15:04:05 MST"),
		"pool_name": "", "url": "https://notebook.example.com/" + n.ID, "ssh_uri": nil, "mount_storages": []any{}, "timeouts": nil,
		"volume": []any{map[string]any{
			"type": n.Volume.Category, "ownership": n.Volume.Ownership, "size": n.Volume.Capacity, "uri": n.Volume.URI, "id": n.Volume.ID, "mount_path": "/home/ma-user/work/",
		}},
	}
	maps.Copy(attributes, more)
	return VendorInstance{"huaweicloud_modelarts_notebook", n.Name, attributes}
}

// VendorImage is an image that was saved from a notebook, in a state of the vendor's
// provider, by the name saved.
func VendorImage(i simulator.ImageInfo, notebook string) VendorInstance {
	return VendorInstance{"huaweicloud_modelarts_notebook_image_store", "saved", map[string]any{
		"id": i.ID, "region": simulator.DefaultRegion, "notebook_id": notebook, "name": i.Name, "namespace": i.Namespace, "tag": i.Tag, "description": "",
		"workspace_id": "0", "swr_path": i.SWRPath, "arch": "x86_64", "origin": i.Origin, "resource_categories": []any{"CPU", "GPU"}, "service_type": "UNKNOWN",
		"visibility": "PRIVATE", "status": i.Status, "type": "DEDICATED", "created_at": "2026-08-01T10:20:30Z", "enable_force_new": "false",
		"swr_instance_id": "", "swr_instance_domain": "", "timeouts": nil,
	}}
}

// VendorMount is the first mount of a notebook, in a state of the vendor's provider, by the
// name lake.
func VendorMount(n simulator.NotebookInfo) VendorInstance {
	mount := n.Storages[0]
	return VendorInstance{"huaweicloud_modelarts_notebook_mount_storage", "lake", map[string]any{
		"id": n.ID + "/" + mount.ID, "region": simulator.DefaultRegion, "notebook_id": n.ID, "storage_path": mount.URI, "local_mount_directory": mount.MountPath,
		"type": mount.Category, "mount_id": mount.ID, "status": mount.Status, "timeouts": map[string]any{"create": nil, "delete": nil},
	}}
}
