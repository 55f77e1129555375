"""The pages of a session's team inside the LMS: people by their profile's names, and a form sent and answered there."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cohort_sessions import api

pytestmark = pytest.mark.django_db(databases="__all__")

PAGES = (
    "people",
    "enrol",
    "own_dates",
    "move",
    "remove",
    "approve",
    "decline",
    "settings",
    "courses",
    "dates",
    "deadlines",
    "team",
    "locks",
    "changes",
    "preview",
    "duplicate",
)


@pytest.fixture
def greta(make_user):
    return make_user("greta", is_staff=True)


@pytest.fixture
def crew(make_user, make_base_course, make_session):
    return make_session("Crew", courses=[make_base_course(title="Tides")], members=[make_user("lea")])


def test_every_page_stands_in_the_frame_of_the_lms(crew, greta, signed_in):
    browser = signed_in(greta)
    addresses = [reverse(f"cohort_sessions:{page}", args=[crew.code]) + "?who=lea" for page in PAGES]
    addresses.append(reverse("cohort_sessions:member", args=[crew.code, "lea"]))
    addresses.append(reverse("cohort_sessions:edition_deadlines", args=[crew.code, crew.editions.get().uuid]))
    for address in addresses:
        response = browser.get(address)
        assert response.status_code == 200, address
        content = response.content.decode()
        positions = [
            content.index(piece) for piece in ("global-header", '<main id="main"', "cs-ways", "wrapper-footer")
        ]
        assert positions == sorted(positions)


def test_people_are_found_by_the_names_of_their_profiles(crew, greta, django_user_model, signed_in, now):
    lea = django_user_model.objects.get(username="lea")
    lea.profile.name = "Lea Brandt"
    lea.profile.save()
    api.set_member_dates(crew, ["lea"], extra_days=2, reason="Was ill.", actor=api.load_actor(greta, now=now), now=now)
    people = reverse("cohort_sessions:people", args=[crew.code])
    browser = signed_in(greta)
    assert "<bdi>Lea Brandt</bdi>" in browser.get(people, {"search": "brandt"}).content.decode()
    assert "<bdi>Lea Brandt</bdi>" not in browser.get(people, {"search": "omar"}).content.decode()
    history = browser.get(reverse("cohort_sessions:member", args=[crew.code, "lea"])).content.decode()
    assert "Was ill." in history


def test_a_pasted_list_is_answered(crew, greta, make_user, signed_in, committed):
    make_user("omar")
    enrol = reverse("cohort_sessions:enrol", args=[crew.code])
    with committed():
        content = signed_in(greta).post(enrol, {"people": "omar\nnobody"}, follow=True).content.decode()
    assert "1 person was enrolled" in content
    assert "No active account has this username or e-mail address." in content
    assert set(crew.members.values_list("user__username", flat=True)) == {"lea", "omar"}
