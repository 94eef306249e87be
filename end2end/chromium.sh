#!/usr/bin/env bash
# Makes sure that there is a Chromium for the stories; browser.mjs finds it in the same order.
set -euo pipefail
cd "$(dirname "$0")"

here() { node --input-type=module -e "import { executable } from './browser.mjs'; console.log('   ' + executable())" 2>/dev/null; }

here && exit
if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
  echo "   installing Debian's chromium (two minutes, once)"
  if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } >/dev/null; then
    here && exit
  fi
fi
echo "   downloading Playwright's Chromium (two minutes, once)"
npx --no-install playwright-core install chromium || true
here && exit
echo "end2end/chromium.sh: Chromium is missing: install it (Debian: apt-get install chromium) or name it in TRIALMARK_CHROMIUM" >&2
exit 1
