#!/usr/bin/env bash
# Prints the path of a Terraform that has list resources and actions, which came with 1.14: the installed one where it
# is new enough, else the one that "make terraform" has built. Prints nothing and fails where there is neither.
set -euo pipefail
cd "$(dirname "$0")/.."

for program in "$(command -v terraform || true)" "$PWD/.tools/bin/terraform"; do
  [ -x "$program" ] || continue
  version=$(CHECKPOINT_DISABLE=1 "$program" version -json 2>/dev/null | sed -n 's/^.*"terraform_version": "\([^"]*\)".*$/\1/p') || continue
  case $version in
    # These do not take import blocks of providers outside HashiCorp's namespace.
    1.16.[0-2]) continue ;;
  esac
  IFS=. read -r major minor _ <<<"$version"
  if [[ $major =~ ^[0-9]+$ && $minor =~ ^[0-9]+$ ]] && ((major > 1 || (major == 1 && minor >= 14))); then
    printf '%s\n' "$program"
    exit 0
  fi
done
exit 1
