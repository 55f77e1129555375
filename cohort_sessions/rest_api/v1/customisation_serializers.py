"""Requests and answers about the outline, the tools and the grading of a course of a session."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from cohort_sessions.data import AS_IN_BASE, BlockField, BlockKind, Lock
from cohort_sessions.host import AssignmentWeight
from cohort_sessions.operations.customisation import Deed
from cohort_sessions.queries.customisation import MOMENTS, EditionOutline, OutlineLine, to_json
from cohort_sessions.queries.locks import StandingLock
from cohort_sessions.rest_api.v1.fields import UsageKeyField

_FIELDS = [name.value for name in BlockField]


class LockSerializer(serializers.Serializer):
    """What keeps the caller from changing something."""

    name = serializers.ChoiceField([lock.value for lock in Lock], help_text="Which lock it is.")
    reason = serializers.CharField(help_text="As whoever locked it wrote it; may be empty.")
    by = serializers.SerializerMethodField(help_text="The name of who locked it; empty for nobody in particular.")
    at = serializers.DateTimeField(help_text="Since when, UTC.")

    def get_by(self, lock: StandingLock) -> str:
        """Their name."""
        return lock.by.name if lock.by else ""


class BlockValueSerializer(serializers.Serializer):
    """One field of a block."""

    field = serializers.ChoiceField(_FIELDS, help_text="Which one.")
    default = serializers.JSONField(help_text="What learners have where the session says nothing.")
    now = serializers.JSONField(help_text="What they have now.")
    wanted = serializers.JSONField(help_text="What they will have once the draft is applied.")
    is_own = serializers.BooleanField(help_text="Whether the session has it otherwise.")
    is_drafted = serializers.BooleanField(help_text="Whether a change is prepared.")
    base_then = serializers.JSONField(allow_null=True, help_text="What the base course said when the session decided.")
    base_now = serializers.JSONField(allow_null=True, help_text="What it says now; both null where they agree.")


class OutlineLineSerializer(serializers.Serializer):
    """A section, subsection or unit."""

    usage_key = UsageKeyField(source="block.usage_key", help_text="In the base course.")
    kind = serializers.ChoiceField([kind.value for kind in BlockKind], source="block.kind", help_text="What it is.")
    level = serializers.IntegerField(help_text="0 for sections, 1 for subsections, 2 for units.")
    assignment_type = serializers.CharField(
        source="block.assignment_type", help_text="What it counts as for the grade; empty where it does not count."
    )
    is_hidden_above = serializers.BooleanField(help_text="Whether something around it is hidden, as it is drafted.")
    values = serializers.SerializerMethodField(help_text="By field.")

    def get_values(self, line: OutlineLine) -> list[dict[str, Any]]:
        """Its fields."""
        return BlockValueSerializer([_value(line, name) for name in BlockField], many=True).data


class EditionOutlineSerializer(serializers.Serializer):
    """The outline of a course of a session."""

    lines = OutlineLineSerializer(many=True, help_text="In reading order.")
    lost = serializers.SerializerMethodField(help_text="Keys of customised blocks that the base course has lost.")
    may_change = serializers.SerializerMethodField(help_text="The fields that the caller may change.")
    locks = serializers.SerializerMethodField(help_text="What keeps the others from them.")
    drafted_at = serializers.DateTimeField(allow_null=True, help_text="When the draft was changed last, UTC.")
    can_undo = serializers.BooleanField(help_text="Whether anything was applied that can be taken back.")

    def get_lost(self, outline: EditionOutline) -> list[str]:
        """Each once."""
        return sorted({str(lost.usage_key) for lost in outline.lost})

    def get_may_change(self, outline: EditionOutline) -> list[str]:
        """In the order of the enum."""
        return [name.value for name in BlockField if name in outline.may]

    def get_locks(self, outline: EditionOutline) -> list[dict[str, Any]]:
        """Each once."""
        locks = {lock.name: lock for lock in outline.locks.values()}
        return LockSerializer(locks.values(), many=True).data


class BlockChangeSerializer(serializers.Serializer):
    """What one field of one block is to be."""

    usage_key = UsageKeyField(help_text="In the base course.")
    field = serializers.ChoiceField(_FIELDS, help_text="Which field.")
    value = serializers.JSONField(
        required=False,
        allow_null=True,
        help_text=(
            "hidden: true or false; opens_at: a moment; due: a moment, or null for no deadline; title: a text. Left "
            "out: as in the base course."
        ),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The value typed by the field, as `wish`."""
        name = BlockField(attrs["field"])
        wish = _typed(name, attrs["value"]) if "value" in attrs else AS_IN_BASE
        return {"usage_key": attrs["usage_key"], "field": name, "wish": wish}


