"""What teams write for learners, on its way to a page."""

from __future__ import annotations

import sys

import pytest

from cohort_sessions.rich_text import clean_html, inert_html, markdown_html, page_html, taken_out
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


def test_columns_of_a_table_are_aligned_by_what_cleaning_lets_through():
    text = "| a | b | c |\n|:-|:-:|-:|\n| 1 | 2 | 3 |"
    assert [f'<td align="{side}">' in markdown_html(text) for side in ("left", "center", "right")] == [True] * 3
    assert "style" not in markdown_html(text)


def test_a_list_begins_where_it_begins():
    assert markdown_html("3. third\n4. fourth").replace("\n", "") == (
        '<ol start="3"><li>third</li><li>fourth</li></ol>'
    )


@pytest.mark.parametrize("level", [1, 2, 4, 6])
def test_headings_stand_below_those_of_the_page(level):
    below = min(level + 2, 6)
    assert markdown_html("#" * level + " Tides") == f"<h{below}>Tides</h{below}>"


@pytest.mark.parametrize(
    "piece",
    [
        *("[", "![", "[a](", "[[a]", "*", "*a_ ", "`a``b", "> ", "- "),
        *("<", "<a ", "<!--", "<?", "&", "|a|b\n|-|-\n", "[a]: b\n"),
    ],
)
def test_twice_the_text_is_twice_the_work(piece):
    def work(number: int) -> int:
        return lines_run(lambda: markdown_html((piece * number)[:number]))

    markdown_html(piece)  # what is prepared once is not counted
    assert work(4000) < 2.5 * work(2000) + 2000


def test_a_text_is_worked_on_once_and_few_are_remembered():
    text = "Comes at **six**."
    markdown_html(text)
    assert lines_run(lambda: markdown_html(text)) < 5
    assert markdown_html.cache_info().maxsize <= 1000


def lines_run(act) -> int:
    """How many lines of Python it takes: the same on every machine."""
    number, before = 0, sys.gettrace()

    def count(_frame, event, _argument):
        nonlocal number
        number += event == "line"
        return count

    sys.settrace(count)
    try:
        act()
    finally:
        sys.settrace(before)
    return number


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


@pytest.mark.parametrize(
    ("html", "parts"),
    [
        ("<p onclick='x()' style=a>Own</p><script>if (a<b) x()</script>", ["<script>", "onclick", "style"]),
        ('<A HREF="/a" ONMOUSEOVER=x>a</A>', ["onmouseover"]),
        ('<img src=/a/b?c=d alt="a > b <i onclick=x>">', []),
        ("<svg/onload=alert(1)>", ["<svg>", "onload"]),
        ("<iframe><![CDATA[ <![if", ["<iframe>"]),
        ("<p>one</p><script>never closed <p id=a>", ["<script>"]),
        ("a < b <![ & <> </ <!-- a -->", []),
    ],
)
def test_what_was_taken_out_is_told(html, parts):
    assert taken_out(html, clean_html(html)) == parts


@pytest.mark.parametrize("piece", ["<a ", "<a a", "<a b='", "<a b=", "<", "<script>", "</script", "<![", "<!--"])
def test_looking_for_it_takes_twice_as_long_for_twice_the_text(piece):
    def work(number: int) -> int:
        return lines_run(lambda: taken_out((piece * number)[:number], ""))

    assert work(8000) < 2.5 * work(4000) + 100
