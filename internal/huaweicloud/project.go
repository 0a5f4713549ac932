package huaweicloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// ErrNoProject means that the credentials see no project of the name.
var ErrNoProject = errors.New("the credentials have no such project")

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
//
// API: GET /v3/projects of IAM
func (s *Session) findProject(ctx context.Context) (string, error) {
	name := cmp.Or(s.config.ProjectName, s.config.Region)
	var answer struct {
		Projects []named `json:"projects"`
	}
	_, err := s.iam.call(ctx, listProjects, http.MethodGet, "v3/projects?"+url.Values{"name": {name}}.Encode(), nil, &answer)
	if err == nil {
		for _, project := range answer.Projects {
			if project.Name == name && project.ID != "" {
				return project.ID, nil
			}
		}
		err = ErrNoProject
	}
	if s.config.Region == "" {
		return "", fmt.Errorf("unable to find the ID of the project %q: %w", name, err)
	}
	return "", fmt.Errorf("unable to find the ID of the project %q in the region %q: %w", name, s.config.Region, err)
}
