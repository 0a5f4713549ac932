package simulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// Catalogue is what the service offers: the flavors of the public pool, the
// images that are there from the beginning, and the resource pools. Make one
// with [DefaultCatalogue] or [ParseCatalogue]; it never changes.
type Catalogue struct {
	flavors []flavor
	images  []image
	pools   []pool
}

// DefaultCatalogue is the catalogue of a simulator that is given no other.
func DefaultCatalogue() *Catalogue {
	return &Catalogue{flavors: presetFlavors, images: presetImages(), pools: presetPools()}
}

// newImages are the images of the catalogue, for a service to change.
func (c *Catalogue) newImages() []*image {
	list := make([]*image, len(c.images))
	for i, preset := range c.images {
		list[i] = &preset
	}
	return list
}

// catalogueFile is a catalogue as a file has it. The entries are those of the
// answers to ListFlavors, ListImage and ListAuthoringClusters.
type catalogueFile struct {
	Flavors []json.RawMessage `json:"flavors"`
	Images  []json.RawMessage `json:"images"`
	Pools   []json.RawMessage `json:"pools"`
}

// ParseCatalogue reads a catalogue: a JSON object with the lists flavors, images
// and pools. The entries have the members of the answers to ListFlavors,
// ListImage and ListAuthoringClusters; most can be left out. A list that is left
// out is that of [DefaultCatalogue]. An error names the entry and the member.
func ParseCatalogue(data []byte) (*Catalogue, error) {
	var file catalogueFile
	if err := decodeOnly(data, &file); err != nil {
		return nil, err
	}
	c := DefaultCatalogue()
	var err error
	if file.Flavors != nil {
		if c.flavors, err = readEntries(file.Flavors, "flavors", readFlavor, func(f flavor) string { return f.ID }); err != nil {
			return nil, err
		}
	}
	if file.Images != nil {
		if c.images, err = readEntries(file.Images, "images", readImage, func(i image) string { return i.ID }); err != nil {
			return nil, err
		}
	}
	if file.Pools != nil {
		if c.pools, err = readEntries(file.Pools, "pools", readPool, func(p pool) string { return p.PoolID }); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// JSON is the catalogue as [ParseCatalogue] reads it.
func (c *Catalogue) JSON() ([]byte, error) {
	type shortPool struct {
		PoolID  string       `json:"pool_id"`
		Type    string       `json:"type"`
		Status  string       `json:"status"`
		Flavors []poolFlavor `json:"flavors"`
	}
	file := struct {
		Flavors []flavor    `json:"flavors"`
		Images  []image     `json:"images"`
		Pools   []shortPool `json:"pools"`
	}{c.flavors, c.images, nil}
	for _, p := range c.pools {
		file.Pools = append(file.Pools, shortPool{p.PoolID, p.Type, p.Status, append([]poolFlavor{}, p.Flavors...)})
	}
	return json.MarshalIndent(file, "", "  ")
}

// decodeOnly decodes one JSON value, and refuses members that are unknown and
// anything behind the value.
func decodeOnly(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: it is not JSON: %w", 1+bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n")), err)
	case errors.As(err, &kind) && kind.Field == "":
		return fmt.Errorf("it is %s, where an object is wanted", found(kind.Value))
	case errors.As(err, &kind):
		return fmt.Errorf("%s: it is %s, where %s is wanted", kind.Field, found(kind.Value), wanted(kind.Type.Kind().String()))
	case errors.Is(err, io.EOF):
		return errors.New("it is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it is not JSON: it ends too early")
	case err != nil:
		return errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is something behind the JSON value")
	}
	return nil
}

// found is a kind of JSON's value, as encoding/json names it, in the words of JSON.
func found(kind string) string {
	switch {
	case kind == "array":
		return "a list"
	case kind == "object":
		return "an object"
	case kind == "string":
		return "a text"
	case kind == "bool":
		return "true or false"
	case strings.HasPrefix(kind, "number "):
		return "the number " + strings.TrimPrefix(kind, "number ")
	}
	return "a " + kind
}

// wanted is a kind of Go's in the words of JSON.
func wanted(kind string) string {
	switch {
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		return "a whole number"
	case strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "bool":
		return "true or false"
	case kind == "slice":
		return "a list"
	case kind == "struct", kind == "map", kind == "ptr":
		return "an object"
	}
	return "a text"
}

