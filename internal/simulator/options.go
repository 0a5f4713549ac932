package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"
)

// What an account has that was made with the zero [Options].
const (
	DefaultRegion     = "cn-north-4"
	DefaultAccessKey  = "SIMULATORACCESSKEY"
	DefaultSecretKey  = "simulator-secret-key"
	DefaultUserName   = "simulator-user"
	DefaultPassword   = "simulator-password"
	DefaultDomainName = "simulator-domain"
	DefaultAgencyName = "simulator-agency"
	DefaultQuota      = 10000

	// DefaultWorkspace is the workspace that exists beside "0".
	DefaultWorkspace = "abcdefabcdefabcdefabcdefabcdef01"
	// DefaultObjectBucket is a bucket that is not a parallel file system.
	DefaultObjectBucket = "object-bucket"
	// DefaultBrokenBucket is a bucket that cannot be mounted.
	DefaultBrokenBucket = "broken-bucket"
)

// Shapes of action_progress while an instance starts. What failed shows in the
// same way in all of them but ProgressNone.
const (
	ProgressEven    = "even"    // four steps of equal length
	ProgressFirst   = "first"   // the first step until the end
	ProgressEnd     = "end"     // all steps wait until the end
	ProgressNone    = "none"    // no action_progress at all
	ProgressJumping = "jumping" // steps begin out of order, and one begins anew
)

// DefaultLag is Options.Lag where nothing is said.
const DefaultLag = 2 * time.Second

// Options say who may call, how long things take, and which of the service's
// ways it has where those differ. The zero value is usable: everything takes
// no time, which means that a transition is answered as pending by the request
// that began it and is over at the next request.
type Options struct {
	// Region is the region's ID, and the name of its project.
	Region string `json:"region,omitempty"`
	// ProjectID is the ID of the region's project. Default: derived from Region.
	ProjectID string `json:"project_id,omitempty"`
	// SubProjects are names, without the region, of projects in the region.
	SubProjects []string `json:"sub_projects,omitempty"`
	// AccessKey and SecretKey are the permanent keys that are accepted.
	AccessKey string `json:"access_key,omitempty"`
	SecretKey string `json:"-"`
	// UserName, Password and DomainName open a session at IAM.
	UserName   string `json:"user_name,omitempty"`
	Password   string `json:"-"`
	DomainName string `json:"domain_name,omitempty"`
	// AgencyName is the agency that may be assumed in DomainName.
	AgencyName string `json:"agency_name,omitempty"`
	// MetadataTokens has the metadata of the instance answer only requests with
	// a token of its own.
	MetadataTokens bool `json:"metadata_tokens,omitempty"`
	// NoInstanceAgency is an instance that has no agency to give keys of.
	NoInstanceAgency bool `json:"no_instance_agency,omitempty"`
	// Workspaces are the workspaces that exist beside "0".
	Workspaces []string `json:"workspaces,omitempty"`
	// KeyPairs are the key pairs that exist. Empty: any name is one.
	KeyPairs []string `json:"key_pairs,omitempty"`
	// ObjectBuckets are the buckets that are not parallel file systems.
	ObjectBuckets []string `json:"object_buckets,omitempty"`
	// BrokenBuckets are the buckets that no data volume can be mounted from.
	BrokenBuckets []string `json:"broken_buckets,omitempty"`

	// How long a transition takes. CreateTime and StartTime pass through the
	// four steps of action_progress evenly.
	CreateTime   time.Duration `json:"create_time"`
	StartTime    time.Duration `json:"start_time"`
	StopTime     time.Duration `json:"stop_time"`
	DeleteTime   time.Duration `json:"delete_time"`
	ResizeTime   time.Duration `json:"resize_time"`
	SnapshotTime time.Duration `json:"snapshot_time"`
	MountTime    time.Duration `json:"mount_time"`

	// Speed divides these times and Lag: at 10 a creation of 8 s takes 0.8 s. The
	// clock goes as always, and leases last as long as always. Default: 1.
	Speed float64 `json:"speed,omitempty"`

	// Quota is the number of notebooks that a user may have.
	Quota int `json:"quota,omitempty"`
	// Rate is the number of requests that are taken in a second; more are
	// answered 429. Zero: any number.
	Rate float64 `json:"rate,omitempty"`
	// RateRetryAfter is the Retry-After header of those answers. Empty: none.
	RateRetryAfter string `json:"rate_retry_after,omitempty"`
	// SoldOut are the IDs of flavors that are sold out besides those that
	// always are.
	SoldOut []string `json:"sold_out,omitempty"`
	// NoAuthorization is an account that begins without the authorization that
	// ModelArts needs: creates fail until there is one. A change of it while the
	// service runs takes the authorizations away, or puts the first one back.
	NoAuthorization bool `json:"no_authorization,omitempty"`
	// ForbidAuthorizations refuses the list of authorizations with 403, as to a
	// user without the permission for it.
	ForbidAuthorizations bool `json:"forbid_authorizations,omitempty"`
	// Frozen is an account in arrears: its notebooks are FROZEN.
	Frozen bool `json:"frozen,omitempty"`

	// Answers are the IDs of the open questions of the contract that get answer B
	// (see [Questions]). All others get answer A.
	Answers []string `json:"answers,omitempty"`
	// Lag is how late those answers are that come late: see tags-lag, list-lags,
	// read-lags and mount-remounted. Default: DefaultLag.
	Lag time.Duration `json:"lag"`
	// Progress is one of the Progress constants. Default: ProgressEven.
	Progress string `json:"progress,omitempty"`
	// PlainNotFound answers HTTP 404 with plain text, as a proxy does, to a
	// request for a notebook that does not exist.
	PlainNotFound bool `json:"plain_not_found,omitempty"`
	// StartsInit has a new notebook pass through INIT before CREATING.
	StartsInit bool `json:"starts_init,omitempty"`

	// PageURL is the address at which a browser on this machine reaches the
	// simulator, such as http://127.0.0.1:8080. The urls of notebooks begin with
	// it, and open a page of the simulator. Empty: they are as those of the
	// service, and nothing is there.
	PageURL string `json:"page_url,omitempty"`

	// Catalogue is the flavors, images and pools that there are. Default: those of
	// DefaultCatalogue. It is fixed when the simulator is made.
	Catalogue *Catalogue `json:"-"`

	// OnRequest is told of each request once it was answered, or its connection
	// cut, and how long that took. It must be safe for concurrent use.
	OnRequest func(r Request, took time.Duration) `json:"-"`

	// Clock is the time that the gateway checks signatures against, and that
	// the service counts from. Default: time.Now. It must be safe for
	// concurrent use.
	Clock func() time.Time `json:"-"`
}

