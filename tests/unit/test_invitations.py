"""Addresses without an account: invited, written to, and members once somebody proves that the address is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from openedx_events.learning.data import UserData, UserPersonalData
from openedx_events.learning.signals import SESSION_LOGIN_COMPLETED, STUDENT_REGISTRATION_COMPLETED

from cohort_sessions import api, tasks
from cohort_sessions.data import SYSTEM, Actor, InvitationEnd, LineOutcome, Lock, NoticeKind
from cohort_sessions.errors import Locked, NotAllowed, NotFound
from cohort_sessions.models import CohortSession, Invitation, Notice, ParallelGroup
from cohort_sessions.operations.invitations import forget_address, redeem_invitation, send_invitation
from cohort_sessions.tasks import pass_time
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
ANN = "ann@example.com"
INVITED = "Nobody has this e-mail address yet: invited by mail."
NO_ADDRESS = "This is no valid e-mail address. Correct it, or give the username."
NO_SEAT = "No seat is free that nobody is invited to. Raise the capacity, or withdraw invitations."


@pytest.fixture
def tides(make_session, make_base_course):
    """A published session that runs from a month ago for two months."""
    return make_session(title="Tides", courses=[make_base_course()], opens_at=NOW - 30 * DAY, closes_at=NOW + 30 * DAY)


@pytest.fixture
def register(make_user, django_capture_on_commit_callbacks):
    """Make an account with this address, and say what the platform says of it."""

    def make(username: str, email: str, *, is_active: bool = True):
        user = make_user(username)
        user.email, user.is_active = email, is_active
        user.save()
        announce(STUDENT_REGISTRATION_COMPLETED, user)
        return user

    def announce(signal, user):
        pii = UserPersonalData(username=user.username, email=user.email, name="")
        with django_capture_on_commit_callbacks(execute=True):
            signal.send_event(user=UserData(pii=pii, id=user.pk, is_active=user.is_active))

    make.announce = announce
    return make


def enrol(session, *lines, actor=SYSTEM, now=NOW) -> list[LineOutcome]:
    return api.enrol_members(session, lines, actor=actor, now=now)


def invited(line: str) -> LineOutcome:
    return LineOutcome(line, ok=True, changed=True, message=INVITED, invited=True)


def refused(line: str, message: str) -> LineOutcome:
    return LineOutcome(line, ok=False, changed=False, message=message)


def members(session) -> set[str]:
    return set(session.members.filter(status="active").values_list("user__username", flat=True))


def addresses(session) -> list[str]:
    return list(session.invitations.values_list("email", flat=True))


class TestInviting:
    """What enrolling makes of lines that name nobody."""

    def test_every_line_is_answered(self, tides, make_user):
        make_user("lea")
        lines = ("lea", " Ann@Example.com", ANN, "ghost", "x@y", "@", f"{'x' * 250}@example.com", " ")
        assert enrol(tides, *lines) == [
            LineOutcome("lea", ok=True, changed=True),
            invited(" Ann@Example.com"),
            LineOutcome(ANN, ok=True, changed=False, message="Is invited already."),
            refused("ghost", "No active account has this username or e-mail address."),
            *(refused(line, NO_ADDRESS) for line in lines[4:7]),
            refused(" ", "The line is empty."),
        ]
        assert (members(tides), addresses(tides)) == ({"lea"}, [ANN])

    def test_what_is_kept_of_it(self, tides, make_user):
        coach = make_user("coach")
        enrol(tides, ANN, actor=Actor(user_id=coach.pk, coached_session_ids=frozenset({tides.pk})))
        kept = Invitation.objects.values_list("email", "invited_by", "invited_at", "expires_at")
        assert kept.get() == (ANN, coach.pk, NOW, NOW + 60 * DAY)

    def test_it_stays_open_as_long_as_the_operator_says(self, tides, settings):
        settings.COHORT_SESSIONS_INVITATION_DAYS = 5
        enrol(tides, ANN)
        assert Invitation.objects.get().expires_at == NOW + 5 * DAY

    def test_inviting_again_changes_nothing_until_it_ran_out(self, tides):
        enrol(tides, ANN)
        enrol(tides, ANN, now=NOW + DAY)
        assert Invitation.objects.get().invited_at == NOW
        CohortSession.objects.filter(pk=tides.pk).update(closes_at=NOW + 300 * DAY)
        late = NOW + 60 * DAY
        assert enrol(tides, ANN, now=late) == [invited(ANN)]
        assert Invitation.objects.values_list("invited_at", "expires_at").get() == (late, late + 60 * DAY)

    def test_nobody_is_invited_past_the_seats(self, tides, make_user):
        CohortSession.objects.filter(pk=tides.pk).update(capacity=3)
        make_user("lea")
        lines = [f"{name}@example.com" for name in ("ann", "bob", "cid")]
        assert enrol(tides, "lea", *lines) == [
            LineOutcome("lea", ok=True, changed=True),
            *(invited(line) for line in lines[:2]),
            refused(lines[2], NO_SEAT),
        ]
        assert enrol(tides, lines[2]) == [refused(lines[2], NO_SEAT)]
        make_user("max")
        assert enrol(tides, "max")[0].ok, "an invitation holds no seat"

    def test_nobody_is_invited_into_what_is_over(self, tides):
        over = "Nobody has this e-mail address yet, and the session is over or called off."
        assert enrol(tides, ANN, now=NOW + 30 * DAY) == [refused(ANN, over)]

    def test_an_address_of_several_accounts_is_nobodys(self, tides, make_user, django_user_model):
        make_user("lea")
        make_user("max")
        django_user_model.objects.update(email=ANN)
        several = "Several accounts have this e-mail address. Give the username instead."
        assert enrol(tides, ANN) == [refused(ANN, several)]

    def test_who_may(self, tides, coach_of, make_user):
        with pytest.raises(NotFound):
            enrol(tides, ANN, actor=Actor(user_id=make_user("stranger").pk))
        assert enrol(tides, ANN, actor=coach_of(tides))[0].changed
        api.set_locks(tides, {Lock.ENROLMENT}, reason="Full up.", actor=SYSTEM, now=NOW)
        for act in (api.enrol_members, api.withdraw_invitations):
            with pytest.raises(Locked, match="Full up"):
                act(tides, [ANN], actor=coach_of(tides), now=NOW)
        assert addresses(tides) == [ANN]

    @pytest.mark.parametrize("count", [1, 50])
    def test_a_fixed_number_of_queries_whatever_the_number_of_lines(self, count, tides, django_assert_num_queries):
        CohortSession.objects.filter(pk=tides.pk).update(capacity=100)
        enrol(tides, "planted@example.com")
        lines = [f"user{number}@example.com" for number in range(count)]
        # Session, stale wishes, members and line counted, accounts, standing invitations, addresses in use, open
        # invitations counted, rows, history; the rest are savepoints.
        with django_assert_num_queries(12):
            assert all(line.invited for line in enrol(tides, *lines))


class TestWithdrawing:
    """The team takes invitations back."""

    def test_its_address_is_kept_nowhere(self, tides):
        enrol(tides, ANN, "bob@example.com")
        outcomes = api.withdraw_invitations(tides, ["ANN@example.com", "ann@example.com"], actor=SYSTEM, now=NOW)
        assert outcomes == [
            LineOutcome("ANN@example.com", ok=True, changed=True),
            LineOutcome("ann@example.com", ok=True, changed=False, message="Is not invited."),
        ]
        assert addresses(tides) == ["bob@example.com"]
        assert not any("@" in str(value) for row in Invitation.history.values_list() for value in row)
        lines = Invitation.history.order_by("history_id").values_list("history_type", "history_change_reason")
        assert list(lines) == [("+", "Invited by e-mail."), ("+", "Invited by e-mail."), ("-", "Invitation withdrawn.")]

    def test_one_of_another_session_stays(self, tides, make_session):
        other = make_session(title="Other")
        enrol(other, ANN)
        assert api.withdraw_invitations(tides, [ANN], actor=SYSTEM, now=NOW)[0].changed is False
        assert addresses(other) == [ANN]

    def test_a_member_may_not(self, tides, make_user):
        lea = make_user("lea")
        enrol(tides, "lea", ANN)
        actor = Actor(user_id=lea.pk, member_session_ids=frozenset({tides.pk}))
        with pytest.raises(NotAllowed):
            api.withdraw_invitations(tides, [ANN], actor=actor, now=NOW)

    def test_a_retired_address_is_forgotten_in_every_session(self, tides, make_session):
        enrol(tides, ANN, "bob@example.com")
        enrol(make_session(title="Other"), ANN)
        assert forget_address("Ann@example.com", actor=SYSTEM, now=NOW) == 2
        assert list(Invitation.objects.values_list("email", flat=True)) == ["bob@example.com"]


@pytest.fixture
def open_now(tides, now):
    """The session *Tides*, around the moment at which doors read the clock, with Ann and Bob invited."""
    CohortSession.objects.filter(pk=tides.pk).update(opens_at=now - DAY, closes_at=now + DAY)
    enrol(tides, ANN, "bob@example.com", now=now)
    tides.refresh_from_db()
    return tides


class TestRegistering:
    """The platform's own events, as it sends them."""

    def test_who_registers_with_the_address_is_a_member(self, open_now, register, stored, mailoutbox):
        ann = register("ann", "Ann@Example.com")
        assert (members(open_now), addresses(open_now)) == ({"ann"}, ["bob@example.com"])
        assert stored(open_now.editions.get().edition_key, ann).is_enrolled
        assert [mail.subject for mail in mailoutbox] == ["You have a place in “Tides”"]
        register.announce(STUDENT_REGISTRATION_COMPLETED, ann)
        assert (members(open_now), len(mailoutbox)) == ({"ann"}, 1)

    def test_an_address_that_is_not_proven_gets_nothing(self, open_now, register):
        """Not even where the event says otherwise: what counts is the account."""
        ann = register("ann", ANN, is_active=False)
        ann.is_active = True
        register.announce(SESSION_LOGIN_COMPLETED, ann)
        assert (members(open_now), addresses(open_now)) == (set(), [ANN, "bob@example.com"])
        ann.save()
        register.announce(SESSION_LOGIN_COMPLETED, ann)
        assert members(open_now) == {"ann"}

    def test_another_address_gets_nothing(self, open_now, register):
        register("eve", "eve@example.com")
        assert (members(open_now), len(addresses(open_now))) == (set(), 2)

    @pytest.mark.parametrize("invitations", [0, 1, 3])
    def test_one_query_whoever_registers(
        self, invitations, make_session, make_user, now, django_assert_num_queries, monkeypatch
    ):
        for number in range(invitations):
            enrol(make_session(title=f"Session {number}", closes_at=None), "lea@example.com", now=now)
        asked = []
        monkeypatch.setattr(tasks, "send", lambda task, **arguments: asked.append(task))
        make_user("lea")
        with django_assert_num_queries(1):
            tasks.redeem_invitations("LEA@example.com")

    def test_a_queue_that_is_down_does_not_break_the_registration(self, open_now, register, monkeypatch, caplog):
        def down(_task, **_arguments):
            raise ConnectionError("no broker")

        with monkeypatch.context() as broken:
            broken.setattr(tasks, "send", down)
            ann = register("ann", ANN)
        assert "no broker" in caplog.text
        assert members(open_now) == set()
        register.announce(SESSION_LOGIN_COMPLETED, ann)
        assert members(open_now) == {"ann"}


