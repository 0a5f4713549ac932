package live

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The labels of what is asked with further notebooks.
const (
	poolByID         = "a create in the pool by its pool_id"
	poolByCluster    = "a create in the pool by its logic_cluster_id"
	readSpec         = "a read of a notebook with a custom_spec"
	poolPublicFlavor = "a create in the pool with a flavor of the public list"
	poolOwnFlavor    = "a create in the pool with a flavor of its own list"
	dataOutside      = "a create with data volumes"
	dataInPool       = "a create with data volumes in the pool"
	dataPlain        = "a create with one data volume"
	dataPlainInPool  = "a create with one data volume in the pool"
	readData         = "a read with data volumes"
	mountsOfData     = "the list of mounts of a notebook with data volumes"
	putData          = "a change of data volumes while RUNNING"
	dataBroken       = "a create with a data volume that cannot be mounted"
	readBroken       = "a read with a data volume that cannot be mounted"
	bucketOutside    = "a create with an OBS volume"
	bucketListed     = "a create with an OBS volume and a flavor that lists OBS"
	bucketInPool     = "a create with an OBS volume in the pool"
	readBucket       = "a read with an OBS volume"
	listBucket       = "the list with an OBS volume"
	unsecured        = "a create with an OBSFS volume without a secret"
	filesOutside     = "a create with an EFS volume"
	readFiles        = "a read with an EFS volume"
	listFiles        = "the list with an EFS volume"
	createElsewhere  = "a create in another workspace"
	listElsewhere    = "the list of another workspace"
	listNowhere      = "the list without a workspace"
)

// further makes, one after another, the further notebooks that the options allow.
func (l *life) further(ctx context.Context) error {
	if l.o.Pool != "" {
		l.inPool(ctx)
	}
	place := l.withData(ctx)
	if l.o.Mount != "" && l.o.Unmountable != "" {
		l.unmountable(ctx, place)
	}
	if l.o.Mount != "" && l.o.Secret != "" {
		l.onBucket(ctx)
	}
	if l.o.EFS {
		l.another(ctx, filesOutside, "-efs", object{"volume": object{"category": "EFS", "ownership": "MANAGED", "capacity": 50}}, func(id, _ string) {
			l.look(ctx, id, readFiles, listFiles)
		})
	}
	if l.o.Workspace != "" {
		l.elsewhere(ctx)
	}
	if l.saved != "" && l.h.of(deleteInUse) == nil {
		l.another(ctx, "a create with the saved image", "-image", object{"image_id": l.saved}, func(string, string) {
			l.call(ctx, request{label: deleteInUse, method: http.MethodDelete, path: []string{"images", l.saved}})
		})
	}
	return ctx.Err()
}

// look shows a further notebook, by its ID and in the list.
func (l *life) look(ctx context.Context, id, read, list string) {
	l.call(ctx, notebook(read, http.MethodGet, id))
	pause(ctx, l.o.Pace.Late)
	l.call(ctx, request{label: list, method: http.MethodGet, path: []string{"notebooks"}, query: workspace0("limit", "50")})
}

// ownSize is a create with a size of its own.
func ownSize() object {
	return object{"flavor": nil, "custom_spec": object{"cpu": 1.5, "memory": 2048}}
}

// inPool makes notebooks in the pool: with a size of their own, with a flavor of
// the public list, with one of the pool's.
func (l *life) inPool(ctx context.Context) {
	byID, byCluster := text(l.pool, "pool_id"), text(l.pool, "logic_cluster_id")
	if l.pool == nil {
		byID = l.o.Pool
	}
	spec, own := ownSize(), object{"flavor": l.poolFlavor()}
	for _, changes := range []object{spec, own, {}} {
		for _, way := range []struct{ label, id string }{{poolByID, byID}, {poolByCluster, byCluster}} {
			if way.id == "" || changes["flavor"] == "" {
				continue
			}
			changes["pool_id"] = way.id
			e := l.another(ctx, way.label, "-pool", changes, func(id, _ string) {
				if changes["custom_spec"] != nil {
					l.call(ctx, notebook(readSpec, http.MethodGet, id))
				}
			})
			if e.taken() {
				l.poolID = way.id
				l.flavorsInPool(ctx)
				return
			}
		}
	}
}

func (l *life) flavorsInPool(ctx context.Context) {
	l.another(ctx, poolPublicFlavor, "-public", object{"pool_id": l.poolID}, nil)
	if own := l.poolFlavor(); own != "" {
		l.another(ctx, poolOwnFlavor, "-own", object{"pool_id": l.poolID, "flavor": own}, nil)
	}
}

// poolFlavor is the smallest flavor of the pool that can be used with the image.
func (l *life) poolFlavor() string {
	var least object
	for _, flavor := range listOf(l.pool, "flavors") {
		fits := strings.EqualFold(text(flavor, "arch"), text(l.image, "arch")) && text(flavor, "category") == "CPU"
		if fits && (least == nil || millis(flavor, "vcpus") < millis(least, "vcpus")) {
			least = flavor
		}
	}
	return text(least, "id")
}

// dataVolume is a data volume of a create.
func dataVolume(category, source, path string) object {
	return object{"category": category, "ownership": "DEDICATED", "uri": source, "mount_path": path}
}

