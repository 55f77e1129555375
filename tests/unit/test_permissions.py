"""Who may do what: the table of the design, and that lists and checks cannot disagree."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from ccx_keys.locator import CCXLocator
from django.contrib.auth import get_user_model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import permissions
from cohort_sessions.data import ANONYMOUS, SYSTEM, Actor, Lock, MemberStatus, SessionStatus, TeamRole
from cohort_sessions.models import (
    AdministratorScope,
    CohortSession,
    CourseEdition,
    EditionCoach,
    EditionResult,
    Member,
    SessionLock,
    SessionTeamMember,
)
from cohort_sessions.queries.actors import load_actor

NOW = datetime(2026, 4, 1, tzinfo=UTC)
TIDES = CourseKey.from_string("course-v1:Sea+Tides+1")
STARS = CourseKey.from_string("course-v1:Sky+Stars+1")
MODELS = (CohortSession, CourseEdition, Member, SessionTeamMember, EditionCoach, EditionResult)

pytestmark = pytest.mark.django_db


def make_account(username: str, **flags):
    """An account straight in the table; permissions need no more of the host."""
    return get_user_model().objects.create(username=username, email=f"{username}@example.com", **flags)


def make_session(code: str, organisation: str, *locks: Lock, status: SessionStatus = SessionStatus.PUBLISHED):
    """A session of two courses with these locks."""
    session = CohortSession.objects.create(
        code=code, title=code, organisation=organisation, status=status.value, created_at=NOW, modified_at=NOW
    )
    for lock in locks:
        SessionLock.objects.create(session=session, name=lock.value, locked_at=NOW)
    for base_key in (TIDES, STARS):
        edition_key = CCXLocator.from_course_locator(base_key, str(10 * session.pk + (base_key == STARS)))
        CourseEdition.objects.create(session=session, base_key=base_key, edition_key=edition_key)
    return session


@pytest.fixture(name="world")
def world_of_three_sessions() -> SimpleNamespace:
    """Two organisations, three sessions with different locks; each with a learner, and a team of its own."""
    users = {name: make_account(name) for name in ("ada", "ben", "cleo", "dora", "lea", "max", "nobody")}
    sessions = [
        make_session("open", "Sea"),
        make_session("locked", "Sea", Lock.ENROLMENT, Lock.TEAM),
        make_session("other", "Sky", Lock.TEAM),
    ]
    for session in sessions:
        for learner in ("lea", "max"):
            member = Member.objects.create(session=session, user=users[learner], enrolled_at=NOW)
            for edition in session.editions.all():
                EditionResult.objects.create(member=member, edition=edition, as_of=NOW)
    for session in sessions[:2]:
        SessionTeamMember.objects.create(
            session=session, user=users["ben"], role=TeamRole.SESSION_COACH.value, assigned_at=NOW
        )
    SessionTeamMember.objects.create(
        session=sessions[0], user=users["ada"], role=TeamRole.ADMINISTRATOR.value, assigned_at=NOW
    )
    EditionCoach.objects.create(edition=sessions[0].editions.first(), user=users["cleo"], assigned_at=NOW)
    AdministratorScope.objects.create(user=users["dora"], organisation="Sky", assigned_at=NOW)
    return SimpleNamespace(users=users, sessions=sessions)


def subsets(values):
    """Any subset, as an actor carries it."""
    return st.frozensets(st.sampled_from(sorted(values, key=str)))


class TestTheTwoQuestionsAgree:
    """`allows` is true for exactly the members of `rows`."""

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(data=st.data())
    def test_for_every_actor_permission_and_model(self, world, data):
        editions = CourseEdition.objects.values_list("pk", "session_id")
        coached = data.draw(subsets([pk for pk, _session in editions]))
        session_ids = [session.pk for session in world.sessions]
        actor = Actor(
            user_id=data.draw(st.sampled_from([user.pk for user in world.users.values()])),
            is_platform_admin=data.draw(st.booleans()),
            administers_all=data.draw(st.booleans()),
            organisations=data.draw(subsets(["Sea", "Sky"])),
            administered_session_ids=data.draw(subsets(session_ids)),
            coached_session_ids=data.draw(subsets(session_ids)),
            coached_edition_ids=coached,
            coached_edition_session_ids=frozenset(session for pk, session in editions if pk in coached),
            taught_base_keys=data.draw(subsets([TIDES, STARS])),
            member_session_ids=data.draw(subsets(session_ids)),
        )
        permission = data.draw(st.sampled_from(permissions.PERMISSIONS))
        model = data.draw(st.sampled_from(MODELS))
        everything = list(model.objects.all())
        assert everything
        assert {row.pk for row in everything if permissions.allows(actor, permission, row)} == set(
            permissions.rows(actor, permission, model.objects.all()).values_list("pk", flat=True)
        )

    @pytest.mark.parametrize("permission", permissions.PERMISSIONS)
    @pytest.mark.parametrize("model", [CohortSession, CourseEdition])
    def test_people_are_exactly_those_who_are_allowed(self, world, permission, model):
        for obj in model.objects.all():
            holders = get_user_model().objects.filter(permissions.people(permission, obj)).distinct()
            allowed = {
                name
                for name, user in world.users.items()
                if permissions.allows(load_actor(user, now=NOW), permission, obj)
            }
            assert {user.username for user in holders} == allowed

    def test_anonymous_may_nothing_and_the_system_everything(self, world):
        for permission in permissions.PERMISSIONS:
            for session in world.sessions:
                assert not permissions.allows(ANONYMOUS, permission, session)
                assert permissions.allows(SYSTEM, permission, session)


# The table of the design, section 6, over an edition: what each role may do without locks.
EVERYTHING = frozenset(permissions.PERMISSIONS)
COACHING = {permissions.VIEW_SESSION, permissions.VIEW_ROSTER, permissions.VIEW_RESULT, permissions.EXPORT_RESULT}
CUSTOMISING = {
    permissions.CUSTOMISE_EDITION,
    permissions.RESCHEDULE_EDITION,
    permissions.HIDE_CONTENT,
    permissions.EDIT_CONTENT,
    permissions.SHOW_TOOL,
    permissions.GRADE_EDITION,
    permissions.ANNOUNCE,
}
TABLE = {
    "platform admin": (lambda _edition: Actor(user_id=1, is_platform_admin=True), EVERYTHING),
    "administrator of all": (lambda _edition: Actor(user_id=1, administers_all=True), EVERYTHING),
    "administrator of the organisation": (lambda _edition: Actor(organisations=frozenset({"Sea"})), EVERYTHING),
    "administrator of the session": (
        lambda edition: Actor(administered_session_ids=frozenset({edition.session_id})),
        EVERYTHING,
    ),
    "session coach": (
        lambda edition: Actor(coached_session_ids=frozenset({edition.session_id})),
        COACHING | CUSTOMISING | {permissions.ENROL_MEMBER, permissions.ASSIGN_COURSE_COACH},
    ),
    "course coach": (
        lambda edition: Actor(
            coached_edition_ids=frozenset({edition.pk}), coached_edition_session_ids=frozenset({edition.session_id})
        ),
        COACHING | CUSTOMISING,
    ),
    "base course team": (
        lambda edition: Actor(taught_base_keys=frozenset({edition.base_key})),
        {permissions.ASSIGN_COURSE_COACH},
    ),
    "member": (lambda edition: Actor(member_session_ids=frozenset({edition.session_id})), {permissions.VIEW_SESSION}),
    "nobody": (lambda _edition: Actor(user_id=1), set()),
}
TAKEN_BY_LOCK = {
    Lock.ENROLMENT: {permissions.ENROL_MEMBER},
    Lock.TEAM: {permissions.ASSIGN_COURSE_COACH},
    Lock.SCHEDULE: {permissions.RESCHEDULE_EDITION},
    Lock.CONTENT_VISIBILITY: {permissions.HIDE_CONTENT},
    Lock.CONTENT_EDITS: {permissions.EDIT_CONTENT},
    Lock.TOOL_VISIBILITY: {permissions.SHOW_TOOL},
    Lock.GRADING_POLICY: {permissions.GRADE_EDITION},
    Lock.ANNOUNCEMENTS: {permissions.ANNOUNCE},
}
ABOVE_LOCKS = (
    "platform admin",
    "administrator of all",
    "administrator of the organisation",
    "administrator of the session",
)


class TestTheTable:
    """Every cell of the design's table."""

    @pytest.mark.parametrize("role", TABLE)
    def test_what_each_role_may(self, role):
        edition = make_session("open", "Sea").editions.first()
        make_actor, expected = TABLE[role]
        actor = make_actor(edition)
        assert {p for p in permissions.PERMISSIONS if permissions.allows(actor, p, edition)} == expected

    @pytest.mark.parametrize("role", TABLE)
    def test_what_locks_take_away(self, role):
        edition = make_session("locked", "Sea", *TAKEN_BY_LOCK).editions.first()
        make_actor, expected = TABLE[role]
        actor = make_actor(edition)
        taken = set() if role in ABOVE_LOCKS else set().union(*TAKEN_BY_LOCK.values())
        assert {p for p in permissions.PERMISSIONS if permissions.allows(actor, p, edition)} == expected - taken

    @pytest.mark.parametrize("role", [role for role in TABLE if role not in ABOVE_LOCKS[:3]])
    def test_nothing_reaches_into_another_session(self, role):
        edition = make_session("mine", "Sea").editions.first()
        elsewhere = make_session("elsewhere", "Sky").editions.last()
        actor = TABLE[role][0](edition)
        assert [p for p in permissions.PERMISSIONS if permissions.allows(actor, p, elsewhere)] == []

    def test_an_organisation_without_a_name_is_nobodys(self):
        nameless = make_session("nameless", "")
        user = make_account("eve")
        AdministratorScope.objects.create(user=user, organisation="Sea", assigned_at=NOW)
        assert not permissions.allows(load_actor(user, now=NOW), permissions.VIEW_SESSION, nameless)
        holders = get_user_model().objects.filter(permissions.people(permissions.MANAGE_SESSION, nameless))
        assert list(holders) == []

    def test_creating_asks_about_the_session_to_be(self):
        sea = CohortSession(organisation="Sea")
        sky = CohortSession(organisation="Sky")
        actor = Actor(organisations=frozenset({"Sea"}))
        assert permissions.allows(actor, permissions.CREATE_SESSION, sea)
        assert not permissions.allows(actor, permissions.CREATE_SESSION, sky)
        assert permissions.allows_somewhere(actor, permissions.CREATE_SESSION)
        assert not permissions.allows_somewhere(Actor(user_id=1), permissions.CREATE_SESSION)


