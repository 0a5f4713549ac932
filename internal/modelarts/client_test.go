package modelarts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

func TestQuirksOfANotebook(t *testing.T) {
	t.Parallel()
	client := answering(t, 200, fullNotebook)
	n, err := client.ShowNotebook(t.Context(), notebookID)
	if err != nil {
		t.Fatal(err)
	}
	want := &Notebook{
		ID:             notebookID,
		Name:           "n",
		Status:         StatusRunning,
		Image:          &Image{ID: imageID, Arch: to("X86_64")},
		ActionProgress: []JobProgress{{Step: to[int64](1), Status: to("COMPLETED"), Description: to("prepare storage")}},
		Endpoints:      []EndpointsRes{{Service: to("SSH"), KeyPairNames: []string{"k"}, URI: to("ssh://ma-user@host:30000")}},
		Lease: &Lease{
			CreateAt: to[int64](1638841744515), UpdateAt: to[int64](1638841744516), Duration: to[int64](3600000), Type: to("TIMING"),
		},
		Volume:      &VolumeRes{Category: to("EFS"), Ownership: to("MANAGED"), Status: VolumeResizing},
		DataVolumes: []DataVolumeRes{{Category: to("OBSFS"), MountPath: to("/data/a/"), URI: to("obs://b/"), Status: StorageMounted}},
		UserVPC:     &UserVpcRes{ConnectCIDRs: []string{"10.0.0.0/8", "192.168.0.0/16"}},
		CustomSpec:  &CustomSpec{CPU: 0.4, Memory: 513, Arch: to("AARCH64")},
		CreateAt:    to[int64](1638841744515),
		UpdateAt:    to[int64](1638841744516),
	}
	n.CurrentTime = nil // that of the Date header
	if !reflect.DeepEqual(n, want) {
		got, _ := json.MarshalIndent(n, "", "  ")
		t.Errorf("got %s", got)
	}
}

func TestQuirks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		text string
		want any
	}{
		{
			"newer name wins", `{"service":"ssh","dev_service":"NOTEBOOK","key_pair_names":["a"],"ssh_keys":["b"]}`,
			&EndpointsRes{Service: to("SSH"), KeyPairNames: []string{"a"}},
		},
		{"empty newer list", `{"key_pair_names":[],"ssh_keys":["b"]}`, &EndpointsRes{KeyPairNames: []string{"b"}}},
		{"description", `{"description":"new","step_description":"old"}`, &JobProgress{Description: to("new")}},
		{"uri before url", `{"uri":"a","url":"b"}`, &DataVolumeRes{URI: to("a")}},
		{"older category of data volumes", `{"category":"sfs","status":"in_use"}`, &DataVolumeRes{Category: to("EFS"), Status: "IN_USE"}},
		{"names of file systems", `{"id":"f","storages":["EVS","efs","EFS_DEDICATED"]}`, &Flavor{ID: "f", Storages: []string{"EVS", "EFS"}}},
		{"names of file systems of a pool", `{"id":"f","storages":["efs_dedicated","SFS","OBS"]}`, &ClusterFlavor{ID: "f", Storages: []string{"EFS", "OBS"}}},
		{"no names of storages", `{"id":"f","storages":[]}`, &Flavor{ID: "f", Storages: []string{}}},
		{
			"own times win", `{"create_at":1,"lease":{"create_at":2,"update_at":3}}`,
			&Notebook{CreateAt: to[int64](1), UpdateAt: to[int64](3), Lease: &Lease{CreateAt: to[int64](2), UpdateAt: to[int64](3)}},
		},
		{
			"status in lower case", `{"status":"running","billing_items":["compute"]}`,
			&Notebook{Status: StatusRunning, BillingItems: []string{"COMPUTE"}},
		},
		{"the way to the public network", `{"public_network_config":{"public_network_type":"shared"}}`, &Notebook{PublicNetworkConfig: &PublicNetworkConfig{PublicNetworkType: to("SHARED")}}},
		{"no way to the public network", `{"public_network_config":{"public_network_type":""}}`, &Notebook{PublicNetworkConfig: &PublicNetworkConfig{}}},
		{"unknown values are kept", `{"status":"REBOOTING","feature":"New"}`, &Notebook{Status: "REBOOTING", Feature: to("NEW")}},
		{"CIDR blocks in a list", `{"connect_cidrs":["10.0.0.0/8"]}`, &UserVpcRes{ConnectCIDRs: []string{"10.0.0.0/8"}}},
		{"no CIDR blocks", `{"connect_cidrs":null}`, &UserVpcRes{}},
		{
			"what is never empty", `{"description":"","feature":"","flavor":"","url":"","token":"","workspace_id":"","image":{"id":"i","tag":""},
				"pool":{"id":"","name":""},"user":{"id":"","name":""},"lease":{"create_at":0,"duration":0,"type":""},
				"volume":{"category":"","ownership":"","capacity":0,"uri":"","id":"","dew_secret_name":"","mount_path":""},
				"user_vpc":{"vpc_id":"","subnet_id":"","security_group_ids":[]},"tags":[{"key":"a","value":""}]}`,
			&Notebook{
				Description: to(""), Image: &Image{ID: "i"}, Pool: &Pool{}, User: &User{}, Lease: &Lease{}, Volume: &VolumeRes{}, UserVPC: &UserVpcRes{},
				Tags: []Tag{{Key: "a", Value: to("")}},
			},
		},
		{
			"entries without their keys", `{"endpoints":[{"service":"SSH"},{"uri":"a"}],"data_volumes":[{"category":"EVS","mount_path":""}],
				"tags":[{"value":"a"}],"affinity":{"required_during_scheduling_ignored_during_execution":[{"operator":"Exists"}]}}`,
			&Notebook{},
		},
		{"a rule without values", `{"affinity":{"preferred_during_scheduling_ignored_during_execution":[{"key":"a","operator":"in","values":[]}]}}`, &Notebook{}},
		{
			"numbers in strings", `{"id":"f","memory":"8388608","evs_max_size":"4096","gpu":{"gpu":0.5}}`,
			&ClusterFlavor{ID: "f", Memory: to[int64](8388608), EVSMaxSize: to[int64](4096), GPU: &ClusterGPU{GPU: to(0.5)}},
		},
		{
			"decimals of a whole number", `{"memory":8388608.0,"evs_max_size":"100.0"}`,
			&ClusterFlavor{Memory: to[int64](8388608), EVSMaxSize: to[int64](100)},
		},
		{"no number", `{"memory":"","evs_max_size":"NaN"}`, &ClusterFlavor{}},
		{
			"flavor", `{"id":"f","arch":"aarch64","category":"cpu","evs_max_size":4096}`,
			&Flavor{ID: "f", Arch: to("AARCH64"), Category: to("CPU"), EVSMaxSize: to[int64](4096)},
		},
		{
			"image", `{"status":"active","resource_categories":["cpu"],"type":"build_in"}`,
			&Image{Status: ImageActive, ResourceCategories: []string{"CPU"}, Type: to("BUILD_IN")},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := reflect.New(reflect.TypeOf(test.want).Elem()).Interface()
			if err := json.Unmarshal([]byte(test.text), got); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, test.want) {
				text, _ := json.Marshal(got)
				t.Errorf("got %s", text)
			}
		})
	}
}

