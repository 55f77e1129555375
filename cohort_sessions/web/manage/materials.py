"""Links and files that the team of a session gives its learners: adding, editing, moving and removing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.data import MaterialKind
from cohort_sessions.errors import CohortSessionError
from cohort_sessions.models import Material
from cohort_sessions.operations.materials import add_file, add_link, edit_material, move_material, remove_material
from cohort_sessions.queries.announcing import AnnouncingRights
from cohort_sessions.queries.materials import LONGEST_TITLE, material_named
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.board_pages import BoardPage, TargetField
from cohort_sessions.web.manage.fields import add_refusal
from cohort_sessions.web.manage.reports import Report
from cohort_sessions.web.wording import Tone

_LIST = "#cs-materials"


def _title_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Title"),
        required=required,
        widget=forms.TextInput({"dir": "auto", "maxlength": LONGEST_TITLE}),
        error_messages={"required": gettext_lazy("Write a title.")},
    )


def _url_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Address"),
        widget=forms.TextInput({"type": "url", "dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Give the whole address of a page, beginning with https:// or http://.")
        },
    )


class _MaterialForm(PageForm):
    """For whom it is. `uuid` names it, so that two clicks make one."""

    course = TargetField()
    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping | None, files: Mapping | None = None, *, rights: AnnouncingRights, initial: Mapping
    ):
        super().__init__(data, files, initial=initial)
        self.fields["course"].offer(rights)

    def clean(self) -> dict:
        """Nobody can mend a name that they do not see: it gets another."""
        if self.errors.pop("uuid", None):
            self.cleaned_data["uuid"] = None
        return self.cleaned_data


class LinkForm(_MaterialForm):
    """A link."""

    title = _title_field(required=True)
    url = _url_field()


class FileForm(_MaterialForm):
    """A file. What it may be, the operation says."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
    title = _title_field(required=False)

    def __init__(self, *arguments, **by_name):
        super().__init__(*arguments, **by_name)
        types = settings.COHORT_SESSIONS_MATERIAL_TYPES
        self.fields["file"].widget.attrs["accept"] = ",".join(f".{each}" for each in types)
        self.fields["file"].help_text = _("At most %(most)s MB; one of: %(types)s.") % {
            "most": settings.COHORT_SESSIONS_MATERIAL_MAX_MB,
            "types": ", ".join(types),
        }
        self.fields["title"].help_text = _("Without one, the name of the file.")


class TitleForm(_MaterialForm):
    """What a file is called, and for whom it is; the file itself stays."""

    title = _title_field(required=True)


class AddLinkView(BoardPage):
    """Give learners a link."""

    title = gettext_lazy("Add a link")
    button = gettext_lazy("Add")
    form_class: type[_MaterialForm] = LinkForm
    add = staticmethod(add_link)

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """An empty form."""
        self.authorise_somewhere()
        return self.ask(self.form_class(None, rights=self.rights, initial={"uuid": uuid4()}))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Add it."""
        self.authorise_somewhere()
        form = self.form_class(request.POST, request.FILES, rights=self.rights, initial={})
        if form.is_valid():
            try:
                made = self.add(self.session, **form.cleaned_data, actor=self.actor, now=self.now)
            except CohortSessionError as refusal:
                add_refusal(form, refusal)
            else:
                return self.back(Report(_("“%(title)s” was added") % {"title": made.title}), _LIST)
        return self.ask(form)


class AddFileView(AddLinkView):
    """Give learners a file."""

    title = gettext_lazy("Add a file")
    form_class = FileForm
    add = staticmethod(add_file)


class _OneMaterial(BoardPage):
    """About the link or file of the address."""

    @cached_property
    def material(self) -> Material:
        """It, for who may change it."""
        found = material_named(self.session, self.kwargs["material"])
        self.authorise_at(found.edition)
        return found

    def authorise_page(self) -> None:
        """Whoever may change it."""
        _found = self.material


class EditMaterialView(_OneMaterial):
    """Give a link or file another title or course, or a link another address."""

    title = gettext_lazy("Edit a link or file")

    def get(self, request: HttpRequest, code: str, material: UUID) -> HttpResponse:
        """As it stands."""
        return self.ask(self._form(None))

    def post(self, request: HttpRequest, code: str, material: UUID) -> HttpResponse:
        """Save it."""
        form = self._form(request.POST)
        if form.is_valid():
            values = {name: value for name, value in form.cleaned_data.items() if name != "uuid"}
            try:
                edit_material(self.material, **values, actor=self.actor, now=self.now)
            except CohortSessionError as refusal:
                add_refusal(form, refusal)
            else:
                return self.back(Report(_("Saved")), _LIST)
        return self.ask(form)

    def _form(self, data: Mapping | None) -> _MaterialForm:
        found = self.material
        kind = LinkForm if found.kind == MaterialKind.LINK else TitleForm
        return kind(data, rights=self.rights, initial={"course": found.edition, "title": found.title, "url": found.url})


class MoveMaterialView(_OneMaterial):
    """Move a link or file one place up, or down; POST only. ``up``: which of them."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, code: str, material: UUID) -> HttpResponse:
        """Move it."""
        is_moved = move_material(self.material, is_up="up" in request.POST, actor=self.actor, now=self.now)
        as_before = Report(_("Nothing was moved"), _("It stands at that end already."), Tone.INFO)
        return self.back(Report(_("The order is saved")) if is_moved else as_before, _LIST)


class RemoveMaterialView(_OneMaterial):
    """Take a link or file away; asks first."""

    template = "confirm.html"
    title = gettext_lazy("Remove a link or file")
    button = gettext_lazy("Remove")

    def get(self, request: HttpRequest, code: str, material: UUID) -> HttpResponse:
        """Say what will happen."""
        is_file = self.material.kind == MaterialKind.FILE
        text = _("Learners do not find it any more, and the file is deleted here.")
        return self.confirm(self.material.title, text if is_file else _("Learners do not find it any more."))

    def post(self, request: HttpRequest, code: str, material: UUID) -> HttpResponse:
        """Remove it."""
        title = self.material.title
        remove_material(self.material, actor=self.actor, now=self.now)
        return self.back(Report(_("“%(title)s” was removed") % {"title": title}), _LIST)
