"""
Makes the demo happen: everything through the operations of the plugin and the host's own runtime, as people would do
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import RequestFactory
from opaque_keys.edx.keys import CourseKey
from xblock.django.request import django_to_webob_request

from cohort_sessions import api
from cohort_sessions.data import PrerequisiteCondition
from cohort_sessions.models import AdministratorScope, CohortSession, CourseEdition, ParallelGroup, SessionCategory
from sandbox.access import admit
from sandbox.deadlines import deadlines_of
from sandbox.demo.cast import CHARACTERS, CLASS, MOVES, PILOTS, SCENES, Performance, Scene
from sandbox.keys import into_course
from sandbox.models import CourseRole, Persona, Score
from sandbox.publishing import import_course, read_base_key
from sandbox.work import Desk, open_runtime

TIME_FOR_A_UNIT = timedelta(minutes=12)
COURSES = Path(__file__).resolve().parents[1] / "courses"


def set_stage(*, now: datetime) -> None:
    """
    People, courses and sessions, as `cast` has them. Repeating it changes nothing, except that the sessions' dates
    follow `now` by whole days.
    """
    course_keys = {path.name: import_course(path).course_key for path in sorted(COURSES.iterdir())}
    _people(course_keys, now=now)
    _learners()
    for scene in SCENES:
        _session(scene, course_keys, now=now)


def perform(*, now: datetime) -> None:
    """What learners do in their editions, once the host has prepared them; once, whenever it is repeated."""
    for scene in SCENES:
        for performance in scene.performances:
            edition = CourseEdition.objects.get(
                session__code=scene.code, base_key=read_base_key(COURSES / performance.course)
            )
            user = get_user_model().objects.get(username=performance.username)
            _learn(performance, edition, user, at=_today(now) + timedelta(days=performance.day, hours=10))
    for move in MOVES:
        origin, destination = (CohortSession.objects.get(code=code) for code in (move.origin, move.destination))
        greta = api.load_actor(get_user_model().objects.get(username="greta"), now=now)
        api.move_members(origin, destination, [move.username], reason=move.reason, actor=greta, now=now)


def _today(now: datetime) -> datetime:
    return datetime.combine(now.date(), time(), UTC)


def _people(course_keys: Mapping[str, CourseKey], *, now: datetime) -> None:
    for position, character in enumerate(CHARACTERS):
        user, _made = get_user_model().objects.update_or_create(
            username=character.username,
            defaults={
                "email": f"{character.username}@example.com",
                "first_name": character.name,
                "is_staff": character.is_admin,
                "is_superuser": character.is_admin,
            },
        )
        Persona.objects.update_or_create(
            user=user,
            defaults={
                "position": position,
                "headline": character.headline,
                "look_at": character.look_at,
                "time_zone": character.time_zone,
            },
        )
        if character.plans_everything:
            AdministratorScope.objects.get_or_create(
                user=user, organisation=AdministratorScope.EVERYWHERE, defaults={"assigned_at": now}
            )
        for course in character.authors:
            CourseRole.objects.get_or_create(course_key=course_keys[course], user=user, role=CourseRole.STAFF)


def _learners() -> None:
    """Those whom nobody signs in as: accounts, and nothing else."""
    for username, name in CLASS + PILOTS:
        get_user_model().objects.update_or_create(
            username=username, defaults={"email": f"{username}@example.com", "first_name": name}
        )


def _session(scene: Scene, course_keys: Mapping[str, CourseKey], *, now: datetime) -> None:
    """The session of a scene, as it should be. Its making is dated a month before its opening."""
    today, dated = _today(now), scene.opens is not None
    values = {
        "title": scene.title,
        "description": scene.description,
        "category": SessionCategory.objects.get_or_create(name=scene.category)[0],
        "organisation": scene.organisation,
        "duration_days": scene.duration_days,
        **scene.terms,
        "enrolment_closes_at": _closing(scene.enrolment_closes, today),
        "parallel_group": _group(scene.parallel_group),
        "opens_at": today + timedelta(days=scene.opens, hours=8) if dated else None,
        "closes_at": today + timedelta(days=scene.closes, hours=20) if dated else None,
    }
    by_system = {"actor": api.SYSTEM, "now": min(now, today + timedelta(days=(scene.opens or 0) - 30))}
    session = CohortSession.objects.filter(code=scene.code).first()
    if session is None:
        session = api.create_session(code=scene.code, **values, **by_system)
    else:
        session = api.edit_session(session, actor=api.SYSTEM, now=now, **values)
    api.add_courses(session, [course_keys[course] for course in scene.courses], **by_system)
    known = set(session.members.values_list("user__username", flat=True))
    api.enrol_members(session, [username for username in scene.members if username not in known], **by_system)
    for role, username in scene.team:
        api.assign_session_team(session, role, [username], **by_system)
    for course, username in scene.course_coaches:
        edition = session.editions.get(base_key=course_keys[course])
        api.assign_course_coaches(edition, [username], **by_system)
    if scene.requires:
        required = CohortSession.objects.get(code=scene.requires)
        api.set_prerequisites(session, {required: PrerequisiteCondition.FINISHED}, **by_system)
    api.publish_session(session, **by_system)
    _wishes(session, scene, now=by_system["now"])
    _board(session, scene, now=now)


def _board(session: CohortSession, scene: Scene, *, now: datetime) -> None:
    """What is announced and given, each once; by the administrator. The days follow the sessions'."""
    greta = api.load_actor(get_user_model().objects.get(username="greta"), now=now)
    for notice in scene.notices:
        at = _today(now) + timedelta(days=notice.day, hours=9)
        announcement = session.announcements.filter(title=notice.title).first()
        if announcement is not None:
            api.edit_announcement(announcement, published_from=at, actor=greta, now=now)
            continue
        words = {"title": notice.title, "text": notice.text, "is_pinned": notice.is_pinned}
        api.create_announcement(session, **words, published_from=at, actor=greta, now=min(now, at))
    for handout in scene.handouts:
        if session.materials.filter(title=handout.title).exists():
            continue
        if handout.url:
            api.add_link(session, title=handout.title, url=handout.url, actor=greta, now=now)
        else:
            file = ContentFile(handout.text.encode(), name=handout.file_name)
            api.add_file(session, file, title=handout.title, actor=greta, now=now)


