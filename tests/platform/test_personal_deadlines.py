"""Deadlines of single people are rows of edx-when: whose they are, who wins, and what they cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from edx_when.models import UserDate
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import TeamRole
from cohort_sessions.host import Deadlines, PersonalWindow, TeamGrant
from cohort_sessions.timeline import Window
from tests.platform import courses

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)


@pytest.fixture
def due(tomorrow):
    """When the lesson is due for everybody."""
    return tomorrow + 4 * DAY


@pytest.fixture
def lea(make_user):
    return make_user("lea")


@pytest.fixture
def coach(make_user):
    return make_user("cora")


@pytest.fixture
def spec(make_base_course, make_edition, enrol, lea, make_user, coach, running, due):
    """An edition in which Lea has three extra days, Max none, and Cora coaches."""
    team = (TeamGrant(coach.pk, TeamRole.SESSION_COACH),)
    spec = make_edition(base_key=make_base_course(due=due), deadlines=with_extra(running, {lea: 3}), team=team)
    enrol(spec.edition_key, lea, make_user("max"))
    return spec


def with_extra(ordinary: Window, days: dict) -> Deadlines:
    """Dates are kept; these people have so many extra days."""
    people = [
        PersonalWindow(user.pk, Window(ordinary.opens_at, ordinary.closes_at + number * DAY), number)
        for user, number in days.items()
    ]
    return Deadlines(ordinary=ordinary, personal=tuple(sorted(people)))


@pytest.fixture
def again(host, spec, running):
    """Apply the edition with these extra days, without a failure; the facets that changed."""

    def apply(days: dict) -> tuple[str, ...]:
        report = host.apply_edition(replace(spec, revision=2, deadlines=with_extra(running, days)))
        assert report.failed == ()
        return report.changed

    return apply


@pytest.fixture
def extend(signed_in, coach, spec):
    """Give somebody another date in the extension tool of the instructor dashboard, or take theirs back."""

    def change(user, due) -> None:
        address = f"/courses/{spec.edition_key}/instructor/api/{'reset' if due is None else 'change'}_due_date"
        subsection = spec.edition_key.make_usage_key("sequential", "subsection_1")
        body = {"student": user.username, "url": str(subsection)}
        if due is not None:
            body["due_datetime"] = f"{due:%m/%d/%Y %H:%M:%S}"
        response = signed_in(coach).post(address, body)
        assert response.status_code == 200, response.content

    return change


class TestByHand:
    def test_an_extension_given_by_hand_stays_and_wins(self, extend, again, lea, spec, due, due_of):
        extend(lea, due + 10 * DAY)
        assert due_of(spec.edition_key, lea) == due + 10 * DAY
        for days in ({lea: 3}, {lea: 12}, {}):
            again(days)
            assert due_of(spec.edition_key, lea) == due + 10 * DAY

    def test_so_does_one_that_was_there_before_ours(self, extend, again, make_user, spec, due, due_of):
        max_ = make_user("max")
        extend(max_, due + 2 * DAY)
        again({max_: 5})
        assert due_of(spec.edition_key, max_) == due + 2 * DAY

    def test_one_taken_back_leaves_what_the_session_gives(self, extend, again, lea, spec, due, due_of):
        extend(lea, due + 10 * DAY)
        extend(lea, None)
        assert again({lea: 3}) == ("personal_deadlines", "dates_version")
        assert due_of(spec.edition_key, lea) == due + 3 * DAY
        assert again({lea: 3}) == ()

    def test_nobody_elses_rows_are_ever_touched(self, extend, again, lea, make_user, coach, due):
        max_ = make_user("max")
        extend(lea, due + 10 * DAY)
        extend(max_, due + DAY)
        by_hand = UserDate.objects.filter(actor=coach)
        before = list(by_hand.order_by("pk").values())
        for days in ({lea: 3, max_: 3}, {lea: 1}, {}):
            again(days)
        assert (len(before), list(by_hand.order_by("pk").values())) == (2, before)
        assert not UserDate.objects.exclude(actor=coach).exists()


class TestOurs:
    def test_they_say_whose_they_are(self, spec, lea, due, settings):
        (row,) = UserDate.objects.filter(content_date__course_id=spec.edition_key)
        assert (row.user, row.abs_date, row.actor.username, row.reason) == (
            lea,
            due + 3 * DAY,
            settings.COHORT_SESSIONS_SERVICE_USERNAME,
            "cohort_sessions: the person's own dates in the session",
        )

    def test_only_what_differs_is_written(self, again, lea, make_user):
        before = list(UserDate.objects.values())
        assert again({lea: 3, make_user("max"): 4}) == ("personal_deadlines", "dates_version")
        assert list(UserDate.objects.filter(user=lea).values()) == before
        assert again({lea: 3, make_user("max"): 4}) == ()

    def test_two_workers_at_once_leave_one(self, again, lea, due, spec):
        twin = UserDate.objects.get(user=lea)
        twin.pk = None
        twin.save()
        assert again({lea: 3}) == ("personal_deadlines", "dates_version")
        assert UserDate.objects.filter(user=lea).count() == 1

    def test_a_forgotten_edition_takes_them_along(self, host, spec, lea):
        with transaction.atomic():
            host.discard_edition(spec.edition_key)
        assert not UserDate.objects.filter(user=lea).exists()


class TestCost:
    """A fixed number of statements, plus one for each batch of rows; SQLite itself takes a hundred-odd rows a batch."""

    @pytest.fixture
    def long_course(self, committed, due) -> CourseKey:
        """Twenty lessons, each with a deadline."""
        with committed():
            run = courses.create_course(sections=0)
            with courses.authoring(run.key):
                for number in range(1, 21):
                    courses.add_section(run.key, number, due=due + number * DAY)
        return run.key

    def test_for_five_hundred_people_in_a_course_of_twenty_deadlines(
        self, host, make_edition, long_course, running, statements, django_user_model
    ):
        django_user_model.objects.bulk_create(django_user_model(username=f"learner-{n}") for n in range(500))
        people = list(django_user_model.objects.filter(username__startswith="learner-"))
        spec = make_edition(base_key=long_course, deadlines=with_extra(running, {}))
        dates = UserDate.objects.filter(content_date__course_id=spec.edition_key)

        def apply(days: dict) -> tuple[int, dict[str, int]]:
            with statements() as queries:
                host.apply_edition(replace(spec, deadlines=with_extra(running, days)))
            of_dates = [query.split()[0] for query in queries if "edx_when_userdate" in query]
            return dates.count(), {verb: of_dates.count(verb) for verb in sorted(set(of_dates))}

        assert apply(dict.fromkeys(people, 3)) == (10_000, {"INSERT": 81, "SELECT": 2})
        assert apply(dict.fromkeys(people[:499], 3)) == (9_980, {"DELETE": 1, "SELECT": 2})
        assert apply(dict.fromkeys(people[:499], 3)) == (9_980, {"SELECT": 1})
        assert apply({}) == (0, {"DELETE": 2, "SELECT": 2})
