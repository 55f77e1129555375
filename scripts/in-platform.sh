# Sourced by the scripts that run something inside edx-platform.
#
# EDX_PLATFORM  a checkout of edx-platform
# EDX_PYTHON    the interpreter of an environment with its requirements/edx/testing.txt (default: python)
# VENV          our own environment (default: .venv): only its pip is used, since the platform's environment may have none
#
# Nothing is installed into the platform's environment. The plugin is found through PYTHONPATH, entry points included (its
# metadata lie in the repository since `make requirements`), and so is what its tests need and the platform does not bring.

repo=$(cd "$(dirname "$0")/.." && pwd)

if [ -z "${EDX_PLATFORM:-}" ] || ! [ -d "$EDX_PLATFORM/lms/djangoapps" ]; then
    echo "Please name a checkout: EDX_PLATFORM=/path/to/edx-platform (and EDX_PYTHON=/path/to/its/python)" >&2
    exit 2
fi
python=$(command -v "${EDX_PYTHON:-python}") || {
    echo "EDX_PYTHON is no interpreter: ${EDX_PYTHON:-python}" >&2
    exit 2
}
case $python in
    /*) ;;
    *) python=$(pwd)/$python ;;
esac
EDX_PLATFORM=$(cd "$EDX_PLATFORM" && pwd)

extras=$repo/.cache/platform-$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
mkdir -p "$extras"

in_platform() (
    cd "$EDX_PLATFORM"
    mkdir -p test_root/log
    PYTHONPATH=$repo:$extras PYTHONDONTWRITEBYTECODE=1 "$python" "$@"
)

for package in mongomock sentinels hypothesis sortedcontainers xlsxwriter mdurl markdown_it:markdown-it-py; do
    in_platform -c "import ${package%:*}" 2>/dev/null ||
        "$repo/${VENV:-.venv}/bin/pip" --python "$python" install -qq --disable-pip-version-check --no-deps --target "$extras" "${package#*:}"
done
