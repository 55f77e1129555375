"""How Sphinx builds the documentation: `make docs`."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

project = "cohort_sessions"
author = "cohort_sessions contributors"
project_copyright = author
release = re.search(
    r'^__version__ = "(.+)"$', (ROOT / "cohort_sessions" / "__init__.py").read_text(encoding="utf-8"), re.MULTILINE
).group(1)

extensions = ["myst_parser"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"{project} {release}"