def _closing(day: int | None, today: datetime) -> datetime | None:
    return None if day is None else today + timedelta(days=day, hours=20)


def _group(name: str) -> ParallelGroup | None:
    return ParallelGroup.objects.get_or_create(name=name)[0] if name else None


def _wishes(session: CohortSession, scene: Scene, *, now: datetime) -> None:
    """Who asks for a place; whom the administrator lets in, and gives more days."""
    greta = api.load_actor(get_user_model().objects.get(username="greta"), now=now)
    strangers = get_user_model().objects.exclude(cohort_session_requests__session=session)
    strangers = strangers.exclude(cohort_session_memberships__session=session)
    for user in strangers.filter(username__in=scene.asks).order_by("pk"):
        api.join_session(session, actor=api.load_actor(user, now=now), now=now)
    api.approve_requests(session, scene.approved, actor=greta, now=now)
    for username, days, reason in scene.extra_days:
        api.set_member_dates(session, [username], extra_days=days, reason=reason, actor=greta, now=now)


@transaction.atomic
def _learn(performance: Performance, edition: CourseEdition, user, *, at: datetime) -> None:
    """Enter the edition at that moment, read from the beginning, and answer."""
    if Score.objects.filter(course_key=edition.edition_key, user=user).exists():
        return
    admission = admit(edition.edition_key, user, now=at)
    if admission is None or not admission.may_work:
        raise RuntimeError(f"{user.username} may not work in {edition} at {at}: the demo contradicts itself.")
    api.record_first_entry(edition.pk, user_id=user.pk, now=at)
    content = admission.content
    deadlines = deadlines_of(user.pk, edition.edition_key, content)
    desk = Desk(edition.edition_key, user.pk, may_work=True, now=at, deadlines=deadlines)
    runtime = open_runtime(content, desk)
    outcomes = [True] * performance.right + [False] * performance.wrong
    for unit in content.units:
        if not outcomes:
            return
        page = runtime.get_block(into_course(unit.usage_key, edition.edition_key))
        page.render("student_view", {"may_work": True, "csrf_token": ""})
        for node in unit.find("problem")[: len(outcomes)]:
            problem = runtime.get_block(into_course(node.usage_key, edition.edition_key))
            answer = problem.question.sample(correct=outcomes.pop(0))
            request = RequestFactory().post("/", {"answer": answer})
            runtime.handle(problem, "submit", django_to_webob_request(request))
        desk.now += TIME_FOR_A_UNIT
