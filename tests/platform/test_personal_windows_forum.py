"""A learner whose time in an edition is over, or has not come, in its forum, while the others go on talking."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from forum.backends.mysql.models import Comment, CommentThread
from opaque_keys.edx.keys import CourseKey

from tests.platform.entrances import outcome
from tests.platform.forum import forum  # noqa: F401
from tests.platform.sessions import create_session, edition_key
from tests.platform.windows import give_dates

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("forum")]

API, LEGACY = "/api/discussion/v1", "/courses/{key}/discussion"
READING = {
    "forum page": LEGACY + "/forum/",
    "forum": API + "/courses/{key}/",
    "topics": API + "/course_topics/{key}",
    "topics, newest": "/api/discussion/v3/course_topics/{key}",
    "activity": API + "/courses/{key}/activity_stats",
    "posts": API + "/threads/?course_id={query}",
    "post": API + "/threads/{of_max}/",
    "comments": API + "/comments/?thread_id={of_max}",
    "posts of a learner": API + "/courses/{key}/learner/?username=max",
}
# name: (method, address, body). Legacy addresses take forms.
WRITING = {
    "post": (
        "post",
        API + "/threads/",
        {"course_id": "{key}", "topic_id": "x", "type": "question", "title": "Ebb", "raw_body": "?"},
    ),
    "comment": ("post", API + "/comments/", {"thread_id": "{of_max}", "raw_body": "The sun as well."}),
    "vote": ("patch", API + "/threads/{of_max}/", {"voted": True}),
    "follow": ("patch", API + "/threads/{of_max}/", {"following": True}),
    "flag": ("patch", API + "/threads/{of_max}/", {"abuse_flagged": True}),
    "edit a post": ("patch", API + "/threads/{of_lea}/", {"raw_body": "Why at all?"}),
    "edit a comment": ("patch", API + "/comments/{by_lea}/", {"raw_body": "Only the moon."}),
    "vote for a comment": ("patch", API + "/comments/{by_max}/", {"voted": True}),
    "legacy post": ("form", LEGACY + "/x/threads/create", {"title": "Flood", "body": "?", "thread_type": "question"}),
    "legacy comment": ("form", LEGACY + "/threads/{of_max}/reply", {"body": "Both."}),
    "legacy vote": ("form", LEGACY + "/threads/{of_max}/upvote", {}),
    "legacy unvote": ("form", LEGACY + "/threads/{of_max}/unvote", {}),
    "legacy follow": ("form", LEGACY + "/threads/{of_max}/follow", {}),
    "legacy unfollow": ("form", LEGACY + "/threads/{of_max}/unfollow", {}),
    "legacy edit": ("form", LEGACY + "/threads/{of_lea}/update", {"title": "Tides", "body": "Whence?"}),
    "delete": ("delete", API + "/comments/{by_lea}/", {}),
}
IN = dict.fromkeys(READING, 200), dict.fromkeys(WRITING, 200) | {"delete": 204}


@pytest.fixture
def lea(make_user):
    return make_user("lea")


@pytest.fixture
def max_(make_user):
    return make_user("max")


@pytest.fixture
def talk(signed_in, lea, max_) -> Callable[[CourseKey], dict[str, str]]:
    """Let both post and comment while the edition is open to them: what stands in addresses for what they wrote."""

    def begin(key):
        names = {"key": str(key), "query": str(key).replace("+", "%2B")}
        post = {"course_id": str(key), "topic_id": "x", "type": "discussion", "title": "Tides", "raw_body": "Why?"}
        for user in (lea, max_):
            names[f"of_{user.username}"] = _id(_send(signed_in(user), "post", API + "/threads/", post))
        for user in (lea, max_):
            comment = {"thread_id": names["of_max"], "raw_body": "The moon."}
            names[f"by_{user.username}"] = _id(_send(signed_in(user), "post", API + "/comments/", comment))
        return names

    return begin


def knock(client: Client, names: dict[str, str]):
    """What somebody is told at every door of the forum, for reading and for writing."""
    seen = {name: outcome(client.get(address.format(**names))) for name, address in READING.items()}
    sent = {}
    for name, (method, address, body) in WRITING.items():
        filled = {member: value.format(**names) if isinstance(value, str) else value for member, value in body.items()}
        sent[name] = outcome(_send(client, method, address.format(**names), filled))
    return seen, sent


def refused(reading: object, writing: object):
    """`knock` of somebody who is told so wherever they read, or write; the forum's pages say it in a page."""
    seen = dict.fromkeys(READING, reading) | {"forum page": reading[0] if isinstance(reading, tuple) else reading}
    return seen, dict.fromkeys(WRITING, writing)


@pytest.mark.parametrize(
    ("mode", "dates", "expected"),
    [
        ("read_only", {"closes": -1}, refused(200, (403, "session-read-only"))),
        ("full", {"closes": -1}, IN),
        ("hidden", {"closes": -1}, refused((404, "not-found"), (404, "not-found"))),
        ("read_only", {"opens": 3}, refused((403, "session-not-open-yet"), (403, "session-not-open-yet"))),
    ],
)
def test_each_by_their_own_window(mode, dates, expected, base_key, lea, max_, signed_in, talk):
    session = create_session(base_key, members=[lea, max_], after_close=mode)
    names = talk(edition_key(session))
    before = _stored()
    give_dates(session, lea, **dates)

    assert knock(signed_in(lea), names) == expected
    if expected is not IN:
        assert _stored() == before
    assert outcome(signed_in(max_).get(API + f"/threads/{names['of_lea']}/")) == 200
    reply = {"thread_id": names["of_lea"], "raw_body": "Still here."}
    assert outcome(_send(signed_in(max_), "post", API + "/comments/", reply)) == 200


def test_what_was_read_is_noted_and_nothing_else_with_it(base_key, lea, max_, signed_in, talk):
    """The forum's front end marks every post that somebody opens."""
    session = create_session(base_key, members=[lea, max_])
    names = talk(edition_key(session))
    give_dates(session, lea, closes=-1)
    address, client = API + f"/threads/{names['of_max']}/", signed_in(lea)
    assert outcome(_send(client, "patch", address, {"read": True})) == 200
    for body in ({"read": True, "voted": True}, {"raw_body": "No."}, {}, ["read"]):
        assert outcome(_send(client, "patch", address, body)) == (403, "session-read-only")


def test_who_has_days_left_talks_on(base_key, lea, max_, signed_in, talk):
    session = create_session(base_key, members=[lea, max_])
    names = talk(edition_key(session))
    for user in (lea, max_):
        give_dates(session, user, closes=-1)
    give_dates(session, lea, closes=-1, extra_days=3)
    assert knock(signed_in(max_), names) == refused(200, (403, "session-read-only"))
    assert knock(signed_in(lea), names) == IN


def _send(client: Client, method: str, address: str, body: dict | list):
    if method == "form":
        return client.post(address, body, HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    kind = "application/merge-patch+json" if method == "patch" else "application/json"
    return getattr(client, method)(address, json.dumps(body), content_type=kind)


def _id(response) -> str:
    assert response.status_code == 200
    return response.json()["id"]


def _stored():
    """Everything that was said, as it stands."""
    posts = CommentThread.objects.order_by("pk").values_list("pk", "title", "body")
    return list(posts), list(Comment.objects.order_by("pk").values_list("pk", "body"))
