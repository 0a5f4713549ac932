package live

import (
	"cmp"
	"fmt"
	"strings"
)

// Plan says what a life makes, for how long, and by what it is billed. It asks
// nothing of the service and names no prices: those are the vendor's.
func (o Options) Plan() string {
	var text strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&text, format+"\n", args...) }
	flavor := cmp.Or(o.Flavor, "the smallest CPU flavor that is not sold out")
	disk := fmt.Sprintf("a disk (EVS) of %d GB that grows by 1 or 2 GB", smallest)
	if o.Grow {
		disk = fmt.Sprintf("a disk (EVS) of %d GB that grows by up to 103 GB", smallest)
	}
	line("What this makes, and deletes at its end, whatever that is. All names begin with %s.", Prefix)
	line("  1 notebook for about 20 minutes: %s,", flavor)
	line("    with %s and a lease of at most 4 hours.", disk)
	if o.Mount != "" {
		line("    The file system is mounted on it. Nothing is written to it.")
	}
	if o.Organization != "" {
		line("    It is saved as an image into the organization, for about 20 minutes more.")
	}
	line("    While it runs, a larger flavor is asked for, which the service should refuse.")
	line("  Further notebooks, one at a time, for about 5 minutes each, with a lease of one hour:")
	for _, further := range o.further() {
		line("    - %s", further)
	}
	line("By what it is billed (the prices are those of the vendor's price calculator for your region):")
	line("  - each notebook by its flavor, per hour in which it runs; up to two run at a time")
	line("  - each disk by its size, per hour until it is deleted, also while the notebook is stopped")
	if o.EFS {
		line("  - the EFS volume of 50 GB, per hour until it is deleted")
	}
	if o.Organization != "" {
		line("  - the image by its size in the container registry, until it is deleted")
	}
	if o.Mount+o.ObjectBucket != "" {
		line("  - requests to the buckets")
	}
	if o.Pool != "" {
		line("  - nothing more in the pool: it is paid for already, and lends its resources for some minutes")
	}
	return text.String()
}

// further are the further notebooks that a life may make.
func (o Options) further() []string {
	list := []string{
		"one with the name of the first, if the service takes that",
		"one with a lease type in upper case, if the service takes that",
	}
	add := func(when bool, what string) {
		if when {
			list = append(list, what)
		}
	}
	add(o.Pool != "", "three in the pool: with a custom_spec, with a flavor of the public list, with one of the pool")
	add(o.Mount != "", "one with data volumes")
	add(o.Mount != "" && o.Unmountable != "", "one with a data volume that cannot be mounted")
	add(o.Mount != "" && o.Secret != "", "two on a bucket as the main volume; their flavor may be a larger one that lists such storage")
	add(o.EFS, "one with an EFS volume of 50 GB")
	add(o.Organization != "", "one from the saved image, where the first does not have it already")
	add(o.Workspace != "", "one in the other workspace")
	return list
}