// TestAbsentIsNotEmpty holds that a nil list is left out of a request and an
// empty one is sent: the first keeps what there is, the second removes it.
func TestAbsentIsNotEmpty(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		change NotebookUpdateRequest
		want   string
	}{
		{NotebookUpdateRequest{}, `{}`},
		{
			NotebookUpdateRequest{Description: to(""), Endpoints: []EndpointsReq{}, DataVolumes: []DataVolumeMountRequest{}},
			`{"description":"","endpoints":[],"data_volumes":[]}`,
		},
		{
			NotebookUpdateRequest{Endpoints: []EndpointsReq{{AllowedAccessIPs: []string{}}}, Affinity: &Affinity{Required: []AffinityRule{}}},
			`{"endpoints":[{"allowed_access_ips":[]}],"affinity":{"required_during_scheduling_ignored_during_execution":[]}}`,
		},
	} {
		got, err := json.Marshal(test.change)
		if err != nil || string(got) != test.want {
			t.Errorf("got %s %v, want %s", got, err, test.want)
		}
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		total func(size int) string
		size  int // records that the service has
		extra int // records that the total promises beyond
		calls int
	}{
		{name: "none", size: 0, calls: 1},
		{name: "one page", size: 7, calls: 1},
		{name: "exactly one page", size: 50, calls: 1},
		{name: "several pages", size: 120, calls: 3},
		{name: "records vanish", size: 60, extra: 5, calls: 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				calls++
				if r.URL.Query().Get("name") != "x" || r.URL.Query().Get("limit") != "50" {
					t.Errorf("query %s", r.URL.RawQuery)
				}
				offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
				records := []string{}
				for i := offset; i < min(offset+50, test.size); i++ {
					records = append(records, fmt.Sprintf(`{"id":"%d","name":"n","status":"RUNNING"}`, i))
				}
				// size and current are what the contract warns of.
				fmt.Fprintf(w, `{"current":0,"size":1,"pages":0,"total":%d,"data":[%s]}`, test.size+test.extra, strings.Join(records, ","))
			})
			notebooks := client.ListNotebooks(t.Context(), ListNotebooksQuery{Name: "x"})
			for round := range 2 { // a sequence can be ranged over again
				got := 0
				for n, err := range notebooks {
					if err != nil {
						t.Fatal(err)
					}
					if n.ID != strconv.Itoa(got) {
						t.Fatalf("record %d has ID %s", got, n.ID)
					}
					got++
				}
				if got != test.size || calls != test.calls*(round+1) {
					t.Errorf("%d records in %d calls, want %d in %d", got, calls, test.size, test.calls*(round+1))
				}
			}
		})
	}
}

