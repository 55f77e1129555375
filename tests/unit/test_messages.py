"""What the team writes to members: to each once, in their language, and no failure unseen."""

from __future__ import annotations

from uuid import uuid4

import pytest

from cohort_sessions import api, tasks
from cohort_sessions.data import SYSTEM, NoticeKind
from cohort_sessions.errors import InvalidInput, NotFound, WrongState
from cohort_sessions.models import Notice, SessionMessage
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.messages import own_messages
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def people(make_user):
    users = {name: make_user(name) for name in ("ben", "cora", "lea", "omar", "sam")}
    users["ben"].first_name = "Ben Ford"
    users["ben"].save()
    return users


@pytest.fixture
def crew(make_session, make_base_course, people):
    """Coached by ben, its course Stars by cora."""
    session = make_session(
        title="Crew",
        courses=[make_base_course(title="Stars"), make_base_course(title="Tides")],
        members=[people["lea"], people["omar"]],
    )
    api.assign_session_team(session, api.TeamRole.SESSION_COACH, ["ben"], actor=SYSTEM, now=NOW)
    api.assign_course_coaches(session.editions.get(position=0), ["cora"], actor=SYSTEM, now=NOW)
    return session


@pytest.fixture
def write(crew, people):
    """``write("lea", "omar")``: what ben writes, or whom `by` names; nothing follows by itself."""

    def send(*who, by="ben", subject="The tide", text="Comes at six.\n\nBring a coat.\nAnd a lamp.", **more):
        actor = load_actor(people[by], now=NOW)
        return api.message_members(crew, who, subject=subject, text=text, actor=actor, now=NOW, **more)

    return send


def told(outcomes) -> list[tuple]:
    return [(line.given, line.ok, line.changed, line.message) for line in outcomes]


def test_each_gets_a_mail_of_their_own(write, committed, mailoutbox):
    with committed():
        assert told(write("lea", "omar")) == [("lea", True, True, ""), ("omar", True, True, "")]
    assert [(mail.to, mail.cc, mail.bcc, mail.subject) for mail in mailoutbox] == [
        (["lea@example.com"], [], [], "The tide"),
        (["omar@example.com"], [], [], "The tide"),
    ]
    assert mailoutbox[0].body == (
        "Ben Ford writes to you about “Crew”:\n\n"
        "Comes at six.\n\n"
        "Bring a coat.\nAnd a lamp.\n\n"
        "Go to the session: /cohort-sessions/sessions/crew/"
    )


def test_it_says_about_which_course(write, crew, committed, mailoutbox):
    stars = crew.editions.get(position=0)
    with committed():
        write("lea", by="cora", course=stars.uuid)
    assert mailoutbox[0].body.startswith("cora writes to you about “Stars” in “Crew”:\n\n")
    assert SessionMessage.objects.get().edition == stars


def test_every_line_is_answered_and_only_members_are_written_to(write, crew, people, committed, mailoutbox):
    api.remove_members(crew, ["omar"], actor=SYSTEM, now=NOW)
    with committed():
        outcomes = write("lea", "omar", "sam", "nobody", "lea@example.com")
    stranger = "Has no place in this session, so nothing was sent."
    assert told(outcomes) == [
        ("lea", True, True, ""),
        ("omar", False, False, stranger),
        ("sam", False, False, stranger),
        ("nobody", False, False, "No active account has this username or e-mail address."),
        ("lea@example.com", True, False, "Is among them already."),
    ]
    assert [mail.to for mail in mailoutbox] == [["lea@example.com"]]
    assert SessionMessage.objects.get().recipients == 1


def test_where_nobody_is_left_nothing_is_kept(write):
    write("sam")
    assert not SessionMessage.objects.exists()


@pytest.mark.parametrize("name", ["lea", "sam"])
def test_who_sees_no_results_writes_to_nobody(write, name):
    with pytest.raises(NotFound):
        write("lea", by=name)


def test_a_course_coach_writes_about_no_other_course(write, crew):
    with pytest.raises(NotFound):
        write("lea", by="cora", course=crew.editions.get(position=1).uuid)


def test_what_cannot_be_sent_is_said_field_by_field(write):
    with pytest.raises(InvalidInput) as refusal:
        write(*(f"somebody{number}" for number in range(501)), subject=" \n", text=" ")
    assert refusal.value.errors == {
        "subject": "Write a subject.",
        "text": "Write what you want to say.",
        "who": "Write to at most 500 people at a time; these are 501. Choose fewer.",
    }


