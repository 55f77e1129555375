"""What stands in the units is as the edition has it, in this edition only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort_sessions.data import BlockChange, BlockField, BlockKind, ElementChange, ElementKind
from cohort_sessions.errors import InvalidInput
from cohort_sessions.host import get_host

pytestmark = pytest.mark.django_db(databases="__all__")

FIELDS = {"html": ["display_name", "data"], "problem": ["display_name", "max_attempts", "weight"]}
OWN = "<p>The moon pulls <em>the water</em>.</p>"


@pytest.fixture
def lea(make_user):
    return make_user()


@pytest.fixture
def editions(make_edition, enrol, lea):
    """Two editions of one course; Lea is in both."""
    found = [make_edition(session_title=title) for title in ("Spring", "Autumn")]
    for spec in found:
        enrol(spec.edition_key, lea)
    return found


@pytest.fixture
def change(host, element):
    """``change(spec, html={name: value})``: apply an edition with these elements and no others. Returns its spec."""

    def apply(spec, **values):
        elements = [
            ElementChange(element(spec.base_key, block_type), field, value)
            for block_type, fields in values.items()
            for field, value in fields.items()
        ]
        ordered = tuple(sorted(elements, key=lambda each: (str(each.usage_key), each.field)))
        spec = replace(spec, revision=spec.revision + 1, elements=ordered)
        report = host.apply_edition(spec)
        assert report.failed == ()
        return spec

    return apply


@pytest.fixture
def possible(host, lea):
    """How many points the one problem is worth in Lea's grade."""

    def ask(spec) -> float:
        [grade] = host.grades([spec.edition_key], [lea.pk])
        return grade.sections[0].possible

    return ask


def described(host, base_key, block) -> dict:
    found = host.elements(base_key, block(base_key, BlockKind.UNIT), FIELDS)
    return {(each.block_type, field.name): field for each in found for field in each.fields}


def test_the_elements_of_a_unit(host, base_key, block, element):
    found = host.elements(base_key, block(base_key, BlockKind.UNIT), FIELDS)
    assert [(each.usage_key, each.block_type) for each in found] == [
        (element(base_key, "html"), "html"),
        (element(base_key, "problem"), "problem"),
    ]
    assert all(each.title for each in found)
    fields = described(host, base_key, block)
    assert {place: field.kind for place, field in fields.items()} == {
        ("html", "display_name"): ElementKind.TEXT,
        ("html", "data"): ElementKind.HTML,
        ("problem", "display_name"): ElementKind.TEXT,
        ("problem", "max_attempts"): ElementKind.INTEGER,
        ("problem", "weight"): ElementKind.NUMBER,
    }
    assert all(field.label for field in fields.values())
    attempts = fields["problem", "max_attempts"]
    assert (attempts.value, attempts.may_be_empty, attempts.least, attempts.most) == (None, True, 0, None)
    assert fields["problem", "weight"].least == 0


def test_only_the_fields_that_were_asked_for_and_that_blocks_have(host, base_key, block):
    unit = block(base_key, BlockKind.UNIT)
    found = host.elements(base_key, unit, {"html": ["data", "nonsense", "due"], "video": ["display_name"]})
    assert [[field.name for field in each.fields] for each in found] == [["data"]]
    assert host.elements(base_key, unit, {}) == []
    assert host.elements(base_key, base_key.make_usage_key("vertical", "gone"), FIELDS) == []
    assert host.elements(base_key.replace(course="Nowhere"), unit, FIELDS) == []


