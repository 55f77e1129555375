"""
The XBlocks our courses are made of. Their tags and attributes are those of OLX, so the same files import into Open edX.

Views get two things from the page as ``context``: ``may_work`` (answers are accepted now) and ``csrf_token`` (of the
page's forms).
"""

from __future__ import annotations

from lxml import etree
from web_fragments.fragment import Fragment
from webob import Response
from xblock.completable import CompletableXBlockMixin
from xblock.core import XBlock
from xblock.fields import Boolean, DateTime, Float, Integer, Scope, String

from sandbox.responses import Question, read_question


class ContainerBlock(XBlock):
    """A course, section, subsection or unit: its children, one after the other."""

    has_children = True

    display_name = String(scope=Scope.settings, default="")
    graded = Boolean(scope=Scope.settings, default=False, help="Whether the problems in here count for the grade.")
    due = DateTime(scope=Scope.settings, default=None, help="When what is in here is due, unless it has its own date.")
    format = String(scope=Scope.settings, default="", help="The kind of assignment, as Open edX's grading names it.")

    def student_view(self, context: dict) -> Fragment:
        """The children, in order."""
        fragment = Fragment()
        for child in self.runtime.render_children(self, "student_view", context):
            fragment.add_fragment_resources(child)
            fragment.add_content(child.content)
        return fragment


class CourseBlock(ContainerBlock):
    """The root: a container that also says which course it is."""

    org = String(scope=Scope.settings, default="")
    course = String(scope=Scope.settings, default="")
    start = DateTime(scope=Scope.settings, default=None)


class TextBlock(CompletableXBlockMixin, XBlock):
    """A piece of reading. Whoever has seen it is done with it."""

    display_name = String(scope=Scope.settings, default="", display_name="Display Name")
    data = String(scope=Scope.content, default="", display_name="Text", help="HTML that learners read.")

    @classmethod
    def parse_xml(cls, node, runtime, keys):
        """The text of the element is the HTML."""
        block = super().parse_xml(node, runtime, keys)
        block.data = node.text or ""
        return block

    def student_view(self, context: dict) -> Fragment:
        """The text, and the note that it has been seen."""
        if context["may_work"]:
            self.emit_completion(1.0)
        return Fragment(self.runtime.render_template("sandbox/blocks/text.html", block=self))


class ProblemBlock(CompletableXBlockMixin, XBlock):
    """One question. It may be answered `max_attempts` times, or as often as one likes; the last answer counts."""

    has_score = True

    display_name = String(scope=Scope.settings, default="", display_name="Display Name")
    max_attempts = Integer(
        scope=Scope.settings,
        default=None,
        values={"min": 0},
        display_name="Maximum Attempts",
        help="How often a learner may answer; without a number as often as they like.",
    )
    weight = Float(
        scope=Scope.settings,
        default=1.0,
        values={"min": 0, "step": 0.1},
        display_name="Problem Weight",
        help="Points for the right answer.",
    )
    due = DateTime(scope=Scope.settings, default=None, help="Until when answers are accepted.")
    data = String(scope=Scope.content, default="", help="The <problem> element as it stands in the course.")
    answer = String(scope=Scope.user_state, default=None, help="The last answer; none before the first.")
    attempts = Integer(scope=Scope.user_state, default=0, help="How often it was answered.")

    @classmethod
    def parse_xml(cls, node, runtime, keys):
        """Keep the question as it stands: its elements are not blocks. One that cannot be asked raises ValueError."""
        block = runtime.construct_xblock_from_class(cls, keys)
        for name in ("display_name", "max_attempts", "weight", "due"):
            if name in node.attrib:
                setattr(block, name, cls.fields[name].from_string(node.get(name)))
        block.data = etree.tostring(node, encoding="unicode", with_tail=False)
        read_question(node)
        return block

    @property
    def question(self) -> Question:
        """What is asked."""
        return read_question(etree.fromstring(self.data))

    @property
    def is_right(self) -> bool:
        """Whether the last answer is right."""
        return self.answer is not None and self.question.is_right(self.answer)

    @property
    def is_used_up(self) -> bool:
        """Whether no attempt is left."""
        return self.max_attempts is not None and self.attempts >= self.max_attempts

    def student_view(self, context: dict) -> Fragment:
        """The question as a form, what was answered, and how it went; no form once it was due or is used up."""
        may_work = context["may_work"] and not self.runtime.is_past_due(self) and not self.is_used_up
        html = self.runtime.render_template(
            "sandbox/blocks/problem.html",
            block=self,
            question=self.question,
            submit_url=self.runtime.handler_url(self, "submit"),
            **{**context, "may_work": may_work},
        )
        return Fragment(html)

    @XBlock.handler
    def submit(self, request, _suffix="") -> Response:
        """
        Take the answer in the form field ``answer``, score it, and go back to the page it came from.

        Callers that accept JSON get ``{"correct": bool, "earned": float, "possible": float}`` instead. Refused (403)
        once it was due, and where no attempt is left.
        """
        if self.runtime.is_past_due(self):
            return Response(status=403, json_body={"code": "past_due", "detail": "This was due earlier."})
        if self.is_used_up:
            return Response(status=403, json_body={"code": "used_up", "detail": "No attempt is left."})
        answer = request.POST.get("answer", "").strip()
        if not answer:
            return Response(status=400, json_body={"detail": "The form field `answer` is empty."})
        self.answer = answer
        self.attempts += 1
        earned = self.weight if self.is_right else 0.0
        self.runtime.publish(self, "grade", {"value": earned, "max_value": self.weight})
        self.emit_completion(1.0)
        if "application/json" in request.headers.get("Accept", ""):
            return Response(json_body={"correct": self.is_right, "earned": earned, "possible": self.weight})
        return Response(status=303, location=request.headers.get("Referer", "/"))


BLOCK_TYPES = {
    "course": CourseBlock,
    "chapter": ContainerBlock,
    "sequential": ContainerBlock,
    "vertical": ContainerBlock,
    "html": TextBlock,
    "problem": ProblemBlock,
}
