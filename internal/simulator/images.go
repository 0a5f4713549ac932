package simulator

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// image is an image, as the service returns it.
type image struct {
	ID                   string    `json:"id"`
	Name                 string    `json:"name"`
	Tag                  string    `json:"tag,omitempty"`
	Namespace            string    `json:"namespace"`
	Description          string    `json:"description"`
	SWRPath              string    `json:"swr_path"`
	Type                 string    `json:"type"`
	Origin               string    `json:"origin,omitempty"`
	Arch                 string    `json:"arch"`
	Status               string    `json:"status"`
	StatusMessage        string    `json:"status_message,omitempty"`
	ServiceType          string    `json:"service_type"`
	DevServices          []string  `json:"dev_services"`
	ResourceCategories   []string  `json:"resource_categories"`
	SupportResCategories []string  `json:"support_res_categories"`
	FlavorType           string    `json:"flavor_type,omitempty"`
	Visibility           string    `json:"visibility"`
	Size                 int64     `json:"size"`
	WorkspaceID          string    `json:"workspace_id"`
	CreateAt             int64     `json:"create_at"`
	UpdateAt             int64     `json:"update_at"`
	ShowName             string    `json:"show_name,omitempty"`
	ShowTag              string    `json:"show_tag,omitempty"`
	Tags                 []tagPair `json:"tags,omitempty"`

	// projectID is empty for preset images, which every project has.
	projectID string
	// saving is the transition of an image that is being saved.
	saving *phase
}

// briefImage is what an answer to a create shows of an image.
type briefImage struct {
	Description string `json:"description"`
	ID          string `json:"id"`
	Name        string `json:"name"`
	SWRPath     string `json:"swr_path"`
	Tag         string `json:"tag"`
	Type        string `json:"type"`
}

func (i image) brief() briefImage {
	return briefImage{i.Description, i.ID, i.Name, i.SWRPath, i.Tag, i.Type}
}

const (
	typeBuildIn   = "BUILD_IN"
	typeDedicated = "DEDICATED"

	imageActive       = "ACTIVE"
	imageCreating     = "CREATING"
	imageCreateFailed = "CREATE_FAILED"

	serviceSSH      = "SSH"
	serviceNotebook = "NOTEBOOK"

	firstImageTime = 1638841744515
	// savedSize is the size of every image that was saved.
	savedSize = 6442450944
	imageHost = "swr.example.com"
)

// presetImages is the images of the service, and two of the account: one that
// is of use and one that is not.
func presetImages() []image {
	both := []string{serviceNotebook, serviceSSH}
	cpuGPU := []string{"CPU", "GPU"}
	preset := func(id, name, tag, arch string, categories, services []string) image {
		return image{
			ID: id, Name: name, Tag: tag, Namespace: "atelier", Description: "description",
			SWRPath: fmt.Sprintf("%s/atelier/%s:%s", imageHost, name, tag),
			Type:    typeBuildIn, Arch: arch, Status: imageActive, ServiceType: "DEV",
			DevServices: services, ResourceCategories: categories, SupportResCategories: categories,
			Visibility: "PUBLIC", Size: 5368709120, WorkspaceID: "0", CreateAt: firstImageTime, UpdateAt: firstImageTime,
			ShowName: name, ShowTag: tag,
		}
	}
	own := func(i image, status, message string) image {
		i.Type, i.Origin, i.Status, i.StatusMessage, i.Visibility = typeDedicated, "CUSTOMIZE", status, message, "PRIVATE"
		i.Namespace = "simulator"
		i.SWRPath = fmt.Sprintf("%s/%s/%s:%s", imageHost, i.Namespace, i.Name, i.Tag)
		i.ShowName, i.ShowTag = "", ""
		return i
	}
	return []image{
		preset("e1a07296-22a8-4f05-8bc8-e936c8e54090", "notebook2.0-mul-kernel-cpu-cp36", "3.3.2-release_v1", "x86_64", cpuGPU, both),
		preset("59a6e9f5-93c0-44dd-85b0-82f390c5d53a", "pytorch1.8-cuda10.2-cudnn7-ubuntu18.04", "2.1.0-release_v1", "x86_64", cpuGPU, both),
		preset("b3f8a4c2-1d5e-4a69-9c07-6e2d8f41a935", "conda3-ubuntu18.04-arm", "2.1.0-release_v1", "aarch64", []string{"CPU"}, both),
		preset("2fa4f2b1-7c10-4e52-8d6b-0c9a3e57d184", "mindspore1.7.0-cann5.1.0-py3.7-euler2.8.3", "2.1.0-release_v1", "aarch64", []string{"ASCEND"}, append(slices.Clone(both), "AI_FLOW")),
		preset("8c1d0e37-5b92-4f6a-a4e3-7d0b9f28c651", "mlstudio-pyspark2.4.5-ubuntu18.04-ssh", "1.0.0", "x86_64", []string{"CPU"}, []string{serviceSSH}),
		own(preset("4d7b9a60-3e8c-4b15-9f2a-c6e0d1837b42", "team-image", "1.0.0", "x86_64", cpuGPU, both), imageActive, ""),
		own(preset("f05c2e8d-9a41-47b3-8e6c-1b7d3a90f254", "broken-image", "1.0.0", "x86_64", cpuGPU, both), "ERROR", "The image could not be pulled."),
	}
}

