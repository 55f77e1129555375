"""What the platform shows of a learner's dates and problems is their own, costs no SQL, and holds under masquerade."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from edx_toggles.toggles.testutils import override_waffle_switch

from cohort_sessions.edxapp.hooks import visits
from cohort_sessions.edxapp.toggles import DISABLE_GUARD
from cohort_sessions.models import Member
from tests.platform import courses
from tests.platform.entrances import unit
from tests.platform.sessions import create_session, edition_key
from tests.platform.windows import give_dates, problem_is_open

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("every_api")]


@pytest.fixture
def lea(make_user):
    return make_user("lea")


@pytest.fixture
def max_(make_user):
    return make_user("max")


@pytest.fixture
def cora(make_user):
    return make_user("cora")


@pytest.fixture
def told(signed_in):
    """What the front ends are told of the course's beginning and end: by the name of the answer, (start, end)."""

    def ask(key, user):
        client, name = signed_in(user), str(key).replace("+", "%2B")

        def get(address):
            return json.loads(client.get(address.format(key=name, username=user.username)).content)

        dates, outline = get("/api/course_home/dates/{key}"), get("/api/course_home/outline/{key}")
        home, course = get("/api/course_home/course_metadata/{key}"), get("/api/courseware/course/{key}")
        mobile = get("/api/mobile/v3/course_info/blocks/?course_id={key}&username={username}&depth=all")
        details = get("/api/mobile/v3/course_info/{key}/enrollment_details")["course_info_overview"]
        return {
            "dates": _of_blocks(dates["course_date_blocks"]),
            "outline": _of_blocks(outline["dates_widget"]["course_date_blocks"]),
            "course home": (_moment(home["start"]), None),
            "courseware": (_moment(course["start"]), _moment(course["end"])),
            "progress": (None, _moment(get("/api/course_home/progress/{key}")["end"])),
            "mobile": (_moment(mobile["start"]), _moment(mobile["end"])),
            "mobile details": (_moment(details["start"]), _moment(details["end"])),
            "has ended": (dates["has_ended"], outline["has_ended"]),
        }

    return ask


def all_say(start, end, *, ended):
    """`told` where every answer agrees. The outline's widget shows what is ahead, and the end always."""
    both = (start, end)
    return {
        "dates": both,
        "outline": (None, end),
        "course home": (start, None),
        "courseware": both,
        "progress": (None, end),
        "mobile": both,
        "mobile details": both,
        "has ended": (ended, ended),
    }


class TestDates:
    def test_each_learner_is_told_their_own(self, base_key, lea, max_, cora, told):
        session = create_session(base_key, members=[lea, max_], coaches=[cora], opens=-10, closes=10)
        give_dates(session, lea, opens=-20, closes=-1)
        give_dates(session, max_, extra_days=5)
        key, own = edition_key(session), Member.objects.get(user=lea)
        last = session.closes_at + timedelta(days=5)
        assert told(key, lea) == all_say(_second(own.opens_at), _second(own.closes_at), ended=True)
        assert told(key, max_) == all_say(_second(session.opens_at), _second(last), ended=False)
        # Those who teach see the course as a whole: from the first opening to the last closing.
        assert told(key, cora) == all_say(_second(own.opens_at), _second(last), ended=False)

    def test_the_days_of_a_duration_session_end_where_hers_do(self, base_key, lea, max_, told, committed):
        session = create_session(base_key, members=[lea, max_], opens=None, closes=None, duration_days=7)
        key, entered = edition_key(session), timezone.now() - timedelta(days=2)
        Member.objects.filter(user=lea).update(first_entered_at=entered)
        with committed():
            ends = {user.username: told(key, user)["courseware"][1] for user in (lea, max_)}
        assert ends["lea"] == _second(entered + timedelta(days=7))
        assert timedelta(days=6) < ends["max"] - timezone.now() <= timedelta(days=7)

    def test_where_work_goes_on_after_the_end_the_course_has_none(self, base_key, lea, max_, told):
        session = create_session(base_key, members=[lea, max_], after_close="full")
        give_dates(session, lea, closes=-1)
        key = edition_key(session)
        assert told(key, lea) == told(key, max_) == all_say(_second(session.opens_at), None, ended=False)

    def test_a_self_paced_course_starts_too_when_the_session_opens(self, base_key, lea, signed_in, committed):
        with committed(), courses.authoring(base_key) as store:
            course = store.get_course(base_key)
            course.self_paced = True
            store.update_item(course, courses.AUTHOR)
        session = create_session(base_key, members=[lea], opens=-10)
        blocks = signed_in(lea).get(f"/api/course_home/dates/{edition_key(session)}").json()["course_date_blocks"]
        # The platform would call it the date of her enrolment, which is today.
        assert (blocks[0]["title"], _moment(blocks[0]["date"])) == ("Course starts", _second(session.opens_at))

    def test_other_courses_keep_theirs(self, base_key, lea, signed_in, make_foreign_enrolment):
        make_foreign_enrolment(base_key, lea)
        course, dates = (
            signed_in(lea).get(f"/api/{api}/{base_key}").json() for api in ("courseware/course", "course_home/dates")
        )
        assert (_moment(course["start"]), course["end"]) == (courses.LONG_AGO, None)
        assert dates["has_ended"] is False

    def test_without_the_guard_everybody_is_told_the_envelope(self, base_key, lea, max_, told):
        session = create_session(base_key, members=[lea, max_])
        give_dates(session, lea, closes=-1)
        with override_waffle_switch(DISABLE_GUARD, active=True):
            courseware = told(edition_key(session), lea)["courseware"]
        assert courseware == (_second(session.opens_at), _second(session.closes_at))


