"""The page on which a coach says how a course is graded in a session."""

from __future__ import annotations

import hashlib

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Lock
from cohort_sessions.host import GradingChange
from cohort_sessions.models import EditionGrading, EditionResult
from cohort_sessions.operations.grading import set_grading
from cohort_sessions.queries.grading import own_grading
from tests.web.conftest import Page, signed_in
from tests.web.kit import address, filled

MARK = hashlib.sha256(b"Exercise").hexdigest()[:8]
WEIGHT, DROPPED = f"weight_{MARK}", f"dropped_{MARK}"

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def coach(make_user):
    return make_user("carla")


@pytest.fixture
def session(make_session, make_base_course, coach, make_user):
    base_key = make_base_course(title="Tides")
    return make_session(courses=[base_key], coaches={base_key: [coach]}, members=[make_user("lea")])


@pytest.fixture
def edition(session):
    return session.editions.select_related("session").get()


@pytest.fixture
def url(session, edition):
    return address("customise_grading", session, uuid=edition.uuid)


def said(page: Page) -> str:
    return " ".join(page.words())


def inputs(page: Page) -> dict[str, str]:
    return {name: value for name, value in filled(page).items() if name not in {"csrfmiddlewaretoken", "seen"}}


def shown(client, url) -> Page:
    response = client.get(url)
    assert response.status_code == 200
    return Page(response.content.decode())


def test_another_passing_line_and_back(coach, url, edition):
    client = signed_in(coach)
    page = shown(client, url)
    assert inputs(page) == {"pass_line": "50", WEIGHT: "100", DROPPED: "0"}
    assert "In the base course: 50. Empty: as there." in said(page)
    client.post(url, filled(page) | {"pass_line": "62.5"})
    assert own_grading(edition) == GradingChange(0.625)
    assert filled(shown(client, url))["pass_line"] == "62.5"
    client.post(url, {"follow": "1"})
    assert own_grading(edition) is None


def test_what_cannot_be_is_said_at_its_field_and_kept(coach, url, edition):
    client = signed_in(coach)
    response = client.post(url, {"pass_line": "140", WEIGHT: "90", DROPPED: "0"})
    page = Page(response.content.decode())
    assert "The passing line lies above 0 and is at most 100 percent." in said(page)
    assert "The weights must make 100 percent together; they make 90." in said(page)
    assert inputs(page) == {"pass_line": "140", WEIGHT: "90", DROPPED: "0"}
    assert own_grading(edition) is None


def test_what_is_no_number(coach, url):
    response = signed_in(coach).post(url, {"pass_line": "half", WEIGHT: "", DROPPED: "one"})
    page = Page(response.content.decode())
    assert "Enter a number." in said(page)
    assert EditionGrading.objects.count() == 0


def test_the_base_course_has_changed(coach, url, edition, now):
    set_grading(edition, pass_line=0.6, assignments=(), actor=SYSTEM, now=now)
    EditionGrading.objects.update(base={"letters": [["Pass", 0.4]], "assignments": []})
    client = signed_in(coach)
    assert "passes from 40 percent" in said(shown(client, url))
    client.post(url, {"keep": "1"})
    assert own_grading(edition) == GradingChange(0.6)
    assert "The base course has changed" not in said(shown(client, url))


def test_weights_that_no_longer_fit(coach, url, edition):
    EditionGrading.objects.create(
        edition=edition,
        assignments=[{"assignment_type": "Exam", "weight": 1.0, "dropped": 0}],
        base={"letters": [], "assignments": []},
    )
    page = shown(signed_in(coach), url)
    assert "do not fit any more" in said(page)


def test_what_was_decided_meanwhile_is_not_overwritten(coach, url, edition, now):
    client = signed_in(coach)
    form = filled(shown(client, url))
    set_grading(edition, pass_line=0.7, assignments=(), actor=SYSTEM, now=now)
    for more in ({**form, "pass_line": "60"}, {"follow": "1"}, {"keep": "1"}):
        sent = {"seen": form["seen"], **more}
        response = client.post(url, sent, follow=True)
        assert "was changed meanwhile" in said(Page(response.content.decode()))
    assert own_grading(edition) == GradingChange(0.7)


def test_final_results_keep_their_grading(coach, url, edition, session, now):
    EditionResult.objects.create(member=session.members.get(), edition=edition, as_of=now, final_at=now)
    client = signed_in(coach)
    page = shown(client, url)
    assert "Results are final" in said(page)
    client.post(url, {"pass_line": "60", WEIGHT: "100", DROPPED: "0"})
    assert own_grading(edition) is None


def test_locked_it_is_there_and_says_why(coach, session, url, edition, now):
    api.set_locks(session, {Lock.GRADING_POLICY}, reason="By the book.", actor=SYSTEM, now=now)
    client = signed_in(coach)
    response = client.get(url)
    page = Page(response.content.decode())
    assert "Locked: Grading" in said(page)
    assert "Reason given: By the book." in said(page)
    fields = response.context["form"].fields
    assert {name for name, field in fields.items() if not field.disabled} == {"seen"}
    response = client.post(url, {"follow": "1"})
    assert response.status_code == 403
    assert "By the book." in response.content.decode()
