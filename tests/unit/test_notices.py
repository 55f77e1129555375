"""What people are told by mail, once, in their own words and hours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Actor, NoticeKind
from cohort_sessions.models import Notice
from cohort_sessions.operations import notices
from sandbox.models import Persona
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def lea(make_user):
    user = make_user("lea")
    user.email = "lea@example.com"
    user.save()
    return user


@pytest.fixture
def notice(make_session, lea):
    """A maker of notices for Lea about the session *Tides*."""
    session = make_session(title="Tides")

    def make(kind: NoticeKind, words: str = "") -> Notice:
        return Notice.objects.create(session=session, user=lea, kind=kind.value, words=words, created_at=NOW)

    return make


SUBJECTS = {
    NoticeKind.SEAT_GIVEN: "You have a place in “Tides”",
    NoticeKind.SEAT_OFFERED: "A place in “Tides” is kept for you",
    NoticeKind.OFFER_EXPIRED: "The place in “Tides” went to somebody else",
    NoticeKind.REQUEST_APPROVED: "You have a place in “Tides”",
    NoticeKind.REQUEST_QUEUED: "You are on the waiting list of “Tides”",
    NoticeKind.REQUEST_DECLINED: "Your request for “Tides” was declined",
    NoticeKind.REQUEST_ENDED: "There will be no place in “Tides”",
    NoticeKind.MOVED: "You were moved to “Tides”",
    NoticeKind.INVITED_SEATED: "You have a place in “Tides”",
    NoticeKind.INVITED_QUEUED: "You are on the waiting list of “Tides”",
}


@pytest.mark.parametrize("kind", list(SUBJECTS))
def test_every_kind_is_told_in_words_of_its_own(kind, notice, mailoutbox):
    assert notices.send_notice(notice(kind).pk, now=LATER) is True
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [(["lea@example.com"], SUBJECTS[kind])]
    assert Notice.objects.get().sent_at == LATER


def test_the_words_of_the_team_go_with_it(notice, mailoutbox):
    notices.send_notice(notice(NoticeKind.REQUEST_DECLINED, "Please take the evening group.").pk, now=LATER)
    assert mailoutbox[0].body == (
        "The session's team declined your request.\n\n"
        "The team writes: Please take the evening group.\n\n"
        "See the sessions you can join: /cohort-sessions/available/"
    )


def test_who_has_a_place_is_led_to_the_session(notice, mailoutbox):
    notices.send_notice(notice(NoticeKind.SEAT_GIVEN).pk, now=LATER)
    assert mailoutbox[0].body.endswith("Go to the session: /cohort-sessions/sessions/tides/")


def test_an_offer_says_until_when_in_the_readers_own_hours(make_session, make_user, lea, mailoutbox):
    """Two days after noon in UTC, on a wall clock in New York."""
    Persona.objects.create(user=lea, time_zone="America/New_York", position=1)
    session = make_session(title="Tides", courses=[], joining="open", capacity=1, offer_days=2)
    type(session).objects.filter(pk=session.pk).update(status="published")
    session.refresh_from_db()
    max_ = make_user("max")
    api.join_session(session, actor=Actor(user_id=max_.pk), now=NOW)
    api.join_session(session, actor=Actor(user_id=lea.pk), now=NOW)
    api.leave_session(session, actor=Actor(user_id=max_.pk), now=NOW)
    notices.send_notice(Notice.objects.get().pk, now=NOW)
    assert "Accept it until April 3, 2026, 8 a.m. EDT; after that it goes to the next." in mailoutbox[0].body


def test_nobody_is_told_twice(notice, mailoutbox):
    told = notice(NoticeKind.MOVED)
    assert [notices.send_notice(told.pk, now=LATER) for _ in range(2)] == [True, False]
    assert len(mailoutbox) == 1


def test_a_closed_account_is_told_nothing(notice, lea, mailoutbox):
    lea.is_active = False
    lea.save()
    assert notices.send_notice(notice(NoticeKind.MOVED).pk, now=LATER) is True
    assert mailoutbox == []


def test_what_fails_is_tried_again_later(notice, settings, mailoutbox):
    """A mailer that is down keeps the notice unsent, with the time of the next attempt."""
    told = notice(NoticeKind.MOVED)
    settings.EMAIL_BACKEND = "there.is.no.such.Backend"
    for _ in range(2):
        with pytest.raises(ImportError):
            notices.send_notice(told.pk, now=LATER)
    told.refresh_from_db()
    assert (told.sent_at, told.failures, told.send_again_at) == (None, 2, LATER + timedelta(minutes=10))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert notices.send_notice(told.pk, now=LATER) is True
    told.refresh_from_db()
    assert (told.sent_at, told.send_again_at) == (LATER, None)


def test_it_leaves_by_itself_after_the_commit(make_session, lea, mailoutbox, django_capture_on_commit_callbacks):
    origin, destination = make_session(title="Tides", members=[lea]), make_session(title="Ebb")
    with django_capture_on_commit_callbacks(execute=True):
        api.move_members(origin, destination, ["lea"], reason="Illness", actor=SYSTEM, now=NOW)
    assert [mail.subject for mail in mailoutbox] == ["You were moved to “Ebb”"]
