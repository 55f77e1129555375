"""
Windows of one's own, at every door of a real LMS: two learners or more in one edition, of whom one may and one may not.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cohort_sessions.models import Member
from tests.contract import Stored
from tests.platform.sessions import create_session, edition_key
from tests.platform.windows import HANDED_IN, give_dates, inside, knock, not_taken, problem_is_open, refused

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("every_api")]


@pytest.fixture
def lea(make_user):
    return make_user("lea")


@pytest.fixture
def max_(make_user):
    return make_user("max")


class TestOwnOpening:
    def test_one_is_in_before_the_session_opens_and_the_other_is_not(self, base_key, lea, max_, signed_in, stored):
        session = create_session(base_key, members=[lea, max_], opens=5, closes=10)
        give_dates(session, lea, opens=-1)
        key = edition_key(session)
        assert knock(signed_in(lea), key, "lea") == (inside(), HANDED_IN)
        assert knock(signed_in(max_), key, "max") == (
            refused("session-not-open-yet"),
            not_taken("session-not-open-yet"),
        )
        assert stored(key, max_) == Stored(is_enrolled=True)

    def test_one_waits_while_the_session_runs(self, base_key, lea, max_, signed_in):
        session = create_session(base_key, members=[lea, max_])
        give_dates(session, lea, opens=3)
        key = edition_key(session)
        assert knock(signed_in(lea), key, "lea") == (refused("session-not-open-yet"), not_taken("session-not-open-yet"))
        assert knock(signed_in(max_), key, "max") == (inside(), HANDED_IN)


class TestOwnClosing:
    def test_it_is_over_for_one_and_goes_on_for_the_others(self, base_key, lea, max_, signed_in, stored):
        session = create_session(base_key, members=[lea, max_])
        give_dates(session, lea, closes=-1)
        key = edition_key(session)
        assert knock(signed_in(lea), key, "lea") == (inside(), not_taken("session-read-only"))
        assert knock(signed_in(max_), key, "max") == (inside(), HANDED_IN)
        assert stored(key, lea) == Stored(is_enrolled=True)


class TestExtraDays:
    def test_she_submits_after_the_others_are_closed(self, base_key, lea, max_, signed_in, answer, stored):
        session = create_session(base_key, members=[lea, max_], opens=-10, closes=-1)
        give_dates(session, lea, extra_days=5)
        key = edition_key(session)
        assert knock(signed_in(max_), key, "max") == (inside(), not_taken("session-read-only"))
        assert knock(signed_in(lea), key, "lea") == (inside(), HANDED_IN)
        assert answer(key, lea)
        assert stored(key, max_) == Stored(is_enrolled=True)


class TestDuration:
    @pytest.fixture
    def session(self, base_key, lea, max_):
        return create_session(base_key, members=[lea, max_], opens=None, closes=None, duration_days=7)

    def test_it_begins_with_the_first_entry_and_ends_for_each_alone(self, session, lea, max_, signed_in, committed):
        key = edition_key(session)
        with committed():
            assert knock(signed_in(lea), key, "lea") == (inside(), HANDED_IN)
        entered = Member.objects.get(user=lea).first_entered_at
        assert timezone.now() - entered < timedelta(minutes=2)
        assert Member.objects.get(user=max_).first_entered_at is None
        with committed():
            assert knock(signed_in(lea), key, "lea") == (inside(), HANDED_IN)
        assert Member.objects.get(user=lea).first_entered_at == entered

        Member.objects.filter(user=lea).update(first_entered_at=entered - timedelta(days=7))
        with committed():
            assert knock(signed_in(max_), key, "max") == (inside(), HANDED_IN)
            assert knock(signed_in(lea), key, "lea") == (inside(), not_taken("session-read-only"))
        assert (problem_is_open(signed_in(lea), key), problem_is_open(signed_in(max_), key)) == (False, True)
