package notebook_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// This file plays Terraform's part of a plan with unknown values, in process: it
// plans a configuration in which a place is unknown, then the same one with its
// value, as an apply does, and holds the two plans to Terraform's rule: what was
// known in the first is the same in the second.

// families are kinds of notebooks, each with several configurations that one can be
// changed to from another.
var families = map[string][]string{
	"public": {
		`{"flavor": "modelarts.vm.cpu.2u", "volume": {"category": "EVS"}}`,
		`{"flavor": "modelarts.vm.cpu.4u", "image_id": "` + acctest.OtherImage + `", "region": "` + simulator.DefaultRegion + `", "workspace_id": "0", "feature": "NOTEBOOK",
		  "description": "a", "volume": {"category": "evs", "ownership": "managed", "capacity": 10},
		  "data_volumes": {"/data/a/": {"category": "OBSFS", "uri": "obs://a/", "read_only": true, "dew_secret_name": "s"}, "/data/b/": {"category": "EFS", "uri": "share.example.com:/a", "id": "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11"}},
		  "endpoints": {"SSH": {"key_pair_names": ["a", "b"], "allowed_access_ips": ["203.0.113.1"]}},
		  "lease": {"type": "IDLE", "duration": "8h"}, "hooks": {"pre_start": {"path": "/a", "mode": "BLOCK"}, "post_start": {"content": "a"}},
		  "tags": {"a": "b", "c": "d"}, "desired_status": "RUNNING", "timeouts": {"read": "1m"}, "public_network_config": {"public_network_type": "SHARED"}}`,
		`{"flavor": "modelarts.vm.cpu.2u", "description": "b", "volume": {"category": "EVS", "capacity": 20},
		  "data_volumes": {"/data/a/": {"category": "OBSFS", "uri": "obs://b/"}}, "endpoints": {"SSH": {"key_pair_names": ["c"]}},
		  "lease": {"enabled": false}, "hooks": {"post_start": {"content": "b", "mode": "BLOCK"}},
		  "tags": {"a": "e"}, "desired_status": "STOPPED", "deletion_protection": false}`,
		`{"flavor": "modelarts.vm.cpu.2u", "volume": {"category": "EVS"}, "lease": {"duration": "9h", "enabled": true}, "allow_stopping_for_update": false,
		  "run_user": {"uid": 1000, "gid": 100}, "user_vpc": {"vpc_id": "v", "subnet_id": "s", "security_group_ids": ["a", "b"], "connect_cidrs": ["192.168.0.0/16"]}}`,
	},
	"pool": {
		`{"flavor": "` + acctest.PoolFlavor + `", "pool_id": "` + acctest.Pool + `", "volume": {"category": "EFS"}}`,
		`{"custom_spec": {"cpu": 1, "memory": 1024, "arch": "X86_64", "category": "CPU"}, "pool_id": "` + acctest.Pool + `", "volume": {"category": "EVS"},
		  "affinity": {"required": [{"key": "a", "operator": "In", "values": ["a", "b"]}], "preferred": [{"key": "a", "operator": "Exists", "weight": 1}]}}`,
		`{"custom_spec": {"cpu": 2, "memory": 1024}, "pool_id": "` + acctest.Pool + `", "volume": {"category": "EVS", "capacity": 10},
		  "affinity": {"required": [{"key": "b", "operator": "Exists"}]}}`,
	},
	"dedicated": {
		`{"flavor": "modelarts.vm.cpu.2u", "volume": {"category": "EFS", "ownership": "DEDICATED", "uri": "share.example.com:/a", "id": "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11"}}`,
		`{"flavor": "` + acctest.BucketFlavor + `", "volume": {"category": "OBSFS", "ownership": "DEDICATED", "uri": "obs://a/b/", "dew_secret_name": "a"}}`,
		`{"flavor": "` + acctest.BucketFlavor + `", "volume": {"category": "OBSFS", "ownership": "DEDICATED", "uri": "obs://a/c/", "dew_secret_name": "b"}}`,
	},
}

