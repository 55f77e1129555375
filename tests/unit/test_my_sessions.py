"""My sessions and the home of one session, as one person sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, AfterClose, EditionState, SessionStatus, TeamRole
from cohort_sessions.errors import NotFound
from cohort_sessions.host import Person
from cohort_sessions.models import AdministratorScope, EditionResult, SessionCategory
from cohort_sessions.queries.cards import EditionRow, SessionCard
from cohort_sessions.timeline import Access, Entry, Listing, Phase, Reason, Window
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
RUNNING = Window(NOW - 10 * DAY, NOW + 10 * DAY)


class TestMySessions:
    """Each session of mine in exactly one list."""

    def test_the_whole_card(self, make_session, make_base_course, make_user, host):
        lea, ben, cleo = make_user("lea"), make_user("ben"), make_user("cleo")
        ben.first_name = "Ben Shore"
        ben.save()
        tides = make_base_course(title="Tides")
        session = make_session(
            courses=[tides],
            members=[lea],
            description="All about the sea",
            organisation="Sea",
            category=SessionCategory.objects.create(name="Term 1"),
        )
        edition = session.editions.get()
        api.assign_session_team(session, TeamRole.SESSION_COACH, ["ben"], actor=SYSTEM, now=NOW)
        api.assign_course_coaches(edition, ["cleo"], actor=SYSTEM, now=NOW)
        EditionResult.objects.create(
            member=session.members.get(), edition=edition, grade=0.4, completed=1, completable=2, as_of=NOW
        )
        edition.refresh_from_db()
        mine = api.my_sessions(lea.pk, now=NOW)
        assert (mine.counts, mine.total, mine.phase, mine.search) == (
            {Phase.CURRENT: 1, Phase.UPCOMING: 0, Phase.PAST: 0},
            1,
            Phase.CURRENT,
            "",
        )
        assert mine.cards == (
            SessionCard(
                code=session.code,
                title="Spring",
                description="All about the sea",
                category="Term 1",
                organisation="Sea",
                status=SessionStatus.PUBLISHED,
                cancel_reason="",
                access=Access(Phase.CURRENT, Listing.SHOWN, Entry.FULL, Reason.OPEN, RUNNING),
                duration_days=None,
                roles=frozenset({"member"}),
                coaches=(Person(ben.pk, "ben", "Ben Shore"),),
                editions=(
                    EditionRow(
                        uuid=edition.uuid,
                        edition_key=edition.edition_key,
                        base_key=tides,
                        course_title="Tides",
                        image_url=mine.cards[0].editions[0].image_url,
                        url=host.entry_urls([edition.edition_key])[edition.edition_key],
                        state=EditionState.PREPARING,
                        error="",
                        started=True,
                        progress=0.5,
                        grade=0.4,
                        passed=False,
                        as_of=NOW,
                        coaches=(Person(cleo.pk, "cleo", "cleo"),),
                    ),
                ),
            ),
        )

    def test_what_must_not_appear(self, make_session, make_base_course, make_user):
        lea, max_ = make_user("lea"), make_user("max")
        tides = make_base_course()
        make_session(title="Mine", courses=[tides], members=[lea])
        make_session(title="Draft", courses=[tides], members=[lea], publish=False)
        make_session(title="Somebody else's", courses=[tides], members=[max_])
        left = make_session(title="Left", courses=[tides], members=[lea])
        api.remove_members(left, ["lea"], actor=SYSTEM, now=NOW)
        over = {"opens_at": NOW - 9 * DAY, "closes_at": NOW - DAY, "after_close": AfterClose.HIDDEN.value}
        make_session(title="Hidden", courses=[tides], members=[lea], **over)
        titles = [card.title for phase in Phase for card in api.my_sessions(lea.pk, now=NOW, phase=phase).cards]
        assert titles == ["Mine"]

    def test_the_courses_in_their_order_each_with_ones_own_result(self, make_session, make_base_course, make_user):
        lea, max_ = make_user("lea"), make_user("max")
        tides, stars, bread = (make_base_course(title=title) for title in ("Tides", "Stars", "Bread"))
        session = make_session(courses=[tides, stars, bread], members=[max_, lea])
        again = make_session(courses=[tides], members=[lea])
        api.order_courses(session, [bread, stars, tides], actor=SYSTEM, now=NOW)
        for person, base_key, completed in [(lea, stars, 1), (max_, bread, 2), (max_, stars, 2)]:
            EditionResult.objects.create(
                member=session.members.get(user=person),
                edition=session.editions.get(base_key=base_key),
                completed=completed,
                completable=2,
                as_of=NOW,
            )
        session.editions.filter(base_key=tides).update(withdrawn_at=NOW)
        seen = {
            card.code: [(row.course_title, row.started, row.progress) for row in card.editions]
            for card in api.my_sessions(lea.pk, now=NOW).cards
        }
        assert seen == {
            session.code: [("Bread", False, 0.0), ("Stars", True, 0.5)],
            again.code: [("Tides", False, 0.0)],
        }

    def test_a_session_without_courses_is_shown_as_well(self, make_session, make_user):
        make_user("ben")
        draft = make_session(title="Draft")
        api.assign_session_team(draft, TeamRole.ADMINISTRATOR, ["ben"], actor=SYSTEM, now=NOW)
        cards = api.my_sessions(draft.team.get().user_id, now=NOW).cards
        assert [(card.title, card.roles, card.editions) for card in cards] == [("Draft", {"administrator"}, ())]

    def test_each_tab_in_its_order_and_the_first_that_is_not_empty(self, make_session, make_base_course, make_user):
        lea, tides = make_user("lea"), make_base_course()
        assert api.my_sessions(lea.pk, now=NOW).phase is Phase.CURRENT
        for title, opens, closes in [
            ("long over", -90, -60),
            ("just over", -60, -1),
            ("in a year", 365, 400),
            ("soon", 1, 400),
        ]:
            make_session(
                title=title, courses=[tides], members=[lea], opens_at=NOW + opens * DAY, closes_at=NOW + closes * DAY
            )
        assert api.my_sessions(lea.pk, now=NOW).phase is Phase.UPCOMING
        for title, closes in [("for ever", None), ("ends soon", NOW + DAY)]:
            make_session(title=title, courses=[tides], members=[lea], closes_at=closes)
        assert api.my_sessions(lea.pk, now=NOW).phase is Phase.CURRENT
        tabs = {phase: [c.title for c in api.my_sessions(lea.pk, now=NOW, phase=phase).cards] for phase in Phase}
        assert tabs == {
            Phase.CURRENT: ["ends soon", "for ever"],
            Phase.UPCOMING: ["soon", "in a year"],
            Phase.PAST: ["just over", "long over"],
        }

    def test_search_looks_at_titles_courses_and_categories_in_any_case(self, make_session, make_base_course, make_user):
        lea = make_user("lea")
        tides, stars = make_base_course(title="Tides"), make_base_course(title="Stars")
        make_session(title="Spring", courses=[tides], members=[lea])
        make_session(title="Autumn", courses=[stars], members=[lea])
        found = {
            search: [card.title for card in api.my_sessions(lea.pk, now=NOW, search=search).cards]
            for search in ("TIDES", "spring tides", "spring stars", "autumn", "")
        }
        assert found == {
            "TIDES": ["Spring"],
            "spring tides": ["Spring"],
            "spring stars": [],
            "autumn": ["Autumn"],
            "": ["Autumn", "Spring"],
        }
        assert api.my_sessions(lea.pk, now=NOW, search="nothing like it").total == 2

    def test_the_team_sees_its_sessions_and_its_roles(self, make_session, make_base_course, make_user):
        ben = make_user("ben")
        draft = make_session(title="Draft", courses=[make_base_course()], publish=False)
        other = make_session(title="Other", courses=[make_base_course(), make_base_course()])
        api.assign_session_team(draft, TeamRole.ADMINISTRATOR, ["ben"], actor=SYSTEM, now=NOW)
        api.assign_course_coaches(other.editions.first(), ["ben"], actor=SYSTEM, now=NOW)
        cards = api.my_sessions(ben.pk, now=NOW).cards
        assert [(card.title, card.roles, [bool(row.url) for row in card.editions]) for card in cards] == [
            ("Draft", {"administrator"}, [True]),
            ("Other", {"course_coach"}, [True, False]),
        ]

    def test_an_edition_that_failed_says_why_to_its_administrator_only(self, make_session, make_base_course, make_user):
        lea, ben = make_user("lea"), make_user("ben")
        session = make_session(courses=[make_base_course()], members=[lea])
        api.assign_session_team(session, TeamRole.ADMINISTRATOR, ["ben"], actor=SYSTEM, now=NOW)
        session.editions.update(apply_error="outline: no structure", applied_revision=0)
        seen = {user: api.my_sessions(user.pk, now=NOW).cards[0].editions[0] for user in (lea, ben)}
        assert {user.username: (row.state, row.error, row.url) for user, row in seen.items()} == {
            "lea": (EditionState.FAILED, "", ""),
            "ben": (EditionState.FAILED, "outline: no structure", ""),
        }

    @pytest.mark.parametrize("count", [1, 50])
    def test_three_queries_whatever_the_number_of_sessions(
        self, count, make_session, make_base_course, make_user, django_assert_num_queries
    ):
        lea, _ben, _cleo = make_user("lea"), make_user("ben"), make_user("cleo")
        courses = [make_base_course() for _ in range(3)]
        for number in range(count):
            session = make_session(title=f"S{number}", courses=courses, members=[lea])
            api.assign_session_team(session, TeamRole.SESSION_COACH, ["ben"], actor=SYSTEM, now=NOW)
            api.assign_course_coaches(session.editions.first(), ["cleo"], actor=SYSTEM, now=NOW)
        make_session(title="Not hers", courses=courses, members=[make_user("max")])
        with django_assert_num_queries(3):
            mine = api.my_sessions(lea.pk, now=NOW)
        shapes = {
            tuple(person.username for person in card.coaches)
            + tuple(tuple(person.username for person in row.coaches) for row in card.editions)
            for card in mine.cards
        }
        assert (len(mine.cards), shapes) == (count, {("ben", ("cleo",), (), ())})


class TestSessionHome:
    """Its courses, dates and team, for those it is shown to."""

    @pytest.fixture
    def session(self, make_session, make_base_course, make_user):
        """Two courses, one learner, a session coach and a course coach."""
        make_user("ben")
        make_user("cleo")
        courses = [make_base_course(title="Tides"), make_base_course(title="Stars")]
        session = make_session(courses=courses, members=[make_user("lea")])
        api.assign_session_team(session, TeamRole.SESSION_COACH, ["ben"], actor=SYSTEM, now=NOW)
        api.assign_course_coaches(session.editions.last(), ["cleo"], actor=SYSTEM, now=NOW)
        return session

    @pytest.mark.parametrize(
        ("username", "member_count", "entries"),
        [("lea", None, [True, True]), ("ben", 1, [True, True]), ("cleo", 1, [False, True])],
    )
    def test_a_learner_a_coach_and_a_course_coach(self, username, member_count, entries, session, django_user_model):
        actor = api.load_actor(django_user_model.objects.get(username=username), now=NOW)
        home = api.session_home(session.code, actor=actor, now=NOW)
        assert [(line.person.username, line.role, line.course_title) for line in home.team] == [
            ("ben", TeamRole.SESSION_COACH, ""),
            ("cleo", TeamRole.COURSE_COACH, "Stars"),
        ]
        assert (home.member_count, home.may_manage) == (member_count, False)
        assert [bool(row.url) for row in home.card.editions] == entries

    def test_an_administrator_of_everything_is_on_every_team(self, session, make_user):
        ada = make_user("ada")
        AdministratorScope.objects.create(user=ada, organisation="", assigned_at=NOW)
        before = RUNNING.opens_at - DAY
        home = api.session_home(session.code, actor=api.load_actor(ada, now=before), now=before)
        assert (home.may_manage, home.card.access.entry, home.card.roles) == (True, Entry.FULL, frozenset())
        assert all(row.url for row in home.card.editions)

    def test_strangers_nobody_and_members_of_a_draft_get_the_same_answer(self, session, make_user, make_session):
        draft = make_session(title="Draft", members=[make_user("max")])
        sentences = set()
        for code, actor in [
            (session.code, api.load_actor(make_user("eve"), now=NOW)),
            (session.code, SYSTEM),
            ("no-such-session", api.load_actor(make_user("eva"), now=NOW)),
            (draft.code, api.load_actor(draft.members.get().user, now=NOW)),
        ]:
            with pytest.raises(NotFound) as refusal:
                api.session_home(code, actor=actor, now=NOW)
            sentences.add(str(refusal.value))
        assert sentences == {"There is no such session."}
