#!/usr/bin/env bash
# Installs nginx, if it is missing, for the tests of the program behind a proxy.
set -euo pipefail

find_nginx() { PATH=$PATH:/usr/sbin:/usr/local/sbin; command -v nginx >/dev/null && echo "   $(nginx -v 2>&1)"; }

find_nginx && exit
if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
  echo "   installing Debian's nginx (half a minute, once)"
  if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nginx; } >/dev/null; then
    find_nginx && exit
  fi
fi
echo "end2end/nginx.sh: nginx is missing: install it (Debian: apt-get install nginx)" >&2
exit 1
