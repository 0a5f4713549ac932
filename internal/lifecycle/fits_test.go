package lifecycle

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// everything is a request that asks for all there is.
func everything() modelarts.NotebookCreateRequest {
	return modelarts.NotebookCreateRequest{
		Name: "new", Description: new("mine"), Flavor: new("small"), ImageID: "image", WorkspaceID: new("team"), PoolID: new("pool"),
		Volume:      modelarts.VolumeMountRequest{Category: "OBS", Ownership: "DEDICATED", URI: new("obs://b/home/"), DewSecretName: new("secret")},
		DataVolumes: []modelarts.DataVolumeMountRequest{{Category: "OBSFS", MountPath: new("/data/lake/"), URI: new("obs://b/lake/")}},
		Endpoints:   []modelarts.EndpointsReq{{Service: new("SSH"), KeyPairNames: []string{"a", "b"}, AllowedAccessIPs: []string{"10.0.0.7/8", "192.0.2.1"}}},
		Lease:       &modelarts.LeaseReq{Type: new("IDLE"), Duration: new(2 * hour)},
		Affinity:    &modelarts.Affinity{Required: []modelarts.AffinityRule{{Key: "node", Operator: "In", Values: []string{"x", "y"}}}},
		RunUser:     &modelarts.RunUser{UID: new(int64(1000))},
		UserVPC:     &modelarts.UserVpcRequest{VPCID: "vpc", SubnetID: "subnet", SecurityGroupIDs: []string{"one", "two"}},
	}
}

// shownOfEverything is a notebook of it, in other words where there are some.
const shownOfEverything = `{
	"id": "n", "name": "new", "status": "RUNNING", "description": "mine", "feature": "notebook", "flavor": "SMALL", "image": {"id": "IMAGE"},
	"workspace_id": "team", "pool": {"id": "POOL", "name": "pool"},
	"volume": {"category": "obsfs", "ownership": "dedicated", "uri": "obs://b/home", "capacity": 0, "dew_secret_name": "secret", "mount_type": "MAIN"},
	"data_volumes": [{"category": "OBS", "mount_path": "/data/lake", "uri": "obs://b/lake", "mount_type": "DYNAMIC"}],
	"endpoints": [
		{"service": "NOTEBOOK", "uri": "https://n", "key_pair_names": [], "allowed_access_ips": []},
		{"service": "ssh", "key_pair_names": ["b", "a"], "allowed_access_ips": ["192.0.2.1/32", "10.0.0.0/8"], "uri": "ssh://h"}],
	"lease": {"enable": true, "type": "idle", "duration": 7205000},
	"affinity": {"required_during_scheduling_ignored_during_execution": [{"key": "node", "operator": "in", "values": ["y", "x"]}]},
	"run_user": {"uid": 1000, "gid": 100},
	"user_vpc": {"vpc_id": "vpc", "subnet_id": "subnet", "security_group_ids": ["two", "one"], "connect_cidrs": ["10.0.0.0/8"]},
	"tags": [{"key": "_sys_x", "value": "1"}]
}`

