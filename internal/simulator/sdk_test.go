package simulator_test

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/region"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	sdk "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/modelarts/v1"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/modelarts/v1/model"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// val is what a pointer of an answer points to; the zero value where the answer
// has none.
func val[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}

// answered fails the test unless the service took the request.
func answered[T any](resp T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return resp
	}
}

// The vendor's SDK, which shares no code with this project, leads a notebook through a whole
// life: it signs its requests, finds its project and reads the answers by
// itself.
func TestSDK(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Options{
		CreateTime: 50 * time.Millisecond, StartTime: 50 * time.Millisecond, StopTime: 50 * time.Millisecond, DeleteTime: 50 * time.Millisecond,
		MountTime: 50 * time.Millisecond, SnapshotTime: 50 * time.Millisecond, ResizeTime: 50 * time.Millisecond,
	})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	credentials, err := basic.NewCredentialsBuilder().
		WithAk(simulator.DefaultAccessKey).WithSk(simulator.DefaultSecretKey).
		WithIamEndpointOverride(server.URL).SafeBuild()
	if err != nil {
		t.Fatal(err)
	}
	http, err := sdk.ModelArtsClientBuilder().
		WithRegion(region.NewRegion(simulator.DefaultRegion, server.URL)).
		WithCredential(credentials).SafeBuild()
	if err != nil {
		t.Fatal(err)
	}
	c := sdk.NewModelArtsClient(http)

	evs := model.VolumeMountRequestCategory{}
	if err := json.Unmarshal([]byte(`"EVS"`), &evs); err != nil { // the SDK has no name for it
		t.Fatal(err)
	}
	created := answered(c.CreateNotebook(&model.CreateNotebookRequest{Body: &model.NotebookCreateRequest{
		Name: "sdk", Flavor: new("modelarts.vm.cpu.2u"), ImageId: vendorImage, Description: new("by the SDK"),
		Volume: &model.VolumeMountRequest{
			Category: evs, Ownership: model.GetVolumeMountRequestOwnershipEnum().MANAGED, Capacity: new(int32(10)),
		},
		Lease: &model.LeaseReq{Duration: new(int64(2 * 3600 * 1000)), Type: new(model.GetLeaseReqTypeEnum().TIMING)},
	}}))(t)
	id := val(created.Id)
	show := func() *model.ShowNotebookResponse {
		t.Helper()
		return answered(c.ShowNotebook(&model.ShowNotebookRequest{Id: id}))(t)
	}
	until := func(status string) *model.ShowNotebookResponse {
		t.Helper()
		deadline := time.Now().Add(10 * time.Second)
		for {
			nb := show()
			if got := val(nb.Status).Value(); got == status {
				return nb
			}
			if time.Now().After(deadline) {
				t.Fatalf("the notebook is %s, and never %s", val(nb.Status).Value(), status)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	nb := until("RUNNING")
	equal(t, "notebook", []any{val(nb.Name), val(nb.Description), val(nb.Flavor), val(val(nb.Image).Id), val(val(nb.Volume).Capacity), val(nb.WorkspaceId)},
		[]any{"sdk", "by the SDK", "modelarts.vm.cpu.2u", vendorImage, int32(10), "0"})
	if val(nb.Url) == "" || val(nb.Token) == "" || val(val(nb.User).Name) == "" || len(val(nb.BillingItems)) != 2 {
		t.Errorf("url, token, user or billing_items is missing: %s", nb)
	}

	list := answered(c.ListNotebooks(&model.ListNotebooksRequest{Limit: new(int32(10)), Name: new("sdk")}))(t)
	equal(t, "list", []any{val(list.Total), len(val(list.Data)), val(list.Pages), val(list.Size)}, []any{int64(1), 1, int32(1), int32(10)})
	equal(t, "list of all", val(answered(c.ListAllNotebooks(&model.ListAllNotebooksRequest{}))(t).Total), int64(1))

	answered(c.CreateNotebookTags(&model.CreateNotebookTagsRequest{ResourceId: id, Body: &model.CreateTmsTagsRequest{
		Tags: []model.TmsTag{{Key: "team", Value: new("vision")}, {Key: "cost", Value: new("research")}},
	}}))(t)
	answered(c.DeleteNotebookTags(&model.DeleteNotebookTagsRequest{ResourceId: id, Body: &model.DeleteTmsTagsRequest{
		Tags: []model.TmsTag{{Key: "cost", Value: new("research")}},
	}}))(t)
	tags := val(show().Tags)
	if len(tags) != 1 || val(tags[0].Key) != "team" || val(tags[0].Value) != "vision" {
		t.Errorf("the tags are %v", tags)
	}
	equal(t, "tags of the project", len(val(answered(c.ShowNotebookTags(&model.ShowNotebookTagsRequest{}))(t).Tags)), 1)

	answered(c.RenewLease(&model.RenewLeaseRequest{Id: id, Duration: new(int64(3 * 3600 * 1000))}))(t)
	lease := answered(c.ShowLease(&model.ShowLeaseRequest{Id: id}))(t)
	if !val(lease.Enable) || val(lease.UpdateAt) < val(lease.CreateAt) || val(lease.Type).Value() != "TIMING" {
		t.Errorf("the lease is %s", lease)
	}

	mounted := answered(c.AttachDynamicStorage(&model.AttachDynamicStorageRequest{InstanceId: id, Body: &model.DataVolumesReq{
		Category: model.GetDataVolumesReqCategoryEnum().OBSFS, MountPath: "/data/a/", Uri: "obs://bucket/a/",
	}}))(t)
	storages := answered(c.ListDynamicStorages(&model.ListDynamicStoragesRequest{InstanceId: id}))(t)
	if len(val(storages.Data)) != 1 || val(val(storages.Data)[0].Id) != val(mounted.Id) {
		t.Errorf("the mounts are %v", val(storages.Data))
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		storage := answered(c.ShowDynamicStorage(&model.ShowDynamicStorageRequest{InstanceId: id, StorageId: val(mounted.Id)}))(t)
		if val(storage.Status) == "MOUNTED" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the mount is %s", val(storage.Status))
		}
	}
	answered(c.DetachDynamicStorage(&model.DetachDynamicStorageRequest{InstanceId: id, StorageId: val(mounted.Id)}))(t)

	answered(c.UpdateNotebook(&model.UpdateNotebookRequest{Id: id, Body: &model.NotebookUpdateRequest{Name: new("renamed")}}))(t)
	answered(c.StopNotebook(&model.StopNotebookRequest{Id: id}))(t)
	until("STOPPED")
	flavors := answered(c.ShowSwitchableFlavors(&model.ShowSwitchableFlavorsRequest{Id: id}))(t)
	if len(val(flavors.Data))+len(val(flavors.Flavors)) == 0 {
		t.Error("there is no flavor to switch to")
	}
	answered(c.UpdateNotebook(&model.UpdateNotebookRequest{Id: id, Body: &model.NotebookUpdateRequest{Flavor: new("modelarts.vm.cpu.4u")}}))(t)
	answered(c.StartNotebook(&model.StartNotebookRequest{Id: id, Duration: new(int64(3600 * 1000)), Type: new(model.GetStartNotebookRequestTypeEnum().TIMING)}))(t)
	started := until("RUNNING")
	equal(t, "notebook", []any{val(started.Name), val(started.Flavor), val(started.Token) == val(nb.Token)}, []any{"renamed", "modelarts.vm.cpu.4u", false})

	saved := answered(c.CreateImage(&model.CreateImageRequest{Id: id, Body: &model.ImageCreateReq{Name: "saved", Namespace: "group", Tag: new("v1")}}))(t)
	until("RUNNING")
	image := answered(c.ShowImage(&model.ShowImageRequest{Id: val(saved.Id)}))(t)
	equal(t, "image", []any{val(image.Name), val(image.Tag), val(image.Namespace)}, []any{"saved", "v1", "group"})
	images := answered(c.ListImage(&model.ListImageRequest{Type: new(model.GetListImageRequestTypeEnum().DEDICATED), Name: new("saved")}))(t)
	equal(t, "images", len(val(images.Data)), 1)
	equal(t, "image of the notebook", val(val(show().Image).Id), val(saved.Id))

	registered := answered(c.RegisterImage(&model.RegisterImageRequest{Body: &model.ImageRegRequest{SwrPath: "swr.cn-north-4.myhuaweicloud.com/group/image:v2"}}))(t)
	if groups := answered(c.ListImageGroup(&model.ListImageGroupRequest{Limit: new(int32(10))}))(t); len(val(groups.Data)) == 0 {
		t.Error("there are no groups of images")
	}
	answered(c.DeleteImage(&model.DeleteImageRequest{Id: val(registered.Id)}))(t)

	if feature := answered(c.ListFeatures(&model.ListFeaturesRequest{Feature: "NOTEBOOK"}))(t); !val(feature.Enabled) || val(feature.Quota) == 0 {
		t.Errorf("the feature is %s", feature)
	}
	if catalogue := answered(c.ListFlavors(&model.ListFlavorsRequest{}))(t); len(val(catalogue.Data))+len(val(catalogue.Flavors)) == 0 {
		t.Error("there are no flavors")
	}
	if clusters := answered(c.ListAuthoringClusters(&model.ListAuthoringClustersRequest{Type: "DEDICATED"}))(t); len(val(clusters.Data)) == 0 {
		t.Error("there are no dedicated pools")
	}

	answered(c.DeleteNotebook(&model.DeleteNotebookRequest{Id: id}))(t)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		_, err := c.ShowNotebook(&model.ShowNotebookRequest{Id: id})
		var refused *sdkerr.ServiceResponseError
		if errors.As(err, &refused) {
			equal(t, "refusal", []any{refused.StatusCode, refused.ErrorCode}, []any{400, "ModelArts.6309"})
			if refused.RequestId == "" || refused.ErrorMessage == "" {
				t.Errorf("the refusal says little: %s", refused)
			}
			break
		}
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("the notebook does not go away: %v", err)
		}
	}
}
