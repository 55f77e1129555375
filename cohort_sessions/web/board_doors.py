"""What members do with the announcements and materials of a session: say that they have read, and fetch files."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from cohort_sessions import permissions
from cohort_sessions.errors import NotFound
from cohort_sessions.host import get_host
from cohort_sessions.operations.announcement_reads import mark_announcements_read
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.authority import session_for
from cohort_sessions.queries.materials import file_named
from cohort_sessions.web.downloads import kept_file
from cohort_sessions.web.refusals import RefusalsMixin


class ReadAnnouncementsView(LoginRequiredMixin, RefusalsMixin, View):
    """
    Note that a member has read announcements; POST only.

    Form field ``announcement``, optional, several times: which of them; without it all that are published.
    """

    http_method_names = ("post",)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Note it, and go back to where they stand."""
        now = timezone.now()
        actor = load_actor(request.user, now=now)
        session = session_for(code, permissions.VIEW_SESSION, actor=actor)
        named = [_uuid(text) for text in request.POST.getlist("announcement")]
        mark_announcements_read(session, named or None, actor=actor, now=now)
        home = reverse("cohort_sessions:session_home", kwargs={"code": code})
        return HttpResponseRedirect(f"{home}#cs-announcements")


class MaterialFileView(LoginRequiredMixin, RefusalsMixin, View):
    """A file of a session, for those who may have it now; nobody else learns that it is there."""

    def get(self, request: HttpRequest, code: str, material: UUID) -> HttpResponseBase:
        """Send it, to be saved."""
        now = timezone.now()
        actor = load_actor(request.user, now=now)
        session = session_for(code, permissions.VIEW_SESSION, actor=actor)
        found = file_named(session, material, actor=actor, now=now)
        try:
            file = get_host().private_storage().open(found.stored_name)
        except FileNotFoundError as missing:
            raise NotFound(_("There is no such file, or not any more.")) from missing
        return kept_file(file, found.file_name, found.content_type)


def _uuid(text: str) -> UUID:
    """
    The announcement that was named.

    Raises:
        NotFound: none can have this name.
    """
    try:
        return UUID(text)
    except ValueError as wrong:
        raise NotFound(_("There is no such announcement in this session.")) from wrong
