#!/usr/bin/env bash
# Installs the npm packages of the stories, if they are missing or out of date.
set -euo pipefail
cd "$(dirname "$0")"

command -v npm >/dev/null || { echo "Node is missing: install Node 20 or later"; exit 1; }
cmp -s package-lock.json node_modules/.installed-lock && exit
npm ci --ignore-scripts --loglevel=error
cp package-lock.json node_modules/.installed-lock
