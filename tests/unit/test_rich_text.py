"""What teams write for learners, on its way to a page."""

from __future__ import annotations

import pytest

from cohort_sessions.rich_text import clean_html, inert_html, markdown_html, page_html
from tests.attacks import XSS, running


@pytest.mark.parametrize("attack", XSS)
def test_nothing_runs(attack):
    assert running(markdown_html(attack)) == []
    assert running(clean_html(attack)) == []


def test_that_it_would_run_without_cleaning_is_noticed():
    harmless = ("[a", "![a", "<javascript", "{{", "\\<", "javascript", "<IMG")
    assert [each for each in XSS if not running(each) and not each.startswith(harmless)] == []


def test_markdown_becomes_what_it_says():
    text = "# Read this\n\n1. *First* [page](https://example.com/a?b=c&d)\n2. **second**\n\n| a | b |\n|-|-|\n| 1 | 2 |"
    assert markdown_html(text).replace("\n", "") == (
        '<h3>Read this</h3><ol><li><em>First</em> <a href="https://example.com/a?b=c&amp;d" '
        'rel="noopener noreferrer">page</a></li>'
        "<li><strong>second</strong></li></ol><table><thead><tr><th>a</th><th>b</th></tr></thead>"
        "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    )


def test_keyboards_reach_what_scrolls_on_a_page():
    made = markdown_html("|a|\n|-|\n|1|\n\n    <table>")
    assert page_html(made).count('tabindex="0"') == 2
    assert "&lt;table&gt;" in page_html(made)


@pytest.mark.parametrize("attack", XSS)
def test_without_links_the_rest_stays_and_nothing_runs(attack):
    shown = inert_html(page_html(markdown_html(f"*See* [the chart](https://example.com), x < y.\n\n{attack}")))
    assert shown.startswith("<p><em>See</em> the chart, x &lt; y.</p>")
    assert running(shown) == []
    assert "<a" not in shown.replace("<abbr", "")


def test_lines_stay_lines():
    assert markdown_html("one\ntwo") == "<p>one<br>\ntwo</p>"


def test_pictures_from_elsewhere_are_no_markdown_of_ours():
    assert markdown_html("![seen](https://example.com/pixel.png)") == "<p></p>"


def test_html_of_a_course_keeps_what_stands_still():
    html = '<p><a href="/tides.pdf" rel="noopener noreferrer">Tides</a> <img src="/static/moon.png" alt="Moon"></p>'
    assert clean_html(html) == html
