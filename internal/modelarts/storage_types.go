package modelarts

// StorageMountRequest is what AttachDynamicStorage sends.
type StorageMountRequest struct {
	// Category is OBS, OBSFS or EFS.
	Category string `json:"category"`
	// MountPath is a directory below /data/.
	MountPath string `json:"mount_path"`
	// URI is obs://bucket/path/ or the share path of a file system.
	URI string `json:"uri"`
	// EFSID is the ID of the SFS Turbo file system, required for EFS.
	EFSID *string `json:"efs_id,omitempty"`
}

// Storage is storage that is mounted on a running instance.
type Storage struct {
	ID string `json:"id"`
	// Category is OBSFS also where OBS was asked for.
	Category  *string       `json:"category"`
	MountPath *string       `json:"mount_path"`
	URI       *string       `json:"uri"`
	EFSID     *string       `json:"efs_id"`
	MountType *string       `json:"mount_type"`
	Status    StorageStatus `json:"status"`
	// FailureReason says why the mount failed.
	FailureReason *string `json:"failure_reason"`
}
