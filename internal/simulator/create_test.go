package simulator_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// TestVendorExample sends the example request of the vendor's page and checks
// each field of its example answer.
func TestVendorExample(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	got := c.ok("POST", c.path("notebooks"), vendorRequest())
	id, token := got["id"], got["token"]
	for _, value := range []any{id, token} {
		if text, _ := value.(string); uuid.Validate(text) != nil {
			t.Errorf("%v is no UUID", value)
		}
	}
	created := epoch.UnixMilli()
	volume := object{
		"category": "EVS", "ownership": "MANAGED", "capacity": 50, "mount_path": "/home/ma-user/work/",
		"mount_type": "MAIN", "status": "IN_USE", "evs_sku_code": "SSD",
	}
	equal(t, "answer", got, object{
		"description": "api-test", "feature": "NOTEBOOK", "flavor": "modelarts.vm.cpu.2u", "id": id,
		"image": object{
			"description": "description", "id": vendorImage, "name": "notebook2.0-mul-kernel-cpu-cp36",
			"swr_path": "swr.example.com/atelier/notebook2.0-mul-kernel-cpu-cp36:3.3.2-release_v1",
			"tag":      "3.3.2-release_v1", "type": "BUILD_IN",
		},
		"lease": object{"create_at": created, "duration": 3600000, "enable": true, "type": "TIMING", "update_at": created},
		"name":  "notebooks_test", "status": "CREATING", "token": token, "workspace_id": "0", "volume": volume,
	})

	shown := c.show(id.(string))
	equal(t, "status", shown["status"], "RUNNING")
	equal(t, "volume", shown["volume"], volume)
	equal(t, "billing_items", shown["billing_items"], []string{"STORAGE", "COMPUTE"})
	equal(t, "user", at(t, shown, "user", "name"), simulator.DefaultUserName)
	equal(t, "domain", at(t, shown, "user", "domain", "name"), simulator.DefaultDomainName)
	equal(t, "arch", at(t, shown, "image", "arch"), "x86_64")
	equal(t, "times", []any{shown["create_at"], shown["update_at"], shown["current_time"]}, []any{created, created, created})
	equal(t, "token", shown["token"], token)
}

// TestWhatIsAsked checks that each argument of a create is kept, and which of
// them are never answered.
func TestWhatIsAsked(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	id := c.create(object{
		"endpoints": []object{{"service": "SSH", "key_pair_names": []string{"k1", "k2"}, "allowed_access_ips": []string{"192.0.2.1"}}},
		"data_volumes": []object{
			{"category": "obsfs", "ownership": "dedicated", "uri": "obs://b/p/", "mount_path": "/data/lake/", "read_only": true, "dew_secret_name": "s"},
			{"category": "OBS", "ownership": "DEDICATED", "uri": "obs://b/q/", "mount_path": "/data/obs/"},
		},
		"hooks":    object{"container_hooks": object{"post_start": object{"script": "/a/b.sh"}}},
		"run_user": object{"uid": 1000},
		"user_vpc": object{"vpc_id": "v", "subnet_id": "s", "security_group_ids": []string{"g"}, "connect_cidrs": []string{"10.0.0.0/8"}},
		"lease":    object{"duration": 7200000, "type": "idle"}, "workspace_id": simulator.DefaultWorkspace,
	})
	shown := c.show(id)
	equal(t, "endpoint", at(t, shown, "endpoints", 0, "key_pair_names"), []string{"k1", "k2"})
	equal(t, "data volume", at(t, shown, "data_volumes", 0), object{
		"category": "OBSFS", "mount_path": "/data/lake/", "url": "obs://b/p/", "mount_type": "DYNAMIC", "status": "MOUNTED",
	})
	equal(t, "OBS is not mounted", at(t, shown, "data_volumes", 1, "status"), nil)
	equal(t, "hooks", shown["hooks"], nil)
	equal(t, "lease", at(t, shown, "lease", "type"), "IDLE")
	equal(t, "run_user", at(t, shown, "run_user", "uid"), 1000)
	equal(t, "user_vpc", at(t, shown, "user_vpc", "connect_cidrs"), []string{"10.0.0.0/8"})
	equal(t, "workspace", shown["workspace_id"], simulator.DefaultWorkspace)

	n := c.known(id)
	equal(t, "hooks", n.Hooks, simulator.Hooks{PostStart: &simulator.Hook{Type: "SCRIPT", Script: "/a/b.sh", Mode: "ASYNC"}})
	equal(t, "read_only", n.DataVolumes[0].ReadOnly, true)
	equal(t, "secret", n.DataVolumes[0].DEWSecretName, "s")
	equal(t, "lease", n.Lease.Duration, 7200000)
}

