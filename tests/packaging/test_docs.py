"""The settings reference and the annotations in the code name the same settings and switches."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_and_switch_is_documented_and_no_other():
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "cohort_sessions").rglob("*.py"))
    reference = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    annotated = re.findall(r"# \.\. (?:setting|toggle)_name: (\S+)", code)
    documented = re.findall(r"^### `(\S+)`$", reference, re.MULTILINE)

    assert sorted(documented) == sorted(annotated)
