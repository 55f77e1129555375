"""
The doors of the LMS at which tests of the guard knock, what is said there, and what people in each state should hear.
"""

from __future__ import annotations

import json

from django.urls import reverse

from tests.platform import courses

LOGIN = "login"


def metadata(client, key):
    return client.get(f"/api/course_home/course_metadata/{key}")


def unit(client, key):
    return client.get(f"/xblock/{key.make_usage_key('vertical', 'unit_1')}")


def handler(client, key, name="xmodule_handler", suffix="problem_check", block=("problem", "problem_1"), method="post"):
    problem = key.make_usage_key(*block)
    names = {"course_id": str(key), "usage_id": str(problem), "handler": name, "suffix": suffix}
    return getattr(client, method)(
        reverse("xblock_handler", kwargs=names), {f"input_{problem.html_id()}_2_1": courses.RIGHT}
    )


def page(client, key):
    return client.get(f"/courses/{key}/progress")


def blocks(client, key):
    return client.get("/api/courses/v2/blocks/", {"course_id": str(key), "username": "lea", "depth": "all"})


def completion(client, key):
    body = {"username": "lea", "course_key": str(key), "blocks": {str(key.make_usage_key("html", "text_1")): 1.0}}
    return client.post("/api/completion/v1/completion-batch", json.dumps(body), content_type="application/json")


DOORS = (metadata, unit, handler, page, blocks, completion)


def outcome(response):
    """The status, with where one is sent, which problem it is, or what the micro-frontend is told."""
    if response.status_code == 302:
        return LOGIN if response.url.startswith("/login?next=") else response.url
    answer = json.loads(response.content) if "json" in response.get("Content-Type", "") else {}
    if "course_access" in answer:
        return response.status_code, answer["course_access"]["error_code"]
    if "problem+json" in response.get("Content-Type", ""):
        return response.status_code, answer["type"].rpartition(":")[2]
    return response.status_code


def outcomes(client, key):
    return {door.__name__: outcome(door(client, key)) for door in DOORS}


CLOSED = {
    "metadata": (200, "data_sharing_access_required"),
    "unit": 403,
    "handler": (403, "session-not-open-yet"),
    "page": 403,
    "blocks": (403, "session-not-open-yet"),
    "completion": (403, "session-not-open-yet"),
}
UNKNOWN = {
    "metadata": (404, "not-found"),
    "unit": 404,
    "handler": (404, "not-found"),
    "page": 404,
    "blocks": (404, "not-found"),
    "completion": (404, "not-found"),
}
NOBODY = {
    "metadata": (401, "not-authenticated"),
    "unit": LOGIN,
    "handler": (401, "not-authenticated"),
    "page": LOGIN,
    "blocks": (401, "not-authenticated"),
    "completion": (401, "not-authenticated"),
}
OPEN = {"metadata": (200, None), "unit": 200, "handler": 200, "page": 200, "blocks": 200, "completion": 200}
MEMBER = {
    "full": OPEN,
    "not started": CLOSED,
    "read only": OPEN | {"handler": (403, "session-read-only"), "completion": (403, "session-read-only")},
    "hidden": UNKNOWN,
}
