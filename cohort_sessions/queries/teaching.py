"""
What somebody teaches or runs, and who in it needs attention: counts for a list of sessions, names for one session.

Authorised by `permissions`: learners are counted and named per course whose results the actor may view, so a course
coach sees those of their own courses alone; requests for a place are counted for who may decide about them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Lower

from cohort_sessions import permissions
from cohort_sessions.attention import Attention, Work, attention, learning_window
from cohort_sessions.data import Actor, MemberStatus, RequestStatus
from cohort_sessions.host import Person
from cohort_sessions.models import CohortSession, CourseEdition, EditionCoach, JoinRequest, Member, SessionTeamMember
from cohort_sessions.queries.names import name_of
from cohort_sessions.timeline import Membership, Window

# A course, and what `attention` asks about a learner in it, in the order in which `_Facts` takes that.
_FACTS = (
    "edition__pk",
    "opens_at",
    "closes_at",
    "extra_days",
    "first_entered_at",
    "result__completed",
    "result__completable",
    "is_graded",
)


@dataclass(frozen=True, slots=True)
class TaughtEdition:
    """A course that the actor teaches or runs. `counts`: how many learners need attention, by why; no zeros."""

    uuid: UUID
    counts: Mapping[Attention, int]


@dataclass(frozen=True, slots=True)
class TaughtSession:
    """
    A session in which the actor teaches or runs something.

    Attributes:
        learners: active members who are not on its team, and whose account is active; each takes all of its courses.
        requests: people who wait for approval; 0 for an actor who may not decide about them.
        editions: in the order of the session.
    """

    learners: int
    requests: int
    editions: tuple[TaughtEdition, ...]


@dataclass(frozen=True, slots=True)
class LearnerLine:
    """
    A learner who needs attention in one course.

    Attributes:
        progress: share of the course that is done, 0..1.
        window: the time they have to learn in.
    """

    person: Person
    progress: float
    window: Window


@dataclass(frozen=True, slots=True)
class EditionLearners:
    """A course that the actor teaches or runs, with those who need attention in it by name; nobody is left out."""

    uuid: UUID
    lines: Mapping[Attention, tuple[LearnerLine, ...]]


@dataclass(frozen=True, slots=True)
class SessionLearners:
    """As `TaughtSession`, with names."""

    learners: int
    requests: int
    editions: tuple[EditionLearners, ...]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of a learner in a course, or of all for whom it is the same."""

    membership: Membership
    work: Work | None

    @classmethod
    def read(cls, opens_at, closes_at, extra_days, first_entered_at, completed, completable, is_graded) -> _Facts:
        """From the columns of `_FACTS`; without a result the course was never opened."""
        membership = Membership(Window(opens_at, closes_at), extra_days, first_entered_at)
        return cls(membership, None if completable is None else Work(completed, completable, bool(is_graded)))

    def reasons(self, edition: CourseEdition, now: datetime) -> frozenset[Attention]:
        """Why they need attention; while the platform has no such course yet, nobody can have begun it."""
        if edition.applied_revision == 0:
            return frozenset()
        return attention(edition.session.schedule, self.membership, self.work, now)


def taught_sessions(codes: Collection[str], *, actor: Actor, now: datetime) -> Mapping[str, TaughtSession]:
    """
    Those of the sessions of these codes in which the actor teaches or runs a course, by code.

    Two queries, whatever the number of sessions, courses and people; at most one where there is none.
    """
    editions = _editions(codes, actor)
    learners: Counter[int] = Counter()
    counts: dict[int, Counter[Attention]] = defaultdict(Counter)
    if editions:
        # One line for all who are alike: few, however many learners there are.
        alike = _learners(editions).order_by().values_list(*_FACTS).annotate(number=Count("pk"))
        for pk, *facts, number in alike:
            learners[pk] += number
            for reason in _Facts.read(*facts).reasons(editions[pk], now):
                counts[pk][reason] += number
    return {
        code: TaughtSession(
            learners=learners[of_session[0].pk],
            requests=of_session[0].requests,
            editions=tuple(TaughtEdition(edition.uuid, dict(counts[edition.pk])) for edition in of_session),
        )
        for code, of_session in _by_code(editions.values()).items()
    }


