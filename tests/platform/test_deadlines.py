"""Deadlines of an edition where the platform shows and enforces them: everybody's, and each learner's own."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from django.test import TestCase
from edx_toggles.toggles.testutils import override_waffle_flag
from edx_when import api as edx_when
from lms.djangoapps.ccx.models import CcxFieldOverride
from openedx.features.course_experience import RELATIVE_DATES_FLAG

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, DeadlinePolicy
from cohort_sessions.edxapp.hooks import dates
from tests.platform import courses
from tests.platform.sessions import create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _dates_of_assignments():
    """On the dates tab, which shows them in every course only behind this flag of the platform."""
    with override_waffle_flag(RELATIVE_DATES_FLAG, active=True):
        yield


@pytest.fixture
def today(now):
    """This moment, to the second."""
    return now.replace(microsecond=0)


@pytest.fixture
def tides(committed, today):
    """A course that began 110 days ago: its first lesson was due 102 days ago, its second is due never."""
    with committed():
        return courses.create_course(sections=2, start=today - 110 * DAY, due_of_first=today - 102 * DAY)


@pytest.fixture
def people(make_user):
    """Four learners."""
    return {name: make_user(name) for name in ("lea", "max", "omar", "yuki")}


@pytest.fixture
def spring(tides, people, today):
    """
    A session that opened ten days ago, and takes the deadlines along: the first lesson was due two days ago.

    Lea has five extra days; Max's own window closes in a day, but already did so in the lesson's sense: nothing of his
    differs. Yuki's closed three days ago. Omar is an ordinary member.
    """
    session = make_session(tides.key, today, members=people.values())
    give(session, "lea", extra_days=5)
    give(session, "max", closes_at=today + DAY)
    give(session, "yuki", closes_at=today - 3 * DAY)
    return session


def make_session(base_key, today, *, opens: int = -10, **values):
    """A session that opened so many days before this very moment, to the second, and closes in ten days."""
    window = {"opens_at": today + opens * DAY, "closes_at": today + 10 * DAY}
    return create_session(base_key, **window, **values)


def give(session, username: str, **values) -> None:
    """Give a member dates of their own, and let the platform follow."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        (line,) = api.set_member_dates(session, [username], **values, reason="", actor=SYSTEM, now=session.opens_at)
        assert line.ok


def decide(session, policy: DeadlinePolicy) -> None:
    """Choose what becomes of the deadlines, and let the platform follow."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        api.set_deadlines(session.editions.get(), policy, actor=SYSTEM, now=session.opens_at)


@pytest.fixture
def shown(learning_api, due_of, today):
    """
    When the first lesson is due for somebody, in days from today, wherever the platform says so: on the dates tab, in
    the outline of the course home, in its apps.
    """

    def look(course_key, user) -> dict[str, float | None]:
        tab = learning_api("/api/course_home/dates/{key}", course_key, user).json()["course_date_blocks"]
        on_tab = [block["date"] for block in tab if block["date_type"] == "assignment-due-date"]
        home = learning_api("/api/course_home/outline/{key}", course_key, user).json()["course_blocks"]["blocks"]
        subsection = str(course_key.make_usage_key("sequential", "subsection_1"))
        found = {"dates tab": on_tab[0] if on_tab else None, "outline": home[subsection]["due"]}
        found = {place: None if due is None else courses.moment(due) for place, due in found.items()}
        found["apps"] = due_of(course_key, user)
        return {place: None if due is None else (due - today) / DAY for place, due in found.items()}

    return look


def everywhere(days: float | None) -> dict[str, float | None]:
    """`shown`, when all places agree."""
    return dict.fromkeys(("dates tab", "outline", "apps"), days)


@pytest.fixture
def is_taken(submit):
    """Whether the platform takes an answer to the first lesson's problem, through the handler's door."""

    def ask(course_key, user) -> bool:
        response = submit(course_key, user, courses.RIGHT)
        return response.status_code == 200 and response.json().get("success") == "correct"

    return ask


class TestWhatIsSeen:
    def test_each_has_their_own_and_it_is_enforced(self, spring, people, shown, is_taken):
        """Yuki's window is over, so that she is not let in at all: she is asked about below."""
        key = edition_key(spring)
        found = {name: (shown(key, people[name]), is_taken(key, people[name])) for name in ("lea", "max", "omar")}
        assert found == {
            "lea": (everywhere(3), True),
            "max": (everywhere(-2), False),
            "omar": (everywhere(-2), False),
        }

    def test_for_whoever_ended_earlier_it_was_due_then(self, spring, people, shown):
        assert shown(edition_key(spring), people["yuki"]) == everywhere(-3)

    def test_other_editions_and_the_base_course_are_not_touched(
        self, spring, tides, people, make_foreign_enrolment, shown, due_of, today
    ):
        sibling = make_session(tides.key, today, members=[people["lea"]], opens=-5, title="Autumn")
        make_foreign_enrolment(tides.key, people["lea"])
        assert shown(edition_key(sibling), people["lea"]) == everywhere(3)
        give(spring, "lea", extra_days=7)
        assert shown(edition_key(sibling), people["lea"]) == everywhere(3)
        assert due_of(tides.key, people["lea"]) == today - 102 * DAY

    def test_a_change_is_seen_and_holds_at_once(self, spring, people, shown, is_taken):
        key, lea, omar = edition_key(spring), people["lea"], people["omar"]
        assert (shown(key, lea), shown(key, omar)) == (everywhere(3), everywhere(-2))
        give(spring, "lea", extra_days=0)
        assert (shown(key, lea), is_taken(key, lea)) == (everywhere(-2), False)
        decide(spring, DeadlinePolicy.NONE)
        assert [shown(key, who) for who in (lea, omar)] == [everywhere(None), everywhere(None)]
        assert [is_taken(key, who) for who in (lea, omar)] == [True, True]
        decide(spring, DeadlinePolicy.KEEP)
        assert (shown(key, omar), is_taken(key, omar)) == (everywhere(-10), False)

    def test_stock_shows_it_five_minutes_later(self, spring, people, is_taken):
        """Without the repair of the names under which edx-when keeps dates."""
        with (
            mock.patch.object(edx_when, "_content_dates_cache_key", dates._stock_content_dates_name),
            mock.patch.object(edx_when, "_processed_results_cache_key", dates._stock_processed_dates_name),
        ):
            key, lea = edition_key(spring), people["lea"]
            assert is_taken(key, lea)
            give(spring, "lea", extra_days=0)
            assert is_taken(key, lea)
        assert not is_taken(key, lea)

    def test_whoever_leaves_has_nothing_left(self, spring, people):
        from edx_when.models import UserDate

        of_lea = UserDate.objects.filter(user=people["lea"], content_date__course_id=edition_key(spring))
        assert of_lea.count() == 1
        with TestCase.captureOnCommitCallbacks(execute=True):
            api.remove_members(spring, ["lea"], actor=SYSTEM, now=spring.opens_at)
        assert of_lea.count() == 0

    def test_progress_is_counted_by_the_edition(self, spring, people, learning_api, host, submit):
        """An answer after the deadline of all others, within her own, counts."""
        key = edition_key(spring)
        submit(key, people["lea"], courses.RIGHT)
        (result,) = host.grades([key], [people["lea"].pk])
        assert result.grade == 0.5


