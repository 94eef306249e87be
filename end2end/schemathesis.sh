#!/usr/bin/env bash
# Tests a running server against its OpenAPI description, /api/v1/openapi.json, with thousands of generated requests.
# Schemathesis is installed in a virtual environment, in the versions of schemathesis.txt. If it is not installed and PyPI cannot be
# reached, nothing is run and the exit code is 75: neither passed nor failed.
set -euo pipefail
cd "$(dirname "$0")"

readonly NOT_RUN=75
python=python3
venv=${TRIALMARK_CACHE:-$PWD/../target}/schemathesis

not_run() {
  echo "   not run: $*"
  exit "$NOT_RUN"
}

if ! cmp -s schemathesis.txt "$venv/installed"; then
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || not_run "Python 3.10 or later is missing"
  rm -rf "$venv"
  "$python" -m venv "$venv" >/dev/null || not_run "this Python cannot create virtual environments (Debian: apt-get install python3-venv)"
  version=$(sed -n 's/^schemathesis==//p' schemathesis.txt)
  "$venv/bin/pip" --disable-pip-version-check download -q --no-deps --timeout 10 --retries 1 -d "$venv/found" "schemathesis==$version" \
    >/dev/null 2>&1 || not_run "PyPI cannot be reached"
  "$venv/bin/pip" --disable-pip-version-check install -q -r schemathesis.txt
  cp schemathesis.txt "$venv/installed"
fi

node schemathesis.mjs "$venv/bin/st"
