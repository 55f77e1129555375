#!/bin/sh
# Measure the plugin beside the platform without it, inside a real LMS, and print tables: bench.sh [PYTEST-ARGUMENT...]
#
# See in-platform.sh for what EDX_PLATFORM and EDX_PYTHON name. pytest brings the database, the kit and the fixtures; nothing is
# asserted but that what is measured works.
set -eu

. "$(dirname "$0")/in-platform.sh"

in_platform -m pytest -W ignore -c "$repo/pyproject.toml" --rootdir "$repo" --quiet --capture=no --log-level=CRITICAL \
    --nomigrations -p tests.platform.mongomock_server -p no:randomly -p no:cacheprovider \
    --ds tests.platform.settings_lms -o "python_functions=bench_*" -o "python_files=*.py" \
    "$@" "$repo/benchmarks"
