#!/usr/bin/env bash
# Makes sure that there is an nginx for the test that puts one in front of the program.
set -euo pipefail

here() { PATH=$PATH:/usr/sbin:/usr/local/sbin; command -v nginx >/dev/null && echo "   $(nginx -v 2>&1)"; }

here && exit
if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
  echo "   installing Debian's nginx (half a minute, once)"
  if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nginx; } >/dev/null; then
    here && exit
  fi
fi
echo "end2end/nginx.sh: nginx is missing: install it (Debian: apt-get install nginx)" >&2
exit 1