def session_learners(code: str, *, actor: Actor, now: datetime) -> SessionLearners | None:
    """
    What the actor teaches or runs in the session named `code`, with the learners who need attention; ``None`` for no
    course of it.

    Two queries, whatever the number of courses and people; at most one where there is none. Reads every learner of the
    session.
    """
    editions = _editions([code], actor)
    if not editions:
        return None
    learners: set[int] = set()
    lines: dict[int, dict[Attention, list[LearnerLine]]] = defaultdict(lambda: defaultdict(list))
    named = _learners(editions).annotate(name=name_of("user")).order_by(Lower("name"), "pk")
    for user_id, username, name, pk, *columns in named.values_list("user_id", "user__username", "name", *_FACTS):
        learners.add(user_id)
        facts = _Facts.read(*columns)
        reasons = facts.reasons(editions[pk], now)
        if reasons:
            progress = facts.work.progress if facts.work else 0.0
            window = learning_window(editions[pk].session.schedule, facts.membership)
            line = LearnerLine(Person(user_id, username, name), progress, window)
            for reason in reasons:
                lines[pk][reason].append(line)
    first, *_others = editions.values()
    return SessionLearners(
        learners=len(learners),
        requests=first.requests,
        editions=tuple(
            EditionLearners(each.uuid, {reason: tuple(found) for reason, found in lines[each.pk].items()})
            for each in editions.values()
        ),
    )


def _editions(codes: Collection[str], actor: Actor) -> Mapping[int, CourseEdition]:
    """Courses of these sessions whose results the actor may view, by primary key; each with `requests`. One query."""
    in_force = CourseEdition.objects.filter(session__code__in=codes, withdrawn_at=None)
    decided_by_actor = permissions.rows(actor, permissions.ENROL_MEMBER, CohortSession.objects.order_by())
    asking = JoinRequest.objects.filter(
        session=OuterRef("session"), status=RequestStatus.REQUESTED.value, session__in=decided_by_actor.values("pk")
    )
    counted = Subquery(asking.order_by().values("session").annotate(number=Count("pk")).values("number"))
    found = permissions.rows(actor, permissions.VIEW_RESULT, in_force).select_related("session")
    return {each.pk: each for each in found.annotate(requests=Coalesce(counted, Value(0)))}


def _by_code(editions: Iterable[CourseEdition]) -> Mapping[str, list[CourseEdition]]:
    by_code: dict[str, list[CourseEdition]] = {}
    for edition in editions:
        by_code.setdefault(edition.session.code, []).append(edition)
    return by_code


def _learners(editions: Collection[int]) -> QuerySet[Member]:
    """Who takes part in these editions: a row for each learner and edition, with their `result` where there is one."""
    on_team = SessionTeamMember.objects.filter(session=OuterRef("session"), user=OuterRef("user"))
    in_force = EditionCoach.objects.filter(edition__withdrawn_at=None)
    coaching = in_force.filter(edition__session=OuterRef("session"), user=OuterRef("user"))
    return (
        Member.objects.filter(~Exists(on_team), ~Exists(coaching), status=MemberStatus.ACTIVE, user__is_active=True)
        .annotate(
            edition=FilteredRelation("session__editions", condition=Q(session__editions__in=list(editions))),
            # The column by its alias: until Django 5, `F("edition")` joins the table once more.
            result=FilteredRelation("results", condition=Q(results__edition=RawSQL("edition.id", ()))),
        )
        .filter(edition__isnull=False)
        .annotate(is_graded=Q(result__grade__isnull=False))
    )
