"""
The other doors for everybody: pages that are no session's own, the REST API, and Studio.

The last test walks both URL confs: an address that is in none of the matrices fails it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from cohort_sessions import permissions, studio_urls, urls
from cohort_sessions.data import Joining, Lock
from cohort_sessions.host import get_host
from cohort_sessions.models import CohortSession, CourseEdition, ResultExport, SessionLock
from cohort_sessions.queries.actors import load_actor, load_author
from cohort_sessions.queries.choices import may_create_somewhere
from tests.web.conftest import signed_in
from tests.web.matrix import (
    OTHER_TITLE,
    PEOPLE,
    TITLE,
    foreign_values,
    named_patterns,
    other_session,
    tables,
    undone,
)
from tests.web.test_permission_matrix import PAGES
from tests.web.test_permission_matrix_editions import OF_A_COURSE

pytestmark = pytest.mark.django_db(databases="__all__")

OK, CREATED, GONE, FOUND, DENIED, MISSING, CONFLICT = (
    HTTPStatus.OK,
    HTTPStatus.CREATED,
    HTTPStatus.NO_CONTENT,
    HTTPStatus.FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
)
# Pages of a session are not found by accounts that are not active; everything else says that they are not.
OF_A_SESSION = {"session_home", "read_announcements", "material_file"}
NOT_ACTIVE = {"inactive", "retired"}
MEMBERS, ASKERS = {"member"}, {"asker"}


@dataclass(frozen=True, slots=True)
class Door:
    """
    An address about one session, and its method.

    Attributes:
        answers: from who somebody is to the session, the answer; ``else`` for everybody else.
        writes: who changes something by it.
        data: what is sent along, as JSON.
    """

    method: str
    answers: dict[str, int]
    writes: frozenset[str] = frozenset()
    data: dict[str, object] | None = None


# Who may write for the first course, and so everything that the world has in the other tables below it.
WRITERS = frozenset(
    {"platform admin", "superuser", "administrator of all", "administrator of the organisation"}
    | {"administrator of the session", "session coach", "course coach"}
)


def written(method: str, answer: int, **data: object) -> Door:
    """What the team of the first course does to what is about it."""
    return Door(method, {"writer": answer, "viewer": DENIED, "else": MISSING}, WRITERS, data)


# The session is joined by asking, so whoever is active sees it among those to join. "viewer" is who may see it by the
# table.
DOORS = {
    "session_home": [Door("get", {"viewer": OK, "else": MISSING})],
    "api-sessions-detail": [Door("get", {"viewer": OK, "else": MISSING})],
    "my_results": [Door("get", {"member": OK, "else": MISSING})],
    "leave": [
        Door("get", {"member": OK, "viewer": CONFLICT, "else": MISSING}),
        Door("post", {"member": FOUND, "else": MISSING}, frozenset(MEMBERS)),
    ],
    "api-sessions-leave": [Door("post", {"member": OK, "else": MISSING}, frozenset(MEMBERS))],
    "withdraw": [
        Door("get", {"asker": OK, "active": FOUND, "else": MISSING}),
        Door("post", {"asker": FOUND, "else": MISSING}, frozenset(ASKERS)),
    ],
    "api-available-sessions-withdraw": [
        Door("post", {"asker": OK, "else": MISSING}, frozenset(ASKERS)),
    ],
    "read_announcements": [Door("post", {"viewer": FOUND, "else": MISSING}, frozenset(MEMBERS))],
    "material_file": [Door("get", {"viewer": OK, "else": MISSING})],
    "api-announcements-list": [
        Door("get", {"viewer": OK, "else": MISSING}),
        written("post", CREATED, title="The tide", text="Comes at six.", course="{first}"),
    ],
    "api-announcements-detail": [written("patch", OK, title="The tide"), written("delete", GONE)],
    "api-announcements-read-all": [Door("post", {"viewer": OK, "else": MISSING}, frozenset(MEMBERS))],
    "api-announcements-read": [Door("post", {"viewer": OK, "else": MISSING}, frozenset(MEMBERS))],
    "api-materials-list": [
        Door("get", {"viewer": OK, "else": MISSING}),
        written("post", CREATED, title="Tables", url="https://example.com/tables", course="{first}"),
    ],
    "api-materials-detail": [written("patch", OK, title="Renamed"), written("delete", GONE)],
    "api-materials-move": [written("post", OK, is_up=False)],
    "available_session": [
        Door("get", {"active": OK, "else": MISSING}),
        Door("post", {"active": FOUND, "else": MISSING}, frozenset(PEOPLE) - MEMBERS - ASKERS - NOT_ACTIVE),
    ],
    "api-available-sessions-detail": [Door("get", {"active": OK, "else": MISSING})],
    "api-available-sessions-join": [
        Door(
            "post",
            {"active": OK, "else": MISSING},
            frozenset(PEOPLE) - MEMBERS - ASKERS - NOT_ACTIVE,
        ),
    ],
}
# Lists: whose sessions are on them.
LISTS = {
    "my_sessions",
    "my_sessions_fragment",
    "my_history",
    "available_sessions",
    "manage_sessions",
    "api-my-sessions-list",
    "api-my-history-list",
    "api-available-sessions-list",
}
# Files, each for nobody but who asked for it.
OWN = {pattern.name for pattern in urls.own_patterns}
STUDIO = {"studio_course": ("get",), "studio_coaches": ("get", "post"), "studio_remove_coaches": ("get", "post")}


def test_every_address_is_in_a_matrix():
    served = {*named_patterns(urls.urlpatterns), *named_patterns(studio_urls.urlpatterns)}
    assert served == {*PAGES, *DOORS, *LISTS, *OWN, *STUDIO, *OF_A_COURSE, "create_session"}


def names_of(page: str, session: CohortSession) -> dict[str, object]:
    """What the address names: the session, and what of it else."""
    names = {"code": session.code}
    if page == "material_file":
        names["material"] = session.materials.get(kind="file").uuid
    elif page.startswith("api-announcements-") and not page.endswith(("-list", "-all")):
        names["uuid"] = session.announcements.get().uuid
    elif page.startswith("api-materials-") and not page.endswith("-list"):
        names["uuid"] = session.materials.first().uuid
    return names


def sent_through(door: Door, browser: Client, url: str, session: CohortSession):
    """The answer."""
    if door.data is None:
        return getattr(browser, door.method)(url)
    first = str(session.editions.get(position=0).uuid)
    data = {name: first if value == "{first}" else value for name, value in door.data.items()}
    return getattr(browser, door.method)(url, data, content_type="application/json")


def text_of(response) -> str:
    """What was answered, of a file as well."""
    return b"".join(response).decode()


def relations(name: str, user, session, now) -> list[str]:
    """What somebody is to the session, the closest first."""
    sees = permissions.allows(load_actor(user, now=now), permissions.VIEW_SESSION, session)
    found = [relation for relation in ("member", "asker") if name == relation and user.is_active]
    found += ["writer"] if name in WRITERS and user.is_active else []
    return [*found, *(["viewer"] if sees else []), *(["active"] if user.is_active else []), "else"]


def answer_to(door: Door, name: str, user, session, now) -> int:
    return next(door.answers[each] for each in relations(name, user, session, now) if each in door.answers)


@pytest.mark.parametrize(("page", "door"), [(page, door) for page, doors in DOORS.items() for door in doors])
def test_a_door_answers_as_the_table_says(page, door, world, now):
    session, users = world
    told, seen, wrote, before = {}, {}, set(), tables()
    for name in PEOPLE:
        if name in NOT_ACTIVE and page not in OF_A_SESSION:
            told[name] = DENIED
        else:
            told[name] = answer_to(door, name, users[name], session, now)
        with undone():
            url = reverse(f"cohort_sessions:{page}", kwargs=names_of(page, session))
            response = sent_through(door, signed_in(users[name]), url, session)
            seen[name], text = response.status_code, text_of(response)
            if tables() != before:
                wrote.add(name)
        if seen[name] in {DENIED, MISSING}:
            assert TITLE not in text
    assert seen == told
    assert wrote == door.writes


@pytest.mark.parametrize(("page", "door"), [(page, door) for page, doors in DOORS.items() for door in doors])
def test_a_session_that_nobody_joins_by_themselves_is_not_found_by_others(page, door, world, now):
    """Whatever they send along."""
    _session, users = world
    CohortSession.objects.update(joining=Joining.CLOSED.value)
    other = other_session()
    foreign, before = foreign_values(users), tables()
    for name in PEOPLE:
        if permissions.allows(load_actor(users[name], now=now), permissions.VIEW_SESSION, other):
            continue
        if name == "asker elsewhere":
            continue
        with undone():
            browser = signed_in(users[name])
            url = reverse(f"cohort_sessions:{page}", kwargs=names_of(page, other))
            sent = (foreign,) if door.data is None else ({**door.data, **foreign}, "application/json")
            response = getattr(browser, door.method)(url, *sent)
            refusal = DENIED if name in NOT_ACTIVE and page not in OF_A_SESSION else MISSING
            assert response.status_code == refusal, name
            assert OTHER_TITLE not in text_of(response)
            assert tables() == before, name


@pytest.mark.parametrize("page", sorted(LISTS))
def test_a_list_shows_no_session_to_those_who_cannot_see_it(page, world, now):
    _session, users = world
    CohortSession.objects.update(joining=Joining.CLOSED.value)
    shown = set()
    for name in PEOPLE:
        text = signed_in(users[name]).get(reverse(f"cohort_sessions:{page}")).content.decode()
        actor = load_actor(users[name], now=now)
        for title, code in ((TITLE, "own"), (OTHER_TITLE, "other")):
            session = CohortSession.objects.get(code=code)
            wishes = name == {"own": "asker", "other": "asker elsewhere"}[code]
            if title in text:
                shown.add(name)
                assert name not in NOT_ACTIVE
                assert wishes or permissions.allows(actor, permissions.VIEW_SESSION, session), (name, title)
    assert shown, "nobody sees anything, so nothing could have leaked"


@pytest.mark.parametrize("page", sorted(OWN))
def test_a_file_is_there_for_who_asked_for_it_and_as_long_as_they_may_export(page, world, now):
    """Whoever else may see the same results; and not below another session's address."""
    session, users = world
    others = other_session()
    files = {name: _file_of(users[name], session, now) for name in PEOPLE}
    before = tables()
    for name in PEOPLE:
        editions = permissions.rows(load_actor(users[name], now=now), permissions.EXPORT_RESULT, session.editions.all())
        covers, browser = {str(each.uuid) for each in editions}, signed_in(users[name])
        for owner, export in files.items():
            may_see = name == owner and set(export.wanted["editions"]) <= covers
            response = browser.get(_address_of_file(page, session, export))
            told = b"".join(response).decode()
            assert response.status_code == (OK if may_see else MISSING), (name, owner)
            if not may_see:
                assert TITLE not in told
        wrong = browser.get(_address_of_file(page, others, files[name]))
        assert wrong.status_code == MISSING, name
    assert tables() == before


