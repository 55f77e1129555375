"""Accounts, and enrolments through the host's own rules."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from cohort_sessions.host import Enrolment, EnrolmentOutcome, Letter, WantedEnrolment

pytestmark = pytest.mark.django_db(databases="__all__")

NOBODY = 987654321


@pytest.fixture
def edition_key(make_edition):
    return make_edition().edition_key


def test_the_name_other_people_may_see(host, make_user):
    lea, max_ = make_user("lea"), make_user("max")
    accounts = get_user_model().objects.filter(pk__in=[lea.pk, max_.pk]).order_by(host.name_path)
    names = accounts.values_list(host.name_path, flat=True)
    assert len(names) == 2
    assert all(isinstance(name, str) for name in names)


def test_a_person_without_a_time_zone(host, make_user):
    assert host.time_zone(make_user().pk) is None


def test_a_person_without_a_language(host, make_user):
    assert host.language(make_user().pk) is None


def test_the_courses_somebody_teaches(host, make_base_course, make_user, make_course_role, django_assert_num_queries):
    cora, max_, tides, stars, bread = make_user("cora"), make_user("max"), *(make_base_course() for _ in range(3))
    make_course_role(tides, cora, "staff")
    make_course_role(stars, cora, "instructor")
    make_course_role(bread, max_, "staff")
    with django_assert_num_queries(1):
        assert host.taught_base_keys(cora.pk) == {tides, stars}


def test_a_role_in_an_edition_teaches_no_base_course(host, make_edition, make_user, make_course_role):
    cora, admin = make_user("cora"), make_user("adam", is_staff=True)
    make_course_role(make_edition().edition_key, cora, "staff")
    assert [host.taught_base_keys(user_id) for user_id in (cora.pk, admin.pk, NOBODY)] == [frozenset()] * 3


def test_a_letter_reaches_the_one_it_is_for(host, make_user, mailoutbox):
    lea = make_user("lea")
    get_user_model().objects.filter(pk=lea.pk).update(email="lea@example.com")
    host.send_letter(
        lea.pk,
        Letter("A place in “Tides & ebb”", ("Accept <it> soon.", "See you."), "/cohort-sessions/available/", "Go on"),
    )
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["lea@example.com"], "A place in “Tides & ebb”")
    assert [words for words in ("Accept <it> soon.", "See you.", "Go on") if words not in mail.body] == []
    assert "/cohort-sessions/available/" in mail.body
    assert all("<it>" not in content for content, _type in getattr(mail, "alternatives", ()))


def test_a_letter_reaches_an_address_that_is_nobodys(host, mailoutbox):
    host.send_letter_to("ann@example.com", Letter("Come <in>", ("See you.",), "/cohort-sessions/", "Register"))
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["ann@example.com"], "Come <in>")
    assert [words for words in ("See you.", "Register", "/cohort-sessions/") if words not in mail.body] == []


class TestEnrolling:
    def test_repeating_a_call_is_harmless(self, host, edition_key, make_user):
        wanted = [WantedEnrolment(edition_key, make_user("lea").pk, is_active=True)]
        assert host.apply_enrolments(wanted) == [EnrolmentOutcome(wanted[0], changed=True)]
        assert host.apply_enrolments(wanted) == [EnrolmentOutcome(wanted[0], changed=False)]

    def test_in_and_out_and_in_again(self, host, edition_key, make_user, stored):
        lea = make_user()
        path = []
        for is_active in (True, False, False, True):
            (outcome,) = host.apply_enrolments([WantedEnrolment(edition_key, lea.pk, is_active=is_active)])
            path.append((outcome.changed, stored(edition_key, lea).is_enrolled))
        assert path == [(True, True), (True, False), (False, False), (True, True)]

    def test_nobody_is_enrolled_anywhere_else(
        self, host, base_key, edition_key, make_edition, make_user, stored, enrol
    ):
        lea, other = make_user(), make_edition().edition_key
        enrol(edition_key, lea)
        assert [stored(key, lea).is_enrolled for key in (edition_key, other, base_key)] == [True, False, False]

    def test_an_enrolment_of_others_making_is_never_ended(
        self, host, edition_key, make_user, make_foreign_enrolment, stored
    ):
        lea = make_user()
        make_foreign_enrolment(edition_key, lea)
        for is_active in (True, False):
            wanted = WantedEnrolment(edition_key, lea.pk, is_active=is_active)
            assert host.apply_enrolments([wanted]) == [EnrolmentOutcome(wanted, changed=False)]
        assert stored(edition_key, lea).is_enrolled

    def test_outcomes_come_in_the_order_given_and_a_bad_line_stops_nothing(self, host, edition_key, make_user, stored):
        lea, max_ = make_user("lea"), make_user("max")
        wanted = [WantedEnrolment(edition_key, user_id, is_active=True) for user_id in (lea.pk, NOBODY, max_.pk)]
        outcomes = host.apply_enrolments(wanted)
        assert [outcome.wanted for outcome in outcomes] == wanted
        assert [(outcome.changed, bool(outcome.refusal)) for outcome in outcomes] == [
            (True, False),
            (False, True),
            (True, False),
        ]
        assert all(stored(edition_key, user).is_enrolled for user in (lea, max_))

    def test_what_is_held_can_be_read_with_its_origin(
        self, host, edition_key, make_edition, make_user, make_foreign_enrolment, enrol, django_assert_num_queries
    ):
        lea, max_, noor = make_user("lea"), make_user("max"), make_user("noor")
        enrol(edition_key, lea, max_, noor)
        host.apply_enrolments([WantedEnrolment(edition_key, max_.pk, is_active=False)])
        other = make_edition().edition_key
        make_foreign_enrolment(other, lea)
        expected = {
            Enrolment(edition_key, lea.pk, is_active=True, is_ours=True),
            Enrolment(edition_key, max_.pk, is_active=False, is_ours=True),
            Enrolment(other, lea.pk, is_active=True, is_ours=False),
        }
        assert host.enrolments([edition_key, other], [lea.pk, max_.pk]) == expected