// TestCreateRefusals breaks the vendor's request in one way each.
func TestCreateRefusals(t *testing.T) {
	volume := func(members object) object { return object{"volume": members} }
	data := func(members object) object {
		if members["ownership"] == nil {
			members["ownership"] = "DEDICATED"
		}
		return object{"data_volumes": []object{members}}
	}
	endpoint := func(members object) object { return object{"endpoints": []object{members}} }
	efs := object{"category": "EFS", "ownership": "DEDICATED", "uri": "u", "id": nobody}
	for name, test := range map[string]struct {
		changes object
		code    string
	}{
		"no name":              {object{"name": nil}, "6335"},
		"empty name":           {object{"name": ""}, "6335"},
		"bad name":             {object{"name": "a b"}, "6334"},
		"long name":            {object{"name": strings.Repeat("a", 129)}, "6336"},
		"name of wrong type":   {object{"name": 1}, "6332"},
		"no image":             {object{"image_id": nil}, "6335"},
		"image is no UUID":     {object{"image_id": "x"}, "6336"},
		"no such image":        {object{"image_id": nobody}, "6797"},
		"image not active":     {object{"image_id": brokenImage}, "6797"},
		"no flavor":            {object{"flavor": nil}, "6335"},
		"no such flavor":       {object{"flavor": "x"}, "6323"},
		"sold out":             {object{"flavor": "modelarts.vm.cpu.16u"}, "6716"},
		"free flavor":          {object{"flavor": "modelarts.vm.cpu.free"}, "6870"},
		"other architecture":   {object{"flavor": "modelarts.vm.arm.2u"}, "6330"},
		"other category":       {object{"flavor": "modelarts.vm.ascend.d910.1", "image_id": armImage}, "6330"},
		"image for CPU alone":  {object{"flavor": "modelarts.vm.gpu.t4", "image_id": sshImage, "endpoints": []object{{"service": "SSH", "key_pair_names": []string{"k"}}}}, "6330"},
		"EFS-only flavor":      {object{"flavor": "modelarts.vm.cpu.8u.efs"}, ""},
		"no volume":            {object{"volume": nil}, "6335"},
		"no category":          {volume(object{"ownership": "MANAGED"}), "6335"},
		"no ownership":         {volume(object{"category": "EVS"}), "6335"},
		"no such category":     {volume(object{"category": "DISK", "ownership": "MANAGED"}), "6336"},
		"mixed letter case":    {volume(object{"category": "Evs", "ownership": "MANAGED"}), "6336"},
		"EVS dedicated":        {volume(object{"category": "EVS", "ownership": "DEDICATED", "uri": "u"}), "6702"},
		"EVS too small":        {volume(object{"category": "EVS", "ownership": "MANAGED", "capacity": 4}), "6331"},
		"EVS too large":        {volume(object{"category": "EVS", "ownership": "MANAGED", "capacity": 4097}), "6331"},
		"EVS over the flavor":  {object{"flavor": "modelarts.vm.arm.2u", "image_id": armImage, "volume": object{"category": "EVS", "ownership": "MANAGED", "capacity": 1025}}, "6331"},
		"capacity as text":     {volume(object{"category": "EVS", "ownership": "MANAGED", "capacity": "50"}), "6332"},
		"OBS managed":          {volume(object{"category": "OBS", "ownership": "MANAGED"}), "6702"},
		"OBSFS managed":        {volume(object{"category": "OBSFS", "ownership": "MANAGED"}), "6702"},
		"OBS without secret":   {volume(object{"category": "OBS", "ownership": "DEDICATED", "uri": "obs://b/"}), "6967"},
		"OBSFS without uri":    {volume(object{"category": "OBSFS", "ownership": "DEDICATED", "dew_secret_name": "s"}), "6335"},
		"OBSFS with bad uri":   {volume(object{"category": "OBSFS", "ownership": "DEDICATED", "dew_secret_name": "s", "uri": "b"}), "6336"},
		"bad secret":           {volume(object{"category": "OBSFS", "ownership": "DEDICATED", "dew_secret_name": "a b", "uri": "obs://b/"}), "6336"},
		"EFS without uri":      {volume(object{"category": "EFS", "ownership": "DEDICATED", "id": nobody}), "6335"},
		"EFS without id":       {volume(object{"category": "EFS", "ownership": "DEDICATED", "uri": "u"}), "6335"},
		"data OBSFS managed":   {data(object{"category": "OBSFS", "ownership": "MANAGED", "mount_path": "/data/x"}), "6702"},
		"data without path":    {data(object{"category": "OBSFS", "uri": "obs://b/"}), "6927"},
		"data OBS, no path":    {data(object{"category": "OBS", "uri": "obs://b/"}), "6927"},
		"data at the main":     {data(object{"category": "OBSFS", "uri": "obs://b/", "mount_path": "/home/ma-user/work"}), "6927"},
		"data without uri":     {data(object{"category": "OBSFS", "mount_path": "/data/x"}), "6335"},
		"data twice at a path": {object{"data_volumes": []object{{"category": "OBSFS", "ownership": "DEDICATED", "uri": "obs://b/", "mount_path": "/data/x"}, {"category": "OBSFS", "ownership": "DEDICATED", "uri": "obs://b/", "mount_path": "/data/x/"}}}, "6927"},
		"description":          {object{"description": "a<b"}, "6334"},
		"long description":     {object{"description": strings.Repeat("a", 513)}, "6336"},
		"lease too short":      {object{"lease": object{"duration": 3599999}}, "6349"},
		"lease too long":       {object{"lease": object{"duration": 259200001}}, "6349"},
		"lease off":            {object{"lease": object{"duration": -1}}, "6349"},
		"lease of no type":     {object{"lease": object{"type": "x"}}, "6336"},
		"duration too short":   {object{"duration": 1}, "6349"},
		"no such workspace":    {object{"workspace_id": strings.Repeat("a", 32)}, "0102"},
		"bad workspace":        {object{"workspace_id": "x"}, "6336"},
		"SSH-only image":       {object{"image_id": sshImage}, "6768"},
		"SSH without key":      {endpoint(object{"service": "SSH"}), "6335"},
		"SSH with other's key": {endpoint(object{"service": "SSH", "key_pair_names": []string{"other"}}), "6789"},
		"six addresses":        {endpoint(object{"service": "SSH", "key_pair_names": []string{"k"}, "allowed_access_ips": []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6"}}), "6336"},
		"no address":           {endpoint(object{"service": "SSH", "key_pair_names": []string{"k"}, "allowed_access_ips": []string{"x"}}), "6336"},
		"no such service":      {endpoint(object{"service": "FTP"}), "6336"},
		"no such feature":      {object{"feature": "x"}, "6336"},
		"no such pool":         {object{"pool_id": "x"}, "6336"},
		"pool not active":      {object{"pool_id": "pool73112001"}, "6360"},
		"flavor not in pool":   {object{"pool_id": "pool41664192", "flavor": "x"}, "6323"},
		"spec without pool":    {object{"custom_spec": object{"cpu": 1, "memory": 1024}}, "6336"},
		"spec without memory":  {object{"pool_id": "pool41664192", "custom_spec": object{"cpu": 1}}, "6335"},
		"spec too small":       {object{"pool_id": "pool41664192", "custom_spec": object{"cpu": 0.3, "memory": 1024}}, "6336"},
		"hook of no mode":      {object{"hooks": object{"container_hooks": object{"pre_start": object{"mode": "x"}}}}, "6336"},
		"rule of no operator":  {object{"affinity": object{"required_during_scheduling_ignored_during_execution": []object{{"key": "k", "operator": "in", "values": []string{}}}}}, "6336"},
		"vpc without subnet":   {object{"user_vpc": object{"vpc_id": "v", "security_group_ids": []string{"g"}}}, "6335"},
		"good EFS":             {volume(efs), ""},
		"good EFS managed":     {volume(object{"category": "efs", "ownership": "managed"}), ""},
		"good OBSFS":           {object{"flavor": "modelarts.vm.cpu.8u.obs", "volume": object{"category": "OBSFS", "ownership": "DEDICATED", "uri": "obs://b/p/", "dew_secret_name": "s"}}, ""},
		"good free one":        {object{"feature": "DEFAULT", "flavor": "modelarts.vm.cpu.free"}, ""},
		"good Ascend":          {object{"flavor": "modelarts.vm.ascend.d910.1", "image_id": ascendImage}, ""},
		"good Arm":             {object{"flavor": "modelarts.vm.arm.8u", "image_id": armImage}, ""},
		"good own image":       {object{"flavor": "modelarts.vm.gpu.v100", "image_id": ownImage}, ""},
		"good pool":            {object{"pool_id": "pool41664192", "flavor": "modelarts.pool.gpu.v100"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCaller(t, simulator.Options{KeyPairs: []string{"k"}})
			if test.code == "" {
				c.create(test.changes)
				return
			}
			c.refused("POST", c.path("notebooks"), with(test.changes), 400, "ModelArts."+test.code)
			if made := c.sim.Notebooks(); len(made) > 0 {
				t.Errorf("a refused create made %v", made)
			}
		})
	}
}

func TestPayloads(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	for _, body := range []string{"", "x", "[]", `"a"`, "{}{}"} {
		c.refused("POST", c.path("notebooks"), body, 400, "ModelArts.6400")
	}
	// Names differ by their letter case, and unknown ones are ignored.
	c.refused("POST", c.path("notebooks"), with(object{"name": nil, "Name": "a"}), 400, "ModelArts.6335")
	c.create(object{"unknown": object{"a": 1}})
}

func TestQuotaAndFrozen(t *testing.T) {
	c := newCaller(t, simulator.Options{Quota: 2})
	c.create(nil)
	id := c.create(nil)
	feature := c.ok("GET", c.path("authoring", "features", "NOTEBOOK"), nil)
	equal(t, "quota and used", []any{feature["quota"], feature["used"], feature["enabled"]}, []any{2, 2, true})
	c.refused("POST", c.path("notebooks"), vendorRequest(), 400, "ModelArts.6302")
	c.create(object{"feature": "DEFAULT", "flavor": "modelarts.vm.cpu.free"})
	c.refused("POST", c.path("notebooks"), with(object{"feature": "DEFAULT", "flavor": "modelarts.vm.cpu.free"}), 400, "ModelArts.6302")

	c.sim.Configure(func(o *simulator.Options) { o.Quota, o.Frozen = 10, true })
	c.status(id, "FROZEN")
	c.refused("POST", c.path("notebooks"), vendorRequest(), 400, "ModelArts.6326")
	c.refused("POST", c.path("notebooks", id, "start"), nil, 400, "ModelArts.6326")
	c.refused("POST", c.path("notebooks", id, "stop"), nil, 400, "ModelArts.6326")
	c.refused("PUT", c.path("notebooks", id), object{"name": "x"}, 400, "ModelArts.6326")
	c.sim.Configure(func(o *simulator.Options) { o.Frozen = false })
	c.status(id, "STOPPED")
	c.ok("DELETE", c.path("notebooks", id), nil)
}