def test_what_the_base_course_says(host, base_key, block, element, rewrite_base_course, shorten_base_course):
    text, problem = element(base_key, "html"), element(base_key, "problem")
    gone = base_key.make_usage_key("html", "gone")
    places = [(text, "data"), (problem, "max_attempts"), (gone, "data"), (block(base_key, BlockKind.UNIT), "start")]
    rewrite_base_course(base_key, OWN)
    found = host.base_elements(base_key, places)
    assert set(found) == {(text, "data"), (problem, "max_attempts")}
    assert {each.unit for each in found.values()} == {block(base_key, BlockKind.UNIT)}
    assert (found[text, "data"].value, found[problem, "max_attempts"].value) == (OWN, None)
    shorten_base_course(base_key)
    assert set(host.base_elements(base_key, places)) == {(problem, "max_attempts")}
    assert host.base_elements(base_key.replace(course="Nowhere"), places) == {}


def test_other_words_in_this_edition_only(editions, change, lea, page_of, can_read, make_foreign_enrolment):
    spring, autumn = editions
    make_foreign_enrolment(spring.base_key, lea)
    changed = change(spring, html={"data": OWN})
    assert OWN in page_of(spring.edition_key, lea)
    assert not can_read(spring.edition_key, lea)
    for key in (autumn.edition_key, spring.base_key):
        assert OWN not in page_of(key, lea)
        assert can_read(key, lea)
    change(changed)
    assert can_read(spring.edition_key, lea)


def test_another_name_of_a_problem(editions, change, lea, page_of):
    spring = editions[0]
    change(spring, problem={"display_name": "Moonrise"})
    assert ["Moonrise" in page_of(each.edition_key, lea) for each in editions] == [True, False]


def test_attempts(editions, change, lea, answer):
    spring = editions[0]
    changed = change(spring, problem={"max_attempts": 1})
    assert [answer(each.edition_key, lea, correct=False) for each in editions] == [True, True]
    assert [answer(each.edition_key, lea) for each in editions] == [False, True]
    change(changed, problem={"max_attempts": 2})
    assert answer(spring.edition_key, lea)


def test_points(editions, change, lea, answer, possible):
    spring = editions[0]
    change(spring, problem={"weight": 5.0})
    for each in editions:
        answer(each.edition_key, lea)
    assert [possible(each) for each in editions] == [5.0, 1.0]


def test_it_survives_a_publish_of_the_base_course(
    host, editions, change, lea, page_of, can_read, retitle_base_course, rewrite_base_course
):
    spring = editions[0]
    spec = change(spring, html={"data": OWN})
    retitle_base_course(spec.base_key, "Tides again")
    rewrite_base_course(spec.base_key, "<p>The author has changed their mind.</p>")
    host.apply_edition(spec)
    assert OWN in page_of(spec.edition_key, lea)
    change(spec)
    assert "changed their mind" in page_of(spec.edition_key, lea)


def test_a_block_that_goes_drops_out(host, editions, change, lea, page_of, answer, shorten_base_course):
    spring = editions[0]
    spec = change(spring, html={"data": OWN}, problem={"max_attempts": 1})
    shorten_base_course(spec.base_key)
    assert host.apply_edition(spec).failed == ()
    assert host.apply_edition(spec).changed == ()
    assert OWN not in page_of(spec.edition_key, lea)
    assert answer(spec.edition_key, lea)


def test_applying_twice_changes_nothing(host, editions, change):
    spec = change(editions[0], html={"data": OWN, "display_name": "Moon"}, problem={"max_attempts": 2, "weight": 0.5})
    assert host.apply_edition(spec).changed == ()
    assert host.plan_edition(spec).changed == ()


def test_beside_what_blocks_have_otherwise(host, editions, change, block, lea, page_of, outline_of):
    """Neither takes away what the other has written."""
    spring = editions[0]
    section = block(spring.base_key, BlockKind.SECTION)
    named = replace(spring, changes=(BlockChange(section, BlockField.TITLE, "Week 1"),))
    spec = change(named, html={"data": OWN}, problem={"display_name": "Moonrise"})
    assert host.apply_edition(spec).changed == ()
    page = page_of(spec.edition_key, lea)
    assert (OWN in page, "Moonrise" in page) == (True, True)
    assert outline_of(spec.edition_key, lea)[0] == "Week 1"
    spec = change(replace(spec, changes=()), problem={"display_name": "Moonrise"})
    assert outline_of(spec.edition_key, lea)[0] != "Week 1"
    assert "Moonrise" in page_of(spec.edition_key, lea)
    change(spec)
    assert "Moonrise" not in page_of(spec.edition_key, lea)


