"""Headings under which sessions stand together, made by those who manage sessions."""

from __future__ import annotations

import pytest

from cohort_sessions.data import SYSTEM, TeamRole
from cohort_sessions.errors import InvalidInput, NotAllowed
from cohort_sessions.models import AdministratorScope, SessionCategory
from cohort_sessions.operations.categories import open_category
from cohort_sessions.operations.team import assign_course_coaches, assign_session_team
from cohort_sessions.queries.actors import load_actor

pytestmark = pytest.mark.django_db(databases="__all__")


def test_one_name_is_one_category_however_it_is_written():
    made = open_category("  Summer   term ", actor=SYSTEM)
    assert made.name == "Summer term"
    assert [open_category(name, actor=SYSTEM) for name in ("Summer term", "SUMMER TERM")] == [made, made]
    assert open_category("Summer", actor=SYSTEM) != made
    assert SessionCategory.objects.count() == 2


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_a_name_that_cannot_stand(name):
    with pytest.raises(InvalidInput) as refusal:
        open_category(name, actor=SYSTEM)
    assert refusal.value.errors == {"category": "Give a name of at most 100 letters."}
    assert SessionCategory.objects.count() == 0


def test_only_those_who_manage_a_session(make_user, make_session, make_base_course, now):
    people = {name: make_user(name) for name in ("rita", "olga", "greta", "ben", "cleo", "lea", "sam")}
    people["root"] = make_user("root", is_staff=True)
    AdministratorScope.objects.create(user=people["rita"], organisation="", assigned_at=now)
    AdministratorScope.objects.create(user=people["olga"], organisation="Sea", assigned_at=now)
    course = make_base_course()
    session = make_session(courses=[course], members=[people["lea"]])
    assign_session_team(session, TeamRole.ADMINISTRATOR, ["greta"], actor=SYSTEM, now=now)
    assign_session_team(session, TeamRole.SESSION_COACH, ["ben"], actor=SYSTEM, now=now)
    assign_course_coaches(session.editions.get(), ["cleo"], actor=SYSTEM, now=now)
    allowed = set()
    for name, user in people.items():
        try:
            open_category(f"For {name}", actor=load_actor(user, now=now))
        except NotAllowed:
            continue
        allowed.add(name)
    assert allowed == {"rita", "olga", "greta", "root"}
    assert {each.name for each in SessionCategory.objects.all()} == {f"For {name}" for name in allowed}
