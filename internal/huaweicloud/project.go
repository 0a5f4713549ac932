package huaweicloud

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
)

// ErrNoProject means that the credentials see no project of the name.
var ErrNoProject = errors.New("the credentials have no such project")

// Error is an error answer of IAM.
type Error struct {
	// Operation is for example KeystoneListProjects.
	Operation string
	// Status is the HTTP status.
	Status int
	// Code is for example IAM.0001 or APIG.0301; empty when the answer had none.
	Code string
	// Message is IAM's own text, shortened, on one line.
	Message string
	// RequestID is what the cloud's support asks for.
	RequestID string
}

// Error says which operation failed, and IAM's code, text, status and request ID.
func (e *Error) Error() string {
	return apierror.Format(e.Operation, e.Status, e.Code, e.Message, e.RequestID)
}

// lookup is a look-up of the project that is under way. Its results may be read
// once done is closed.
type lookup struct {
	done      chan struct{}
	projectID string
	err       error
}

// startLookup begins a look-up on behalf of every caller, so its context is not
// bound to the first one's. The time limits and the retries of the client bound
// it. The caller holds s.mu.
func (s *Session) startLookup(ctx context.Context) *lookup {
	l := &lookup{done: make(chan struct{})}
	go func() {
		l.projectID, l.err = s.findProject(context.WithoutCancel(ctx))
		s.mu.Lock()
		s.projectID, s.lookup = l.projectID, nil
		s.mu.Unlock()
		close(l.done)
	}()
	return l
}

// findProject asks IAM for the project. The errors name what was looked for.
func (s *Session) findProject(ctx context.Context) (string, error) {
	name := cmp.Or(s.config.ProjectName, s.config.Region)
	var err error
	for _, endpoint := range s.iam {
		var id string
		if id, err = s.projectNamed(ctx, endpoint, name); err == nil {
			return id, nil
		}
		if missing := (*net.DNSError)(nil); !errors.As(err, &missing) || !missing.IsNotFound {
			break
		}
	}
	if s.config.Region == "" {
		return "", fmt.Errorf("unable to find the ID of the project %q: %w", name, err)
	}
	return "", fmt.Errorf("unable to find the ID of the project %q in the region %q: %w", name, s.config.Region, err)
}

func (s *Session) projectNamed(ctx context.Context, endpoint *url.URL, name string) (string, error) {
	const operation = "KeystoneListProjects"
	target := endpoint.JoinPath("v3", "projects")
	target.RawQuery = url.Values{"name": {name}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), http.NoBody)
	if err != nil {
		return "", err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", s.config.UserAgent)
	req.Header.Set("X-Language", "en-us")
	resp, err := s.client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body) // bounded by the client
	if err != nil {
		return "", err
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		details := apierror.Read(resp.StatusCode, resp.Header, body)
		return "", &Error{
			Operation: operation,
			Status:    resp.StatusCode,
			Code:      details.Code,
			Message:   details.Message,
			RequestID: details.RequestID,
		}
	}

	var answer struct {
		Projects []struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"projects"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", &Error{
			Operation: operation,
			Status:    resp.StatusCode,
			Message:   "the answer cannot be read",
			RequestID: apierror.RequestID(resp.Header),
		}
	}
	for _, project := range answer.Projects {
		if project.Name == name && project.ID != "" {
			return project.ID, nil
		}
	}
	return "", ErrNoProject
}
