#!/usr/bin/env bash
# Checks the dependencies against deny.toml. end2end/deny.sh checks bans, licences and sources, without a network.
# end2end/deny.sh advisories checks for known vulnerabilities, and fetches the RustSec database for that. If the database cannot be
# reached, nothing is checked and the exit code is 75: neither passed nor failed.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly NOT_RUN=75
tools=${TRIALMARK_CACHE:-$PWD/target}/tools
version=0.20.2
locked=()
[[ -z ${CI-} ]] || locked=(--locked)

say() { echo "   $*"; }

# Sets $deny to a cargo-deny of exactly this version, because another version may find something else.
cargo_deny() {
  for deny in cargo-deny "$tools/bin/cargo-deny"; do
    [[ $("$deny" --version 2>/dev/null) == "cargo-deny $version" ]] && return
  done
  say "installing cargo-deny $version (about two minutes, once)"
  # Unoptimised, it compiles faster and still runs within seconds.
  CARGO_PROFILE_RELEASE_OPT_LEVEL=0 cargo install --quiet --locked --force --root "$tools" --version "$version" cargo-deny
}

cargo_deny
case ${1-} in
  "")
    # Includes the dependencies of other operating systems, whose licences count, too.
    cargo fetch --quiet "${locked[@]}"
    "$deny" --offline "${locked[@]}" check bans licenses sources
    ;;
  advisories)
    export GIT_TERMINAL_PROMPT=0 GIT_HTTP_LOW_SPEED_LIMIT=1000 GIT_HTTP_LOW_SPEED_TIME=30
    if ! "$deny" fetch db >/dev/null 2>&1; then
      say "advisories were not checked: the RustSec advisory database could not be reached"
      exit "$NOT_RUN"
    fi
    "$deny" "${locked[@]}" check advisories
    ;;
  *)
    echo "end2end/deny.sh: unknown argument $1: it can be advisories, or none" >&2
    exit 2
    ;;
esac