def _file_of(user, session: CohortSession, now) -> ResultExport:
    """Made, of every course that they may export, or of all of them for who may export none."""
    editions = permissions.rows(load_actor(user, now=now), permissions.EXPORT_RESULT, session.editions.all())
    wanted = {"editions": [str(each.uuid) for each in editions or session.editions.all()]}
    return ResultExport.objects.create(
        session=session,
        requested_by=user,
        requested_at=now,
        format="csv",
        wanted={**wanted, **dict.fromkeys(("course", "usernames", "standing", "search", "final", "former", "marked"))},
        status="done",
        file_name=get_host().private_storage().save("results.csv", ContentFile(b"Name\r\n")),
        expires_at=now + timedelta(hours=1),
    )


def _address_of_file(page: str, session: CohortSession, export: ResultExport) -> str:
    return reverse(f"cohort_sessions:{page}", kwargs={"code": session.code, "uuid": export.uuid})


@pytest.mark.parametrize(
    "url",
    ["/cohort-sessions/manage/new/", "/cohort-sessions/manage/"],
)
def test_those_who_create_and_manage(url, world, now):
    _session, users = world
    told, seen = {}, {}
    for name in PEOPLE:
        actor = load_actor(users[name], now=now)
        manages = permissions.allows_somewhere(actor, permissions.MANAGE_SESSION)
        may = manages and ("new" not in url or may_create_somewhere(actor))
        told[name] = OK if may else DENIED if permissions.allows_somewhere(actor, permissions.VIEW_SESSION) else MISSING
        seen[name] = signed_in(users[name]).get(url).status_code
    assert seen == told


