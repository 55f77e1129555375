"""What whoever teaches or runs sessions sees of their learners, on *My sessions* and on the session home."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from cohort_sessions import api
from cohort_sessions.data import Joining
from cohort_sessions.models import EditionResult
from tests.rows import copy_session
from tests.web.conftest import Page, signed_in
from tests.web.kit import address

pytestmark = pytest.mark.django_db(databases="__all__")

URL = reverse("cohort_sessions:my_sessions")
DAY = timedelta(days=1)
TAUGHT = "//section[h2='Sessions I teach']"
HOME = "//section[@aria-labelledby='cs-attention']"


@pytest.fixture
def people(make_user) -> dict:
    """Accounts by username; learners Ana, Dan and Eve, session coach Ben, course coach Cleo, administrator Greta."""
    return {name: make_user(name) for name in ("ana", "dan", "eve", "ben", "cleo", "greta", "max")}


@pytest.fixture
def crew(people, make_base_course, make_session, now):
    """Half of it is over. In Tides Ana is behind and the others have not started; in Stars all is done but by Eve."""
    tides, stars = make_base_course(title="Tides"), make_base_course(title="Stars")
    session = make_session(
        "Crew",
        courses=[tides, stars],
        members=[people[name] for name in ("ana", "dan", "eve")],
        session_coaches=[people["ben"]],
        administrators=[people["greta"]],
        coaches={stars: [people["cleo"]]},
        joining=Joining.APPROVAL.value,
    )
    for name, position, completed in (("ana", 0, 1), ("ana", 1, 4), ("dan", 1, 4)):
        EditionResult.objects.create(
            member=session.members.get(user=people[name]),
            edition=session.editions.get(position=position),
            completed=completed,
            completable=4,
            as_of=now,
        )
    return session


@pytest.fixture
def asked(crew, people, now):
    """Max asks for a place."""
    api.join_session(crew, actor=api.load_actor(people["max"], now=now), now=now)


def anchors(session) -> list[str]:
    """The UUIDs of its courses, as they end the anchors of lists."""
    return [str(uuid) for uuid in session.editions.order_by("position").values_list("uuid", flat=True)]


class TestMySessions:
    """The part *Sessions I teach*: counts, and where the people behind them are."""

    @pytest.mark.parametrize("name", ["ben", "greta"])
    def test_who_teaches_or_runs_the_whole_session(self, name, crew, asked, people, visit):
        page = visit(URL, people[name])
        tides, stars = anchors(crew)
        home = address("session_home", crew)
        assert page.words(f"{TAUGHT}//h3") == ["Crew"]
        assert page.words(f"{TAUGHT}//ul[@class='cs-facts']/li")[-1] == "3 learners"
        assert page.words(f"{TAUGHT}//h4") == ["Tides", "Stars"]
        assert {text: url for text, url in page.links(TAUGHT).items() if not text.startswith(("Open", "Crew"))} == {
            "1 waiting for approval, Crew": f"{address('people', crew)}?list=requests",
            "2 not started, Tides": f"{home}#cs-not-started-{tides}",
            "1 behind, Tides": f"{home}#cs-behind-{tides}",
            "1 not started, Stars": f"{home}#cs-not-started-{stars}",
        }

    def test_a_course_coach_sees_their_own_course_alone(self, crew, asked, people, visit):
        page = visit(URL, people["cleo"])
        assert page.words(f"{TAUGHT}//li[@class='cs-course']") == [
            "S Stars Taught by cleo 1 not started, Stars Open Stars"
        ]
        assert page.words(f"{TAUGHT}//a[contains(@class, 'cs-flag')]") == ["1 not started, Stars"]

    def test_a_learner_sees_none_of_it(self, crew, asked, people, visit):
        page = visit(URL, people["dan"])
        assert page.words(TAUGHT) == []
        assert page.tree.xpath("//*[contains(@class, 'cs-flag') or contains(@class, 'cs-calm')]") == []
        assert "learner" not in page.words()[0]

    def test_who_teaches_one_session_and_learns_in_another(self, crew, people, visit, make_session, make_base_course):
        make_session("Own", courses=[make_base_course()], members=[people["ben"]])
        page = visit(URL, people["ben"])
        assert {title: page.words(f"//section[h2='{title}']//h3") for title in page.words("//section/h2")} == {
            "Sessions I teach": ["Crew"],
            "Other sessions": ["Own"],
        }

    def test_a_calm_session_says_so_and_one_that_does_not_run_says_nothing(
        self, people, visit, make_session, make_base_course, now
    ):
        base_key = make_base_course()
        coached = {"courses": [base_key], "session_coaches": [people["ben"]]}
        make_session("Empty", **coached)
        make_session("Over", **coached, members=[people["ana"]], opens_at=now - 9 * DAY, closes_at=now - DAY)
        assert visit(URL, people["ben"]).words("//p[@class='cs-calm']") == ["Nobody needs your attention now."]
        past = visit(f"{URL}?phase=past", people["ben"])
        assert past.words(f"{TAUGHT}//ul[@class='cs-facts']/li")[-1] == "1 learner"
        assert past.words("//*[contains(@class, 'cs-flag') or contains(@class, 'cs-calm')]") == []

    @pytest.mark.parametrize("count", [1, 3])
    def test_nine_queries_whatever_the_number_of_sessions(
        self, count, crew, people, make_session, make_base_course, make_user, django_assert_num_queries
    ):
        """The six of every reader; the reader's roles, what they teach, and its learners."""
        for number in range(1, count):
            copy_session(crew, number)
        make_session("Somebody else's", courses=[make_base_course(title="Bread")], members=[make_user("zoe")])
        browser = signed_in(people["ben"])
        with django_assert_num_queries(9):
            content = browser.get(URL).content.decode()
        page = Page(content)
        assert len(page.tree.xpath(f"{TAUGHT}//article")) == count
        assert content.count("3 learners") == content.count("2 not started") == count
        assert "Somebody else" not in content

    def test_a_learner_among_sessions_of_others_costs_seven(self, crew, people, django_assert_num_queries):
        browser = signed_in(people["ana"])
        with django_assert_num_queries(7):
            browser.get(URL)


