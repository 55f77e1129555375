#!/bin/sh
# Run a command beside a sandbox of its own: with-sandbox.sh COMMAND...
#
# The sandbox is served with demo data on a free port; the command finds it at BASE_URL. Its data lie in a temporary folder, so that
# what `make demo` has stored is not touched. With BASE_URL set the command runs against the server there instead.
set -eu

if [ -n "${BASE_URL:-}" ]; then
    exec "$@"
fi

cd "$(dirname "$0")/.."
python=${VENV:-.venv}/bin/python
. scripts/own-server.sh

SANDBOX_DB=$home/db.sqlite3
export SANDBOX_DB
"$python" manage.py migrate --verbosity 0
"$python" manage.py demo_data >"$home/demo.log" || { cat "$home/demo.log" >&2; exit 1; }

port=$(free_port)
"$python" manage.py runserver --noreload "127.0.0.1:$port" >"$home/server.log" 2>&1 &
server=$!

BASE_URL=http://127.0.0.1:$port
export BASE_URL
wait_until "$python" -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=5)' "$BASE_URL"

"$@" || { status=$?; echo "What the sandbox said last:" >&2; tail -n 20 "$home/server.log" >&2; exit "$status"; }
