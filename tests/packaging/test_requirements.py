"""The declared dependencies are those that the code imports: none missing, none left over."""

import ast
import importlib.metadata
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "cohort_sessions"
PLATFORM = {"cms", "common", "lms", "openedx", "xmodule"}


def normalised(name):
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared():
    """The distributions that base.in names."""
    lines = (ROOT / "requirements" / "base.in").read_text(encoding="utf-8").splitlines()
    return {normalised(re.match(r"[A-Za-z0-9._-]+", line).group()) for line in lines if re.match(r"[A-Za-z]", line)}


def imported(paths):
    """The third-party distributions that these modules import, at any depth; what is not installed here is left out."""
    names = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add(node.module.split(".")[0])
    distributions = importlib.metadata.packages_distributions()
    third_party = names - set(sys.stdlib_module_names) - PLATFORM - {"cohort_sessions"}
    return {normalised(distributions[name][0]) for name in third_party if name in distributions}


def test_nothing_is_declared_that_nothing_imports():
    assert declared() - imported(PACKAGE.rglob("*.py")) == set()


def test_whatever_is_imported_is_declared():
    # The adapter runs inside edx-platform only, and may import what comes with it.
    paths = [path for path in PACKAGE.rglob("*.py") if "edxapp" not in path.parts]

    assert imported(paths) - declared() == set()