def test_a_session_is_not_created_where_others_administer(world, now):
    """By those who may create somewhere else, or nowhere."""
    _session, users = world
    before, created = tables(), set()
    for name in PEOPLE:
        with undone():
            signed_in(users[name]).post(
                reverse("cohort_sessions:create_session"),
                {"title": "Brand new", "organisation": "Cellar", "session": other_session().pk, "uuid": "other"},
            )
            if tables() != before:
                created.add(name)
    assert created == {"platform admin", "superuser", "administrator of all"}


def test_a_form_for_a_new_session_that_is_only_asked_answers_the_same_people_and_writes_nothing(world, now):
    _session, users = world
    url, before = reverse("cohort_sessions:create_session"), tables()
    told, seen = {}, {}
    for name in PEOPLE:
        told[name] = signed_in(users[name]).get(url).status_code
        for organisation in ("Sea", "Cellar"):
            sent = {"title": "Brand new", "organisation": organisation, "category": "Brand new", "validate": "1"}
            response = signed_in(users[name]).post(url, sent)
            seen[name] = response.status_code
            assert (seen[name], tables()) == (told[name], before), name
            if seen[name] == OK:
                assert set(response.json()) == {"fields", "faults", "controls"}
    assert OK in seen.values()


@pytest.mark.parametrize("page", [page for page in (*DOORS, *sorted(LISTS)) if "api" in page])
def test_the_api_refuses_who_is_not_signed_in(page, world):
    session, _users = world
    before = tables()
    kwargs = {} if page in LISTS else names_of(page, session)
    for method in ("get", "post", "put", "patch", "delete"):
        response = getattr(Client(), method)(reverse(f"cohort_sessions:{page}", kwargs=kwargs))
        assert response.status_code in {HTTPStatus.UNAUTHORIZED, DENIED}
        assert TITLE not in response.content.decode()
    assert tables() == before


