"""
Bring the platform to what we want of an edition: one path for creating, changing, repairing drift and resuming
after a crash.

Works outside a transaction, since the platform's side takes long; the revision numbers make concurrent runs converge.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.host import ApplyReport, EnrolmentOutcome, get_host
from cohort_sessions.models import CourseEdition
from cohort_sessions.operations._retries import PATIENCE, again_at
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.specs import edition_spec, wanted_enrolments


def apply_edition(edition_id: int, *, actor: Actor, now: datetime) -> ApplyReport:
    """
    Make the platform match our tables for one edition, and keep on the edition what came of it.

    Runs again for as long as somebody changes what is wanted meanwhile, so that the last word wins whichever of
    several workers ends last. `applied_revision` moves only when every facet succeeded; `apply_error` says what did
    not, and who could not be enrolled; then `apply_again_at` says when the tick asks again.

    Raises:
        CourseEdition.DoesNotExist: the edition was removed.
        Exception: whatever the host raised; its words are kept on the edition first.
    """
    edition = CourseEdition.objects.select_related("session").get(pk=edition_id)
    authorise(actor, permissions.MANAGE_SESSION, edition)
    while True:
        spec = edition_spec(edition, now=now)
        try:
            report = get_host().apply_edition(spec)
            outcomes = get_host().apply_enrolments(wanted_enrolments(edition, now=now))
        except Exception as error:
            _keep(edition, error=str(error) or type(error).__name__, now=now)
            raise
        confirmed = {} if report.failed else {"applied_revision": spec.revision, "applied_at": now}
        _keep(edition, error=_what_failed(report, outcomes), now=now, **confirmed)
        edition = CourseEdition.objects.select_related("session").get(pk=edition_id)
        if edition.wanted_revision == spec.revision:
            return report


def put_off_asking(edition: CourseEdition, *, now: datetime) -> None:
    """
    The edition was asked for again, as it stood in `edition`: nobody need ask once more for a while.

    Nothing happens where an answer, or somebody else's question, has come meanwhile.
    """
    unanswered = CourseEdition.objects.filter(
        pk=edition.pk,
        wanted_revision=edition.wanted_revision,
        applied_revision=edition.applied_revision,
        apply_failures=edition.apply_failures,
        apply_again_at=edition.apply_again_at,
    )
    unanswered.update(apply_again_at=now + PATIENCE)


def plan_edition(edition_id: int, *, actor: Actor, now: datetime) -> ApplyReport:
    """What `apply_edition` would change on the platform at `now`; changes nothing."""
    edition = CourseEdition.objects.select_related("session").get(pk=edition_id)
    authorise(actor, permissions.MANAGE_SESSION, edition)
    return get_host().plan_edition(edition_spec(edition, now=now))


def _keep(edition: CourseEdition, *, error: str, now: datetime, **columns) -> None:
    """Store the outcome without a history line: it is the platform's doing, not a person's."""
    failures = edition.apply_failures + 1 if error else 0
    CourseEdition.objects.filter(pk=edition.pk).update(
        apply_error=error,
        apply_failures=failures,
        apply_again_at=again_at(now, failures) if error else None,
        **columns,
    )


def _what_failed(report: ApplyReport, outcomes: Sequence[EnrolmentOutcome]) -> str:
    refused = [outcome for outcome in outcomes if outcome.refusal]
    sentences = [f"{failure.facet}: {failure.reason}" for failure in report.failed]
    if refused:
        people = ngettext("%(n)d person could not be enrolled", "%(n)d people could not be enrolled", len(refused))
        sentences.append(_("%(people)s: %(why)s") % {"people": people % {"n": len(refused)}, "why": refused[0].refusal})
    return "\n".join(sentences)
