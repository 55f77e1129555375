# What the scripts share that start a server for one command; they source it.
#
# `home` is a temporary folder, with the server's log in `server.log`; it goes, and so does the process that `server` names, when the
# script ends, however it ends.

home=$(mktemp -d)
server=
finish() {
    status=$?
    trap - EXIT INT TERM
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$home"
    exit "$status"
}
trap finish EXIT INT TERM

# Print a port that nobody listens on.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Wait until COMMAND succeeds: wait_until COMMAND... After a minute, or once the server is gone, show its log and give up.
wait_until() {
    tries=60
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        if [ "$tries" -eq 0 ] || ! kill -0 "$server" 2>/dev/null; then
            cat "$home/server.log" >&2
            exit 1
        fi
        sleep 1
    done
}
