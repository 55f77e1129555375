"""
Everybody a permission matrix asks about, around two sessions, and whole tables to compare.

Kinds of people are named as the table of permissions names them; of each there is one, with a role in one session only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import chain

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldError
from django.core.files.base import ContentFile
from django.db import connection, models, transaction
from django.urls import URLPattern, URLResolver

from cohort_sessions import api
from cohort_sessions.data import BlockField, Joining, TeamRole
from cohort_sessions.models import (
    AdministratorScope,
    CohortSession,
    CourseEdition,
    EditionResult,
    JoinRequest,
    ParallelGroup,
)
from cohort_sessions.operations.customisation import apply_draft, draft_block
from cohort_sessions.operations.templates import save_templates

PEOPLE = (
    "platform admin",
    "superuser",
    "administrator of all",
    "administrator of the organisation",
    "administrator of another organisation",
    "administrator of the session",
    "administrator of another session",
    "session coach",
    "session coach elsewhere",
    "course coach",
    "course coach elsewhere",
    "staff of the course",
    "staff of another course",
    "asker",
    "asker elsewhere",
    "member",
    "member elsewhere",
    "stranger",
    "inactive",
    "retired",
)
# Who has a role of no other session, and none in this one.
OUTSIDERS = tuple(
    name
    for name in PEOPLE
    if {"another", "elsewhere"} & set(name.split())
    or name in {"stranger", "asker", "staff of the course", "inactive", "retired"}
)
TITLE, OTHER_TITLE = "Harbour watch", "Lantern oil"
NEWCOMER, OTHER_NEWCOMER = "newcomer@example.com", "newcomer-elsewhere@example.com"
GROUP, OTHER_GROUP = "One of these harbours", "One of these lanterns"


def build_world(make_user, make_base_course, make_session, make_course_role, now) -> tuple[CohortSession, dict]:
    """
    Two sessions over two of the same courses, the other over a third one as well, each with people of its own; nobody
    of one knows of the other. Returns the first, and everybody by kind.
    """
    users = {name: make_user(name.replace(" ", "-"), is_staff=name == "platform admin") for name in PEOPLE}
    get_user_model().objects.filter(pk=users["superuser"].pk).update(is_superuser=True)
    for name, organisation in (
        ("administrator of all", ""),
        ("administrator of the organisation", "Sea"),
        ("administrator of another organisation", "Sky"),
        ("inactive", ""),
        ("retired", ""),
    ):
        AdministratorScope.objects.create(user=users[name], organisation=organisation, assigned_at=now)
    first, second, third = (make_base_course(title=title) for title in ("Stars", "Tides", "Lanterns"))
    make_course_role(first, users["staff of the course"], "staff")
    make_course_role(third, users["staff of another course"], "staff")
    past = [users["inactive"], users["retired"]]
    own = make_session(
        TITLE,
        code="own",
        courses=[first, second],
        organisation="Sea",
        joining=Joining.APPROVAL.value,
        parallel_group=ParallelGroup.objects.create(name=GROUP),
        members=[users["member"], *past],
        administrators=[users["administrator of the session"], *past],
        session_coaches=[users["session coach"], *past],
        coaches={first: [users["course coach"], *past]},
    )
    other = make_session(
        OTHER_TITLE,
        code="other",
        courses=[first, second, third],
        organisation="Cellar",
        joining=Joining.APPROVAL.value,
        enrolment_closes_at=now + timedelta(days=1),
        parallel_group=ParallelGroup.objects.create(name=OTHER_GROUP),
        members=[users["member elsewhere"]],
        administrators=[users["administrator of another session"]],
        session_coaches=[users["session coach elsewhere"]],
        coaches={first: [users["course coach elsewhere"]]},
    )
    for session, name in ((own, "asker"), (other, "asker elsewhere")):
        api.join_session(session, actor=api.load_actor(users[name], now=now), now=now)
    for session, address in ((own, NEWCOMER), (other, OTHER_NEWCOMER)):
        api.enrol_members(session, [address], actor=api.SYSTEM, now=now)
    for session, name in ((own, "member"), (other, "member elsewhere")):
        # Final, so that there is something to open again.
        member, edition = session.members.get(user=users[name]), session.editions.get(position=0)
        EditionResult.objects.create(
            member=member, edition=edition, grade=0.75, passed=True, completable=1, as_of=now, final_at=now
        )
    for session in (own, other):
        _customise(session.editions.get(position=0), now)
        _announce(session.editions.get(position=0), now)
    _let_go(users)
    return own, {name: get_user_model().objects.get(pk=user.pk) for name, user in users.items()}


def _customise(edition: CourseEdition, now: datetime) -> None:
    """One section has another name, which is kept as a template, and is to be hidden as well."""
    section = edition.base_key.make_usage_key("chapter", "section")
    by_system = {"actor": api.SYSTEM, "now": now}
    draft_block(edition, section, {BlockField.TITLE: "First of all"}, **by_system)
    apply_draft(edition, drafted_at=now, **by_system)
    save_templates([edition], title="Kept", **by_system)
    draft_block(edition, section, {BlockField.HIDDEN: True}, **by_system)


def _announce(edition: CourseEdition, now: datetime) -> None:
    """About the course: something to read, a link, and a file before it."""
    about, by_system = {"course": edition.uuid}, {"actor": api.SYSTEM, "now": now}
    session = edition.session
    api.create_announcement(session, title=f"{session.title} at six", text="Come early.", **about, **by_system)
    file = ContentFile(b"Port or starboard?", name="watch.txt")
    api.add_file(session, file, title=f"{session.title}, the file", **about, **by_system)
    api.add_link(session, title=f"{session.title}, the link", url="https://example.com/", **about, **by_system)


def _let_go(users: dict) -> None:
    """One account is not active; the other is retired as the platform does it. Their roles still stand."""
    get_user_model().objects.filter(pk=users["inactive"].pk).update(is_active=False)
    retired = users["retired"]
    retired.set_unusable_password()
    retired.username, retired.email = "retired__user_7f", "retired__user_7f@retired.invalid"
    retired.first_name, retired.is_active = "", False
    retired.save()


def other_session() -> CohortSession:
    """The one that only its own people know of."""
    return CohortSession.objects.get(code="other")


def foreign_values(users: dict) -> dict[str, object]:
    """Everything of the other session that could be sent, by each name under which a form could take it."""
    other = other_session()
    edition = other.editions.get(position=2)
    request = JoinRequest.objects.get(session=other)
    member = other.members.get()
    elsewhere = [users[name].username for name in PEOPLE if "elsewhere" in name or "another session" in name]
    return {
        "who": [*elsewhere, OTHER_NEWCOMER],
        "username": users["member elsewhere"].username,
        "user": users["member elsewhere"].pk,
        "user_id": users["member elsewhere"].pk,
        "member": member.pk,
        "member_id": member.pk,
        "request": request.pk,
        "request_id": request.pk,
        "session": other.pk,
        "session_id": other.pk,
        "code": other.code,
        "destination": other.code,
        "required": other.code,
        "organisation": other.organisation,
        "parallel_group": OTHER_GROUP,
        "edition": edition.pk,
        "edition_id": edition.pk,
        "uuid": str(edition.uuid),
        "course": [str(edition.base_key), str(edition.edition_key)],
        "order": [str(each.base_key) for each in other.editions.order_by("-position")],
        "up": str(edition.base_key),
        "base_key": str(edition.base_key),
        "announcement": str(other.announcements.get().uuid),
        "material": str(other.materials.first().uuid),
        "role": TeamRole.ADMINISTRATOR.value,
    }


def named_patterns(patterns, prefix: str = "") -> Iterator[str]:
    """The name of every address below, included ones as well; addresses without a name by their pattern."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from named_patterns(pattern.url_patterns, f"{prefix}{pattern.pattern}")
        elif isinstance(pattern, URLPattern):
            yield pattern.name or f"{prefix}{pattern.pattern}"


def tables(*, of: CohortSession | None = None) -> dict[str, list[tuple]]:
    """
    Every row of ours and of the host's, as the database has it; or those `of` a session, of tables that know whose
    their rows are.
    """
    seen = {}
    for model in chain(*(apps.get_app_config(app).get_models() for app in ("cohort_sessions", "sandbox"))):
        rows = model._base_manager.all() if of is None else _rows(model, of)
        if rows is not None:
            with connection.cursor() as cursor:
                cursor.execute(*rows.values_list().order_by().query.sql_with_params())
                seen[model._meta.label] = sorted(cursor.fetchall(), key=lambda row: str(row[0]))
    return seen


def _rows(model: type[models.Model], of: CohortSession) -> models.QuerySet | None:
    for path, value in (
        ("session", of.pk),
        ("edition__session", of.pk),
        ("member__session", of.pk),
        ("origin__session", of.pk),
        ("original", of.pk),
        ("course_key__in", list(of.editions.values_list("edition_key", flat=True))),
        ("edition_key__in", list(of.editions.values_list("edition_key", flat=True))),
        ("code", of.code),
    ):
        with suppress(FieldError):
            return model._base_manager.filter(**{path: value})
    return None


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is seen inside, and has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
