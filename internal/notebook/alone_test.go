package notebook

import (
	"context"
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// An update that is cancelled while something is mounted on the notebook has done nothing:
// what was owed before is owed still.
func TestCancelledBeforeItsTurn(t *testing.T) {
	t.Parallel()
	home := located{location.Place{Process: new(settings.Process)}}
	end, err := home.Runs.Alone(t.Context(), "n")
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := new(model)
	m.ID = types.StringValue("n")
	out := home.update(ctx, m, lifecycle.Wish{Owed: lifecycle.OwesStart})
	if !errors.Is(out.Err, context.Canceled) || out.Owed != lifecycle.OwesStart || out.Shown != nil || len(out.Applied) > 0 {
		t.Errorf("%+v", out)
	}
}
