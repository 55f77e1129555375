#!/usr/bin/env python3
"""Packaging of cohort_sessions, a Django plugin app for the Open edX LMS and Studio."""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).resolve().parent


def read_version() -> str:
    """Return ``__version__`` of the package without importing it (its dependencies may not be installed yet)."""
    source = (ROOT / "cohort_sessions" / "__init__.py").read_text(encoding="utf-8")
    match = re.search(r'^__version__ = "([^"]+)"$', source, re.MULTILINE)
    if match is None:
        raise RuntimeError("cohort_sessions/__init__.py declares no __version__")
    return match.group(1)


def read_requirements(*paths: str) -> list[str]:
    """Return the requirements of the given files, without comments, blank lines and ``-r``/``-c`` references."""
    lines = (line for path in paths for line in (ROOT / path).read_text(encoding="utf-8").splitlines())
    stripped = (re.sub(r"(^|\s)#.*$", "", line).strip() for line in lines)
    return [line for line in stripped if line and not line.startswith("-")]


setup(
    name="cohort-sessions",
    version=read_version(),
    description="Sessions for Open edX: editions of courses for one group of learners, without copying the course",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    author="cohort_sessions contributors",
    license="AGPL-3.0-only",
    license_files=["LICENSE"],
    keywords="openedx edx-platform django plugin sessions cohorts ccx",
    packages=find_packages(include=["cohort_sessions", "cohort_sessions.*"]),
    include_package_data=True,
    zip_safe=False,
    python_requires=">=3.11",
    install_requires=read_requirements("requirements/base.in"),
    entry_points={
        "lms.djangoapp": ["cohort_sessions = cohort_sessions.apps:CohortSessionsConfig"],
        "cms.djangoapp": ["cohort_sessions = cohort_sessions.apps:CohortSessionsConfig"],
        "openedx.course_app": ["cohort_sessions = cohort_sessions.edxapp.hooks.course_apps:SessionsCourseApp"],
        "openedx.course_tab": ["cohort_session = cohort_sessions.edxapp.hooks.tabs:SessionTab"],
    },
    classifiers=[
        "Development Status :: 4 - Beta",
        "Environment :: Plugins",
        "Framework :: Django",
        "Framework :: Django :: 4.2",
        "Framework :: Django :: 5.2",
        "Intended Audience :: Education",
        "Intended Audience :: System Administrators",
        "Natural Language :: English",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Topic :: Education",
    ],
)
