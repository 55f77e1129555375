"""Copy what the platform knows of members' work into our own table, which pages read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.host import LearnerResult, get_host
from cohort_sessions.models import CourseEdition, EditionResult, Member
from cohort_sessions.queries.authority import authorise

_COLUMNS = ("grade", "letter", "passed", "completed", "completable", "last_activity_at", "as_of")


def refresh_results(edition_key: CourseKey, user_ids: Collection[int] | None, *, actor: Actor, now: datetime) -> int:
    """
    Bring the results of members of one edition up to date; returns how many rows were written.

    People who are not, and never were, members are ignored: a coach's trial answers are nobody's result. Late and
    repeated calls converge, since each reads the platform anew. A fixed number of queries, whatever the number of
    people.

    Args:
        user_ids: whose; ``None`` is everybody's.

    Raises:
        CourseEdition.DoesNotExist: not an edition of ours.
    """
    edition = CourseEdition.objects.select_related("session").get(edition_key=edition_key)
    authorise(actor, permissions.MANAGE_SESSION, edition)
    members = Member.objects.filter(session_id=edition.session_id)
    if user_ids is not None:
        members = members.filter(user_id__in=user_ids)
    member_ids = dict(members.values_list("user_id", "pk"))
    found = get_host().results([edition_key], list(member_ids)) if member_ids else []
    with transaction.atomic():
        stored = EditionResult.objects.filter(edition=edition, member_id__in=member_ids.values())
        rows = {row.member_id: row for row in stored.select_for_update()}
        new, changed = [], []
        for result in found:
            member_id = member_ids[result.user_id]
            row = rows.get(member_id)
            if row is None:
                new.append(_filled(EditionResult(edition=edition, member_id=member_id), result, now))
            elif row.as_of <= now:
                changed.append(_filled(row, result, now))
        EditionResult.objects.bulk_create(new, ignore_conflicts=True)
        EditionResult.objects.bulk_update(changed, _COLUMNS, batch_size=500)
    return len(new) + len(changed)


def _filled(row: EditionResult, result: LearnerResult, now: datetime) -> EditionResult:
    """
    The row with the platform's values; content that shrank since the work was done never makes progress exceed the
    whole.
    """
    row.grade, row.letter, row.passed = result.grade, result.letter, result.passed and result.grade is not None
    row.completed, row.completable = result.completed, max(result.completable, result.completed)
    row.last_activity_at, row.as_of = result.last_activity_at, now
    return row
