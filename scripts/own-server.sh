# What the scripts share that start a server for one command; they source it.
#
# `home` is a temporary folder, with the servers' logs in `*.log`; it goes, and so do the processes that `server` names, when
# the script ends, however it ends.

home=$(mktemp -d)
server=
finish() {
    status=$?
    trap - EXIT INT TERM
    if [ -n "$server" ]; then
        # shellcheck disable=SC2086 # one word a process
        kill $server 2>/dev/null || true
        # shellcheck disable=SC2086
        wait $server 2>/dev/null || true
    fi
    rm -rf "$home"
    exit "$status"
}
trap finish EXIT INT TERM

# Print a port that nobody listens on.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Wait until COMMAND succeeds: wait_until COMMAND... After a minute, or once a server is gone, show the logs and give up.
wait_until() {
    tries=60
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        # shellcheck disable=SC2086
        if [ "$tries" -eq 0 ] || ! kill -0 $server 2>/dev/null; then
            cat "$home"/*.log >&2
            exit 1
        fi
        sleep 1
    done
}
