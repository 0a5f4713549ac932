package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// leavesOut is a service whose list of mounts and whose answer about one are as given.
type leavesOut struct {
	Service
	listed, shown string
	asked         int
	attached      []modelarts.StorageMountRequest
}

func (s *leavesOut) ListDynamicStorages(context.Context, string) ([]modelarts.Storage, error) {
	var list []modelarts.Storage
	err := json.Unmarshal([]byte(s.listed), &list)
	return list, err
}

func (s *leavesOut) ShowDynamicStorage(context.Context, string, string) (*modelarts.Storage, error) {
	s.asked++
	if s.shown == "" {
		return nil, modelarts.ErrNotFound
	}
	st := new(modelarts.Storage)
	err := json.Unmarshal([]byte(s.shown), st)
	return st, err
}

func (s *leavesOut) AttachDynamicStorage(_ context.Context, _ string, req modelarts.StorageMountRequest) (*modelarts.Storage, error) {
	s.attached = append(s.attached, req)
	return nil, errors.New("enough")
}

// What an entry of the list of mounts leaves out is asked for by its ID.
func TestListedMountsAreWhole(t *testing.T) {
	t.Parallel()
	const whole = `{"id":"m","category":"OBSFS","mount_path":"/data/a/","uri":"obs://b/a/","status":"MOUNTED"}`
	for name, tc := range map[string]struct {
		listed, shown string
		asked, mounts int
	}{
		"whole":                {whole, "", 0, 1},
		"without its path":     {`{"id":"m","category":"OBSFS","uri":"obs://b/a/","status":"MOUNTED"}`, whole, 1, 1},
		"with an empty path":   {`{"id":"m","category":"OBSFS","mount_path":"","uri":"obs://b/a/","status":"MOUNTED"}`, whole, 1, 1},
		"without its source":   {`{"id":"m","category":"OBSFS","mount_path":"/data/a/","status":"MOUNTED"}`, whole, 1, 1},
		"without its category": {`{"id":"m","mount_path":"/data/a/","uri":"obs://b/a/","status":"MOUNTED"}`, whole, 1, 1},
		"without its status":   {`{"id":"m","category":"OBSFS","mount_path":"/data/a/","uri":"obs://b/a/"}`, whole, 1, 1},
		"gone meanwhile":       {`{"id":"m","status":"MOUNTED"}`, "", 1, 0},
		"unmounted already":    {`{"id":"m","category":"OBSFS","mount_path":"/data/a/","uri":"obs://b/a/","status":"UNMOUNTED"}`, "", 0, 0},
	} {
		s := &leavesOut{listed: "[" + tc.listed + "]", shown: tc.shown}
		list, err := Instance{Service: s, ID: "n"}.Mounted(t.Context(), nil)
		if err != nil || len(list) != tc.mounts || s.asked != tc.asked {
			t.Errorf("%s: %d mounts, asked %d times: %v", name, len(list), s.asked, err)
			continue
		}
		for _, st := range list {
			if st.Status != "MOUNTED" || text(st.MountPath) != "/data/a/" || text(st.URI) != "obs://b/a/" || text(st.Category) != "OBSFS" {
				t.Errorf("%s: %+v", name, st)
			}
		}
	}
}

// What no answer shows of a mount is not requested: the error names it.
func TestMountThatIsNotShownIsNotRequested(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ shown, want string }{
		"its path":   {`{"id":"m","category":"OBSFS","mount_path":"","uri":"obs://b/a/","status":"MOUNTED"}`, "the mount m: the service does not show its path"},
		"its source": {`{"id":"m","category":"OBSFS","mount_path":"/data/a/","uri":"","status":"MOUNTED"}`, "/data/a/: the service does not show its source"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &leavesOut{listed: "[" + tc.shown + "]", shown: tc.shown}
				i := Instance{Service: s, ID: "n", PollInterval: time.Second}
				was, err := i.Mounted(t.Context(), nil)
				if err != nil || len(was) != 1 {
					t.Fatal(len(was), err)
				}
				s.listed = "[]" // the restart has dropped it
				if err := i.MountAgain(t.Context(), was); err == nil || err.Error() != tc.want || len(s.attached) > 0 {
					t.Errorf("%v, want %s; requested %+v", err, tc.want, s.attached)
				}
			})
		})
	}
}
