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

for copy in a another-folder; do
  git clone --quiet --no-hardlinks . "$work/$copy"
  # goreleaser builds the platforms of its configuration: all others are taken out of the copy.
  sed -i.all "/^    targets:/,/^  - /{/^      - /{/- $target\$/!d;}}" "$work/$copy/.goreleaser.yml"
  (cd "$work/$copy" && GOFLAGS= GOCACHE="$work/cache-$copy" "$goreleaser" release --snapshot --clean --skip=sign,publish >"$work/$copy.log" 2>&1) ||
    { cat "$work/$copy.log" >&2; exit 1; }
  (cd "$work/$copy/dist" && sha256sum -- *.zip *.tar.gz *.cdx.json *_SHA256SUMS */terraform-provider-* */modelarts-simulator*) >"$work/$copy.sums"
done

if ! diff "$work/a.sums" "$work/another-folder.sums"; then
  echo "The builds differ." >&2
  exit 1
fi
echo "Both builds of $(git rev-parse --short HEAD) for $target have these files:"
cat "$work/a.sums"