// withDefaults fills in what is empty.
func (o Options) withDefaults() Options {
	fill := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	fill(&o.Region, DefaultRegion)
	fill(&o.ProjectID, idOf("project", o.Region))
	fill(&o.AccessKey, DefaultAccessKey)
	fill(&o.SecretKey, DefaultSecretKey)
	fill(&o.UserName, DefaultUserName)
	fill(&o.Password, DefaultPassword)
	fill(&o.DomainName, DefaultDomainName)
	fill(&o.AgencyName, DefaultAgencyName)
	fill(&o.Progress, ProgressEven)
	if o.Speed == 0 {
		o.Speed = 1
	}
	if o.Catalogue == nil {
		o.Catalogue = DefaultCatalogue()
	}
	if o.Lag == 0 {
		o.Lag = DefaultLag
	}
	if o.Workspaces == nil {
		o.Workspaces = []string{DefaultWorkspace}
	}
	if o.ObjectBuckets == nil {
		o.ObjectBuckets = []string{DefaultObjectBucket}
	}
	if o.BrokenBuckets == nil {
		o.BrokenBuckets = []string{DefaultBrokenBucket}
	}
	if o.Quota == 0 {
		o.Quota = DefaultQuota
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return o
}

// Validate refuses a mode and an answer that do not exist, and a speed of nothing, so that a slip in a
// test or a flag is not taken for the default, and answers that exclude each
// other.
func (o Options) Validate() error {
	modes := []string{ProgressEven, ProgressFirst, ProgressEnd, ProgressNone, ProgressJumping}
	if progress := o.withDefaults().Progress; !slices.Contains(modes, progress) {
		return fmt.Errorf("progress: %q is none of %q", progress, modes)
	}
	if speed := o.withDefaults().Speed; !(speed > 0) || math.IsInf(speed, 0) {
		return fmt.Errorf("speed: %v is not a number above 0", o.Speed)
	}
	return checkAnswers(o.Answers)
}

// optionTimes are the JSON names of the durations, which are written as "2s".
var optionTimes = []string{
	"create_time", "start_time", "stop_time", "delete_time", "resize_time", "snapshot_time", "mount_time",
	"lag",
}

// MarshalJSON writes the options as the control paths show them: durations as
// text, no secrets.
func (o Options) MarshalJSON() ([]byte, error) {
	type plain Options
	return durationsToText(plain(o), optionTimes)
}

// UnmarshalJSON changes the options that data names and keeps the others.
func (o *Options) UnmarshalJSON(data []byte) error {
	type plain Options
	data, err := durationsFromText(data, optionTimes)
	if err != nil {
		return err
	}
	return unmarshalKnown(data, (*plain)(o))
}

// idOf derives a stable ID of 32 hexadecimal digits, the form that IAM uses.
func idOf(kind, name string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + name))
	return hex.EncodeToString(sum[:16])
}

// durationsToText marshals value with the named members, which are
// time.Durations, in the form of time.Duration.String.
func durationsToText(value any, names []string) ([]byte, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, err
	}
	for _, name := range names {
		var d time.Duration
		if members[name] == nil {
			continue
		}
		if err := json.Unmarshal(members[name], &d); err != nil {
			return nil, err
		}
		members[name] = json.RawMessage(fmt.Sprintf("%q", d))
	}
	return json.Marshal(members)
}

// durationsFromText is the inverse of durationsToText. A plain number counts
// milliseconds, as everywhere in the API.
func durationsFromText(data []byte, names []string) ([]byte, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, err
	}
	for _, name := range names {
		if members[name] == nil {
			continue
		}
		var value any
		if err := json.Unmarshal(members[name], &value); err != nil {
			return nil, err
		}
		var d time.Duration
		switch value := value.(type) {
		case string:
			parsed, err := time.ParseDuration(value)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			d = parsed
		case float64:
			d = time.Duration(value * float64(time.Millisecond))
		default:
			return nil, fmt.Errorf("%s: not a duration", name)
		}
		members[name] = json.RawMessage(fmt.Sprint(int64(d)))
	}
	return json.Marshal(members)
}
