"""The ledger follows the platform, until results are final."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohort_sessions import api, tasks
from cohort_sessions.data import SYSTEM, LineOutcome, ResultPart
from cohort_sessions.errors import InvalidInput, NotAllowed, NotFound
from cohort_sessions.host import LearnerCertificate, LearnerGrade, LearnerProgress, SectionGrade
from cohort_sessions.models import EditionResult, SessionAgenda
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
EVERYTHING = frozenset(ResultPart)
COUNTS = ("grade", "letter", "passed", "completed", "completable")


class Platform:
    """A host's grades, progress and certificates as a test wants them, by edition and person."""

    def __init__(self):
        self.graded: dict[tuple, LearnerGrade] = {}
        self.done: dict[tuple, LearnerProgress] = {}
        self.certified: dict[tuple, LearnerCertificate] = {}
        self.asked: list[str] = []

    def grades(self, keys, ids):
        self.asked.append("grades")
        return [grade for (key, user_id), grade in self.graded.items() if key in keys and user_id in ids]

    def progress(self, keys, ids):
        self.asked.append("progress")
        return [progress for (key, user_id), progress in self.done.items() if key in keys and user_id in ids]

    def certificates(self, keys, ids):
        self.asked.append("certificates")
        return [each for (key, user_id), each in self.certified.items() if key in keys and user_id in ids]

    def grade(self, edition, user, grade, **values):
        key = edition.edition_key
        letter = "Pass" if grade >= 0.5 else ""
        self.graded[key, user.pk] = LearnerGrade(key, user.pk, grade, letter, passed=grade >= 0.5, **values)

    def complete(self, edition, user, completed, completable=4):
        key = edition.edition_key
        self.done[key, user.pk] = LearnerProgress(key, user.pk, completed, completable, NOW - DAY, NOW)

    def certify(self, edition, user, given_at):
        key = edition.edition_key
        self.certified[key, user.pk] = LearnerCertificate(key, user.pk, given_at)


@pytest.fixture
def platform(host, monkeypatch):
    platform = Platform()
    monkeypatch.setattr(type(host), "grades", lambda _self, *asked: platform.grades(*asked))
    monkeypatch.setattr(type(host), "progress", lambda _self, *asked: platform.progress(*asked))
    monkeypatch.setattr(type(host), "certificates", lambda _self, *asked: platform.certificates(*asked))
    return platform


@pytest.fixture
def lea(make_user):
    return make_user("lea")


@pytest.fixture
def session(make_session, make_base_course, lea):
    """Open from ten days ago to in ten days; results are final five days after."""
    return make_session(courses=[make_base_course(title="Tides")], members=[lea], results_final_after_days=5)


@pytest.fixture
def edition(session):
    return session.editions.get()


def record(edition, *users, parts=EVERYTHING, now=NOW) -> int:
    return api.record_results(edition.edition_key, [user.pk for user in users], parts=parts, now=now)


def counts(result=None) -> tuple:
    """What counts of the one result there is."""
    result = result or EditionResult.objects.get()
    return tuple(getattr(result, name) for name in COUNTS)


