#!/bin/sh
# Run the contract and platform tests inside a real LMS, then those for Studio inside Studio: test-platform.sh [PYTEST-ARGUMENT...]
#
# See in-platform.sh for what EDX_PLATFORM and EDX_PYTHON name. Both runs happen whatever becomes of the first.
set -eu

. "$(dirname "$0")/in-platform.sh"

platform_pytest() {
    settings=$1
    shift
    # The platform's own warnings are not ours to mend: -W default.
    in_platform -m pytest -W default -c "$repo/pyproject.toml" --rootdir "$repo" \
        -p tests.platform.mongomock_server -p no:randomly -p no:cacheprovider \
        --ds "$settings" "$@"
}

status=0
echo "== LMS"
platform_pytest tests.platform.settings_lms "$@" --ignore "$repo/tests/platform/studio" "$repo/tests/contract" "$repo/tests/platform" || status=$?
echo "== Studio"
platform_pytest tests.platform.settings_cms "$@" "$repo/tests/platform/studio" || status=$?
exit "$status"
