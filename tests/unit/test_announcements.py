"""What the team announces: to whom, from when to when, and by mail to each member once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from cohort_sessions import api, tasks
from cohort_sessions.data import SYSTEM, Lock, MemberStatus
from cohort_sessions.errors import ChangedMeanwhile, InvalidInput, Locked, NotAllowed, NotFound
from cohort_sessions.models import Announcement, AnnouncementRead, Notice
from cohort_sessions.operations import announcements, notices
from cohort_sessions.queries import due
from cohort_sessions.queries.actors import load_actor
from tests.attacks import XSS, running
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_SYSTEM = {"actor": SYSTEM, "now": NOW}


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("ben", "cora", "lea", "omar", "sam", "greta")}


@pytest.fixture
def crew(make_session, make_base_course, people):
    """Run by greta, coached by ben, its course Stars by cora; lea and omar are members."""
    session = make_session(
        title="Crew",
        courses=[make_base_course(title="Stars"), make_base_course(title="Tides")],
        members=[people["lea"], people["omar"]],
    )
    for role, name in ((api.TeamRole.SESSION_COACH, "ben"), (api.TeamRole.ADMINISTRATOR, "greta")):
        api.assign_session_team(session, role, [name], **BY_SYSTEM)
    api.assign_course_coaches(session.editions.get(position=0), ["cora"], **BY_SYSTEM)
    return session


@pytest.fixture
def as_(people):
    """``as_("ben")``: who acts, now or at another moment."""
    return lambda name, at=NOW: {"actor": load_actor(people[name], now=at), "now": at}


@pytest.fixture
def write(crew, as_):
    """``write("ben", mails=True)``: an announcement."""

    def make(by="ben", *, at=NOW, title="The tide", text="Comes at **six**.", **values) -> Announcement:
        return api.create_announcement(crew, title=title, text=text, **values, **as_(by, at))

    return make


@pytest.fixture
def seen(crew, as_):
    """``seen("lea")``: what they find, as titles with whether they are unread."""

    def find(name, at=NOW) -> list[tuple[str, bool]]:
        board = api.session_board(crew, **as_(name, at))
        return [(each.title, each.is_unread) for each in board.announcements]

    return find


class TestWho:
    """The table of the design, and the lock."""

    def test_a_session_coach_writes_for_the_session_and_a_course_coach_for_their_own_course(self, write, crew):
        stars, tides = crew.editions.order_by("position")
        assert write().edition is None
        assert write("ben", course=tides.uuid).edition == tides
        assert write("cora", course=stars.uuid).edition == stars
        for course in (None, tides.uuid):
            with pytest.raises(NotAllowed):
                write("cora", course=course)

    @pytest.mark.parametrize(("name", "refusal"), [("lea", NotAllowed), ("sam", NotFound)])
    def test_nobody_else_does(self, name, refusal, write, crew, as_):
        written = write()
        for act in (
            lambda: write(name),
            lambda: api.edit_announcement(written, title="Mine", **as_(name)),
            lambda: api.delete_announcement(written, **as_(name)),
        ):
            with pytest.raises(refusal):
                act()
        assert Announcement.objects.get().title == "The tide"

    def test_a_lock_keeps_coaches_out_and_says_why_and_administrators_go_on(self, write, crew, as_):
        mine, stars = write(), crew.editions.get(position=0)
        of_stars = write("cora", course=stars.uuid)
        api.set_locks(crew, {Lock.ANNOUNCEMENTS}, reason="The office announces.", **BY_SYSTEM)
        for act in (
            lambda: write("ben"),
            lambda: write("cora", course=stars.uuid),
            lambda: api.edit_announcement(mine, title="Other", **as_("ben")),
            lambda: api.edit_announcement(of_stars, title="Other", **as_("cora")),
            lambda: api.delete_announcement(mine, **as_("ben")),
        ):
            with pytest.raises(Locked, match="Reason given: The office announces"):
                act()
        assert write("greta", title="From the office").title == "From the office"

    def test_an_announcement_moves_only_where_one_may_write(self, write, crew, as_):
        stars, tides = crew.editions.order_by("position")
        written = write("cora", course=stars.uuid)
        for course in (None, tides.uuid):
            with pytest.raises(NotAllowed):
                api.edit_announcement(written, course=course, **as_("cora"))
        assert api.edit_announcement(written, course=None, **as_("ben")).edition is None

    def test_a_course_of_another_session_or_one_taken_out_is_not_found(self, write, crew, make_session):
        other = make_session(title="Other", courses=[crew.editions.get(position=0).base_key])
        with pytest.raises(NotFound):
            write("ben", course=other.editions.get().uuid)
        tides = crew.editions.get(position=1)
        type(tides).objects.filter(pk=tides.pk).update(withdrawn_at=NOW)
        with pytest.raises(NotFound):
            write("ben", course=tides.uuid)


class TestWhat:
    """What can be stored, once."""

    def test_what_cannot_stand_is_said_field_by_field(self, write):
        with pytest.raises(InvalidInput) as refusal:
            write(title=" \n", text=" ", published_from=NOW, published_to=NOW)
        assert refusal.value.errors == {
            "title": "Write a title.",
            "text": "Write what you want to say.",
            "published_to": "It must end after it begins. Give a later end, or none.",
        }
        with pytest.raises(InvalidInput) as refusal:
            write(title="a" * 201, text="b" * 20_001, published_from=NOW.replace(tzinfo=None))
        assert refusal.value.errors == {
            "title": "Use at most 200 characters; these are 201.",
            "text": "Use at most 20000 characters; these are 20001.",
            "published_from": "Give the moment with its time zone.",
        }
        assert not Announcement.objects.exists()

    @pytest.mark.parametrize("year", [1, 1968, 3001, 9999])
    def test_a_year_that_is_a_slip_of_the_keyboard(self, write, as_, year):
        at, sentence = datetime(year, 12, 31, tzinfo=UTC), "Choose a year from 1970 to 2999."
        for name in ("published_from", "published_to"):
            with pytest.raises(InvalidInput) as refusal:
                write(**{name: at})
            assert refusal.value.errors == {name: sentence}
        written = write()
        with pytest.raises(InvalidInput, match=sentence):
            api.edit_announcement(written, published_to=at, **as_("ben"))

    def test_one_form_makes_one_announcement(self, write, crew, make_session, as_):
        uuid = uuid4()
        first = write(uuid=uuid)
        assert write(uuid=uuid, title="Sent again") == first
        assert Announcement.objects.get().title == "The tide"
        # A form of another session cannot be answered with this one.
        other = make_session(title="Other")
        with pytest.raises(InvalidInput) as refusal:
            api.create_announcement(other, title="Else", text="Else.", uuid=uuid, **BY_SYSTEM)
        assert refusal.value.errors == {"uuid": "Something else has this name. Please begin anew, or give another."}

    def test_nor_is_it_answered_with_what_is_about_another_course(self, write, crew):
        stars, tides = crew.editions.order_by("position")
        of_tides = write(course=tides.uuid, published_from=NOW + HOUR)
        for by, course in (("cora", stars.uuid), ("ben", None)):
            with pytest.raises(InvalidInput) as refusal:
                write(by, course=course, uuid=of_tides.uuid)
            assert list(refusal.value.errors) == ["uuid"]
        type(tides).objects.filter(pk=tides.pk).update(withdrawn_at=NOW)
        with pytest.raises(InvalidInput):
            write(uuid=of_tides.uuid)
        assert Announcement.objects.count() == 1

    def test_what_changes_nothing_leaves_no_line(self, write, as_):
        written = write()
        api.edit_announcement(written, title=" The  tide ", text="Comes at **six**.\n", **as_("ben"))
        assert Announcement.history.count() == 1
        api.edit_announcement(written, is_pinned=True, **as_("greta"))
        newest = Announcement.history.first()
        assert (newest.is_pinned, newest.history_user.username) == (True, "greta")

    def test_what_nobody_can_change(self, write, as_):
        with pytest.raises(InvalidInput):
            api.edit_announcement(write(), mailed_at=NOW, **as_("ben"))

    def test_whoever_saves_second_is_told(self, write, as_):
        written = write()
        api.edit_announcement(written, seen_at=NOW, title="First", **as_("ben", NOW + HOUR))
        with pytest.raises(ChangedMeanwhile):
            api.edit_announcement(written, seen_at=NOW, title="Second", **as_("greta", NOW + HOUR))
        assert Announcement.objects.get().title == "First"

    def test_what_was_deleted_is_not_found_again(self, write, as_):
        written = write()
        api.delete_announcement(written, **as_("ben"))
        with pytest.raises(NotFound):
            api.delete_announcement(written, **as_("ben"))
        assert Announcement.history.first().history_type == "-"


class TestSeeing:
    """Members what is published, the team the rest as well."""

    def test_from_when_to_when(self, write, seen):
        write(published_from=NOW + HOUR, published_to=NOW + 2 * HOUR)
        shown = [seen(name, at) for name in ("lea", "ben") for at in (NOW, NOW + HOUR, NOW + 2 * HOUR)]
        found = [("The tide", True)]
        of_team = [("The tide", False)]
        assert shown == [[], found, [], of_team, of_team, of_team]

    def test_pinned_first_then_the_newest(self, write, seen):
        for title, hours, is_pinned in (("Old", 3, False), ("Pinned", 9, True), ("New", 1, False)):
            write(title=title, published_from=NOW - hours * HOUR, is_pinned=is_pinned)
        assert [title for title, _unread in seen("lea")] == ["Pinned", "New", "Old"]

    def test_a_course_coach_is_shown_no_plans_of_another_course(self, write, crew, seen):
        stars, tides = crew.editions.order_by("position")
        for title, course in (("All", None), ("Stars", stars), ("Tides", tides)):
            later = {"published_from": NOW + HOUR, "course": course and course.uuid}
            write(title=f"{title} later", **later)
            write(title=f"{title} now", course=course and course.uuid)
        assert {title for title, _unread in seen("cora")} == {
            "All later",
            "Stars later",
            "All now",
            "Stars now",
            "Tides now",
        }
        assert {title for title, _unread in seen("lea")} == {"All now", "Stars now", "Tides now"}

    def test_what_is_about_a_course_that_was_taken_out_is_gone_with_it(self, write, crew, seen):
        tides = crew.editions.get(position=1)
        write(course=tides.uuid)
        type(tides).objects.filter(pk=tides.pk).update(withdrawn_at=NOW)
        assert seen("lea") == seen("ben") == []


class TestReading:
    """A mark of each member."""

    def test_one_or_all_and_again(self, write, crew, seen, as_):
        first, second = write(title="First"), write(title="Second", published_from=NOW - HOUR)
        assert api.mark_announcements_read(crew, [first.uuid], **as_("lea")) == 1
        assert seen("lea") == [("First", False), ("Second", True)]
        assert seen("omar") == [("First", True), ("Second", True)]
        assert api.mark_announcements_read(crew, **as_("lea")) == 1
        assert api.mark_announcements_read(crew, [first.uuid, second.uuid], **as_("lea")) == 0
        assert AnnouncementRead.objects.count() == 2

    def test_nothing_is_unread_for_the_team(self, write, crew, as_):
        write()
        assert api.mark_announcements_read(crew, **as_("ben")) == 0
        assert not AnnouncementRead.objects.exists()

    def test_what_is_not_there_is_not_found(self, write, crew, as_):
        planned = write(published_from=NOW + HOUR)
        for uuid in (planned.uuid, uuid4()):
            with pytest.raises(NotFound):
                api.mark_announcements_read(crew, [uuid], **as_("lea"))
        with pytest.raises(NotFound):
            api.mark_announcements_read(crew, **as_("sam"))


class TestMail:
    """To each member once, while it is published."""

    def tick(self, at=NOW):
        return tasks.pass_time(now=at)

    def test_at_once_to_each_member_in_words_and_as_html(self, write, crew, committed, mailoutbox):
        stars = crew.editions.get(position=0)
        with committed():
            written = write(mails=True, course=stars.uuid, text="Comes at **six**.\n\nBring a coat.")
        assert sorted(mail.to[0] for mail in mailoutbox) == ["lea@example.com", "omar@example.com"]
        mail = mailoutbox[0]
        assert mail.subject == "The tide"
        assert mail.body == (
            "An announcement about “Stars” in “Crew”:\n\nComes at **six**.\n\nBring a coat.\n\n"
            "Go to the session: /cohort-sessions/sessions/crew/"
        )
        [(html, kind)] = mail.alternatives
        assert kind == "text/html"
        assert html.startswith("<p>An announcement about “Stars” in “Crew”:</p>\n<p>Comes at <strong>six</strong>.</p>")
        assert written.mailed_at == NOW

    def test_without_being_asked_nobody_is_told(self, write, committed, mailoutbox):
        with committed():
            write()
            self.tick()
        assert mailoutbox == []

    def test_when_its_time_comes_and_never_twice(self, write, committed, mailoutbox):
        with committed():
            written = write(mails=True, published_from=NOW + HOUR)
        assert mailoutbox == []
        for at, number in ((NOW + HOUR / 2, 0), (NOW + HOUR, 2), (NOW + HOUR, 2), (NOW + DAY, 2)):
            with committed():
                self.tick(at)
            assert len(mailoutbox) == number, at
        written.refresh_from_db()
        assert written.mailed_at == NOW + HOUR
        assert Announcement.history.first().history_change_reason == "Told to 2 members by mail."

    def test_not_after_its_end(self, write, committed, mailoutbox):
        with committed():
            write(mails=True, published_from=NOW + HOUR, published_to=NOW + 2 * HOUR)
            self.tick(NOW + 2 * HOUR)
        assert mailoutbox == []

    def test_what_could_not_be_sent_in_time_is_not_sent_late(self, write, committed, mailoutbox):
        write(mails=True, published_to=NOW + HOUR)
        first, second = Notice.objects.order_by("pk")
        assert notices.send_notice(first.pk, now=NOW + HOUR / 2) is True
        assert notices.send_notice(second.pk, now=NOW + HOUR) is True
        assert len(mailoutbox) == 1
        assert not Notice.objects.filter(sent_at=None).exists()

    def test_who_has_left_meanwhile_is_not_told(self, write, crew, mailoutbox):
        write(mails=True)
        crew.members.filter(user__username="lea").update(status=MemberStatus.REMOVED.value, removed_at=NOW)
        for notice in Notice.objects.all():
            notices.send_notice(notice.pk, now=NOW)
        assert [mail.to for mail in mailoutbox] == [["omar@example.com"]]

    def test_who_becomes_a_member_later_finds_it_and_is_not_mailed(self, write, crew, seen, committed, mailoutbox):
        with committed():
            write(mails=True)
            api.enrol_members(crew, ["sam"], **BY_SYSTEM)
            self.tick(NOW + HOUR)
        assert ["sam@example.com"] not in [mail.to for mail in mailoutbox]
        assert seen("sam") == [("The tide", True)]

    def test_members_of_a_draft_hear_of_it_when_it_is_published(self, write, crew, committed, mailoutbox):
        type(crew).objects.filter(pk=crew.pk).update(status="draft")
        with committed():
            write(mails=True)
            self.tick()
        assert mailoutbox == []
        crew.refresh_from_db()
        with committed():
            api.publish_session(crew, **BY_SYSTEM)
            self.tick(NOW + HOUR)
        assert len(mailoutbox) == 2

    def test_only_those_to_whom_the_session_is_shown(self, make_session, make_base_course, people, mailoutbox):
        session = make_session(
            courses=[make_base_course()],
            members=[people["lea"], people["omar"]],
            closes_at=NOW - DAY,
            after_close="hidden",
        )
        api.set_member_dates(session, ["omar"], extra_days=5, **BY_SYSTEM)
        api.create_announcement(session, title="Late", text="Still here?", mails=True, **BY_SYSTEM)
        notice = Notice.objects.get()
        assert notice.user == people["omar"]
        # The letter leaves late, and the session is hidden from him as well by then.
        notices.send_notice(notice.pk, now=NOW + 6 * DAY)
        assert mailoutbox == []

    @pytest.mark.parametrize(
        "end", [lambda crew, **by: api.cancel_session(crew, reason="Storm.", **by), api.archive_session]
    )
    def test_what_was_planned_for_a_session_that_is_not_to_be(self, end, write, crew, committed, mailoutbox):
        write(mails=True, published_from=NOW + 3 * HOUR)
        not_sent = write(mails=True)
        end(crew, actor=SYSTEM, now=NOW + HOUR)
        mailoutbox.clear()
        for notice in Notice.objects.filter(announcement=not_sent):
            assert notices.send_notice(notice.pk, now=NOW + HOUR) is True
        with committed():
            written = write("greta", at=NOW + 2 * HOUR, title="Why", mails=True, published_from=NOW + 3 * HOUR)
        assert [each.subject for each in mailoutbox if each.subject in {"The tide", "Why"}] == []
        assert list(due.due_announcements(now=NOW + 3 * HOUR)) == [written]
        with committed():
            self.tick(NOW + 3 * HOUR)
        assert [each.subject for each in mailoutbox if each.subject in {"The tide", "Why"}] == ["Why", "Why"]

    def test_editing_what_was_planned_for_it_mails_it_no_more(self, write, crew, as_, committed, mailoutbox):
        planned = write(mails=True, published_from=NOW + 2 * HOUR)
        api.cancel_session(crew, reason="Storm.", actor=SYSTEM, now=NOW + HOUR)
        with committed():
            api.edit_announcement(planned, title="The ebb", **as_("greta", NOW + 3 * HOUR))
        assert "The ebb" not in {each.subject for each in mailoutbox}

    def test_once_it_is_restored_what_was_planned_is_told_after_all(self, write, crew, committed, mailoutbox):
        write(mails=True, published_from=NOW + 3 * HOUR)
        api.cancel_session(crew, reason="Storm.", actor=SYSTEM, now=NOW + HOUR)
        api.restore_session(crew, actor=SYSTEM, now=NOW + 2 * HOUR)
        mailoutbox.clear()
        with committed():
            self.tick(NOW + 3 * HOUR)
        assert [each.subject for each in mailoutbox].count("The tide") == 2

    def test_mails_that_have_not_left_stay_when_it_is_not_to_be_mailed_any_more(self, write, as_, mailoutbox):
        written = write(mails=True)
        api.edit_announcement(written, mails=False, **as_("ben"))
        for notice in Notice.objects.all():
            assert notices.send_notice(notice.pk, now=NOW) is True
        assert mailoutbox == []

    def test_editing_tells_nobody_again_and_deleting_stops_what_has_not_left(self, write, as_, committed, mailoutbox):
        with committed():
            written = write(mails=True)
        with committed():
            api.edit_announcement(written, title="The other tide", **as_("ben"))
        assert len(mailoutbox) == 2
        late = write(mails=True)
        assert Notice.objects.filter(sent_at=None).count() == 2
        with committed():
            api.delete_announcement(late, **as_("ben"))
        assert not Notice.objects.filter(sent_at=None).exists()

    def test_two_ticks_at_once_write_the_mails_once(self, write):
        written = write(mails=True, published_from=NOW + HOUR)
        at = NOW + HOUR
        assert [announcements.mail_announcement(written.pk, now=at) for _each in range(2)] == [2, 0]
        assert Notice.objects.count() == 2
        assert announcements.mail_announcement(0, now=at) == 0

    @pytest.mark.parametrize("attack", XSS)
    def test_nothing_runs_in_a_mail(self, attack, write, committed, mailoutbox):
        with committed():
            write(mails=True, title=attack[:200], text=attack)
        for mail in mailoutbox:
            assert "\n" not in mail.subject
            assert running(mail.alternatives[0][0]) == []