class TestFollowing:
    """Everything the platform says arrives, once, at its own place."""

    def test_an_answer_arrives_by_itself_and_for_the_member_alone(self, edition, lea, make_user, answer):
        edition.session.closes_at = None
        api.edit_session(edition.session, opens_at=None, closes_at=None, actor=SYSTEM, now=NOW)
        api.apply_edition(edition.pk, actor=SYSTEM, now=NOW)
        for person in (lea, make_user("ben", is_staff=True)):
            assert answer(edition.edition_key, person)
        result = EditionResult.objects.get()
        assert (result.member.user, counts(result)) == (lea, (1.0, "Pass", True, 1, 2))
        assert [(each["title"], each["earned"], each["possible"]) for each in result.sections] == [
            ("Subsection", 1.0, 1.0)
        ]
        assert result.first_activity_at == result.last_activity_at == result.passed_at
        assert result.version == "1"

    def test_everything_the_host_says_is_kept(self, edition, lea, platform):
        section = SectionGrade("week_1", "Week 1", "Homework", 3.0, 4.0)
        platform.grade(edition, lea, 0.75, passed_at=NOW - DAY, sections=(section,), version="v3")
        platform.complete(edition, lea, 3)
        assert record(edition, lea) == 1
        result = EditionResult.objects.get()
        assert counts(result) == (0.75, "Pass", True, 3, 4)
        assert (result.passed_at, result.version, result.as_of) == (NOW - DAY, "v3", NOW)
        assert (result.first_activity_at, result.last_activity_at) == (NOW - DAY, NOW)
        assert result.sections == [
            {
                "block_id": "week_1",
                "title": "Week 1",
                "assignment_type": "Homework",
                "earned": 3.0,
                "possible": 4.0,
            }
        ]

    def test_only_the_part_that_changed_is_asked_for_and_written(self, edition, lea, platform):
        platform.grade(edition, lea, 0.5)
        platform.complete(edition, lea, 1)
        record(edition, lea, parts={ResultPart.GRADE})
        assert (platform.asked, counts()) == (["grades"], (0.5, "Pass", True, 0, 0))
        record(edition, lea, parts={ResultPart.PROGRESS})
        assert (platform.asked, counts()) == (["grades", "progress"], (0.5, "Pass", True, 1, 4))

    def test_what_is_said_twice_is_written_once(self, edition, lea, platform):
        platform.grade(edition, lea, 0.25)
        assert [record(edition, lea, now=NOW + number * DAY) for number in range(3)] == [1, 0, 0]
        assert EditionResult.objects.get().as_of == NOW

    def test_what_was_taken_back_is_gone(self, edition, lea, platform):
        platform.grade(edition, lea, 0.75)
        platform.complete(edition, lea, 3)
        record(edition, lea)
        platform.graded.clear()
        platform.done.clear()
        record(edition, lea)
        result = EditionResult.objects.get()
        assert counts(result) == (None, "", False, 0, 4)
        assert (result.sections, result.passed_at, result.last_activity_at) == ([], None, None)

    def test_work_beyond_what_the_content_now_holds_is_not_more_than_all(self, edition, lea, platform):
        platform.complete(edition, lea, 5, completable=3)
        record(edition, lea)
        assert counts() == (None, "", False, 5, 5)

    def test_nobody_else_and_nothing_else_is_kept(self, edition, lea, make_user, platform, make_session):
        """Not of a stranger, not of the other session of the same course, not of the course itself."""
        other = make_session(title="Autumn", courses=[edition.base_key], members=[lea]).editions.get()
        platform.grade(edition, lea, 0.75)
        platform.grade(other, lea, 0.25)
        platform.grade(edition, make_user("sam"), 1.0)
        assert record(edition, lea, make_user("ben")) == 1
        assert api.record_results(edition.base_key, [lea.pk], now=NOW) == 0
        assert list(EditionResult.objects.values_list("edition", "grade")) == [(edition.pk, 0.75)]
        record(other, lea)
        assert dict(EditionResult.objects.values_list("edition", "grade")) == {edition.pk: 0.75, other.pk: 0.25}

    def test_who_left_keeps_what_they_earned(self, edition, lea, platform):
        platform.grade(edition, lea, 0.75)
        record(edition, lea)
        api.remove_members(edition.session, ["lea"], actor=SYSTEM, now=NOW)
        assert counts()[:3] == (0.75, "Pass", True)
        platform.grade(edition, lea, 1.0)
        record(edition, lea)
        assert counts()[0] == 1.0


class TestCertificates:
    """A certificate is in the ledger for as long as the platform has it, whether or not results are final."""

    @pytest.mark.parametrize("is_final", [False, True])
    def test_it_comes_and_goes(self, edition, lea, platform, is_final):
        platform.grade(edition, lea, 0.75)
        record(edition, lea)
        if is_final:
            EditionResult.objects.update(final_at=NOW)
        platform.certify(edition, lea, NOW - DAY)
        assert record(edition, lea, parts={ResultPart.CERTIFICATE}) == 1
        result = EditionResult.objects.get()
        assert (result.certified_at, result.grade, result.later) == (NOW - DAY, 0.75, {})
        assert record(edition, lea, parts={ResultPart.CERTIFICATE}) == 0
        del platform.certified[edition.edition_key, lea.pk]
        assert record(edition, lea) == 1
        assert EditionResult.objects.get().certified_at is None


