"""Files in the host's private storage, that go where the rows that name them go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cohort_sessions.host import get_host


def discard_file(name: str) -> None:
    """Delete a file that may be gone already."""
    if name:
        get_host().private_storage().delete(name)


@contextmanager
def undoing_files() -> Iterator[list[str]]:
    """
    Around a transaction: a list of the files that it writes, which are deleted again where it fails.

    Who is killed in between leaves a file that no row names, and that nobody can fetch.
    """
    written: list[str] = []
    try:
        yield written
    except BaseException:
        for name in written:
            discard_file(name)
        raise
