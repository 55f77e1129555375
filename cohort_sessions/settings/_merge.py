"""
Idempotent changes to the host's settings: each makes one thing true, keeps what others put there, and may run any
number of times.

`settings` is the settings module being built (or anything with attributes).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def set_default(settings: Any, name: str, value: Any) -> None:
    """Set `name` unless the host or the operator has set it."""
    if not hasattr(settings, name):
        setattr(settings, name, value)


def enable_feature(settings: Any, name: str) -> None:
    """
    Turn a feature flag of the host on, wherever this release keeps it.

    Releases up to Ulmo keep flags in the dictionary ``FEATURES``; later ones as settings of their own, with
    ``FEATURES`` as a view.
    """
    settings.FEATURES[name] = True
    if hasattr(settings, name):
        setattr(settings, name, True)


def add_app(settings: Any, entry: str, *, package: str) -> None:
    """Install the app `entry`, unless one of the Python package `package` is installed, by whatever spelling."""
    if not any(app == package or app.startswith(f"{package}.") for app in settings.INSTALLED_APPS):
        settings.INSTALLED_APPS.append(entry)


def replace_or_add(settings: Any, name: str, *, stock: str, ours: str) -> None:
    """
    Make `ours` stand exactly once in the sequence `name`: where `stock` stood, which goes, or else at the end.

    Order is kept, for it is the order in which the host asks the entries.
    """
    entries = list(getattr(settings, name, ()))
    if ours in entries:
        entries = [entry for entry in entries if entry != stock]
    elif stock in entries:
        entries = [ours if entry == stock else entry for entry in entries]
    else:
        entries.append(ours)
    setattr(settings, name, entries if isinstance(getattr(settings, name, ()), list) else tuple(entries))


def add_middleware(settings: Any, entry: str, *, after: Sequence[str], before: Sequence[str]) -> None:
    """
    Put the middleware `entry` after all of `after` and, where that leaves a choice, in front of the first of `before`.

    Middleware named in neither stays where it is. Names that this host does not have are ignored. An entry that stands
    too early, because the operator's YAML or another plugin moved things, is moved.
    """
    others = [middleware for middleware in settings.MIDDLEWARE if middleware != entry]
    earliest = 1 + max((others.index(name) for name in after if name in others), default=-1)
    latest = min((others.index(name) for name in before if name in others[earliest:]), default=len(others))
    place = max(earliest, latest)
    settings.MIDDLEWARE[:] = [*others[:place], entry, *others[place:]]


def add_filter_step(settings: Any, filter_type: str, step: str) -> None:
    """
    Append `step` to the pipeline of an openedx-filter, keeping foreign steps and their order.

    The host reads three spellings of a pipeline: a dictionary, a list of steps, one step. A pipeline that only we need
    reports errors instead of going on without us (``fail_silently`` false); an existing one keeps the operator's
    choice.
    """
    configuration = dict(getattr(settings, "OPEN_EDX_FILTERS_CONFIG", None) or {})
    entry = configuration.get(filter_type) or {"fail_silently": False, "pipeline": []}
    if isinstance(entry, str):
        entry = [entry]
    steps = list(entry["pipeline"] if isinstance(entry, dict) else entry)
    if step not in steps:
        steps.append(step)
    configuration[filter_type] = {**entry, "pipeline": steps} if isinstance(entry, dict) else steps
    settings.OPEN_EDX_FILTERS_CONFIG = configuration


def add_template_directory(settings: Any, directory: str) -> None:
    """
    Let the host's Mako find templates in `directory`, after all of its own.

    The list is changed in place: the template engines hold a reference to it.
    """
    directories = getattr(settings, "MAKO_TEMPLATE_DIRS_BASE", None)
    if directories is not None and directory not in map(str, directories):
        directories.append(directory)
