#!/usr/bin/env python3
"""Commands of the sandbox, the small Django project that plays the host (see sandbox/README.md)."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sandbox.settings.lms")
    execute_from_command_line(sys.argv)
