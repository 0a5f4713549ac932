package live

// need is something that the options must name for a question to be asked.
type need struct {
	flag string
	has  func(Options) bool
}

var (
	needKeyPair      = need{"-key-pair", func(o Options) bool { return o.KeyPair != "" }}
	needMount        = need{"-mount", func(o Options) bool { return o.Mount != "" }}
	needObjectBucket = need{"-object-bucket", func(o Options) bool { return o.ObjectBucket != "" }}
	needUnmountable  = need{"-unmountable", func(o Options) bool { return o.Unmountable != "" }}
	needSecret       = need{"-secret", func(o Options) bool { return o.Secret != "" }}
	needSave         = need{"-save", func(o Options) bool { return o.Organization != "" }}
	needPool         = need{"-pool", func(o Options) bool { return o.Pool != "" }}
	needWorkspace    = need{"-workspace", func(o Options) bool { return o.Workspace != "" }}
	needEFS          = need{"-efs", func(o Options) bool { return o.EFS }}
	needGrow         = need{"-grow", func(o Options) bool { return o.Grow }}
	needExpiredToken = need{ExpiredTokenVariable, func(o Options) bool { return o.ExpiredToken != "" }}
)

// ExpiredTokenVariable is the environment variable of Options.ExpiredToken.
const ExpiredTokenVariable = "MODELARTS_LIVE_EXPIRED_TOKEN"

// question says how an open question is answered.
type question struct {
	see   see
	needs []need
	// chance says when the service happens to show it, for what no call brings about.
	chance string
}