// readEntries reads the entries of a list, each of which has an ID of its own.
func readEntries[T any](entries []json.RawMessage, name string, read func(json.RawMessage) (T, error), id func(T) string) ([]T, error) {
	list := make([]T, 0, len(entries))
	for i, data := range entries {
		entry, err := read(data)
		if err != nil {
			return nil, fmt.Errorf("%s[%d]: %w", name, i, err)
		}
		if slices.ContainsFunc(list, func(other T) bool { return id(other) == id(entry) }) {
			return nil, fmt.Errorf("%s[%d]: %q is there twice", name, i, id(entry))
		}
		list = append(list, entry)
	}
	return list, nil
}

// check is a condition that a member of an entry must meet.
type check struct {
	ok     bool
	member string
	reason string
}

// firstFailure is the error of the first condition that is not met.
func firstFailure(checks ...check) error {
	for _, c := range checks {
		if !c.ok {
			return fmt.Errorf("%s: %s", c.member, c.reason)
		}
	}
	return nil
}

// among is the check that a text is one of those that there are.
func among(member, text string, texts ...string) check {
	return check{slices.Contains(texts, text), member, fmt.Sprintf("%q is none of %s", text, strings.Join(texts, ", "))}
}

// allAmong is among for a list.
func allAmong(member string, list []string, texts ...string) check {
	for _, text := range list {
		if c := among(member, text, texts...); !c.ok {
			return c
		}
	}
	return check{ok: true}
}

// readFlavor reads a flavor and fills in what it leaves out.
func readFlavor(data json.RawMessage) (flavor, error) {
	f := flavor{Arch: "X86_64", Category: "CPU", Feature: featureNotebook}
	if err := decodeOnly(data, &f); err != nil {
		return f, err
	}
	f.Arch, f.Category = strings.ToUpper(f.Arch), strings.ToUpper(f.Category)
	// The service lists it beside EFS.
	f.Storages = slices.DeleteFunc(f.Storages, func(storage string) bool { return storage == "EFS_DEDICATED" })
	if f.Storages == nil {
		f.Storages = bothDisks
	}
	if slices.Contains(f.Storages, categoryEVS) {
		f.EVSMaxSize, f.EVSSKUCode = cmp.Or(f.EVSMaxSize, strconv.Itoa(evsMaxSize)), cmp.Or(f.EVSSKUCode, "SSD")
	}
	_, notNumber := strconv.ParseUint(cmp.Or(f.EVSMaxSize, "0"), 10, 32)
	err := firstFailure(
		check{f.ID != "", "id", "it is missing"},
		among("arch", f.Arch, "X86_64", "AARCH64"),
		among("category", f.Category, "CPU", "GPU", "ASCEND"),
		among("feature", f.Feature, featureNotebook, featureDefault),
		check{f.VCPUs > 0, "vcpus", "it is missing or not above 0"},
		check{f.Memory > 0, "memory", "it is missing or not above 0; it is in kibibytes, 8 GB are 8388608"},
		check{(f.Category == "GPU") == (f.GPU != nil), "gpu", "flavors of the category GPU have it, and no others"},
		check{(f.Category == "ASCEND") == (f.Ascend != nil), "ascend", "flavors of the category ASCEND have it, and no others"},
		check{f.GPU == nil || f.GPU.GPU > 0, "gpu.gpu", "it is missing or not above 0"},
		check{f.Ascend == nil || f.Ascend.NPU > 0, "ascend.npu", "it is missing or not above 0"},
		allAmong("storages", f.Storages, allDisks...),
		check{notNumber == nil, "evs_max_size", "it is a number of GB in quotes, such as \"4096\""},
	)
	f.Name = cmp.Or(f.Name, strings.TrimPrefix(f.ID, "modelarts."))
	f.Description = cmp.Or(f.Description, fmt.Sprintf("%d vCPUs, %d GB", f.VCPUs, f.Memory/gib))
	if f.Billing == nil && !f.Free {
		f.Billing = &billing{Code: f.ID, UnitNum: 1}
	}
	return f, named(f.ID, err)
}

// named adds the ID of an entry to an error about it.
func named(id string, err error) error {
	if err == nil || id == "" {
		return err
	}
	return fmt.Errorf("%s: %w", id, err)
}