class TestBasePublish:
    def test_everybodys_dates_survive_it_and_follow(
        self, spring, people, shown, is_taken, reschedule_base_course, tides, today, retitle_base_course
    ):
        key = edition_key(spring)
        retitle_base_course(tides.key, "Tides and currents")
        assert [shown(key, people[name]) for name in ("lea", "omar")] == [everywhere(3), everywhere(-2)]
        reschedule_base_course(tides.key, today - 99 * DAY)
        assert [shown(key, people[name]) for name in ("lea", "omar", "yuki")] == [
            everywhere(6),
            everywhere(1),
            everywhere(-3),
        ]
        assert is_taken(key, people["omar"])

    def test_a_new_start_of_the_course_moves_them(self, spring, people, shown, committed, tides, today):
        with committed(), courses.authoring(tides.key) as store:
            course = store.get_course(tides.key)
            course.start = today - 106 * DAY
            store.update_item(course, courses.AUTHOR)
        assert [shown(edition_key(spring), people[name]) for name in ("lea", "omar")] == [
            everywhere(-1),
            everywhere(-6),
        ]


class TestRows:
    """What is written down for all: rows where the base course has a date of its own, and another than the edition."""

    @staticmethod
    def rows(session) -> dict[str, str]:
        found = CcxFieldOverride.objects.filter(ccx_id=edition_key(session).ccx, field="due")
        return {row.location.block_id: row.value for row in found}

    def test_shifted(self, spring, today):
        assert self.rows(spring) == {"subsection_1": f'"{today - 2 * DAY:%Y-%m-%dT%H:%M:%SZ}"'}

    def test_none(self, spring):
        decide(spring, DeadlinePolicy.NONE)
        assert self.rows(spring) == {"subsection_1": "null"}

    def test_kept_where_it_lies_in_the_window(self, committed, today):
        with committed():
            run = courses.create_course(sections=2, due_of_first=today + DAY)
        session = create_session(run.key)
        decide(session, DeadlinePolicy.KEEP)
        assert self.rows(session) == {}

    def test_a_course_without_a_start_of_its_own_is_not_measured_from_the_year_2030(self, committed, today):
        from xmodule.course_metadata_utils import DEFAULT_START_DATE

        with committed():
            run = courses.create_course(start=DEFAULT_START_DATE, due_of_first=today + DAY)
        assert self.rows(create_session(run.key)) == {}

    def test_a_self_paced_course_is_left_alone(self, host, committed, people, today, is_taken):
        with committed():
            run = courses.create_course(self_paced=True, start=today - 110 * DAY, due_of_first=today - 102 * DAY)
        session = create_session(run.key, members=[people["lea"]])
        give(session, "lea", extra_days=5)
        assert self.rows(session) == {}
        assert host.deadlines(run.key, session_rule(session)) == []
        assert is_taken(edition_key(session), people["lea"])

    def test_a_due_date_of_the_whole_base_course_closes_no_edition(self, committed, people, today, is_taken, shown):
        with committed():
            run = courses.create_course(due=today - 50 * DAY)
        session = create_session(run.key, members=[people["lea"]])
        assert self.rows(session) == {}
        assert shown(edition_key(session), people["lea"]) == everywhere(None)
        assert is_taken(edition_key(session), people["lea"])


def session_rule(session):
    """The rule by which the session's edition deals with deadlines."""
    from cohort_sessions.queries.deadlines import deadline_rule

    edition = session.editions.get()
    return deadline_rule(edition.base_key, DeadlinePolicy(edition.deadlines), session.schedule)
