"""Writing to members who were chosen on the page of results."""

from __future__ import annotations

import pytest

from cohort_sessions.models import Notice, SessionMessage
from tests.web.kit import NOTICE, address, errors, filled, send

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("ben", "cora", "greta", "lea", "omar", "sam")}


@pytest.fixture
def crew(people, make_base_course, make_session):
    """Beside it a session of which nothing must be told."""
    stars = make_base_course(title="Stars")
    make_session("Other", courses=[stars], members=[people["sam"]])
    return make_session(
        "Crew",
        courses=[stars, make_base_course(title="Tides")],
        members=[people["lea"], people["omar"]],
        administrators=[people["greta"]],
        session_coaches=[people["ben"]],
        coaches={stars: [people["cora"]]},
    )


def write(session, user, *who, **data):
    words = {"subject": "The tide", "text": "Comes at six."}
    return send(address("message_members", session), user, who=list(who), **(words | data))


def test_whom_it_goes_to_is_shown_first(crew, people, visit):
    tides = crew.editions.get(position=1).uuid
    page = visit(f"{address('message_members', crew)}?who=omar&who=lea&course={tides}", people["ben"])
    assert page.words("//li[@class='cs-person']") == ["L lea lea", "O omar omar"]
    assert page.words("//select[@name='course']/option") == ["The session", "Stars", "Tides"]
    shown = filled(page)
    assert (shown["course"], shown.get("subject", ""), shown["text"]) == (str(tides), "", "")
    assert page.tree.xpath("//input[@type='hidden' and @name='who']/@value") == ["omar", "lea"]


def test_sending_answers_every_line_and_tells_what_became_of_it(crew, people, visit, committed, mailoutbox):
    page = visit(f"{address('message_members', crew)}?who=lea&who=omar&who=sam", people["ben"])
    form = filled(page) | {"subject": "The tide", "text": "Comes at six.", "who": ["lea", "omar", "sam"]}
    with committed():
        response, page = send(address("message_members", crew), people["ben"], **form)
    assert response.redirect_chain == [(address("message_members", crew), 302)]
    assert page.words(NOTICE) == [
        "Your message goes to 2 members",
        "1 line could not be done.",
        "sam Has no place in this session, so nothing was sent.",
    ]
    assert [mail.to for mail in mailoutbox] == [["lea@example.com"], ["omar@example.com"]]
    page = visit(address("message_members", crew), people["ben"])
    assert page.words("//section[h2='What you wrote before']//h3") == ["The tide Sent"]
    assert page.words("//section[h2='What you wrote before']//li/p")[0].startswith(
        "Handed to the mailer for 2 of 2 members."
    )
    # The same form once more.
    with committed():
        _response, page = send(address("message_members", crew), people["ben"], **form)
    assert page.words(NOTICE)[0] == "Nothing has changed"
    assert len(mailoutbox) == 2


@pytest.mark.parametrize(
    ("failures", "badge", "handed"), [(0, "The tide On its way", 0), (3, "The tide 1 could not be sent yet", 0)]
)
def test_what_is_still_to_be_sent_is_told(failures, badge, handed, crew, people):
    _response, _page = write(crew, people["ben"], "lea")
    Notice.objects.update(failures=failures)
    _response, page = write(crew, people["ben"])
    assert page.words("//section[h2='What you wrote before']//h3") == [badge]
    assert f"Handed to the mailer for {handed} of 1 member." in page.words()[0]


def test_nobody_chosen(crew, people, visit):
    page = visit(address("message_members", crew), people["ben"])
    assert page.tree.xpath("//form[contains(@class, 'cs-form')]") == []
    assert page.links()["people of this session"] == address("people", crew)


def test_what_is_missing_is_said_beside_its_field(crew, people):
    response, page = write(crew, people["ben"], "lea", subject=" ", text="", course="1")
    assert response.status_code == 200
    assert errors(page) == {
        "course": "There is no such course among those that you teach. Choose one of the list.",
        "subject": "Write a subject.",
        "text": "Write what you want to say.",
    }
    assert page.words(NOTICE) == ["Nothing was sent", "Please look at the fields that are marked."]


def test_too_many_are_told_to_be_fewer_and_no_word_is_lost(crew, people):
    _response, page = write(crew, people["ben"], *(f"somebody{number}" for number in range(501)))
    assert page.words(NOTICE) == [
        "Nothing was sent",
        "Write to at most 500 people at a time; these are 501. Choose fewer.",
    ]
    assert filled(page)["text"] == "Comes at six."


def test_a_draft_is_written_about_to_nobody(crew, people):
    type(crew).objects.filter(pk=crew.pk).update(status="draft")
    _response, page = write(crew, people["ben"], "lea")
    assert page.words(NOTICE) == [
        "Nothing was sent",
        "This session is a draft: its members do not know of it yet. Publish it first.",
    ]


def test_a_form_whose_name_was_broken_is_sent_all_the_same(crew, people):
    write(crew, people["ben"], "lea", uuid="nonsense")
    assert SessionMessage.objects.get().recipients == 1


def test_a_course_coach_writes_about_their_course(crew, people, visit, committed, mailoutbox):
    page = visit(f"{address('message_members', crew)}?who=lea", people["cora"])
    assert page.words("//select[@name='course']/option") == ["The session", "Stars"]
    with committed():
        write(crew, people["cora"], "lea", course=crew.editions.get(position=0).uuid)
    assert mailoutbox[0].body.startswith("cora writes to you about “Stars” in “Crew”:")
    _response, page = write(crew, people["cora"], "lea", course=crew.editions.get(position=1).uuid)
    assert list(errors(page)) == ["course"]


def test_the_administrator_reads_of_it_among_the_changes(crew, people, visit):
    write(crew, people["ben"], "lea", "omar")
    page = visit(f"{address('changes', crew)}?kind=messages", people["greta"])
    assert page.words("//tbody/tr/th") == ["Message sent Subject: The tideTo how many members: 2"]


def test_markup_is_text(crew, people, committed, mailoutbox, visit):
    with committed():
        write(crew, people["ben"], "lea", subject="<b>The tide</b>", text="<script>alert(1)</script>")
    assert "<script>" in mailoutbox[0].body
    page = visit(address("message_members", crew), people["ben"])
    assert page.words("//section[h2='What you wrote before']//h3") == ["<b>The tide</b> Sent"]


def test_who_may_not_writes_to_nobody(crew, people):
    statuses = [write(crew, people[name], "omar")[0].status_code for name in ("lea", "sam")]
    assert statuses == [403, 404]
    assert not SessionMessage.objects.exists()