// readImage reads an image and fills in what it leaves out.
func readImage(data json.RawMessage) (image, error) {
	i := image{Type: typeBuildIn, Arch: "x86_64", Status: imageActive, ServiceType: "DEV", WorkspaceID: "0", Size: 5368709120}
	if err := decodeOnly(data, &i); err != nil {
		return i, err
	}
	i.Arch = strings.ToLower(i.Arch)
	preset := i.Type == typeBuildIn
	if preset {
		i.Namespace, i.Visibility = cmp.Or(i.Namespace, "atelier"), cmp.Or(i.Visibility, "PUBLIC")
		i.ShowName, i.ShowTag = cmp.Or(i.ShowName, i.Name), cmp.Or(i.ShowTag, i.Tag)
	} else {
		i.Namespace, i.Visibility, i.Origin = cmp.Or(i.Namespace, "simulator"), cmp.Or(i.Visibility, "PRIVATE"), cmp.Or(i.Origin, "CUSTOMIZE")
	}
	i.SWRPath = cmp.Or(i.SWRPath, fmt.Sprintf("%s/%s/%s:%s", imageHost, i.Namespace, i.Name, i.Tag))
	if i.DevServices == nil {
		i.DevServices = []string{serviceNotebook, serviceSSH}
	}
	if i.ResourceCategories == nil {
		i.ResourceCategories = []string{"CPU", "GPU"}
	}
	if i.SupportResCategories == nil {
		i.SupportResCategories = i.ResourceCategories
	}
	i.CreateAt, i.UpdateAt = cmp.Or(i.CreateAt, firstImageTime), cmp.Or(i.UpdateAt, firstImageTime)
	return i, named(i.ID, firstFailure(
		check{i.ID != "", "id", "it is missing"},
		check{uuid.Validate(i.ID) == nil, "id", "it is not a UUID"},
		check{i.Name != "", "name", "it is missing"},
		among("type", i.Type, typeBuildIn, typeDedicated),
		among("arch", i.Arch, "x86_64", "aarch64"),
		among("status", i.Status, imageActive, imageCreateFailed, "ERROR", "DELETED"),
		allAmong("dev_services", i.DevServices, serviceNotebook, serviceSSH, "AI_FLOW", "MA_STUDIO", "TENSOR_BOARD", "WEB_IDE"),
		allAmong("resource_categories", i.ResourceCategories, "CPU", "GPU", "ASCEND"),
		check{len(i.ResourceCategories) > 0, "resource_categories", "it is empty: no flavor could run the image"},
	))
}

// readPool reads a pool and fills in what its flavors leave out.
func readPool(data json.RawMessage) (pool, error) {
	p := pool{Type: "DEDICATED", Status: "ACTIVE"}
	if err := decodeOnly(data, &p); err != nil {
		return p, err
	}
	err := firstFailure(
		check{p.PoolID != "", "pool_id", "it is missing"},
		check{len(p.PoolID) <= 64, "pool_id", "it is longer than 64 characters"},
		among("type", p.Type, "DEDICATED", "MANAGED"),
	)
	for i := range p.Flavors {
		f := &p.Flavors[i]
		f.Arch, f.Category, f.Feature = cmp.Or(f.Arch, "X86_64"), cmp.Or(f.Category, "CPU"), cmp.Or(f.Feature, featureNotebook)
		f.Name, f.EVSMaxSize = cmp.Or(f.Name, f.ID), cmp.Or(f.EVSMaxSize, strconv.Itoa(evsMaxSize))
		if f.Storages == nil {
			f.Storages = allDisks
		}
		memory, notNumber := strconv.ParseInt(cmp.Or(f.Memory, "0"), 10, 64)
		wrong := firstFailure(
			check{f.ID != "", "id", "it is missing"},
			among("arch", f.Arch, "X86_64", "AARCH64"),
			among("category", f.Category, "CPU", "GPU", "ASCEND"),
			check{f.VCPUs > 0, "vcpus", "it is missing or not above 0"},
			check{notNumber == nil && memory > 0, "memory", "it is a number of kibibytes in quotes, such as \"8388608\""},
		)
		f.Description = cmp.Or(f.Description, fmt.Sprintf("%d vCPUs, %d GB", f.VCPUs, memory/gib))
		if err == nil && wrong != nil {
			err = fmt.Errorf("flavors[%d]: %w", i, wrong)
		}
	}
	return p, named(p.PoolID, err)
}
