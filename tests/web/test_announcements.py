"""Announcements and materials on the pages: of members, and of their team."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Lock
from cohort_sessions.models import Announcement, AnnouncementRead, Material
from tests.attacks import XSS, running
from tests.web.conftest import Page, signed_in
from tests.web.kit import NOTICE, address, errors, filled, send

pytestmark = pytest.mark.django_db(databases="__all__")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEWS = "//li[contains(@class, 'cs-news')]"
LINES = "//li[@class='cs-materials__line']"
PDF = b"%PDF-1.7 Here be dragons."


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("greta", "ben", "cleo", "lea", "omar", "sam")}


@pytest.fixture
def crew(people, make_base_course, make_session):
    """Run by greta, coached by ben, its course Stars by cleo; lea and omar are members."""
    stars, tides = make_base_course(title="Stars"), make_base_course(title="Tides")
    return make_session(
        "Crew",
        courses=[stars, tides],
        members=[people["lea"], people["omar"]],
        administrators=[people["greta"]],
        session_coaches=[people["ben"]],
        coaches={stars: [people["cleo"]]},
    )


@pytest.fixture
def announce(crew, now):
    def make(title="The tide", text="Comes at **six**.", **values) -> Announcement:
        return api.create_announcement(crew, title=title, text=text, **values, actor=SYSTEM, now=now)

    return make


@pytest.fixture
def give(crew, now):
    """A link by its address, or a file by its name."""

    def make(title="Tables", url="https://example.com/tables", file_name="", **values) -> Material:
        by = {"title": title, **values, "actor": SYSTEM, "now": now}
        if file_name:
            return api.add_file(crew, SimpleUploadedFile(file_name, PDF), **by)
        return api.add_link(crew, url=url, **by)

    return make


def home_of(session) -> str:
    return reverse("cohort_sessions:session_home", args=[session.code])


def text_of(page: Page, xpath: str) -> list[str]:
    return [words.replace("\xa0", " ") for words in page.words(xpath)]


class TestHome:
    """What members find."""

    def test_what_is_published_and_what_there_is_to_have(self, crew, people, announce, give, visit, now):
        stars = crew.editions.get(position=0)
        announce(title="Old", published_from=now - DAY)
        announce(title="Of stars", course=stars.uuid, published_from=now - HOUR)
        announce(title="Pinned", is_pinned=True, published_from=now - 2 * DAY)
        announce(title="Later", published_from=now + HOUR)
        announce(title="Past", published_from=now - DAY, published_to=now - HOUR)
        give()
        give(title="Chart", file_name="chart.pdf", course=stars.uuid)
        page = visit(home_of(crew), people["lea"])
        assert page.words(f"{NEWS}//h3") == ["Pinned", "Of stars", "Old"]
        assert page.words(f"{NEWS}[1]//ul[@class='cs-badges']/li") == ["New", "Pinned"]
        assert page.words(f"{NEWS}[2]/p")[0].endswith("· Stars")
        assert [strong.text for strong in page.tree.xpath(f"{NEWS}//strong")] == ["six"] * 3
        assert text_of(page, LINES) == ["Tables Link to example.com", "Chart PDF file, 25 bytes · Stars"]

    def test_the_team_finds_the_rest_as_well_and_marked(self, crew, people, announce, visit, now):
        announce(title="Now", published_from=now - HOUR)
        announce(title="Later", published_from=now + HOUR, mails=True)
        announce(title="Past", published_from=now - DAY, published_to=now - HOUR)
        page = visit(home_of(crew), people["ben"])
        heads = f"{NEWS}/div[@class='cs-news__head']"
        assert page.words(f"{heads}/h3") == ["Later", "Now", "Past"]
        assert page.words(f"{heads}//li") == ["Planned", "By mail as well", "Past"]
        assert all("The whole session" in words for words in page.words(f"{NEWS}/p[1]"))

    def test_before_the_opening_there_is_something_to_read_and_nothing_to_have(
        self, crew, people, announce, give, visit, now
    ):
        by_system = {"actor": SYSTEM, "now": now}
        api.edit_session(crew, opens_at=now + DAY, closes_at=now + 9 * DAY, **by_system)
        announce(), give()
        page = visit(home_of(crew), people["lea"])
        assert (len(page.words(NEWS)), page.words(LINES)) == (1, [])
        page = visit(home_of(crew), people["ben"])
        assert (len(page.words(NEWS)), len(page.words(LINES))) == (1, 1)

    def test_of_many_that_were_read_the_older_ones_are_folded(self, crew, people, announce, visit, now):
        for number in range(6):
            announce(title=f"Number {number}", published_from=now - number * HOUR, is_pinned=number == 5)
        api.mark_announcements_read(crew, actor=api.load_actor(people["lea"], now=now), now=now)
        page = visit(home_of(crew), people["lea"])
        assert page.words("//details//h3") == ["Number 3", "Number 4"]
        assert page.words("//summary") == ["2 more announcements"]
        assert page.words("//form[contains(@action, '/read/')]") == []

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_number_of_queries_does_not_grow(
        self, count, crew, people, announce, give, make_session, now, django_assert_num_queries
    ):
        stars = crew.editions.get(position=0)
        for number in range(count):
            announce(title=f"News {number}", course=stars.uuid)
            give(title=f"Thing {number}", course=stars.uuid)
        other = make_session("Other", courses=[stars.base_key], members=[people["lea"]])
        api.create_announcement(other, title="Else", text="Else.", actor=SYSTEM, now=now)
        browser = signed_in(people["lea"])
        with django_assert_num_queries(14):
            content = browser.get(home_of(crew)).content.decode()
        assert (content.count("cs-news__head"), content.count("cs-materials__line")) == (count, count)
        assert "Else" not in content

    def test_the_preview_shows_them_and_nothing_can_be_pressed(self, crew, people, announce, give, visit):
        announce(), announce(title="Another"), give()
        page = visit(address("preview", crew), people["greta"])
        assert len(page.words(NEWS)) == 2
        buttons = page.tree.xpath("//div[@class='cs-preview']//button")
        assert ["disabled" in button.attrib for button in buttons] == [True] * 3
        assert not page.tree.xpath(f"{LINES}/a/@href")

    def test_links_of_its_text_lead_nowhere_in_the_preview(self, crew, people, announce, visit):
        announce(text="See [the chart](https://example.com/), x < y.")
        page = visit(address("preview", crew), people["greta"])
        assert page.words("//div[@class='cs-preview']//div[@class='cs-prose cs-prose--rich']/p") == [
            "See the chart, x < y."
        ]
        assert page.tree.xpath("//div[@class='cs-preview']//a/@href") == []


class TestReading:
    """One, or all."""

    def test_one_and_then_all(self, crew, people, announce):
        first, _second, _third = (announce(title=title) for title in ("One", "Two", "Three"))
        url = reverse("cohort_sessions:read_announcements", args=[crew.code])
        response, page = send(url, people["lea"], announcement=first.uuid)
        assert response.redirect_chain == [(f"{home_of(crew)}#cs-announcements", 302)]
        assert page.words("//form[contains(@action, '/read/')]") == [
            "Mark all 2 as read",
            "Mark as read Three",
            "Mark as read Two",
        ]
        _response, page = send(url, people["lea"])
        assert page.words("//form[contains(@action, '/read/')]") == []
        assert AnnouncementRead.objects.filter(user=people["lea"]).count() == 3

    @pytest.mark.parametrize("name", ["6f0c6c0e-5f0f-4b0e-9d3b-3f6d3c6e7a11", "nonsense"])
    def test_what_is_not_there(self, name, crew, people, announce):
        announce()
        url = reverse("cohort_sessions:read_announcements", args=[crew.code])
        assert signed_in(people["lea"]).post(url, {"announcement": name}).status_code == HTTPStatus.NOT_FOUND
        assert not AnnouncementRead.objects.exists()

    def test_my_sessions_counts_what_is_unread(self, crew, people, announce, visit, make_session, now):
        announce(), announce(title="Another"), announce(title="Later", published_from=now + HOUR)
        make_session("Calm", courses=[crew.editions.first().base_key], members=[people["lea"]])
        page = visit(reverse("cohort_sessions:my_sessions"), people["lea"])
        facts = page.words("//article//li/span[contains(@class, 'cs-tone--info')]")
        assert facts == ["2 new announcements"]
        api.mark_announcements_read(crew, actor=api.load_actor(people["lea"], now=now), now=now)
        page = visit(reverse("cohort_sessions:my_sessions"), people["lea"])
        assert page.words("//article//li/span[contains(@class, 'cs-tone--info')]") == []
        page = visit(reverse("cohort_sessions:my_sessions"), people["ben"])
        assert page.words("//article//li/span[contains(@class, 'cs-tone--info')]") == []


class TestFiles:
    """Sent to be saved, to those who may have them."""

    def fetch(self, crew, material, user):
        url = reverse("cohort_sessions:material_file", args=[crew.code, material.uuid])
        return signed_in(user).get(url)

    def test_a_file_is_saved_and_never_shown(self, crew, people, give):
        response = self.fetch(crew, give(file_name="Große Karte.pdf"), people["lea"])
        assert b"".join(response) == PDF
        assert response["Content-Disposition"] == "attachment; filename*=utf-8''Gro%C3%9Fe%20Karte.pdf"
        assert {
            "Content-Type": "application/pdf",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }.items() <= dict(response.items()).items()

    def test_whoever_may_not_have_it_finds_nothing(self, crew, people, give, now):
        made = give(file_name="chart.pdf")
        assert self.fetch(crew, made, people["sam"]).status_code == HTTPStatus.NOT_FOUND
        assert self.fetch(crew, give(), people["lea"]).status_code == HTTPStatus.NOT_FOUND
        api.cancel_session(crew, reason="No wind.", actor=SYSTEM, now=now)
        assert self.fetch(crew, made, people["lea"]).status_code == HTTPStatus.NOT_FOUND
        response = self.fetch(crew, made, people["cleo"])
        assert (response.status_code, b"".join(response)) == (HTTPStatus.OK, PDF)

    def test_what_the_storage_has_lost_is_not_found(self, crew, people, give, host):
        made = give(file_name="chart.pdf")
        host.private_storage().delete(made.stored_name)
        assert self.fetch(crew, made, people["lea"]).status_code == HTTPStatus.NOT_FOUND


class TestTeam:
    """What a team does on its own page."""

    def test_an_announcement_is_written_edited_and_deleted(self, crew, people, visit):
        form = filled(visit(address("new_announcement", crew), people["ben"]))
        words = {"title": "The tide", "text": "At *six*.", "is_pinned": "on"}
        response, page = send(address("new_announcement", crew), people["ben"], **{**form, **words})
        made = Announcement.objects.get()
        assert response.redirect_chain[0][0] == f"{address('announcements', crew)}#cs-announcement-{made.uuid}"
        assert page.words(NOTICE) == ["Announced"]
        assert page.words(NEWS)[0].startswith("The tide Pinned")
        # The button was pressed twice.
        send(address("new_announcement", crew), people["ben"], **{**form, **words})
        assert Announcement.objects.count() == 1

        url = address("edit_announcement", crew, announcement=made.uuid)
        form = filled(visit(url, people["greta"]))
        assert (form["title"], form["text"], form["course"]) == ("The tide", "At *six*.", "session")
        _response, page = send(url, people["greta"], **{**form, "title": "High water"})
        assert page.words(f"{NEWS}//h3") == ["High water"]
        assert Announcement.objects.get().published_from == made.published_from

        url = address("delete_announcement", crew, announcement=made.uuid)
        assert "High water" in visit(url, people["ben"]).words("//p[@class='cs-head__note']")
        _response, page = send(url, people["ben"])
        assert page.words(NOTICE) == ["“High water” was deleted"]
        assert not Announcement.objects.exists()

    def test_dates_are_days_and_times_of_the_readers_zone(self, crew, people, visit, reads_in):
        reads_in(people["ben"], "America/New_York")
        form = filled(visit(address("new_announcement", crew), people["ben"]))
        dates = {"published_from_day": "2100-01-01", "published_from_time": "18:00", "published_to_day": "2100-01-02"}
        _response, page = send(
            address("new_announcement", crew), people["ben"], **{**form, **dates, "title": "A", "text": "B"}
        )
        assert page.words(NOTICE) == ["It is announced when its time comes"]
        made = Announcement.objects.get()
        assert (made.published_from.isoformat(), made.published_to.isoformat()) == (
            "2100-01-01T23:00:00+00:00",
            "2100-01-03T05:00:00+00:00",
        )
        assert page.words(f"{NEWS}/p[1]") == ["From Jan. 1, 2100, 6 p.m. EST · The whole session"]

    def test_what_is_wrong_stands_beside_its_field(self, crew, people, visit):
        url = address("new_announcement", crew)
        form = filled(visit(url, people["ben"]))
        _response, page = send(url, people["ben"], **form)
        assert errors(page) == {"title": "Write a title.", "text": "Write what you want to say."}
        words = {"title": "a" * 201, "text": "b", "published_from_day": "2100-01-02", "published_to_day": "2100-01-01"}
        _response, page = send(url, people["ben"], **{**form, **words})
        assert "published_to" in errors(page)
        del words["published_to_day"]
        _response, page = send(url, people["ben"], **{**form, **words})
        assert errors(page) == {"title": "Use at most 200 characters; these are 201."}
        assert not Announcement.objects.exists()

    def test_whoever_saves_second_is_told_and_may_have_it_their_way(self, crew, people, announce, visit, now):
        url = address("edit_announcement", crew, announcement=announce().uuid)
        form = filled(visit(url, people["ben"]))
        api.edit_announcement(Announcement.objects.get(), title="First", actor=SYSTEM, now=now + HOUR)
        _response, page = send(url, people["ben"], **{**form, "title": "Second"})
        assert page.words(NOTICE)[0] == "This announcement was changed while you were editing"
        assert Announcement.objects.get().title == "First"
        send(url, people["ben"], **filled(page))
        assert Announcement.objects.get().title == "Second"

    def test_who_was_told_by_mail_is_not_asked_about_it_again(self, crew, people, announce, visit):
        page = visit(address("edit_announcement", crew, announcement=announce(mails=True).uuid), people["ben"])
        assert "mails" not in filled(page)
        assert "Members were told by mail on" in page.words("//section/p")[0]

    def test_a_course_coach_writes_about_their_course_and_changes_nothing_else(self, crew, people, announce, visit):
        stars, tides = crew.editions.order_by("position")
        announce(title="For all")
        announce(title="Of tides", course=tides.uuid)
        page = visit(address("new_announcement", crew), people["cleo"])
        assert page.words("//select[@name='course']/option") == ["Stars"]
        form = filled(page)
        for course in ("session", str(tides.uuid)):
            words = {"course": course, "title": "A", "text": "B"}
            _response, page = send(address("new_announcement", crew), people["cleo"], **{**form, **words})
            assert errors(page) == {
                "course": "There is no such course among those that you write for. Choose one of the list."
            }
        send(address("new_announcement", crew), people["cleo"], **{**form, "title": "Of stars", "text": "Shine."})
        assert Announcement.objects.get(title="Of stars").edition == stars
        page = visit(address("announcements", crew), people["cleo"])
        assert list(page.links(f"{NEWS}//div[contains(@class, 'cs-board__ways')]")) == [
            "Edit… Of stars",
            "Delete… Of stars",
        ]

    def test_links_and_files(self, crew, people, visit):
        url, browser = address("add_link", crew), signed_in(people["ben"])
        form = filled(visit(url, people["ben"]))
        wrong = browser.post(url, {**form, "title": "Tables", "url": "javascript:alert(1)"})
        assert errors(Page(wrong.content.decode())) == {
            "url": "Give the whole address of a page, beginning with https:// or http://."
        }
        browser.post(url, {**form, "title": "Tables", "url": "https://example.com/t"})

        url = address("add_file", crew)
        form = filled(visit(url, people["ben"]))
        form.pop("file", None)
        _response, page = send(url, people["ben"], **form)
        assert errors(page) == {"file": "Choose a file."}
        _response, page = send(url, people["ben"], **form, file=SimpleUploadedFile("a.html", b"<script>"))
        assert errors(page)["file"].startswith("Files of this kind are not allowed: “a.html”.")
        _response, page = send(url, people["ben"], **form, file=SimpleUploadedFile("a.pdf", b""))
        assert errors(page) == {"file": "This file is empty. Choose another."}
        _response, page = send(url, people["ben"], **form, file=SimpleUploadedFile("chart.pdf", PDF))
        assert page.words(NOTICE) == ["“chart.pdf” was added"]
        assert text_of(page, LINES) == [
            "Tables Link to example.com · The whole session Edit… Tables Down Tables Remove… Tables",
            "chart.pdf PDF file, 25 bytes · The whole session Edit… chart.pdf Up chart.pdf Remove… chart.pdf",
        ]

        link, chart = Material.objects.all()
        url = address("edit_material", crew, material=chart.uuid)
        assert set(filled(visit(url, people["ben"]))) == {"csrfmiddlewaretoken", "course", "title"}
        send(url, people["ben"], **{**filled(visit(url, people["ben"])), "title": "Chart"})
        _response, page = send(address("move_material", crew, material=link.uuid), people["ben"], down="1")
        assert page.words(NOTICE) == ["The order is saved"]
        _response, page = send(address("move_material", crew, material=link.uuid), people["ben"], down="1")
        assert page.words(NOTICE)[0] == "Nothing was moved"
        assert page.words(f"{LINES}/a") == ["Chart", "Tables"]
        _response, page = send(address("remove_material", crew, material=chart.uuid), people["ben"])
        assert page.words(f"{LINES}/a") == ["Tables"]


class TestLock:
    """Seen, said why, and refused, by the same sentence at both doors."""

    SENTENCE = "This is locked in this session. Ask a session administrator. Reason given: The office announces."

    @pytest.fixture(autouse=True)
    def locked(self, crew, people, announce, give, now):
        announce()
        give()
        greta = api.load_actor(people["greta"], now=now)
        api.set_locks(crew, {Lock.ANNOUNCEMENTS}, reason="The office announces.", actor=greta, now=now)

    @pytest.mark.parametrize("name", ["ben", "cleo"])
    def test_coaches_see_what_they_cannot_press_and_why(self, name, crew, people, announce, visit):
        announce(title="Of stars", course=crew.editions.get(position=0).uuid)
        page = visit(address("announcements", crew), people[name])
        assert page.words(NOTICE)[0] == "Locked: Announcements"
        assert page.words(NOTICE)[1].startswith("Locked by greta on ")
        assert page.words(NOTICE)[1].endswith("Reason given: The office announces.")
        disabled = page.words("//main//button[@disabled]")
        for words in ("New announcement…", "Add a link…", "Add a file…", "Edit… Of stars", "Delete… Of stars"):
            assert words in disabled
        assert page.tree.xpath("//main//a[contains(@class, 'cs-button')]") == []

    def test_administrators_are_not_locked_out(self, crew, people, visit):
        page = visit(address("announcements", crew), people["greta"])
        assert (page.words(NOTICE), page.words("//main//button[@disabled]")) == ([], [])

    @pytest.mark.parametrize("name", ["ben", "cleo"])
    def test_the_same_sentence_on_the_page_and_in_the_api(self, name, crew, people, now):
        stars = crew.editions.get(position=0)
        of_stars = {"course": stars.uuid, "actor": SYSTEM, "now": now}
        announcement = api.create_announcement(crew, title="Of stars", text="Shine.", **of_stars)
        material = api.add_link(crew, title="Of stars", url="https://example.com/", **of_stars)
        browser = signed_in(people[name])
        words = {"course": str(stars.uuid), "title": "A", "text": "B", "url": "https://example.com/"}
        for page, kwargs in (
            ("new_announcement", {}),
            ("edit_announcement", {"announcement": announcement.uuid}),
            ("delete_announcement", {"announcement": announcement.uuid}),
            ("add_link", {}),
            ("add_file", {}),
            ("edit_material", {"material": material.uuid}),
            ("move_material", {"material": material.uuid}),
            ("remove_material", {"material": material.uuid}),
        ):
            response = browser.post(address(page, crew, **kwargs), words)
            assert response.status_code == HTTPStatus.FORBIDDEN, page
            assert self.SENTENCE in Page(response.content.decode()).words("//main")[0], page
        for method, door, kwargs, data in (
            ("post", "api-announcements-list", {}, words),
            ("patch", "api-announcements-detail", {"uuid": announcement.uuid}, {"title": "A"}),
            ("delete", "api-announcements-detail", {"uuid": announcement.uuid}, {}),
            (
                "post",
                "api-materials-list",
                {},
                {"title": "A", "url": "https://example.com/", "course": words["course"]},
            ),
            ("patch", "api-materials-detail", {"uuid": material.uuid}, {"title": "A"}),
            ("post", "api-materials-move", {"uuid": material.uuid}, {"is_up": True}),
            ("delete", "api-materials-detail", {"uuid": material.uuid}, {}),
        ):
            url = reverse(f"cohort_sessions:{door}", kwargs={"code": crew.code, **kwargs})
            response = getattr(browser, method)(url, data, content_type="application/json")
            assert (response.status_code, response.json()["detail"]) == (HTTPStatus.FORBIDDEN, self.SENTENCE), door
        assert Announcement.objects.filter(title="A").exists() is False


@pytest.mark.parametrize("attack", XSS)
def test_nothing_runs_on_any_page(attack, crew, people, announce, give):
    """Nor in what the API answers as HTML."""
    title = " ".join(attack.split())[:200]
    announce(title=title, text=attack)
    give(title=title)
    plain = signed_in(people["sam"]).get(reverse("cohort_sessions:my_sessions")).content.decode()
    allowed = set(running(plain)) | {"<form>", "<link>", "<script>", "<svg>", "<meta>"}
    for url, name in (
        (home_of(crew), "lea"),
        (home_of(crew), "ben"),
        (address("announcements", crew), "ben"),
        (address("edit_announcement", crew, announcement=Announcement.objects.get().uuid), "ben"),
        (address("delete_announcement", crew, announcement=Announcement.objects.get().uuid), "ben"),
        (address("edit_material", crew, material=Material.objects.get().uuid), "ben"),
        (address("changes", crew), "greta"),
    ):
        content = signed_in(people[name]).get(url).content.decode()
        assert set(running(content)) <= allowed, url
        main = Page(content).tree.xpath("//main")[0]
        assert not main.xpath(".//script | .//style | .//iframe | .//img[not(contains(@class, 'cs-'))] | .//object"), (
            url
        )
    answer = signed_in(people["lea"]).get(reverse("cohort_sessions:api-announcements-list", args=[crew.code])).json()
    assert running(answer["announcements"][0]["html"]) == []
