"""A new session: what it is called and where it belongs; the rest is decided on its own pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions import permissions
from cohort_sessions.errors import CohortSessionError, NotAllowed
from cohort_sessions.models import CohortSession
from cohort_sessions.operations.categories import open_category
from cohort_sessions.operations.sessions import create_session
from cohort_sessions.queries.choices import categories, may_create_somewhere, organisations
from cohort_sessions.queries.session_checks import session_faults
from cohort_sessions.queries.session_drafts import new_draft
from cohort_sessions.web.manage.fields import add_refusal
from cohort_sessions.web.manage.live import answer, only_asks
from cohort_sessions.web.manage.overview import OverviewPage
from cohort_sessions.web.manage.page import address
from cohort_sessions.web.manage.reports import Report, leave_report
from cohort_sessions.web.manage.settings_form import FIELDS, SettingsForm


class CreateForm(SettingsForm):
    """As for a session that is there, and the code that is never changed afterwards."""

    code = forms.SlugField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=CohortSession._meta.get_field("code").max_length,
        widget=forms.TextInput({"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Names it in addresses and files: letters, digits, - and _. Empty: made from the title."
        ),
    )

    field_order = ("title", "code")

    def values(self) -> dict[str, object]:
        """The fields of the new session."""
        return {name: self.cleaned_data[name] for name in self.cleaned_data.keys() & {*FIELDS, "code"}}


class CreateSessionView(OverviewPage):
    """The form, and the draft it makes; the courses come next."""

    template = "create.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty form; who may create in one organisation alone finds it filled in."""
        self._refuse_others()
        own = sorted(self.actor.organisations)
        initial = {"organisation": own[0]} if len(own) == 1 and not self._may_place("") else {}
        return self._show(self._form(None, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the draft, or only say what is in the way."""
        self._refuse_others()
        form = self._form(request.POST)
        if only_asks(request):
            return answer(form)
        if form.is_valid():
            try:
                session = self._create(form.values())
            except CohortSessionError as refusal:
                add_refusal(form, refusal)
            else:
                text = _("It is a draft. Choose its courses now; its dates, people and team stand beside them.")
                leave_report(request, session.code, Report(_("The session was created"), text))
                return HttpResponseRedirect(address("courses", session.code))
        return self._show(form)

    def _refuse_others(self) -> None:
        if not may_create_somewhere(self.actor):
            raise NotAllowed(
                _("You may run the sessions that were given to you; to have a new one, duplicate one of them.")
            )

    def _form(self, data: Mapping | None, **more) -> CreateForm:
        return CreateForm(data, may_place=self._may_place, check=self._faults, **more)

    def _faults(self, values: Mapping, unread: Collection[str]) -> Mapping[str, str]:
        """What `create_session` would say of them; the category is made on saving."""
        draft = new_draft({name: value for name, value in values.items() if name != "category"}, now=self.now)
        return session_faults(draft, unread=unread)

    def _create(self, values: dict) -> CohortSession:
        with transaction.atomic():
            name = values["category"]
            values["category"] = open_category(name, actor=self.actor) if name else None
            return create_session(**values, actor=self.actor, now=self.now)

    def _may_place(self, organisation: str) -> bool:
        return permissions.allows(self.actor, permissions.CREATE_SESSION, CohortSession(organisation=organisation))

    def _show(self, form: CreateForm) -> HttpResponse:
        return self.render(
            form=form,
            organisations=organisations(self.actor),
            categories=categories(),
            cancel_url=reverse("cohort_sessions:manage_sessions"),
        )
