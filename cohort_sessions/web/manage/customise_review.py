"""What was prepared for a course of a session, looked through before it is applied."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohort_sessions.data import BlockField
from cohort_sessions.errors import ChangedMeanwhile, WrongState
from cohort_sessions.operations.customisation import apply_draft, discard_draft
from cohort_sessions.queries.customisation import SummaryLine, draft_summary
from cohort_sessions.web.manage.customise import FIELD_NAMES, KIND_NAMES, CustomisePage, value_words
from cohort_sessions.web.manage.locks import lock_notices
from cohort_sessions.web.manage.reports import Report
from cohort_sessions.web.wording import Tone


class CustomiseReviewView(CustomisePage):
    """
    Every prepared change, with how many have worked there already.

    Posting applies them, if they are those that were ``seen``; with ``discard`` it forgets them.
    """

    template = "customise_review.html"

    def get(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Show them."""
        summary = draft_summary(self.edition, self.outline)
        return self.render(
            course_title=self.course_title,
            lines=[_line(line) for line in summary],
            learners=max((line.learners for line in summary), default=0),
            seen=self.outline.drafted_at.isoformat() if self.outline.drafted_at else "",
            notices=lock_notices(self.outline.locks.values()),
            back_url=self.own("customise"),
        )

    def post(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Apply them, or forget them."""
        if "discard" in request.POST:
            discard_draft(self.edition, actor=self.actor, now=self.now)
            return self.back(Report(_("Forgotten"), _("Nothing is prepared any more; learners see what they saw.")))
        try:
            number = apply_draft(self.edition, drafted_at=_seen(request), actor=self.actor, now=self.now)
        except ChangedMeanwhile as refusal:
            return self.back(Report(_("Nothing was applied"), str(refusal), Tone.WARNING), self.own("customise_review"))
        except WrongState as refusal:
            return self.back(Report(_("Nothing was applied"), str(refusal), Tone.INFO))
        done = ngettext("%d change is applied", "%d changes are applied", number) % number
        return self.back(Report(done, _("The platform follows in a moment.")))


def _seen(request: HttpRequest) -> datetime:
    """
    The state that was looked through.

    Raises:
        ChangedMeanwhile: what was sent is none.
    """
    try:
        return datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError as wrong:
        raise ChangedMeanwhile(_("Please look through the changes again.")) from wrong


def _line(line: SummaryLine) -> Mapping[str, object]:
    stands_in = ngettext("%d block stands in it.", "%d blocks stand in it.", line.children) % line.children
    worked = ngettext("%d learner has worked there.", "%d learners have worked there.", line.learners) % line.learners
    return {
        "title": line.block.title,
        "kind": KIND_NAMES[line.block.kind],
        "label": FIELD_NAMES[line.name],
        "base": value_words(line.name, line.base),
        "before": value_words(line.name, line.before),
        "after": value_words(line.name, line.after),
        "notes": [
            *([stands_in] if line.children and line.name == BlockField.HIDDEN else []),
            *([worked] if line.learners else []),
        ],
    }
