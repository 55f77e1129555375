"""*Available sessions*: the list, one session of it, and joining it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import View

from cohort_sessions.errors import CannotJoin, InvalidInput, TooManyAttempts
from cohort_sessions.joining import Standing
from cohort_sessions.operations.joining import join_session
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.catalogue import Catalogue, CatalogueEntry, available_session, available_sessions
from cohort_sessions.queries.wishes import session_named
from cohort_sessions.web import moments, offers
from cohort_sessions.web.active import ActiveAccountMixin
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.frame import render_page
from cohort_sessions.web.notices import tell
from cohort_sessions.web.reader import reading_as
from cohort_sessions.web.refusals import RefusalsMixin


class CodeForm(PageForm):
    """What somebody types who joins by an enrolment code."""

    code = forms.CharField(
        label=gettext_lazy("Enrolment code"),
        help_text=gettext_lazy("The session's team gives it to you."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
        max_length=64,
    )


@dataclass(frozen=True, slots=True)
class Item:
    """An offer with its form, as a template needs it; `form` is ``None`` where no code is asked for."""

    offer: offers.Offer
    form: CodeForm | None


@dataclass(frozen=True, slots=True)
class Pages:
    """Where the list goes on; addresses are empty at its ends."""

    page: int
    pages: int
    previous_url: str
    next_url: str


class AvailableSessionsView(ActiveAccountMixin, RefusalsMixin, View):
    """
    The sessions that whoever is signed in may join, or waits for.

    Query parameters, both optional: ``search`` and ``page``; a page that is none is the first.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one page of the list, in the reader's time zone."""
        now = timezone.now()
        found = available_sessions(
            request.user.id,
            now=now,
            search=request.GET.get("search", ""),
            page=_page(request.GET.get("page", "")),
        )
        with reading_as(request.user.id) as zone:
            context = {
                "found": found,
                "items": [_item(entry, now=now) for entry in found.entries],
                "pages": _pages(found),
                "page_url": reverse("cohort_sessions:available_sessions"),
                "zone": moments.zone_label(zone, now),
            }
            return render_page(request, "cohort_sessions/available_sessions.html", context)


class AvailableSessionView(ActiveAccountMixin, RefusalsMixin, View):
    """
    One session that may be joined, at an address to pass on; a POST does what the button says.

    Not found for whoever could not find it in the list.
    """

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show it."""
        return self._show(request, code)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """
        Join, ask, wait or accept, whatever is open to the person now; `promised` is what the button spoke of.

        Where the last seat went meanwhile they wait: asking once more would only cost them their place in the line.
        """
        session = session_named(code)
        now = timezone.now()
        try:
            done = join_session(
                session, code=request.POST.get("code", ""), actor=load_actor(request.user, now=now), now=now
            )
        except (InvalidInput, TooManyAttempts) as refusal:
            return self._show(request, code, wrong_code=str(refusal))
        except CannotJoin as refusal:
            messages.warning(request, str(refusal))
            return redirect("cohort_sessions:available_sessions")
        tone, sentence = offers.outcome(
            done.standing, done.position, title=session.title, promised=request.POST.get("promised", "")
        )
        tell(request, tone, sentence)
        view = "session_home" if done.standing == Standing.MEMBER else "available_session"
        return redirect(f"cohort_sessions:{view}", code=code)

    def _show(self, request: HttpRequest, code: str, *, wrong_code: str = "") -> HttpResponse:
        now = timezone.now()
        entry = available_session(code, user_id=request.user.id, now=now)
        with reading_as(request.user.id) as zone:
            item = _item(entry, now=now, data=request.POST if wrong_code else None)
            if wrong_code and item.form is not None:
                item.form.errors["code"] = item.form.error_class([wrong_code])
            context = {"item": item, "offer": item.offer, "zone": moments.zone_label(zone, now)}
            status = HTTPStatus.BAD_REQUEST if wrong_code else HTTPStatus.OK
            return render_page(request, "cohort_sessions/available_session.html", context, status=status)


def _item(entry: CatalogueEntry, *, now, data: Mapping[str, str] | None = None) -> Item:
    # Ids of fields must differ where several forms stand on one page.
    form = CodeForm(data, auto_id=f"id_%s_{entry.code}") if entry.decision.needs_code else None
    return Item(offers.present(entry, now=now), form)


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _pages(found: Catalogue) -> Pages:
    def address(page: int) -> str:
        if not 1 <= page <= found.pages:
            return ""
        asked = ({"search": found.search} if found.search else {}) | {"page": page}
        return f"{reverse('cohort_sessions:available_sessions')}?{urlencode(asked)}"

    return Pages(found.page, found.pages, address(found.page - 1), address(found.page + 1))
