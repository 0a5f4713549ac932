package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// requestLog writes a line for each request.
type requestLog struct {
	mu sync.Mutex
	w  io.Writer
}

func newRequestLog(w io.Writer) *requestLog { return &requestLog{w: w} }

// write writes the line of a request. Bodies, headers and secrets are not in it.
func (l *requestLog) write(r simulator.Request, took time.Duration) {
	var line strings.Builder
	path := r.Path
	if r.Query != "" {
		path += "?" + r.Query
	}
	operation, status := r.Operation, fmt.Sprint(r.Status)
	if operation == "" {
		operation = "unknown"
	}
	if r.Status == 0 {
		status = "cut"
	}
	fmt.Fprintf(&line, "%s %s %s %s %q %s", r.Time.Format("2006-01-02T15:04:05.000Z"), status, operation, r.Method, path, took.Round(time.Microsecond))
	for _, more := range [][2]string{{"notebook", r.NotebookID}, {"code", r.ErrorCode}, {"fault", string(r.FaultKind)}, {"request", r.RequestID}} {
		if more[1] != "" {
			fmt.Fprintf(&line, " %s=%q", more[0], more[1])
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintln(l.w, line.String())
}
