"""An invited address, from the registration of the platform to its retirement."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from common.djangoapps.student.models import Registration
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse
from openedx.core.djangoapps.user_api.models import RetirementState, UserRetirementStatus

from cohort_sessions import api
from cohort_sessions.models import Invitation
from tests.platform.kit import PASSWORD

pytestmark = pytest.mark.django_db(databases="__all__")

ANN = "ann@example.com"


@pytest.fixture
def crew(make_session, make_base_course, committed, now):
    """A session into which Ann is invited."""
    session = make_session("Crew", courses=[make_base_course()])
    with committed():
        api.enrol_members(session, [ANN], actor=api.SYSTEM, now=now)
    return session


@pytest.fixture
def register(committed):
    """Register with this address on the platform's own form, as nobody who is signed in."""

    def send(email: str):
        form = {
            "username": "ann",
            "email": email,
            "name": "Ann Ebb",
            "password": PASSWORD,
            "honor_code": "true",
            "terms_of_service": "true",
            "country": "IS",
        }
        with committed():
            response = Client().post(reverse("user_api_registration"), form)
        assert response.status_code == HTTPStatus.OK, response.content
        return get_user_model().objects.get(email=email)

    return send


def members(session) -> set[str]:
    return set(session.members.values_list("user__username", flat=True))


class TestInvited:
    """The whole way of an address."""

    def test_who_is_invited_reads_of_it(self, crew):
        (letter,) = mail.outbox
        assert (letter.to, letter.subject) == ([ANN], "You are invited to “Crew”")
        assert f"/cohort-sessions/sessions/{crew.code}/" in letter.body

    def test_where_the_letter_leads_one_signs_in_or_registers(self, crew):
        response = Client().get(reverse("cohort_sessions:session_home", args=[crew.code]))
        assert response.status_code == HTTPStatus.FOUND
        assert "/login" in response.url

    def test_registering_is_not_enough_until_the_address_is_confirmed(self, crew, register, committed):
        ann = register("Ann@example.com")
        assert (ann.is_active, members(crew)) == (False, set())
        with committed():
            Client().get(reverse("activate", args=[Registration.objects.get(user=ann).activation_key]))
        assert members(crew) == {"ann"}
        assert not Invitation.objects.exists()
        edition = crew.editions.get().edition_key
        assert ann.courseenrollment_set.filter(course_id=edition, is_active=True).exists()

    def test_where_the_operator_trusts_every_address_it_is(self, crew, register, settings):
        settings.FEATURES = {**settings.FEATURES, "SKIP_EMAIL_VALIDATION": True}
        register(ANN)
        assert members(crew) == {"ann"}

    def test_a_retired_address_is_forgotten(self, crew, make_user, now):
        """By the request of the retirement pipeline."""
        user, ada = make_user("leaver"), make_user("ada", is_staff=True)
        get_user_model().objects.filter(pk=user.pk).update(email=ANN, is_active=False)
        get_user_model().objects.filter(pk=ada.pk).update(is_superuser=True)
        user.refresh_from_db()
        for order, name in enumerate(("PENDING", "RETIRING_LMS", "COMPLETE")):
            RetirementState.objects.get_or_create(state_name=name, defaults={"state_execution_order": order})
        retirement = UserRetirementStatus.create_retirement(user)
        retirement.current_state = RetirementState.objects.get(state_name="RETIRING_LMS")
        retirement.save()
        browser = Client()
        assert browser.login(username="ada", password=PASSWORD)
        url = reverse("accounts_retire_misc")
        response = browser.post(url, {"username": "leaver"}, content_type="application/json")
        assert response.status_code == HTTPStatus.NO_CONTENT
        assert not Invitation.objects.exists()
