#!/usr/bin/env bash
# Measures speed and size against their budgets: make bench, after make build. A part that exceeds its budget does not stop the
# later ones.
set -euo pipefail
cd "$(dirname "$0")/.."

unset TRIALMARK_DATABASE_URL TRIALMARK_DATABASE_URL_FILE TRIALMARK_LISTEN TRIALMARK_DATA_DIR TRIALMARK_BASE_URL TRIALMARK_TRUSTED_PROXIES TRIALMARK_LOG
exceeded=0
end2end/postgres.sh cargo bench -p server || exceeded=1
end2end/packages.sh
end2end/chromium.sh
TRIALMARK_BIN=${CARGO_TARGET_DIR:-$PWD/target}/release/trialmark node --test --test-concurrency=1 --test-reporter=spec end2end/bench/*.mjs || exceeded=1
exit "$exceeded"
