package notebook

import "testing"

// The URI of an SSH endpoint is read in every form that a service may give it.
func TestSSHIsReadInEveryForm(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		uri, user, host string
		port            int64 // zero: there is none
	}{
		{"ssh://ma-user@dev-modelarts-cn-north-4.huaweicloud.com:30000", "ma-user", "dev-modelarts-cn-north-4.huaweicloud.com", 30000},
		{"SSH://ma-user@host:30000/", "ma-user", "host", 30000},
		{"ssh://host:30000", "ma-user", "host", 30000},
		{"ssh://root@host", "root", "host", 22},
		{"ssh://ma%2Duser:secret@host:1", "ma-user", "host", 1},
		{"ssh://@host:1", "ma-user", "host", 1},
		{"host:30000", "ma-user", "host", 30000},
		{"root@host:30000", "root", "host", 30000},
		{" host:30000\n", "ma-user", "host", 30000},
		{"host", "ma-user", "host", 22},
		{"host:", "ma-user", "host", 22},
		{"10.0.0.1", "ma-user", "10.0.0.1", 22},
		{"10.0.0.1:30000", "ma-user", "10.0.0.1", 30000},
		{"2001:db8::1", "ma-user", "2001:db8::1", 22},
		{"[2001:db8::1]", "ma-user", "2001:db8::1", 22},
		{"[2001:db8::1]:30000", "ma-user", "2001:db8::1", 30000},
		{uri: ""},
		{uri: " "},
		{uri: "ssh://"},
		{uri: "ssh://ma-user@"},
		{uri: ":30000"},
		{uri: "host:port"},
		{uri: "host:0"},
		{uri: "host:65536"},
		{uri: "host:1:2"},
		{uri: "https://host:1"},
		{uri: "host/path"},
		{uri: "a host"},
		{uri: "[2001:db8::1"},
	} {
		at, ok := parseSSH(tc.uri)
		if ok != (tc.port > 0) {
			t.Errorf("%q: is an address: %t", tc.uri, ok)
			continue
		}
		if ok && (at.User.ValueString() != tc.user || at.Host.ValueString() != tc.host || at.Port.ValueInt64() != tc.port) {
			t.Errorf("%q: %s, %s, %s", tc.uri, at.User, at.Host, at.Port)
		}
	}
}
