"""
A course, or an edition of one, as learners see it: its outline, its units, their progress, and the doors behind the
pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe
from opaque_keys.edx.keys import UsageKey
from xblock.django.request import django_to_webob_request, webob_to_django_response
from xblock.exceptions import NoSuchHandlerError

from cohort_sessions.data import Tool
from sandbox.access import Admission
from sandbox.content import CourseContent, Node
from sandbox.deadlines import deadlines_of
from sandbox.host import SandboxHost
from sandbox.host.results import points_of
from sandbox.keys import base_of, into_base, into_course, parse_usage_key
from sandbox.models import BlockState, Completion, Score
from sandbox.views.doors import data_door, moment, page_door, sentence
from sandbox.work import Desk, open_runtime


@require_safe
@page_door
def home(request: HttpRequest, admission: Admission) -> HttpResponse:
    """The outline, with a tick at what is done."""
    content = admission.content
    done = _done(request, admission)
    deadlines = deadlines_of(request.user.pk, admission.course_key, content)
    sections = [
        {
            "title": section.title,
            "subsections": [
                {
                    "title": sub.title,
                    "is_graded": sub.is_graded,
                    "due": _due(request, deadlines, sub),
                    "units": [_unit_row(unit, done) for unit in sub.find("vertical")],
                }
                for sub in section.find("sequential")
            ],
        }
        for section in content.root.find("chapter")
    ]
    return _render(request, "course_home", admission, sections=sections, has_started=bool(done))


@require_safe
@page_door
def resume(request: HttpRequest, admission: Admission) -> HttpResponse:
    """To the unit this person worked in last; before the first work, to the outline."""
    mine = {"course_key": admission.course_key, "user_id": request.user.pk}
    latest = [model.objects.filter(**mine).order_by("-modified_at").first() for model in (BlockState, Completion)]
    latest = [row for row in latest if row is not None]
    if latest:
        block = into_base(max(latest, key=lambda row: row.modified_at).usage_key)
        for unit in admission.content.units:
            if any(node.usage_key == block for node in unit.walk()):
                return redirect("sandbox:unit", admission.course_key, unit.block_id)
    return redirect("sandbox:course_home", admission.course_key)


@require_safe
@page_door
def unit(request: HttpRequest, admission: Admission, block_id: str) -> HttpResponse:
    """One page of the course, its blocks rendered for this person."""
    content = admission.content
    units = content.units
    place = next((index for index, node in enumerate(units) if node.block_id == block_id), None)
    if place is None:
        raise Http404
    desk = _desk(request, admission, content)
    runtime = open_runtime(content, desk)
    block = runtime.get_block(into_course(units[place].usage_key, admission.course_key))
    with transaction.atomic():
        fragment = block.render("student_view", {"may_work": admission.may_work, "csrf_token": get_token(request)})
    return _render(
        request,
        "unit",
        admission,
        due=_due(request, desk.deadlines, units[place]),
        unit=units[place],
        path=_path_to(content.root, units[place]),
        fragment=fragment,
        previous=units[place - 1] if place else None,
        following=units[place + 1] if place + 1 < len(units) else None,
    )


@require_safe
@page_door
def progress(request: HttpRequest, admission: Admission) -> HttpResponse:
    """Points by subsection, and the grade; nothing where the edition does without."""
    if admission.lacks(Tool.PROGRESS):
        raise Http404
    content = admission.content
    scores = Score.objects.filter(course_key=admission.course_key, user_id=request.user.pk)
    earned = {into_base(score.usage_key): points_of(score, content) for score in scores}
    place = ([admission.course_key], [request.user.pk])
    grades, progresses = SandboxHost().grades(*place), SandboxHost().progress(*place)
    return _render(
        request,
        "progress",
        admission,
        grade=grades[0] if grades else None,
        progress=progresses[0] if progresses else None,
        completable=len(content.completable),
        subsections=[_points(sub, earned) for sub in content.root.find("sequential") if sub.is_graded],
    )


@require_POST
@data_door(writes=True)
def handler(request: HttpRequest, admission: Admission, usage_key: str, handler_name: str) -> HttpResponse:
    """The one way by which answers come in. The block must be one of this very course key."""
    key = parse_usage_key(usage_key)
    content = admission.content
    if key is None or not _is_of(key, admission, content):
        return JsonResponse({"detail": "There is no such block in this course."}, status=404)
    runtime = open_runtime(content, _desk(request, admission, content))
    try:
        answer = runtime.handle(runtime.get_block(key), handler_name, django_to_webob_request(request))
    except NoSuchHandlerError:
        return JsonResponse({"detail": "The block has no such handler."}, status=404)
    return webob_to_django_response(answer)


@require_safe
@data_door(writes=False)
def outline_api(request: HttpRequest, admission: Admission) -> HttpResponse:
    """
    Title, outline and units as JSON: ``{"title", "may_work", "outline": [title], "units": [{"title", "url", "is_done",
    "due"}]}``; `outline` has sections, subsections and units in reading order, `due` is a moment in UTC, or null.
    """
    done, content = _done(request, admission), admission.content
    deadlines = deadlines_of(request.user.pk, admission.course_key, content)
    rows = [_unit_row(node, done) | {"due": deadlines.get(node.usage_key)} for node in content.units]
    units = [
        {
            "title": row["title"],
            "url": reverse("sandbox:unit", args=[admission.course_key, row["block_id"]]),
            "is_done": row["is_done"],
            "due": row["due"],
        }
        for row in rows
    ]
    levels = ("chapter", "sequential", "vertical")
    outline = [node.title for node in content.root.walk() if node.block_type in levels]
    answer = {"title": admission.title, "may_work": admission.may_work, "outline": outline, "units": units}
    return JsonResponse(answer)


def _render(request: HttpRequest, page: str, admission: Admission, **context) -> HttpResponse:
    notice = (
        ""
        if admission.may_work
        else f"{sentence(request, admission)} You can still read it; answers are no longer accepted."
    )
    context |= {"admission": admission, "page": page, "notice": notice}
    return render(request, f"sandbox/{page}.html", context)


def _desk(request: HttpRequest, admission: Admission, content: CourseContent) -> Desk:
    key, user_id = admission.course_key, request.user.pk
    return Desk(key, user_id, may_work=admission.may_work, now=now(), deadlines=deadlines_of(user_id, key, content))


def _due(request: HttpRequest, deadlines: Mapping[UsageKey, datetime], node: Node) -> str:
    """When the block is due, in the reader's time zone; empty where it never is."""
    due = deadlines.get(node.usage_key)
    return "" if due is None else moment(request, due)


