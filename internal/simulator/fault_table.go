package simulator

import "slices"

// FaultText says what a kind of fault does.
type FaultText struct {
	Kind FaultKind `json:"kind"`
	Text string    `json:"text"`
	// Life is a fault of a transition; all others are faults of an answer.
	Life bool `json:"life,omitempty"`
}

// FaultKinds returns the kinds of faults that can be asked for.
func FaultKinds() []FaultText { return slices.Clone(faultTable) }

// faultTable is the kinds of faults, for those who ask for them over HTTP.
var faultTable = []FaultText{
	{Kind: FaultRefuse, Text: "Refuses with the code and the message that are given (default ModelArts.6102), and with status, if given."},
	{Kind: FaultThrottle, Text: "Refuses with 429 and ModelArts.6101, and with the header Retry-After from retry_after, if given."},
	{Kind: FaultUnavailable, Text: "Refuses with 503 and plain text."},
	{Kind: FaultTimeout, Text: "Refuses with 408 and ModelArts.6100."},
	{Kind: FaultUnauthorized, Text: "Refuses with 401, as the gateway does."},
	{Kind: FaultHTML, Text: "Returns an HTML page with the status 502, as a proxy does."},
	{Kind: FaultDelay, Text: "Waits for delay, and then serves the request."},
	{Kind: FaultCutBefore, Text: "Closes the connection; the operation has no effect."},
	{Kind: FaultCutAfter, Text: "The operation takes effect; the connection is closed without an answer."},
	{Kind: FaultTruncate, Text: "The operation takes effect; half of the answer is sent."},
	{Kind: FaultEmpty, Text: "The operation takes effect; the answer is empty."},
	{Kind: FaultStale, Text: "A read returns the state of age ago or, without age, the state before the last change."},
	{Kind: FaultNotFound, Text: "Refuses as for a notebook that does not exist."},
	{Kind: FaultStatus, Text: "Serves the request, and shows value as the status of the notebook."},
	{Kind: FaultVanish, Text: "Deletes the notebook just before the request is served."},
	{Kind: FaultCreateFailed, Life: true, Text: "The next creation ends in CREATE_FAILED at step (1 to 4), with reason as its fail_reason."},
	{Kind: FaultStartFailed, Life: true, Text: "The next start ends in START_FAILED at step (1 to 4), with reason as its fail_reason."},
	{Kind: FaultDataMountFailed, Life: true, Text: "The data volumes of the next creation or start cannot be mounted."},
	{Kind: FaultStopFailed, Life: true, Text: "The next stop ends in ERROR."},
	{Kind: FaultDeleteFailed, Life: true, Text: "The next deletion ends in DELETE_FAILED."},
	{Kind: FaultSnapshotFailed, Life: true, Text: "The next saving of an image fails."},
	{Kind: FaultMountFailed, Life: true, Text: "The next mount ends in MOUNT_FAILED."},
	{Kind: FaultUnmountFailed, Life: true, Text: "The next unmount ends in UNMOUNT_FAILED."},
}
