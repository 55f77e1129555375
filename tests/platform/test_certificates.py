"""The platform's certificate on the key of an edition, and its way into the ledger."""

from __future__ import annotations

import pytest
from django.utils import timezone

from cohort_sessions import api
from cohort_sessions.models import CourseEdition, EditionResult
from tests.platform import courses
from tests.platform.sessions import create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def keys(run, lea, submit, settings, certifiable):
    """The editions of two sessions; Lea has passed in both."""
    settings.COHORT_SESSIONS_CERTIFICATES = True
    found = [edition_key(create_session(run.key, members=[lea], title=title)) for title in ("Spring", "Autumn")]
    for key in found:
        assert submit(key, lea, courses.RIGHT).status_code == 200
    return found


@pytest.fixture
def give(keys, committed):
    def give_one():
        edition = CourseEdition.objects.get(edition_key=keys[0])
        with committed():
            return api.give_certificates(edition, ["lea"], actor=api.SYSTEM, now=timezone.now())

    return give_one


def certified() -> set:
    found = EditionResult.objects.filter(certified_at__isnull=False)
    return {result.edition.edition_key for result in found.select_related("edition")}


def test_one_that_is_given_is_in_the_ledger_of_that_edition(keys, give):
    from lms.djangoapps.certificates.models import GeneratedCertificate

    assert certified() == set()
    assert [line.ok for line in give()] == [True]
    assert list(GeneratedCertificate.objects.values_list("course_id", "status")) == [(keys[0], "downloadable")]
    assert certified() == {keys[0]}


def test_an_enrolment_that_brings_none_becomes_one_that_does(keys, give, lea):
    from common.djangoapps.student.models import CourseEnrollment

    CourseEnrollment.objects.filter(user=lea).update(mode="audit")
    assert [line.ok for line in give()] == [True]
    modes = dict(CourseEnrollment.objects.filter(user=lea, course__in=keys).values_list("course", "mode"))
    assert (modes, certified()) == ({keys[0]: "honor", keys[1]: "audit"}, {keys[0]})


def test_one_that_is_revoked_is_not(keys, give, lea, committed):
    from lms.djangoapps.certificates.models import GeneratedCertificate

    give()
    with committed():
        GeneratedCertificate.objects.get().invalidate(source="a test")
    assert certified() == set()


def test_where_the_platform_makes_none_nothing_is_left_behind(keys, give, lea, settings):
    from common.djangoapps.student.models import CourseEnrollment
    from lms.djangoapps.certificates.models import CertificateAllowlist

    settings.FEATURES = settings.FEATURES | {"CERTIFICATES_HTML_VIEW": False}
    CourseEnrollment.objects.filter(user=lea).update(mode="audit")
    assert [line.ok for line in give()] == [False]
    assert certified() == set()
    assert not CertificateAllowlist.objects.exists()
    assert CourseEnrollment.objects.get(user=lea, course_id=keys[0]).mode == "audit"
