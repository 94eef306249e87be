#!/usr/bin/env bash
# Everything that must hold: make test. A part that fails does not keep the later ones from running;
# each counts as one failure beside the failed tests themselves. The last line is the sum.
set -euo pipefail
cd "$(dirname "$0")/.."

server=${CARGO_TARGET_DIR:-$PWD/target}/debug/trialmark
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
passed=0 failed=0 times=()
# Settings of this shell are not those of the tests.
unset TRIALMARK_DATABASE_URL TRIALMARK_DATABASE_URL_FILE TRIALMARK_LISTEN TRIALMARK_DATA_DIR TRIALMARK_BASE_URL TRIALMARK_TRUSTED_PROXIES TRIALMARK_LOG

# Runs one part: part NAME COMMAND... Its output stays in $logs/out, its exit code in $status.
part() {
  local name=$1 began=$SECONDS word=ok
  shift
  printf '\n== %s\n' "$name"
  status=0
  "$@" 2>&1 | tee "$logs/out" || status=$?
  [[ $status -eq 0 ]] || word="FAILED"
  times+=("$(printf '%5d s  %-6s  %s' $((SECONDS - began)) "$word" "$name")")
}

# A part that passes or does not.
step() {
  part "$@"
  [[ $status -eq 0 ]] || failed=$((failed + 1))
}

# A part that counts its tests: suite COUNTER NAME COMMAND... One that ran none has failed.
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

# A part that may have to be left out: its exit code 75 says that it was not run, which is neither passed nor failed.
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

# Removing the server first: were it not rebuilt, the stories would test an old one.
build() {
  rm -f "$server"
  cargo build "${locked[@]}" "${native[@]}" --lib --bins --tests --keep-going
}

stories() {
  shopt -s nullglob
  local files=(end2end/tests/*.mjs)
  [[ ${#files[@]} -gt 0 ]] || { echo "there are no stories in end2end/tests"; return 1; }
  # They share what takes long to make.
  TRIALMARK_BIN=$server STORIES_DATA=$logs/stories-data node --test --test-concurrency=2 --test-timeout=900000 --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$logs/stories" "${files[@]}"
}

locked=()
[[ -z ${CI-} ]] || locked=(--locked)
# The frontend crate would turn on the browser's features for everyone; it is checked for its own target.
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
# The assets come before everything that compiles the server, which embeds them.
step "Browser files" frontend/build.sh
step "Lints: server" cargo clippy "${locked[@]}" "${native[@]}" --all-targets -- -D warnings
step "Lints: browser" cargo clippy "${locked[@]}" "${browser[@]}" -- -D warnings
step "Build of server and tests" build
suite count_rust "Rust tests" "${with_postgres[@]}" cargo test "${locked[@]}" "${native[@]}" --no-fail-fast
suite count_stories "Stories" stories
step_if_possible "REST against its description" env TRIALMARK_BIN="$server" end2end/schemathesis.sh

printf '\n== Time\n'
printf '%s\n' "${times[@]}"
printf '%5d s  in all\n\n' "$SECONDS"
printf '%d passed, %d failed\n' "$passed" "$failed"
[[ $failed -eq 0 ]]
