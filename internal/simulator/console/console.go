// Package console holds the pages of the simulator for a browser: the page at /,
// the reference of the control paths, and the page of a notebook. It knows
// nothing of the service; the page reads and changes it through the control
// paths alone.
//
// All files are embedded. A strict Content-Security-Policy allows scripts,
// styles and images from the simulator itself and nothing else.
package console

import (
	"embed"
	"html/template"
	"io/fs"
	"net/http"
)

//go:embed files
var embedded embed.FS

//go:embed templates
var templateFiles embed.FS

var templates = template.Must(template.ParseFS(templateFiles, "templates/*.html"))

// Policy is the Content-Security-Policy of every page.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// protect sets the headers of a page: nothing from elsewhere, no frames, nothing
// kept.
func protect(header http.Header) {
	header.Set("Content-Security-Policy", Policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// Index serves the page that shows the simulator.
func Index() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		http.ServeFileFS(w, r, files(), "console.html")
	})
}

// Files serves the styles, the script and the icon below a prefix.
func Files(prefix string) http.Handler {
	server := http.StripPrefix(prefix, http.FileServerFS(files()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == prefix {
			http.NotFound(w, r) // no list of files
			return
		}
		protect(w.Header())
		server.ServeHTTP(w, r)
	})
}

// files are the embedded files without the folder that they are in.
func files() fs.FS {
	inside, err := fs.Sub(embedded, "files")
	if err != nil {
		panic(err) // the name of the folder is not valid
	}
	return inside
}

// ReferenceText is what the reference of the control paths shows.
type ReferenceText struct {
	Paths      []Path
	Faults     []Fault
	Operations []string
}

// Path is a control path.
type Path struct{ Method, Path, Text, Example string }

// Fault is a kind of fault.
type Fault struct{ Kind, Text string }

// Reference serves the reference of the control paths.
func Reference(text ReferenceText) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		write(w, http.StatusOK, "reference.html", text)
	})
}

// Lab is what the page of a notebook shows.
type Lab struct {
	ID, Name, Status, Flavor, Image, Volume, Lease string
	// Starts is how often the notebook was started.
	Starts int
}

// Notebook writes the page of a notebook.
func Notebook(w http.ResponseWriter, shown Lab) {
	write(w, http.StatusOK, "notebook.html", shown)
}

// Refuse writes a page that says why there is no page of a notebook.
func Refuse(w http.ResponseWriter, status int, title, text string) {
	write(w, status, "refused.html", struct{ Title, Text string }{title, text})
}

func write(w http.ResponseWriter, status int, name string, data any) {
	protect(w.Header())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// The browser may be gone, and cannot be told.
	_ = templates.ExecuteTemplate(w, name, data)
}
