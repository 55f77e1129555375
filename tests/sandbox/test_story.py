"""The main story, clicked through: the same course in two sessions, with two results."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.urls import reverse

from cohort_sessions.data import AfterClose
from cohort_sessions.models import EditionResult

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(client):
    """Choose a person on the sign-in page."""

    def choose(user):
        client.post(reverse("sandbox:sign_in"), {"user_id": user.pk})
        return client

    return choose


@pytest.fixture
def visit(committed, client):
    """GET an address, follow redirects, and let what the visit set off happen. Returns (status, text)."""

    def get(address: str) -> tuple[int, str]:
        with committed():
            response = client.get(address, follow=True)
        return response.status_code, response.content.decode()

    return get


def test_same_course_two_sessions_two_results(make_base_course, make_session, make_user, sign_in, visit, answer):
    lea, course = make_user(), make_base_course(title="Tides")
    spring = make_session("Spring", courses=[course], members=[lea]).editions.get()
    autumn = make_session("Autumn", courses=[course], members=[lea]).editions.get()
    sign_in(lea)

    _, before = visit(reverse("cohort_sessions:my_sessions"))
    ways_in = [reverse("sandbox:resume", args=[edition.edition_key]) for edition in (spring, autumn)]
    assert [before.count(f'href="{way}"') for way in ways_in] == [1, 1]

    assert answer(spring.edition_key, lea, correct=True)
    assert answer(autumn.edition_key, lea, correct=False)

    results = EditionResult.objects.values_list(
        "edition__session__title", "grade", "passed", "completed", "completable"
    )
    assert set(results) == {("Spring", 1.0, True, 1, 2), ("Autumn", 0.0, False, 1, 2)}
    assert "100%" in visit(reverse("sandbox:progress", args=[spring.edition_key]))[1]
    assert "Not passed" in visit(reverse("sandbox:progress", args=[autumn.edition_key]))[1]
    _, after = visit(reverse("cohort_sessions:my_sessions"))
    assert "100%" in after
    assert "0%" in after


def test_an_answer_is_given_on_the_page_and_seen_there(make_base_course, make_session, make_user, sign_in, committed):
    lea = make_user()
    key = make_session(courses=[make_base_course()], members=[lea]).editions.get().edition_key
    client = sign_in(lea)
    unit = reverse("sandbox:unit", args=[key, "unit"])
    submit = reverse("sandbox:handler", args=[key, key.make_usage_key("problem", "problem"), "submit"])
    assert f'action="{submit}"' in client.get(unit).content.decode()
    for given, verdict in (("1", "Not correct"), ("0", "Correct")):
        with committed():
            response = client.post(submit, {"answer": given}, headers={"referer": unit})
        assert (response.status_code, response["Location"]) == (303, unit)
        assert f"</span> {verdict}</p>" in client.get(unit).content.decode()


def test_entering_leads_back_to_where_one_left_off(make_base_course, make_session, make_user, sign_in, host, answer):
    lea = make_user()
    key = make_session(courses=[make_base_course()], members=[lea]).editions.get().edition_key
    client, url = sign_in(lea), host.entry_urls([key])[key]
    assert client.get(url).url == reverse("sandbox:course_home", args=[key])
    answer(key, lea)
    assert client.get(url).url == reverse("sandbox:unit", args=[key, "unit"])


def test_the_sessions_name_stands_beside_the_title_with_a_tab_to_it(
    make_base_course, make_session, make_user, sign_in, visit
):
    lea, course = make_user(), make_base_course(title="Tides")
    session = make_session("Spring", courses=[course], members=[lea])
    sign_in(lea)
    for name, rest in (("course_home", []), ("progress", []), ("unit", ["unit"])):
        _, page = visit(reverse(f"sandbox:{name}", args=[session.editions.get().edition_key, *rest]))
        assert "Tides - Spring" in page
        assert f'href="{reverse("cohort_sessions:session_home", args=[session.code])}">Session</a>' in page


def test_a_base_course_has_no_session_tab(make_base_course, make_foreign_enrolment, make_user, sign_in, visit):
    lea, course = make_user(), make_base_course(title="Tides")
    make_foreign_enrolment(course, lea)
    sign_in(lea)
    status, page = visit(reverse("sandbox:course_home", args=[course]))
    assert (status, "Tides" in page, ">Session</a>" in page) == (200, True, False)


class TestTheDoors:
    """Each door of an edition, for each kind of caller. Codes: 200 in, 403 why not, 404 there is nothing here."""

    DOORS = ("sandbox:course_home", "sandbox:unit", "sandbox:progress", "sandbox:outline_api")

    @pytest.fixture
    def knock(self, client, committed):
        """The status of every reading door, and of the handler door."""

        def at(key, user) -> tuple[set[int], int]:
            client.force_login(user)
            with committed():
                reading = {
                    client.get(reverse(door, args=[key, *(["unit"] if door == "sandbox:unit" else [])])).status_code
                    for door in self.DOORS
                }
                submit = reverse("sandbox:handler", args=[key, key.make_usage_key("problem", "problem"), "submit"])
                writing = client.post(submit, {"answer": "0"}, headers={"accept": "application/json"}).status_code
            return reading, writing

        return at

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({}, ({200}, 200)),
            ({"opens_at": 1, "closes_at": 9}, ({403}, 403)),
            ({"opens_at": -9, "closes_at": -1}, ({200}, 403)),
            ({"opens_at": -9, "closes_at": -1, "after_close": AfterClose.FULL}, ({200}, 200)),
            ({"opens_at": -9, "closes_at": -1, "after_close": AfterClose.HIDDEN}, ({404}, 404)),
            ({"is_published": False}, ({404}, 404)),
        ],
        ids=["running", "not open yet", "ended, read only", "ended, full", "ended, hidden", "draft"],
    )
    def test_for_a_member(self, make_base_course, make_session, make_user, knock, now, values, expected):
        lea = make_user()
        dates = {name: now + timedelta(days=days) for name, days in values.items() if name.endswith("_at")}
        session = make_session(courses=[make_base_course()], members=[lea], **values | dates)
        assert knock(session.editions.get().edition_key, lea) == expected

    def test_for_everybody_else(self, make_base_course, make_session, make_user, knock, now):
        coach, admin, stranger = make_user("cora"), make_user("ada", is_staff=True), make_user("sam")
        ahead = {"opens_at": now + timedelta(days=1)}
        session = make_session(courses=[make_base_course()], session_coaches=[coach], **ahead)
        key = session.editions.get().edition_key
        assert knock(key, coach) == ({200}, 200)
        assert knock(key, admin) == ({200}, 200)
        assert knock(key, stranger) == ({404}, 404)

    def test_for_nobody(self, make_base_course, make_session, client):
        key = make_session(courses=[make_base_course()]).editions.get().edition_key
        home = reverse("sandbox:course_home", args=[key])
        assert unquote(client.get(home).url) == f"{reverse('sandbox:sign_in')}?next={home}"
        assert client.get(reverse("sandbox:outline_api", args=[key])).status_code == 401

    def test_a_member_of_one_session_has_no_way_into_another(self, make_base_course, make_session, make_user, knock):
        lea, course = make_user(), make_base_course()
        make_session("Mine", courses=[course], members=[lea])
        other = make_session("Not mine", courses=[course]).editions.get()
        assert knock(other.edition_key, lea) == ({404}, 404)

    def test_an_answer_to_a_block_of_another_key_is_refused(self, make_base_course, make_session, make_user, client):
        lea, course = make_user(), make_base_course()
        mine = make_session("Mine", courses=[course], members=[lea]).editions.get().edition_key
        other = make_session("Not mine", courses=[course]).editions.get().edition_key
        client.force_login(lea)
        foreign = [other.make_usage_key("problem", "problem"), mine.make_usage_key("problem", "no_such"), "nonsense"]
        statuses = [
            client.post(reverse("sandbox:handler", args=[mine, key, "submit"]), {"answer": "0"}).status_code
            for key in foreign
        ]
        assert statuses == [404, 404, 404]

    def test_the_page_says_when_it_opens_in_the_readers_zone(self, make_base_course, make_session, make_user, client):
        from datetime import UTC, datetime

        from sandbox.models import Persona

        lea = make_user()
        Persona.objects.create(user=lea, position=0, headline="", look_at="", time_zone="Asia/Tokyo")
        opens_at = datetime(2199, 5, 1, 20, 0, tzinfo=UTC)
        session = make_session(courses=[make_base_course()], members=[lea], opens_at=opens_at)
        client.force_login(lea)
        page = client.get(reverse("sandbox:course_home", args=[session.editions.get().edition_key])).content.decode()
        assert "This course opens on 2 May 2199 at 05:00 JST." in page

    def test_the_first_visit_starts_the_clock_of_a_session_with_a_duration(
        self, make_base_course, make_session, make_user, client, committed
    ):
        lea = make_user()
        session = make_session(courses=[make_base_course()], members=[lea], duration_days=30)
        client.force_login(lea)
        home = reverse("sandbox:course_home", args=[session.editions.get().edition_key])
        assert session.members.get().first_entered_at is None
        with committed():
            client.get(home)
        first = session.members.get().first_entered_at
        with committed():
            client.get(home)
        assert first is not None
        assert session.members.get().first_entered_at == first


def test_an_author_renames_a_course_and_its_editions_follow(
    make_base_course, make_session, make_user, client, committed, title_of
):
    from sandbox.models import CourseRole

    rosa, course = make_user("rosa"), make_base_course(title="Tides")
    CourseRole.objects.create(course_key=course, user=rosa, role=CourseRole.STAFF)
    edition = make_session("Spring", courses=[course]).editions.get()
    client.force_login(rosa)
    with committed():
        page = client.post(f"/studio/course/{course}/", {"title": "Tides and currents"}, follow=True)
    assert "Tides and currents" in page.content.decode()
    assert title_of(edition.edition_key) == "Tides and currents - Spring"


def test_authors_see_their_courses_and_never_an_edition(make_base_course, make_session, make_user, client):
    from sandbox.models import CourseRole

    rosa, mine, other = make_user("rosa"), make_base_course(title="Tides"), make_base_course(title="Bread")
    CourseRole.objects.create(course_key=mine, user=rosa, role=CourseRole.STAFF)
    edition = make_session("Spring", courses=[mine]).editions.get()
    client.force_login(rosa)
    home = client.get("/studio/").content.decode()
    assert (("Tides" in home), ("Bread" in home), ("Spring" in home)) == (True, False, False)
    statuses = [client.get(f"/studio/course/{key}/").status_code for key in (mine, other, edition.edition_key)]
    assert statuses == [200, 404, 404]
