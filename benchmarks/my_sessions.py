"""A learner of many sessions looks for their courses: *My sessions*, and the platform's learner home and dashboard."""

from __future__ import annotations

import pytest
from django.urls import reverse

from benchmarks.measure import cost, expect, show
from tests.platform.ccx import our_platform

COURSES_EACH = 3
SESSIONS = (1, 50)


@pytest.mark.django_db(databases="__all__")
def bench_my_sessions(make_user, make_base_course, make_session, signed_in):
    """Print a table for each number of sessions."""
    base_keys = [make_base_course(title=f"Tides {number}") for number in range(COURSES_EACH)]
    team = {
        "session_coaches": [make_user("ben")],
        "coaches": {base_key: [make_user("cleo")] for base_key in base_keys},
    }
    addresses = {
        "My sessions": reverse("cohort_sessions:my_sessions"),
        "My sessions, JSON for front ends": reverse("cohort_sessions:api-my-sessions-list"),
        "learner home": reverse("learner_home:initialize"),
        "dashboard": reverse("dashboard"),
    }
    for count in SESSIONS:
        learner = make_user(f"learner{count}")
        for number in range(count):
            make_session(f"Crew {count}-{number}", courses=base_keys, members=[learner], **team)
        browser = signed_in(learner)

        def opening(address, browser=browser):
            def open_page():
                expect(browser.get(address).status_code, 200)

            return cost(open_page)

        with our_platform():
            costs = {name: opening(address) for name, address in addresses.items()}
        title = f"A learner of {count} sessions of {COURSES_EACH} courses"
        show(title, costs, "My sessions")