// configuration is one of a family, with what all have.
func (c *core) configuration(text string) tftypes.Value {
	v := values.Of(fromJSON(c.t, c.typ, text))
	set := func(name string, to tftypes.Value) {
		if v.At(name).IsNull() {
			v = v.With(to, name)
		}
	}
	set("name", tftypes.NewValue(tftypes.String, "n"))
	set("image_id", tftypes.NewValue(tftypes.String, acctest.Image))
	set("allow_stopping_for_update", tftypes.NewValue(tftypes.Bool, true))
	return v.Value
}

// spot is a place in a configuration, with the value there.
type spot struct {
	path  *tftypes.AttributePath
	value tftypes.Value
}

// spots are all places of a configuration that can be unknown: each argument, each
// member and each element of it. A block as a whole cannot.
func (c *core) spots(config tftypes.Value) []spot {
	var all []spot
	var below func(where *tftypes.AttributePath, v tftypes.Value, readOnly bool)
	below = func(where *tftypes.AttributePath, v tftypes.Value, block bool) {
		if !block {
			all = append(all, spot{where, v})
		}
		if v.IsNull() {
			return
		}
		switch v.Type().(type) {
		case tftypes.Object:
			var members map[string]tftypes.Value
			_ = v.As(&members)
			for _, name := range slices.Sorted(maps.Keys(members)) {
				if !c.computedOnly(where, name) {
					below(where.WithAttributeName(name), members[name], false)
				}
			}
		case tftypes.Map:
			var elements map[string]tftypes.Value
			_ = v.As(&elements)
			for _, name := range slices.Sorted(maps.Keys(elements)) {
				below(where.WithElementKeyString(name), elements[name], false)
			}
		case tftypes.List, tftypes.Set:
			var elements []tftypes.Value
			_ = v.As(&elements)
			_, set := v.Type().(tftypes.Set)
			for i, e := range elements {
				if set {
					below(where.WithElementKeyValue(e), e, false)
				} else {
					below(where.WithElementKeyInt(i), e, false)
				}
			}
		}
	}
	var members map[string]tftypes.Value
	_ = config.As(&members)
	root := tftypes.NewAttributePath()
	for _, a := range c.schema.Block.Attributes {
		if a.Optional || a.Required {
			below(root.WithAttributeName(a.Name), members[a.Name], false)
		}
	}
	for _, b := range c.schema.Block.BlockTypes {
		below(root.WithAttributeName(b.TypeName), members[b.TypeName], true)
	}
	return all
}

// computedOnly reports whether a member of the volume is none of a configuration.
func (c *core) computedOnly(where *tftypes.AttributePath, name string) bool {
	return where.String() == `AttributeName("volume")` && (name == "mount_path" || name == "status")
}

// at is a copy of a configuration with another value at a place; false where there
// is no such place.
func replaceAt(config tftypes.Value, where *tftypes.AttributePath, to func(tftypes.Value) tftypes.Value) (tftypes.Value, bool) {
	found := false
	changed, err := tftypes.Transform(config, func(p *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if p.Equal(where) {
			found = true
			return to(v), nil
		}
		return v, nil
	})
	return changed, err == nil && found
}

func toUnknown(v tftypes.Value) tftypes.Value {
	return tftypes.NewValue(v.Type(), tftypes.UnknownValue)
}

func toNull(v tftypes.Value) tftypes.Value { return tftypes.NewValue(v.Type(), nil) }

// Every argument, every member and every element can be unknown in a plan, of a
// create and of a change, alone and together with other changes: the plan finds
// nothing that the value then does not show, shows that something may change,
// announces the stop that may come, and agrees with the plan of the apply.
func TestEveryPlaceCanBeUnknown(t *testing.T) {
	t.Parallel()
	for family, texts := range families {
		t.Run(family, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, acctest.New(t, simulator.Options{}), `, "plan_checks": "off"`)
			configs, states := []tftypes.Value{}, []kept{c.none()}
			for _, text := range texts {
				config := c.configuration(text)
				configs, states = append(configs, config), append(states, c.make(c.none(), config))
			}
			seen := map[string]int{}
			for from, prior := range states {
				for _, to := range configs {
					// together with all other changes
					for _, s := range c.spots(to) {
						c.unknownOnce(seen, prior, to, s.path)
					}
					if from == 0 {
						continue
					}
					// alone: one argument of the new configuration in the old one
					for _, a := range c.schema.Block.Attributes {
						var members map[string]tftypes.Value
						_ = to.As(&members)
						alone := values.Of(configs[from-1]).With(members[a.Name], a.Name).Value
						if len(c.validate(alone)) > 0 {
							continue
						}
						for _, s := range c.spots(alone) {
							if s.path.Steps()[0] == tftypes.AttributeName(a.Name) {
								c.unknownOnce(seen, prior, alone, s.path)
							}
						}
					}
				}
			}
			for _, what := range slices.Sorted(maps.Keys(seen)) {
				t.Errorf("%d times: %s", seen[what], what)
			}
		})
	}
}

