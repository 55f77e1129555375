"""The two kinds of question our problems ask, as OLX spells them: one right choice, or a number within a tolerance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from xml.etree.ElementTree import Element


@dataclass(frozen=True, slots=True)
class ChoiceQuestion:
    """``<multiplechoiceresponse>``: the answer is the position of a choice, counted from 0, as text."""

    label: str
    choices: tuple[str, ...]
    right: int
    explanation: str = ""

    kind = "choice"

    @classmethod
    def from_olx(cls, node: Element) -> ChoiceQuestion:
        """Read the element; exactly one choice must be marked as correct."""
        choices = node.findall("choicegroup/choice")
        right = [position for position, choice in enumerate(choices) if choice.get("correct") == "true"]
        if len(right) != 1:
            raise ValueError("a multiple choice question needs exactly one correct choice")
        return cls(
            label=node.findtext("label", "").strip(),
            choices=tuple((choice.text or "").strip() for choice in choices),
            right=right[0],
            explanation=_explanation(node),
        )

    def is_right(self, answer: str) -> bool:
        """Whether the answer names the right choice."""
        return answer == str(self.right)

    def sample(self, *, correct: bool) -> str:
        """An answer of the kind asked for."""
        return str(self.right if correct else (self.right + 1) % len(self.choices))


@dataclass(frozen=True, slots=True)
class NumberQuestion:
    """``<numericalresponse>``: the answer is a number as people write it; a decimal comma will do."""

    label: str
    right: float
    tolerance: float
    explanation: str = ""

    kind = "number"

    @classmethod
    def from_olx(cls, node: Element) -> NumberQuestion:
        """Read the element; without a ``responseparam`` the number must be met exactly."""
        tolerance = node.find("responseparam[@type='tolerance']")
        return cls(
            label=node.findtext("label", "").strip(),
            right=float(node.get("answer", "")),
            tolerance=float(tolerance.get("default", "0")) if tolerance is not None else 0.0,
            explanation=_explanation(node),
        )

    def is_right(self, answer: str) -> bool:
        """Whether the answer is a number within the tolerance."""
        try:
            number = float(answer.strip().replace(",", "."))
        except ValueError:
            return False
        return math.isclose(number, self.right, rel_tol=0, abs_tol=max(self.tolerance, 1e-9))

    def sample(self, *, correct: bool) -> str:
        """An answer of the kind asked for."""
        return str(self.right if correct else self.right + 2 * self.tolerance + 1)


Question = ChoiceQuestion | NumberQuestion

_KINDS = {"multiplechoiceresponse": ChoiceQuestion, "numericalresponse": NumberQuestion}


def read_question(problem: Element) -> Question:
    """
    The question of a ``<problem>`` element.

    Raises:
        ValueError: it does not ask exactly one question of a kind we know.
    """
    known = [child for child in problem if child.tag in _KINDS]
    if len(known) != 1:
        raise ValueError("a problem of the sandbox asks exactly one question, by choice or by number")
    return _KINDS[known[0].tag].from_olx(known[0])


def _explanation(node: Element) -> str:
    return " ".join(" ".join(node.itertext()).split()) if (node := node.find("solution")) is not None else ""
