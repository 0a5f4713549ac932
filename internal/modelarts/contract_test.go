package modelarts

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	project    = "4f0e7d3c2b1a49588776655443322110"
	notebookID = "f9937afa-4451-42db-a76b-72d624749f66"
	imageID    = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
	requestHex = "1d2c3b4a596877869504132231405f6e"
)

// operations calls every operation of the contract, with every field that it can
// send, and says what the service answers.
var operations = map[string]struct {
	call   func(context.Context, *Client) error
	status int // 0: 200
	answer string
}{
	"ListNotebooks": {
		call: func(ctx context.Context, c *Client) error {
			return all(c.ListNotebooks(ctx, ListNotebooksQuery{
				Feature: "NOTEBOOK", Name: "a", ID: notebookID, Status: StatusRunning, Flavor: "f", ImageID: imageID,
				PoolID: "p", Owner: "o", WorkspaceID: "0", Billing: "ALL", Tags: "k|v", SortKey: "name", SortDir: "ASC",
				Description: "d", PoolName: "pool", SWRPath: "swr", Username: "u", IP: "172.16.0.10",
			}))
		},
		answer: `{"total":1,"data":[` + fullNotebook + `]}`,
	},
	"ListAllNotebooks": {
		call: func(ctx context.Context, c *Client) error {
			return all(c.ListAllNotebooks(ctx, ListNotebooksQuery{Name: "a b&c"}))
		},
		answer: `{"total":0,"data":[]}`,
	},
	"CreateNotebook": {
		call: func(ctx context.Context, c *Client) error {
			_, err := c.CreateNotebook(ctx, NotebookCreateRequest{
				Name:        "notebooks_test",
				Description: to("api-test"),
				Feature:     to("NOTEBOOK"),
				Flavor:      to("modelarts.vm.cpu.2u"),
				CustomSpec:  fullSpec(),
				ImageID:     imageID,
				PoolID:      to("pool41664192"),
				Volume: VolumeMountRequest{
					Category: "EVS", Ownership: "MANAGED", Capacity: to[int64](50), URI: to("obs://b/"), ID: to(notebookID),
					MountPath: to("/home/ma-user/work/"), ReadOnly: to(false), DewSecretName: to("secret"),
				},
				DataVolumes: fullDataVolumes(),
				Endpoints:   fullEndpoints(),
				Hooks:       fullHooks(),
				Lease:       &LeaseReq{Duration: to[int64](3600000), Type: to("TIMING")},
				Duration:    to[int64](-1),
				WorkspaceID: to("0"),
				Affinity:    fullAffinity(),
				RunUser:     &RunUser{UID: to[int64](1000), GID: to[int64](100)},
				UserVPC:     &UserVpcRequest{VPCID: "v", SubnetID: "s", SecurityGroupIDs: []string{"g"}, ConnectCIDRs: []string{"10.0.0.0/8"}},

				PublicNetworkConfig: &PublicNetworkConfig{PublicNetworkType: to("SHARED")},
			})
			return err
		},
		status: http.StatusCreated,
		answer: `{"id":"` + notebookID + `","name":"notebooks_test","status":"CREATING"}`,
	},
	"ShowNotebook": {
		call: func(ctx context.Context, c *Client) error {
			_, err := c.ShowNotebook(ctx, notebookID)
			return err
		},
		answer: fullNotebook,
	},
	"UpdateNotebook": {
		call: func(ctx context.Context, c *Client) error {
			return c.UpdateNotebook(ctx, notebookID, NotebookUpdateRequest{
				Name: to("n"), Description: to(""), Flavor: to("f"), CustomSpec: fullSpec(), ImageID: to(imageID),
				Endpoints: fullEndpoints(), StorageNewSize: to[int64](100), Hooks: fullHooks(), Affinity: fullAffinity(),
				DewSecretName: to("secret"), DataVolumes: fullDataVolumes(),
				PublicNetworkConfig: &PublicNetworkConfig{PublicNetworkType: to("FORBIDDEN")},
			})
		},
		answer: `{"description":""}`,
	},
	"DeleteNotebook": {
		call:   func(ctx context.Context, c *Client) error { return c.DeleteNotebook(ctx, notebookID) },
		status: http.StatusNoContent,
	},
	"StartNotebook": {
		call: func(ctx context.Context, c *Client) error {
			return c.StartNotebook(ctx, notebookID, StartNotebookQuery{Duration: to[int64](-1), Type: "TIMING"})
		},
		answer: `{"id":"` + notebookID + `","name":"n","status":"STARTING"}`,
	},
	"StopNotebook": {
		call:   func(ctx context.Context, c *Client) error { return c.StopNotebook(ctx, notebookID) },
		answer: `{"id":"` + notebookID + `","name":"n","status":"STOPPING"}`,
	},
	"ShowLease": {
		call: func(ctx context.Context, c *Client) error {
			_, err := c.ShowLease(ctx, notebookID)
			return err
		},
		answer: `{"create_at":1638841744515,"duration":3600000,"enable":true,"type":"timing","update_at":1638841744515}`,
	},
	"RenewLease": {
		call: func(ctx context.Context, c *Client) error {
			return c.RenewLease(ctx, notebookID, LeaseReq{Duration: to[int64](7200000), Type: to("IDLE")})
		},
		status: http.StatusNoContent,
	},
	"ShowSwitchableFlavors": {
		call:   func(ctx context.Context, c *Client) error { return all(c.ShowSwitchableFlavors(ctx, notebookID)) },
		answer: `{"total":1,"flavors":[{"id":"modelarts.vm.cpu.8u"}]}`,
	},
	"CreateImage": {
		call: func(ctx context.Context, c *Client) error {
			_, err := c.CreateImage(ctx, notebookID, ImageSaveRequest{
				Name: "image", Namespace: "org", Tag: to("1.0"), Description: to("d"), WorkspaceID: to("0"),
				SWRInstanceID: to("r"), SWRInstanceDomain: to("d"),
			})
			return err
		},
		status: http.StatusCreated,
		answer: `{"id":"` + imageID + `","status":"CREATING"}`,
	},
	"ListDynamicStorages": {
		call: func(ctx context.Context, c *Client) error {
			_, err := c.ListDynamicStorages(ctx, notebookID)
			return err
		},
		answer: `{"total":1,"data":[{"id":"s","status":"MOUNTED"}]}`,
	},
	"AttachDynamicStorage": {
		call: func(ctx context.Context, c *Client) error {
			_, err := c.AttachDynamicStorage(ctx, notebookID, StorageMountRequest{
				Category: "EFS", MountPath: "/data/lake/", URI: "a:/b", EFSID: to("efs"),
			})
			return err
		},
		answer: `{"id":"s","status":"MOUNTING"}`,
	},
	"ShowDynamicStorage": {
		call: func(ctx context.Context, c *Client) error {
			_, err := c.ShowDynamicStorage(ctx, notebookID, "s")
			return err
		},
		answer: `{"id":"s","status":"MOUNT_FAILED","failure_reason":"no such bucket","category":"OBSFS","mount_type":"DYNAMIC"}`,
	},
	"DetachDynamicStorage": {
		call:   func(ctx context.Context, c *Client) error { return c.DetachDynamicStorage(ctx, notebookID, "s") },
		answer: `{"id":"s","status":"UNMOUNTING"}`,
	},
	"ShowNotebookTags": {
		call: func(ctx context.Context, c *Client) error {
			_, err := c.ShowNotebookTags(ctx, "0")
			return err
		},
		answer: `{"tags":[{"key":"team","values":["a","b"]}]}`,
	},
	"CreateNotebookTags": {
		call: func(ctx context.Context, c *Client) error {
			return c.CreateNotebookTags(ctx, notebookID, "0", []Tag{{Key: "team", Value: to("")}})
		},
		status: http.StatusNoContent,
	},
	"DeleteNotebookTags": {
		call: func(ctx context.Context, c *Client) error {
			return c.DeleteNotebookTags(ctx, notebookID, "0", []Tag{{Key: "team"}})
		},
		status: http.StatusNoContent,
	},
	"ListImage": {
		call: func(ctx context.Context, c *Client) error {
			return all(c.ListImage(ctx, ListImageQuery{
				Name: "n", NameFuzzyMatch: to(false), Namespace: "ns", ServiceType: "DEV", Type: "DEDICATED",
				WorkspaceID: "0", ShowName: "s", ShowTag: "t", SortKey: "name", SortDir: "DESC",
			}))
		},
		answer: `{"total":1,"data":[{"id":"` + imageID + `","swr_instance_id":null}]}`,
	},
	"RegisterImage": {
		call: func(ctx context.Context, c *Client) error {
			_, err := c.RegisterImage(ctx, ImageRegisterRequest{
				SWRPath: "swr.example/org/image:1", Arch: to("X86_64"), Description: to("d"), Origin: to("CUSTOMIZE"),
				ResourceCategory: []string{"CPU"}, ServiceType: to("DEV"), Services: []string{"SSH"},
				Visibility: to("PRIVATE"), WorkspaceID: to("0"), FlavorType: to("f"),
				Tags: []string{"t"}, SWRInstanceID: to("r"), ReadMe: to("guide"),
			})
			return err
		},
		answer: `{"id":"` + imageID + `"}`,
	},
	"ListImageGroup": {
		call: func(ctx context.Context, c *Client) error {
			return all(c.ListImageGroup(ctx, ListImageGroupQuery{
				Name: "n", NameFuzzyMatch: to(true), Namespace: "ns", Type: "BUILD_IN", WorkspaceID: "0", SWRInstanceID: "r",
			}))
		},
		answer: `{"total":1,"groups":[{"id":"g","name":"n","version_count":3}]}`,
	},
	"ShowImage": {
		call: func(ctx context.Context, c *Client) error {
			_, err := c.ShowImage(ctx, imageID)
			return err
		},
		answer: `{"id":"` + imageID + `","status":"ACTIVE","arch":"x86_64"}`,
	},
	"DeleteImage": {
		call:   func(ctx context.Context, c *Client) error { return c.DeleteImage(ctx, imageID, true) },
		status: http.StatusNoContent,
	},
	"SyncImage": {
		call: func(ctx context.Context, c *Client) error {
			_, err := c.SyncImage(ctx, imageID)
			return err
		},
		answer: `{"id":"` + imageID + `","status":"ACTIVE"}`,
	},
	"UpdateImageGroup": {
		call: func(ctx context.Context, c *Client) error {
			return c.UpdateImageGroup(ctx, imageID, ImageGroupUpdateRequest{ReadMe: to("guide"), Tags: []Tag{{Key: "k", Value: to("v")}}})
		},
		status: http.StatusNoContent,
	},
	"DeleteImageGroup": {
		call:   func(ctx context.Context, c *Client) error { return c.DeleteImageGroup(ctx, imageID, true) },
		status: http.StatusNoContent,
	},
	"GetAuthorizations": {
		call:   func(ctx context.Context, c *Client) error { return all(c.ListAuthorizations(ctx)) },
		answer: `{"total_count":1,"auth":[{"user_id":"all-users","user_name":null,"type":"agency","content":"modelarts_agency","create_time":1638841744515}]}`,
	},
	"CreateAuthorization": {
		call: func(ctx context.Context, c *Client) error {
			return c.CreateAuthorization(ctx, AuthorizationRequest{
				UserID: to("all-users"), UserName: to("u"), UserType: to("all-users"), Type: to("agency"), Content: "modelarts_agency", SecretKey: to("s"),
			})
		},
		answer: `{"result":"true"}`,
	},
	"CreateModelArtsAgency": {
		call: func(ctx context.Context, c *Client) error {
			name, err := c.CreateModelArtsAgency(ctx, "team")
			if err == nil && name != "ma_agency_team" {
				return errors.New("the agency is " + name)
			}
			return err
		},
		answer: `{"agency_name":"ma_agency_team"}`,
	},
	"ListFlavors": {
		call: func(ctx context.Context, c *Client) error {
			return all(c.ListFlavors(ctx, ListFlavorsQuery{
				Category: "CPU", Type: "MANAGED", Feature: "NOTEBOOK", FlavorType: "f", SortKey: "id", SortDir: "ASC",
			}))
		},
		answer: `{"total":1,"data":[{"id":"f","evs_max_size":"4096"}],"flavors":[{"id":"f","evs_max_size":"4096"}]}`,
	},
	"ListAuthoringClusters": {
		call: func(ctx context.Context, c *Client) error {
			return all(c.ListAuthoringClusters(ctx, ListAuthoringClustersQuery{Type: "DEDICATED", Scope: "NOTEBOOK", WorkspaceID: "0"}))
		},
		answer: `{"total":1,"data":[{"pool_id":"p","flavors":[{"id":"f","memory":"8388608","gpu":{"gpu":0.5}}]}]}`,
	},
	"ShowCluster": {
		call: func(ctx context.Context, c *Client) error {
			_, err := c.ShowCluster(ctx, "pool 1")
			return err
		},
		answer: `{"pool_id":"pool 1"}`,
	},
	"ListFeatures": {
		call: func(ctx context.Context, c *Client) error {
			_, err := c.ListFeatures(ctx)
			return err
		},
		answer: `{"id":"x","enabled":true,"quota":10,"used":3}`,
	},
}