class TestMasquerade:
    """Who looks at the course as a learner sees what that learner would."""

    @pytest.fixture
    def key(self, base_key, lea, max_, cora):
        session = create_session(base_key, members=[lea, max_], coaches=[cora], opens=-10, closes=-1)
        give_dates(session, max_, extra_days=5)
        return edition_key(session)

    @pytest.fixture
    def as_(self, cora, key, signed_in):
        client = signed_in(cora)

        def look(**whom):
            address = f"/courses/{key}/masquerade"
            response = client.post(address, json.dumps({"role": "student"} | whom), content_type="application/json")
            assert response.json() == {"success": True}
            return client

        return look

    def test_a_problem_is_closed_as_it_is_for_that_learner(self, key, as_, cora, signed_in):
        assert problem_is_open(signed_in(cora), key)
        assert not problem_is_open(as_(user_name="lea"), key)
        assert problem_is_open(as_(user_name="max"), key)

    def test_nobody_in_particular_keeps_to_the_envelope(self, key, as_):
        assert problem_is_open(as_(), key)

    def test_the_dates_are_that_learners(self, key, as_):
        client = as_(user_name="lea")
        blocks = client.get(f"/api/course_home/dates/{key}").json()["course_date_blocks"]
        assert _of_blocks(blocks)[1] < timezone.now()


class TestCost:
    def test_a_persons_own_end_costs_no_statement(self, base_key, lea, signed_in, statements, monkeypatch):
        session = create_session(base_key, members=[lea])
        give_dates(session, lea, closes=-1)
        key, client = edition_key(session), signed_in(lea)

        def count():
            for _ in range(2):
                with statements() as found:
                    assert unit(client, key).status_code == 200
            return len(found)

        with_visits = count()
        monkeypatch.setattr(visits, "remember", lambda *args, **kwargs: None)
        assert count() == with_visits

    def test_one_more_learner_is_one_query(self, base_key, lea, cora, django_assert_num_queries):
        key = edition_key(create_session(base_key, members=[lea], coaches=[cora]))
        edition = visits.edition_access(key, user_id=cora.pk, is_platform_admin=False, now=timezone.now())
        visits.remember(edition, user_id=cora.pk, now=timezone.now())
        with django_assert_num_queries(1):
            assert visits.visit_of(lea.pk, key).edition.is_member
            assert visits.visit_of(lea.pk, key.for_branch("published-branch")).edition.is_member

    def test_outside_a_request_nobody_is_known(self, base_key, lea, django_assert_num_queries):
        key = edition_key(create_session(base_key, members=[lea]))
        with django_assert_num_queries(0):
            assert visits.visit_of(lea.pk, key) is None
            assert visits.visit_of(lea.pk, base_key) is None


def _of_blocks(blocks):
    dates = {block["date_type"]: _moment(block["date"]) for block in blocks}
    return dates.get("course-start-date"), dates.get("course-end-date")


def _moment(text):
    moment = parse_datetime(text) if text else None
    return None if moment is None else _second(moment)


def _second(moment):
    """The platform keeps the dates of courses to the second."""
    return moment.replace(microsecond=0)
