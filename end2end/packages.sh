#!/usr/bin/env bash
# Installs what the stories need from npm, where it is not there yet.
set -euo pipefail
cd "$(dirname "$0")"

command -v npm >/dev/null || { echo "Node is missing: install Node 20 or later"; exit 1; }
cmp -s package-lock.json node_modules/.installed-lock && exit
npm ci --ignore-scripts --loglevel=error
cp package-lock.json node_modules/.installed-lock
