#!/usr/bin/env bash
# Opens a shell with a simulator of the service, the provider of this checkout and a configuration to change as you like.
# It needs bin/ of "make build" and Terraform (TERRAFORM=tofu for OpenTofu), but no account. Everything is gone when the
# shell ends.
set -euo pipefail

title="The playground"
examples=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=examples/demo/environment.sh
. "$examples/demo/environment.sh"

simulate
open_folder "$examples/playground/main.tf"

cat <<TEXT

A shell with a simulator of the service at $MODELARTS_ENDPOINT, and no account.
You are in a folder with main.tf, which is initialized. Try:

  $terraform apply
  $terraform plan                                      # empty
  \${EDITOR:-vi} main.tf                                 # a larger flavor: read what the plan says
  bin=$bin; \$bin/simulator -help                       # what the simulator can do

  # or open $MODELARTS_ENDPOINT/ in a browser, see it live, and press buttons for the same:
  # nine hours go by
  curl -X POST -d '{"advance": "9h"}' \$MODELARTS_ENDPOINT/_simulator/clock
  # the next create fails
  curl -X POST -d '{"kind": "create_failed"}' \$MODELARTS_ENDPOINT/_simulator/faults

"exit" ends the shell, the simulator, and all that is in the folder.
TEXT

if [ -t 0 ]; then
  PS1='playground> ' "${BASH:-bash}" --norc --noprofile -i || true
else
  "${BASH:-bash}" -euo pipefail
fi
echo "The simulator and the folder are gone."
