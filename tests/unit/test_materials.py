"""Links and files that a session gives its learners: what is kept, for whom, and that nothing is left behind."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Lock
from cohort_sessions.errors import InvalidInput, Locked, NotAllowed, NotFound
from cohort_sessions.models import Material
from cohort_sessions.operations import materials
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.materials import file_named
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
BY_SYSTEM = {"actor": SYSTEM, "now": NOW}
PDF = b"%PDF-1.7 Here be dragons."


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Where this test's files lie."""
    settings.SANDBOX_PRIVATE_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def kept(folder):
    """What the storage has by now."""
    return lambda: sorted(path.suffix for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("ben", "cora", "lea", "sam")}


@pytest.fixture
def crew(make_session, make_base_course, people):
    session = make_session(
        title="Crew", courses=[make_base_course(title="Stars"), make_base_course()], members=[people["lea"]]
    )
    api.assign_session_team(session, api.TeamRole.SESSION_COACH, ["ben"], **BY_SYSTEM)
    api.assign_course_coaches(session.editions.get(position=0), ["cora"], **BY_SYSTEM)
    return session


@pytest.fixture
def as_(people):
    return lambda name, at=NOW: {"actor": load_actor(people[name], now=at), "now": at}


def file(name="chart.pdf", content=PDF) -> ContentFile:
    return ContentFile(content, name=name)


def titles(session, **by) -> list[str]:
    return [each.title for each in api.session_board(session, **by).materials]


class TestAdding:
    """By whom, and what."""

    def test_a_link_and_a_file(self, crew, as_, kept):
        api.add_link(crew, title=" Tables ", url=" https://example.com/a?b=c ", **as_("ben"))
        api.add_file(crew, file(), **as_("ben"))
        link, chart = api.session_board(crew, **as_("lea")).materials
        assert (link.kind, link.title, link.url) == ("link", "Tables", "https://example.com/a?b=c")
        assert (chart.kind, chart.title, chart.file_name, chart.size) == ("file", "chart.pdf", "chart.pdf", len(PDF))
        assert kept() == [".pdf"]

    @pytest.mark.parametrize(
        "url",
        [
            *("javascript:alert(1)", "data:text/html,x", "example.com", "https://", "ftp://example.com/"),
            *("//example.com", "https://exa mple.com", "http://[", "https://example.com/" + "a" * 2000),
            *("https://example.com/\nx", ""),
        ],
    )
    def test_what_is_no_address_of_the_web(self, url, crew, as_):
        with pytest.raises(InvalidInput) as refusal:
            api.add_link(crew, title="", url=url, **as_("ben"))
        assert refusal.value.errors == {
            "title": "Write a title.",
            "url": "Give the whole address of a page, beginning with https:// or http://.",
        }

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("page.html", b"<script>", "Files of this kind are not allowed: “page.html”."),
            ("sign.svg", b"<svg/>", "Files of this kind are not allowed: “sign.svg”."),
            ("chart.pdf.exe", PDF, "Files of this kind are not allowed: “chart.pdf.exe”."),
            ("pdf", PDF, "Files of this kind are not allowed: “pdf”."),
            (".pdf", PDF, "Files of this kind are not allowed: “.pdf”."),
            ("chart.pdf", b"", "This file is empty."),
            ("chart.pdf", b"<html>", "“chart.pdf” is no PDF file, though its name says so."),
            ("chart.png", PDF, "“chart.png” is no PNG file, though its name says so."),
            ("chart.docx", PDF, "“chart.docx” is no DOCX file, though its name says so."),
            ("chart.txt", b"MZ\x90\x00\x03", "“chart.txt” is no TXT file, though its name says so."),
            ("chart.pdf", PDF + b" " * (1024 * 1024), "This file has 1.0\xa0MB; at most 1.0\xa0MB are allowed."),
        ],
    )
    def test_files_that_are_not_kept(self, name, content, sentence, crew, as_, kept, settings):
        settings.COHORT_SESSIONS_MATERIAL_MAX_MB = 1
        with pytest.raises(InvalidInput) as refusal:
            api.add_file(crew, file(name, content), **as_("ben"))
        assert refusal.value.errors["file"].startswith(sentence)
        assert (kept(), Material.objects.count()) == ([], 0)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("Chart.PDF", PDF),
            ("words.txt", "Größe\n".encode()),
            ("words.txt", "Größe\n".encode("utf-16")),
            ("words.csv", b"a;b\n"),
            ("paper.odt", b"PK\x03\x04 and so on"),
            ("photo.jpeg", b"\xff\xd8\xff\xe0"),
            ("photo.gif", b"GIF89a"),
            ("song.mp3", b"ID3\x03"),
            ("film.mp4", b"\x00\x00\x00\x20ftypisom"),
        ],
    )
    def test_files_that_are(self, name, content, crew, as_, kept):
        made = api.add_file(crew, file(name, content), **as_("ben"))
        assert (made.file_name, made.size) == (name, len(content))
        assert kept() == [f".{name.rpartition('.')[-1].lower()}"]

    def test_an_operator_allows_other_kinds_which_are_sent_as_bytes(self, crew, as_, settings):
        settings.COHORT_SESSIONS_MATERIAL_TYPES = [".HTML"]
        made = api.add_file(crew, file("page.html", b"<script>"), **as_("ben"))
        assert made.content_type == "application/octet-stream"

    def test_a_name_has_no_folder_and_no_control_characters(self, crew, as_):
        made = api.add_file(crew, file("..\\..\\etc\\a\tb\x07.pdf"), **as_("ben"))
        assert made.file_name == "a b .pdf"

    def test_one_form_makes_one_and_stores_one_file(self, crew, as_, kept):
        uuid = uuid4()
        first = api.add_file(crew, file(), uuid=uuid, **as_("ben"))
        assert api.add_file(crew, file(), uuid=uuid, **as_("ben")) == first
        assert (Material.objects.count(), kept()) == (1, [".pdf"])

    def test_the_name_of_anything_else_is_refused_and_nothing_stored(self, crew, as_, kept, make_session):
        stars, other = crew.editions.order_by("position")
        link = api.add_link(crew, title="A", url="https://example.com/", course=other.uuid, **as_("ben"))
        for session, by, course in (
            (crew, "cora", stars.uuid),
            (crew, "ben", None),
            (make_session(title="Else"), None, None),
        ):
            with pytest.raises(InvalidInput) as refusal:
                api.add_file(
                    session, file(), course=course, uuid=link.uuid, **(as_(by) if by else {"actor": SYSTEM, "now": NOW})
                )
            assert list(refusal.value.errors) == ["uuid"]
        assert (Material.objects.count(), kept()) == (1, [])

    def test_who_may_and_who_may_not(self, crew, as_):
        stars, other = crew.editions.order_by("position")
        api.add_link(crew, title="Stars", url="https://example.com/", course=stars.uuid, **as_("cora"))
        for name, course, refusal in (
            ("cora", None, NotAllowed),
            ("cora", other.uuid, NotAllowed),
            ("lea", None, NotAllowed),
            ("sam", None, NotFound),
            ("sam", stars.uuid, NotFound),
        ):
            for add in (
                lambda **by: api.add_link(crew, title="A", url="https://example.com/", **by),
                lambda **by: api.add_file(crew, file(), **by),
            ):
                with pytest.raises(refusal):
                    add(course=course, **as_(name))
        assert Material.objects.count() == 1

    def test_a_lock_keeps_coaches_out(self, crew, as_, kept):
        link = api.add_link(crew, title="Tables", url="https://example.com/", **as_("ben"))
        api.set_locks(crew, {Lock.ANNOUNCEMENTS}, reason="Agreed.", **BY_SYSTEM)
        for act in (
            lambda **by: api.add_file(crew, file(), **by),
            lambda **by: api.edit_material(link, title="Other", **by),
            lambda **by: api.move_material(link, is_up=True, **by),
            lambda **by: api.remove_material(link, **by),
        ):
            with pytest.raises(Locked, match="Reason given: Agreed"):
                act(**as_("ben"))
        assert kept() == []