// TestContract makes every call of the contract against a server that takes and
// gives only what the contract allows.
func TestContract(t *testing.T) {
	t.Parallel()
	doc := contract()
	var inContract []string
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			inContract = append(inContract, operation.OperationID)
		}
	}
	if len(inContract) != len(operations) {
		t.Errorf("the contract has %d operations, the test %d", len(inContract), len(operations))
	}
	for _, name := range inContract {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			operation, ok := operations[name]
			if !ok {
				t.Fatal("not tested")
			}
			var served string
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				sendsAll(t, r)
				served = validated(t, w, r, max(operation.status, 200), operation.answer)
			})
			if err := operation.call(t.Context(), client); err != nil {
				t.Error(err)
			}
			if served != name {
				t.Errorf("called %q", served)
			}
		})
	}
}

// sendsAll fails the test when a request leaves out a field of its body that the
// contract has: then the test has not shown that the client can send it.
func sendsAll(t *testing.T, r *http.Request) {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	route, _, err := router().FindRoute(r)
	if err != nil || route.Operation.RequestBody == nil || len(body) == 0 {
		return
	}
	var sent map[string]json.RawMessage
	if err := json.Unmarshal(body, &sent); err != nil {
		t.Error(err)
	}
	for name := range route.Operation.RequestBody.Value.Content["application/json"].Schema.Value.Properties {
		if _, there := sent[name]; !there {
			t.Errorf("the test of %s does not send %s", route.Operation.OperationID, name)
		}
	}
}