func TestPageWithoutTotal(t *testing.T) {
	t.Parallel()
	// A service that ignores limit and offset must not be asked for ever.
	client := answering(t, 200, `{"flavors":[{"id":"a"},{"id":"b"}]}`)
	count := 0
	for _, err := range client.ListFlavors(t.Context(), ListFlavorsQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		count++
	}
	if count != 2 {
		t.Errorf("got %d flavors", count)
	}
}

func TestListStopsEarly(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("offset") != "0" {
			t.Error("asked for a page that is not needed")
		}
		io.WriteString(w, `{"total":9,"data":[`+fullNotebook+`]}`)
	})
	for _, err := range client.ListAllNotebooks(t.Context(), ListNotebooksQuery{}) {
		if err != nil {
			t.Error(err)
		}
		break
	}
}

func TestListEndsWithAnError(t *testing.T) {
	t.Parallel()
	calls := 0
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		if calls == 2 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		io.WriteString(w, `{"total":9,"data":[`+fullNotebook+`]}`)
	})
	var records int
	var failed error
	for _, err := range client.ListNotebooks(t.Context(), ListNotebooksQuery{}) {
		if err != nil {
			failed = err
			continue
		}
		records++
	}
	if records != 1 || !Transient(failed) || calls != 2 {
		t.Errorf("%d records, error %v, %d calls", records, failed, calls)
	}
}

func TestUnreadableAnswers(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "null", "{}", "[]", "<html>", `{"id":"a","status":`, `{"id":true}`, `{"id":""}`} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			client := answering(t, 200, body)

			_, err := client.CreateNotebook(t.Context(), NotebookCreateRequest{})
			if !errors.Is(err, ErrUnreadableAnswer) || Transient(err) || !Uncertain(err) {
				t.Errorf("create: %v", err)
			}
			_, err = client.ShowNotebook(t.Context(), notebookID)
			if !errors.Is(err, ErrUnreadableAnswer) || !Transient(err) || errors.Is(err, ErrNotFound) {
				t.Errorf("show: %v", err)
			}
			err = all(client.ListNotebooks(t.Context(), ListNotebooksQuery{}))
			if !errors.Is(err, ErrUnreadableAnswer) || !Transient(err) {
				t.Errorf("an unreadable list passed for an empty one: %v", err)
			}
			for name, call := range map[string]func() error{
				"update": func() error { return client.UpdateNotebook(t.Context(), notebookID, NotebookUpdateRequest{}) },
				"delete": func() error { return client.DeleteNotebook(t.Context(), notebookID) },
				"start":  func() error { return client.StartNotebook(t.Context(), notebookID, StartNotebookQuery{}) },
			} {
				if err := call(); err != nil {
					t.Errorf("%s needs no body: %v", name, err)
				}
			}
		})
	}
}

func TestOversizedAnswer(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"id":"a","status":"RUNNING","name":"`)
		chunk := strings.Repeat("x", 1<<20)
		for range 17 {
			if _, err := io.WriteString(w, chunk); err != nil {
				return
			}
		}
	})
	_, err := client.ShowNotebook(t.Context(), notebookID)
	if !errors.Is(err, ErrUnreadableAnswer) || len(err.Error()) > 200 {
		t.Errorf("got %.300v", err)
	}
}

// TestCutAnswer cuts the connection in the middle of the body.
func TestCutAnswer(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, `{"id":"a","status":"RUNNING",`)
	})
	_, err := client.ShowNotebook(t.Context(), notebookID)
	if noAnswer := (*NoAnswerError)(nil); !errors.As(err, &noAnswer) || !Transient(err) {
		t.Errorf("show: %v", err)
	}
	_, err = client.CreateNotebook(t.Context(), NotebookCreateRequest{})
	if !errors.Is(err, ErrUnreadableAnswer) || !Uncertain(err) {
		t.Errorf("create: %v", err)
	}
	if err := client.DeleteNotebook(t.Context(), notebookID); err != nil {
		t.Errorf("the status said that the delete has worked: %v", err)
	}
}

