"""The platform's forum as Tutor installs it: in the LMS's own database; only its search has nothing to search in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings
from edx_toggles.toggles.testutils import override_waffle_flag
from forum.search import base
from forum.toggles import ENABLE_MYSQL_BACKEND
from openedx.core.djangoapps.discussions.config.waffle import ENABLE_FORUM_V2


class NoDocuments(base.BaseDocumentSearchBackend):
    """Keeps nothing."""

    def index_document(self, index_name, doc_id, document) -> None:
        """Forget it."""

    def update_document(self, index_name, doc_id, update_data) -> None:
        """Forget it."""

    def delete_document(self, index_name, doc_id) -> None:
        """It was never there."""


class NoSearch(base.BaseSearchBackend):
    """A search backend that no search engine stands behind."""

    DOCUMENT_SEARCH_CLASS = NoDocuments


@pytest.fixture
def forum() -> Iterator[None]:
    """The forum is on, in every course."""
    with (
        override_settings(
            ROOT_URLCONF="tests.platform.forum_urls",
            FEATURES={**settings.FEATURES, "ENABLE_DISCUSSION_SERVICE": True},
            FORUM_SEARCH_BACKEND=f"{NoSearch.__module__}.{NoSearch.__qualname__}",
        ),
        override_waffle_flag(ENABLE_FORUM_V2, active=True),
        override_waffle_flag(ENABLE_MYSQL_BACKEND, active=True),
    ):
        yield
