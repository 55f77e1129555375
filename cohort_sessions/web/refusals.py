"""What pages answer when an operation or query refuses: the one place where `CohortSessionError` becomes a response."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse

from cohort_sessions.errors import CohortSessionError, NotAllowed, NotFound
from cohort_sessions.web.frame import render_page


class RefusalsMixin:
    """
    For class-based views: every refusal ends as a page.

    What is not found is a 404 of the host, so that nothing tells it from any other missing page. What is not allowed,
    or not possible now, is a page with the error's own sentence.
    """

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Run the view and translate its refusal."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotFound as refusal:
            raise Http404(str(refusal)) from refusal
        except CohortSessionError as refusal:
            status = HTTPStatus.FORBIDDEN if isinstance(refusal, NotAllowed) else HTTPStatus.CONFLICT
            return self.refuse(str(refusal), status)

    def refuse(self, sentence: str, status: HTTPStatus) -> HttpResponse:
        """The page that says why not."""
        return render_page(self.request, "cohort_sessions/refused.html", {"sentence": sentence}, status=status)
