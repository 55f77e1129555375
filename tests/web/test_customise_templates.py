"""The pages on which what a session has otherwise is kept, used again and put back."""

from __future__ import annotations

import pytest
from opaque_keys.edx.keys import UsageKey

from cohort_sessions.data import SYSTEM, BlockField
from cohort_sessions.models import CustomisationTemplate
from cohort_sessions.operations.customisation import apply_draft, draft_block
from cohort_sessions.operations.tools import show_tools
from cohort_sessions.operations.welcome import set_welcome
from cohort_sessions.queries.edition_content import edition_content
from cohort_sessions.queries.specs import edition_spec
from tests.attacks import XSS, running
from tests.web.conftest import Page, signed_in
from tests.web.kit import address, errors

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def coach(make_user):
    return make_user("carla")


@pytest.fixture
def boss(make_user):
    return make_user("greta")


@pytest.fixture
def editions(make_session, make_base_course, coach, boss, now):
    """One course in two sessions; the first does without progress and has a welcome."""
    base_key = make_base_course(title="Tides")
    found = [
        make_session(title, courses=[base_key], coaches={base_key: [coach]}, administrators=[boss], organisation="Sea")
        .editions.select_related("session")
        .get()
        for title in ("Spring", "Autumn")
    ]
    show_tools(found[0], {"progress": False}, actor=SYSTEM, now=now)
    set_welcome(found[0], "Welcome.", actor=SYSTEM, now=now)
    return found


def url(edition, page="customise_templates") -> str:
    return address(page, edition.session, uuid=edition.uuid)


def said(response) -> str:
    return " ".join(Page(response.content.decode()).words())


def test_keep_here_and_use_there(coach, editions, now):
    client, (spring, autumn) = signed_in(coach), editions
    assert "Kept" in said(client.post(url(spring), {"title": "Ours"}, follow=True))
    page = client.get(url(autumn))
    assert "Ours 2 things, kept by carla" in said(page)
    asked = client.get(Page(page.content.decode()).links()["Use: Ours"])
    assert "is replaced" in said(asked)
    template = CustomisationTemplate.objects.get()
    done = client.post(url(autumn, "use_template"), {"template": str(template.uuid)}, follow=True)
    assert "2 things have changed." in said(done)
    assert edition_spec(autumn, now=now).hidden_tools == ("progress", "wiki")
    again = client.post(url(autumn, "use_template"), {"template": str(template.uuid)}, follow=True)
    assert "It is so already." in said(again)


def test_who_kept_a_template_or_an_administrator_deletes_it_after_being_asked(coach, boss, editions):
    spring = editions[0]
    for client in (signed_in(coach), signed_in(boss)):
        signed_in(coach).post(url(spring), {"title": "Ours"})
        way = Page(client.get(url(spring)).content).links()["Delete…: Ours"]
        assert "What was made from it stays." in said(client.get(way))
        assert CustomisationTemplate.objects.count() == 1
        assert "“Ours” was deleted" in said(client.post(way, follow=True))
        assert not CustomisationTemplate.objects.exists()
    signed_in(boss).post(url(spring), {"title": "The administrator's"})
    template = CustomisationTemplate.objects.get()
    assert not [name for name in Page(signed_in(coach).get(url(spring)).content).links() if name.startswith("Delete")]
    way = address("delete_template", spring.session, uuid=spring.uuid, template=template.uuid)
    for method in ("get", "post"):
        refused = getattr(signed_in(coach), method)(way)
        assert refused.status_code == 403
        assert "Only who saved a template, or a session administrator, can delete it." in said(refused)
    assert CustomisationTemplate.objects.get() == template


def test_a_session_s_courses_at_once(coach, editions, make_base_course):
    response = signed_in(coach).post(address("customise_courses", editions[0].session), {"title": "Ours"}, follow=True)
    assert "Kept" in said(response)
    assert CustomisationTemplate.objects.get().content == edition_content(editions[0])


