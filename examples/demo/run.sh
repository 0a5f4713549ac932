#!/usr/bin/env bash
# Shows what the provider promises, in scenes of a few lines each, on the simulator of the service.
# It needs bin/ of "make build" and Terraform (TERRAFORM=tofu for OpenTofu), but no account, and leaves nothing behind.
set -euo pipefail

title="The demo"
demo=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=examples/demo/environment.sh
. "$demo/environment.sh"
export TF_IN_AUTOMATION=1 TF_INPUT=0
began=$SECONDS
scene=0

act() { say "$((scene += 1)). $*"; }

# set_to sets a variable of the configuration for all runs to come.
set_to() {
  printf '    set %s = %s\n' "$1" "$2"
  printf '%s = %s\n' "$1" "$2" >"$1.auto.tfvars"
}

# run runs Terraform and keeps in $out what it prints.
run() {
  printf '    $ %s %s\n' "$terraform" "$(printf '%s ' "$@" | sed 's/ -auto-approve//; s/ -detailed-exitcode//; s/ $//')"
  out=$("$terraform" "$@" -no-color 2>&1)
}

# show prints, of a run that succeeds, the lines that tell what happens.
show() {
  run "$@" || { printf '%s\n' "$out" >&2; fail "$terraform $1 failed."; }
  printf '%s\n' "$out" |
    grep -E '^(Plan:|No changes|Apply complete|Destroy complete)|(Creation|Modifications|Destruction) complete|^[│ ]*(Warning: |~ (flavor|capacity)  )' |
    sed -E 's/^[│ ]*//; s/  +/ /g; s/^/    /' | awk '!seen[$0]++'
}

# refused prints, of a run that must fail, the first sentences of its error.
refused() {
  ! run "$@" || { printf '%s\n' "$out" >&2; fail "$terraform $1 was not refused."; }
  printf '%s\n' "$out" | sed -n '/Error: /,/╵/p' | sed -E 's/^[│╷╵ ]*//' | grep -v '^$' | grep -vE '^(with |on .* line |[0-9]+: )' |
    sed '1s/$/./' | tr '\n' ' ' | grep -oE '^([^.]*\. ){3}' | fold -s -w 100 | sed 's/^/    /'
}

# unchanged checks that a plan has nothing to do.
unchanged() { show plan -detailed-exitcode; }

cat <<'TEXT'
The provider against a simulator of the service, with no account. You will see

  - a plan that refuses to stop a running notebook without your consent, and the same change with it,
    after which a mounted file system is there again
  - a protected notebook that no destroy takes away
  - a notebook that its lease has stopped, and a plan that leaves it alone
  - the answer to a create that is lost, and one notebook, not two
TEXT

act "Create two notebooks, one with a mounted file system"
simulate
open_folder "$demo"/*.tf
show apply -auto-approve

act "A second plan is empty"
unchanged

act "A larger flavor needs a stop, and a person may be working: the plan refuses"
set_to training_flavor '"modelarts.vm.cpu.4u"'
set_to training_disk 10
refused plan

act "With your consent it is one stop and one start, the disk grows with it, and what the stop dropped is mounted again"
set_to consent true
show apply -auto-approve
printf '    mounts of the training notebook: %s\n' "$(control GET notebooks | grep -o '"status": *"MOUNTED"' | wc -l)"
unchanged

act "A protected notebook is not destroyed"
set_to protected true
show apply -auto-approve
refused destroy -auto-approve

act "Nine hours later its lease of eight hours has stopped it: that is no drift"
control POST clock '{"advance": "9h"}' >/dev/null
show apply -refresh-only -auto-approve
printf '    the training notebook is %s\n' "$("$terraform" output -no-color -raw training_status)"
unchanged

act "The answer to a create is lost on the way: the notebook is found, and not made twice"
control POST faults '{"kind": "cut_after", "operation": "CreateNotebook"}' >/dev/null
set_to spare true
show apply -auto-approve
printf '    notebooks at the service: %s\n' "$(control GET notebooks | grep -o '"workspace_id"' | wc -l)"

act "Destroy all, once the protection is lifted"
set_to protected false
show apply -auto-approve
show destroy -auto-approve
left=$(control GET notebooks | tr -d '[:space:]')
[ "$left" = '[]' ] || fail "notebooks are left: $left"
echo "    Nothing: no notebook is left."

cat <<TEXT

That took $((SECONDS - began)) seconds. Next:

  make playground   a shell with the simulator and a configuration to change as you like
  docs/index.md     all that the provider offers
  make test         every test, on this machine
TEXT
