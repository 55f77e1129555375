"""What a session administrator has taken out of the coaches' hands: set here, and shown to coaches with the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohort_sessions import permissions
from cohort_sessions.data import Lock
from cohort_sessions.errors import ChangedMeanwhile, NotAllowed
from cohort_sessions.operations.locks import set_locks
from cohort_sessions.queries.locks import StandingLock, standing_locks
from cohort_sessions.web import moments
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.fields import reason_field
from cohort_sessions.web.manage.page import SessionPage, address
from cohort_sessions.web.manage.reports import Report, leave_report
from cohort_sessions.web.wording import Badge, Notice, Tone

# What each lock is called, and what coaches cannot do while it holds.
LOCKS = {
    Lock.SCHEDULE: (gettext_lazy("Dates"), gettext_lazy("Change openings and deadlines inside the courses.")),
    Lock.CONTENT_VISIBILITY: (
        gettext_lazy("What is shown of a course"),
        gettext_lazy("Hide or show sections, subsections and units."),
    ),
    Lock.TOOL_VISIBILITY: (
        gettext_lazy("Tools"),
        gettext_lazy("Turn the tools of a course, such as its wiki, on or off."),
    ),
    Lock.CONTENT_EDITS: (gettext_lazy("Contents"), gettext_lazy("Change names, texts and problems of a course.")),
    Lock.GRADING_POLICY: (gettext_lazy("Grading"), gettext_lazy("Change how a course is graded.")),
    Lock.ENROLMENT: (gettext_lazy("Enrolment"), gettext_lazy("Enrol, extend, move and remove members.")),
    Lock.TEAM: (gettext_lazy("Course coaches"), gettext_lazy("Assign and remove the coaches of courses.")),
    Lock.ANNOUNCEMENTS: (gettext_lazy("Announcements"), gettext_lazy("Publish announcements and materials.")),
}


class LocksForm(PageForm):
    """All locks at once. `seen` are those that stood when the form was made."""

    locks = forms.MultipleChoiceField(
        label=gettext_lazy("Coaches cannot"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = reason_field(
        required=False,
        help_text=gettext_lazy("Coaches read it beside each lock that you add now; locks that stood keep theirs."),
    )
    seen = forms.MultipleChoiceField(
        required=False, choices=[(lock.value, lock.value) for lock in Lock], widget=forms.MultipleHiddenInput
    )


class LocksView(SessionPage):
    """The locks: a form for those who may set them, a list for coaches."""

    permission = permissions.VIEW_ROSTER
    template = "locks.html"
    current = "locks"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The locks as they stand."""
        return self._show(self._form(None) if self.may_set else None)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Set them, unless somebody else has set others meanwhile."""
        if not self.may_set:
            raise NotAllowed(_("Only session administrators can set locks."))
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form)
        wanted, seen = _locks(form.cleaned_data["locks"]), _locks(form.cleaned_data["seen"])
        reason = form.cleaned_data["reason"]
        try:
            changed = set_locks(self.session, wanted, reason=reason, seen=seen, actor=self.actor, now=self.now)
        except ChangedMeanwhile as refusal:
            return self._show(self._form(self._with_new_sight(request.POST)), changes=_told(refusal))
        leave_report(request, code, _report(changed, wanted))
        return HttpResponseRedirect(address("locks", code))

    @cached_property
    def may_set(self) -> bool:
        """Whether this person sets locks or only reads of them."""
        return permissions.allows(self.actor, permissions.SET_LOCK, self.session)

    @cached_property
    def standing(self) -> Mapping[Lock, StandingLock]:
        """The locks that hold."""
        return standing_locks(self.session)

    def _form(self, data: Mapping | None) -> LocksForm:
        names = [lock.value for lock in self.standing]
        form = LocksForm(data, initial={"locks": names, "seen": names})
        form.fields["locks"].choices = [(lock.value, self._label(lock)) for lock in Lock]
        return form

    def _label(self, lock: Lock) -> SafeString:
        name, meaning = LOCKS[lock]
        label = format_html("<strong>{}</strong> {}", name, meaning)
        if lock in self.standing:
            label = format_html('{} <span class="cs-lock__why">{}</span>', label, why_locked(self.standing[lock]))
        return label

    def _with_new_sight(self, sent: Mapping) -> Mapping:
        """What the person sent, ready to be saved over what they are shown now."""
        data = sent.copy()
        data.setlist("seen", [lock.value for lock in self.standing])
        return data

    def _show(self, form: LocksForm | None, *, changes: Notice | None = None) -> HttpResponse:
        return self.render(
            form=form,
            changes=changes,
            rows=() if form else [(*LOCKS[lock], *self._state(lock)) for lock in Lock],
            reload_url=address("locks", self.session.code),
        )

    def _state(self, lock: Lock) -> tuple[Badge, SafeString | str]:
        if lock in self.standing:
            return Badge(_("Locked"), Tone.WARNING), why_locked(self.standing[lock])
        return Badge(_("Open"), Tone.SUCCESS), ""


def lock_notices(locks: Iterable[StandingLock]) -> list[Notice]:
    """What coaches cannot change on a page, with who locked it and why; each lock once."""
    return [
        Notice(_("Locked: %(what)s") % {"what": LOCKS[name][0]}, why_locked(lock), Tone.INFO)
        for name, lock in {lock.name: lock for lock in locks}.items()
    ]


def why_locked(lock: StandingLock) -> SafeString:
    """Who locked it, when, and the reason they gave."""
    who = lock.by.name if lock.by else _("a session administrator")
    locked = format_html(_("Locked by {who} on {when}."), who=who, when=moments.exact(lock.at))
    said = [locked, _("Reason given: %(why)s") % {"why": lock.reason}] if lock.reason else [locked]
    return format_html_join(" ", "{}", ((each,) for each in said))


def _locks(names: Collection[str]) -> frozenset[Lock]:
    return frozenset(Lock(name) for name in names)


def _told(refusal: ChangedMeanwhile) -> Notice:
    text = _("%(sentence)s Below is your form, beside the locks as they stand. Save once more to have it your way.")
    return Notice(_("The locks were changed while you were editing"), text % {"sentence": str(refusal)}, Tone.WARNING)


def _report(changed: Collection[Lock], wanted: Collection[Lock]) -> Report:
    if not changed:
        return Report(_("Nothing has changed"), tone=Tone.INFO)
    added, released = len(changed & wanted), len(changed - wanted)
    said = [ngettext("%d lock was set.", "%d locks were set.", added) % added] if added else []
    if released:
        said.append(ngettext("%d lock was released.", "%d locks were released.", released) % released)
    return Report(_("Saved"), " ".join(said))
