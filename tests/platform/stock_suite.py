"""
The platform's own tests with this plugin at work.

    pytest -p tests.platform.mongomock_server -p tests.platform.stock_suite --ds=lms.envs.test lms/djangoapps/ccx

The platform's CCX tests name the stock override provider and the stock field data wrapper in settings of their own,
which undoes what the plugin sets. With this pytest plugin, whoever names these two gets ours, as on a server where this
plugin is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

from cohort_sessions.settings import _host


def pytest_sessionstart() -> None:
    """Stand in, once Django has been set up."""
    courseware = import_module("lms.djangoapps.courseware.field_overrides")
    courseware.resolve_dotted = _instead(courseware, "resolve_dotted", _host.STOCK_PROVIDER, _host.PROVIDER)
    store = import_module("xmodule.modulestore.django")
    store.load_function = _instead(store, "load_function", _host.STOCK_WRAPPER, _host.WRAPPER)


def _instead(module: ModuleType, name: str, stock: str, ours: str) -> Callable[[str], Any]:
    """The module's function that finds what a path names, which now finds ours under the stock name."""
    find = getattr(module, name)
    return lambda path: find(ours if path == stock else path)