class TestFiles:
    """None is left that no row names."""

    def test_what_is_rolled_back_leaves_no_file(self, crew, as_, kept, monkeypatch):
        def fail(*_arguments, **_by_name):
            raise RuntimeError("The database is gone.")

        monkeypatch.setattr(materials, "save", fail)
        with pytest.raises(RuntimeError):
            api.add_file(crew, file(), **as_("ben"))
        assert (kept(), Material.objects.count()) == ([], 0)

    def test_a_title_that_cannot_stand_leaves_none_either(self, crew, as_, kept):
        with pytest.raises(InvalidInput):
            api.add_file(crew, file(), title="a" * 201, **as_("ben"))
        assert kept() == []

    def test_it_goes_after_the_commit(self, crew, as_, kept, committed):
        made = api.add_file(crew, file(), **as_("ben"))
        with committed():
            api.remove_material(made, **as_("ben"))
            assert kept() == [".pdf"]
        assert kept() == []
        with pytest.raises(NotFound):
            api.remove_material(made, **as_("ben"))

    def test_it_goes_with_its_course(self, crew, as_, kept, committed):
        stars = crew.editions.get(position=0)
        api.add_file(crew, file(), course=stars.uuid, **as_("ben"))
        with committed():
            Material.objects.all().delete()
        assert kept() == []

    def test_a_session_made_after_this_one_has_them_and_neither_takes_them_from_the_other(
        self, crew, as_, kept, committed
    ):
        stars = crew.editions.get(position=0)
        api.add_file(crew, file(), course=stars.uuid, **as_("ben"))
        api.add_link(crew, title="Tables", url="https://example.com/", **as_("ben"))
        api.create_announcement(crew, title="The tide", text="At six.", **BY_SYSTEM)
        copy = api.duplicate_session(crew, opens_at=None, title="Next", zone=NOW.tzinfo, **BY_SYSTEM)
        assert titles(copy, **BY_SYSTEM) == ["Tables", "chart.pdf"]
        assert copy.materials.get(kind="file").edition == copy.editions.get(base_key=stars.base_key)
        assert (copy.announcements.count(), kept()) == (0, [".pdf"])
        for session, left in ((crew, [".pdf"]), (copy, [])):
            with committed():
                api.remove_material(session.materials.get(kind="file"), **BY_SYSTEM)
            assert kept() == left