// questions has every open question of the contract, by its ID.
var questions = map[string]question{
	"lease-any-case":      {see: seeLeaseCase},
	"lease-answers-lower": {see: seeLeaseType},
	"lease-renewal-echo":  {see: seeRenewalEcho},
	"lease-renewal-query": {see: seeRenewalBody},
	"lease-idle-asked":    {see: seeIdleDuration},
	"lease-off-anywhere":  {see: seeLeaseOff},
	"name-unique":         {see: byOutcome(createSameName, map[string]string{wasTaken: answerA, "6301": answerB})},
	"name-old-characters": {see: seeCharacters},

	"volume-evs-size-required": {see: seeSizeRequired},
	"volume-grow-step":         {see: byOutcome(growMuch, map[string]string{wasTaken: answerA, "6331": answerB}), needs: []need{needGrow}},
	"volume-grow-stopped":      {see: seeGrowStopped},
	"volume-obs-as-obsfs":      {see: seeCategory(readBucket, listBucket, "OBS", "OBSFS"), needs: []need{needMount, needSecret}},
	"volume-efs-as-sfs":        {see: seeCategory(readFiles, listFiles, "EFS", "SFS"), needs: []need{needEFS}},
	"volume-uri-slash":         {see: seeSlash, needs: []need{needMount}},
	"volume-source-absent":     {see: seeSource, needs: []need{needMount, needSecret}},
	"volume-absent":            {see: seeVolume},
	"volume-status-absent":     {see: seeVolumeStatus},
	"volume-secret-obs-only":   {see: byOutcome(unsecured, map[string]string{"6967": answerA, wasTaken: answerB}), needs: []need{needMount, needSecret}},
	"volume-needs-pool":        {see: seeNeedsPool, needs: []need{needMount}},
	"data-obsfs-static":        {see: seeData(dataPath, false), needs: []need{needMount}},
	"data-obs-mounts":          {see: seeData(dataObjectPath, true), needs: []need{needMount, needObjectBucket}},
	"data-in-mounts":           {see: seeDataInMounts, needs: []need{needMount}},
	"data-source-absent":       {see: seeDataSource, needs: []need{needMount}},
	"data-fails-start":         {see: seeBroken, needs: []need{needMount, needUnmountable}},
	"data-running":             {see: byState(putData, answerB, answerA), needs: []need{needMount}},
	"mount-in-data":            {see: seeMountInData, needs: []need{needMount}},
	"mount-6327":               {see: byOutcome(mountStopped, map[string]string{"6958": answerA, "6327": answerB}), needs: []need{needMount}},
	"mount-any-path":           {see: byOutcome(mountBarePath, map[string]string{"6785": answerA, wasTaken: answerB}), needs: []need{needMount}},
	"mount-object-bucket":      {see: byOutcome(mountObject, map[string]string{"6772": answerA, wasTaken: answerB}), needs: []need{needMount, needObjectBucket}},
	"mount-kept":               {see: seeAfterStart("mount-kept"), needs: []need{needMount}},
	"mount-remounted":          {see: seeAfterStart("mount-remounted"), needs: []need{needMount}},
	"mount-list-running":       {see: byOutcome(mountsStopped, map[string]string{wasTaken: answerA, anyRefusal: answerB}), needs: []need{needMount}},
	"mount-unmounted-stays":    {see: seeUnmounted, needs: []need{needMount}},

	"update-stopped-only":      {see: seeStoppedOnly},
	"update-name-running":      {see: byState(nameStopped, answerA, answerB)},
	"update-endpoints-running": {see: byState(accessRunning, answerB, answerA), needs: []need{needKeyPair}},
	"update-refusal-6327":      {see: seeRefusals("update-refusal-6327")},
	"update-refusal-by-status": {see: seeRefusals("update-refusal-by-status")},
	"update-empty-ignored":     {see: seeEmptied},
	"update-absent-keeps-ips":  {see: seeKeptAddresses, needs: []need{needKeyPair}},
	"update-answers-all":       {see: seeUpdateAnswer},
	"ips-absent":               {see: seeAddresses("ips-absent"), needs: []need{needKeyPair}},
	"ips-ignored":              {see: seeAddresses("ips-ignored"), needs: []need{needKeyPair}},
	"ips-normalised":           {see: seeAddresses("ips-normalised"), needs: []need{needKeyPair}},
	"endpoint-none":            {see: seeOwnEndpoint},
	"endpoint-old-names":       {see: seeEndpointNames},
	"ssh-uri-plain":            {see: seeSSHAddress, needs: []need{needKeyPair}},
	"stopped-absent":           {see: seeWhileStopped("absent")},
	"stopped-empty":            {see: seeWhileStopped("empty")},
	"empty-left-out":           {see: seeNone},
	"pool-empty":               {see: seePool},
	"spec-absent":              {see: seeSpec("spec-absent"), needs: []need{needPool}},
	"spec-other-unit":          {see: seeSpec("spec-other-unit"), needs: []need{needPool}},
	"server-fills":             {see: seeFilled},
	"network-refused":          {see: byOutcome(networkStopped, map[string]string{wasTaken: answerA, "6400": answerB})},
	"network-answered":         {see: seeNetwork},
	"times-absent":             {see: seeDetail([]string{"create_at", "update_at"}, nil)},
	"step-old-name":            {see: seeStepNames},
	"billing-all":              {see: seeBilling},
	"tags-key-enough":          {see: seeTagDeleted},
	"tags-lag":                 {see: seeTagsLate},

	"workspace-all":            {see: seeWorkspaces, needs: []need{needWorkspace}},
	"time-in-lists":            {see: seeTimeInLists},
	"time-nowhere":             {see: seeDetail([]string{"current_time"}, nil)},
	"list-short":               {see: seeShortList},
	"list-lags":                {see: seeLateList},
	"read-lags":                {see: seeLateRead},
	"filter-flavor-exact":      {see: seeFilters(filterPart, filterWhole, true)},
	"filter-tags-equals":       {see: seeFilters(filterBar, filterEquals, false)},
	"flavors-one-list":         {see: seeFlavorLists},
	"groups-in-data":           {see: seeGroups},
	"catalogue-efs-word":       {see: seeEFSWord},
	"catalogue-storages-bind":  {see: seeStoragesBind, needs: []need{needMount, needSecret}},
	"catalogue-pool-binds":     {see: seePoolBinds, needs: []need{needPool}},
	"catalogue-pool-empty":     {see: seePoolFlavors},
	"catalogue-pool-other-id":  {see: seePoolID, needs: []need{needPool}},
	"catalogue-pool-void":      {see: seePoolVoid, needs: []need{needPool}},
	"catalogue-start-sold-out": {see: seeSoldOut, chance: "it needs a flavor that sells out between the create and the start"},

	"image-kept":          {see: seeImage("image-kept"), needs: []need{needSave}},
	"image-at-request":    {see: seeImage("image-at-request"), needs: []need{needSave}},
	"image-at-start":      {see: seeImage("image-at-start"), needs: []need{needSave}},
	"image-other-id":      {see: seeImage("image-other-id"), needs: []need{needSave}},
	"image-save-6958":     {see: byOutcome(saveStopped, map[string]string{"6327": answerA, "6958": answerB}), needs: []need{needSave}},
	"image-snapshot-open": {see: seeSnapshot, needs: []need{needSave}},
	"image-delete-used":   {see: seeDeleteInUse, needs: []need{needSave}},
	"image-list-all":      {see: seeUntypedImages},
	"image-arch-upper":    {see: seeArch},

	"start-failed-taken":        {see: seeStartOf("START_FAILED"), chance: "it needs a start that fails"},
	"start-create-failed-taken": {see: seeStartOf(failedCreate), chance: "it needs a creation that fails"},
	"start-error-taken":         {see: seeStartOf("ERROR"), chance: "it needs a stop that fails"},
	"conflict-exact":            {see: seeConflict},
	"delete-stopped-only":       {see: byOutcome(deleteRunning, map[string]string{wasTaken: answerA, "6304": answerB})},
	"delete-no-content":         {see: seeDeleteAnswer},
	"gone-6404":                 {see: seeGone("gone-6404")},
	"gone-404":                  {see: seeGone("gone-404")},
	"gone-deleted":              {see: seeGone("gone-deleted")},
	"gone-6357":                 {see: seeGone("gone-6357")},

	"agency-6379":       {see: seeNoAuthorization, chance: "it needs an account that has not authorized ModelArts"},
	"agency-all":        {see: seeAllUsers},
	"agency-in-content": {see: seeAuthorizations},
	"token-6401":        {see: seeExpired, needs: []need{needExpiredToken}},
}