// TestEveryOperationReportsErrors holds that each operation turns an error answer
// into an *Error that bears its name.
func TestEveryOperationReportsErrors(t *testing.T) {
	t.Parallel()
	for name, operation := range operations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				validated(t, w, r, http.StatusBadRequest, `{"error_code":"ModelArts.6357","error_msg":"busy"}`)
			})
			err := operation.call(t.Context(), client)
			want := name + ": ModelArts.6357: busy (HTTP 400, request ID " + requestHex + ")"
			if err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

// TestTypesHoldTheContract compares the fields of the types with the properties
// of the schemas that they are named after.
func TestTypesHoldTheContract(t *testing.T) {
	t.Parallel()
	doc := contract()
	types := map[string]any{
		"NotebookCreateRequest": NotebookCreateRequest{}, "NotebookUpdateRequest": NotebookUpdateRequest{},
		"Notebook": Notebook{}, "Flavor": Flavor{}, "Cluster": Cluster{}, "Feature": Feature{}, "Image": Image{},
		"ImageGroup": ImageGroup{}, "ImageRegisterRequest": ImageRegisterRequest{}, "ImageSaveRequest": ImageSaveRequest{},
		"Lease": Lease{}, "LeaseReq": LeaseReq{}, "Storage": Storage{}, "StorageMountRequest": StorageMountRequest{},
		"TagValues": TagValues{}, "TagsRequest": tagsRequest{}, "ImageGroupUpdateRequest": ImageGroupUpdateRequest{},
		"Authorization": Authorization{}, "AuthorizationRequest": AuthorizationRequest{}, "AgencyRequest": agencyRequest{},
	}
	for name, value := range types {
		compare(t, name, doc.Components.Schemas[name].Value, reflect.TypeOf(value))
	}
}

