"""The pages of a session's team inside the LMS: people by their profile's names, and a form sent and answered there."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils.html import escape

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
    "results",
    "export_results",
    "message_members",
    "customise_courses",
)
OF_A_COURSE = (
    "edition_deadlines",
    "edition_results",
    "reopen_results",
    "customise",
    "customise_review",
    "customise_welcome",
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
    addresses.append(reverse("cohort_sessions:member_results", args=[crew.code, "lea"]))
    uuid = crew.editions.get().uuid
    addresses += [reverse(f"cohort_sessions:{page}", args=[crew.code, uuid]) + "?who=lea" for page in OF_A_COURSE]
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


def test_a_course_is_customised_and_learners_see_it(crew, greta, make_user, signed_in, committed, outline_of):
    edition = crew.editions.get()
    lea, browser, names = make_user("lea"), signed_in(greta), {"code": crew.code, "uuid": edition.uuid}
    section = str(edition.base_key.make_usage_key("chapter", "section_1"))
    before = outline_of(edition.edition_key, lea)
    block = reverse("cohort_sessions:customise_block", kwargs={**names, "block": section})
    assert browser.get(block).status_code == 200
    browser.post(block, {"title": "Week 1"})
    review = reverse("cohort_sessions:customise_review", kwargs=names)
    edition.refresh_from_db()
    with committed():
        content = browser.post(review, {"seen": edition.draft.changed_at.isoformat()}, follow=True).content.decode()
    assert "1 change is applied" in content
    assert outline_of(edition.edition_key, lea) == ["Week 1", *before[1:]]
    with committed():
        browser.post(reverse("cohort_sessions:undo_customise", kwargs=names))
    assert outline_of(edition.edition_key, lea) == before


def test_results_lead_into_the_platform_s_own_pages(crew, greta, signed_in):
    content = signed_in(greta).get(reverse("cohort_sessions:member_results", args=[crew.code, "lea"])).content.decode()
    key = crew.editions.get().edition_key
    lea = crew.members.get().user_id
    for path in (f"/courses/{key}/progress/{lea}/", f"/courses/{key}/instructor#view-student_admin"):
        assert escape(path) in content or quote(path, safe="/#") in content, path
