package serve

import (
	"os"
	"runtime/debug"
	"slices"
	"strings"
)

// frameworkLogs are the variables of the logs of the framework.
var frameworkLogs = []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK"}

// ownLog is the variable of the provider's own log.
const ownLog = "TF_LOG_PROVIDER_MODELARTS"

// quiet switches off the logs of the framework, which say nothing of the service:
// what is left at DEBUG is one line a call. TF_LOG=TRACE and TF_LOG=JSON keep them,
// and so does each of their own variables.
//
// Where logs are not asked for at all, the provider's own is off too. They are
// written at TRACE otherwise, as JSON, which Terraform reads and throws away. The
// plan of 1000 notebooks takes 13.4 s of processor time with them, and 10.6 s
// without, Terraform's included.
func quiet() {
	asked := false
	for _, v := range os.Environ() {
		name, value, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "TF_LOG") || value == "" {
			continue
		}
		asked = asked || !strings.HasPrefix(name, "TF_LOG_PATH")
		level := strings.ToUpper(value)
		everything := (name == "TF_LOG" || name == "TF_LOG_PROVIDER") && (level == "TRACE" || level == "JSON")
		if everything || slices.Contains(frameworkLogs, name) {
			return
		}
	}
	for _, name := range frameworkLogs {
		_ = os.Setenv(name, "OFF") // it fails for names that are none
	}
	if !asked {
		_ = os.Setenv(ownLog, "OFF")
	}
}

// collectLess has the garbage collector run less often: little of what a plan
// makes lives longer than a call. The plan of 1000 notebooks takes 11.9 s
// of processor time with the default of 100, and 10.6 s with this.
func collectLess() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(300)
	}
}
