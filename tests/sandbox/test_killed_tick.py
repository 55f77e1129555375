"""A tick that is killed loses nothing and does nothing twice: one more run comes to what an undisturbed one does."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

PROGRAM = Path(__file__).with_name("killed_tick.py")
TIMES = 20


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="it keeps a database in a file of its own")
def test_killed_twenty_times_at_random_points(tmp_path):
    seed = random.randrange(10**6)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "sandbox.settings.lms", "PYTHONPATH": str(PROGRAM.parents[2])}
    command = [sys.executable, str(PROGRAM), str(tmp_path), str(seed), str(TIMES)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["statements"] > 100
    assert answer["differences"] == {}, f"seed {seed}"
