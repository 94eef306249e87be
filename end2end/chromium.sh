#!/usr/bin/env bash
# Installs Chromium for the stories, if it is missing.
set -euo pipefail
cd "$(dirname "$0")"

find_chromium() { node chromium_path.mjs; }

find_chromium && exit
if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
  echo "   installing Debian's chromium (two minutes, once)"
  if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } >/dev/null; then
    find_chromium && exit
  fi
fi
echo "   downloading Playwright's Chromium (two minutes, once)"
npx --no-install playwright-core install chromium || true
find_chromium && exit
echo "end2end/chromium.sh: Chromium is missing: install it (Debian: apt-get install chromium) or name it in TRIALMARK_CHROMIUM" >&2
exit 1
