#!/bin/sh
# Run a command against a throw-away MariaDB server: with-mariadb.sh COMMAND...
#
# The server has its own data directory and port, and is gone afterwards; no server of the machine is touched.
# With MYSQL_HOST set the command runs against that server instead, with MYSQL_PORT, MYSQL_USER and MYSQL_PASSWORD.
set -eu

if [ -n "${MYSQL_HOST:-}" ]; then
    exec "$@"
fi

command -v mariadbd >/dev/null || PATH=$PATH:/usr/sbin
command -v mariadbd >/dev/null || "$(dirname "$0")/apt-install.sh" mariadb-server

. "$(dirname "$0")/own-server.sh"

owner=$(id -un)
if [ "$owner" = root ]; then
    owner=mysql  # the server refuses to run as root
    chown "$owner" "$home"
    chmod 755 "$home"
fi

mariadb-install-db --no-defaults --user="$owner" --datadir="$home/data" --auth-root-authentication-method=normal \
    --skip-test-db >"$home/install.log" 2>&1 || { cat "$home/install.log" >&2; exit 1; }

host=127.0.0.1
port=$(free_port)

# Nothing here outlives the run, so nothing needs to reach the disk: the suite is several times faster.
mariadbd --no-defaults --user="$owner" --datadir="$home/data" --socket="$home/socket" --pid-file="$home/pid" \
    --bind-address="$host" --port="$port" --character-set-server=utf8mb4 \
    --max-connections=300 --innodb-flush-log-at-trx-commit=0 --skip-innodb-doublewrite >"$home/server.log" 2>&1 &
server=$!

wait_until mariadb-admin --no-defaults --socket="$home/socket" --user=root ping
# The platform's deployments run in the same collation.
mariadb --no-defaults --socket="$home/socket" --user=root \
    --execute='CREATE DATABASE cohort_sessions CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci'

MYSQL_HOST=$host MYSQL_PORT=$port MYSQL_USER=root MYSQL_PASSWORD='' MYSQL_DATABASE=cohort_sessions "$@"