// every is which part of the cases of TestEveryPlaceCanBeUnknown is tried: each case
// takes some milliseconds, and there are thousands.
var every = flag.Int("unknown.every", 29, "try every so many of the cases of unknown places; 1: all")

// unknownOnce plans a configuration in which a place is unknown, and then with its
// value.
func (c *core) unknownOnce(seen map[string]int, prior kept, config tftypes.Value, where *tftypes.AttributePath) {
	c.t.Helper()
	c.cases++
	if c.cases%*every != 0 {
		return
	}
	later, ok := replaceAt(config, where, toUnknown)
	if !ok {
		return
	}
	wrong := func(format string, args ...any) { seen[where.String()+": "+fmt.Sprintf(format, args...)]++ }
	if errors := c.validate(later); len(errors) > 0 {
		wrong("validate: %v", errors)
		return
	}
	first := c.plan(prior, later)
	c.turnsOut(wrong, prior, first, config)
	_, member := where.LastStep().(tftypes.AttributeName) // an element cannot be null
	if none, ok := replaceAt(config, where, toNull); ok && member && !none.Equal(config) && len(c.validate(none)) == 0 {
		c.turnsOut(func(format string, args ...any) { wrong("as null: "+format, args...) }, prior, first, none)
	}
}

// turnsOut holds the plan with an unknown value against that with the value.
func (c *core) turnsOut(wrong func(string, ...any), prior kept, first *plannedChange, config tftypes.Value) {
	c.t.Helper()
	final := c.plan(prior, config)
	for _, e := range first.errors {
		// What may be protected is never replaced.
		if !slices.Contains(final.errors, e) && !strings.HasPrefix(e, "The notebook is protected") {
			wrong("a plan with the unknown value is refused: %s", e)
		}
	}
	if len(first.errors)+len(final.errors) > 0 {
		return
	}
	switch {
	case len(first.replaces) > 0:
		return // its create is another case
	case len(final.replaces) > 0:
		wrong("replaced for %v in the apply only", final.replaces)
	}
	for _, text := range inconsistent(values.Of(first.value), values.Of(final.value), "plan") {
		wrong("%s", text)
	}
	if values.Equal(values.Of(first.value), values.Of(prior.state)) && !values.Equal(values.Of(final.value), values.Of(prior.state)) {
		wrong("the change is lost")
	}
	if final.announcesStop() && !first.announcesStop() {
		wrong("the stop is not announced: %q", final.warnings)
	}
}

// An empty map or list that comes or goes is planned as it is configured, which
// Terraform demands, and is no change of the notebook.
func TestAnEmptyValueIsPlannedAsConfigured(t *testing.T) {
	t.Parallel()
	c := newCore(t, acctest.New(t, simulator.Options{}), `, "plan_checks": "off"`)
	base := c.configuration(families["public"][0])
	without := c.make(c.none(), base)
	for _, name := range []string{"tags", "endpoints", "data_volumes"} {
		typ := values.Of(base).At(name).Type()
		config := values.Of(base).With(tftypes.NewValue(typ, map[string]tftypes.Value{}), name).Value
		with := c.make(c.none(), config)
		for what, tc := range map[string]struct {
			prior  kept
			config tftypes.Value
		}{"comes": {without, config}, "goes": {with, base}} {
			p := c.plan(tc.prior, tc.config)
			if !values.Equal(values.Of(p.value).At(name), values.Of(tc.config).At(name)) || len(p.errors)+len(p.warnings) > 0 {
				t.Errorf("%s {} %s: planned as %s, %q %q", name, what, values.Of(p.value).At(name), p.errors, p.warnings)
			}
		}
	}
}