class TestLoadActor:
    """From an account to every role it holds."""

    def test_every_role_in_two_queries(self, world, django_assert_num_queries):
        user = make_account("all")
        first, second, third = world.sessions
        edition = third.editions.first()
        AdministratorScope.objects.create(user=user, organisation="", assigned_at=NOW)
        AdministratorScope.objects.create(user=user, organisation="Sea", assigned_at=NOW)
        for session, role in ((first, TeamRole.ADMINISTRATOR), (second, TeamRole.SESSION_COACH)):
            SessionTeamMember.objects.create(session=session, user=user, role=role.value, assigned_at=NOW)
        EditionCoach.objects.create(edition=edition, user=user, assigned_at=NOW)
        Member.objects.create(session=first, user=user, enrolled_at=NOW)
        Member.objects.create(
            session=second, user=user, enrolled_at=NOW, status=MemberStatus.REMOVED.value, removed_at=NOW
        )
        with django_assert_num_queries(2):
            actor = load_actor(user, now=NOW)
        assert actor == Actor(
            user_id=user.pk,
            administers_all=True,
            organisations=frozenset({"Sea"}),
            administered_session_ids=frozenset({first.pk}),
            coached_session_ids=frozenset({second.pk}),
            coached_edition_ids=frozenset({edition.pk}),
            coached_edition_session_ids=frozenset({third.pk}),
            member_session_ids=frozenset({first.pk}),
        )

    def test_a_draft_is_not_among_a_members_sessions(self):
        user = make_account("lea")
        draft = make_session("draft", "Sea", status=SessionStatus.DRAFT)
        Member.objects.create(session=draft, user=user, enrolled_at=NOW)
        assert load_actor(user, now=NOW) == Actor(user_id=user.pk)

    def test_an_inactive_account_is_nobody(self, django_assert_num_queries):
        user = make_account("gone", is_active=False, is_staff=True)
        with django_assert_num_queries(0):
            assert load_actor(user, now=NOW) == ANONYMOUS
