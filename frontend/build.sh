#!/usr/bin/env bash
# Builds what the browser gets: target/site/app.js and target/site/app.wasm.
# The icons beside this script are drawn by end2end/icons.mjs, once, from icon.svg.
# Cargo decides what must be compiled again; the rest is skipped while its input is the same.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
tools=${TRIALMARK_CACHE:-$PWD/target}/tools
site=target/site # in the checkout even when CARGO_TARGET_DIR is shared: server/build.rs reads it here
version=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/version = |"/, ""); print }' Cargo.lock)

say() { echo "   $*"; }
fail() { echo "frontend/build.sh: $*" >&2; exit 1; }

wasm_target() {
  [[ -d $(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown ]] && return
  command -v rustup >/dev/null || fail "the Rust target wasm32-unknown-unknown is missing; install Rust by https://rustup.rs"
  say "installing the Rust target wasm32-unknown-unknown (half a minute)"
  rustup target add wasm32-unknown-unknown
}

# Sets $bindgen to a wasm-bindgen of exactly the crate's version: another one refuses the file.
wasm_bindgen() {
  for bindgen in wasm-bindgen "$tools/bin/wasm-bindgen"; do
    [[ $("$bindgen" --version 2>/dev/null) == "wasm-bindgen $version" ]] && return
  done
  say "installing wasm-bindgen $version (about two minutes, once)"
  # Unoptimised it compiles in a third of the time and still runs in a second.
  CARGO_PROFILE_RELEASE_OPT_LEVEL=0 cargo install --quiet --force --root "$tools" --version "$version" wasm-bindgen-cli
}

# True when binaryen and esbuild are there, at the versions of the lock file.
shrinkers() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    say "Node and npm are not here: the browser files are not shrunk (they work, but are larger)"
    return 1
  fi
  cmp -s frontend/package-lock.json frontend/node_modules/.installed-lock && return
  say "installing binaryen and esbuild (half a minute, once)"
  if ! npm ci --prefix frontend --ignore-scripts --loglevel=error >/dev/null; then
    say "npm could not install them: the browser files are not shrunk (they work, but are larger)"
    return 1
  fi
  cp frontend/package-lock.json frontend/node_modules/.installed-lock
}

shrink() { # FROM TO
  local bin=frontend/node_modules/.bin
  say "shrinking it (half a minute)"
  "$bin/wasm-opt" -Oz --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
    --enable-reference-types --enable-mutable-globals --enable-multivalue \
    "$1/app_bg.wasm" -o "$2/app.wasm"
  # Bundling takes in the snippets that crates bring as files of their own.
  "$bin/esbuild" "$1/app.js" --bundle --minify --format=esm --legal-comments=none --log-level=warning --outfile="$2/app.js"
}

copy() { # FROM TO
  [[ ! -d $1/snippets ]] || fail "a crate brings its own JavaScript files, which only Node can bundle: install Node 20 or later"
  cp "$1/app_bg.wasm" "$2/app.wasm"
  cp "$1/app.js" "$2/app.js"
}

wasm_target
say "compiling the browser part (about two minutes the first time)"
cargo build ${CI:+--locked} -p frontend --target wasm32-unknown-unknown --profile wasm-release
compiled=$target/wasm32-unknown-unknown/wasm-release/frontend.wasm

finish=copy
if shrinkers; then finish=shrink; fi
stamp="$finish $version $(cat "$compiled" frontend/build.sh frontend/package-lock.json | sha256sum)"
if [[ -s $site/app.js && -s $site/app.wasm && $(cat "$site/.stamp" 2>/dev/null) == "$stamp" ]]; then
  say "the browser files are up to date"
  exit
fi

wasm_bindgen
mkdir -p "$site"
work=$(mktemp -d "$site/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/done"
"$bindgen" --target web --no-typescript --remove-name-section --remove-producers-section \
  --out-name app --out-dir "$work" "$compiled"
"$finish" "$work" "$work/done"
mv "$work/done/app.wasm" "$work/done/app.js" "$site/"
echo "$stamp" >"$site/.stamp"
say "$(wc -c <"$site/app.wasm") bytes of WebAssembly, $(wc -c <"$site/app.js") of JavaScript"
