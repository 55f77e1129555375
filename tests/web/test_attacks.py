"""
The strings of the OWASP XSS cheat sheet in the free-text fields of a session: nothing runs, on no page, in no letter,
and the API answers JSON.

Announcements, welcomes, texts of blocks, names of elements and of templates have tests of their own.
"""

from __future__ import annotations

import pytest
from django.urls import reverse
from opaque_keys.edx.keys import UsageKey

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, BlockField, Lock
from cohort_sessions.models import CohortSession
from cohort_sessions.operations.customisation import apply_draft, draft_block
from cohort_sessions.operations.messages import message_members
from tests.attacks import XSS, running
from tests.web.conftest import signed_in
from tests.web.kit import address

pytestmark = pytest.mark.django_db(databases="__all__")

HARMLESS = "Harmless"


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("greta", "ben", "lea")}


@pytest.fixture
def crew(people, make_base_course, make_session):
    return make_session(
        "Crew",
        courses=[make_base_course(title="Tides")],
        members=[people["lea"]],
        administrators=[people["greta"]],
        session_coaches=[people["ben"]],
    )


def _section(session) -> UsageKey:
    return session.editions.get().base_key.make_usage_key("chapter", "section")


def _title(session, text, now):
    CohortSession.objects.filter(pk=session.pk).update(title=text[:150])


def _description(session, text, now):
    api.edit_session(session, description=text, actor=SYSTEM, now=now)


def _lock_reason(session, text, now):
    api.set_locks(session, set(), actor=SYSTEM, now=now)
    api.set_locks(session, {Lock.CONTENT_EDITS, Lock.TOOL_VISIBILITY}, reason=text, actor=SYSTEM, now=now)


def _dates_reason(session, text, now):
    member = session.members.get()
    days = 1 if member.extra_days != 1 else 2
    api.set_member_dates(session, ["lea"], extra_days=days, reason=text, actor=SYSTEM, now=now)


def _section_name(session, text, now):
    edition = session.editions.select_related("session").get()
    draft_block(edition, _section(session), {BlockField.TITLE: text[:255]}, actor=SYSTEM, now=now)
    apply_draft(edition, drafted_at=None, actor=SYSTEM, now=now)
    draft_block(edition, _section(session), {BlockField.TITLE: f"2 {text[:250]}"}, actor=SYSTEM, now=now)


def _cancel_reason(session, text, now):
    CohortSession.objects.filter(pk=session.pk).update(status="cancelled", cancel_reason=text)


OF_A_COURSE = ("customise", "customise_review", "customise_tools", "customise_welcome", "customise_templates")
# What is written -> (how, pages of the session, as whom)
FIELDS = {
    "title": (_title, ("session_home", "people", "settings", "duplicate", "preview", *OF_A_COURSE), "greta"),
    "title, for a learner": (_title, ("session_home", "my_results"), "lea"),
    "description": (_description, ("session_home", "settings", "changes"), "greta"),
    "description, for a learner": (_description, ("session_home",), "lea"),
    "reason of a lock": (_lock_reason, ("locks", *OF_A_COURSE), "ben"),
    "reason of own dates": (_dates_reason, ("changes", "people"), "greta"),
    "name of a section": (_section_name, ("customise", "customise_review", "changes"), "greta"),
    "reason of a cancellation": (_cancel_reason, ("session_home", "changes"), "greta"),
    "reason of a cancellation, for a learner": (_cancel_reason, ("session_home",), "lea"),
}


@pytest.mark.parametrize("field", FIELDS)
def test_no_page_runs_it(field, crew, people, now):
    write, pages, reader = FIELDS[field]
    client = signed_in(people[reader])
    uuid = crew.editions.get().uuid
    urls = [address(page, crew, **({"uuid": uuid} if page in OF_A_COURSE else {})) for page in pages]
    urls += [reverse("cohort_sessions:my_sessions")]

    def found(text: str) -> list[list[str]]:
        session = CohortSession.objects.get(pk=crew.pk)
        write(session, text, now)
        answers = [client.get(url) for url in urls]
        assert {answer.status_code for answer in answers} == {200}
        return [running(answer.content.decode()) for answer in answers]

    plain = found(HARMLESS)
    for attack in XSS:
        assert found(attack) == plain, attack


@pytest.mark.parametrize("attack", XSS)
def test_no_letter_runs_it(attack, crew, people, now, committed, mailoutbox):
    with committed():
        message_members(crew, ["lea"], subject=attack, text=attack, actor=SYSTEM, now=now)
    [letter] = mailoutbox
    assert "\n" not in letter.subject
    for html, kind in letter.alternatives:
        assert (kind, running(html)) == ("text/html", [])


def test_the_api_answers_json(crew, people, now):
    client = signed_in(people["lea"])
    for attack in XSS:
        _title(crew, attack, now)
        _description(crew, attack, now)
        for url in (reverse("cohort_sessions:api-my-sessions-list"), address("api-sessions-detail", crew)):
            answer = client.get(url)
            assert answer.headers["Content-Type"] == "application/json"
