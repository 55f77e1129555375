"""What is left of a course once it has closed to a learner, while it is open to others, and what they are told."""

from __future__ import annotations

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cohort_sessions.models import Member
from tests.contract import Stored
from tests.platform.entrances import completion, metadata, unit
from tests.platform.sessions import create_session, edition_key
from tests.platform.windows import (
    HANDED_IN,
    UNKNOWN_TO_WRITERS,
    give_dates,
    inside,
    knock,
    not_taken,
    problem_is_open,
    read,
    refused,
    unknown,
)

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("every_api")]

AFTER_CLOSE = {
    "read_only": (inside(), not_taken("session-read-only")),
    "full": (inside(), HANDED_IN),
    "hidden": (unknown(), UNKNOWN_TO_WRITERS),
}
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def lea(make_user):
    return make_user("lea")


@pytest.fixture
def max_(make_user):
    return make_user("max")


@pytest.mark.parametrize("mode", AFTER_CLOSE)
def test_each_mode_holds_from_ones_own_end(mode, base_key, lea, max_, signed_in):
    session = create_session(base_key, members=[lea, max_], after_close=mode)
    give_dates(session, lea, closes=-1)
    key = edition_key(session)
    assert knock(signed_in(lea), key, "lea") == AFTER_CLOSE[mode]
    assert knock(signed_in(max_), key, "max") == (inside(), HANDED_IN)


@pytest.mark.parametrize("mode", AFTER_CLOSE)
def test_and_for_all_but_one_where_one_has_more_time(mode, base_key, lea, max_, signed_in):
    session = create_session(base_key, members=[lea, max_], after_close=mode, opens=-10, closes=-1)
    give_dates(session, lea, extra_days=5)
    key = edition_key(session)
    assert knock(signed_in(max_), key, "max") == AFTER_CLOSE[mode]
    assert knock(signed_in(lea), key, "lea") == (inside(), HANDED_IN)


@pytest.mark.parametrize(("mode", "counts"), [("read_only", False), ("full", True)])
def test_the_problem_says_what_the_door_says(mode, counts, base_key, lea, max_, signed_in, answer, stored):
    session = create_session(base_key, members=[lea, max_], after_close=mode)
    give_dates(session, lea, closes=-1)
    key = edition_key(session)
    assert (problem_is_open(signed_in(lea), key), problem_is_open(signed_in(max_), key)) == (counts, True)
    assert (answer(key, lea), answer(key, max_)) == (counts, True)
    if not counts:
        assert stored(key, lea) == Stored(is_enrolled=True)


def test_problems_stay_open_for_whom_has_days_left(base_key, lea, max_, signed_in):
    session = create_session(base_key, members=[lea, max_], opens=-10, closes=-1)
    give_dates(session, lea, extra_days=5)
    key = edition_key(session)
    assert (problem_is_open(signed_in(lea), key), problem_is_open(signed_in(max_), key)) == (True, False)


class TestWhatIsSaid:
    """Each is told of their own dates, in their own time zone."""

    @pytest.fixture
    def session(self, base_key, lea, max_):
        from openedx.core.djangoapps.user_api.preferences.api import set_user_preference

        set_user_preference(lea, "time_zone", "Asia/Tokyo")
        return create_session(base_key, members=[lea, max_], opens=-10, closes=10)

    def local(self, moment):
        return date_format(moment.astimezone(TOKYO), "DATE_FORMAT")

    def test_when_it_opens_and_that_it_has_not(self, session, lea, signed_in):
        give_dates(session, lea, opens=3)
        key, client, opens_at = edition_key(session), signed_in(lea), Member.objects.get(user=lea).opens_at
        problem = completion(client, key).json()
        assert problem["type"] == "urn:cohort-sessions:problem:session-not-open-yet"
        assert problem["opens_at"] == _json_moment(opens_at)
        words = f"This session has not opened yet. Its courses open on {self.local(opens_at)}"
        assert problem["detail"].startswith(words)
        page = unit(client, key)
        assert page.status_code == 403
        assert "This session has not opened yet" in page.content.decode()
        assert self.local(opens_at) in page.content.decode()

    def test_when_it_was_over_and_what_is_left(self, session, lea, signed_in):
        give_dates(session, lea, closes=-1)
        key, closes_at = edition_key(session), Member.objects.get(user=lea).closes_at
        problem = completion(signed_in(lea), key).json()
        assert (problem["type"], problem["closes_at"]) == (
            "urn:cohort-sessions:problem:session-read-only",
            _json_moment(closes_at),
        )
        assert problem["detail"].startswith(f"This session has ended. It was open until {self.local(closes_at)}")
        assert problem["detail"].endswith("You can still look back at its courses, but not hand anything in.")
        page = signed_in(lea).post(reverse("generate_user_cert", args=[key]), HTTP_ACCEPT="text/html")
        assert page.status_code == 403
        assert self.local(closes_at) in page.content.decode()
        assert "You can still look back at its courses, but not hand anything in." in page.content.decode()

    def test_the_front_ends_are_told_as_much(self, session, lea, max_, signed_in):
        give_dates(session, lea, opens=3)
        key, opens_at = edition_key(session), Member.objects.get(user=lea).opens_at
        for address in (f"/api/course_home/course_metadata/{key}", f"/api/courseware/course/{key}"):
            access = json.loads(signed_in(lea).get(address).content)["course_access"]
            assert not access["has_access"]
            assert access["user_message"].startswith(
                f"This session has not opened yet. Its courses open on {self.local(opens_at)}"
            )
        assert metadata(signed_in(max_), key).json()["course_access"]["has_access"]

    def test_a_team_whose_time_is_over_is_told_when_that_was(self, base_key, make_user, signed_in):
        cora, now = make_user("cora"), timezone.now()
        over = {"team_closes_at": now - timedelta(hours=1), "after_close": "hidden"}
        key = edition_key(create_session(base_key, coaches=[cora], opens=-10, closes=-1, **over))
        access = metadata(signed_in(cora), key).json()["course_access"]
        assert access["user_message"].startswith("This session has ended. It was open until ")
        assert access["user_message"].endswith("Its courses can no longer be entered.")
        assert read(signed_in(cora), key, "cora") == refused("session-ended")


def _json_moment(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