class TestCost:
    """Counted in statements."""

    @pytest.mark.parametrize("part", ResultPart)
    def test_a_change_costs_two_statements_beside_the_hosts(self, edition, lea, platform, part):
        """One more where it is the first work of a day."""
        costs = []
        for number in (1, 2):  # the first makes the row, the second changes it
            platform.grade(edition, lea, number / 4)
            platform.complete(edition, lea, number)
            platform.certify(edition, lea, NOW + number * DAY)
            with CaptureQueriesContext(connection) as queries:
                assert record(edition, lea, parts={part}) == 1
            costs.append(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))
        assert costs == ([3, 2] if part is ResultPart.PROGRESS else [2, 2])
        with CaptureQueriesContext(connection) as queries:
            record(edition, lea, parts={part})
        assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 1

    def test_many_people_cost_what_one_costs(self, edition, make_user, platform):
        people = [make_user(f"learner{number}") for number in range(30)]
        api.enrol_members(edition.session, [user.username for user in people], actor=SYSTEM, now=NOW)
        for user in people:
            platform.grade(edition, user, 0.5)
        with CaptureQueriesContext(connection) as queries:
            assert record(edition, *people) == 30
        assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 2


class TestBursts:
    """A thousand changes are a handful of tasks, whatever becomes of any of them."""

    @pytest.fixture
    def queue(self, monkeypatch, edition, lea):
        """What was put into the queue, by its arguments, to be run when the test says so."""
        cache.clear()
        # These tasks read the clock, and are not to find the session's results due to be final.
        api.edit_session(edition.session, results_final_after_days=None, actor=SYSTEM, now=NOW)
        sent = []
        monkeypatch.setattr(tasks, "send", lambda _task, **arguments: sent.append(arguments))
        yield sent
        cache.clear()

    @staticmethod
    def work_off(queue) -> None:
        while queue:
            arguments = queue.pop(0)
            arguments.pop("countdown")
            tasks.record_result(**arguments)

    def test_a_thousand_events_of_one_learner_are_one_write(
        self, edition, lea, platform, queue, django_capture_on_commit_callbacks
    ):
        for number in range(1000):
            with django_capture_on_commit_callbacks(execute=True):
                platform.grade(edition, lea, number / 1000)
                tasks.ask_for_result(edition.edition_key, lea.pk, ResultPart.GRADE)
        assert [(each["user_id"], each["part"], each["countdown"]) for each in queue] == [(lea.pk, "grade", 3)]
        with CaptureQueriesContext(connection) as queries:
            self.work_off(queue)
        assert len([query for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]) == 1
        assert counts()[0] == 0.999

    def test_what_comes_while_a_task_runs_is_not_lost(
        self, edition, lea, platform, queue, django_capture_on_commit_callbacks
    ):
        def ask():
            with django_capture_on_commit_callbacks(execute=True):
                tasks.ask_for_result(edition.edition_key, lea.pk, ResultPart.GRADE)

        platform.grade(edition, lea, 0.1)
        ask()
        read = platform.grades

        def reads_and_then_it_changes(*asked):
            found = read(*asked)
            if platform.graded[edition.edition_key, lea.pk].grade == 0.1:
                platform.grade(edition, lea, 0.9)
                ask()
            return found

        platform.grades = reads_and_then_it_changes
        self.work_off(queue)
        assert counts()[0] == 0.9

    def test_a_change_that_is_rolled_back_asks_for_nothing(
        self, edition, lea, queue, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=False):
            tasks.ask_for_result(edition.edition_key, lea.pk, ResultPart.GRADE)
        with django_capture_on_commit_callbacks(execute=True):
            tasks.ask_for_result(edition.edition_key, lea.pk, ResultPart.GRADE)
        assert len(queue) == 1

    def test_people_and_parts_do_not_stand_in_for_each_other(
        self, edition, lea, make_user, queue, django_capture_on_commit_callbacks
    ):
        ben = make_user("ben")
        with django_capture_on_commit_callbacks(execute=True):
            for user in (lea, ben, lea):
                for part in ResultPart:
                    tasks.ask_for_result(edition.edition_key, user.pk, part)
        assert [(each["user_id"], each["part"]) for each in queue] == [
            (lea.pk, "grade"),
            (lea.pk, "progress"),
            (lea.pk, "certificate"),
            (ben.pk, "grade"),
            (ben.pk, "progress"),
            (ben.pk, "certificate"),
        ]


