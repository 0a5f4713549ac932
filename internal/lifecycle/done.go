package lifecycle

import "github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"

// dropDone drops what the notebook has already at the start of the update, as after a
// plan that was saved for a while: nothing is sent for it, and nothing is stopped.
func (u *update) dropDone() {
	for _, left := range []*[]Change{&u.anyState, &u.stopped} {
		var rest []Change
		for _, change := range *left {
			if change.Done != nil && change.Done(u.before) {
				u.applied = append(u.applied, change.Argument)
			} else {
				rest = append(rest, change)
			}
		}
		*left = rest
	}
	if u.growth != nil && hasSize(u.before.Volume, u.growth.GB) {
		u.applied, u.growth = append(u.applied, u.growth.Argument), nil
	}
	if lease := u.before.Lease; lease != nil && lease.Enable != nil && !*lease.Enable {
		u.wish.Lease.SwitchOff = false
	}
}

// hasSize reports whether a disk is known to have a size, in GB.
func hasSize(volume *modelarts.VolumeRes, size int64) bool {
	return volume != nil && volume.Capacity != nil && *volume.Capacity == size && !volume.Status.Pending()
}