def _done(request: HttpRequest, admission: Admission) -> set[UsageKey]:
    rows = Completion.objects.filter(course_key=admission.course_key, user_id=request.user.pk)
    return {into_base(row.usage_key) for row in rows}


def _unit_row(unit: Node, done: set[UsageKey]) -> dict[str, object]:
    is_done = all(node.usage_key in done for node in unit.walk() if not node.children)
    return {"title": unit.title, "block_id": unit.block_id, "is_done": is_done}


def _points(subsection: Node, earned: dict[UsageKey, float]) -> dict[str, object]:
    problems = subsection.find("problem")
    rows = [{"title": node.title, "earned": earned.get(node.usage_key), "possible": node.weight} for node in problems]
    return {
        "title": subsection.title,
        "problems": rows,
        "earned": sum(row["earned"] or 0 for row in rows),
        "possible": sum(row["possible"] for row in rows),
    }


def _path_to(root: Node, unit: Node) -> list[Node]:
    """The section and subsection around a unit."""
    around = [node for kind in ("chapter", "sequential") for node in root.find(kind)]
    return [node for node in around if any(inner is unit for inner in node.walk())]


def _is_of(key: UsageKey, admission: Admission, content: CourseContent) -> bool:
    base = base_of(admission.course_key)
    return key.course_key == admission.course_key and any(
        node.usage_key == base.make_usage_key(key.block_type, key.block_id) for node in content.root.walk()
    )