class TestRedeeming:
    """How an invitation ends."""

    @pytest.fixture
    def ann(self, tides, make_user):
        """Invited, and then the holder of an account."""
        enrol(tides, ANN)
        user = make_user("ann")
        user.email = ANN
        user.save()
        return user

    def redeem(self, session, now=NOW) -> InvitationEnd | None:
        return redeem_invitation(session.invitations.get(email=ANN).pk, actor=SYSTEM, now=now)

    def told(self, user) -> list[str]:
        return list(Notice.objects.filter(user=user).values_list("kind", flat=True))

    def test_a_seat_while_there_is_one(self, tides, ann):
        assert self.redeem(tides) == InvitationEnd.MEMBER
        assert (members(tides), addresses(tides), self.told(ann)) == ({"ann"}, [], [NoticeKind.INVITED_SEATED])
        assert tides.members.get().history.get().history_change_reason == "Invited by e-mail."

    def test_else_the_end_of_the_line(self, tides, ann, make_user):
        enrol(tides, make_user("lea").username)
        CohortSession.objects.filter(pk=tides.pk).update(capacity=1)
        assert self.redeem(tides) == InvitationEnd.WAITING
        assert (members(tides), self.told(ann)) == ({"lea"}, [NoticeKind.INVITED_QUEUED])
        assert list(tides.requests.values_list("user__username", "status")) == [("ann", "waiting")]
        api.remove_members(tides, ["lea"], actor=SYSTEM, now=NOW)
        assert members(tides) == {"ann"}

    def test_who_waits_already_keeps_their_place(self, tides, ann, make_user):
        max_ = make_user("max")
        CohortSession.objects.filter(pk=tides.pk).update(capacity=1, joining="open")
        enrol(tides, make_user("lea").username)
        for user in (ann, max_):
            api.join_session(tides, actor=Actor(user_id=user.pk), now=NOW)
        assert self.redeem(tides) == InvitationEnd.WAITING
        waiting = tides.requests.order_by("queue_number").values_list("user__username", flat=True)
        assert (list(waiting), self.told(ann)) == (["ann", "max"], [])

    def test_a_seat_that_is_offered_is_theirs(self, tides, ann, make_user):
        CohortSession.objects.filter(pk=tides.pk).update(capacity=1, joining="open", offer_days=2)
        enrol(tides, make_user("lea").username)
        api.join_session(tides, actor=Actor(user_id=ann.pk), now=NOW)
        api.remove_members(tides, ["lea"], actor=SYSTEM, now=NOW)
        assert self.redeem(tides) == InvitationEnd.MEMBER
        assert (members(tides), tides.requests.count()) == ({"ann"}, 0)

    def test_a_place_already_needs_none(self, tides, ann):
        enrol(tides, "ann")
        assert self.redeem(tides) == InvitationEnd.NEEDLESS
        assert (addresses(tides), self.told(ann)) == ([], [])

    def test_a_place_in_a_parallel_session_stands(self, tides, ann, make_session):
        group = ParallelGroup.objects.create(name="Days")
        CohortSession.objects.filter(pk=tides.pk).update(parallel_group=group)
        other = make_session(title="Evening", parallel_group=group)
        enrol(other, "ann")
        assert self.redeem(tides) == InvitationEnd.NEEDLESS
        assert (members(tides), addresses(tides)) == (set(), [])

    @pytest.mark.parametrize("late", [30 * DAY, 60 * DAY])
    def test_none_when_it_ran_out_or_the_session_is_over(self, late, tides, ann):
        if late == 60 * DAY:
            CohortSession.objects.filter(pk=tides.pk).update(closes_at=NOW + 300 * DAY)
        assert self.redeem(tides, now=NOW + late) == InvitationEnd.OVER
        assert (members(tides), addresses(tides)) == (set(), [])

    def test_a_draft_waits_until_it_is_published(self, tides, ann):
        CohortSession.objects.filter(pk=tides.pk).update(status="draft")
        assert self.redeem(tides) is None
        api.publish_session(tides, actor=SYSTEM, now=NOW)
        assert pass_time(now=NOW).invitations == 1
        assert members(tides) == {"ann"}

    def test_one_that_is_gone_is_no_error(self, tides):
        assert redeem_invitation(4711, actor=SYSTEM, now=NOW) is None


