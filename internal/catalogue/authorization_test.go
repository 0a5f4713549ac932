package catalogue

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// An authorization for the user or for all users is enough; what is not known is neither
// yes nor no.
func TestAuthorizationFromAPI(t *testing.T) {
	t.Parallel()
	const all, all2, mine, other = `{"user_id":"all-users","type":"agency","content":"modelarts_agency","create_time":1700000000000}`, `{"user_id":"all"}`, `{"user_id":"me","type":"CREDENTIAL","content":"AK"}`, `{"user_id":"you","user_name":"you"}`
	for name, tc := range map[string]struct {
		listed     string
		user       string
		authorized types.Bool
		reason     string
	}{
		"none":                            {"", "me", types.BoolValue(false), ""},
		"none, whoever it is":             {"", "", types.BoolValue(false), ""},
		"all users":                       {all, "me", types.BoolValue(true), ""},
		"all users, in the other word":    {all2, "me", types.BoolValue(true), ""},
		"all users, whoever it is":        {other + "," + all, "", types.BoolValue(true), ""},
		"the user":                        {other + "," + mine, "me", types.BoolValue(true), ""},
		"another user":                    {other, "me", types.BoolValue(false), ""},
		"another user, or the same":       {other, "", types.BoolNull(), "set user_id"},
		"an entry that names no user":     {`{"user_name":"x"}`, "me", types.BoolValue(false), ""},
		"an entry that names no user, ''": {`{"user_id":""}`, "", types.BoolNull(), "set user_id"},
	} {
		var listed []modelarts.Authorization
		if err := json.Unmarshal([]byte("["+tc.listed+"]"), &listed); err != nil {
			t.Fatal(err)
		}
		m := authorizationModel{UserID: types.StringNull()}
		if tc.user != "" {
			m.UserID = types.StringValue(tc.user)
		}
		m.fromAPI(listed)
		if !m.Authorized.Equal(tc.authorized) || m.Known.ValueBool() == tc.authorized.IsNull() || !strings.Contains(m.Reason.ValueString(), tc.reason) || (tc.reason == "") != m.Reason.IsNull() {
			t.Errorf("%s: authorized %s, known %s, %s", name, m.Authorized, m.Known, m.Reason)
		}
		if len(m.Authorizations) != len(listed) {
			t.Errorf("%s: %d authorizations", name, len(m.Authorizations))
		}
	}
	var entry modelarts.Authorization
	_ = json.Unmarshal([]byte(mine), &entry)
	if e := entryFromAPI(&entry); !e.Agency.IsNull() || e.Type.ValueString() != "CREDENTIAL" {
		t.Errorf("the access key is shown: %+v", e)
	}
	_ = json.Unmarshal([]byte(all2), &entry)
	if e := entryFromAPI(&entry); e.UserID.ValueString() != "all-users" {
		t.Errorf("all users are %s", e.UserID)
	}
}

// Of candidates the first that fits is chosen, and an error names each in their order.
func TestCandidates(t *testing.T) {
	t.Parallel()
	listed := flavors(t, `[
		{"id": "small", "vcpus": 1, "category": "CPU"},
		{"id": "gone", "vcpus": 4, "category": "CPU", "sold_out": true},
		{"id": "large", "vcpus": 8, "category": "CPU"}]`)
	four, yes := types.Int64Value(4), types.BoolValue(true)
	for name, tc := range map[string]struct {
		asked flavorChoiceModel
		want  string
	}{
		"the first of two":       {flavorChoiceModel{Candidates: []string{"large", "small"}}, "large"},
		"one that is sold out":   {flavorChoiceModel{Candidates: []string{"gone", "large", "small"}}, "large"},
		"with those sold out":    {flavorChoiceModel{Candidates: []string{"gone", "large"}, IncludeSoldOut: yes}, "gone"},
		"one that is not there":  {flavorChoiceModel{Candidates: []string{"x", "small"}}, "small"},
		"with another condition": {flavorChoiceModel{Candidates: []string{"small", "large"}, VCPUsMin: four}, "large"},
		"without candidates":     {flavorChoiceModel{VCPUsMin: four}, "large"},
		"none":                   {flavorChoiceModel{Candidates: []string{"SMALL", "x"}}, ""},
	} {
		got := ""
		if at := tc.asked.choose(listed); at >= 0 {
			got = listed[at].ID.ValueString()
		}
		if got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
	asked := flavorChoiceModel{Candidates: []string{"x", "gone", "small"}, VCPUsMin: four}
	const want = "none of the candidates is available:\n" +
		"  - x: the service lists no such flavor (type = MANAGED)\n" +
		"  - gone: is sold out (include_sold_out = false)\n" +
		"  - small: has 1 vCPU (vcpus_min = 4)\n"
	if got := asked.noneFits(listed).Error(); !strings.HasPrefix(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
