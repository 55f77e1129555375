"""Files of results, from the place where the platform keeps its own reports to the retirement of who asked."""

from __future__ import annotations

from http import HTTPStatus
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from lms.djangoapps.instructor_task.models import ReportStore
from openedx.core.djangoapps.user_api.models import RetirementState, UserRetirementStatus

from cohort_sessions import api
from cohort_sessions.models import ResultExport
from tests.platform.kit import PASSWORD

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def reports(settings, tmp_path):
    """Where this LMS keeps reports of grades."""
    settings.GRADES_DOWNLOAD = {"STORAGE_TYPE": "localfs", "BUCKET": None, "ROOT_PATH": str(tmp_path)}
    return tmp_path


@pytest.fixture
def crew(make_session, make_base_course, make_user):
    """Lea's session, which ben coaches."""
    return make_session(
        "Crew", courses=[make_base_course()], members=[make_user("lea")], session_coaches=[make_user("ben")]
    )


@pytest.fixture
def export(crew, reports, signed_in, make_user, settings, committed) -> ResultExport:
    """What ben asked for, by the page."""
    settings.COHORT_SESSIONS_EXPORT_AT_ONCE = 0
    with committed():
        url = reverse("cohort_sessions:export_results", args=[crew.code])
        response = signed_in(make_user("ben")).post(url, {"format": "csv"})
    assert response.status_code == HTTPStatus.FOUND
    return ResultExport.objects.get()


def test_it_is_kept_with_the_platform_s_reports_and_sent_by_us(export, crew, reports, signed_in, make_user):
    assert (export.status, export.written) == ("done", 1)
    assert ReportStore.from_config("GRADES_DOWNLOAD").storage.exists(export.file_name)
    url = reverse("cohort_sessions:download_export", args=[crew.code, export.uuid])
    response = signed_in(make_user("ben")).get(url)
    assert b"lea" in b"".join(response.streaming_content)
    response.close()
    assert signed_in(make_user("lea")).get(url).status_code == HTTPStatus.NOT_FOUND


def test_it_goes_with_the_account_of_who_asked(export, reports, make_user):
    """By the request of the retirement pipeline."""
    ben, ada = make_user("ben"), make_user("ada", is_staff=True)
    get_user_model().objects.filter(pk=ada.pk).update(is_superuser=True)
    for order, name in enumerate(("PENDING", "RETIRING_LMS", "COMPLETE")):
        RetirementState.objects.get_or_create(state_name=name, defaults={"state_execution_order": order})
    retirement = UserRetirementStatus.create_retirement(ben)
    retirement.current_state = RetirementState.objects.get(state_name="RETIRING_LMS")
    retirement.save()
    browser = Client()
    assert browser.login(username="ada", password=PASSWORD)
    response = browser.post(reverse("accounts_retire_misc"), {"username": "ben"}, content_type="application/json")
    assert response.status_code == HTTPStatus.NO_CONTENT
    assert not ResultExport.objects.exists()
    assert [path for path in reports.rglob("*") if path.is_file()] == []


def test_a_message_reaches_its_members(crew, make_user, committed, mailoutbox, now):
    ben = api.load_actor(make_user("ben"), now=now)
    mailoutbox.clear()
    with committed():
        api.message_members(crew, ["lea"], subject="The tide", text="Comes at six.", actor=ben, now=now)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([make_user("lea").email], "The tide")
    assert "Comes at six." in mail.body


def test_who_writes_stays_signed_in_where_the_letter_is_made_in_their_request(
    crew, make_user, signed_in, committed, mailoutbox
):
    """As in a devstack, whose tasks run at once: the platform's letterhead is made for a request and its reader."""
    greta = make_user("greta", is_staff=True)
    browser = signed_in(greta)
    page = reverse("cohort_sessions:message_members", args=[crew.code])
    with committed():
        browser.post(page, {"who": ["lea"], "subject": "The tide", "text": "Comes at six.", "uuid": str(uuid4())})
    assert len(mailoutbox) == 1
    response = browser.get(reverse("cohort_sessions:people", args=[crew.code]))
    assert (response.status_code, response.wsgi_request.user) == (HTTPStatus.OK, greta)