def test_the_api_refuses_an_account_that_is_not_active_however_it_signed_in(world):
    """The platform's own ways to sign in to its API let such accounts in."""
    session, users = world
    before = tables()
    for page in [page for page in (*DOORS, *sorted(LISTS)) if "api" in page]:
        for name in NOT_ACTIVE:
            client = APIClient()
            client.force_authenticate(users[name])
            url = reverse(f"cohort_sessions:{page}", kwargs={} if page in LISTS else names_of(page, session))
            for method in (client.get, client.post):
                response = method(url)
                if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                    continue
                assert (response.status_code, response.json()["status"]) == (DENIED, DENIED)
    assert tables() == before


def studio(page: str, edition: CourseEdition, *, base_key=None) -> str:
    """The address of a page about the edition, below its base course or another one."""
    kwargs = {"base_key": str(base_key or edition.base_key)}
    if page != "studio_course":
        kwargs["uuid"] = edition.uuid
    return reverse(f"cohort_sessions:{page}", urlconf="sandbox.urls.studio", kwargs=kwargs)


def sent_to(page: str, client: Client, method: str, url: str, coach: str):
    """A GET that chooses the coach, or a POST that assigns a stranger or removes the coach."""
    return getattr(client, method)(url, {"who": coach, "people": "stranger"})


STUDIO_DOORS = [(page, method) for page, methods in STUDIO.items() for method in methods]


@pytest.mark.parametrize("is_locked", [False, True])
@pytest.mark.parametrize(("page", "method"), STUDIO_DOORS)
def test_studio_lets_in_the_course_team_and_nobody_else(page, method, is_locked, world, now):
    """Roles of a session open no page of Studio; what the team may change is the table's to say, its lock included."""
    session, users = world
    edition = session.editions.get(position=0)
    if is_locked:
        SessionLock.objects.create(session=session, name=Lock.TEAM.value, reason="Agreed.", locked_at=now)
    before, told, seen = tables(), {}, {}
    for name in PEOPLE:
        actor = load_author(users[name])
        enters = actor.is_platform_admin or edition.base_key in actor.taught_base_keys
        acts = method == "get" or permissions.allows(actor, permissions.ASSIGN_COURSE_COACH, edition)
        told[name] = (OK if method == "get" else FOUND) if enters and acts else DENIED if enters else MISSING
        with undone():
            response = sent_to(page, signed_in(users[name]), method, studio(page, edition), "course-coach")
            seen[name] = response.status_code
            assert (tables() != before) == (method == "post" and told[name] == FOUND), name
        if seen[name] == MISSING:
            assert TITLE not in response.content.decode()
    assert seen == told
    assert {name for name in PEOPLE if seen[name] != MISSING} == {"platform admin", "superuser", "staff of the course"}


@pytest.mark.parametrize(("page", "method"), STUDIO_DOORS)
def test_studio_does_not_find_what_is_another_course_s(page, method, world):
    """The course of others; and one's own course in the address with an edition of another one, which nobody finds."""
    _session, users = world
    other = other_session()
    foreign, own = other.editions.get(position=2), other.editions.get(position=0)
    before = tables()
    for name, url in (
        ("staff of the course", studio(page, foreign)),
        ("staff of another course", studio(page, own)),
        *((name, studio(page, foreign, base_key=own.base_key)) for name in PEOPLE if page != "studio_course"),
    ):
        response = sent_to(page, signed_in(users[name]), method, url, "course-coach-elsewhere")
        assert (response.status_code, tables()) == (MISSING, before), (name, url)
        assert OTHER_TITLE not in response.content.decode()


def test_studio_removes_nobody_of_another_session_or_course(world):
    """Whose coaches are named in the form; nor does anything else of another session that is sent along count."""
    session, users = world
    edition, before, others = session.editions.get(position=0), tables(), tables(of=other_session())
    foreign = foreign_values(users)
    response = signed_in(users["staff of the course"]).post(studio("studio_remove_coaches", edition), foreign)
    assert (response.status_code, tables()) == (FOUND, before)
    with undone():
        names = {**foreign, "people": "stranger"}
        signed_in(users["staff of the course"]).post(studio("studio_coaches", edition), names)
        assert tables(of=other_session()) == others
        assert list(edition.coaches.order_by("pk").values_list("user__username", flat=True))[-1] == "stranger"
