package huaweicloud

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/ini.v1"
)

// sdkFileVariable names the credentials file of the vendor's SDKs.
const sdkFileVariable = "HUAWEICLOUD_SDK_CREDENTIALS_FILE"

// profile is an identity in a file of the vendor's tools, and where it is used.
type profile struct {
	credentials Credentials
	region      string
	projectID   string
	domainID    string
	role        AssumeRole
	origin      string // the profile and its file, in words
}

// withProfile fills in what the configuration leaves open from a profile: the
// one it names or, when it has no credentials of its own, the first of the files
// that the vendor's tools write. It returns where it looked in vain. Its errors
// are *ConfigError.
func (c Config) withProfile() (Config, []string, error) {
	chosen := c.SharedConfigFile != "" || c.Profile != ""
	if !chosen && c.hasCredentials() {
		return c, nil, nil
	}
	found, looked, err := c.findProfile()
	if err != nil {
		return c, nil, err
	}
	if found == nil {
		if !chosen || c.hasCredentials() {
			return c, looked, nil // a profile for some machines, variables on others
		}
		field := "Profile"
		if c.Profile == "" {
			field = "SharedConfigFile"
		}
		return c, nil, &ConfigError{field, "leads to no profile. Looked into: " + strings.Join(looked, "; ")}
	}
	before := c.set()
	// The project is one of the profile's region: not of another that is chosen.
	sameRegion := c.Region == "" || found.region == "" || c.Region == found.region
	if c.ProjectID == "" && c.ProjectName == "" && sameRegion {
		c.ProjectID = found.projectID
	}
	c.Region = cmp.Or(c.Region, found.region)
	if c.DomainID == "" && c.DomainName == "" {
		c.DomainID = found.domainID
	}
	if !c.hasCredentials() {
		c.AccessKey, c.SecretKey, c.SecurityToken = found.credentials.AccessKey, found.credentials.SecretKey, found.credentials.SecurityToken
		if c.AssumeRole.AgencyName == "" {
			c.AssumeRole = found.role
		}
	}
	c.from(before, "in "+found.origin)
	return c, looked, nil
}

// findProfile looks into the files in turn. It returns nil when there is none.
func (c Config) findProfile() (*profile, []string, error) {
	var looked []string
	for _, file := range c.profileFiles() {
		data, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			looked = append(looked, file+" (does not exist)")
			continue
		}
		if err != nil {
			return nil, nil, &ConfigError{"SharedConfigFile", fmt.Sprintf("names a file that cannot be read: %v", err)}
		}
		found, name, err := parseProfile(data, c.Profile)
		switch {
		case err != nil:
			return nil, nil, &ConfigError{"SharedConfigFile", fmt.Sprintf("names %s, which cannot be used: %v", file, err)}
		case found != nil:
			found.origin = fmt.Sprintf("the profile %q of %s", name, file)
			return found, looked, nil
		}
		looked = append(looked, fmt.Sprintf("%s (has no profile %q)", file, name))
	}
	return nil, looked, nil
}

// profileFiles are the files to look into: the one that is named, or those of
// the vendor's command line and of its SDKs.
func (c Config) profileFiles() []string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "~" // it is shown, and does not exist
	}
	if c.SharedConfigFile != "" {
		if rest, ok := strings.CutPrefix(c.SharedConfigFile, "~/"); ok {
			return []string{filepath.Join(home, rest)}
		}
		return []string{c.SharedConfigFile}
	}
	sdk := cmp.Or(os.Getenv(sdkFileVariable), filepath.Join(home, ".huaweicloud", "credentials"))
	return []string{filepath.Join(home, ".hcloud", "config.json"), sdk}
}

// parseProfile reads a profile out of a file of either form: the JSON of the
// vendor's command line, or the sections of its SDKs. It returns nil when there
// is none of the name. Its errors show nothing of the file.
func parseProfile(data []byte, name string) (*profile, string, error) {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return parseCLI(data, name)
	}
	return parseSDK(data, name)
}

// readable is what the identifier of a key pair is made of. Encrypted ones have
// other characters too.
var readable = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func parseCLI(data []byte, name string) (*profile, string, error) {
	type entry struct {
		Name             string `json:"name"`
		Mode             string `json:"mode"`
		AccessKeyID      string `json:"accessKeyId"`
		SecretAccessKey  string `json:"secretAccessKey"`
		SecurityToken    string `json:"securityToken"`
		Region           string `json:"region"`
		ProjectID        string `json:"projectId"`
		DomainID         string `json:"domainId"`
		AgencyName       string `json:"agencyName"`
		AgencyDomainName string `json:"agencyDomainName"`
		AgencyDomainID   string `json:"agencyDomainId"`
	}
	var file struct {
		Current  string  `json:"current"`
		Profiles []entry `json:"profiles"`
	}
	if json.Unmarshal(data, &file) != nil {
		return nil, "", errors.New("it is not JSON as hcloud writes it")
	}
	name = cmp.Or(name, file.Current, "default")
	i := slices.IndexFunc(file.Profiles, func(e entry) bool { return e.Name == name })
	if i < 0 {
		return nil, name, nil
	}
	e := file.Profiles[i]
	found := &profile{
		credentials: Credentials{AccessKey: e.AccessKeyID, SecretKey: e.SecretAccessKey, SecurityToken: e.SecurityToken},
		region:      e.Region,
		projectID:   e.ProjectID,
		domainID:    e.DomainID,
		role:        AssumeRole{AgencyName: e.AgencyName, DomainName: e.AgencyDomainName, DomainID: e.AgencyDomainID},
	}
	switch {
	case strings.EqualFold(e.Mode, "ecsAgency"): // no keys: those of the instance are meant
		return found, name, nil
	case e.AccessKeyID == "":
		return nil, name, fmt.Errorf("the profile %q has no access key", name)
	case !readable.MatchString(e.AccessKeyID):
		return nil, name, fmt.Errorf("the keys of the profile %q are encrypted: run hcloud configure set --cli-auth-encrypt=false", name)
	}
	return found, name, nil
}

func parseSDK(data []byte, name string) (*profile, string, error) {
	name = cmp.Or(name, "basic")
	file, err := ini.Load(data)
	if err != nil {
		return nil, name, errors.New("it has no sections as the SDKs write them")
	}
	section, err := file.GetSection(name)
	if err != nil {
		return nil, name, nil //nolint:nilerr // it is not there
	}
	get := func(key string) string { return section.Key(key).String() }
	found := &profile{
		credentials: Credentials{AccessKey: get("ak"), SecretKey: get("sk"), SecurityToken: get("security_token")},
		projectID:   get("project_id"),
		domainID:    get("domain_id"),
	}
	if found.credentials.AccessKey == "" {
		return nil, name, fmt.Errorf("the profile %q has no access key (ak)", name)
	}
	return found, name, nil
}