// settle ends the saving of an image when it is due.
func (i *image) settle(now time.Time) {
	if i.saving == nil || i.saving.until.After(now) {
		return
	}
	i.Status, i.StatusMessage = i.saving.to, i.saving.reason
	i.UpdateAt = i.saving.until.UnixMilli()
	i.saving = nil
	if i.Status == imageActive {
		i.Size = savedSize
	}
}

// image finds an image by its ID.
func (s *Simulator) image(id string) *image {
	for _, i := range s.images {
		if i.ID == id {
			return i
		}
	}
	return nil
}

// imageIn finds an image that a project can use.
func (s *Simulator) imageIn(id, projectID string) *image {
	if i := s.image(id); i != nil && (i.projectID == "" || i.projectID == projectID) {
		return i
	}
	return nil
}

// findImage finds the image of a request's path.
func (s *Simulator) findImage(c *call) (*image, *problem) {
	id := c.path["image_id"]
	if uuid.Validate(id) != nil {
		return nil, refusal("ModelArts.6336", "The image ID is not a UUID.")
	}
	if i := s.imageIn(id, c.path["project_id"]); i != nil {
		return i, nil
	}
	return nil, refusal("ModelArts.6404", "The image does not exist.")
}

func (s *Simulator) showImage(c *call) (*answer, *problem) {
	i, p := s.findImage(c)
	if p != nil {
		return nil, p
	}
	return ok(s.shownImage(*i)), nil
}

// shownImage is an image, as answers show it: a copy that can be marshaled after
// the lock is given back.
func (s *Simulator) shownImage(i image) image {
	i.Tags = sortedTags(s.groups[groupID(&i)].tags)
	if s.isB("image-arch-upper") {
		i.Arch = strings.ToUpper(i.Arch)
	}
	return i
}

// filterImages applies the filters that lists of images and of groups share.
func (s *Simulator) filterImages(c *call) ([]image, *problem) {
	kind, p := queryEnum(c.query, "type", typeBuildIn, typeBuildIn, typeDedicated)
	if p != nil {
		return nil, p
	}
	fuzzy, p := queryBool(c.query, "name_fuzzy_match", true)
	if p != nil {
		return nil, p
	}
	serviceType, p := queryEnum(c.query, "service_type", "", "COMMON", "INFERENCE", "TRAIN", "DEV", "UNKNOWN")
	if p != nil {
		return nil, p
	}
	name := c.query.Get("name")
	equal := func(parameter, value string) bool {
		wanted := c.query.Get(parameter)
		return wanted == "" || wanted == value
	}
	given, workspace := c.query.Get("type"), s.workspaceOf(c.query)
	all := given == "" && s.isB("image-list-all")
	list := []image{}
	for _, i := range s.images {
		named := name == "" || i.Name == name || fuzzy && strings.Contains(i.Name, name)
		visible := i.projectID == "" || i.projectID == c.path["project_id"]
		if (i.Type == kind || all) && visible && named && (serviceType == "" || i.ServiceType == serviceType) &&
			equal("namespace", i.Namespace) && equal("show_name", i.ShowName) && equal("show_tag", i.ShowTag) &&
			(i.Type == typeBuildIn || workspace == "" || workspace == i.WorkspaceID) {
			list = append(list, s.shownImage(*i))
		}
	}
	return list, nil
}

