package modelarts

// Image is an image that notebook instances can run.
type Image struct {
	ID          string  `json:"id"`
	Name        *string `json:"name"`
	Tag         *string `json:"tag"`
	Namespace   *string `json:"namespace"`
	Description *string `json:"description"`
	// SWRPath is the address in the container registry,
	// [host[:port]]/[organization]/[name]:[tag].
	SWRPath *string `json:"swr_path"`
	// Type is BUILD_IN (preset) or DEDICATED (saved or registered).
	Type *string `json:"type"`
	// Origin is CUSTOMIZE or IMAGE_SAVE.
	Origin *string `json:"origin"`
	// Arch is X86_64 or AARCH64.
	Arch          *string     `json:"arch"`
	Status        ImageStatus `json:"status"`
	StatusMessage *string     `json:"status_message"`
	ServiceType   *string     `json:"service_type"`
	// DevServices are NOTEBOOK, SSH, and for some preset images others.
	DevServices []string `json:"dev_services"`
	// ResourceCategories are CPU, GPU, ASCEND.
	ResourceCategories   []string `json:"resource_categories"`
	SupportResCategories []string `json:"support_res_categories"`
	FlavorType           *string  `json:"flavor_type"`
	Visibility           *string  `json:"visibility"`
	// Size is documented as KB; examples look like bytes.
	Size        *int64  `json:"size"`
	WorkspaceID *string `json:"workspace_id"`
	// CreateAt and UpdateAt are UTC in milliseconds.
	CreateAt      *int64  `json:"create_at"`
	UpdateAt      *int64  `json:"update_at"`
	ShowName      *string `json:"show_name"`
	ShowTag       *string `json:"show_tag"`
	SWRInstanceID *string `json:"swr_instance_id"`
	Tags          []Tag   `json:"tags"`
}

// ImageGroup is all images of one name.
type ImageGroup struct {
	ID           *string `json:"id"`
	Name         *string `json:"name"`
	Namespace    *string `json:"namespace"`
	Description  *string `json:"description"`
	VersionCount *int64  `json:"version_count"`
	// ReadMe is the guide to the images.
	ReadMe          *string `json:"read_me"`
	IconName        *string `json:"icon_name"`
	SWRInstanceName *string `json:"swr_instance_name"`
	SWRInstanceID   *string `json:"swr_instance_id"`
	// CreateAt and UpdateAt are UTC in milliseconds.
	CreateAt *int64 `json:"create_at"`
	UpdateAt *int64 `json:"update_at"`
}

// ImageRegisterRequest is what RegisterImage sends.
type ImageRegisterRequest struct {
	SWRPath string `json:"swr_path"`
	// Arch is X86_64 or AARCH64.
	Arch        *string `json:"arch,omitempty"`
	Description *string `json:"description,omitempty"`
	// Origin is CUSTOMIZE or IMAGE_SAVE.
	Origin *string `json:"origin,omitempty"`
	// ResourceCategory holds CPU, GPU, ASCEND.
	ResourceCategory []string `json:"resource_category,omitzero"`
	ServiceType      *string  `json:"service_type,omitempty"`
	// Services holds NOTEBOOK, SSH.
	Services []string `json:"services,omitzero"`
	// Visibility is PRIVATE or PUBLIC.
	Visibility  *string `json:"visibility,omitempty"`
	WorkspaceID *string `json:"workspace_id,omitempty"`
	FlavorType  *string `json:"flavor_type,omitempty"`
	// Tags are those of the group of the image: texts here, keys and values in
	// answers.
	Tags []string `json:"tags,omitzero"`
	// SWRInstanceID is the repository of the enterprise container registry.
	SWRInstanceID *string `json:"swr_instance_id,omitempty"`
	// ReadMe is the guide to the image.
	ReadMe *string `json:"read_me,omitempty"`
}

// ImageGroupUpdateRequest is what UpdateImageGroup sends. A field that is nil
// stays as it is.
type ImageGroupUpdateRequest struct {
	ReadMe *string `json:"read_me,omitempty"`
	Tags   []Tag   `json:"tags,omitzero"`
}

// ImageSaveRequest is what CreateImage sends.
type ImageSaveRequest struct {
	Name string `json:"name"`
	// Namespace is the organization in the container registry.
	Namespace   string  `json:"namespace"`
	Tag         *string `json:"tag,omitempty"`
	Description *string `json:"description,omitempty"`
	WorkspaceID *string `json:"workspace_id,omitempty"`
	// SWRInstanceID and SWRInstanceDomain are the repository of the enterprise
	// container registry and its domain name.
	SWRInstanceID     *string `json:"swr_instance_id,omitempty"`
	SWRInstanceDomain *string `json:"swr_instance_domain,omitempty"`
}
