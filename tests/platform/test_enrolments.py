"""Enrolments in editions: ours through the platform's own code, nobody else's at all."""

from __future__ import annotations

import pytest
from common.djangoapps.student.models import CourseEnrollment, CourseEnrollmentAttribute
from django.core import mail

from cohort_sessions.errors import HostRefused
from cohort_sessions.host import EnrolmentOutcome, WantedEnrolment

pytestmark = pytest.mark.django_db(databases="__all__")


def test_the_origin_is_recorded(make_edition, make_user, enrol):
    key = make_edition().edition_key
    enrol(key, make_user("lea"))
    marks = CourseEnrollmentAttribute.objects.filter(enrollment__course_id=key)
    assert list(marks.values_list("enrollment__user__username", "namespace", "name", "value")) == [
        ("lea", "cohort_sessions", "origin", "session")
    ]


def test_what_others_recorded_of_an_enrolment_stays(host, make_edition, make_user, make_foreign_enrolment):
    key, lea = make_edition().edition_key, make_user("lea")
    make_foreign_enrolment(key, lea)
    enrolment = CourseEnrollment.objects.get(course_id=key, user=lea)
    CourseEnrollmentAttribute.objects.create(enrollment=enrolment, namespace="order", name="number", value="17")
    enrolment.update_enrollment(is_active=False)
    host.apply_enrolments([WantedEnrolment(key, lea.pk, is_active=True)])
    assert set(enrolment.attributes.values_list("namespace", "value")) == {
        ("order", "17"),
        ("cohort_sessions", "session"),
    }


def test_reading_takes_one_query_at_any_number(host, make_edition, make_user, enrol, statements):
    keys = [make_edition().edition_key for _ in range(2)]
    people = [make_user(f"learner{number}") for number in range(3)]
    for key in keys:
        enrol(key, *people)
    costs = []
    for asked_keys, asked_people in ((keys[:1], people[:1]), (keys, people)):
        with statements() as queries:
            found = host.enrolments(asked_keys, [person.pk for person in asked_people])
        assert len(found) == len(asked_keys) * len(asked_people)
        costs.append(len(queries))
    assert costs == [1, 1]


def test_repeating_costs_three_queries_at_any_number(host, make_edition, make_user, enrol, statements):
    key = make_edition().edition_key
    people = [make_user(f"learner{number}") for number in range(3)]
    enrol(key, *people)
    costs = []
    for asked in (people[:1], people):
        with statements() as queries:
            host.apply_enrolments([WantedEnrolment(key, person.pk, is_active=True) for person in asked])
        costs.append(len(queries))
    assert costs == [3, 3]


def test_only_editions_of_ours_are_enrolled_in(host, run, make_user):
    from tests.platform.ccx import create_ccx

    stock = create_ccx(run.key, make_user("mentor"), is_ours=False)
    for key in (run.key, stock):
        wanted = WantedEnrolment(key, make_user("lea").pk, is_active=True)
        assert host.apply_enrolments([wanted]) == [
            EnrolmentOutcome(wanted, changed=False, refusal="This is not the course of a session.")
        ]


def test_a_refusal_of_the_platform_is_told_and_stops_nothing(host, make_edition, make_user, monkeypatch):
    key, lea, max_ = make_edition().edition_key, make_user("lea"), make_user("max")
    enroll = CourseEnrollment.enroll

    def refuse_lea(user, *args, **kwargs):
        if user == lea:
            raise ValueError("Lea's account is on hold.")
        return enroll(user, *args, **kwargs)

    monkeypatch.setattr(CourseEnrollment, "enroll", refuse_lea)
    wanted = [WantedEnrolment(key, user.pk, is_active=True) for user in (lea, max_)]
    assert host.apply_enrolments(wanted) == [
        EnrolmentOutcome(wanted[0], changed=False, refusal="Lea's account is on hold."),
        EnrolmentOutcome(wanted[1], changed=True),
    ]


def test_nobody_enrols_themselves(make_edition, make_user, signed_in):
    """The edition's own period is over, whatever becomes of the filter that refuses foreign enrolments."""
    key, lea = make_edition().edition_key, make_user("lea")
    response = signed_in(lea).post(
        "/api/enrollment/v1/enrollment",
        {"course_details": {"course_id": str(key)}},
        content_type="application/json",
    )
    assert response.status_code in {400, 403}
    assert not CourseEnrollment.is_enrolled(lea, key)


def test_an_edition_with_foreign_enrolments_is_not_discarded(host, make_edition, make_user, make_foreign_enrolment):
    key, lea = make_edition().edition_key, make_user("lea")
    make_foreign_enrolment(key, lea)
    with pytest.raises(HostRefused):
        host.discard_edition(key)
    assert CourseEnrollment.is_enrolled(lea, key)


def test_enrolling_mails_nobody(make_edition, make_user, enrol):
    enrol(make_edition().edition_key, make_user("lea"))
    assert mail.outbox == []
