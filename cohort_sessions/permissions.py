"""
Who may do what, as data (design, section 6).

A grant is one cell of the table: a role holds a permission over what the role reaches, unless a lock takes it away.
Three questions are answered from the same grants, so they cannot disagree: may she, on this one (`allows`); on
which rows (`rows`); who may (`people`).

Verbs follow openedx-authz (``namespace.verb_noun``), so that an adapter to it will be a translation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet

from cohort_sessions.data import Actor, Lock, MemberStatus, SessionStatus, TeamRole

CREATE_SESSION = "cohort_sessions.create_session"
VIEW_SESSION = "cohort_sessions.view_session"
MANAGE_SESSION = "cohort_sessions.manage_session"
CHOOSE_COURSE = "cohort_sessions.choose_course"
SET_LOCK = "cohort_sessions.set_lock"
ENROL_MEMBER = "cohort_sessions.enrol_member"
ASSIGN_ADMINISTRATOR = "cohort_sessions.assign_administrator"
ASSIGN_SESSION_COACH = "cohort_sessions.assign_session_coach"
ASSIGN_COURSE_COACH = "cohort_sessions.assign_course_coach"
VIEW_ROSTER = "cohort_sessions.view_roster"
VIEW_RESULT = "cohort_sessions.view_result"
EXPORT_RESULT = "cohort_sessions.export_result"
REOPEN_RESULT = "cohort_sessions.reopen_result"
GIVE_CERTIFICATE = "cohort_sessions.give_certificate"
CUSTOMISE_EDITION = "cohort_sessions.customise_edition"
RESCHEDULE_EDITION = "cohort_sessions.reschedule_edition"
HIDE_CONTENT = "cohort_sessions.hide_content"
EDIT_CONTENT = "cohort_sessions.edit_content"
SHOW_TOOL = "cohort_sessions.show_tool"
GRADE_EDITION = "cohort_sessions.grade_edition"
ANNOUNCE = "cohort_sessions.announce"
RESET_EDITION = "cohort_sessions.reset_edition"

PERMISSIONS = (
    CREATE_SESSION,
    VIEW_SESSION,
    MANAGE_SESSION,
    CHOOSE_COURSE,
    SET_LOCK,
    ENROL_MEMBER,
    ASSIGN_ADMINISTRATOR,
    ASSIGN_SESSION_COACH,
    ASSIGN_COURSE_COACH,
    VIEW_ROSTER,
    VIEW_RESULT,
    EXPORT_RESULT,
    REOPEN_RESULT,
    GIVE_CERTIFICATE,
    CUSTOMISE_EDITION,
    RESCHEDULE_EDITION,
    HIDE_CONTENT,
    EDIT_CONTENT,
    SHOW_TOOL,
    GRADE_EDITION,
    ANNOUNCE,
    RESET_EDITION,
)

# Where each fact that a reach asks about stands, model by model. A model without a fact is out of that reach.
FACTS: dict[str, dict[str, str]] = {
    "cohortsession": {"session": "pk", "organisation": "organisation"},
    "courseedition": {
        "session": "session_id",
        "organisation": "session__organisation",
        "edition": "pk",
        "base_key": "base_key",
    },
    "member": {"session": "session_id", "organisation": "session__organisation", "user": "user_id"},
    "sessionteammember": {"session": "session_id", "organisation": "session__organisation"},
    "editioncoach": {
        "session": "edition__session_id",
        "organisation": "edition__session__organisation",
        "edition": "edition_id",
        "base_key": "edition__base_key",
    },
    "editionresult": {
        "session": "edition__session_id",
        "organisation": "edition__session__organisation",
        "edition": "edition_id",
        "base_key": "edition__base_key",
        "user": "member__user_id",
    },
}


@dataclass(frozen=True, slots=True)
class Reach:
    """
    What a role holds its permissions over: rows whose `fact` is among the values the actor brings.

    Attributes:
        fact: a name of `FACTS`; empty for "every row".
        values: from the actor to the values; for "every row", any truth.
        holders: from an object to the condition that its holders among the users satisfy; ``None`` where our tables
            do not know them.
    """

    fact: str
    values: Callable[[Actor], Collection | bool]
    holders: Callable[[Model], Q] | None


@dataclass(frozen=True, slots=True)
class Grant:
    """One cell of the table. `lock`: held only while the session does not carry this lock."""

    reach: Reach
    permission: str
    lock: Lock | None = None


def _everyone_above(actor: Actor) -> bool:
    return actor.is_system or actor.is_platform_admin


def _active_members(obj: Model) -> Q:
    """Active members; of a draft none, as it is not shown to them."""
    if _session_of(obj).status == SessionStatus.DRAFT:
        return Q(pk__in=())
    return Q(
        cohort_session_memberships__session=_value(obj, "session"),
        cohort_session_memberships__status=MemberStatus.ACTIVE.value,
    )


PLATFORM_ADMIN = Reach("", _everyone_above, lambda _obj: Q(is_staff=True) | Q(is_superuser=True))
ADMINISTRATOR_OF_ALL = Reach(
    "", lambda actor: actor.administers_all, lambda _obj: Q(cohort_session_scopes__organisation="")
)
ADMINISTRATOR_OF_ORGANISATION = Reach(
    "organisation",
    lambda actor: actor.organisations,
    lambda obj: Q(cohort_session_scopes__organisation=_session_of(obj).organisation or None),
)
ADMINISTRATOR_OF_SESSION = Reach(
    "session",
    lambda actor: actor.administered_session_ids,
    lambda obj: _session_role(obj, TeamRole.ADMINISTRATOR),
)
SESSION_COACH = Reach(
    "session", lambda actor: actor.coached_session_ids, lambda obj: _session_role(obj, TeamRole.SESSION_COACH)
)
COURSE_COACH_OF_EDITION = Reach(
    "edition",
    lambda actor: actor.coached_edition_ids,
    lambda obj: Q(cohort_session_coached_editions__edition=_value(obj, "edition")),
)
COURSE_COACH_IN_SESSION = Reach(
    "session",
    lambda actor: actor.coached_edition_session_ids,
    lambda obj: Q(cohort_session_coached_editions__edition__session=_value(obj, "session")),
)
BASE_COURSE_TEAM = Reach("base_key", lambda actor: actor.taught_base_keys, None)
MEMBER_OF_SESSION = Reach("session", lambda actor: actor.member_session_ids, _active_members)
OWN = Reach(
    "user",
    lambda actor: frozenset() if actor.user_id is None else {actor.user_id},
    lambda obj: Q(pk=_value(obj, "user")),
)

_ADMINISTRATORS = (PLATFORM_ADMIN, ADMINISTRATOR_OF_ALL, ADMINISTRATOR_OF_ORGANISATION, ADMINISTRATOR_OF_SESSION)


def _table() -> Iterator[Grant]:
    for administrator in _ADMINISTRATORS:
        for permission in PERMISSIONS:
            yield Grant(administrator, permission)
    for reach in (SESSION_COACH, COURSE_COACH_IN_SESSION, MEMBER_OF_SESSION):
        yield Grant(reach, VIEW_SESSION)
    yield Grant(SESSION_COACH, ENROL_MEMBER, Lock.ENROLMENT)
    yield Grant(SESSION_COACH, ASSIGN_COURSE_COACH, Lock.TEAM)
    yield Grant(BASE_COURSE_TEAM, ASSIGN_COURSE_COACH, Lock.TEAM)
    yield Grant(SESSION_COACH, VIEW_ROSTER)
    yield Grant(COURSE_COACH_IN_SESSION, VIEW_ROSTER)
    for coach in (SESSION_COACH, COURSE_COACH_OF_EDITION):
        yield Grant(coach, VIEW_RESULT)
        yield Grant(coach, EXPORT_RESULT)
        yield Grant(coach, CUSTOMISE_EDITION)
        yield Grant(coach, RESCHEDULE_EDITION, Lock.SCHEDULE)
        yield Grant(coach, HIDE_CONTENT, Lock.CONTENT_VISIBILITY)
        yield Grant(coach, EDIT_CONTENT, Lock.CONTENT_EDITS)
        yield Grant(coach, SHOW_TOOL, Lock.TOOL_VISIBILITY)
        yield Grant(coach, GRADE_EDITION, Lock.GRADING_POLICY)
        yield Grant(coach, ANNOUNCE, Lock.ANNOUNCEMENTS)
    yield Grant(OWN, VIEW_RESULT)


GRANTS: tuple[Grant, ...] = tuple(_table())


def allows(actor: Actor, permission: str, obj: Model) -> bool:
    """
    Whether `actor` holds `permission` over `obj`, saved or about to be.

    Costs no query for what the actor and the row itself tell; one for a lock, asked only when a lock could matter.
    """
    return any(
        _reaches(grant.reach, actor, obj) and not (grant.lock and _is_locked(obj, grant.lock))
        for grant in GRANTS
        if grant.permission == permission
    )


def lock_in_the_way(actor: Actor, permission: str, obj: Model) -> Model | None:
    """
    The `models.SessionLock` without which `actor` would hold `permission` over `obj`, if that is what is in the
    way.
    """
    for grant in GRANTS:
        if grant.permission == permission and grant.lock and _reaches(grant.reach, actor, obj):
            lock = _session_of(obj).locks.filter(name=grant.lock.value).first()
            if lock is not None:
                return lock
    return None


def allows_somewhere(actor: Actor, permission: str) -> bool:
    """
    Whether there may be anything `actor` holds `permission` over; for offering a page, never for deciding about an
    object.
    """
    return any(bool(grant.reach.values(actor)) for grant in GRANTS if grant.permission == permission)


def rows(actor: Actor, permission: str, queryset: QuerySet) -> QuerySet:
    """The rows of `queryset` over which `actor` holds `permission`. No query of its own."""
    allowed = Q(pk__in=())
    for grant in GRANTS:
        if grant.permission == permission:
            allowed |= _condition(grant, actor, queryset.model)
    return queryset.filter(allowed)


def people(permission: str, obj: Model) -> Q:
    """
    The condition on users who hold `permission` over `obj`; filter active accounts with it and ask for distinct rows.

    Course teams of base courses are the host's to know and are not among them. A lock that stands takes its grants
    away.
    """
    holders = Q(pk__in=())
    for grant in GRANTS:
        reach = grant.reach
        if grant.permission != permission or reach.holders is None:
            continue
        if (reach.fact and reach.fact not in _facts(type(obj))) or (grant.lock and _is_locked(obj, grant.lock)):
            continue
        holders |= reach.holders(obj)
    return Q(is_active=True) & holders


def _facts(model: type[Model]) -> dict[str, str]:
    return FACTS[model._meta.model_name]


def _reaches(reach: Reach, actor: Actor, obj: Model) -> bool:
    values = reach.values(actor)
    if not reach.fact:
        return bool(values)
    return bool(values) and reach.fact in _facts(type(obj)) and _value(obj, reach.fact) in values


def _condition(grant: Grant, actor: Actor, model: type[Model]) -> Q:
    values = grant.reach.values(actor)
    facts = _facts(model)
    nothing = Q(pk__in=())
    if not values or (grant.reach.fact and grant.reach.fact not in facts):
        return nothing
    condition = Q(**{f"{facts[grant.reach.fact]}__in": values}) if grant.reach.fact else ~nothing
    if grant.lock:
        condition &= ~Q(**{f"{facts['session']}__in": _locked_sessions(model, grant.lock)})
    return condition


def _value(obj: Model, fact: str):
    value = obj
    for step in _facts(type(obj))[fact].split("__"):
        value = getattr(value, step)
    return value


def _session_of(obj: Model) -> Model:
    value = obj
    for step in _facts(type(obj))["organisation"].split("__")[:-1]:
        value = getattr(value, step)
    return value


def _session_role(obj: Model, role: TeamRole) -> Q:
    return Q(cohort_session_roles__session=_value(obj, "session"), cohort_session_roles__role=role.value)


def _locks(model: type[Model]) -> QuerySet:
    return model._meta.apps.get_model("cohort_sessions", "SessionLock").objects.all()


def _locked_sessions(model: type[Model], lock: Lock) -> QuerySet:
    return _locks(model).filter(name=lock.value).values("session_id")


def _is_locked(obj: Model, lock: Lock) -> bool:
    return _session_of(obj).locks.filter(name=lock.value).exists()
