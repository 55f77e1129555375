"""What a session has otherwise in its courses: kept, used again, and put back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from cohort_sessions import api
from cohort_sessions.data import AS_IN_BASE, SYSTEM, BlockField, Lock, TeamRole
from cohort_sessions.errors import InvalidInput, Locked, NotAllowed, NotFound, WrongState
from cohort_sessions.models import (
    BlockCustomisation,
    CustomisationDraft,
    CustomisationTemplate,
    EditionGrading,
    EditionResult,
)
from cohort_sessions.operations.customisation import apply_draft, draft_block, undo_changes
from cohort_sessions.operations.elements import change_elements
from cohort_sessions.operations.grading import set_grading
from cohort_sessions.operations.templates import apply_template, delete_template, reset_edition, save_templates
from cohort_sessions.operations.tools import show_tools
from cohort_sessions.operations.welcome import set_welcome
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.edition_content import edition_content
from cohort_sessions.queries.templates import TemplateLine, edition_templates
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
BY_SYSTEM = {"actor": SYSTEM, "now": NOW}


@pytest.fixture
def base_key(make_base_course):
    return make_base_course(title="Tides")


@pytest.fixture
def keys(base_key):
    """Usage keys of the small course, by their types."""
    names = {"chapter": "section", "sequential": "subsection", "html": "text", "problem": "problem"}
    return {block_type: base_key.make_usage_key(block_type, name) for block_type, name in names.items()}


@pytest.fixture
def edition_of(make_session, base_key):
    """An edition of the course in a session of its own."""

    def make(**values):
        return make_session(courses=[base_key], **values).editions.select_related("session").get()

    return make


@pytest.fixture
def spring(edition_of, keys):
    """In which everything is otherwise that can be."""
    edition = edition_of(title="Spring", organisation="Sea")
    draft_block(edition, keys["chapter"], {BlockField.TITLE: "Week 1", BlockField.OPENS_AT: NOW + DAY}, **BY_SYSTEM)
    apply_draft(edition, drafted_at=None, **BY_SYSTEM)
    change_elements(edition, {(keys["html"], "data"): "<p>Ours.</p>", (keys["problem"], "weight"): 3}, **BY_SYSTEM)
    show_tools(edition, {"progress": False}, **BY_SYSTEM)
    set_grading(edition, pass_line=0.6, assignments=(), **BY_SYSTEM)
    set_welcome(edition, "Welcome.", **BY_SYSTEM)
    return edition


@pytest.fixture
def autumn(edition_of):
    """A hundred days later, in the same organisation."""
    return edition_of(title="Autumn", organisation="Sea", opens_at=NOW + 90 * DAY, closes_at=NOW + 110 * DAY)


@pytest.fixture
def coach_of(make_user):
    def assign(edition, name="carla"):
        api.assign_course_coaches(edition, [make_user(name).username], **BY_SYSTEM)
        return load_actor(edition.coaches.get().user, now=NOW)

    return assign


def whole(edition) -> dict:
    """What is otherwise, without what the base course said then."""
    content = edition_content(edition)
    return {
        name: sorted(
            (tuple(sorted((key, str(value)) for key, value in row.items() if key != "base")) for row in rows),
        )
        for name, rows in content.items()
    }


def saved(edition, title="Ours") -> CustomisationTemplate:
    [template] = save_templates([edition], title=title, **BY_SYSTEM)
    return template


class TestUsing:
    def test_everything_comes_along_and_dates_move_with_the_opening(self, spring, autumn, keys):
        template = saved(spring)
        assert apply_template(autumn, template.uuid, **BY_SYSTEM) == 7
        moved = {row.field: row.value for row in autumn.customisations.all()}
        assert moved == {"title": "Week 1", "opens_at": (NOW + 101 * DAY).isoformat()}
        ours, theirs = whole(spring), whole(autumn)
        assert {name: theirs[name] for name in theirs if name != "blocks"} == {
            name: ours[name] for name in ours if name != "blocks"
        }
        assert set(theirs) == {"blocks", "elements", "tools", "grading", "welcome"}

    def test_using_it_again_changes_nothing(self, spring, autumn):
        template = saved(spring)
        apply_template(autumn, template.uuid, **BY_SYSTEM)
        autumn.refresh_from_db()
        revision = autumn.wanted_revision
        assert apply_template(autumn, template.uuid, **BY_SYSTEM) == 0
        autumn.refresh_from_db()
        assert autumn.wanted_revision == revision

    def test_what_is_not_in_it_goes(self, spring, autumn, keys):
        template = saved(spring)
        change_elements(autumn, {(keys["problem"], "max_attempts"): 2}, **BY_SYSTEM)
        apply_template(autumn, template.uuid, **BY_SYSTEM)
        assert not autumn.elements.filter(field="max_attempts").exists()

    def test_without_an_opening_it_has_no_dates(self, spring, edition_of):
        template = saved(spring)
        by_days = edition_of(title="Always", organisation="Sea", opens_at=None, closes_at=None, duration_days=20)
        apply_template(by_days, template.uuid, **BY_SYSTEM)
        assert list(by_days.customisations.values_list("field", flat=True)) == ["title"]

    def test_what_the_operator_does_not_allow_any_more_is_left_out(self, spring, autumn, settings):
        template = saved(spring)
        settings.COHORT_SESSIONS_ELEMENT_FIELDS = {"html": ["data"]}
        apply_template(autumn, template.uuid, **BY_SYSTEM)
        assert list(autumn.elements.values_list("field", flat=True)) == ["data"]

    def test_it_is_not_half_taken_back(self, spring, autumn, keys):
        """Nor is what was applied before it."""
        draft_block(autumn, keys["chapter"], {BlockField.TITLE: "Before"}, **BY_SYSTEM)
        apply_draft(autumn, drafted_at=None, **BY_SYSTEM)
        apply_template(autumn, saved(spring).uuid, actor=SYSTEM, now=NOW + DAY)
        with pytest.raises(WrongState, match="could be undone"):
            undo_changes(autumn, actor=SYSTEM, now=NOW + DAY)
        draft_block(autumn, keys["chapter"], {BlockField.TITLE: "After"}, actor=SYSTEM, now=NOW + 2 * DAY)
        apply_draft(autumn, drafted_at=None, actor=SYSTEM, now=NOW + 2 * DAY)
        assert undo_changes(autumn, actor=SYSTEM, now=NOW + 3 * DAY) == 1
        assert autumn.customisations.get(field="title").value == "Week 1"

    def test_a_grading_that_does_not_fit_any_more_is_refused_and_not_copied(self, spring, autumn):
        template = saved(spring)
        content = template.content
        content["grading"][0]["assignments"] = [{"assignment_type": "Gone", "weight": 1.0, "dropped": 0}]
        CustomisationTemplate.objects.update(content=content)
        with pytest.raises(WrongState, match="does not fit the course any more: Say once for each type"):
            apply_template(autumn, template.uuid, **BY_SYSTEM)
        assert edition_content(autumn) == {}
        EditionGrading.objects.update(assignments=content["grading"][0]["assignments"])
        copy = api.duplicate_session(
            spring.session, opens_at=NOW + 90 * DAY, title="Next", zone=ZoneInfo("UTC"), **BY_SYSTEM
        ).editions.get()
        assert set(edition_content(copy)) == {"blocks", "elements", "tools", "welcome"}

    def test_a_coach_uses_it_within_the_locks(self, spring, autumn, coach_of):
        template, coach = saved(spring), coach_of(autumn)
        api.set_locks(autumn.session, {Lock.TOOL_VISIBILITY}, reason="One look.", **BY_SYSTEM)
        with pytest.raises(Locked, match="One look"):
            apply_template(autumn, template.uuid, actor=coach, now=NOW)
        assert edition_content(autumn) == {}
        show_tools(autumn, {"progress": False}, **BY_SYSTEM)
        assert apply_template(autumn, template.uuid, actor=coach, now=NOW) == 6

    def test_not_otherwise_graded_once_results_are_final(self, spring, autumn, make_user):
        api.enrol_members(autumn.session, [make_user("lea").username], **BY_SYSTEM)
        EditionResult.objects.create(member=autumn.session.members.get(), edition=autumn, as_of=NOW, final_at=NOW)
        with pytest.raises(WrongState, match="are final"):
            apply_template(autumn, saved(spring).uuid, **BY_SYSTEM)
        assert edition_content(autumn) == {}

    @pytest.mark.parametrize("values", [{"organisation": "Sky"}, {"organisation": ""}])
    def test_of_another_organisation_it_is_not_found(self, spring, edition_of, values):
        template, elsewhere = saved(spring), edition_of(title="Elsewhere", **values)
        assert edition_templates(elsewhere, actor=SYSTEM) == []
        for use in (apply_template, delete_template):
            with pytest.raises(NotFound):
                use(elsewhere, template.uuid, **BY_SYSTEM)

    def test_of_another_course_it_is_not_found(self, spring, make_session, make_base_course):
        template = saved(spring)
        other = make_session(courses=[make_base_course()], organisation="Sea", title="Stars").editions.get()
        with pytest.raises(NotFound):
            apply_template(other, template.uuid, **BY_SYSTEM)
        with pytest.raises(NotFound):
            apply_template(other, uuid4(), **BY_SYSTEM)


class TestKeeping:
    def test_of_a_whole_session_one_for_each_course_that_has_anything(self, spring, edition_of, make_base_course):
        api.add_courses(spring.session, [make_base_course()], **BY_SYSTEM)
        editions = list(spring.session.editions.select_related("session").order_by("position"))
        made = save_templates(editions, title="  Ours,  again ", **BY_SYSTEM)
        assert [(each.title, each.base_key) for each in made] == [("Ours, again", spring.base_key)]

    @pytest.mark.parametrize(
        ("title", "fault"),
        [
            (" ", {"title": "Give the template a name."}),
            ("x" * 151, {"title": "Use at most 150 characters."}),
        ],
    )
    def test_its_name(self, spring, title, fault):
        with pytest.raises(InvalidInput) as refusal:
            save_templates([spring], title=title, **BY_SYSTEM)
        assert refusal.value.errors == fault

    def test_nothing_to_keep(self, autumn):
        with pytest.raises(InvalidInput, match="nothing to keep"):
            save_templates([autumn], title="Ours", **BY_SYSTEM)

    def test_who_sees_and_deletes_it(self, spring, autumn, coach_of, django_assert_num_queries):
        coach, other = coach_of(spring), coach_of(autumn, "cleo")
        [template] = save_templates([spring], title="Ours", actor=coach, now=NOW)
        with django_assert_num_queries(1):
            [line] = edition_templates(autumn, actor=other)
        assert line == TemplateLine(template.uuid, "Ours", 7, line.by, NOW, may_delete=False)
        assert line.by.user_id == coach.user_id
        with pytest.raises(NotAllowed):
            delete_template(autumn, template.uuid, actor=other, now=NOW)
        delete_template(spring, template.uuid, actor=coach, now=NOW)
        assert edition_templates(autumn, actor=other) == []


class TestPuttingBack:
    def test_to_the_base_course_whatever_is_locked(self, spring, keys):
        api.set_locks(spring.session, set(Lock), reason="", **BY_SYSTEM)
        draft_block(spring, keys["sequential"], {BlockField.TITLE: "Ebb"}, **BY_SYSTEM)
        assert reset_edition(spring, **BY_SYSTEM) == 7
        assert (edition_content(spring), CustomisationDraft.objects.count()) == ({}, 0)

    def test_to_a_template(self, spring, keys):
        template = saved(spring)
        before = whole(spring)
        draft_block(spring, keys["chapter"], {BlockField.TITLE: AS_IN_BASE, BlockField.HIDDEN: True}, **BY_SYSTEM)
        apply_draft(spring, drafted_at=None, **BY_SYSTEM)
        set_welcome(spring, "", **BY_SYSTEM)
        assert reset_edition(spring, template=template.uuid, **BY_SYSTEM) == 3
        assert whole(spring) == before

    def test_one_block_alone(self, spring, keys):
        draft_block(spring, keys["sequential"], {BlockField.TITLE: "Ebb"}, **BY_SYSTEM)
        assert reset_edition(spring, only=[keys["html"]], **BY_SYSTEM) == 1
        assert set(spring.elements.values_list("field", flat=True)) == {"weight"}
        assert BlockCustomisation.objects.filter(edition=spring).count() == 2
        assert CustomisationDraft.objects.count() == 1

    def test_one_unit_with_what_stands_in_it_to_a_template(self, spring, keys, base_key):
        template = saved(spring)
        change_elements(spring, {(keys["html"], "data"): "<p>Others.</p>"}, **BY_SYSTEM)
        set_welcome(spring, "Another.", **BY_SYSTEM)
        unit = base_key.make_usage_key("vertical", "unit")
        assert reset_edition(spring, template=template.uuid, only=[unit], **BY_SYSTEM) == 1
        assert spring.elements.get(field="data").value == "<p>Ours.</p>"
        assert spring.welcome.text == "Another."

    def test_not_by_coaches(self, spring, coach_of, make_user):
        api.assign_session_team(spring.session, TeamRole.SESSION_COACH, [make_user("ben").username], **BY_SYSTEM)
        ben = load_actor(spring.session.team.get().user, now=NOW)
        for coach in (coach_of(spring), ben):
            with pytest.raises(NotAllowed):
                reset_edition(spring, actor=coach, now=NOW)
        assert edition_content(spring) != {}


def test_a_duplicate_has_it_all(spring, keys):
    copy = api.duplicate_session(
        spring.session, opens_at=NOW + 90 * DAY, title="Next", zone=ZoneInfo("UTC"), **BY_SYSTEM
    ).editions.get()
    ours, theirs = whole(spring), whole(copy)
    assert {name: theirs[name] for name in ours if name != "blocks"} == {
        name: ours[name] for name in ours if name != "blocks"
    }
    moved = {row.field: row.value for row in copy.customisations.all()}
    assert moved == {"title": "Week 1", "opens_at": (NOW + 101 * DAY).isoformat()}
