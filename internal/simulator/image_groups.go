package simulator

import (
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// imageGroup is the images of one name.
type imageGroup struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Namespace    string `json:"namespace"`
	Description  string `json:"description"`
	VersionCount int64  `json:"version_count"`
	ReadMe       string `json:"read_me,omitempty"`
	CreateAt     int64  `json:"create_at"`
	UpdateAt     int64  `json:"update_at"`
}

// groupText is the text and the tags of a group.
type groupText struct {
	readMe string
	tags   map[string]string
}

// groupID is the ID of the group of an image, which depends on its name alone.
func groupID(i *image) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(i.projectID+"/"+i.Namespace+"/"+i.Name)).String()
}

// maxReadMe and maxRegisteredReadMe are the longest texts of a group, of an
// update and of a registration.
const (
	maxReadMe           = 30000
	maxRegisteredReadMe = 3000
)

// readRegisteredText reads the text and the tags of the group that come with the
// registration of an image; nil when there are none.
func readRegisteredText(body *reader) (*groupText, *problem) {
	names, readMe := body.texts("tags"), body.textOr("read_me", "")
	if len(names) > maxTags {
		body.wrongValue("tags", fmt.Sprintf("there are more than %d", maxTags))
	}
	if len([]rune(readMe)) > maxRegisteredReadMe {
		body.wrongValue("read_me", fmt.Sprintf("it is longer than %d characters", maxRegisteredReadMe))
	}
	if p := body.failure(); p != nil || names == nil && readMe == "" {
		return nil, p
	}
	text := &groupText{readMe: readMe, tags: map[string]string{}}
	for _, name := range names {
		text.tags[name] = ""
	}
	return text, nil
}

// findGroup finds the images of the group of a request's path.
func (s *Simulator) findGroup(c *call) ([]*image, *problem) {
	id := c.path["group_id"]
	if uuid.Validate(id) != nil {
		return nil, refusal("ModelArts.6336", "The group ID is not a UUID.")
	}
	var list []*image
	for _, i := range s.images {
		if groupID(i) == id && (i.projectID == "" || i.projectID == c.path["project_id"]) {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		return nil, refusal("ModelArts.6404", "The image group does not exist.")
	}
	return list, nil
}

func (s *Simulator) updateImageGroup(c *call) (*answer, *problem) {
	if _, p := s.findGroup(c); p != nil {
		return nil, p
	}
	body, p := readBody(c.body)
	if p != nil {
		return nil, p
	}
	text := s.groups[c.path["group_id"]]
	if readMe := body.text("read_me"); readMe != nil {
		if len([]rune(*readMe)) > maxReadMe {
			body.wrongValue("read_me", fmt.Sprintf("it is longer than %d characters", maxReadMe))
		}
		text.readMe = *readMe
	}
	if body.has("tags") {
		text.tags = readTags(body)
	}
	if p := body.failure(); p != nil {
		return nil, p
	}
	s.groups[c.path["group_id"]] = text
	return noContent(), nil
}

// deleteImageGroup deletes all images of a group, or none.
func (s *Simulator) deleteImageGroup(c *call) (*answer, *problem) {
	list, p := s.findGroup(c)
	if p != nil {
		return nil, p
	}
	body, p := readOptionalBody(c.body)
	if p != nil {
		return nil, p
	}
	body.truth("is_force")
	if p := body.failure(); p != nil {
		return nil, p
	}
	for _, i := range list {
		if p := s.checkImageDelete(i); p != nil {
			return nil, p
		}
	}
	s.images = slices.DeleteFunc(s.images, func(i *image) bool { return slices.Contains(list, i) })
	delete(s.groups, c.path["group_id"])
	return noContent(), nil
}

func (s *Simulator) listImageGroup(c *call) (*answer, *problem) {
	images, p := s.filterImages(c)
	if p != nil {
		return nil, p
	}
	groups := []imageGroup{}
	for _, i := range images {
		at := slices.IndexFunc(groups, func(g imageGroup) bool { return g.Name == i.Name && g.Namespace == i.Namespace })
		if at < 0 {
			groups = append(groups, imageGroup{
				ID: groupID(&i), Name: i.Name, Namespace: i.Namespace, Description: i.Description, CreateAt: i.CreateAt,
				ReadMe: s.groups[groupID(&i)].readMe,
			})
			at = len(groups) - 1
		}
		groups[at].VersionCount++
		groups[at].UpdateAt = max(groups[at].UpdateAt, i.UpdateAt)
	}
	numbers, rest, p := paginate(c.query, groups, 200)
	if p != nil {
		return nil, p
	}
	body := struct {
		page
		Data   []imageGroup `json:"data,omitempty"`
		Groups []imageGroup `json:"groups,omitempty"`
	}{page: numbers}
	if c.query.Get("limit") == "" && !s.isB("groups-in-data") {
		body.Groups = rest
	} else {
		body.Data = rest
	}
	return ok(body), nil
}
