"""*My history*: every session that the reader has or had a place in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from cohort_sessions.queries.my_history import MyHistory, my_history
from cohort_sessions.web import moments, records
from cohort_sessions.web.active import ActiveAccountMixin
from cohort_sessions.web.frame import render_page
from cohort_sessions.web.reader import reading_as


class MyHistoryView(ActiveAccountMixin, View):
    """
    The reader's own record, newest first. Made to be printed as well.

    Query parameter, optional: ``page``; one that is none is the first.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one page of it, in the reader's time zone."""
        now = timezone.now()
        found = my_history(request.user.id, now=now, page=_page(request.GET.get("page", "")))
        with reading_as(request.user.id) as zone:
            context = {
                "found": found,
                "records": [records.present(record, now=now) for record in found.records],
                "previous_url": _address(found, found.page - 1),
                "next_url": _address(found, found.page + 1),
                "name": found.name,
                "printed": moments.exact(now),
                "zone": moments.zone_label(zone, now),
            }
            return render_page(request, "cohort_sessions/my_history.html", context)


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _address(found: MyHistory, page: int) -> str:
    return f"{reverse('cohort_sessions:my_history')}?page={page}" if 1 <= page <= found.pages else ""