class TestSessionHome:
    """Who needs attention, by name."""

    def test_who_teaches_the_whole_session(self, crew, asked, people, visit):
        page = visit(address("session_home", crew), people["ben"])
        tides, stars = anchors(crew)
        assert page.words(f"{HOME}//h3") == ["Tides", "Stars"]
        assert page.words(f"{HOME}//p[@class='cs-attention__learners']") == ["3 learners"]
        assert page.links(f"{HOME}//p") == {
            "1 waiting for approval, Crew": f"{address('people', crew)}?list=requests",
        }
        assert {
            each.get("id"): page.words(f"//div[h4[@id='{each.get('id')}']]//li")
            for each in page.tree.xpath(f"{HOME}//h4")
        } == {
            f"cs-not-started-{tides}": ["dan", "eve"],
            f"cs-behind-{tides}": ["ana 25% done, 51% of the time over"],
            f"cs-not-started-{stars}": ["eve"],
        }
        assert page.links(f"//div[h4[@id='cs-behind-{tides}']]") == {"ana": address("member", crew, username="ana")}

    def test_a_course_coach_reads_names_of_their_own_course_alone(self, crew, asked, people, visit):
        page = visit(address("session_home", crew), people["cleo"])
        assert page.words(f"{HOME}//h3") == ["Stars"]
        assert page.links(HOME) == {"eve": address("member", crew, username="eve")}
        assert signed_in(people["cleo"]).get(address("member", crew, username="eve")).status_code == 200

    def test_a_learner_reads_no_name(self, crew, asked, people, visit):
        page = visit(address("session_home", crew), people["dan"])
        assert page.words(HOME) == []
        assert [name for name in ("ana", "eve", "max") if name in page.words()[0].split()] == []

    def test_little_time_left_is_told_with_its_end(self, people, visit, make_session, make_base_course, now):
        closes = (now + 3 * DAY).replace(hour=0, minute=0, second=0, microsecond=0)
        session = make_session(
            courses=[make_base_course()],
            members=[people["ana"]],
            session_coaches=[people["ben"]],
            opens_at=None,
            closes_at=closes,
        )
        (uuid,) = anchors(session)
        page = visit(address("session_home", session), people["ben"])
        assert page.words(f"{HOME}//h4") == ["Not started 1 learner", "Closing soon 1 learner"]
        assert page.words(f"//div[h4[@id='cs-closing-soon-{uuid}']]//li") == ["ana Closes in 2 days, 0% done"]

    def test_five_names_and_how_many_more_with_the_way_to_all(
        self, people, visit, make_session, make_base_course, make_user
    ):
        members = [make_user(f"learner{number:02}") for number in range(12)]
        session = make_session(
            courses=[make_base_course(title="Tides")], members=members, session_coaches=[people["ben"]]
        )
        (uuid,) = anchors(session)
        names = f"//div[h4[@id='cs-not-started-{uuid}']]"
        page = visit(address("session_home", session), people["ben"])
        assert page.words(f"{names}//li") == [
            *(user.username for user in members[:5]),
            "and 7 more: Not started, Tides",
        ]
        everybody = page.links(names)["and 7 more: Not started, Tides"]
        assert everybody == f"{address('session_home', session)}?all=cs-not-started-{uuid}#cs-not-started-{uuid}"
        assert visit(everybody, people["ben"]).words(f"{names}//li") == [user.username for user in members]

    def test_a_calm_session_says_so_and_one_that_does_not_run_says_nothing(
        self, people, visit, make_session, make_base_course, now
    ):
        coached = {"courses": [make_base_course()], "session_coaches": [people["ben"]]}
        running = make_session("Empty", **coached)
        over = make_session("Over", **coached, members=[people["ana"]], opens_at=now - 9 * DAY, closes_at=now - DAY)
        assert [visit(address("session_home", each), people["ben"]).words(HOME) for each in (running, over)] == [
            ["Who needs attention 0 learners Nobody needs your attention now."],
            [],
        ]

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_number_of_queries_does_not_grow(
        self, count, people, make_session, make_base_course, make_user, django_assert_num_queries
    ):
        """Two more than of a home that names nobody: the courses, and their learners."""
        session = make_session(
            courses=[make_base_course() for _ in range(count)],
            members=[make_user(f"learner{number}") for number in range(count)],
            session_coaches=[people["ben"]],
        )
        make_session(
            "Another", courses=[make_base_course()], members=[make_user("zoe")], session_coaches=[people["ben"]]
        )
        browser = signed_in(people["ben"])
        with django_assert_num_queries(16):
            content = browser.get(address("session_home", session)).content.decode()
        assert len(Page(content).tree.xpath(f"{HOME}//ul[@class='cs-attention__names']/li")) == count * count
        assert "zoe" not in content
