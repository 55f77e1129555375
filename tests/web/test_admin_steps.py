"""Sessions published, cancelled, archived and restored from their list in Django's admin, by operations."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohort_sessions.models import CohortSession, EditionResult, GrantedRole, SessionAgenda
from tests.web.conftest import Page, signed_in
from tests.web.matrix import tables

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = reverse("admin:cohort_sessions_cohortsession_changelist")


@pytest.fixture
def ada(make_user):
    """A superuser."""
    user = make_user("ada", is_staff=True)
    get_user_model().objects.filter(pk=user.pk).update(is_superuser=True)
    return get_user_model().objects.get(pk=user.pk)


@pytest.fixture
def three(make_session, make_base_course):
    """A draft with a course, a draft without any, and a published session, which nobody chooses unless told."""
    tides = make_base_course()
    return (
        make_session("Anchor", code="anchor", courses=[tides], is_published=False),
        make_session("Bell", code="bell"),
        make_session("Chart", code="chart", courses=[tides]),
    )


def choose(user, action: str, *sessions, **data):
    """The answer to an action for some sessions of the list, in this person's browser."""
    chosen = {"action": action, "_selected_action": [session.pk for session in sessions]}
    return signed_in(user).post(LIST, chosen | data, follow=True)


def statuses() -> dict[str, str]:
    return dict(CohortSession.objects.values_list("code", "status"))


def told(response) -> list[tuple[str, str]]:
    return [(message.level_tag, message.message) for message in response.context["messages"]]


def test_the_list_offers_the_steps_and_nothing_that_deletes(ada, three):
    page = Page(signed_in(ada).get(LIST).content.decode())
    assert page.words("//select[@name='action']/option") == [
        "---------",
        "Publish…",
        "Cancel the session…",
        "Archive…",
        "Restore…",
    ]


@pytest.mark.parametrize("action", ["publish", "cancel", "archive", "restore"])
def test_a_step_asks_before_anything_happens(action, ada, three):
    before = tables()
    response = choose(ada, action, *three[:2])
    page = Page(response.content.decode())
    assert page.words("//*[@id='content']//li") == ["Anchor (anchor): draft", "Bell (bell): draft"]
    assert page.tree.xpath("//input[@name='_selected_action']/@value") == [str(each.pk) for each in three[:2]]
    assert page.links("//div[@class='submit-row']") == {"Back without changes": LIST}
    assert tables() == before


def test_every_session_is_answered_and_one_that_is_refused_stops_no_other(ada, three):
    anchor, bell, _chart = three
    response = choose(ada, "publish", bell, anchor, confirmed="yes")
    assert response.redirect_chain == [(LIST, 302)]
    assert told(response) == [
        ("success", "Anchor (anchor): The session is published."),
        ("error", "Bell (bell): Add at least one course before publishing."),
    ]
    assert statuses() == {"anchor": "published", "bell": "draft", "chart": "published"}
    line = CohortSession.history.filter(id=anchor.pk).latest()
    assert (line.history_user, line.history_change_reason) == (ada, "Published.")


def test_cancelling_wants_a_reason_and_members_read_it(ada, three):
    _anchor, _bell, chart = three
    before = tables()
    for reason in ("", "   "):
        page = Page(choose(ada, "cancel", chart, confirmed="yes", reason=reason).content.decode())
        assert page.words("//ul[contains(@class, 'errorlist')]/li") == ["This field is required."]
    assert tables() == before
    response = choose(ada, "cancel", chart, confirmed="yes", reason="The slipway is closed.")
    assert told(response) == [("success", "Chart (chart): The session is cancelled.")]
    chart.refresh_from_db()
    assert (chart.status, chart.cancel_reason) == ("cancelled", "The slipway is closed.")


def test_archived_and_restored(ada, three):
    _anchor, _bell, chart = three
    assert told(choose(ada, "archive", chart, confirmed="yes")) == [
        ("success", "Chart (chart): The session is archived.")
    ]
    assert statuses()["chart"] == "archived"
    assert told(choose(ada, "cancel", chart, confirmed="yes", reason="Late.")) == [
        ("error", "Chart (chart): A session that is archived cannot become cancelled.")
    ]
    assert told(choose(ada, "restore", chart, confirmed="yes")) == [
        ("success", "Chart (chart): The session is restored.")
    ]
    assert statuses() == {"anchor": "draft", "bell": "draft", "chart": "published"}
    assert told(choose(ada, "restore", chart, confirmed="yes")) == [
        ("error", "Chart (chart): Only a session that is cancelled or archived can be restored.")
    ]