// absorbed are the older names that the client brings to the newer one.
var absorbed = []string{"step_description", "dev_service", "ssh_keys", "url"}

// unread are the properties that the client leaves in the answer.
var unread = []string{"Authorization.secret_key"}

// beyond are the fields that no model of an answer has. A service may answer
// them all the same.
var beyond = []string{"Notebook.public_network_config"}

func compare(t *testing.T, path string, schema *openapi3.Schema, goType reflect.Type) {
	t.Helper()
	for goType.Kind() == reflect.Pointer || goType.Kind() == reflect.Slice {
		goType = goType.Elem()
	}
	if schema.Items != nil {
		schema = schema.Items.Value
	}
	if goType.Kind() != reflect.Struct {
		if len(schema.Properties) > 0 {
			t.Errorf("%s is an object in the contract", path)
		}
		return
	}
	fields := map[string]reflect.Type{}
	for i := range goType.NumField() {
		name, _, _ := strings.Cut(goType.Field(i).Tag.Get("json"), ",")
		fields[name] = goType.Field(i).Type
	}
	for name, property := range schema.Properties {
		field, ok := fields[name]
		if !ok {
			if !slices.Contains(absorbed, name) && !slices.Contains(unread, path+"."+name) {
				t.Errorf("%s.%s is not in %s", path, name, goType)
			}
			continue
		}
		delete(fields, name)
		compare(t, path+"."+name, property.Value, field)
	}
	for name := range fields {
		if slices.Contains(beyond, path+"."+name) {
			continue
		}
		t.Errorf("%s.%s of %s is not in the contract", path, name, goType)
	}
}