@pytest.mark.parametrize(
    ("block_type", "name", "given", "value"),
    [
        ("problem", "max_attempts", "3", 3),
        ("problem", "max_attempts", 3, 3),
        ("problem", "max_attempts", "3.0", 3),
        ("problem", "max_attempts", "0", 0),
        ("problem", "max_attempts", "", None),
        ("problem", "max_attempts", None, None),
        ("problem", "weight", "2", 2.0),
        ("problem", "weight", "2,5", 2.5),
        ("html", "display_name", "Ebb <b>", "Ebb <b>"),
        ("html", "data", "<p>one</p>\r\n<p>two</p>\x00", "<p>one</p>\n<p>two</p>"),
        ("html", "data", "", ""),
    ],
)
def test_values_are_typed(host, block_type, name, given, value):
    typed = host.typed_value(block_type, name, given)
    assert (typed, type(typed)) == (value, type(value))


@pytest.mark.parametrize(
    ("block_type", "name", "given", "sentence"),
    [
        ("problem", "max_attempts", "-1", "Give a number from 0."),
        ("problem", "max_attempts", "2.5", "Give a whole number, such as 3."),
        ("problem", "max_attempts", "1_0", "Give a number, such as 3."),
        ("problem", "max_attempts", "many", "Give a number, such as 3."),
        ("problem", "max_attempts", True, "Give a number, such as 3."),
        ("problem", "max_attempts", [3], "Give a number, such as 3."),
        ("problem", "max_attempts", 10**400, "Give a number, such as 3."),
        ("problem", "weight", "nan", "Give a number, such as 3."),
        ("problem", "weight", "inf", "Give a number, such as 3."),
        ("problem", "weight", "-0.5", "Give a number from 0."),
        ("html", "data", 5, "Give a text."),
        ("html", "data", None, "Give a value, or take the one of the base course."),
        ("html", "data", "x" * 200_001, "Use at most 200000 characters."),
        ("html", "display_name", "  ", "Give it a name, or take the one of the base course."),
        ("html", "display_name", "\x00\x01", "Give it a name, or take the one of the base course."),
        ("html", "display_name", "x" * 256, "Use at most 255 characters."),
        ("html", "nonsense", "1", "Blocks of the type html have no field nonsense."),
        ("nonsense", "data", "1", "Blocks of the type nonsense have no field data."),
        ("problem", "data", "<problem/>", "The field data of problem cannot be set session by session."),
        ("problem", "due", "2027-01-01", "The field due of problem cannot be set session by session."),
        ("vertical", "display_name", "Unit", "The field display_name of vertical cannot be set session by session."),
        ("html", "tags", "1", None),
        ("vertical", "children", "1", None),
    ],
)
def test_values_that_cannot_be_are_refused_in_a_sentence(host, block_type, name, given, sentence):
    with pytest.raises(InvalidInput) as refusal:
        host.typed_value(block_type, name, given)
    assert set(refusal.value.errors) == {""}
    assert sentence is None or str(refusal.value) == sentence


PLACES = st.sampled_from([(block_type, name) for block_type, names in FIELDS.items() for name in names])
GIVEN = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.lists(st.text())


@given(place=PLACES, value=GIVEN)
def test_what_was_typed_is_typed_to_itself(place, value):
    """Whatever is given; and text of it too, as a form shows it and is sent back."""
    host = get_host()
    try:
        typed = host.typed_value(*place, value)
    except InvalidInput:
        return
    assert host.typed_value(*place, typed) == typed
    assert host.typed_value(*place, "" if typed is None else str(typed)) == typed
