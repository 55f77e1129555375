"""The host's own pages about one learner in one edition: as far as it has them, and never those of another."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from cohort_sessions.host import LearnerPage, Person

pytestmark = pytest.mark.django_db(databases="__all__")


def test_addresses_about_this_learner_in_this_edition_without_a_query(
    host, make_edition, make_user, django_assert_num_queries
):
    keys = [make_edition().edition_key for _ in range(2)]
    lea, max_ = (Person(user.pk, user.username, user.username) for user in (make_user("lea"), make_user("max")))
    with django_assert_num_queries(0):
        found = [host.learner_pages(key, lea) for key in keys]
        of_max = host.learner_pages(keys[0], max_)
    assert set(found[0]) == set(found[1]) == set(of_max)
    assert set(found[0]) <= set(LearnerPage)
    for key, pages in zip(keys, found, strict=True):
        assert all(str(key) in unquote(url) for url in pages.values())
        assert len(set(pages.values())) == len(pages)
    if LearnerPage.PROGRESS in found[0]:
        assert found[0][LearnerPage.PROGRESS] != of_max[LearnerPage.PROGRESS]
