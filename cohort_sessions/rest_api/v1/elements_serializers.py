"""Requests and answers about what stands in the units of a course, and its welcome."""

from __future__ import annotations

from rest_framework import serializers

from cohort_sessions.data import AS_IN_BASE, ElementKind
from cohort_sessions.queries.elements import FieldLine
from cohort_sessions.rest_api.v1.fields import UsageKeyField


class UnitQuerySerializer(serializers.Serializer):
    """Which unit is meant."""

    unit = UsageKeyField(help_text="Usage key of the unit in the base course.")


class ElementBaseChangeSerializer(serializers.Serializer):
    """What the base course said when the session decided, and what it says now."""

    then = serializers.JSONField(help_text="When the session decided.")
    now = serializers.JSONField(help_text="Now.")


class ElementFieldSerializer(serializers.Serializer):
    """A field that the session may have otherwise."""

    field = serializers.CharField(source="field.name", help_text="As the block calls it.")
    name = serializers.CharField(help_text="By what refusals name it.")
    label = serializers.CharField(source="field.label", help_text="As the block's author meets it.")
    help = serializers.CharField(source="field.help", help_text="What the block says about it; may be empty.")
    kind = serializers.ChoiceField(
        [kind.value for kind in ElementKind], source="field.kind", help_text="What it holds."
    )
    base = serializers.JSONField(source="field.value", help_text="What the base course says.")
    value = serializers.JSONField(source="now", help_text="What learners of the session have.")
    is_own = serializers.SerializerMethodField(help_text="Whether the session has it otherwise.")
    base_change = ElementBaseChangeSerializer(
        allow_null=True, help_text="Null unless the session has it otherwise and the base course has changed since."
    )

    def get_is_own(self, line: FieldLine) -> bool:
        """Whether there is a value of the session's own."""
        return line.own is not AS_IN_BASE


class ElementSerializer(serializers.Serializer):
    """A block inside the unit."""

    usage_key = UsageKeyField(source="element.usage_key", help_text="In the base course.")
    block_type = serializers.CharField(source="element.block_type", help_text="Such as html or problem.")
    title = serializers.CharField(source="element.title", help_text="As the base course calls it; plain text.")
    is_own = serializers.BooleanField(help_text="Whether the session has anything of it otherwise.")
    fields_to_set = ElementFieldSerializer(source="fields", many=True, help_text="What may be set.")


class UnitElementsSerializer(serializers.Serializer):
    """What stands in a unit."""

    unit = UsageKeyField(help_text="In the base course.")
    title = serializers.CharField(help_text="Of the unit, as the session has it; plain text.")
    may_change = serializers.BooleanField(source="may", help_text="Whether the caller may change it.")
    elements = ElementSerializer(many=True, help_text="In reading order.")


class ElementPlaceSerializer(serializers.Serializer):
    """A field of an element."""

    usage_key = UsageKeyField(help_text="In the base course.")
    field = serializers.CharField(max_length=100, help_text="As the block calls it.")


class ElementChangeSerializer(ElementPlaceSerializer):
    """What is wanted of it."""

    value = serializers.JSONField(
        required=False,
        allow_null=True,
        help_text="Typed and validated by the block's own field. Left out: as in the base course.",
    )


class ElementsPatchSerializer(serializers.Serializer):
    """What is to be changed, all of it or nothing."""

    changes = ElementChangeSerializer(many=True, required=False, default=list, help_text="Values that are wanted.")
    keep = ElementPlaceSerializer(
        many=True,
        required=False,
        default=list,
        help_text="What stays as the session has it, although the base course has changed.",
    )


class TakenOutSerializer(ElementPlaceSerializer):
    """What cleaning took out of HTML."""

    parts = serializers.ListField(child=serializers.CharField(), help_text="Tags and attributes.")


class ElementsOutcomeSerializer(serializers.Serializer):
    """What became of a change."""

    changed = serializers.IntegerField(help_text="How many fields are otherwise now.")
    kept = serializers.IntegerField(help_text="Of how many the base course had changed.")
    taken_out = TakenOutSerializer(many=True, help_text="What cleaning took out of HTML.")


class EditionWelcomeSerializer(serializers.Serializer):
    """The welcome to a course of a session."""

    text = serializers.CharField(allow_blank=True, trim_whitespace=False, help_text="Markdown; empty for no welcome.")
    html = serializers.CharField(read_only=True, help_text="The same as clean HTML.")
