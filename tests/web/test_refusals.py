"""A refusal becomes a page, in one place."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.views.generic import View

from cohort_sessions import errors
from cohort_sessions.web.refusals import RefusalsMixin

pytestmark = pytest.mark.django_db


def answer_to(error: Exception):
    """What a page answers whose view raises `error`."""

    class Refusing(RefusalsMixin, View):
        def get(self, request):
            raise error

    request = RequestFactory().get("/")
    request.user = None
    return Refusing.as_view()(request)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotAllowed("Only for <administrators>."), 403),
        (errors.Locked("Only for <administrators>."), 403),
        (errors.WrongState("Only for <administrators>."), 409),
    ],
)
def test_a_sentence_on_a_page(error, status):
    response = answer_to(error)
    assert response.status_code == status
    assert "Only for &lt;administrators&gt;." in response.content.decode()


def test_what_is_not_found_is_the_hosts_own_404():
    with pytest.raises(Http404):
        answer_to(errors.NotFound("There is no such session."))


def test_what_nobody_foresaw_is_raised():
    with pytest.raises(ZeroDivisionError):
        answer_to(ZeroDivisionError())