class TestFinality:
    """From so many days after a member's own end a result stays as it is."""

    CLOSES = NOW + 10 * DAY
    FINAL = NOW + 15 * DAY

    @pytest.fixture
    def earned(self, edition, lea, platform):
        platform.grade(edition, lea, 0.75, version="v1")
        platform.complete(edition, lea, 3)
        record(edition, lea)

    def test_it_is_final_when_its_time_has_come_and_not_before(self, session, earned):
        assert api.finalise_results(session, actor=SYSTEM, now=self.FINAL - timedelta(seconds=1)) == 0
        assert EditionResult.objects.get().final_at is None
        assert api.finalise_results(session, actor=SYSTEM, now=self.FINAL) == 1
        result = EditionResult.objects.get()
        assert result.final_at == self.FINAL
        assert result.grading_policy == {
            "letters": [["Pass", 0.5]],
            "assignments": [{"assignment_type": "Exercise", "weight": 1.0, "dropped": 0}],
        }
        (line,) = result.history.all()
        assert (line.history_date, line.grade, line.final_at, line.history_user) == (self.FINAL, 0.75, self.FINAL, None)
        # Twice comes to the same.
        assert api.finalise_results(session, actor=SYSTEM, now=self.FINAL + DAY) == 0
        assert EditionResult.objects.get().final_at == self.FINAL

    def test_the_last_word_of_the_platform_counts(self, session, edition, lea, earned, platform):
        platform.grade(edition, lea, 1.0)
        api.finalise_results(session, actor=SYSTEM, now=self.FINAL)
        assert counts()[0] == 1.0

    def test_later_changes_stand_beside_it(self, session, edition, lea, earned, platform):
        api.finalise_results(session, actor=SYSTEM, now=self.FINAL)
        platform.grade(edition, lea, 0.25)
        assert record(edition, lea, now=self.FINAL + DAY) == 1
        result = EditionResult.objects.get()
        assert counts(result) == (0.75, "Pass", True, 3, 4)
        assert result.later == {"grade": 0.25, "letter": "", "passed": False, "as_of": (self.FINAL + DAY).isoformat()}
        assert record(edition, lea, now=self.FINAL + 2 * DAY) == 0
        platform.grade(edition, lea, 0.75)
        record(edition, lea, now=self.FINAL + 3 * DAY)
        assert EditionResult.objects.get().later == {}

    def test_own_dates_and_no_days_at_all(self, session, edition, lea, make_user, earned, platform):
        ben = make_user("ben")
        api.enrol_members(session, ["ben"], actor=SYSTEM, now=NOW)
        platform.grade(edition, ben, 0.5)
        record(edition, ben)
        api.set_member_dates(session, ["ben"], extra_days=7, actor=SYSTEM, now=NOW)
        assert api.finalise_results(session, actor=SYSTEM, now=self.FINAL) == 1
        assert list(EditionResult.objects.filter(final_at=None).values_list("member__user", flat=True)) == [ben.pk]
        assert api.finalise_results(session, actor=SYSTEM, now=self.FINAL + 7 * DAY) == 1

    def test_a_session_may_never_be_final(self, session, earned):
        session = api.edit_session(session, results_final_after_days=None, actor=SYSTEM, now=NOW)
        assert api.finalise_results(session, actor=SYSTEM, now=self.FINAL + 999 * DAY) == 0

    def test_new_sessions_take_the_days_of_the_setting(self, settings, make_session):
        settings.COHORT_SESSIONS_RESULTS_FINAL_AFTER_DAYS = 21
        assert make_session(title="Default").results_final_after_days == 21
        assert make_session(title="Never", results_final_after_days=None).results_final_after_days is None

    def test_it_needs_the_right_to_manage(self, session, coach_of, earned):
        with pytest.raises(NotAllowed):
            api.finalise_results(session, actor=coach_of(session), now=self.FINAL)

    class TestTick:
        """Time brings it about, and finds what was lost on the way."""

        def test_at_the_end_the_moment_is_known_and_then_it_comes(self, session, edition, lea, platform):
            platform.grade(edition, lea, 0.75)
            record(edition, lea)
            tasks.pass_time(now=TestFinality.CLOSES)
            assert SessionAgenda.objects.get().finals_due_at == TestFinality.FINAL
            assert tasks.pass_time(now=TestFinality.FINAL - DAY).finals == 0
            tasks.results.finalise_results(session, actor=SYSTEM, now=TestFinality.FINAL)
            assert EditionResult.objects.get().final_at == TestFinality.FINAL
            assert SessionAgenda.objects.get().finals_due_at is None

        def test_a_task_that_was_lost_is_asked_for_again(self, session, edition, lea, platform, monkeypatch):
            platform.grade(edition, lea, 0.75)
            record(edition, lea)
            tasks.pass_time(now=TestFinality.CLOSES)
            sent = []
            monkeypatch.setattr(tasks, "send", lambda task, **arguments: sent.append((task.name, arguments)))
            ticks = [TestFinality.FINAL + minutes * timedelta(minutes=1) for minutes in (0, 5, 20)]
            assert [tasks.pass_time(now=moment).finals for moment in ticks] == [1, 0, 1]
            finals = [arguments for name, arguments in sent if name.endswith("finalise_results")]
            assert finals == [{"session_id": session.pk}] * 2

        def test_dates_that_were_moved_back_make_it_final_at_once(self, session, edition, lea, platform):
            platform.grade(edition, lea, 0.75)
            record(edition, lea)
            api.edit_session(session, closes_at=NOW - 6 * DAY, actor=SYSTEM, now=NOW)
            tasks.pass_time(now=NOW)
            assert EditionResult.objects.get().final_at is not None

        def test_a_first_result_that_comes_late_is_made_final_too(self, session, edition, lea, platform):
            for moment in (TestFinality.CLOSES, TestFinality.FINAL):
                tasks.pass_time(now=moment)
            assert SessionAgenda.objects.get().finals_due_at is None
            platform.grade(edition, lea, 0.75)
            record(edition, lea, now=TestFinality.FINAL + DAY)
            assert SessionAgenda.objects.get().finals_due_at == TestFinality.FINAL + DAY

    class TestReopening:
        """A session administrator may, with a reason; it is all kept."""

        LATER = NOW + 20 * DAY

        @pytest.fixture
        def final(self, session, edition, lea, platform):
            platform.grade(edition, lea, 0.75)
            record(edition, lea)
            tasks.pass_time(now=NOW)
            api.finalise_results(session, actor=SYSTEM, now=TestFinality.FINAL)
            platform.grade(edition, lea, 0.25)
            record(edition, lea, now=TestFinality.FINAL + DAY)

        def test_it_follows_again_and_becomes_final_anew(self, session, edition, lea, final):
            outcomes = api.reopen_results(
                edition, ["lea", "nobody"], reason=" Marked wrongly. ", actor=SYSTEM, now=self.LATER
            )
            assert [(line.given, line.ok, line.changed) for line in outcomes] == [
                ("lea", True, True),
                ("nobody", False, False),
            ]
            result = EditionResult.objects.get()
            assert counts(result)[:3] == (0.25, "", False)
            assert (result.final_at, result.later, result.grading_policy) == (None, {}, {})
            after, before = result.history.order_by("-history_date")
            assert (after.history_change_reason, before.grade, after.final_at) == ("Marked wrongly.", 0.75, None)
            assert SessionAgenda.objects.get().finals_due_at == self.LATER + 5 * DAY
            assert api.finalise_results(session, actor=SYSTEM, now=self.LATER + 4 * DAY) == 0
            assert api.finalise_results(session, actor=SYSTEM, now=self.LATER + 5 * DAY) == 1

        def test_what_is_not_final_stays_as_it_is(self, edition, make_user, final):
            api.reopen_results(edition, ["lea"], reason="Once.", actor=SYSTEM, now=self.LATER)
            make_user("sam")
            assert api.reopen_results(edition, ["lea", "sam"], reason="Twice.", actor=SYSTEM, now=self.LATER + DAY) == [
                LineOutcome("lea", ok=True, changed=False, message="Is not final."),
                LineOutcome("sam", ok=False, changed=False, message="Has no result in this course."),
            ]
            assert EditionResult.objects.get().reopened_at == self.LATER

        def test_it_takes_a_reason_and_the_right(self, session, edition, coach_of, final):
            with pytest.raises(InvalidInput) as refusal:
                api.reopen_results(edition, ["lea"], reason="  ", actor=SYSTEM, now=self.LATER)
            assert refusal.value.errors == {"reason": "Say why the results are opened again."}
            with pytest.raises(NotAllowed):
                api.reopen_results(edition, ["lea"], reason="Why not.", actor=coach_of(session), now=self.LATER)
            stranger = replace(SYSTEM, is_system=False, user_id=0)
            with pytest.raises(NotFound):
                api.reopen_results(edition, ["lea"], reason="Why not.", actor=stranger, now=self.LATER)
            assert EditionResult.objects.get().final_at == TestFinality.FINAL
