"""Every way of naming an edition, in path, query and body, and texts that only look like one."""

from __future__ import annotations

import re

import pytest
from ccx_keys.locator import CCXLocator
from django.test import Client, RequestFactory
from opaque_keys.edx.asides import AsideUsageKeyV1, AsideUsageKeyV2

from cohort_sessions.edxapp.hooks import guard
from tests.platform import ccx, courses
from tests.platform.entrances import UNKNOWN, outcome, outcomes, unit
from tests.platform.sessions import STATES, create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")


class TestWaysOfNamingAnEdition:
    @pytest.fixture
    def key(self, base_key, lea):
        return edition_key(create_session(base_key, members=[lea]))

    @pytest.fixture
    def stranger(self, make_user, signed_in):
        return signed_in(make_user("stranger"))

    @pytest.mark.parametrize(
        "body",
        [
            '{"course_key": "{key}", "blocks": {}}',
            '{"course_key": " {key}\\t", "blocks": {}}',
            '{"course_key": "\\u0063cx-v1:{rest}", "blocks": {}}',
            '{"course_key": "x", "blocks": {"{block}": 1}}',
            '{"course_key": "x", "more": [{"deep": ["{block}"]}]}',
        ],
    )
    def test_in_json_however_written(self, body, key, stranger):
        text = body.replace("{key}", str(key)).replace("{rest}", str(key).partition(":")[2])
        text = text.replace("{block}", str(key.make_usage_key("html", "text_1")))
        for encoding in ("utf-8", "utf-16"):
            response = stranger.generic(
                "POST",
                "/api/completion/v1/completion-batch",
                text.encode(encoding),
                content_type=f"application/json; charset={encoding}",
            )
            assert outcome(response) == (404, "not-found")

    def test_in_a_form(self, key, stranger):
        assert outcome(stranger.post("/change_enrollment", {"course_id": str(key)})) == 404
        assert outcome(stranger.post("/certificates/generate", {"course_key": str(key)})) == 404

    @pytest.mark.parametrize("spelling", [str, lambda key: str(key).replace("+", " ")])
    def test_in_a_query(self, spelling, key, stranger):
        address = "/api/courses/v1/blocks/"
        assert outcome(stranger.get(address, {"course_id": spelling(key)})) == (404, "not-found")
        usage_key = spelling(key.make_usage_key("html", "text_1"))
        assert outcome(stranger.get("/api/bookmarks/v1/bookmarks/", {"course_id": "x", "usage": usage_key})) == (
            404,
            "not-found",
        )

    def test_in_a_path_that_hands_no_key_to_its_view(self, key):
        request = RequestFactory().get(f"/courses/{key}/wiki/")
        assert guard.named_ccx_keys(request) == [key]

    @pytest.mark.parametrize("prefix", ["0", "00", "\N{ARABIC-INDIC DIGIT ZERO}"])
    def test_under_another_spelling_it_does_not_exist(self, prefix, key, lea, signed_in):
        """The platform would serve the same content, and file answers where no session finds them."""
        alias = CCXLocator(org=key.org, course=key.course, run=key.run, ccx=prefix + key.ccx)
        assert outcomes(signed_in(lea), alias) == UNKNOWN

    def test_with_a_branch_it_does_not_exist(self, key, lea, signed_in):
        draft = key.for_branch("draft-branch")
        assert outcome(unit(signed_in(lea), draft)) == 404

    def test_signing_in_on_the_way_to_an_edition(self, key):
        assert Client().get("/login", {"course_id": str(key), "enrollment_action": "enroll"}).status_code == 200
        assert Client().get("/login", {"next": f"/courses/{key}/progress"}).status_code == 200

    @pytest.mark.parametrize("aside", [AsideUsageKeyV1, AsideUsageKeyV2])
    def test_in_the_key_of_an_aside(self, aside, key, stranger):
        usage_key = aside(key.make_usage_key("problem", "problem_1"), "acid")
        nested = AsideUsageKeyV2(usage_key, "acid")
        for named in (usage_key, nested):
            for request in (
                RequestFactory().get(f"/xblock/{named}"),
                RequestFactory().get("/x", {"usage": str(named)}),
                RequestFactory().post("/x", {"usage": str(named)}),
            ):
                assert guard.named_ccx_keys(request) == [key]
        assert outcome(stranger.get(f"/xblock/{usage_key}")) == 404

    def test_a_link_in_other_text_names_nothing(self, key):
        request = RequestFactory().post("/x", {"raw_body": f"See /courses/{key}/ and {key} there"})
        assert guard.named_ccx_keys(request) == []


class TestKeysOfNothing:
    """To who may not know of an edition, its key is one of the many that nothing stands behind."""

    ADDRESSES = (
        "/api/enrollment/v1/course/{key}",
        "/api/courses/v1/courses/{key}",
        "/api/course_home/course_metadata/{key}",
        "/api/enrollment/v1/enrollment/lea,{key}",
        "/api/team/v0/teams/?course_id={key}",
        "/api/courses/v2/blocks/?course_id={key}&username=lea",
        "/xblock/{unit}",
        "/courses/{key}/about",
        "/courses/{key}/progress",
        "/courses/{key}/jump_to_id/unit_1",
        "/course_modes/choose/{key}/",
        "/certificates/user/1/course/{key}",
    )

    @pytest.mark.parametrize("state", ["full", "hidden"])
    def test_are_answered_alike(self, state, base_key, lea, make_user, signed_in):
        key = edition_key(create_session(base_key, members=[lea], **STATES[state]))
        nothing = CCXLocator(org=key.org, course=key.course, run=key.run, ccx="9" * len(key.ccx) + "9")
        browsers = [Client(), signed_in(make_user("stranger"))]
        if state == "hidden":
            browsers.append(signed_in(lea))
        for client in browsers:
            for address in self.ADDRESSES:
                assert heard(client, address, key) == heard(client, address, nothing), address

    def test_an_api_that_knows_nobody_says_there_is_no_such_course(self, base_key, lea):
        key = edition_key(create_session(base_key, members=[lea]))
        assert outcome(Client().get(f"/api/enrollment/v1/course/{key}")) == (404, "not-found")

    def test_the_number_of_another_ccx_course_behind_this_name_is_nothing(
        self, base_key, run, lea, make_user, signed_in
    ):
        key = edition_key(create_session(base_key, members=[lea]))
        other = ccx.create_ccx(run.key, make_user("coach"), {ccx.COURSE: {"start": courses.LONG_AGO}}, is_ours=False)
        forged = CCXLocator(org=key.org, course=key.course, run=key.run, ccx=other.ccx)
        assert outcomes(signed_in(lea), forged) == UNKNOWN


def heard(client, address, key):
    """All that an answer gives away, but for the key itself."""
    response = client.get(address.format(key=key, unit=key.make_usage_key("vertical", "unit_1")))
    text = f"{response.get('Location')} {response.get('Content-Type')} {response.content.decode()}"
    text = re.sub(r"ccx@\d+|ccx%40\d+|csrf\w*.{0,120}", "", text)
    return response.status_code, text
