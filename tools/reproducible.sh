#!/usr/bin/env bash
# Builds the release of HEAD twice, in two folders with names of different lengths, and compares every file of it.
# Fails when one differs, and prints which.
#
#   tools/reproducible.sh GORELEASER [TARGET]
#
# TARGET is a platform, such as linux_amd64, and this one when it is left out. The tools that goreleaser runs are
# expected in PATH.
set -euo pipefail

goreleaser=${1:?usage: tools/reproducible.sh GORELEASER [TARGET]}
target=${2:-$(go env GOOS)_$(go env GOARCH)}
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Both copies are of one commit, whatever is committed meanwhile.
commit=$(git rev-parse HEAD)
for copy in a another-folder; do
  git -c advice.detachedHead=false clone --quiet --no-hardlinks . "$work/$copy"
  git -C "$work/$copy" checkout --quiet --detach "$commit"
  # goreleaser builds the platforms of its configuration: all others are taken out of the copy.
  sed -i.all "/^    targets:/,/^  - /{/^      - /{/- $target\$/!d;}}" "$work/$copy/.goreleaser.yml"
done

# A cache of its own for each, so that the second does not take what the first has compiled.
build() {
  cd "$work/$1"
  GOFLAGS='' GOCACHE="$work/cache-$1" "$goreleaser" release --snapshot --clean --skip=sign,publish >"$work/$1.log" 2>&1 || return
  cd dist
  sha256sum -- *.zip *.tar.gz *.cdx.json *_SHA256SUMS */terraform-provider-* */modelarts-simulator* >"$work/$1.sums"
}
for copy in a another-folder; do
  (build "$copy") || { cat "$work/$copy.log" >&2; exit 1; }
done

if ! diff "$work/a.sums" "$work/another-folder.sums"; then
  echo "The builds differ." >&2
  exit 1
fi
echo "Both builds of ${commit:0:7} for $target have these files:"
cat "$work/a.sums"