class TestChanging:
    """Titles, addresses, courses and places."""

    def test_title_address_and_course(self, crew, as_):
        stars = crew.editions.get(position=0)
        link = api.add_link(crew, title="Tables", url="https://example.com/", **as_("ben"))
        api.edit_material(link, title="Tide tables", url="https://example.com/t", course=stars.uuid, **as_("ben"))
        link.refresh_from_db()
        assert (link.title, link.url, link.edition) == ("Tide tables", "https://example.com/t", stars)
        before = Material.history.count()
        api.edit_material(link, title="Tide tables", **as_("ben"))
        assert Material.history.count() == before
        with pytest.raises(NotAllowed):
            api.edit_material(link, course=None, **as_("cora"))

    def test_a_file_gets_no_address(self, crew, as_):
        with pytest.raises(InvalidInput):
            api.edit_material(api.add_file(crew, file(), **as_("ben")), url="https://example.com/", **as_("ben"))

    def test_up_and_down_among_those_of_the_same_course(self, crew, as_):
        stars = crew.editions.get(position=0)
        own = {"url": "https://example.com/", **as_("ben")}
        first, second, third = (api.add_link(crew, title=title, **own) for title in ("One", "Two", "Three"))
        api.add_link(crew, title="Of stars", course=stars.uuid, **own)
        assert titles(crew, **as_("lea")) == ["One", "Two", "Three", "Of stars"]
        assert api.move_material(third, is_up=True, **as_("ben")) is True
        assert api.move_material(first, is_up=False, **as_("ben")) is True
        assert api.move_material(second, is_up=False, **as_("ben")) is False
        assert titles(crew, **as_("lea")) == ["Three", "One", "Two", "Of stars"]
        assert Material.history.first().history_change_reason == "Moved down."


class TestHaving:
    """Whose they are."""

    @pytest.mark.parametrize(
        ("values", "at", "has"),
        [
            ({}, NOW, True),
            ({}, NOW - 11 * DAY, False),
            ({}, NOW + 11 * DAY, True),
            ({"after_close": "hidden"}, NOW + 11 * DAY, None),
        ],
    )
    def test_members_have_them_while_they_may_go_in(self, values, at, has, crew, as_, people):
        """``None``: they are not even shown the session."""
        api.edit_session(crew, **values, **BY_SYSTEM)
        made = api.add_file(crew, file(), **as_("ben"))
        crew.refresh_from_db()
        by = as_("lea", at)
        if has:
            assert file_named(crew, made.uuid, **by) == made
        else:
            with pytest.raises(NotFound):
                file_named(crew, made.uuid, **by)
        assert (crew.pk in by["actor"].member_session_ids) == (has is not None)
        assert titles(crew, **by) == (["chart.pdf"] if has else [])
        for name in ("ben", "cora"):
            assert file_named(crew, made.uuid, **as_(name, at)) == made

    def test_others_and_links_are_not_found(self, crew, as_):
        made = api.add_file(crew, file(), **as_("ben"))
        link = api.add_link(crew, title="Tables", url="https://example.com/", **as_("ben"))
        for name, uuid in (("sam", made.uuid), ("lea", link.uuid), ("lea", uuid4())):
            with pytest.raises(NotFound):
                file_named(crew, uuid, **as_(name))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("lea", 4), ("ben", 6)])
def test_the_number_of_queries_does_not_grow(
    count, name, queries, crew, as_, make_session, make_base_course, django_assert_num_queries
):
    stars = crew.editions.get(position=0)
    other = make_session(title="Other", courses=[stars.base_key])
    for session, number in ((crew, count), (other, 1)):
        for each in range(number):
            words = {"title": f"{session.title} {each}", "course": session.editions.first().uuid}
            api.create_announcement(session, text="At six.", **words, **BY_SYSTEM)
            api.add_link(session, url="https://example.com/", **words, **BY_SYSTEM)
    by = as_(name)
    with django_assert_num_queries(queries):
        board = api.session_board(crew, **by)
    assert (len(board.announcements), len(board.materials)) == (count, count)
    assert not [each for each in (*board.announcements, *board.materials) if "Other" in each.title]