func (s *Simulator) listImage(c *call) (*answer, *problem) {
	list, p := s.filterImages(c)
	if p != nil {
		return nil, p
	}
	p = sortBy(c.query, list, "", "DESC", map[string]func(a, b image) int{
		"create_at": func(a, b image) int { return cmp.Compare(a.CreateAt, b.CreateAt) },
		"update_at": func(a, b image) int { return cmp.Compare(a.UpdateAt, b.UpdateAt) },
		"name":      func(a, b image) int { return cmp.Compare(a.Name, b.Name) },
		"tag":       func(a, b image) int { return cmp.Compare(a.Tag, b.Tag) },
		"status":    func(a, b image) int { return cmp.Compare(a.Status, b.Status) },
	})
	if p != nil {
		return nil, p
	}
	numbers, rest, p := paginate(c.query, list, 200)
	if p != nil {
		return nil, p
	}
	return ok(struct {
		page
		Data []image `json:"data"`
	}{numbers, rest}), nil
}

// checkImageDelete refuses the delete of an image that must stay.
func (s *Simulator) checkImageDelete(i *image) *problem {
	if i.Type == typeBuildIn {
		return refusal("ModelArts.0108", "A preset image cannot be deleted.")
	}
	used := slices.ContainsFunc(s.notebooks, func(n *notebook) bool { return n.ImageID == i.ID || n.image.SWRPath == i.SWRPath })
	if used && !s.isB("image-delete-used") {
		return refusal("ModelArts.6737", "The image is in use.")
	}
	return nil
}

// syncImage mends the status of an image that the registry has after all.
func (s *Simulator) syncImage(c *call) (*answer, *problem) {
	i, p := s.findImage(c)
	if p != nil {
		return nil, p
	}
	if _, p := readOptionalBody(c.body); p != nil {
		return nil, p
	}
	if i.Status == "ERROR" {
		i.Status, i.StatusMessage, i.UpdateAt = imageActive, "", c.now.UnixMilli()
	}
	return ok(s.shownImage(*i)), nil
}

// swrPath is [host[:port]]/[organization]/[name]:[tag].
var swrPath = regexp.MustCompile(`^[^/\s]+(?::\d+)?/([^/\s]+)/([^:\s]+):([^:/\s]+)$`)

func (s *Simulator) registerImage(c *call) (*answer, *problem) {
	body, p := readBody(c.body)
	if p != nil {
		return nil, p
	}
	body.require("swr_path")
	path := body.textOr("swr_path", "")
	parts := swrPath.FindStringSubmatch(path)
	if len(path) < 16 || len(path) > 2048 || parts == nil {
		body.wrongValue("swr_path", "it is no address of an image")
		parts = make([]string, 4)
	}
	categories := body.texts("resource_category")
	if categories == nil {
		categories = []string{"CPU", "GPU"}
	}
	services := body.texts("services")
	if services == nil {
		services = []string{serviceNotebook, serviceSSH}
	}
	oneOf(body, "resource_category", categories, "CPU", "GPU", "ASCEND")
	oneOf(body, "services", services, serviceNotebook, serviceSSH, "AI_FLOW", "MA_STUDIO", "TENSOR_BOARD", "WEB_IDE")
	i := &image{
		ID: uuid.NewString(), Namespace: parts[1], Name: parts[2], Tag: parts[3], SWRPath: path,
		Type: typeDedicated, Status: imageActive, Size: 6442450944,
		Origin:             body.exactEnum("origin", "CUSTOMIZE", "CUSTOMIZE", "IMAGE_SAVE"),
		Arch:               strings.ToLower(body.exactEnum("arch", "X86_64", "X86_64", "AARCH64")),
		ServiceType:        body.exactEnum("service_type", "UNKNOWN", "COMMON", "INFERENCE", "TRAIN", "DEV", "UNKNOWN"),
		Visibility:         body.exactEnum("visibility", "PRIVATE", "PRIVATE", "PUBLIC", "HIDDEN"),
		FlavorType:         body.textOr("flavor_type", ""),
		ResourceCategories: categories, SupportResCategories: categories, DevServices: services,
		Description: readImageDescription(body), WorkspaceID: s.readWorkspace(body),
		CreateAt: c.now.UnixMilli(), UpdateAt: c.now.UnixMilli(), projectID: c.path["project_id"],
	}
	if p := body.failure(); p != nil {
		return nil, p
	}
	text, p := readRegisteredText(body)
	if p != nil {
		return nil, p
	}
	if p := s.addImage(i); p != nil {
		return nil, p
	}
	if id := groupID(i); text != nil {
		s.groups[id] = *text
	}
	return ok(s.shownImage(*i)), nil
}

// oneOf complains when one of the given values is none of those that there are.
func oneOf(body *reader, member string, given []string, values ...string) {
	for _, value := range given {
		if !slices.Contains(values, value) {
			body.wrongValue(member, "it holds other values than "+strings.Join(values, ", "))
		}
	}
}