func TestDifferences(t *testing.T) {
	t.Parallel()
	minimal := func() modelarts.NotebookCreateRequest {
		return modelarts.NotebookCreateRequest{Name: "new", Flavor: new("small"), ImageID: "image", Volume: modelarts.VolumeMountRequest{Category: "EVS", Ownership: "MANAGED"}}
	}
	for name, test := range map[string]struct {
		asked func() modelarts.NotebookCreateRequest
		with  func(*modelarts.NotebookCreateRequest)
		shown string // over shownOfEverything, or over the least
		want  string
	}{
		"everything":                      {asked: everything},
		"another name":                    {asked: everything, shown: `{"name":"newer"}`, want: "name"},
		"another description":             {asked: everything, shown: `{"description":"theirs"}`, want: "description"},
		"no description":                  {asked: everything, shown: `{"description":""}`, want: "description"},
		"another feature":                 {asked: everything, shown: `{"feature":"DEFAULT"}`, want: "feature"},
		"another flavor":                  {asked: everything, shown: `{"flavor":"large"}`, want: "flavor"},
		"another image":                   {asked: everything, shown: `{"image":{"id":"other"}}`, want: "image_id"},
		"another workspace":               {asked: everything, shown: `{"workspace_id":"0"}`, want: "workspace_id"},
		"another pool":                    {asked: everything, shown: `{"pool":{"id":"other","name":"other"}}`, want: "pool_id"},
		"a pool without its ID":           {asked: everything, shown: `{"pool":{"id":null,"name":null}}`},
		"another storage":                 {asked: everything, shown: `{"volume":{"category":"EFS"}}`, want: "volume.category"},
		"another ownership":               {asked: everything, shown: `{"volume":{"ownership":"MANAGED"}}`, want: "volume.ownership"},
		"another bucket":                  {asked: everything, shown: `{"volume":{"uri":"obs://c/home/"}}`, want: "volume.uri"},
		"another secret":                  {asked: everything, shown: `{"volume":{"dew_secret_name":"other"}}`, want: "volume.dew_secret_name"},
		"the source is not shown":         {asked: everything, shown: `{"volume":{"uri":null,"dew_secret_name":null}}`},
		"another data volume":             {asked: everything, shown: `{"data_volumes":[{"mount_path":"/data/sea/","category":"OBSFS"}]}`, want: "data_volumes"},
		"another source of a data volume": {asked: everything, shown: `{"data_volumes":[{"mount_path":"/data/lake/","url":"obs://b/sea/"}]}`, want: "data_volumes"},
		"no data volume":                  {asked: everything, shown: `{"data_volumes":[]}`, want: "data_volumes"},
		"no data volume yet":              {asked: everything, shown: `{"status":"CREATING","data_volumes":[],"endpoints":[]}`},
		"another key pair":                {asked: everything, shown: `{"endpoints":[{"service":"SSH","key_pair_names":["c"]}]}`, want: "endpoints"},
		"another address":                 {asked: everything, shown: `{"endpoints":[{"service":"SSH","key_pair_names":["a","b"],"allowed_access_ips":["192.0.2.2"]}]}`, want: "endpoints"},
		"no addresses":                    {asked: everything, shown: `{"endpoints":[{"service":"SSH","key_pair_names":["a","b"],"allowed_access_ips":[]}]}`},
		"no endpoint":                     {asked: everything, shown: `{"endpoints":[]}`, want: "endpoints"},
		"another type of lease":           {asked: everything, shown: `{"lease":{"type":"TIMING"}}`, want: "lease.type"},
		"a longer lease":                  {asked: everything, shown: `{"lease":{"duration":14400000}}`, want: "lease.duration"},
		"a shorter lease":                 {asked: everything, shown: `{"lease":{"duration":3600000}}`, want: "lease.duration"},
		"a lease that is off":             {asked: everything, shown: `{"lease":{"enable":false}}`, want: "lease.enabled"},
		"other rules":                     {asked: everything, shown: `{"affinity":{"required_during_scheduling_ignored_during_execution":[{"key":"node","operator":"NotIn","values":["x"]}]}}`, want: "affinity"},
		"another user":                    {asked: everything, shown: `{"run_user":{"uid":0}}`, want: "run_user"},
		"another VPC":                     {asked: everything, shown: `{"user_vpc":{"vpc_id":"other"}}`, want: "user_vpc"},
		"tags":                            {asked: everything, shown: `{"tags":[{"key":"team","value":"vision"}]}`, want: "tags"},
		"several":                         {asked: everything, shown: `{"description":"theirs","endpoints":[{"service":"SSH","key_pair_names":["c"]}]}`, want: "description endpoints"},
		"the least":                       {asked: minimal},
		"what the request does not have: description": {asked: minimal, shown: `{"description":"theirs"}`, want: "description"},
		"what the request does not have: pool":        {asked: minimal, shown: `{"pool":{"id":"pool"}}`, want: "pool_id"},
		"what the request does not have: disk":        {asked: minimal, shown: `{"volume":{"category":"EVS","capacity":100}}`, want: "volume.capacity"},
		"the disk of those who ask for none":          {asked: minimal, shown: `{"volume":{"category":"EVS","capacity":5}}`},
		"what the request does not have: volume":      {asked: minimal, shown: `{"data_volumes":[{"mount_path":"/data/sea/","category":"EFS"}]}`, want: "data_volumes"},
		"what the request does not have: key pair":    {asked: minimal, shown: `{"endpoints":[{"service":"SSH","key_pair_names":["c"]}]}`, want: "endpoints"},
		"an endpoint that configures nothing":         {asked: minimal, shown: `{"endpoints":[{"service":"NOTEBOOK","uri":"https://n","key_pair_names":[]}]}`},
		"what the request does not have: lease":       {asked: minimal, shown: `{"lease":{"enable":true,"type":"TIMING","duration":28800000}}`, want: "lease.duration"},
		"what the service has of its own":             {asked: minimal, shown: `{"affinity":{"preferred_during_scheduling_ignored_during_execution":[{"key":"node","operator":"Exists"}]},"run_user":{"uid":1},"user_vpc":{"vpc_id":"v"},"pool":{}}`},
		"a lease that was to be off":                  {asked: minimal, with: func(r *modelarts.NotebookCreateRequest) { r.Duration = new(NoAutomaticStop) }, shown: `{"lease":{"enable":true}}`, want: "lease.enabled"},
		"a lease that is to be off":                   {asked: minimal, with: func(r *modelarts.NotebookCreateRequest) { r.Duration = new(NoAutomaticStop) }, shown: `{"lease":{"enable":false}}`},
		"another size of the disk":                    {asked: minimal, with: func(r *modelarts.NotebookCreateRequest) { r.Volume.Capacity = new(int64(10)) }, shown: `{"volume":{"category":"EVS","capacity":5}}`, want: "volume.capacity"},
		"a file system of its own":                    {asked: minimal, with: func(r *modelarts.NotebookCreateRequest) { r.Volume.Category = "EFS" }, shown: `{"volume":{"category":"SFS","ownership":"managed","capacity":50,"uri":"share","id":"x"}}`},
		"a custom size": {asked: minimal, with: func(r *modelarts.NotebookCreateRequest) {
			r.Flavor, r.CustomSpec = nil, &modelarts.CustomSpec{CPU: 1.5, Memory: 2048}
		}, shown: `{"flavor":"custom.flavor.spec.code","custom_spec":{"cpu":2,"memory":2097152}}`},
		"another custom size": {asked: minimal, with: func(r *modelarts.NotebookCreateRequest) {
			r.Flavor, r.CustomSpec = nil, &modelarts.CustomSpec{CPU: 1.5, Memory: 2048}
		}, shown: `{"flavor":"custom.flavor.spec.code","custom_spec":{"cpu":4,"memory":2048}}`, want: "custom_spec"},
		"a custom size without a request for one": {asked: minimal, shown: `{"flavor":"custom.flavor.spec.code"}`, want: "flavor"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var nb modelarts.Notebook
			base := `{"id":"n","name":"new","status":"RUNNING","flavor":"small","image":{"id":"image"}}`
			req := test.asked()
			if req.PoolID != nil {
				base = shownOfEverything
			}
			if test.with != nil {
				test.with(&req)
			}
			if err := json.Unmarshal(over(t, base, test.shown), &nb); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(differences(&nb, &req, 5*time.Second), " "); got != test.want {
				t.Errorf("it differs in %q, want %q", got, test.want)
			}
		})
	}
}

