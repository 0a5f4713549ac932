package stateorder_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/modelarts-community/terraform-provider-modelarts/tools/rules/stateorder"
)

// The comments of the test data say which lines are reported, and no others are.
func TestAnalyzer(t *testing.T) {
	t.Parallel()
	analysistest.Run(t, analysistest.TestData(), stateorder.Analyzer, "create")
}
