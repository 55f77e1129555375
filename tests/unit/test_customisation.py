"""What a session has otherwise than its base course: prepared, applied, taken back."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohort_sessions import api
from cohort_sessions.data import AS_IN_BASE, SYSTEM, BlockChange, BlockField, LineOutcome, Lock, TeamRole
from cohort_sessions.errors import ChangedMeanwhile, InvalidInput, Locked, NotAllowed, NotFound, WrongState
from cohort_sessions.models import BlockCustomisation, CustomisationDraft
from cohort_sessions.operations.customisation import (
    Deed,
    apply_draft,
    discard_draft,
    draft_block,
    draft_blocks,
    draft_changes,
    undo_changes,
)
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.customisation import draft_summary, edition_outline
from cohort_sessions.queries.specs import edition_spec
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
HIDDEN, OPENS_AT, DUE, TITLE = BlockField
BY_SYSTEM = {"actor": SYSTEM, "now": NOW}


@pytest.fixture
def base_key(make_base_course):
    """Due five days from now; sessions keep that."""
    return make_base_course(title="Tides", due=NOW + 5 * DAY)


@pytest.fixture
def edition(make_session, base_key):
    session = make_session(courses=[base_key])
    edition = session.editions.get()
    api.set_deadlines(edition, api.DeadlinePolicy.KEEP, **BY_SYSTEM)
    return session.editions.select_related("session").get()


@pytest.fixture
def section(base_key):
    return base_key.make_usage_key("chapter", "section")


@pytest.fixture
def subsection(base_key):
    return base_key.make_usage_key("sequential", "subsection")


@pytest.fixture
def unit(base_key):
    return base_key.make_usage_key("vertical", "unit")


def changes(edition) -> dict:
    return {(change.usage_key, change.field): change.value for change in edition_spec(edition, now=NOW).changes}


def drafted(edition) -> dict:
    outline = edition_outline(edition, actor=SYSTEM)
    return {(line.block.usage_key, name): wish for line in outline.lines for name, wish in line.drafted.items()}


def apply(edition, **given) -> int:
    return apply_draft(edition, drafted_at=None, **(BY_SYSTEM | given))


class TestOneBlock:
    def test_nothing_holds_before_it_is_applied(self, edition, section):
        draft_block(edition, section, {HIDDEN: True, TITLE: "Week 1"}, **BY_SYSTEM)
        assert drafted(edition) == {(section, HIDDEN): True, (section, TITLE): "Week 1"}
        assert changes(edition) == {}
        assert apply(edition) == 2
        assert changes(edition) == {(section, HIDDEN): True, (section, TITLE): "Week 1"}
        assert drafted(edition) == {}

    def test_every_field(self, edition, subsection):
        wishes = {HIDDEN: True, OPENS_AT: NOW + DAY, DUE: NOW + 9 * DAY, TITLE: "Ebb"}
        draft_block(edition, subsection, wishes, **BY_SYSTEM)
        apply(edition)
        assert edition_spec(edition, now=NOW).changes == tuple(
            BlockChange(subsection, name, wishes[name]) for name in sorted(BlockField)
        )

    def test_no_deadline_is_a_value(self, edition, subsection):
        draft_block(edition, subsection, {DUE: None}, **BY_SYSTEM)
        apply(edition)
        assert changes(edition) == {(subsection, DUE): None}

    def test_what_is_as_it_is_now_leaves_the_draft(self, edition, section):
        draft_block(edition, section, {TITLE: "Week 1"}, **BY_SYSTEM)
        draft_block(edition, section, {TITLE: "Section"}, **BY_SYSTEM)
        assert (drafted(edition), CustomisationDraft.objects.count()) == ({}, 0)

    def test_back_to_the_base_course(self, edition, section):
        draft_block(edition, section, {TITLE: "Week 1"}, **BY_SYSTEM)
        apply(edition)
        draft_block(edition, section, {TITLE: AS_IN_BASE}, **BY_SYSTEM)
        assert drafted(edition) == {(section, TITLE): AS_IN_BASE}
        assert apply(edition) == 1
        assert (changes(edition), BlockCustomisation.objects.count()) == ({}, 0)

    @pytest.mark.parametrize(
        ("wishes", "errors"),
        [
            ({TITLE: "  "}, {"title": "Give it a name, or take the one of the base course."}),
            ({TITLE: "x" * 256}, {"title": "Use at most 255 characters."}),
            ({DUE: NOW, OPENS_AT: NOW + DAY}, {"due": "The deadline must lie after the opening."}),
            ({OPENS_AT: NOW + 6 * DAY}, {"opens_at": "The deadline must lie after the opening."}),
            ({OPENS_AT: NOW.replace(year=1)}, {"opens_at": "Choose a year from 1970 to 2999."}),
            ({DUE: NOW.replace(year=9999)}, {"due": "Choose a year from 1970 to 2999."}),
        ],
    )
    def test_what_cannot_be_is_said_by_field_and_nothing_is_stored(self, edition, subsection, wishes, errors):
        with pytest.raises(InvalidInput) as refusal:
            draft_block(edition, subsection, {HIDDEN: True, **wishes}, **BY_SYSTEM)
        assert refusal.value.errors == errors
        assert drafted(edition) == {}

    def test_a_block_that_is_not_there(self, edition, base_key):
        with pytest.raises(NotFound):
            draft_block(edition, base_key.make_usage_key("chapter", "gone"), {HIDDEN: True}, **BY_SYSTEM)


class TestManyBlocks:
    def test_a_section_is_shifted_with_what_stands_in_it(self, edition, section, subsection):
        outcomes = draft_blocks(edition, [section], Deed.SHIFT, days=7, **BY_SYSTEM)
        assert [(line.given, line.changed) for line in outcomes] == [("Section", False), ("Subsection", True)]
        assert drafted(edition) == {(subsection, DUE): NOW + 12 * DAY}

    def test_many_blocks_each_its_own_are_prepared_in_as_many_queries_as_one(self, edition, section, subsection, unit):
        counts = []
        draft_changes(edition, {unit: {TITLE: "Unit 1"}}, **BY_SYSTEM)
        for number, keys in enumerate(([section], [section, subsection, unit])):
            with CaptureQueriesContext(connection) as found:
                draft_changes(edition, {key: {TITLE: f"Own {number}"} for key in keys}, **BY_SYSTEM)
            counts.append(len(found))
        assert counts[0] == counts[1]
        many = {section.course_key.make_usage_key("vertical", str(each)): {} for each in range(501)}
        with pytest.raises(InvalidInput, match="at most 500"):
            draft_changes(edition, many, **BY_SYSTEM)

    def test_a_week_later(self, edition, section, subsection, unit):
        lines = draft_blocks(edition, [section, subsection], Deed.SHIFT, days=7, **BY_SYSTEM)
        assert lines == [
            LineOutcome("Section", ok=True, changed=False),
            LineOutcome("Subsection", ok=True, changed=True),
        ]
        assert drafted(edition) == {(subsection, DUE): NOW + 12 * DAY}
        # Once more, from where it is drafted.
        draft_blocks(edition, [subsection], Deed.SHIFT, days=-2, **BY_SYSTEM)
        assert drafted(edition) == {(subsection, DUE): NOW + 10 * DAY}

    @pytest.mark.parametrize(("year", "days"), [(2999, 365), (1970, -365), (9999, 365), (1, -365)])
    def test_not_out_of_the_calendar(self, edition, subsection, year, days):
        at = NOW.replace(year=year).isoformat()
        BlockCustomisation.objects.create(edition=edition, usage_key=subsection, field=DUE.value, value=at, base=None)
        with pytest.raises(InvalidInput) as refusal:
            draft_blocks(edition, [subsection], Deed.SHIFT, days=days, **BY_SYSTEM)
        assert refusal.value.errors == {"days": "“Subsection” would lie outside the years 1970 to 2999."}
        assert not CustomisationDraft.objects.exists()

    def test_hide_show_and_as_in_base(self, edition, section, unit):
        draft_blocks(edition, [section, unit], Deed.HIDE, **BY_SYSTEM)
        assert drafted(edition) == {(section, HIDDEN): True, (unit, HIDDEN): True}
        draft_blocks(edition, [unit], Deed.SHOW, **BY_SYSTEM)
        assert drafted(edition) == {(section, HIDDEN): True}
        apply(edition)
        draft_blocks(edition, [section, unit], Deed.AS_IN_BASE, **BY_SYSTEM)
        assert drafted(edition) == {(section, HIDDEN): AS_IN_BASE}

    @pytest.mark.parametrize("days", [0, 3651, -3651])
    def test_a_distance_that_is_none(self, edition, subsection, days):
        with pytest.raises(InvalidInput) as refusal:
            draft_blocks(edition, [subsection], Deed.SHIFT, days=days, **BY_SYSTEM)
        assert list(refusal.value.errors) == ["days"]

    def test_a_deed_that_is_none(self, edition, section):
        with pytest.raises(InvalidInput) as refusal:
            draft_blocks(edition, [section], "colour", **BY_SYSTEM)
        assert (list(refusal.value.errors), drafted(edition)) == (["deed"], {})

    def test_nothing_chosen(self, edition):
        with pytest.raises(InvalidInput):
            draft_blocks(edition, [], Deed.HIDE, **BY_SYSTEM)


class TestApplying:
    def test_only_what_was_looked_at(self, edition, section):
        draft_block(edition, section, {HIDDEN: True}, **BY_SYSTEM)
        draft_block(edition, section, {TITLE: "Week 1"}, actor=SYSTEM, now=NOW + DAY)
        with pytest.raises(ChangedMeanwhile):
            apply_draft(edition, drafted_at=NOW, **BY_SYSTEM)
        assert changes(edition) == {}
        assert apply_draft(edition, drafted_at=NOW + DAY, **BY_SYSTEM) == 2

    def test_nothing_prepared(self, edition):
        with pytest.raises(WrongState):
            apply(edition)

    def test_the_platform_is_told_once(self, edition, section, unit):
        revision = edition.wanted_revision
        draft_blocks(edition, [section, unit], Deed.HIDE, **BY_SYSTEM)
        edition.refresh_from_db()
        assert edition.wanted_revision == revision
        apply(edition)
        edition.refresh_from_db()
        assert edition.wanted_revision == revision + 1

    def test_discarding(self, edition, section):
        draft_block(edition, section, {HIDDEN: True}, **BY_SYSTEM)
        discard_draft(edition, **BY_SYSTEM)
        assert (drafted(edition), changes(edition)) == ({}, {})

    def test_what_it_means_before_it_does(self, edition, section, subsection):
        draft_block(edition, section, {HIDDEN: True}, **BY_SYSTEM)
        draft_block(edition, subsection, {DUE: NOW + 9 * DAY}, **BY_SYSTEM)
        summary = draft_summary(edition, edition_outline(edition, actor=SYSTEM))
        assert [(line.block.title, line.name, line.base, line.before, line.after) for line in summary] == [
            ("Section", HIDDEN, False, False, True),
            ("Subsection", DUE, NOW + 5 * DAY, NOW + 5 * DAY, NOW + 9 * DAY),
        ]
        assert [(line.children, line.learners) for line in summary] == [(2, 0), (1, 0)]


class TestUndoing:
    def test_the_last_step_and_the_undoing_itself(self, edition, section):
        draft_block(edition, section, {TITLE: "Week 1"}, **BY_SYSTEM)
        apply(edition)
        draft_block(edition, section, {TITLE: "First week", HIDDEN: True}, **BY_SYSTEM)
        apply(edition, now=NOW + DAY)
        assert undo_changes(edition, actor=SYSTEM, now=NOW + 2 * DAY) == 2
        assert changes(edition) == {(section, TITLE): "Week 1"}
        assert undo_changes(edition, actor=SYSTEM, now=NOW + 3 * DAY) == 2
        assert changes(edition) == {(section, TITLE): "First week", (section, HIDDEN): True}

    def test_what_was_taken_back_to_the_base_course(self, edition, section):
        draft_block(edition, section, {TITLE: "Week 1"}, **BY_SYSTEM)
        apply(edition)
        draft_block(edition, section, {TITLE: AS_IN_BASE}, **BY_SYSTEM)
        apply(edition, now=NOW + DAY)
        undo_changes(edition, actor=SYSTEM, now=NOW + 2 * DAY)
        assert changes(edition) == {(section, TITLE): "Week 1"}

    def test_nothing_to_undo(self, edition):
        with pytest.raises(WrongState):
            undo_changes(edition, **BY_SYSTEM)


class TestTheBaseCourse:
    """It changes under what a session has decided."""

    def test_a_new_name_there_is_told_until_the_coach_decides(self, edition, base_key, section, retitled_section):
        draft_block(edition, section, {TITLE: "Week 1"}, **BY_SYSTEM)
        apply(edition)
        retitled_section("Chapter")
        line = edition_outline(edition, actor=SYSTEM).line(section)
        assert {name: (change.then, change.now) for name, change in line.base_changes.items()} == {
            TITLE: ("Section", "Chapter")
        }
        # Kept: decided once more, with the new name in view.
        draft_block(edition, section, {TITLE: "First week"}, **BY_SYSTEM)
        apply(edition, now=NOW + DAY)
        assert edition_outline(edition, actor=SYSTEM).line(section).base_changes == {}

    def test_a_block_that_goes_drops_out_with_a_notice(self, edition, unit, without_unit):
        draft_block(edition, unit, {HIDDEN: True}, **BY_SYSTEM)
        apply(edition)
        draft_block(edition, unit, {TITLE: "Reading"}, **BY_SYSTEM)
        without_unit()
        outline = edition_outline(edition, actor=SYSTEM)
        assert [(lost.usage_key, lost.name, lost.value) for lost in outline.lost] == [(unit, HIDDEN, True)]
        assert outline.line(unit) is None

    @pytest.fixture
    def retitled_section(self, base_key, committed):
        return self._publishing(base_key, committed, lambda olx, title: olx.replace('"Section"', f'"{title}"'))

    @pytest.fixture
    def without_unit(self, base_key, committed):
        def cut(olx):
            begin, end = olx.index("<vertical"), olx.index("</vertical>") + len("</vertical>")
            return olx[:begin] + olx[end:]

        return self._publishing(base_key, committed, cut)

    @staticmethod
    def _publishing(base_key, committed, change):
        from sandbox.models import CourseRun
        from sandbox.publishing import publish_course

        def publish(*given):
            with committed():
                publish_course(change(CourseRun.objects.get(course_key=base_key).olx, *given))

        return publish


class TestWho:
    @pytest.fixture
    def people(self, edition, make_user):
        people = {name: make_user(name) for name in ("ada", "carl", "cleo", "lea", "stranger")}
        api.assign_session_team(edition.session, TeamRole.ADMINISTRATOR, ["ada"], **BY_SYSTEM)
        api.assign_session_team(edition.session, TeamRole.SESSION_COACH, ["carl"], **BY_SYSTEM)
        api.assign_course_coaches(edition, ["cleo"], **BY_SYSTEM)
        api.enrol_members(edition.session, ["lea"], **BY_SYSTEM)
        return people

    @pytest.mark.parametrize(
        ("name", "refusal"),
        [("ada", None), ("carl", None), ("cleo", None), ("lea", NotAllowed), ("stranger", NotFound)],
    )
    def test_may(self, edition, section, people, name, refusal):
        actor = load_actor(people[name], now=NOW)
        if refusal is None:
            draft_block(edition, section, {HIDDEN: True}, actor=actor, now=NOW)
            assert apply(edition, actor=actor) == 1
            return
        draft_block(edition, section, {HIDDEN: True}, **BY_SYSTEM)
        deeds = (
            lambda: draft_block(edition, section, {TITLE: "Week 1"}, actor=actor, now=NOW),
            lambda: draft_blocks(edition, [section], Deed.SHOW, actor=actor, now=NOW),
            lambda: apply(edition, actor=actor),
            lambda: discard_draft(edition, actor=actor, now=NOW),
            lambda: undo_changes(edition, actor=actor, now=NOW),
        )
        for deed in deeds:
            with pytest.raises(refusal):
                deed()
        assert drafted(edition) == {(section, HIDDEN): True}

    @pytest.mark.parametrize(
        ("lock", "kept"),
        [
            (Lock.CONTENT_VISIBILITY, {HIDDEN: True}),
            (Lock.SCHEDULE, {OPENS_AT: NOW + DAY}),
            (Lock.SCHEDULE, {DUE: NOW + 8 * DAY}),
            (Lock.CONTENT_EDITS, {TITLE: "Ebb"}),
        ],
    )
    @pytest.mark.parametrize("name", ["ada", "carl", "cleo"])
    def test_locks(self, edition, subsection, people, lock, kept, name):
        actor = load_actor(people[name], now=NOW)
        draft_block(edition, subsection, kept, **BY_SYSTEM)
        api.set_locks(edition.session, [lock], reason="The exam board decides.", **BY_SYSTEM)
        other = {TITLE: "Flow"} if lock != Lock.CONTENT_EDITS else {HIDDEN: True}
        draft_block(edition, subsection, other, actor=actor, now=NOW)
        if name == "ada":
            assert apply(edition, actor=actor) == 2
            return
        with pytest.raises(Locked, match="The exam board decides"):
            apply(edition, actor=actor)
        assert changes(edition) == {}
        outline = edition_outline(edition, actor=actor)
        assert set(kept) <= set(outline.locks)
        assert not set(kept) & outline.may


class TestCopies:
    """What is customised comes along with a session that is made after another."""

    @pytest.mark.parametrize("days", [28, None])
    def test_dates_move_with_the_session_and_fall_away_without_a_calendar(self, edition, section, subsection, days):
        draft_block(edition, section, {TITLE: "Week 1", HIDDEN: True, OPENS_AT: NOW + DAY}, **BY_SYSTEM)
        draft_block(edition, subsection, {DUE: None}, **BY_SYSTEM)
        apply(edition)
        opens_at = None if days is None else edition.session.opens_at + days * DAY
        copy = api.duplicate_session(edition.session, title="Next", opens_at=opens_at, zone=UTC, **BY_SYSTEM)
        wanted = {(section, TITLE): "Week 1", (section, HIDDEN): True, (subsection, DUE): None}
        if days is not None:
            wanted[section, OPENS_AT] = NOW + DAY + days * DAY
        assert changes(copy.editions.get()) == wanted