// The places of data volumes.
const (
	dataPath       = "/data/lake/"
	dataObjectPath = "/data/objects/"
)

// withData makes a notebook with data volumes, outside of the pool or, where that
// is refused, in it. It returns the changes that say where it is.
func (l *life) withData(ctx context.Context) object {
	if l.o.Mount == "" {
		return object{}
	}
	lake := dataVolume("OBSFS", l.o.Mount, dataPath)
	both := []object{lake}
	if l.o.ObjectBucket != "" {
		both = append(both, dataVolume("OBS", l.o.ObjectBucket, dataObjectPath))
	}
	for _, attempt := range []struct {
		label   string
		volumes []object
		pool    bool
	}{{dataOutside, both, false}, {dataPlain, []object{lake}, false}, {dataInPool, both, true}, {dataPlainInPool, []object{lake}, true}} {
		place, usable := l.placed(attempt.pool)
		if !usable {
			continue
		}
		changes := object{"data_volumes": attempt.volumes}
		maps.Copy(changes, place)
		e := l.another(ctx, attempt.label, "-data", changes, func(id, _ string) {
			l.call(ctx, notebook(readData, http.MethodGet, id))
			l.call(ctx, notebook(mountsOfData, http.MethodGet, id, "storage"))
			l.call(ctx, notebook(putData, http.MethodPut, id).with(object{"data_volumes": []object{lake}}))
		})
		if e.taken() {
			return place
		}
	}
	return object{}
}

// placed are the changes of a create that say where the notebook is, and with
// which flavor. It is false without a pool that can be used.
func (l *life) placed(pool bool) (object, bool) {
	if !pool {
		return object{}, true
	}
	place := object{}
	if own := l.poolFlavor(); own != "" && !l.h.of(poolPublicFlavor).taken() {
		place["flavor"] = own
	} else if !l.h.of(poolPublicFlavor).taken() {
		place = ownSize()
	}
	place["pool_id"] = l.poolID
	return place, l.poolID != ""
}

// unmountable makes a notebook with a data volume that cannot be mounted.
func (l *life) unmountable(ctx context.Context, place object) {
	changes := object{"data_volumes": []object{dataVolume("OBSFS", l.o.Unmountable, dataPath)}}
	maps.Copy(changes, place)
	l.another(ctx, dataBroken, "-broken", changes, func(id, _ string) {
		l.call(ctx, notebook(readBroken, http.MethodGet, id))
	})
}

// onBucket makes notebooks whose main volume is a bucket: with the flavor that
// all have, with one that lists such storage, and in the pool.
func (l *life) onBucket(ctx context.Context) {
	volume := func(category string, secret any) object {
		v := object{"category": category, "ownership": "DEDICATED", "uri": l.o.Mount}
		if secret != nil {
			v["dew_secret_name"] = secret
		}
		return v
	}
	listing := l.flavorThatLists("OBS")
	for _, attempt := range []struct {
		label, flavor string
		pool          bool
	}{{bucketOutside, "", false}, {bucketListed, listing, false}, {bucketInPool, listing, true}} {
		place, usable := l.placed(attempt.pool)
		if !usable || attempt.label == bucketListed && listing == "" {
			continue
		}
		changes := object{"volume": volume("OBS", l.o.Secret)}
		if attempt.flavor != "" {
			changes["flavor"] = attempt.flavor
		}
		maps.Copy(changes, place)
		e := l.another(ctx, attempt.label, "-obs", changes, func(id, _ string) { l.look(ctx, id, readBucket, listBucket) })
		if e.taken() {
			changes["volume"] = volume("OBSFS", nil)
			l.another(ctx, unsecured, "-obsfs", changes, nil)
			return
		}
	}
}

// flavorThatLists is the smallest flavor like the notebook's that lists a kind of
// storage.
func (l *life) flavorThatLists(category string) string {
	var least object
	for _, flavor := range flavorsOf(l.h.of(theFlavors)) {
		alike := strings.EqualFold(text(flavor, "arch"), text(l.flavor, "arch")) && text(flavor, "category") == "CPU" && !truth(flavor, "sold_out")
		if alike && slices.Contains(words(flavor, "storages"), category) && (least == nil || millis(flavor, "vcpus") < millis(least, "vcpus")) {
			least = flavor
		}
	}
	return text(least, "id")
}

// elsewhere makes a notebook in another workspace.
func (l *life) elsewhere(ctx context.Context) {
	l.another(ctx, createElsewhere, "-elsewhere", object{"workspace_id": l.o.Workspace}, func(id, _ string) {
		list := func(label string, pairs ...string) *exchange {
			query := workspace0(append([]string{"limit", "50"}, pairs...)...)
			if label == listNowhere {
				query.Del("workspace_id")
			}
			return l.call(ctx, request{label: label, method: http.MethodGet, path: []string{"notebooks"}, query: query})
		}
		for begin := time.Now(); ctx.Err() == nil && time.Since(begin) < 3*l.o.Pace.Late; pause(ctx, l.o.Pace.Poll) {
			if hasID(list(listElsewhere, "workspace_id", l.o.Workspace), id) {
				break
			}
		}
		list(listNowhere)
	})
}
