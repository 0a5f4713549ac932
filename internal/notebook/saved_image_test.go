package notebook

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// imagesOf is the process of a service that shows and lists images, by their ID. An image
// that is nil is refused.
func imagesOf(t *testing.T, images map[string]*modelarts.Image, asked *int) *settings.Process {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked++
		id := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
		image, there := images[id]
		switch {
		case id == "images":
			list := make([]map[string]any, 0)
			for id, image := range images {
				if image != nil {
					list = append(list, shownImage(id, image))
				}
			}
			_ = json.NewEncoder(w).Encode(map[string]any{"data": list, "total": len(list)})
		case there && image == nil:
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"error_code": "ModelArts.0112", "error_msg": "no"}`))
		case !there:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"error_code": "ModelArts.6404", "error_msg": "no"}`))
		default:
			_ = json.NewEncoder(w).Encode(shownImage(id, image))
		}
	}))
	t.Cleanup(server.Close)
	endpoint, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return settings.NewProcess(modelarts.New(endpoint, server.Client(), func(context.Context) (string, error) { return "p", nil }, "test"))
}

func shownImage(id string, image *modelarts.Image) map[string]any {
	text, _ := json.Marshal(map[string]any{"id": id, "swr_path": image.SWRPath, "origin": image.Origin, "create_at": image.CreateAt})
	var shown map[string]any
	_ = json.Unmarshal(text, &shown)
	maps.DeleteFunc(shown, func(_ string, v any) bool { return v == nil })
	return shown
}

// How a notebook came to the image that it shows is told by what the answer says, or else
// by what the service says of the image.
func TestSavedAs(t *testing.T) {
	t.Parallel()
	to := func(s string) *string { return &s }
	at := func(n int64) *int64 { return &n }
	image := func(origin string, created int64) *modelarts.Image {
		return &modelarts.Image{SWRPath: to("host/team/vision:1"), Origin: to(origin), CreateAt: at(created)}
	}
	for name, test := range map[string]struct {
		shown  *modelarts.Image
		images map[string]*modelarts.Image
		want   imageOrigin
		asked  int
	}{
		"no image":                         {nil, nil, imageGiven, 0},
		"a preset one":                     {&modelarts.Image{ID: "a", Type: to("BUILD_IN")}, nil, imageGiven, 0},
		"the answer says so":               {&modelarts.Image{ID: "a", Origin: to("IMAGE_SAVE"), CreateAt: at(200)}, nil, imageSaved, 0},
		"the answer says that it is older": {&modelarts.Image{ID: "a", Origin: to("IMAGE_SAVE"), CreateAt: at(50)}, nil, imageGiven, 0},
		"the answer says registered":       {&modelarts.Image{ID: "a", Origin: to("CUSTOMIZE"), CreateAt: at(200)}, nil, imageGiven, 0},
		"the image says so":                {&modelarts.Image{ID: "a"}, map[string]*modelarts.Image{"a": image("image_save", 200)}, imageSaved, 1},
		"of the same age":                  {&modelarts.Image{ID: "a"}, map[string]*modelarts.Image{"a": image("IMAGE_SAVE", 100)}, imageSaved, 1},
		"the image is older":               {&modelarts.Image{ID: "a"}, map[string]*modelarts.Image{"a": image("IMAGE_SAVE", 99)}, imageGiven, 1},
		"the image was registered":         {&modelarts.Image{ID: "a"}, map[string]*modelarts.Image{"a": image("CUSTOMIZE", 200)}, imageGiven, 1},
		"nothing is said of its origin":    {&modelarts.Image{ID: "a"}, map[string]*modelarts.Image{"a": {CreateAt: at(200)}}, imageSaved, 1},
		"nothing is said of the image":     {&modelarts.Image{ID: "a"}, map[string]*modelarts.Image{"a": {}}, imageGiven, 1},
		"refused":                          {&modelarts.Image{ID: "a"}, map[string]*modelarts.Image{"a": nil}, imageUnsure, 1},
		"under another ID":                 {&modelarts.Image{ID: "a", SWRPath: to("host/team/vision:1")}, map[string]*modelarts.Image{"b": image("IMAGE_SAVE", 200)}, imageSaved, 2},
		"registered under another ID":      {&modelarts.Image{ID: "a", SWRPath: to("host/team/vision:1")}, map[string]*modelarts.Image{"b": image("CUSTOMIZE", 200)}, imageGiven, 2},
		"deleted":                          {&modelarts.Image{ID: "a", SWRPath: to("host/team/gone:1")}, map[string]*modelarts.Image{"b": image("CUSTOMIZE", 200)}, imageSaved, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			nb := &modelarts.Notebook{Image: test.shown, CreateAt: at(100)}
			if got := savedAs(t.Context(), imagesOf(t, test.images, &asked), nb); got != test.want || asked != test.asked {
				t.Errorf("it is %d after %d calls, want %d after %d", got, asked, test.want, test.asked)
			}
		})
	}
}
