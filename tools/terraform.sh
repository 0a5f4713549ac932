#!/usr/bin/env bash
# Builds Terraform from its Go module into the folder that is given, for machines that have none.
#
#   tools/terraform.sh FOLDER
#
# "go install" refuses the module, because its go.mod replaces the backends that store state in clouds by folders
# that the module does not hold. The provider's tests keep state in local files only, so those backends are left
# out; all else is built from the sources and with the versions of the release.
set -euo pipefail

version=1.15.9
module=github.com/hashicorp/terraform

target=${1:?usage: tools/terraform.sh FOLDER}
mkdir -p "$target"
target=$(cd "$target" && pwd)
if [ -x "$target/terraform" ] && CHECKPOINT_DISABLE=1 "$target/terraform" version 2>/dev/null | grep -qx "Terraform v$version"; then
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "Building Terraform $version into $target (some minutes, once)"
cd "$work"
export GOWORK=off
source=$(go mod download -json "$module@v$version" | sed -n 's/^.*"Dir": "\(.*\)",*$/\1/p')
cp -R "$source" terraform
chmod -R u+w terraform
cd terraform

backends=internal/backend/init/init.go
for nested in $(sed -nE 's/^replace ([^ ]+) => \.\/.*$/\1/p' go.mod); do
  go mod edit -droprequire="$nested" -dropreplace="$nested"
  name=$(sed -nE "s#^[[:space:]]*([[:alnum:]]+) \"$nested\"\$#\1#p" "$backends")
  if [ -n "$name" ]; then
    sed "/[^[:alnum:]]$name[^[:alnum:]]/d" "$backends" >"$work/init.go"
    mv "$work/init.go" "$backends"
  fi
done

CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X $module/version.dev=no" -o "$work/built" .
mv "$work/built" "$target/terraform"
