# Prepares a simulator and a folder in which Terraform finds the provider of this checkout: for the demo and the playground.
# To be sourced. It needs bin/ of "make build" and Terraform (TERRAFORM=tofu for OpenTofu), but no account. It leaves no
# files behind, and does not use or change the caller's configuration of Terraform or the cloud.
set -euo pipefail

bin=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/bin
terraform=${TERRAFORM:-terraform}

fail() {
  printf '\n%s failed: %s\n' "$title" "$*" >&2
  exit 1
}

say() { printf '\n%s==> %s%s\n' "$bold" "$*" "$plain"; }

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1;36m' plain=$'\e[0m'
else
  bold='' plain=''
fi

command -v "$terraform" >/dev/null || fail "$terraform is not in PATH: install it, or let \"make terraform\" build it with Go."
for program in terraform-provider-modelarts simulator; do
  [ -x "$bin/$program" ] || fail "bin/$program is not built: run \"make build\"."
done

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

# simulate starts the simulator, and sets the environment that leads the provider to it.
simulate() {
  "$bin/simulator" -address 127.0.0.1:0 -env-file "$work/env" \
    -create-time 3s -start-time 2s -stop-time 1s -delete-time 1s -resize-time 1s >"$work/simulator.log" 2>&1 &
  simulator=$!
  for _ in {1..100}; do
    [ -s "$work/env" ] && break
    kill -0 "$simulator" 2>/dev/null || fail "the simulator does not start."
    sleep 0.1
  done
  [ -s "$work/env" ] || fail "the simulator does not print where it listens."
  # shellcheck source=/dev/null
  . "$work/env"
  export MODELARTS_POLL_INTERVAL=500ms
}

# control calls a control path of the simulator, METHOD PATH [BODY], and prints the answer.
control() {
  local address=${MODELARTS_ENDPOINT#http://} body=${3:-}
  exec 3<>"/dev/tcp/${address%:*}/${address##*:}"
  printf '%s /_simulator/%s HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' "$1" "$2" "${#body}" "$body" >&3
  sed '1,/^\r*$/d' <&3
  exec 3>&-
}

# open_folder makes a folder with the files that are given, enters it, and initializes it with the provider of this checkout,
# as a registry would give it.
open_folder() {
  local registry mirror platform
  platform=$(go env GOOS)_$(go env GOARCH)
  for registry in registry.terraform.io registry.opentofu.org; do
    mirror=$work/mirror/$registry/modelarts-community/modelarts/0.0.1/$platform
    mkdir -p "$mirror"
    cp "$bin/terraform-provider-modelarts" "$mirror/terraform-provider-modelarts_v0.0.1"
  done
  cat >"$work/terraform.rc" <<RC
provider_installation {
  filesystem_mirror {
    path    = "$work/mirror"
    include = ["registry.terraform.io/modelarts-community/*", "registry.opentofu.org/modelarts-community/*"]
  }
}
RC
  mkdir "$work/home" "$work/folder"
  cp "$@" "$work/folder"
  cd "$work/folder"
  export HOME=$work/home TF_CLI_CONFIG_FILE=$work/terraform.rc CHECKPOINT_DISABLE=1
  "$terraform" init -no-color -input=false >"$work/init.log" 2>&1 || { cat "$work/init.log" >&2; fail "the provider cannot be installed."; }
}
