package answers_test

import (
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// exercise is how a life meets the answer to an open question.
type exercise struct {
	// shape is one of shapes; empty: disk.
	shape string
	// extra are steps of extraSteps that the life has besides.
	extra []string
	// meets matches one of the calls of the life: operation, query, body and code
	// of the refusal. Empty: every life meets the answer, which is in all answers
	// about a notebook.
	meets string
	// door is one of doors, which is used in place of a whole life; empty: none is.
	door string
	// unmet says why no life can meet the answer.
	unmet string
}

// exercises has an entry for each open question that not every life meets.
var exercises = map[string]exercise{
	"lease-any-case":       {meets: `^StartNotebook .*type=timing`},
	"lease-renewal-echo":   {extra: []string{"renewal"}, meets: `^RenewLease `},
	"lease-renewal-query":  {extra: []string{"renewal"}, meets: `^RenewLease `},
	"lease-idle-asked":     {extra: []string{"idle lease"}, meets: `(?i)idle`},
	"lease-off-anywhere":   {extra: []string{"lease off"}, meets: `^StartNotebook .*duration=-1`},
	"name-unique":          {extra: []string{"namesake"}, meets: `^CreateNotebook .*"life-changed"`},
	"name-old-characters":  {extra: []string{"Chinese name"}, meets: `^UpdateNotebook .*"name":"(笔|\\u7b14)`},
	"volume-grow-step":     {meets: `^UpdateNotebook .*"storage_new_size"`},
	"volume-grow-stopped":  {meets: `^UpdateNotebook .*"storage_new_size":205`},
	"volume-obs-as-obsfs":  {shape: "bucket", meets: `^CreateNotebook .*"OBS"`},
	"volume-efs-as-sfs":    {shape: "share", meets: `^CreateNotebook .*"EFS"`},
	"volume-uri-slash":     {shape: "bucket", meets: `^CreateNotebook .*"uri"`},
	"volume-source-absent": {shape: "bucket", meets: `^CreateNotebook .*"uri"`},
	"volume-secret-obs-only": {
		shape: "parallel", meets: `^CreateNotebook .*"OBSFS"`,
	},
	"volume-needs-pool":        {shape: "pooled bucket", meets: `^CreateNotebook .*"OBS"`},
	"volume-evs-size-required": {meets: `^CreateNotebook .*"capacity"`},

	"data-obsfs-static":  {extra: []string{"storage"}, meets: `^UpdateNotebook .*"data_volumes":\[\{`},
	"data-obs-mounts":    {extra: []string{"OBS data volume elsewhere"}, meets: `^UpdateNotebook .*"data_volumes":\[\{`},
	"data-in-mounts":     {extra: []string{"mount", "storage"}, meets: `^ListDynamicStorages `},
	"data-source-absent": {meets: `^UpdateNotebook .*"data_volumes":\[\{`},
	"data-fails-start":   {extra: []string{"data volume fails"}, meets: `^UpdateNotebook .*"data_volumes":\[\{`},
	"data-running":       {meets: `^UpdateNotebook .*"data_volumes":\[\{`},

	"mount-in-data":         {extra: []string{"mount", "storage"}, meets: `^AttachDynamicStorage `},
	"mount-6327":            {extra: []string{"mount while stopped", "storage"}, meets: `^AttachDynamicStorage .*ModelArts`},
	"mount-any-path":        {unmet: "the contract has requests with a slash at the end, which both answers take"},
	"mount-object-bucket":   {extra: []string{"mount", "storage"}, meets: `^AttachDynamicStorage `},
	"mount-kept":            {extra: []string{"mount", "storage"}, meets: `^AttachDynamicStorage `},
	"mount-remounted":       {extra: []string{"mount", "storage"}, meets: `^AttachDynamicStorage `},
	"mount-list-running":    {extra: []string{"mount while stopped", "storage"}, meets: `^ListDynamicStorages `},
	"mount-unmounted-stays": {extra: []string{"mount", "storage"}, meets: `^DetachDynamicStorage `},

	"update-stopped-only":      {extra: []string{"rename"}, meets: `^UpdateNotebook .*"life-renamed"`},
	"update-name-running":      {meets: `^UpdateNotebook .*"sleepy"`},
	"update-endpoints-running": {meets: `^UpdateNotebook .*"endpoints"`},
	"update-refusal-6327":      {meets: `^UpdateNotebook .*ModelArts\.6327$`},
	"update-refusal-by-status": {meets: `^UpdateNotebook .*ModelArts\.630[5-8]$`},
	"update-empty-ignored":     {extra: []string{"removal"}, meets: `^UpdateNotebook .*"description":""`},
	"update-absent-keeps-ips":  {extra: []string{"addresses removed"}, meets: `^UpdateNotebook .*"endpoints"`},
	"update-answers-all":       {meets: `^UpdateNotebook `},
	"ips-absent":               {meets: `^UpdateNotebook .*"allowed_access_ips"`},
	"ips-ignored":              {meets: `^UpdateNotebook .*"allowed_access_ips"`},
	"ips-normalised":           {meets: `^UpdateNotebook .*"allowed_access_ips"`},
	"endpoint-old-names":       {meets: `^UpdateNotebook .*"endpoints"`},
	"ssh-uri-plain":            {meets: `^UpdateNotebook .*"endpoints"`},
	"empty-left-out":           {extra: []string{"removal"}, meets: `^DeleteNotebookTags `},

	"spec-absent":      {shape: "pool", meets: `^CreateNotebook .*"custom_spec"`},
	"spec-other-unit":  {shape: "pool", meets: `^CreateNotebook .*"custom_spec"`},
	"server-fills":     {shape: "share"},
	"network-refused":  {extra: []string{"public network"}, meets: `^UpdateNotebook .*"public_network_config".*ModelArts\.6400$`},
	"network-answered": {extra: []string{"public network"}, meets: `^UpdateNotebook .*"public_network_config"`},

	"tags-key-enough": {extra: []string{"removal"}, meets: `^DeleteNotebookTags `},
	"tags-lag":        {meets: `^CreateNotebookTags `},
	"workspace-all":   {shape: "workspace", extra: []string{"data sources"}, meets: `^ListNotebooks `},

	"time-in-lists":       {meets: `^ListNotebooks `},
	"list-short":          {extra: []string{"data sources"}, meets: `^ListNotebooks `},
	"list-lags":           {extra: []string{"data sources"}, meets: `^ListNotebooks `},
	"filter-flavor-exact": {extra: []string{"data sources"}, meets: `^ListNotebooks .*flavor=`},
	"filter-tags-equals":  {unmet: "the provider filters by tags itself"},
	"flavors-one-list":    {extra: []string{"data sources"}, meets: `^ListFlavors `},
	"groups-in-data":      {extra: []string{"image resources"}, meets: `^ListImageGroup `},

	"catalogue-efs-word":      {shape: "share", extra: []string{"data sources"}, meets: `^ListFlavors `},
	"catalogue-storages-bind": {shape: "disk", meets: `^ListFlavors `},
	"catalogue-pool-binds":    {shape: "pool", meets: `^CreateNotebook .*"pool_id"`},
	"catalogue-pool-empty":    {shape: "pooled bucket", extra: []string{"data sources"}, meets: `^(ListAuthoringClusters|ShowCluster) `},
	"catalogue-pool-other-id": {shape: "pooled bucket", extra: []string{"data sources"}, meets: `^(ListAuthoringClusters|ShowCluster) `},
	"catalogue-pool-void":     {shape: "pooled bucket", extra: []string{"data sources"}, meets: `^(ListAuthoringClusters|ShowCluster) `},
	"catalogue-start-sold-out": {
		extra: []string{"sold out"}, meets: `^StartNotebook .*ModelArts\.6716$`,
	},

	"image-kept":          {extra: []string{"saved image", "image resources"}, meets: `^CreateImage `},
	"image-at-request":    {extra: []string{"saved image", "image resources"}, meets: `^CreateImage `},
	"image-at-start":      {extra: []string{"saved image", "image resources"}, meets: `^CreateImage `},
	"image-other-id":      {extra: []string{"saved image", "image resources"}, meets: `^CreateImage `},
	"image-save-6958":     {extra: []string{"image of a stopped notebook"}, meets: `^CreateImage .*ModelArts\.6958$`},
	"image-snapshot-open": {extra: []string{"saved image", "image resources"}, meets: `^CreateImage `},
	"image-delete-used":   {extra: []string{"saved image", "image resources"}, meets: `^DeleteImage `},
	"image-list-all":      {extra: []string{"data sources", "image resources"}, meets: `^ListImage `},
	"image-arch-upper":    {extra: []string{"data sources", "image resources"}, meets: `^(ListImage|ShowImage) `},

	"start-failed-taken":        {extra: []string{"start fails"}, meets: `^StartNotebook `},
	"start-create-failed-taken": {extra: []string{"create fails"}, meets: `^CreateNotebook `},
	"start-error-taken":         {extra: []string{"stop fails"}, meets: `^StopNotebook `},
	"conflict-exact":            {extra: []string{"conflict"}, meets: `^StopNotebook .*ModelArts\.630[5-8]$`},
	"delete-stopped-only":       {meets: `^DeleteNotebook .*ModelArts\.6304$`},
	"delete-no-content":         {meets: `^DeleteNotebook `},
	"gone-6404":                 {extra: []string{"gone"}, meets: `^ShowNotebook .*ModelArts\.6404$`},
	"gone-404":                  {extra: []string{"gone"}, meets: `^ShowNotebook .*ModelArts\.6309$`},
	"gone-deleted":              {extra: []string{"gone"}, meets: `^ShowNotebook `},
	"gone-6357":                 {extra: []string{"gone"}, meets: `^ShowNotebook .*ModelArts\.6357$`},

	"agency-6379":       {extra: []string{"no authorization"}, meets: `^CreateNotebook .*ModelArts\.6379$`},
	"agency-all":        {extra: []string{"data sources"}, meets: `^GetAuthorizations `},
	"agency-in-content": {extra: []string{"data sources"}, meets: `^GetAuthorizations `},
	"token-6401":        {unmet: "a token expires after a day, and no command of Terraform lives so long; TestSession of internal/huaweicloud meets it"},
}

// answeredAlways are the questions whose answer is in every answer about a
// notebook, or met by every life.
var answeredAlways = map[string]bool{
	"lease-answers-lower": true, "volume-absent": true, "volume-status-absent": true, "endpoint-none": true,
	"stopped-absent": true, "stopped-empty": true, "pool-empty": true, "times-absent": true, "step-old-name": true,
	"billing-all": true, "time-nowhere": true, "read-lags": true,
}

// Every open question is met by a life, or the table says why not.
func TestEveryAnswerIsMet(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, question := range simulator.Questions() {
		known[question.ID] = true
		e, there := exercises[question.ID]
		if there == answeredAlways[question.ID] {
			t.Errorf("%s: the question stands in one of the tables exercises and answeredAlways", question.ID)
		}
		if there && e.unmet == "" && e.meets == "" && e.shape == "" {
			t.Errorf("%s: the exercise says nothing", question.ID)
		}
		if e.shape != "" && shapes[e.shape] == (shape{}) {
			t.Errorf("%s: there is no shape %q", question.ID, e.shape)
		}
		for _, name := range e.extra {
			if extraSteps[name] == nil {
				t.Errorf("%s: there is no step %q", question.ID, name)
			}
		}
	}
	for id := range exercises {
		if !known[id] {
			t.Errorf("there is no question %s", id)
		}
	}
}
