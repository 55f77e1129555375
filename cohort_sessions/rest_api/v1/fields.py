"""Fields that serializers of version 1 share."""

from __future__ import annotations

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey
from rest_framework import serializers


class UsageKeyField(serializers.CharField):
    """The key of a block in the base course."""

    default_error_messages = {"no_key": "This is not the key of a block."}

    def to_internal_value(self, data: object) -> UsageKey:
        """Parsed."""
        try:
            return UsageKey.from_string(super().to_internal_value(data))
        except InvalidKeyError:
            self.fail("no_key")

    def to_representation(self, value: UsageKey) -> str:
        """As text."""
        return str(value)
