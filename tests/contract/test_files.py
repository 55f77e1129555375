"""Files with personal data, kept by the host."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

pytestmark = pytest.mark.django_db(databases="__all__")

NAME = "cohort_sessions/contract/results.csv"


def test_what_is_kept_comes_back(host):
    name = host.private_storage().save(NAME, ContentFile(b"Name,Grade\r\nL\xc3\xa9a,90\r\n"))
    try:
        with host.private_storage().open(name) as file:
            assert b"".join(file.chunks()) == b"Name,Grade\r\nL\xc3\xa9a,90\r\n"
    finally:
        host.private_storage().delete(name)


def test_deleting_is_harmless_where_nothing_is(host):
    name = host.private_storage().save(NAME, ContentFile(b"Name\r\n"))
    for _attempt in range(2):
        host.private_storage().delete(name)
        assert not host.private_storage().exists(name)