func fullSpec() *CustomSpec {
	return &CustomSpec{
		CPU: 0.5, Memory: 1024, GPU: to(1.0), GPUType: to("v100"), Arch: to("X86_64"), Category: to("GPU"), ResourceFlavor: to("r"),
	}
}

func fullDataVolumes() []DataVolumeMountRequest {
	return []DataVolumeMountRequest{{
		Category: "OBSFS", Ownership: to("DEDICATED"), Capacity: to[int64](5), URI: to("obs://b/"), ID: to(notebookID),
		MountPath: to("/data/b/"), ReadOnly: to(true), DewSecretName: to("secret"),
	}}
}

func fullEndpoints() []EndpointsReq {
	return []EndpointsReq{{Service: to("SSH"), KeyPairNames: []string{"k"}, AllowedAccessIPs: []string{}}}
}

func fullHooks() *CustomHooks {
	return &CustomHooks{ContainerHooks: &ContainerHooks{
		PreStart:  &HookConfig{Type: to("COMMAND"), Script: to("ZWNobw=="), Mode: to("BLOCK")},
		PostStart: &HookConfig{Type: to("SCRIPT"), Script: to("/home/ma-user/work/x.sh"), Mode: to("ASYNC")},
	}}
}

func fullAffinity() *Affinity {
	return &Affinity{
		Required:  []AffinityRule{{Key: "zone", Operator: "In", Values: []string{"a"}}},
		Preferred: []AffinityRule{{Key: "zone", Operator: "Exists", Values: []string{}, Weight: to[int64](0)}},
	}
}

// fullNotebook holds every quirk that the contract allows.
const fullNotebook = `{
	"id": "` + notebookID + `", "name": "n", "status": "RUNNING", "unheard_of": {"a": 1},
	"image": {"id": "` + imageID + `", "arch": "x86_64"},
	"action_progress": [{"step": 1, "status": "COMPLETED", "step_description": "prepare storage"}],
	"endpoints": [{"dev_service": "SSH", "ssh_keys": ["k"], "uri": "ssh://ma-user@host:30000"}],
	"lease": {"create_at": 1638841744515, "update_at": 1638841744516, "duration": 3600000, "type": "timing"},
	"volume": {"category": "SFS", "ownership": "MANAGED", "status": "RESIZING"},
	"data_volumes": [{"category": "OBSFS", "mount_path": "/data/a/", "url": "obs://b/", "status": "MOUNTED"}],
	"user_vpc": {"connect_cidrs": "10.0.0.0/8, 192.168.0.0/16"},
	"custom_spec": {"cpu": 0.4, "memory": 513, "arch": "AARCH64"}
}`
