package simulator

import (
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// ImageInfo is an image of the account, as the service holds it.
type ImageInfo struct {
	ID, Name, Namespace, Tag, SWRPath, Origin, Status string
}

// Images lists the images of the account that were registered or saved, in their order.
func (s *Simulator) Images() []ImageInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	var all []ImageInfo
	for _, i := range s.images {
		if i.projectID != "" {
			all = append(all, ImageInfo{i.ID, i.Name, i.Namespace, i.Tag, i.SWRPath, i.Origin, i.Status})
		}
	}
	return all
}

// ImageDrift is a change that happens to an image without a request. A nil field stays as
// it is. Nothing is checked.
type ImageDrift struct {
	Description        *string   `json:"description,omitempty"`
	Arch               *string   `json:"arch,omitempty"`
	Origin             *string   `json:"origin,omitempty"`
	ServiceType        *string   `json:"service_type,omitempty"`
	Visibility         *string   `json:"visibility,omitempty"`
	FlavorType         *string   `json:"flavor_type,omitempty"`
	WorkspaceID        *string   `json:"workspace_id,omitempty"`
	DevServices        *[]string `json:"dev_services,omitempty"`
	ResourceCategories *[]string `json:"resource_categories,omitempty"`
	Status             *string   `json:"status,omitempty"`
	StatusMessage      *string   `json:"status_message,omitempty"`
	// ReadMe and Tags are those of the image's group.
	ReadMe *string   `json:"read_me,omitempty"`
	Tags   *[]string `json:"tags,omitempty"`
}

// ChangeImage lets a drift happen to an image.
func (s *Simulator) ChangeImage(id string, d ImageDrift) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	i := s.image(id)
	if i == nil {
		return fmt.Errorf("image %q: %w", id, errMissing)
	}
	set(&i.Description, d.Description)
	set(&i.Arch, d.Arch)
	set(&i.Origin, d.Origin)
	set(&i.ServiceType, d.ServiceType)
	set(&i.Visibility, d.Visibility)
	set(&i.FlavorType, d.FlavorType)
	set(&i.WorkspaceID, d.WorkspaceID)
	set(&i.DevServices, d.DevServices)
	set(&i.ResourceCategories, d.ResourceCategories)
	set(&i.Status, d.Status)
	set(&i.StatusMessage, d.StatusMessage)
	group := s.groups[groupID(i)]
	set(&group.readMe, d.ReadMe)
	if d.Tags != nil {
		group.tags = map[string]string{}
		for _, key := range *d.Tags {
			group.tags[key] = ""
		}
	}
	s.groups[groupID(i)] = group
	return nil
}

// SaveElsewhere has a notebook saved as an image at once, as the console does, and returns
// the ID of the image. The notebook goes on with it as the answers say.
func (s *Simulator) SaveElsewhere(id, name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.settle()
	n := s.byID[id]
	if n == nil {
		return "", fmt.Errorf("notebook %q: %w", id, errMissing)
	}
	i := n.image
	i.ID, i.Name, i.Namespace, i.Tag, i.Type, i.Origin = uuid.NewString(), name, "team", "1.0.0", typeDedicated, "IMAGE_SAVE"
	i.SWRPath, i.ShowName, i.ShowTag = fmt.Sprintf("%s/team/%s:1.0.0", imageHost, name), "", ""
	i.Status, i.Visibility, i.CreateAt, i.UpdateAt, i.projectID = imageActive, "PRIVATE", now.UnixMilli(), now.UnixMilli(), n.ProjectID
	i.WorkspaceID = n.WorkspaceID
	s.images = append(s.images, &i)
	i.saving = &phase{until: now}
	s.willHaveSaved(n, i)
	s.images[len(s.images)-1].saving = nil
	s.settle()
	return i.ID, nil
}

// RemoveImage makes an image vanish and reports whether it was there.
func (s *Simulator) RemoveImage(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.images)
	s.images = slices.DeleteFunc(s.images, func(i *image) bool { return i.ID == id })
	return len(s.images) < before
}