def test_what_cannot_be_kept_is_said(coach, editions):
    client, (spring, autumn) = signed_in(coach), editions
    assert errors(Page(client.post(url(spring), {"title": ""}).content.decode())) == {
        "title": "Give the template a name."
    }
    assert "nothing to keep" in said(client.post(url(autumn), {"title": "Ours"}))
    assert "nothing to keep" in said(client.post(address("customise_courses", autumn.session), {"title": "Ours"}))
    assert not CustomisationTemplate.objects.exists()


def test_an_administrator_puts_it_back_and_a_coach_does_not(coach, boss, editions):
    spring = editions[0]
    assert "Put it back" not in said(signed_in(coach).get(url(spring)))
    for method in ("get", "post"):
        assert getattr(signed_in(coach), method)(url(spring, "use_template")).status_code == 403
    assert edition_content(spring) != {}
    client = signed_in(boss)
    assert "Put it back" in said(client.get(url(spring)))
    assert "2 things have changed." in said(client.post(url(spring, "use_template"), follow=True))
    assert edition_content(spring) == {}


def test_an_administrator_puts_one_block_back(coach, boss, editions, now):
    spring = editions[0]
    unit = str(spring.base_key.make_usage_key("vertical", "unit"))
    draft_block(spring, UsageKey.from_string(unit), {BlockField.TITLE: "Ours"}, actor=SYSTEM, now=now)
    apply_draft(spring, drafted_at=None, actor=SYSTEM, now=now)
    signed_in(coach).post(url(spring), {"title": "Kept"})
    page = Page(signed_in(boss).get(address("customise_block", spring.session, uuid=spring.uuid, block=unit)).content)
    ways = page.links("//main//section[.//h2[text()='Put it back']]")
    assert list(ways) == ["As in the base course", "As in “Kept”"]
    asked = signed_in(boss).get(ways["As in the base course"])
    assert "Put Ours back to the base course" in said(asked)
    coach_page = signed_in(coach).get(address("customise_block", spring.session, uuid=spring.uuid, block=unit))
    assert "Put it back" not in said(coach_page)
    for sent in ({"block": unit}, {"block": unit, "template": str(CustomisationTemplate.objects.get().uuid)}):
        assert signed_in(coach).post(url(spring, "use_template"), sent).status_code == 403
    done = signed_in(boss).post(url(spring, "use_template"), {"block": unit}, follow=True)
    assert "1 thing has changed." in said(done)
    assert set(edition_content(spring)) == {"tools", "welcome"}
    template = str(CustomisationTemplate.objects.get().uuid)
    done = signed_in(boss).post(url(spring, "use_template"), {"block": unit, "template": template}, follow=True)
    assert "1 thing has changed." in said(done)
    assert edition_content(spring)["blocks"][0]["value"] == "Ours"
    assert signed_in(boss).post(url(spring, "use_template"), {"block": "gone"}).status_code == 404


def test_a_template_that_there_is_not(coach, editions):
    for name in ("0b2f6c1e-5d1c-4f0e-9a38-0d7f0a3b8c55", "x"):
        assert signed_in(coach).get(f"{url(editions[0], 'use_template')}?template={name}").status_code == 404
        assert signed_in(coach).post(url(editions[0], "use_template"), {"template": name}).status_code == 404


@pytest.mark.parametrize("attack", XSS)
def test_a_name_is_shown_and_does_not_run(coach, editions, attack):
    client, (spring, autumn) = signed_in(coach), editions

    def pages(title: str) -> list[list[str]]:
        CustomisationTemplate.objects.all().delete()
        client.post(url(spring), {"title": title[:150]})
        uuid = CustomisationTemplate.objects.get().uuid
        found = (client.get(url(spring)), client.get(f"{url(autumn, 'use_template')}?template={uuid}"))
        return [running(response.content.decode()) for response in found]

    assert pages(attack) == pages("Harmless")