// over lays members over an answer, and those of objects over the objects.
func over(t *testing.T, base, members string) []byte {
	t.Helper()
	var below, above map[string]any
	if err := json.Unmarshal([]byte(base), &below); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(cmp.Or(members, "{}")), &above); err != nil {
		t.Fatal(err)
	}
	for name, value := range above {
		inner, isObject := value.(map[string]any)
		if was, there := below[name].(map[string]any); isObject && there && name != "image" {
			maps.Copy(was, inner)
			continue
		}
		below[name] = value
	}
	text, err := json.Marshal(below)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Whatever an answer leaves out is no evidence.
func TestWhatIsNotShownIsNoDifference(t *testing.T) {
	t.Parallel()
	req := everything()
	for name, text := range map[string]string{
		"nothing": `{"id":"n"}`,
		"empty objects": `{"id":"n","name":"new","status":"RUNNING","image":{},"pool":{},"volume":{},"lease":{},"affinity":{},"run_user":{},"user_vpc":{},
			"endpoints":[{}],"data_volumes":null}`,
	} {
		var nb modelarts.Notebook
		if err := json.Unmarshal([]byte(text), &nb); err != nil {
			t.Fatal(err)
		}
		got := differences(&nb, &req, time.Second)
		if got = slices.DeleteFunc(got, func(a string) bool { return a == "endpoints" && name == "empty objects" }); len(got) > 0 {
			t.Errorf("%s: it differs in %q", name, got)
		}
		if told(&nb) {
			t.Errorf("%s is taken for evidence", name)
		}
	}
}

