"""Pages of one's own, for whoever is signed in with an account that is active."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cohort_sessions.web.frame import render_page


class ActiveAccountMixin(LoginRequiredMixin):
    """
    Signs people in first; an account that is not active, or not any more, is told so and nothing else.

    The platform lets such accounts in, among others those whose e-mail address was never confirmed. Nobody acts with
    one here (`queries.actors.load_actor`), so nothing is shown to it either.
    """

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Let in who is active."""
        if request.user.is_authenticated and not request.user.is_active:
            sentence = _("Your account is not active. Confirm your e-mail address, or ask who runs this platform.")
            context = {"sentence": sentence}
            return render_page(request, "cohort_sessions/refused.html", context, status=HTTPStatus.FORBIDDEN)
        return super().dispatch(request, *args, **kwargs)
