#!/usr/bin/env bash
# Makes sure that there is a pdftotext for the story that reads what is printed.
set -euo pipefail

here() { command -v pdftotext >/dev/null && echo "   $(pdftotext -v 2>&1 | head -1)"; }

here && exit
if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
  echo "   installing Debian's poppler-utils (half a minute, once)"
  if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends poppler-utils; } >/dev/null; then
    here && exit
  fi
fi
echo "end2end/poppler.sh: pdftotext is missing: install it (Debian: apt-get install poppler-utils)" >&2
exit 1