class TestLetter:
    """What is written to the address."""

    def test_it_leaves_after_the_commit_and_once(self, tides, mailoutbox, django_capture_on_commit_callbacks, now):
        CohortSession.objects.filter(pk=tides.pk).update(closes_at=now + DAY)
        with django_capture_on_commit_callbacks(execute=True):
            enrol(tides, ANN, now=now)
        assert [(mail.to, mail.subject) for mail in mailoutbox] == [([ANN], "You are invited to “Tides”")]
        assert send_invitation(Invitation.objects.get().pk, now=now) is False
        assert len(mailoutbox) == 1

    def test_it_says_what_to_do_and_until_when(self, tides, mailoutbox):
        enrol(tides, ANN)
        assert send_invitation(Invitation.objects.get().pk, now=NOW) is True
        assert mailoutbox[0].body == (
            "The team of this session has a place in mind for you.\n\n"
            "Register with this e-mail address, or sign in if you have, and confirm it: the place is yours then.\n\n"
            "The invitation is good until May 1, 2026, noon UTC, as long as there are seats.\n\n"
            "Register or sign in: /cohort-sessions/sessions/tides/"
        )

    def test_of_a_draft_nobody_hears_until_it_is_published(
        self, make_session, make_base_course, mailoutbox, django_capture_on_commit_callbacks
    ):
        draft = make_session(title="Ebb", courses=[make_base_course()], publish=False, closes_at=NOW + DAY)
        with django_capture_on_commit_callbacks(execute=True):
            enrol(draft, ANN)
        pass_time(now=NOW)
        assert mailoutbox == []
        api.publish_session(draft, actor=SYSTEM, now=NOW)
        assert pass_time(now=NOW).letters == 1

    def test_what_fails_is_tried_again_later(self, tides, settings, mailoutbox):
        enrol(tides, ANN)
        row = Invitation.objects.get()
        settings.EMAIL_BACKEND = "there.is.no.such.Backend"
        with pytest.raises(ImportError):
            send_invitation(row.pk, now=NOW)
        row.refresh_from_db()
        assert (row.sent_at, row.failures, row.send_again_at) == (None, 1, NOW + timedelta(minutes=5))
        assert pass_time(now=NOW).letters == 0
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert pass_time(now=NOW + timedelta(minutes=5)).letters == 1