func readImageDescription(body *reader) string {
	description := body.textOr("description", "")
	if len([]rune(description)) > 512 {
		body.wrongValue("description", "it is longer than 512 characters")
	}
	return description
}

// addImage adds an image of the account, whose address must be new.
func (s *Simulator) addImage(i *image) *problem {
	for _, other := range s.images {
		if other.SWRPath == i.SWRPath && other.projectID == i.projectID {
			return refusal("ModelArts.6737", "")
		}
	}
	s.images = append(s.images, i)
	return nil
}

func (s *Simulator) deleteImage(c *call) (*answer, *problem) {
	i, p := s.findImage(c)
	if p != nil {
		return nil, p
	}
	if _, p := queryBool(c.query, "force", false); p != nil {
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
	if p := s.checkImageDelete(i); p != nil {
		return nil, p
	}
	s.images = slices.DeleteFunc(s.images, func(other *image) bool { return other == i })
	return noContent(), nil
}

var (
	savedName      = regexp.MustCompile(`^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$`)
	savedNamespace = regexp.MustCompile(`^[a-z][A-Za-z0-9._-]*$`)
	savedTag       = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
)

// createImage saves a notebook that runs as an image.
func (s *Simulator) createImage(c *call) (*answer, *problem) {
	n, p := s.find(c)
	if p != nil {
		return nil, p
	}
	body, p := readBody(c.body)
	if p != nil {
		return nil, p
	}
	body.require("name", "namespace")
	name := matching(body, "name", "", 128, savedName)
	namespace := matching(body, "namespace", "", 64, savedNamespace)
	tag := matching(body, "tag", "latest", 64, savedTag)
	i := &image{
		ID: uuid.NewString(), Name: name, Namespace: namespace, Tag: tag,
		SWRPath: fmt.Sprintf("%s/%s/%s:%s", imageHost, namespace, name, tag),
		Type:    typeDedicated, Origin: "IMAGE_SAVE", Arch: n.image.Arch, Status: imageCreating,
		ServiceType: n.image.ServiceType, DevServices: n.image.DevServices,
		ResourceCategories: n.image.ResourceCategories, SupportResCategories: n.image.SupportResCategories,
		Visibility: "PRIVATE", Description: readImageDescription(body), WorkspaceID: s.readWorkspace(body),
		CreateAt: c.now.UnixMilli(), UpdateAt: c.now.UnixMilli(), projectID: n.ProjectID,
	}
	if p := body.failure(); p != nil {
		return nil, p
	}
	if n.Status != statusRunning {
		if n.Status != statusFrozen && s.isB("image-save-6958") {
			return nil, refusal("ModelArts.6958", "")
		}
		return nil, s.notRunning(n)
	}
	if p := s.addImage(i); p != nil {
		return nil, p
	}
	i.saving = newPhase(c.now, s.lasts(s.options.SnapshotTime), imageActive).failing(c.life, imageCreateFailed, "Failed to save the image.")
	s.beginSnapshot(n, c.now)
	if c.life == nil {
		s.willHaveSaved(n, *i)
	}
	n.touch(c.now)
	return ok(s.shownImage(*i)), nil
}

// willHaveSaved has a notebook change to the image that it was saved as.
func (s *Simulator) willHaveSaved(n *notebook, saved image) {
	if s.isB("image-kept") {
		return
	}
	until := saved.saving.until
	saved.Status, saved.Size, saved.UpdateAt, saved.saving = imageActive, savedSize, until.UnixMilli(), nil
	if s.isB("image-other-id") {
		saved.ID = uuid.NewString()
	}
	n.savedImage, n.savedAt = &saved, until
	switch {
	case s.isB("image-at-request"):
		n.takeSavedImage()
	case s.isB("image-at-start"):
		n.savedAt = time.Time{}
	}
}

// takeSavedImage changes the image to the one that the notebook was saved as.
func (n *notebook) takeSavedImage() {
	n.image, n.ImageID = *n.savedImage, n.savedImage.ID
	n.savedImage = nil
}

// matching reads a text that must match a pattern.
func matching(body *reader, member, absent string, maxLength int, pattern *regexp.Regexp) string {
	text := body.textOr(member, absent)
	if text == "" {
		text = absent
	}
	if text != "" && (len(text) > maxLength || !pattern.MatchString(text)) {
		body.wrongValue(member, fmt.Sprintf("it does not match %s or is longer than %d", pattern, maxLength))
	}
	return text
}