class DraftSerializer(serializers.Serializer):
    """What is to be prepared: changes one by one, or the same for many blocks."""

    changes = BlockChangeSerializer(many=True, required=False, default=list, help_text="One by one.")
    deed = serializers.ChoiceField(
        [deed.value for deed in Deed], required=False, help_text="The same for each of `blocks`."
    )
    blocks = serializers.ListField(child=UsageKeyField(), required=False, default=list, help_text="For which blocks.")
    days = serializers.IntegerField(
        required=False, default=0, help_text="By how many days to shift; before 0 for earlier."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two, or somebody would learn of half of it."""
        if ("deed" in attrs) == bool(attrs["changes"]):
            raise serializers.ValidationError(_("Send either changes, or a deed with its blocks."))
        return attrs


class ApplySerializer(serializers.Serializer):
    """Which draft is to be applied."""

    drafted_at = serializers.DateTimeField(
        help_text="Of the draft as it was looked through: what somebody prepared since is not applied unseen."
    )


class ChangedSerializer(serializers.Serializer):
    """What became of a change."""

    changed = serializers.IntegerField(help_text="How many values are otherwise now.")


class ToolSerializer(serializers.Serializer):
    """A tool of the course."""

    tool = serializers.CharField(max_length=255, help_text="As the platform names it.")
    title = serializers.CharField(read_only=True, help_text="As learners see it.")
    is_usual = serializers.BooleanField(
        read_only=True, help_text="Whether sessions have it where nobody decides otherwise."
    )
    is_shown = serializers.BooleanField(help_text="Whether learners of this session have it.")


class ToolsSerializer(serializers.Serializer):
    """The tools of a course of a session."""

    tools = ToolSerializer(many=True, help_text="In the platform's order; only those that are sent are changed.")


class AssignmentWeightSerializer(serializers.Serializer):
    """How a type of assignment counts."""

    assignment_type = serializers.CharField(help_text="As the base course names it.")
    weight = serializers.FloatField(help_text="0..1; together 1.")
    dropped = serializers.IntegerField(help_text="How many of the worst do not count.")


class PolicySerializer(serializers.Serializer):
    """A grading policy."""

    letters = serializers.SerializerMethodField(help_text="Pairs of a letter and the least grade (0..1) for it.")
    assignments = AssignmentWeightSerializer(many=True, help_text="How each type counts.")

    def get_letters(self, policy) -> list[list]:
        """Best first."""
        return [list(pair) for pair in policy.letters]


class GradingSerializer(serializers.Serializer):
    """How a course of a session is graded."""

    base = PolicySerializer(read_only=True, help_text="The base course's.")
    then = PolicySerializer(
        read_only=True,
        allow_null=True,
        help_text="The base course's when the session decided, if that has changed.",
    )
    policy = PolicySerializer(read_only=True, help_text="What holds in this session.")
    is_own = serializers.SerializerMethodField(help_text="Whether the session grades otherwise.")
    is_final = serializers.BooleanField(read_only=True, help_text="Whether results are final, so that it stays.")

    def get_is_own(self, view) -> bool:
        """Whether anything differs."""
        return view.change is not None


class GradingChangeSerializer(serializers.Serializer):
    """How it is to be graded, whole: nothing is changed by a name that was misspelt."""

    pass_line = serializers.FloatField(allow_null=True, help_text="0..1; null: as in the base course.")
    assignments = AssignmentWeightSerializer(many=True, help_text="All types; none of them: as in the base course.")

    def weights(self) -> list[AssignmentWeight]:
        """What was sent."""
        return [AssignmentWeight(**each) for each in self.validated_data["assignments"]]


class TemplateSerializer(serializers.Serializer):
    """What a session had otherwise in the course, kept."""

    uuid = serializers.UUIDField(read_only=True, help_text="Names it.")
    title = serializers.CharField(max_length=150, help_text="What it is called; plain text.")
    number = serializers.IntegerField(read_only=True, help_text="How many things it has otherwise.")
    at = serializers.DateTimeField(read_only=True, help_text="When it was saved, UTC.")
    may_delete = serializers.BooleanField(read_only=True, help_text="Whether the caller may delete it.")


class ResetSerializer(serializers.Serializer):
    """To what the course is put back."""

    template = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="A template; left out: the base course."
    )
    only = serializers.ListField(
        child=UsageKeyField(),
        required=False,
        allow_null=True,
        default=None,
        help_text="Leave alone what is not about these blocks; left out: everything.",
    )


def _value(line: OutlineLine, name: BlockField) -> dict[str, Any]:
    change = line.base_changes.get(name)
    return {
        "field": name.value,
        "default": to_json(line.default[name]),
        "now": to_json(line.now(name)),
        "wanted": to_json(line.wanted(name)),
        "is_own": name in line.applied,
        "is_drafted": name in line.drafted,
        "base_then": to_json(change.then) if change else None,
        "base_now": to_json(change.now) if change else None,
    }


def _typed(name: BlockField, value: object) -> object:
    if name == BlockField.HIDDEN:
        return serializers.BooleanField().run_validation(value) or AS_IN_BASE
    if name in MOMENTS:
        return serializers.DateTimeField(allow_null=name == BlockField.DUE).run_validation(value)
    return serializers.CharField(allow_blank=True).run_validation(value)