// Two configurations create a notebook of the same name, flavor and image at the
// same time, and the create of the first is cut before it has any effect: what the
// other has made is not taken, and named.
func TestALostCreateDoesNotTakeWhatIsVisiblyNotItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(quick, running)
		mine, theirs := request(), request()
		mine.Volume = modelarts.VolumeMountRequest{Category: "EVS", Ownership: "MANAGED", Capacity: new(int64(100))}
		theirs.Volume = modelarts.VolumeMountRequest{Category: "EVS", Ownership: "MANAGED", Capacity: new(int64(5))}
		theirs.Description = new("of another team")
		theirs.Endpoints = []modelarts.EndpointsReq{{Service: new("SSH"), KeyPairNames: []string{"theirs"}}}
		ctx := f.limited(t, time.Hour)
		f.next["CreateNotebook"] = []fault{{before: noAnswer, takes: time.Second}, {}}
		time.AfterFunc(500*time.Millisecond, func() {
			if _, err := f.creator(new(Creates)).Create(ctx, theirs); err != nil {
				t.Error(err)
			}
		})
		made, err := f.creator(new(Creates)).Create(ctx, mine)
		if err == nil {
			t.Fatalf("it took %s", made.ID)
		}
		const want = "These have the same name but do not match the request:\n  - made 2: CREATING, created at 2000-01-01T00:00:00Z; another description, volume.capacity, endpoints"
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "terraform import ADDRESS") {
			t.Errorf("the error is\n%v", err)
		}
		if n := f.count("CreateNotebook"); n != 2 {
			t.Errorf("%d creates were sent, want one by each", n)
		}
	})
}

// A tag is removed with the value that it has by now, in the workspace that the
// notebook is in.
func TestTagsAreRemovedWithTheirValues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(quick, running)
		n := f.find("n")
		n.WorkspaceID, n.tags = new("team"), map[string]string{"changed": "now", "kept": "1", "same": "1"}
		i := f.instance()
		i.Workspace = "0" // what was known before
		out := i.Update(f.limited(t, time.Hour), Wish{Tags: TagChange{
			Set:    []modelarts.Tag{{Key: "more", Value: new("1")}},
			Remove: []modelarts.Tag{{Key: "changed", Value: new("before")}, {Key: "same", Value: new("1")}, {Key: "gone", Value: new("1")}},
		}})
		if out.Err != nil || len(n.tags) != 2 || n.tags["kept"] != "1" || n.tags["more"] != "1" {
			t.Errorf("the tags are %v, %v", n.tags, out.Err)
		}
	})
}
