#!/usr/bin/env bash
# Installs pdftotext, if it is missing, for the story that reads printed pages.
set -euo pipefail

find_pdftotext() { command -v pdftotext >/dev/null && echo "   $(pdftotext -v 2>&1 | head -1)"; }

find_pdftotext && exit
if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
  echo "   installing Debian's poppler-utils (half a minute, once)"
  if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends poppler-utils; } >/dev/null; then
    find_pdftotext && exit
  fi
fi
echo "end2end/poppler.sh: pdftotext is missing: install it (Debian: apt-get install poppler-utils)" >&2
exit 1
