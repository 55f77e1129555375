#!/bin/sh
# Install the named Debian packages that are missing: apt-install.sh PACKAGE...
#
# Says what to install instead where it may not, so that nobody's machine is changed behind their back.
set -eu

missing=
for package in "$@"; do
    if ! dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed; then
        missing="$missing $package"
    fi
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Please install these first (names of Debian's packages):$missing" >&2
    exit 1
fi
echo "Installing$missing ..."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086  # a list of packages, on purpose
apt-get install -qq --yes --no-install-recommends $missing >/dev/null
