"""
Repair: front ends are told when the course begins and ends for the learner who asks.

The platform tells everybody the dates of the course overview, which for an edition are its envelope. What the Learning
micro-frontend and the mobile apps show as the dates of the course, and whether it has ended, is put right in the answer
itself, from what the guard found out when it let the learner in (`visits`): no SQL.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from rest_framework.fields import DateTimeField

from cohort_sessions.edxapp.hooks.keys import named_ccx_keys
from cohort_sessions.edxapp.hooks.visits import Visit, visit_of

# The address names of the answers that hold dates of the course, with the member in which they stand; "" is the top.
PLACES = {
    "blocks_info_in_course": "",
    "course-enrollment-details": "course_info_overview",
    "course-metadata": "",
    "courseware-api": "",
    "dates-tab": "",
    "outline-tab": "",
    "progress-tab": "",
}


def put_right(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`response` of a REST view that has run and is not rendered yet, with the learner's own dates where it has any."""
    place = PLACES.get(request.resolver_match.url_name)
    answer = None if place is None else _part(getattr(response, "data", None), place)
    if isinstance(answer, dict):
        for key in named_ccx_keys(request):
            visit = visit_of(request.user.id, key)
            if visit is not None and visit.learning_period is not None:
                answer.update({name: value for name, value in _dates(visit).items() if name in answer})
    return response


def _part(answer: object, place: str) -> object:
    return answer.get(place) if place and isinstance(answer, dict) else answer


def _dates(visit: Visit) -> dict[str, object]:
    """What the platform's answers call them; an opening that is unbounded leaves the platform's word."""
    period = visit.learning_period
    moment = DateTimeField().to_representation
    begins = {} if period.opens_at is None else {"start": moment(period.opens_at)}
    return begins | {
        "end": None if period.closes_at is None else moment(period.closes_at),
        "has_ended": period.has_closed(visit.now),
    }
