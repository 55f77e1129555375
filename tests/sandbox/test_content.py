"""Reading courses: real OLX, through the SDK's runtime."""

from __future__ import annotations

import pytest
from opaque_keys.edx.keys import CourseKey

from sandbox.content import olx_from_files, read_olx
from sandbox.demo.stage import COURSES
from sandbox.models import CourseRun
from sandbox.publishing import publish_course
from sandbox.responses import ChoiceQuestion, NumberQuestion

KEY = CourseKey.from_string("course-v1:Example+C1+2026")


@pytest.mark.parametrize("directory", sorted(COURSES.iterdir()), ids=lambda path: path.name)
def test_our_courses_have_something_to_read_and_to_answer_in_every_section(directory):
    content = read_olx(KEY, olx_from_files(directory))
    sections = content.root.find("chapter")
    assert len(sections) == 2
    assert all(section.find("html") and section.find("problem") for section in sections)
    assert all(content.fields[text.usage_key, "data"].startswith("<p>") for text in content.root.find("html"))
    assert sum(content.weights.values()) >= 4


def test_only_graded_problems_count_and_all_leaves_can_be_completed():
    content = read_olx(
        KEY,
        """
        <course url_name="c" display_name="C"><chapter url_name="ch">
          <sequential url_name="graded" graded="true" format="Quiz"><vertical url_name="v1">
            <problem url_name="p1" weight="2"><numericalresponse answer="1"/></problem>
          </vertical></sequential>
          <sequential url_name="free"><vertical url_name="v2">
            <html url_name="t">Text</html>
            <problem url_name="p2"><numericalresponse answer="1"/></problem>
          </vertical></sequential>
        </chapter></course>
        """,
    )
    assert content.weights == {KEY.make_usage_key("problem", "p1"): 2.0}
    assert {key.block_id for key in content.completable} == {"p1", "p2", "t"}
    assert [unit.block_id for unit in content.units] == ["v1", "v2"]


@pytest.mark.parametrize(
    "question",
    [
        "<choiceresponse/>",
        "<numericalresponse answer='1'/><numericalresponse answer='2'/>",
        "<numericalresponse answer='one'/>",
        "<multiplechoiceresponse><choicegroup><choice>A</choice></choicegroup></multiplechoiceresponse>",
    ],
    ids=["unknown kind", "two questions", "no number", "no right choice"],
)
def test_a_course_with_a_question_that_cannot_be_asked_is_refused(question):
    olx = f'<course url_name="c"><problem url_name="p">{question}</problem></course>'
    with pytest.raises(ValueError, match=r"."):
        read_olx(KEY, olx)


@pytest.mark.parametrize(
    ("answer", "is_right"),
    [("3.6", True), (" 3,6 ", True), ("3.61", True), ("3.62", False), ("4", False), ("", False), ("many", False)],
)
def test_numbers_within_the_tolerance_are_right(answer, is_right):
    assert NumberQuestion(label="", right=3.6, tolerance=0.01).is_right(answer) is is_right


@pytest.mark.parametrize("question", [ChoiceQuestion("", ("A", "B", "C"), right=2), NumberQuestion("", 3.6, 0.01)])
def test_samples_are_what_they_claim(question):
    assert [question.is_right(question.sample(correct=correct)) for correct in (True, False)] == [True, False]


@pytest.mark.django_db
def test_work_on_what_is_no_longer_graded_does_not_count(
    host, make_base_course, make_session, make_user, answer, committed
):
    lea, course = make_user(), make_base_course()
    key = make_session(courses=[course], members=[lea]).editions.get().edition_key
    answer(key, lea)
    run = CourseRun.objects.get(course_key=course)
    with committed():
        publish_course(run.olx.replace('graded="true"', 'graded="false"'))
    assert host.grades([key], [lea.pk]) == []
    (progress,) = host.progress([key], [lea.pk])
    assert (progress.completed, progress.completable) == (1, 2)
