#!/usr/bin/env bash
# Shows a whole life of the notebooks of this folder on the simulator: create, look, change, destroy.
# It needs bin/ of "make build" and Terraform (TERRAFORM=tofu for OpenTofu), but no account, and leaves nothing behind.
set -euo pipefail

demo=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(cd "$demo/../.." && pwd)/bin
terraform=${TERRAFORM:-terraform}

fail() {
  printf '\nThe demo failed: %s\n' "$*" >&2
  exit 1
}

say() { printf '\n%s==> %s%s\n' "$bold" "$*" "$plain"; }

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1;36m' plain=$'\e[0m' color=()
else
  bold='' plain='' color=(-no-color)
fi

command -v "$terraform" >/dev/null || fail "$terraform is not in PATH: install it, or let \"make terraform\" build it with Go."
for program in terraform-provider-modelarts simulator; do
  [ -x "$bin/$program" ] || fail "bin/$program is not built: run \"make demo\"."
done
platform=$(go env GOOS)_$(go env GOARCH)

# Nothing of the caller's configuration of Terraform or the cloud takes part, nor is anything of it touched.
for name in $(compgen -e); do
  case $name in TF_* | HW_* | HUAWEICLOUD_* | MODELARTS_*) unset "$name" ;; esac
done

work=$(mktemp -d)
simulator=
finish() {
  status=$?
  trap - EXIT INT TERM
  if [ -n "$simulator" ]; then
    kill "$simulator" 2>/dev/null && wait "$simulator" 2>/dev/null || true
  fi
  if [ "$status" -ne 0 ] && [ "$status" -lt 128 ] && [ -s "$work/simulator.log" ]; then
    printf '\nLast lines of the simulator:\n' >&2
    tail -n 20 "$work/simulator.log" >&2
  fi
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "Start the simulator of the service"
"$bin/simulator" -address 127.0.0.1:0 -env-file "$work/env" \
  -create-time 3s -start-time 2s -stop-time 1s -delete-time 1s -resize-time 1s >"$work/simulator.log" 2>&1 &
simulator=$!
for _ in {1..100}; do
  [ -s "$work/env" ] && break
  kill -0 "$simulator" 2>/dev/null || fail "the simulator does not start."
  sleep 0.1
done
[ -s "$work/env" ] || fail "the simulator does not say where it listens."
# shellcheck source=/dev/null
. "$work/env"
export MODELARTS_POLL_INTERVAL=500ms
echo "It listens at $MODELARTS_ENDPOINT"

# The provider as a registry would give it, for Terraform and OpenTofu, and for nobody but this demo.
for registry in registry.terraform.io registry.opentofu.org; do
  mirror=$work/mirror/$registry/modelarts-community/modelarts/0.0.1/$platform
  mkdir -p "$mirror"
  cp "$bin/terraform-provider-modelarts" "$mirror/terraform-provider-modelarts_v0.0.1"
done
cat >"$work/terraform.rc" <<EOF
provider_installation {
  filesystem_mirror {
    path    = "$work/mirror"
    include = ["registry.terraform.io/modelarts-community/*", "registry.opentofu.org/modelarts-community/*"]
  }
}
EOF
mkdir "$work/home" "$work/demo"
cp "$demo"/*.tf "$work/demo"
cd "$work/demo"
export HOME=$work/home TF_CLI_CONFIG_FILE=$work/terraform.rc TF_DATA_DIR=$work/data
export TF_IN_AUTOMATION=1 TF_INPUT=0 CHECKPOINT_DISABLE=1

unchanged() {
  "$terraform" plan "${color[@]}" -detailed-exitcode "$@" || fail "the plan after an apply is not empty."
}

say "Initialize with $("$terraform" version | head -n 1)"
"$terraform" init "${color[@]}" >"$work/init.log" 2>&1 || { cat "$work/init.log" >&2; fail "the provider cannot be installed."; }
grep '^- Install' "$work/init.log"

say "Create two notebooks"
"$terraform" apply "${color[@]}" -auto-approve

say "What they are"
"$terraform" output "${color[@]}"

say "A second plan is empty"
unchanged

change=(-var training_flavor=modelarts.vm.cpu.4u -var training_disk=10)
say "Plan a larger flavor and a larger disk for the one that trains"
"$terraform" plan "${color[@]}" -out="$work/change.tfplan" "${change[@]}"

say "Change it"
"$terraform" apply "${color[@]}" "$work/change.tfplan"

say "The plan is empty again"
unchanged "${change[@]}"

say "Destroy both"
"$terraform" destroy "${color[@]}" -auto-approve "${change[@]}"

say "Ask the service what is left"
address=${MODELARTS_ENDPOINT#http://}
exec 3<>"/dev/tcp/${address%:*}/${address##*:}"
printf 'GET /_simulator/notebooks HTTP/1.0\r\n\r\n' >&3
left=$(sed '1,/^\r*$/d' <&3 | tr -d '[:space:]')
exec 3>&-
[ "$left" = '[]' ] || fail "notebooks are left: $left"
echo "Nothing: no notebook is left."
