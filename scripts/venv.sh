#!/bin/sh
# Make the developer's virtual environment: venv.sh DIRECTORY REQUIREMENTS-FILE
#
# Needs a Python 3.11 or 3.12 and nothing else. PYTHON names one; otherwise the first that answers is taken.
set -eu

venv=$1
requirements=$2

supported() {
    "$1" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' >/dev/null 2>&1
}

if ! [ -x "$venv/bin/pip" ]; then
    python=
    for candidate in ${PYTHON:-python3.11 python3.12 python3 python}; do
        if supported "$candidate"; then
            python=$candidate
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "No Python 3.11 or 3.12 found. Install one, or name it: make ... PYTHON=/path/to/python3.12" >&2
        exit 1
    fi
    # Debian keeps the venv module's pip in a package of its own.
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        "$(dirname "$0")/apt-install.sh" python3-venv
    fi
    echo "Making $venv with $("$python" --version) ..."
    "$python" -m venv "$venv"
fi

echo "Installing $requirements into $venv ..."
"$venv/bin/pip" install -qq --disable-pip-version-check -r "$requirements"
"$venv/bin/pip" install -qq --disable-pip-version-check --no-deps --editable .
