"""*My results*: what the reader earned in one session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import View

from cohort_sessions.queries.my_results import my_results
from cohort_sessions.web import moments, records
from cohort_sessions.web.active import ActiveAccountMixin
from cohort_sessions.web.frame import render_page
from cohort_sessions.web.reader import reading_as
from cohort_sessions.web.refusals import RefusalsMixin


class MyResultsView(ActiveAccountMixin, RefusalsMixin, View):
    """The reader's results in one session; not found for who never had a place in it. Made to be printed as well."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show the results in the session named `code`, in the reader's time zone."""
        now = timezone.now()
        found = my_results(code, user_id=request.user.id, now=now)
        with reading_as(request.user.id) as zone:
            context = {
                "record": records.present(found.record, now=now),
                "name": found.name,
                "printed": moments.exact(now),
                "zone": moments.zone_label(zone, now),
            }
            return render_page(request, "cohort_sessions/my_results.html", context)