def test_members_of_a_draft_know_nothing_of_it(write, crew):
    type(crew).objects.update(status="draft")
    with pytest.raises(WrongState, match="Publish it first"):
        write("lea")


def test_a_subject_is_one_line(write, committed, mailoutbox):
    """Whatever comes with it: a line break would begin another header."""
    with committed():
        write("lea", subject=" The tide\r\nBcc: all@example.com ")
    assert mailoutbox[0].subject == "The tide Bcc: all@example.com"


def test_two_clicks_send_one(write, committed, mailoutbox):
    uuid = uuid4()
    with committed():
        outcomes = [told(write("lea", "sam", uuid=uuid)) for _click in range(2)]
    refused = ("sam", False, False, "Has no place in this session, so nothing was sent.")
    assert outcomes == [
        [("lea", True, True, ""), refused],
        [("lea", True, False, "This message was sent before."), refused],
    ]
    assert len(mailoutbox) == 1


def test_its_task_repeated_sends_nothing_again(write, committed, mailoutbox):
    with committed():
        write("lea", "omar")
    tasks.send_message(message_id=SessionMessage.objects.get().pk)
    assert len(mailoutbox) == 2


def test_one_that_fails_stops_no_other_is_counted_and_tried_again(
    write, crew, people, committed, mailoutbox, monkeypatch, host, now
):
    real = type(host).send_letter

    def stumble(self, user_id, letter):
        if user_id == people["lea"].pk:
            raise OSError("The mailer is down.")
        return real(self, user_id, letter)

    monkeypatch.setattr(type(host), "send_letter", stumble)
    with committed():
        write("lea", "omar")
    assert [mail.to for mail in mailoutbox] == [["omar@example.com"]]
    ben = load_actor(people["ben"], now=NOW)
    (message,) = own_messages(crew, actor=ben)
    assert (message.subject, message.sent_at, message.recipients, message.waiting, message.failed) == (
        "The tide",
        NOW,
        2,
        0,
        1,
    )
    monkeypatch.undo()
    again = Notice.objects.get(sent_at=None, kind=NoticeKind.MESSAGE.value).send_again_at
    assert tasks.pass_time(now=again).notices == 1
    assert [mail.to for mail in mailoutbox] == [["omar@example.com"], ["lea@example.com"]]
    assert [(each.waiting, each.failed) for each in own_messages(crew, actor=ben)] == [(0, 0)]


def test_what_lost_its_task_is_sent_by_the_tick(write, mailoutbox):
    write("lea", "omar")
    assert tasks.pass_time(now=NOW).notices == 2
    assert len(mailoutbox) == 2


def test_the_frame_is_in_the_reader_s_language(write, crew, committed, mailoutbox, monkeypatch, host):
    """And the words of the team as they were written."""
    seen = []
    monkeypatch.setattr(type(host), "language", lambda _self, _user_id: "ar")
    monkeypatch.setattr(
        "cohort_sessions.queries.letters._", lambda text: seen.append(_language()) or text, raising=True
    )
    with committed():
        write("lea")
    assert set(seen) == {"ar"}
    assert "Comes at six." in mailoutbox[0].body


def _language():
    from django.utils.translation import get_language

    return get_language()


def test_a_closed_account_is_not_written_to(write, people, committed, mailoutbox):
    write("lea")
    people["lea"].is_active = False
    people["lea"].save()
    tasks.send_message(message_id=SessionMessage.objects.get().pk)
    assert mailoutbox == []


def test_the_history_keeps_who_wrote_about_what_and_not_the_words(write, people):
    write("lea", "omar")
    (line,) = SessionMessage.history.all()
    assert (line.history_user, line.history_date, line.subject, line.recipients) == (people["ben"], NOW, "The tide", 2)
    assert not hasattr(line, "text")


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_of_messages_costs_one_query(number, write, crew, people, django_assert_num_queries):
    for _message in range(number):
        write("lea", "omar")
    write("lea", by="cora")
    actor = load_actor(people["ben"], now=NOW)
    with django_assert_num_queries(1):
        found = own_messages(crew, actor=actor)
    assert [(each.recipients, each.waiting) for each in found] == [(2, 2)] * number


@pytest.mark.parametrize("number", [1, 3])
def test_writing_costs_the_same_for_one_and_three(number, write, crew, make_user, django_assert_max_num_queries):
    names = [make_user(f"extra{each}").username for each in range(number)]
    api.enrol_members(crew, names, actor=SYSTEM, now=NOW)
    with django_assert_max_num_queries(15):
        write(*names)
