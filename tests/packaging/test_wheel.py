"""What is shipped: the wheel, built from the source archive as a release is, and installed by itself."""

import ast
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import cohort_sessions

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "cohort_sessions"

pytestmark = pytest.mark.slow


def run(*command, cwd):
    """Run a command, and show what it said when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def shipped_files():
    """Every file of the package as it stands in the repository, relative to its root."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module", name="wheel")
def fixture_wheel(tmp_path_factory):
    """The wheel, built from a copy of the tree so that no earlier build leaks into it."""
    tree = tmp_path_factory.mktemp("tree")
    for name in ("setup.py", "pyproject.toml", "MANIFEST.in", "README.md", "CHANGELOG.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    for name in ("cohort_sessions", "requirements", "sandbox", "tests"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "var"))
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", tree / "dist", ".", cwd=tree)
    [wheel] = (tree / "dist").glob("*.whl")
    return wheel


@pytest.fixture(scope="module", name="python")
def fixture_python(wheel, tmp_path_factory):
    """The interpreter of an environment that holds the wheel and nothing else."""
    environment = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=environment)
    python = environment / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel, cwd=environment)
    return python


def test_the_wheel_holds_the_whole_package_and_nothing_else(wheel):
    names = {name for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/")}
    metadata = f"cohort_sessions-{cohort_sessions.__version__}.dist-info/"

    assert {name for name in names if not name.startswith(metadata)} == shipped_files()


@pytest.mark.parametrize("folder", ["templates/", "static/", "conf/locale/", "migrations/"])
def test_the_package_has_each_kind_of_file(folder):
    assert [name for name in shipped_files() if name.startswith(f"cohort_sessions/{folder}")] != []


def test_the_host_finds_the_plugin_by_its_entry_points(python):
    script = """
import importlib.metadata, importlib.util, json
found = importlib.metadata.distribution("cohort-sessions")
points = {f"{point.group}:{point.name}": point.value for point in found.entry_points}
root = importlib.util.find_spec("cohort_sessions").submodule_search_locations[0]
print(json.dumps({"version": found.version, "points": points, "root": root}))
"""
    answer = json.loads(run(python, "-I", "-c", script, cwd=python.parent))

    assert answer["version"] == cohort_sessions.__version__
    assert answer["points"] == {
        "lms.djangoapp:cohort_sessions": "cohort_sessions.apps:CohortSessionsConfig",
        "cms.djangoapp:cohort_sessions": "cohort_sessions.apps:CohortSessionsConfig",
        "openedx.course_app:cohort_sessions": "cohort_sessions.edxapp.hooks.course_apps:SessionsCourseApp",
        "openedx.course_tab:cohort_session": "cohort_sessions.edxapp.hooks.tabs:SessionTab",
    }
    for value in answer["points"].values():
        module, name = value.split(":")
        source = Path(answer["root"]).parent.joinpath(*module.split(".")).with_suffix(".py")
        tree = ast.parse(source.read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.ClassDef)}, value