func TestShownAsGone(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(*Client) error{
		`{"id":"a","name":"n","status":"DELETED"}`: func(c *Client) error {
			_, err := c.ShowNotebook(t.Context(), notebookID)
			return err
		},
		`{"id":"a","status":"deleted"}`: func(c *Client) error {
			_, err := c.ShowImage(t.Context(), imageID)
			return err
		},
		`{"id":"a","status":"UNMOUNTED"}`: func(c *Client) error {
			_, err := c.ShowDynamicStorage(t.Context(), notebookID, "a")
			return err
		},
	} {
		if err := call(answering(t, 200, name)); !errors.Is(err, ErrNotFound) || Transient(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoConnection(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	endpoint := &url.URL{Scheme: "http", Host: listener.Addr().String()}
	listener.Close()
	client := New(endpoint, &http.Client{}, func(context.Context) (string, error) { return project, nil }, "test/1")
	_, err = client.CreateNotebook(t.Context(), NotebookCreateRequest{})
	if !Transient(err) || Uncertain(err) {
		t.Errorf("got %v: nothing was sent", err)
	}
}

func TestCutConnection(t *testing.T) {
	t.Parallel()
	client := serve(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := client.CreateNotebook(t.Context(), NotebookCreateRequest{})
	if !Transient(err) || !Uncertain(err) {
		t.Errorf("got %v", err)
	}
}

func TestContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	client := serve(t, func(http.ResponseWriter, *http.Request) {
		cancel()
		<-release
	})
	defer close(release)
	_, err := client.CreateNotebook(ctx, NotebookCreateRequest{})
	if !errors.Is(err, context.Canceled) || Transient(err) || !Uncertain(err) {
		t.Errorf("got %v", err)
	}
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestAttemptTimesOut holds that the time-out of an attempt is not taken for the
// caller's, although net/http says that it is the same.
func TestAttemptTimesOut(t *testing.T) {
	t.Parallel()
	client := New(&url.URL{Scheme: "https", Host: "h.example"}, &http.Client{
		Transport: transportFunc(func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: context.DeadlineExceeded}
		}),
	}, func(context.Context) (string, error) { return project, nil }, "test/1")
	_, err := client.ShowNotebook(t.Context(), notebookID)
	if errors.Is(err, context.DeadlineExceeded) || !Transient(err) {
		t.Errorf("got %v", err)
	}
}

func TestProjectIsMissing(t *testing.T) {
	t.Parallel()
	missing := errors.New("no such project")
	client := New(&url.URL{Scheme: "https", Host: "h.example"}, &http.Client{},
		func(context.Context) (string, error) { return "", missing }, "test/1")
	_, err := client.CreateNotebook(t.Context(), NotebookCreateRequest{})
	if !errors.Is(err, missing) || Transient(err) || Uncertain(err) {
		t.Errorf("got %v", err)
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RequestURI }))
	defer server.Close()
	endpoint, _ := url.Parse(server.URL + "/proxy/a%2Fb/")
	client := New(endpoint, server.Client(), func(context.Context) (string, error) { return "p", nil }, "test/1")

	if err := client.DetachDynamicStorage(t.Context(), "a/../b", "ü?#%2F &"); err != nil {
		t.Fatal(err)
	}
	if want := "/proxy/a%2Fb/v1/p/notebooks/a%2F..%2Fb/storage/%C3%BC%3F%23%252F%20&"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, id := range []string{"", ".", ".."} {
		got = ""
		if err := client.DeleteNotebook(t.Context(), id); err == nil || got != "" {
			t.Errorf("ID %q: error %v, request %s", id, err, got)
		}
	}
}

func TestDeleteImageWithoutForce(t *testing.T) {
	t.Parallel()
	client := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); r.URL.RawQuery != "" || len(body) != 0 {
			t.Errorf("query %s, body %s", r.URL.RawQuery, body)
		}
	})
	if err := client.DeleteImage(t.Context(), imageID, false); err != nil {
		t.Error(err)
	}
}

func TestNoSecretInErrors(t *testing.T) {
	t.Parallel()
	const secret = "3eff13f2-3d70-5456-6dc7-e3f99f562022"
	for _, body := range []string{
		`{"id":["a"],"status":"RUNNING","token":"` + secret + `"}`,
		`{"id":"a","status":"RUNNING","token":"` + secret + `"`,
		`{"token":"` + secret + `"}`,
		`"` + secret + `"`,
	} {
		_, err := answering(t, 200, body).ShowNotebook(t.Context(), notebookID)
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("got %v", err)
		}
	}
}

// answering returns a client of a server that always answers the same.
func answering(t *testing.T, status int, body string) *Client {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
}
