#!/bin/sh
# Run the contract and platform tests inside a real LMS, then those for Studio inside Studio: test-platform.sh [PYTEST-ARGUMENT...]
#
# See in-platform.sh for what EDX_PLATFORM and EDX_PYTHON name. Both runs happen whatever becomes of the first.
set -eu

. "$(dirname "$0")/in-platform.sh"

platform_pytest() {
    settings=$1
    shift
    # As the platform runs its own tests: tables made from models, since some of its migrations need MySQL, and no test in
    # a random order. Its warnings are not ours to mend.
    in_platform -m pytest -c "$repo/pyproject.toml" --rootdir "$repo" --ds "$settings" --nomigrations -W ignore \
        -p tests.platform.mongomock_server -p no:randomly -p no:cacheprovider "$@"
}

status=0
echo "== LMS"
platform_pytest tests.platform.settings_lms "$@" --ignore "$repo/tests/platform/studio" "$repo/tests/contract" "$repo/tests/platform" || status=$?
echo "== Studio"
platform_pytest tests.platform.settings_cms "$@" "$repo/tests/platform/studio" || status=$?
exit "$status"
