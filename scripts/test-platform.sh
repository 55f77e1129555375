#!/bin/sh
# Run the contract and platform tests inside a real LMS, then those for Studio inside Studio, then the platform's own CCX tests
# with the plugin installed: test-platform.sh [PYTEST-ARGUMENT...]
#
# See in-platform.sh for what EDX_PLATFORM and EDX_PYTHON name. All runs happen whatever becomes of the others; the last one only
# when there are no arguments, which are about our tests.
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
if [ "$#" -eq 0 ]; then
    echo "== The platform's own CCX tests"
    # With the platform's own pytest settings. Left out is what counts the calls of a real MongoDB driver.
    in_platform -m pytest -q --ds lms.envs.test -W ignore \
        -p tests.platform.mongomock_server -p tests.platform.stock_suite -p no:randomly -p no:cacheprovider \
        -k "not (TestCCX and caching)" --ignore lms/djangoapps/ccx/tests/test_field_override_performance.py \
        lms/djangoapps/ccx || status=$?
fi
exit "$status"