def test_what_is_sent_past_the_pages_changes_nothing(ada, three):
    before = tables()
    browser = signed_in(ada)
    anchor = three[0]
    for name, kwargs in (("add", {}), ("change", {"args": [anchor.pk]}), ("delete", {"args": [anchor.pk]})):
        url = reverse(f"admin:cohort_sessions_cohortsession_{name}", **kwargs)
        assert browser.post(url, {"title": "Mine", "status": "published", "post": "yes"}).status_code == 403
    browser.post(LIST, {"action": "delete_selected", "_selected_action": [anchor.pk], "post": "yes"})
    assert tables() == before


def test_whoever_may_not_look_at_sessions_gets_to_no_step(make_user, three):
    before = tables()
    staff, learner = make_user("staff", is_staff=True), make_user("lea")
    chosen = {"action": "publish", "_selected_action": [three[0].pk], "confirmed": "yes"}
    assert signed_in(staff).post(LIST, chosen).status_code == 403
    assert signed_in(learner).post(LIST, chosen).status_code == 302
    assert tables() == before
    staff.user_permissions.add(Permission.objects.get(codename="view_cohortsession"))
    assert told(choose(staff, "publish", three[0], confirmed="yes")) == [
        ("success", "Anchor (anchor): The session is published.")
    ]


@pytest.fixture
def fill(make_user, make_session, make_base_course, now):
    """``fill(3)``: so many sessions more, each with a row in every list."""
    base_key, numbers = make_base_course(), count(1)

    def make(number: int) -> None:
        for _each in range(number):
            n = next(numbers)
            lea, ben = make_user(f"lea-{n}"), make_user(f"ben-{n}")
            session = make_session(f"Crew {n}", courses=[base_key], members=[lea], session_coaches=[ben])
            edition, place = session.editions.get(), session.members.get()
            EditionResult.objects.create(member=place, edition=edition, as_of=now)
            SessionAgenda.objects.update_or_create(session=session, defaults={"due_at": now + timedelta(days=1)})
            GrantedRole.objects.get_or_create(
                edition_key=edition.edition_key, user=ben, platform_role="beta_testers", reasons="session_coach"
            )

    return make


# Two for who is signed in, two counts and the rows; one more where a filter offers what there is.
LISTS = {
    "cohortsession": 6,
    "courseedition": 5,
    "member": 5,
    "editionresult": 5,
    "sessionagenda": 5,
    "grantedrole": 6,
}


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_the_same_with_one_row_and_with_many(model, number, ada, fill, django_assert_num_queries):
    fill(number)
    browser = signed_in(ada)
    with django_assert_num_queries(LISTS[model]):
        response = browser.get(reverse(f"admin:cohort_sessions_{model}_changelist"))
    assert response.context["cl"].result_count >= number


@pytest.mark.parametrize("number", [1, 3])
def test_a_session_s_page_costs_the_same_with_one_coach_and_with_many(
    number, ada, make_user, make_session, make_base_course
):
    """Queries, not the savepoint around them that Django had before 5.0."""
    coaches = [make_user(f"ben-{n}") for n in range(number)]
    session = make_session(courses=[make_base_course()], session_coaches=coaches)
    browser = signed_in(ada)
    url = reverse("admin:cohort_sessions_cohortsession_change", args=[session.pk])
    # Django keeps which tables there are from the first page on.
    browser.get(url)
    with CaptureQueriesContext(connection) as asked:
        browser.get(url)
    assert sum(query["sql"].startswith("SELECT") for query in asked) == 7


def test_search_and_filters_find_a_session(ada, three):
    browser = signed_in(ada)
    for asked in ({"q": "anch"}, {"status__exact": "draft", "q": "anchor"}):
        found = browser.get(LIST, asked).context["cl"].result_list
        assert [session.code for session in found] == ["anchor"]
