"""Courses and editions: reserving a key, and making an edition what the plugin says it should be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from django.urls import reverse
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import BlockField, TeamRole, Tool
from cohort_sessions.errors import HasLearnerData, HostRefused
from cohort_sessions.host import ApplyReport, BaseCourse, CourseTool, EditionSpec, FacetFailure
from cohort_sessions.timeline import Window
from sandbox.host.deadlines import edition_deadlines, personal_deadlines
from sandbox.host.results import ASSIGNMENT_TYPE
from sandbox.keys import can_carry_editions, is_edition
from sandbox.models import CourseRole, CourseRun, Edition, Enrolment, LearnerWork

# What a role in the team is worth here, on the edition's key only.
ROLES = {
    TeamRole.ADMINISTRATOR: CourseRole.INSTRUCTOR,
    TeamRole.SESSION_COACH: CourseRole.STAFF,
    TeamRole.COURSE_COACH: CourseRole.STAFF,
}


class EditionsMixin:
    """The part of `Host` about courses and editions."""

    def base_courses(self, base_keys: Collection[CourseKey]) -> Mapping[CourseKey, BaseCourse]:
        """The courses among `base_keys` that exist, by key. One query."""
        courses = CourseRun.objects.filter(course_key__in=base_keys).defer("olx")
        return {course.course_key: _base_course(course) for course in courses}

    def search_courses(
        self,
        words: str,
        *,
        limit: int,
        organisations: Collection[str] | None = None,
        base_keys: Collection[CourseKey] = (),
    ) -> list[BaseCourse]:
        """Courses by words in their titles and keys. One query; a sandbox has few courses, so all are looked at."""
        wanted = words.casefold().split()
        found = [
            _base_course(course)
            for course in CourseRun.objects.order_by("title", "course_key").defer("olx")
            if can_carry_editions(course.course_key)
            and (organisations is None or course.course_key.org in organisations or course.course_key in base_keys)
            and all(word in f"{course.title} {course.course_key}".casefold() for word in wanted)
        ]
        return found[:limit]

    def reserve_edition(self, base_key: CourseKey, edition_uuid: UUID) -> CourseKey:
        """
        Make an edition key over the content of `base_key`, or find the one made for this UUID; nobody may enter it yet.

        Raises:
            HostRefused: the course does not exist, or its kind of key cannot carry editions.
        """
        if not can_carry_editions(base_key):
            raise HostRefused(f"{base_key} is not the key of a course run that editions can be made of.")
        course = CourseRun.objects.filter(course_key=base_key).first()
        if course is None:
            raise HostRefused(f"There is no course {base_key}.")
        edition, _made = Edition.objects.get_or_create(
            uuid=edition_uuid, defaults={"course": course, "title": course.title}
        )
        return edition.edition_key

    def apply_edition(self, spec: EditionSpec) -> ApplyReport:
        """Make the edition what `spec` says, facet by facet."""
        return _go_through_facets(spec, act=True)

    def plan_edition(self, spec: EditionSpec) -> ApplyReport:
        """What `apply_edition` would change, without changing it."""
        return _go_through_facets(spec, act=False)

    def tools(self, base_key: CourseKey) -> list[CourseTool]:
        """The progress page, the one page of a course here beside its content. One query."""
        exists = CourseRun.objects.filter(course_key=base_key).exists()
        return [CourseTool(Tool.PROGRESS.value, "Progress")] if exists else []

    def discard_edition(self, edition_key: CourseKey) -> None:
        """
        Forget an edition nobody has worked in, with its enrolments and roles.

        Raises:
            HasLearnerData: somebody has.
            HostRefused: somebody is enrolled by other means than a session.
        """
        if self.has_learner_data(edition_key):
            raise HasLearnerData(f"Learners have worked in {edition_key}.")
        if Enrolment.objects.filter(course_key=edition_key, is_active=True, is_ours=False).exists():
            raise HostRefused(f"Somebody is enrolled in {edition_key} by other means than a session.")
        for model in (Enrolment, CourseRole):
            model.objects.filter(course_key=edition_key).delete()
        if is_edition(edition_key):
            Edition.objects.filter(pk=edition_key.ccx).delete()

    def has_learner_data(self, edition_key: CourseKey) -> bool:
        """Whether anybody has stored state, a grade or a completion in the edition."""
        return any(model.objects.filter(course_key=edition_key).exists() for model in LearnerWork.__subclasses__())

    def entry_urls(self, edition_keys: Collection[CourseKey]) -> Mapping[CourseKey, str]:
        """The address that leads each person to where they left off in an edition. No query."""
        return {key: reverse("sandbox:resume", args=[key], urlconf="sandbox.urls.lms") for key in edition_keys}


def find_edition(edition_key: CourseKey) -> Edition | None:
    """
    The edition of this key, its course with it; ``None`` for the key of a course and for an edition that does not
    exist.
    """
    if not is_edition(edition_key):
        return None
    edition = Edition.objects.select_related("course").filter(pk=edition_key.ccx).first()
    return edition if edition is not None and edition.edition_key == edition_key else None


def _go_through_facets(spec: EditionSpec, *, act: bool) -> ApplyReport:
    edition = find_edition(spec.edition_key)
    if edition is None:
        reason = f"There is no edition {spec.edition_key}; it was not reserved here."
        return ApplyReport(failed=tuple(FacetFailure(name, reason) for name in FACETS))
    changed = tuple(name for name, facet in FACETS.items() if facet(edition, spec, act=act))
    return ApplyReport(changed=changed, unchanged=tuple(name for name in FACETS if name not in changed))


def _columns(edition: Edition, wanted: dict[str, object], *, act: bool) -> bool:
    """End state: these columns hold these values. Returns whether one did not."""
    stale = {name: value for name, value in wanted.items() if getattr(edition, name) != value}
    if stale and act:
        for name, value in stale.items():
            setattr(edition, name, value)
        edition.save(update_fields=list(stale))
    return bool(stale)


def _title(edition: Edition, spec: EditionSpec, *, act: bool) -> bool:
    """End state: "Course title - Session title", whichever of the two was renamed."""
    return _columns(edition, {"title": f"{edition.course.title} - {spec.session_title}"}, act=act)


def _envelope(edition: Edition, spec: EditionSpec, *, act: bool) -> bool:
    """
    End state: learners come in from the window's opening, and their answers are accepted until it closes, if it is to
    matter.
    """
    wanted = {
        "starts_at": spec.window.opens_at,
        "ends_at": spec.window.closes_at,
        "closed_read_only": spec.closed_read_only,
    }
    return _columns(edition, wanted, act=act)


def _visibility(edition: Edition, spec: EditionSpec, *, act: bool) -> bool:
    """End state: a hidden edition is seen by its team only."""
    return _columns(edition, {"is_hidden": spec.hidden}, act=act)


def _blocks(edition: Edition, spec: EditionSpec, *, act: bool) -> bool:
    """End state: sections, subsections and units are as the session has them."""
    wanted: dict[str, dict[str, object]] = {}
    for change in spec.changes:
        if change.field != BlockField.DUE:
            value = change.value.isoformat() if change.field == BlockField.OPENS_AT else change.value
            wanted.setdefault(str(change.usage_key), {})[change.field.value] = value
    return _columns(edition, {"blocks": wanted}, act=act)


def _tools(edition: Edition, spec: EditionSpec, *, act: bool) -> bool:
    """End state: learners do not have these tools."""
    return _columns(edition, {"hidden_tools": list(spec.hidden_tools)}, act=act)


def _grading(edition: Edition, spec: EditionSpec, *, act: bool) -> bool:
    """End state: it passes from this line on, and drops as many of the worst exercises."""
    change = spec.grading
    wanted: dict[str, object] = {}
    if change is not None and change.pass_line is not None:
        wanted["pass_line"] = change.pass_line
    if change is not None and change.fits([ASSIGNMENT_TYPE]) and change.assignments[0].dropped:
        wanted["dropped"] = change.assignments[0].dropped
    return _columns(edition, {"grading": wanted}, act=act)


def _elements(edition: Edition, spec: EditionSpec, *, act: bool) -> bool:
    """End state: what stands in units is as the session has it."""
    wanted: dict[str, dict[str, object]] = {}
    for change in spec.elements:
        wanted.setdefault(str(change.usage_key), {})[change.field] = change.value
    return _columns(edition, {"elements": wanted}, act=act)


def _roles(edition: Edition, spec: EditionSpec, *, act: bool) -> bool:
    """End state: the team, and nobody else of our making, has rights under this key. Rights given by others stay."""
    wanted = {(grant.user_id, ROLES[grant.role]) for grant in spec.team}
    rows = {(row.user_id, row.role): row for row in CourseRole.objects.filter(course_key=edition.edition_key)}
    missing = wanted - rows.keys()
    obsolete = [row.pk for pair, row in rows.items() if row.is_ours and pair not in wanted]
    if act:
        CourseRole.objects.filter(pk__in=obsolete).delete()
        CourseRole.objects.bulk_create(
            CourseRole(course_key=edition.edition_key, user_id=user_id, role=role, is_ours=True)
            for user_id, role in sorted(missing)
        )
    return bool(missing or obsolete)


def _base_course(course: CourseRun) -> BaseCourse:
    return BaseCourse(
        base_key=course.course_key,
        title=course.title,
        organisation=course.course_key.org,
        window=Window(course.starts_at, course.ends_at),
    )


# In the order in which they are applied: people come in last.
FACETS: dict[str, Callable[..., bool]] = {
    "title": _title,
    "envelope": _envelope,
    "deadlines": edition_deadlines,
    "blocks": _blocks,
    "tools": _tools,
    "grading": _grading,
    "elements": _elements,
    "personal_deadlines": personal_deadlines,
    "roles": _roles,
    "visibility": _visibility,
}
