"""Two people edit the same session: the second is told, and nothing is overwritten unseen."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.html import format_html
from django.utils.translation import gettext as _

from cohort_sessions.models import CohortSession
from cohort_sessions.queries.session_changes import last_change
from cohort_sessions.web import moments
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.wording import Notice, Tone


def differences(form: PageForm, session: CohortSession) -> Notice:
    """Who changed the session meanwhile, and in what the sent form differs from it."""
    change = last_change(session)
    who = change.by.name if change and change.by else _("The session itself")
    names = [str(form.fields[name].label) for name in form.changed_data if name != "seen_at"]
    text = format_html(
        _("{who} changed it on {when}. Nothing of yours was saved, and nothing of theirs overwritten."),
        who=who,
        when=moments.exact(change.at if change else session.modified_at),
    )
    if names:
        differs = _("Your form differs from what is stored now in: %(fields)s.") % {"fields": _(", ").join(names)}
        text = format_html("{} {}", text, differs)
    text = format_html("{} {}", text, _("Save once more to have it as it stands in your form."))
    return Notice(_("This session was changed while you were editing"), text, Tone.WARNING)


def moment_seen(text: str) -> datetime:
    """The state that the form was made from; what is no moment is no state that ever was."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
