#!/usr/bin/env bash
# Runs a command with a PostgreSQL of its own: end2end/postgres.sh COMMAND [ARGUMENT...]
# TRIALMARK_TEST_POSTGRES is its URL for a role that owns only what it creates. TRIALMARK_TEST_POSTGRES_SUPERUSER is its URL for the
# superuser, who bypasses row-level security. The server is removed when the command ends.
# Without a command, PostgreSQL is only installed, if it is missing.
set -euo pipefail

fail() { echo "end2end/postgres.sh: $*" >&2; exit 1; }

# Sets $bin to the folder of the newest installed PostgreSQL.
find_binaries() {
  local initdb
  initdb=$(command -v initdb || printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
  [[ -x $initdb ]] && bin=$(dirname "$(readlink -f "$initdb")")
}

if ! find_binaries; then
  if [[ $EUID -ne 0 ]] || ! command -v apt-get >/dev/null; then
    fail "PostgreSQL is missing: install initdb and pg_ctl (Debian: apt-get install postgresql)"
  fi
  echo "   installing Debian's postgresql (about a minute, once)"
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql; } >/dev/null ||
    fail "apt-get could not install postgresql"
  find_binaries || fail "Debian's postgresql brought no initdb"
fi
[[ $# -gt 0 ]] || { echo "   $("$bin/initdb" --version)"; exit; }

# PostgreSQL refuses to run as root.
as=()
if [[ $EUID -eq 0 ]]; then
  user=postgres
  id -u "$user" >/dev/null 2>&1 || { user=nobody; echo "   no user postgres here: PostgreSQL runs as nobody"; }
  as=(runuser -u "$user" --)
fi

# Not in TMPDIR, because the path of a Unix socket has at most 107 characters.
folder=$(mktemp -d /tmp/trialmark-postgres.XXXXXX)
stop() {
  "${as[@]}" "$bin/pg_ctl" stop -D "$folder/data" -m immediate >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
cd "$folder" # the other user may enter this folder; the command runs in the original one
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "$password" >"$folder/password"
[[ ${#as[@]} -eq 0 ]] || chown -R "$user" "$folder"

"${as[@]}" "$bin/initdb" -D "$folder/data" --username=postgres --pwfile="$folder/password" --auth=password \
  --encoding=UTF8 --locale=C >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; fail "initdb failed"; }
"${as[@]}" "$bin/postgres" --single -D "$folder/data" postgres >"$folder/role.log" 2>&1 \
  <<<"CREATE ROLE trialmark LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS PASSWORD '$password'" ||
  { cat "$folder/role.log" >&2; fail "the role could not be created"; }

for _ in {1..20}; do
  port=$((20000 + RANDOM % 12000)) # below the range the system gives to outgoing connections
  if "${as[@]}" "$bin/pg_ctl" start -w -t 60 -D "$folder/data" -l "$folder/server.log" \
    -o "-c listen_addresses=127.0.0.1 -p $port -k $folder -c max_connections=200" >/dev/null 2>&1; then
    started=yes
    break
  fi
  grep -q 'Address already in use' "$folder/server.log" 2>/dev/null || break
done
[[ ${started-} ]] || { cat "$folder/server.log" >&2; fail "PostgreSQL did not start"; }

export TRIALMARK_TEST_POSTGRES="postgres://trialmark:$password@127.0.0.1:$port/postgres"
export TRIALMARK_TEST_POSTGRES_SUPERUSER="postgres://postgres:$password@127.0.0.1:$port/postgres"
cd "$OLDPWD"
"$@"
