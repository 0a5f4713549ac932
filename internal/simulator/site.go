package simulator

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator/console"
)

// pagePaths serves the page at /, its files, the reference of the control paths
// at /_simulator/, and a page for each notebook.
func (s *Simulator) pagePaths(mux *http.ServeMux) {
	mux.Handle("GET /{$}", console.Index())
	mux.Handle("GET "+controlPrefix+"console/", console.Files(controlPrefix+"console/"))
	mux.Handle("GET "+controlPrefix+"{$}", console.Reference(reference()))
	mux.HandleFunc("GET "+controlPrefix+"notebooks/{id}/lab", s.serveLab)
	mux.HandleFunc("GET "+controlPrefix+"notebooks/{id}/open", s.openLab)
}

// pageOf is the url of a notebook.
func (s *Simulator) pageOf(id string) string {
	if s.options.PageURL == "" {
		return fmt.Sprintf("https://authoring-modelarts-%s.huaweicloud.com/%s/lab", s.options.Region, id)
	}
	return strings.TrimSuffix(s.options.PageURL, "/") + controlPrefix + "notebooks/" + id + "/lab"
}

// serveLab is the page of a notebook. It takes the token of the notebook, which
// each start changes, as the parameter token.
func (s *Simulator) serveLab(w http.ResponseWriter, r *http.Request) {
	n, known := s.Notebook(r.PathValue("id"))
	if !known {
		console.Refuse(w, http.StatusNotFound, "There is no such notebook", "It was deleted, or the simulator was started anew since.")
		return
	}
	token := r.URL.Query().Get("token")
	switch {
	case token == "":
		console.Refuse(w, http.StatusForbidden, "The token is missing", "Add ?token= and the token of the notebook to its url.")
	case subtle.ConstantTimeCompare([]byte(token), []byte(n.Token)) != 1:
		console.Refuse(w, http.StatusForbidden, "The token is wrong", "It is not the token of this notebook, or the notebook was started since: each start changes the token.")
	case n.Status != statusRunning && n.Status != statusSnapshotting:
		console.Refuse(w, http.StatusServiceUnavailable, "The notebook does not run", "Its status is "+n.Status+".")
	default:
		console.Notebook(w, s.lab(n))
	}
}

// lab is what the page of a notebook shows.
func (s *Simulator) lab(n NotebookInfo) console.Lab {
	shown := console.Lab{
		ID: n.ID, Name: n.Name, Status: n.Status, Flavor: n.Flavor, Image: n.ImageID, Volume: n.Volume.overview(), Starts: n.Starts,
	}
	if n.Lease.Enabled {
		shown.Lease = n.Lease.Type + ", ends " + n.Lease.EndsAt().Format("2006-01-02 15:04:05 MST")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.image(n.ImageID); i != nil {
		shown.Image = i.Name + " " + i.Tag
	}
	return shown
}

// openLab leads a browser from the page of the simulator to that of a notebook.
func (s *Simulator) openLab(w http.ResponseWriter, r *http.Request) {
	n, known := s.Notebook(r.PathValue("id"))
	if !known {
		console.Refuse(w, http.StatusNotFound, "There is no such notebook", "It was deleted, or the simulator was started anew since.")
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, controlPrefix+"notebooks/"+url.PathEscape(n.ID)+"/lab?token="+url.QueryEscape(n.Token), http.StatusSeeOther)
}

// reference is the text of the page at /_simulator/.
func reference() console.ReferenceText {
	text := console.ReferenceText{}
	for _, p := range ControlPaths() {
		text.Paths = append(text.Paths, console.Path{Method: p.Method, Path: p.Path, Text: p.Text, Example: p.Example})
	}
	for _, f := range FaultKinds() {
		text.Faults = append(text.Faults, console.Fault{Kind: string(f.Kind), Text: f.Text})
	}
	text.Operations = operationNames()
	return text
}
