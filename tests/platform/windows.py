"""
People of one edition whose windows differ, and every door of the LMS that a window opens and closes.

What is said at a door is told as `entrances.outcome` tells it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from django.test import Client, TestCase
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import api
from cohort_sessions.data import SYSTEM
from cohort_sessions.models import CohortSession
from tests.platform.entrances import handler, outcome

# Doors for reading, by the name that issues and people use: ({key}, {unit}, {subsection}, {username}).
READING = {
    "course home metadata": "/api/course_home/course_metadata/{key}",
    "outline": "/api/course_home/outline/{key}",
    "navigation": "/api/course_home/navigation/{key}",
    "dates": "/api/course_home/dates/{key}",
    "progress": "/api/course_home/progress/{key}",
    "xblock": "/xblock/{unit}",
    "courseware": "/api/courseware/course/{key}",
    "sequence": "/api/courseware/sequence/{subsection}",
    "resume": "/api/courseware/resume/{key}",
    "learning sequences": "/api/learning_sequences/v1/course_outline/{key}",
    "blocks": "/api/courses/v2/blocks/?course_id={key}&username={username}&depth=all",
    "mobile blocks": "/api/mobile/v3/course_info/blocks/?course_id={key}&username={username}&depth=all",
    "mobile course info": "/api/mobile/v3/course_info/{key}/enrollment_details",
    "mobile handouts": "/api/mobile/v1/course_info/{key}/handouts",
    "mobile place": "/api/mobile/v1/users/{username}/course_status_info/{key}",
    "bookmarks": "/api/bookmarks/v1/bookmarks/?course_id={key}",
}
# Those that the platform answers by leading to the Learning micro-frontend, when it does.
LEADING_ON = {
    "course page": "/courses/{key}/course/",
    "courseware page": "/courses/{key}/courseware/",
    "dates page": "/courses/{key}/dates",
    "progress page": "/courses/{key}/progress",
    "jump": "/courses/{key}/jump_to/{unit}",
}
LEARNING = "http://learning-mfe"
PAGES = ("xblock", *LEADING_ON)
METADATA = ("course home metadata", "courseware")


def read(client: Client, key: CourseKey, username: str) -> dict[str, object]:
    """What this person is told at every door for reading, by its name."""
    names = {
        "key": str(key).replace("+", "%2B"),
        "unit": key.make_usage_key("vertical", "unit_1"),
        "subsection": key.make_usage_key("sequential", "subsection_1"),
        "username": username,
    }
    seen = {name: outcome(client.get(address.format(**names))) for name, address in READING.items()}
    for name, address in LEADING_ON.items():
        response = client.get(address.format(**names))
        leads_on = response.status_code == 302 and response.url.startswith(LEARNING)
        seen[name] = "led on" if leads_on else outcome(response)
    return seen


def write(client: Client, key: CourseKey, username: str) -> dict[str, object]:
    """What this person is told where something is handed in that counts."""
    completed = {"username": username, "course_key": str(key), "blocks": {str(key.make_usage_key("html", "text_1")): 1}}
    goal = {"course_id": str(key), "days_per_week": 3, "subscribed_to_reminders": False}
    addresses = {
        "completion": ("/api/completion/v1/completion-batch", completed),
        "goal": ("/api/course_home/save_course_goal", goal),
    }
    seen = {name: outcome(handler(client, key, suffix=name)) for name in ("problem_check", "problem_save")}
    return seen | {name: outcome(_post(client, address, body)) for name, (address, body) in addresses.items()}


def knock(client: Client, key: CourseKey, username: str) -> tuple[dict[str, object], dict[str, object]]:
    """What this person is told at every door, for reading and for writing."""
    return read(client, key, username), write(client, key, username)


def inside() -> dict[str, object]:
    """`read` of somebody who is in."""
    return dict.fromkeys(READING, 200) | dict.fromkeys(LEADING_ON, "led on") | {"course home metadata": (200, None)}


def refused(code: str) -> dict[str, object]:
    """`read` of somebody who may know of the edition and not enter, for this reason."""
    answers = dict.fromkeys(READING, (403, code)) | dict.fromkeys(PAGES, 403)
    return answers | dict.fromkeys(METADATA, (200, "data_sharing_access_required"))


def unknown() -> dict[str, object]:
    """`read` of somebody for whom there is no such course."""
    return dict.fromkeys(READING, (404, "not-found")) | dict.fromkeys(PAGES, 404)


WRITING = ("problem_check", "problem_save", "completion", "goal")
HANDED_IN = dict.fromkeys(WRITING, 200)


def not_taken(code: str) -> dict[str, object]:
    """`write` of somebody from whom nothing is taken, for this reason."""
    return dict.fromkeys(WRITING, (403, code))


UNKNOWN_TO_WRITERS = dict.fromkeys(WRITING, (404, "not-found"))


def give_dates(
    session: CohortSession, user, *, opens: float | None = None, closes: float | None = None, extra_days: int = 0
) -> None:
    """
    Give a member dates of their own, and let the platform follow.

    Args:
        opens, closes: days from now; ``None`` is the session's.
    """
    now = timezone.now()
    with TestCase.captureOnCommitCallbacks(execute=True):
        lines = api.set_member_dates(
            session,
            [user.username],
            opens_at=None if opens is None else now + timedelta(days=opens),
            closes_at=None if closes is None else now + timedelta(days=closes),
            extra_days=extra_days,
            actor=SYSTEM,
            now=now,
        )
    assert [line.message for line in lines if not line.ok] == []


def problem_is_open(client: Client, key: CourseKey) -> bool:
    """Whether the problem, as the unit shows it, takes an answer: what its button says."""
    html = handler(client, key, suffix="problem_get", method="get").json()["html"]
    answer = {'data-should-enable-submit-button="True"': True, 'data-should-enable-submit-button="False"': False}
    (found,) = [value for text, value in answer.items() if text in html]
    return found


def _post(client: Client, address: str, body: Mapping) -> object:
    return client.post(address, json.dumps(body), content_type="application/json")
