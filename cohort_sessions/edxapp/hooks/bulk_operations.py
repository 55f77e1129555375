"""
Repair: reading an edition costs the modulestore no more than reading any course.

Inside ``modulestore().bulk_operations(key)`` the split modulestore keeps the course's index and the blocks it has
built. The CCX wrapper opens the operation for the *base* key, but blocks that come to the runtime by a CCX key, which
is every child and every parent of the first one, are looked up under the *CCX* key, for which no operation is open.
So each of them is built again on every visit, with the queries that the platform spends on a new course block, and
the index is asked for under a key that cannot have one (the log says "A CCX key leaked through") before it is asked
for under the base's.

For editions of ours the operation is opened under both keys, and the index of an edition is its base course's at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lms.djangoapps.ccx.modulestore import CCXModulestoreWrapper
from opaque_keys.edx.keys import CourseKey
from xmodule.modulestore.split_mongo.mongo_connection import DjangoFlexPersistenceBackend

from cohort_sessions.edxapp.hooks.editions import edition_of

_stock_bulk_operations = CCXModulestoreWrapper.bulk_operations
# With the decorator that caches it for the request, so not a plain function.
_stock_get_course_index = vars(DjangoFlexPersistenceBackend)["get_course_index"]


@contextmanager
def bulk_operations(wrapper: CCXModulestoreWrapper, course_id: CourseKey, *args: Any, **kwargs: Any) -> Iterator[None]:
    """Do as the platform does, and for an edition keep what is built under its own key as well."""
    with _stock_bulk_operations(wrapper, course_id, *args, **kwargs):
        if edition_of(course_id) is None:
            yield
            return
        store = wrapper._get_modulestore_for_courselike(course_id)  # noqa: SLF001 (the wrapper's own way to its store)
        # No signals: nothing can be written under an edition's key.
        with store.bulk_operations(_bare(course_id), emit_signals=False):
            yield


def get_course_index(backend: DjangoFlexPersistenceBackend, key: CourseKey, *args: Any, **kwargs: Any) -> dict | None:
    """Return the index of the course, for an edition the base course's: the same answer as the platform's, sooner."""
    if edition_of(key) is not None:
        key = _bare(key).to_course_locator()
    return _stock_get_course_index.__get__(backend, type(backend))(key, *args, **kwargs)


def install() -> None:
    """Stand in for the two methods. Safe to call twice."""
    CCXModulestoreWrapper.bulk_operations = bulk_operations
    DjangoFlexPersistenceBackend.get_course_index = get_course_index


def _bare(key):
    """Return `key` without branch and version."""
    return key.version_agnostic().for_branch(None)
