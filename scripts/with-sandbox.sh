#!/bin/sh
# Run a command beside a sandbox of its own: with-sandbox.sh COMMAND...
#
# The sandbox is served with demo data on two free ports, as an LMS and as a Studio over the same data; the command finds them at
# BASE_URL and STUDIO_URL. Their data lie in a temporary folder, so that what `make demo` has stored is not touched. With BASE_URL
# set the command runs against the server there instead.
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

# Serve a flavour: serve lms|studio PORT PATH. Waits until PATH answers there.
serve() {
    "$python" manage.py runserver --settings "sandbox.settings.$1" --noreload "127.0.0.1:$2" >"$home/$1.log" 2>&1 &
    server="$server $!"
    wait_until "$python" -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=5)' "http://127.0.0.1:$2$3"
}

port=$(free_port)
BASE_URL=http://127.0.0.1:$port
serve lms "$port" /
port=$(free_port)
STUDIO_URL=http://127.0.0.1:$port
serve studio "$port" /studio/
export BASE_URL STUDIO_URL

"$@" || { status=$?; echo "What the sandbox said last:" >&2; tail -n 20 "$home"/*.log >&2; exit "$status"; }
