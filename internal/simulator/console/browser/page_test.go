package browser

import (
	"testing"
)

// TestPictures takes pictures.
func TestPictures(t *testing.T) {
	browser := newBrowser(t)
	s := start(t, program(t), "-create-time", "1h", "-stop-time", "0s", "-delete-time", "0s", "-start-time", "1m", "-mount-time", "0s")
	fill(s)
	for _, as := range []shape{desk, {"dark", 1280, 900, "dark"}, {"narrow", 360, 800, "light"}, {"narrow-dark", 360, 800, "dark"}} {
		t.Run(as.name, func(t *testing.T) {
			p := open(t, browser, s.url, as)
			p.shows("#connection", "live")
			p.picture(as.name)
			p.silent()
		})
	}
}

// fill makes a service that has something of everything.
func fill(s *service) {
	s.create("first-of-the-team", `, "lease": {"duration": 7200000}, "tags": [{"key": "team", "value": "vision"}],
		"endpoints": [{"service": "SSH", "key_pair_names": ["team"]}],
		"data_volumes": [{"category": "OBSFS", "ownership": "DEDICATED", "mount_path": "/home/ma-user/data/", "uri": "obs://lake/images/"}],
		"hooks": {"container_hooks": {"pre_start": {"script": "`+hookScript+`"}}}`)
	s.create("idle", `, "lease": {"duration": 36000000, "type": "idle"}`)
	s.create("no-lease", `, "duration": -1`)
	s.advance("1h")
	s.members("POST", "/_simulator/faults", `{"kind": "create_failed", "step": 2, "reason": "No node has 2 vCPUs left."}`)
	s.create("cannot-start", "")
	s.advance("40m")
	s.members("POST", "/_simulator/faults", `{"kind": "throttle", "operation": "ListNotebooks", "count": -1, "retry_after": "1"}`)
	s.do("GET", s.path(), "")
	s.create("on-its-way", "")
	s.advance("20m")
	s.do("GET", s.path("00000000-0000-4000-8000-000000000000"), "")
	s.do("PUT", "/_simulator/answers", `{"answers": ["gone-404"]}`)
}
