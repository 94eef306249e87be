#!/usr/bin/env bash
# Runs all checks and tests: make test. A part that fails does not stop the later ones. A failed part counts as one failure, in
# addition to its failed tests. The last line is the sum.
set -euo pipefail
cd "$(dirname "$0")/.."

server=${CARGO_TARGET_DIR:-$PWD/target}/debug/trialmark
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
passed=0 failed=0 times=()
# The settings of this shell must not reach the tests.
unset TRIALMARK_DATABASE_URL TRIALMARK_DATABASE_URL_FILE TRIALMARK_LISTEN TRIALMARK_DATA_DIR TRIALMARK_BASE_URL TRIALMARK_TRUSTED_PROXIES TRIALMARK_LOG

# Runs one part: part NAME COMMAND... Its output stays in $logs/out, its exit code in $status.
part() {
  local name=$1 began=$SECONDS result=ok
  shift
  printf '\n== %s\n' "$name"
  status=0
  "$@" 2>&1 | tee "$logs/out" || status=$?
  if [[ $status -ne 0 ]]; then
    result="FAILED"
    [[ $status -eq 75 ]] || { printf '\n== End of %s\n' "$name"; tail -n 20 "$logs/out"; } >>"$logs/failures"
  fi
  times+=("$(printf '%5d s  %-6s  %s' $((SECONDS - began)) "$result" "$name")")
}

# Runs a part that passes or fails as a whole.
step() {
  part "$@"
  [[ $status -eq 0 ]] || failed=$((failed + 1))
}

# Runs a part that counts its tests: suite COUNTER NAME COMMAND... A part that ran no test has failed.
suite() {
  local counter=$1 good bad
  shift
  part "$@"
  read -r good bad < <("$counter")
  passed=$((passed + good)) failed=$((failed + bad))
  if [[ $bad -eq 0 && ($good -eq 0 || $status -ne 0) ]]; then
    echo "$1: exit code $status with $good passed and no failed test counts as one failure"
    failed=$((failed + 1))
  fi
}

# Runs a part that may be impossible here. Its exit code 75 means that it was not run: neither passed nor failed.
step_if_possible() {
  part "$@"
  case $status in
    0) ;;
    75) times[-1]=${times[-1]/FAILED /not run} ;;
    *) failed=$((failed + 1)) ;;
  esac
}

count_rust() {
  awk '/^test result: / {
    for (i = 2; i <= NF; i++) { if ($i == "passed;") good += $(i - 1); if ($i == "failed;") bad += $(i - 1) }
  } END { print good + 0, bad + 0 }' "$logs/out"
}

count_stories() {
  touch "$logs/stories"
  awk '$1 == "#" { sum[$2] = $3 } END { print sum["pass"] + 0, sum["fail"] + sum["cancelled"] }' "$logs/stories"
}

rust_components() {
  { cargo fmt --version && cargo clippy --version; } || rustup component add rustfmt clippy
}

# The server is removed first. If the build fails, the stories must not test an old one.
build() {
  rm -f "$server"
  cargo build "${locked[@]}" "${native[@]}" --lib --bins --tests --keep-going
}

stories() {
  shopt -s nullglob
  local files=(end2end/tests/*.mjs)
  [[ ${#files[@]} -gt 0 ]] || { echo "there are no stories in end2end/tests"; return 1; }
  # The stories share the data of the example business, which takes long to generate.
  TRIALMARK_BIN=$server STORIES_DATA=$logs/stories-data node --test --test-concurrency=2 --test-timeout=900000 --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$logs/stories" "${files[@]}"
}

locked=()
[[ -z ${CI-} ]] || locked=(--locked)
# The frontend crate would enable the browser features of app for the whole workspace, so it is checked separately, for its own target.
native=(--workspace --exclude frontend)
browser=(-p frontend --target wasm32-unknown-unknown)

step "Set-up: Rust components" rust_components
step "Set-up: PostgreSQL" end2end/postgres.sh
with_postgres=()
[[ $status -ne 0 ]] || with_postgres=(end2end/postgres.sh)
step "Set-up: nginx" end2end/nginx.sh
step "Set-up: pdftotext" end2end/poppler.sh
step "Set-up: Node packages" end2end/packages.sh
step "Set-up: Chromium" end2end/chromium.sh
step "Format" cargo fmt --all --check
step "Dependencies: bans, licences, sources" end2end/deny.sh
step_if_possible "Dependencies: advisories" end2end/deny.sh advisories
# The server embeds the browser files, so they are built first.
step "Browser files" frontend/build.sh
step "Lints: server" cargo clippy "${locked[@]}" "${native[@]}" --all-targets -- -D warnings
step "Lints: browser" cargo clippy "${locked[@]}" "${browser[@]}" -- -D warnings
step "Build of server and tests" build
suite count_rust "Rust tests" "${with_postgres[@]}" cargo test "${locked[@]}" "${native[@]}" --no-fail-fast
step "Benches, short form" "${with_postgres[@]}" cargo test "${locked[@]}" "${native[@]}" --bench bench -- short
suite count_stories "Stories" stories
step_if_possible "REST against its description" env TRIALMARK_BIN="$server" end2end/schemathesis.sh

printf '\n== Time\n'
printf '%s\n' "${times[@]}"
printf '%5d s  in all\n' "$SECONDS"
# The last lines of failed parts once more: in a long output they are hard to find.
[[ ! -e $logs/failures ]] || cat "$logs/failures"
printf '\n'
printf '%d passed, %d failed\n' "$passed" "$failed"
[[ $failed -eq 0 ]]