class TestTick:
    """Time alone ends invitations, and finds what no door told of."""

    def test_what_ran_out_is_deleted_with_its_address(self, tides):
        CohortSession.objects.filter(pk=tides.pk).update(closes_at=None)
        enrol(tides, ANN)
        assert pass_time(now=NOW + 59 * DAY).invitations == 0
        assert pass_time(now=NOW + 60 * DAY).invitations == 1
        assert addresses(tides) == []

    @pytest.mark.parametrize("status", ["cancelled", "archived"])
    def test_so_is_what_was_called_off(self, status, tides):
        enrol(tides, ANN)
        CohortSession.objects.filter(pk=tides.pk).update(status=status)
        assert pass_time(now=NOW).invitations == 1
        assert addresses(tides) == []

    def test_and_what_its_session_outlived(self, tides):
        enrol(tides, ANN)
        pass_time(now=NOW + 30 * DAY)
        pass_time(now=NOW + 30 * DAY)
        assert addresses(tides) == []

    def test_an_account_of_which_nobody_told(self, tides, make_user):
        enrol(tides, "lea@example.com", "max@example.com", "gone@example.com")
        make_user("lea")
        gone = make_user("gone")
        gone.is_active = False
        gone.save()
        assert pass_time(now=NOW).invitations == 1
        assert (members(tides), addresses(tides)) == ({"lea"}, ["max@example.com", "gone@example.com"])
