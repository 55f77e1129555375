"""An administrator gives certificates to members who are ticked on the page of results."""

from __future__ import annotations

import pytest

from cohort_sessions.models import EditionResult
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, address, send

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.COHORT_SESSIONS_CERTIFICATES = True


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("greta", "ben", "lea", "max")}


@pytest.fixture
def crew(people, make_base_course, make_session, now):
    """Lea has passed, Max has not."""
    session = make_session(
        "Crew",
        courses=[make_base_course()],
        members=[people["lea"], people["max"]],
        administrators=[people["greta"]],
        session_coaches=[people["ben"]],
    )
    for place in session.members.select_related("user"):
        passed = place.user == people["lea"]
        EditionResult.objects.create(
            member=place, edition=session.editions.get(), grade=0.75 if passed else 0.25, passed=passed, as_of=now
        )
    return session


@pytest.fixture
def url(crew):
    return address("give_certificates", crew, uuid=crew.editions.get().uuid)


def certified() -> list[str]:
    rows = EditionResult.objects.filter(certified_at__isnull=False)
    return list(rows.values_list("member__user__username", flat=True))


def test_asked_first_then_given_and_each_answered(crew, people, url, visit, committed):
    page = visit(f"{url}?who=lea&who=max", people["greta"])
    assert page.words("//h1") == ["Give the certificate of the platform"]
    assert certified() == []
    with committed():
        response, page = send(url, people["greta"], who=["lea", "max"])
    assert response.redirect_chain == [(address("edition_results", crew, uuid=crew.editions.get().uuid), 302)]
    assert page.words(NOTICE)[:2] == ["1 certificate is being made", "1 line could not be done."]
    assert certified() == ["lea"]
    changes = visit(f"{address('changes', crew)}?kind=results", people["greta"]).words("//tbody/tr/th")
    assert [line.partition(" Certificate: ")[0] for line in changes] == ["Certificate given"]
    row = visit(address("member_results", crew, username="lea"), people["ben"]).words("//main")[0]
    assert "Certificate" in row


def test_not_where_operators_have_not_allowed_it(people, url, settings):
    settings.COHORT_SESSIONS_CERTIFICATES = False
    for method in ("get", "post"):
        assert getattr(signed_in(people["greta"]), method)(url, {"who": "lea"}).status_code == 404
    assert certified() == []


def test_coaches_do_not(people, url):
    assert signed_in(people["ben"]).post(url, {"who": "lea"}).status_code == 403
    assert certified() == []
