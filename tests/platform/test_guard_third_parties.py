"""Who calls blocks without an account: that address opens nothing to people, and tools send no score late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from edx_toggles.toggles.testutils import override_waffle_switch
from lms.djangoapps.courseware.block_render import get_block_by_usage_id
from lms.djangoapps.courseware.models import StudentModule

from cohort_sessions.edxapp.toggles import DISABLE_GUARD
from cohort_sessions.models import Member
from tests.contract import Stored
from tests.platform import courses
from tests.platform.entrances import LOGIN, outcome
from tests.platform.sessions import STATES, create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")


def call(client, key, suffix):
    """Call the problem where the platform asks nobody for an account."""
    usage_key = key.make_usage_key("problem", "problem_1")
    names = {"course_id": str(key), "usage_id": str(usage_key), "handler": "xmodule_handler", "suffix": suffix}
    return client.post(
        reverse("xblock_handler_noauth", kwargs=names), {f"input_{usage_key.html_id()}_2_1": courses.RIGHT}
    )


@pytest.mark.parametrize(
    ("state", "answering", "looking"),
    [
        ("full", 200, 200),
        ("not started", (403, "session-not-open-yet"), (403, "session-not-open-yet")),
        ("read only", (403, "session-read-only"), 200),
        ("hidden", (404, "not-found"), (404, "not-found")),
    ],
)
def test_who_is_signed_in_is_asked_there_too(state, answering, looking, base_key, lea, signed_in, stored):
    key = edition_key(create_session(base_key, members=[lea], **STATES[state]))
    client = signed_in(lea)
    assert outcome(call(client, key, "problem_check")) == answering
    assert outcome(call(client, key, "problem_get")) == looking
    assert stored(key, lea).answers == (1 if state == "full" else 0)


@pytest.mark.parametrize("state", STATES)
def test_nobody_and_strangers_find_nothing_there(state, base_key, lea, make_user, signed_in, stored):
    key, stranger = edition_key(create_session(base_key, members=[lea], **STATES[state])), make_user("stranger")
    for suffix in ("problem_check", "problem_get"):
        assert outcome(call(Client(), key, suffix)) == (401, "not-authenticated")
        assert outcome(call(signed_in(stranger), key, suffix)) == (404, "not-found")
    assert stored(key, stranger) == Stored()


def test_nobody_speaks_in_the_place_of_an_external_grader(base_key, lea, signed_in):
    """The platform takes any word there, from anybody, for the account in the address."""
    key = edition_key(create_session(base_key, members=[lea]))
    Member.objects.filter(user=lea).update(closes_at=timezone.now() - timedelta(days=1))
    body = {"xqueue_header": '{"lms_key": ""}', "xqueue_body": "{}"}

    def say(client, word):
        problem = key.make_usage_key("problem", "problem_1")
        return client.post(f"/courses/{key}/xqueue/{lea.pk}/{problem}/{word}", body)

    assert outcome(say(Client(), "problem_reset")) == LOGIN
    assert say(signed_in(lea), "problem_reset").status_code == 403
    with override_waffle_switch(DISABLE_GUARD, active=True):
        assert say(Client(), "problem_reset").status_code == 200
    assert say(Client(), "score_update").status_code == 200


class TestLtiScores:
    """An LTI tool sends scores on its own, without an account of anybody's."""

    @pytest.fixture
    def base_key(self, base_key, committed):
        with committed(), courses.authoring(base_key) as store:
            unit = store.make_course_usage_key(base_key).course_key.make_usage_key("vertical", "unit_1")
            for block_type in ("lti", "lti_consumer"):
                fields = {"has_score": True, "weight": 1.0, "lti_id": "tool"}
                store.create_child(courses.AUTHOR, unit, block_type, block_id=block_type, fields=fields)
        return base_key

    @pytest.mark.parametrize("block_type", ["lti", "lti_consumer"])
    @pytest.mark.parametrize("state", STATES)
    def test_are_taken_while_the_learner_may_hand_in(self, state, block_type, base_key, lea, stored):
        key = edition_key(create_session(base_key, members=[lea], **STATES[state]))
        usage_key = key.make_usage_key(block_type, block_type)
        if state == "full":
            hand_in(usage_key, lea)
        else:
            with pytest.raises(PermissionDenied):
                hand_in(usage_key, lea)
        grades = StudentModule.objects.filter(module_state_key=usage_key, student=lea).values_list("grade", flat=True)
        assert list(grades) == ([0.5] if state == "full" else [])

    @pytest.mark.parametrize("block_type", ["lti", "lti_consumer"])
    def test_of_other_courses_are_taken(self, block_type, base_key, lea):
        usage_key = base_key.make_usage_key(block_type, block_type)
        hand_in(usage_key, lea)
        assert StudentModule.objects.get(module_state_key=usage_key, student=lea).grade == 0.5

    def test_the_tools_address_stays_open(self, base_key, lea):
        """It answers in its own language that nobody has signed this."""
        key = edition_key(create_session(base_key, members=[lea]))
        for block_type, handler in (("lti", "grade_handler"), ("lti_consumer", "outcome_service_handler")):
            names = {"course_id": str(key), "usage_id": str(key.make_usage_key(block_type, block_type))}
            address = reverse("xblock_handler_noauth", kwargs=names | {"handler": handler, "suffix": ""})
            response = Client().post(address, "<none/>", content_type="application/xml")
            assert (response.status_code, "imsx_codeMajor" in response.content.decode()) == (200, True)


def hand_in(usage_key, user):
    """Set the score of a person as the block does when its tool has proved itself."""
    request = RequestFactory().post("/")
    request.user, request.session = AnonymousUser(), {}
    request.user.known = False
    block, _ = get_block_by_usage_id(request, str(usage_key.course_key), str(usage_key))
    block.set_user_module_score(user, 0.5, 1.0)
    block.save()
