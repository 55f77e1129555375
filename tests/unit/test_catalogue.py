"""*Available sessions*: what is in it, for whom, and in how many queries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Joining, PrerequisiteCondition, RequestStatus, SessionStatus
from cohort_sessions.errors import NotFound
from cohort_sessions.joining import (
    JoinAction,
    JoinDecision,
    Obstacle,
    Seats,
    Standing,
    is_offered_in_catalogue,
)
from cohort_sessions.models import CohortSession, JoinRequest, Member, ParallelGroup, SessionCategory
from cohort_sessions.queries.catalogue import (
    PAGE_SIZE,
    CatalogueCourse,
    CatalogueEntry,
    available_session,
    available_sessions,
    is_offered,
)
from cohort_sessions.queries.prerequisites import Prerequisite
from cohort_sessions.queries.wishes import Wish
from cohort_sessions.timeline import Window
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def open_session(make_session, make_base_course):
    """``open_session("Crew D", members=[…], **values)``: a published session that anybody may join."""

    def make(title: str, *, courses=None, **values) -> CohortSession:
        courses = [make_base_course()] if courses is None else courses
        return make_session(title=title, courses=courses, **{"joining": Joining.OPEN.value} | values)

    return make


def actor(user) -> api.Actor:
    return api.load_actor(user, now=NOW)


def titles(user, **asked) -> list[str]:
    """What this person finds."""
    return [entry.title for entry in available_sessions(user.pk, now=NOW, **asked).entries]


def test_an_entry_is_everything_that_joining_needs_to_know(open_session, make_session, make_base_course, make_user):
    lea, first = make_user("lea"), make_user("first")
    tides, stars = make_base_course(title="Tides"), make_base_course(title="Stars")
    before = make_session(title="Before", courses=[tides], members=[lea], closes_at=NOW - DAY)
    after = make_session(title="After", courses=[stars])
    beside = ParallelGroup.objects.create(name="Evenings")
    session = open_session(
        "Crew D",
        courses=[tides, stars],
        members=[first],
        description="We sail.",
        category=SessionCategory.objects.create(name="Sailing"),
        organisation="Sea",
        capacity=1,
        offer_days=2,
        parallel_group=beside,
        enrolment_opens_at=NOW - DAY,
        enrolment_closes_at=NOW + DAY,
        joining=Joining.CODE.value,
        enrolment_code="mast",
    )
    required = {before: PrerequisiteCondition.FINISHED, after: PrerequisiteCondition.PASSED}
    api.set_prerequisites(session, required, actor=SYSTEM, now=NOW)

    found = available_sessions(lea.pk, now=NOW)

    entry = CatalogueEntry(
        code=session.code,
        title="Crew D",
        description="We sail.",
        category="Sailing",
        organisation="Sea",
        period=Window(NOW - 10 * DAY, NOW + 10 * DAY),
        duration_days=None,
        enrolment=Window(NOW - DAY, NOW + DAY),
        joining=Joining.CODE,
        courses=(CatalogueCourse(tides, "Tides", ""), CatalogueCourse(stars, "Stars", "")),
        seats=Seats(capacity=1, members=1),
        standing=Standing.NONE,
        wish=None,
        prerequisites=(
            Prerequisite(before.code, "Before", PrerequisiteCondition.FINISHED, is_met=True),
            Prerequisite(after.code, "After", PrerequisiteCondition.PASSED, is_met=False),
        ),
        parallel="",
        decision=JoinDecision(JoinAction.NOTHING, Obstacle.PREREQUISITE),
    )
    assert (found.entries, found.total, found.page, found.pages, found.search) == ((entry,), 1, 1, 1, "")
    assert available_session(session.code, user_id=lea.pk, now=NOW) == entry

    api.set_prerequisites(session, {before: PrerequisiteCondition.FINISHED}, actor=SYSTEM, now=NOW)
    (free_to_queue,) = available_sessions(lea.pk, now=NOW).entries
    assert free_to_queue == replace(
        entry, prerequisites=entry.prerequisites[:1], decision=JoinDecision(JoinAction.QUEUE, needs_code=True)
    )


def test_what_cannot_be_joined_is_not_there(open_session, make_base_course, make_user):
    lea = make_user("lea")
    open_session("Open")
    open_session("Soon", enrolment_opens_at=NOW + DAY)
    open_session("Given by its team", joining=Joining.CLOSED.value)
    open_session("Draft", publish=False)
    open_session("Over", closes_at=NOW)
    open_session("Too late", enrolment_closes_at=NOW)
    api.cancel_session(open_session("Called off"), actor=SYSTEM, now=NOW, reason="Storm.")
    assert titles(lea) == ["Open", "Soon"]
    for missing in CohortSession.objects.exclude(title__in=["Open", "Soon"]):
        with pytest.raises(NotFound):
            available_session(missing.code, user_id=lea.pk, now=NOW)


def test_the_condition_in_sql_is_the_rule():
    bounds = (None, NOW - DAY, NOW, NOW + DAY)
    kinds = product(SessionStatus, Joining, bounds, bounds)
    sessions = CohortSession.objects.bulk_create(
        CohortSession(
            code=f"s{number}",
            title="S",
            status=status.value,
            joining=joining.value,
            enrolment_code="mast",
            closes_at=closes_at,
            enrolment_closes_at=enrolment_closes_at,
            created_at=NOW,
            modified_at=NOW,
        )
        for number, (status, joining, closes_at, enrolment_closes_at) in enumerate(kinds)
    )
    by_rule = {session.code for session in sessions if is_offered_in_catalogue(session.join_terms, NOW)}
    assert {session.code for session in CohortSession.objects.filter(is_offered(NOW))} == by_rule
    assert len(by_rule) == 3 * 2 * 2


def test_what_somebody_waits_for_comes_first_whatever_became_of_the_enrolment(open_session, make_user, now):
    lea, first, second = (make_user(name) for name in ("lea", "first", "second"))
    open_session("Anybody's", opens_at=None)
    line = open_session("Waiting", members=[first], capacity=1)
    for user in (second, lea):
        api.join_session(line, actor=actor(user), now=NOW)
    offer = open_session("Offered", members=[first], capacity=1, offer_days=3)
    api.join_session(offer, actor=actor(lea), now=NOW)
    api.remove_members(offer, ["first"], actor=SYSTEM, now=NOW)
    asked = open_session("Asked", joining=Joining.APPROVAL.value)
    api.join_session(asked, actor=actor(lea), now=NOW)
    own = open_session("Joined", opens_at=NOW + DAY)
    api.join_session(own, actor=actor(lea), now=NOW)
    CohortSession.objects.filter(title__in=["Waiting", "Asked"]).update(enrolment_closes_at=NOW)

    found = available_sessions(lea.pk, now=NOW).entries

    assert [(entry.title, entry.standing, entry.wish, entry.decision.action) for entry in found] == [
        ("Offered", Standing.OFFERED, Wish(Standing.OFFERED, None, NOW + 3 * DAY), JoinAction.ACCEPT),
        ("Asked", Standing.REQUESTED, Wish(Standing.REQUESTED), JoinAction.NOTHING),
        ("Waiting", Standing.WAITING, Wish(Standing.WAITING, 2), JoinAction.NOTHING),
        ("Anybody's", Standing.NONE, None, JoinAction.JOIN),
        ("Joined", Standing.MEMBER, None, JoinAction.NOTHING),
    ]
    assert titles(first) == ["Anybody's", "Offered", "Joined"]
    assert available_session(line.code, user_id=second.pk, now=NOW).wish == Wish(Standing.WAITING, 1)


def test_an_offer_that_ran_out_is_no_wish_any_more(open_session, make_user):
    lea, first = make_user("lea"), make_user("first")
    session = open_session("Offered", members=[first], capacity=1, offer_days=3)
    api.join_session(session, actor=actor(lea), now=NOW)
    api.remove_members(session, ["first"], actor=SYSTEM, now=NOW)
    assert JoinRequest.objects.get().status == RequestStatus.OFFERED
    (entry,) = available_sessions(lea.pk, now=NOW + 3 * DAY).entries
    assert (entry.standing, entry.wish, entry.seats.free, entry.decision.action) == (
        Standing.NONE,
        None,
        1,
        JoinAction.JOIN,
    )


@pytest.mark.parametrize("how", ["place", "line"])
def test_a_parallel_session_is_named(how, open_session, make_user):
    lea, first = make_user("lea"), make_user("first")
    evenings = ParallelGroup.objects.create(name="Evenings")
    monday = open_session("Monday", parallel_group=evenings, capacity=1, members=[first] if how == "line" else [])
    open_session("Tuesday", parallel_group=evenings)
    open_session("Elsewhere")
    api.join_session(monday, actor=actor(lea), now=NOW)
    found = {entry.title: (entry.parallel, entry.decision) for entry in available_sessions(lea.pk, now=NOW).entries}
    already = Obstacle.ALREADY_MEMBER if how == "place" else Obstacle.ALREADY_WAITING
    assert found == {
        "Monday": ("", JoinDecision(JoinAction.NOTHING, already)),
        "Tuesday": ("Monday", JoinDecision(JoinAction.NOTHING, Obstacle.PARALLEL)),
        "Elsewhere": ("", JoinDecision(JoinAction.JOIN)),
    }
    assert {entry.parallel for entry in available_sessions(make_user("sam").pk, now=NOW).entries} == {""}


def test_words_of_a_search_must_all_be_found_in_titles_category_organisation_or_courses(
    open_session, make_base_course, make_user
):
    lea, sailing = make_user("lea"), SessionCategory.objects.create(name="Sailing")
    tides, stars = make_base_course(title="Reading the Tides"), make_base_course(title="Stars")
    open_session("Crew D", courses=[tides, stars], category=sailing)
    open_session("Crew E", courses=[stars], organisation="Sailmakers")
    taken_out = open_session("Crew F", courses=[stars, tides])
    api.remove_courses(taken_out, [tides], actor=SYSTEM, now=NOW)
    found = {
        search: titles(lea, search=search)
        for search in ("TIDES", " sail  crew ", "stars sailing", "crew", "crew x", "%")
    }
    assert found == {
        "TIDES": ["Crew D"],
        " sail  crew ": ["Crew D", "Crew E"],
        "stars sailing": ["Crew D"],
        "crew": ["Crew D", "Crew E", "Crew F"],
        "crew x": [],
        "%": [],
    }
    assert available_sessions(lea.pk, now=NOW, search=" sail ").search == "sail"


def test_pages(open_session, make_base_course, make_user):
    lea = make_user("lea")
    session = open_session("S 00")
    copies(session, 2 * PAGE_SIZE)
    first, second, third = (available_sessions(lea.pk, now=NOW, page=page) for page in (1, 2, 3))
    assert [(each.page, each.pages, each.total, len(each.entries)) for each in (first, second, third)] == [
        (1, 3, 41, 20),
        (2, 3, 41, 20),
        (3, 3, 41, 1),
    ]
    everything = [entry.title for each in (first, second, third) for entry in each.entries]
    assert everything == sorted(set(everything))
    assert [available_sessions(lea.pk, now=NOW, page=page).page for page in (0, 99)] == [3, 3]
    assert available_sessions(make_user("sam").pk, now=NOW, search="nothing").pages == 1


def copies(session: CohortSession, count: int) -> list[CohortSession]:
    """More sessions like this one, with a course, a member and somebody waiting as it has."""
    rows = []
    for number in range(1, count + 1):
        values = {field.attname: getattr(session, field.attname) for field in session._meta.concrete_fields}
        changes = {"id": None, "uuid": f"{number:032x}", "code": f"copy-{number}", "title": f"S {number:02}"}
        rows.append(CohortSession.objects.create(**values | changes))
        for related in (*session.members.all(), *session.requests.all(), *session.prerequisites.all()):
            related.pk, related.session = None, rows[-1]
            related.save()
        for edition in session.editions.all():
            edition.pk, edition.session, edition.uuid = None, rows[-1], f"{1000 + number:032x}"
            edition.edition_key = f"{edition.edition_key}{number}"
            edition.save()
    return rows


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize(("search", "queries"), [("", 10), ("s", 11)])
def test_the_number_of_queries_does_not_grow(
    count, search, queries, open_session, make_session, make_user, django_assert_num_queries
):
    lea, first, second = (make_user(name) for name in ("lea", "first", "second"))
    before, passed = (make_session(title=title, courses=[], publish=False) for title in ("Before", "Passed"))
    evenings = ParallelGroup.objects.create(name="Evenings")
    session = open_session("S 00", members=[first], capacity=1, parallel_group=evenings)
    required = {before: PrerequisiteCondition.FINISHED, passed: PrerequisiteCondition.PASSED}
    for user in (second, lea):
        api.join_session(session, actor=actor(user), now=NOW)
    api.set_prerequisites(session, required, actor=SYSTEM, now=NOW)
    copies(session, count - 1)
    hidden = {"Draft": {"publish": False}, "Over": {"closes_at": NOW}, "Closed": {"joining": Joining.CLOSED.value}}
    for title, values in hidden.items():
        open_session(f"S {title}", **values)
    with django_assert_num_queries(queries):
        found = available_sessions(lea.pk, now=NOW, search=search)
    shown = min(count, PAGE_SIZE)
    assert [entry.title for entry in found.entries] == [f"S {number:02}" for number in range(shown)]
    assert found.total == count
    assert {(entry.wish, len(entry.prerequisites), len(entry.courses), entry.seats) for entry in found.entries} == {
        (Wish(Standing.WAITING, 2), 2, 1, Seats(capacity=1, members=1, waiting=2))
    }
    assert Member.objects.filter(user=lea).count() == 0
