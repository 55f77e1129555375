"""
Requests and answers about announcements and materials.

What a text or file must be is asked by the operations, so that pages and programs are told the same.
"""

from __future__ import annotations

from django.urls import reverse
from rest_framework import serializers

from cohort_sessions.data import MaterialKind
from cohort_sessions.queries.announcements import Publication
from cohort_sessions.queries.board import ShownAnnouncement, ShownMaterial
from cohort_sessions.rich_text import markdown_html

_FOR = "UUID of the course it is for; null: the whole session."


class _OfBoardSerializer(serializers.Serializer):
    """What announcements and materials have in common. The context has the `rights` of the caller."""

    uuid = serializers.UUIDField(help_text="Names it.")
    title = serializers.CharField(help_text="As it was written, to be escaped wherever it becomes HTML.")
    course = serializers.UUIDField(allow_null=True, help_text=_FOR)
    course_title = serializers.CharField(help_text="What that course is called; empty for the whole session.")
    may_change = serializers.SerializerMethodField(help_text="Whether the caller may edit and delete it now.")

    def get_may_change(self, each: ShownAnnouncement | ShownMaterial) -> bool:
        """Whose it is, unless announcements are locked."""
        return each.is_own and self.context["rights"].lock is None


class AnnouncementSerializer(_OfBoardSerializer):
    """An announcement as the caller sees it."""

    text = serializers.CharField(help_text="Markdown, as it was written.")
    html = serializers.SerializerMethodField(help_text="The text as clean HTML.")
    is_pinned = serializers.BooleanField(help_text="Stands before all that are not.")
    published_from = serializers.DateTimeField(help_text="From when members see it, UTC.")
    published_to = serializers.DateTimeField(
        allow_null=True, help_text="The first moment at which they do not any more, UTC; null: no end."
    )
    publication = serializers.ChoiceField(
        [each.value for each in Publication],
        help_text="Whether members see it now; those that are planned or past are listed for the team only.",
    )
    mails = serializers.BooleanField(help_text="Each member is told by mail as well, once.")
    mailed_at = serializers.DateTimeField(allow_null=True, help_text="When they were, UTC; null: not yet, or never.")
    modified_at = serializers.DateTimeField(help_text="When it was last changed, UTC.")
    is_unread = serializers.BooleanField(help_text="Whether the caller is a member who has not said they read it.")

    def get_html(self, each: ShownAnnouncement) -> str:
        """Cleaned by today's rule."""
        return str(markdown_html(each.text))


class MaterialSerializer(_OfBoardSerializer):
    """A link or file."""

    kind = serializers.ChoiceField([each.value for each in MaterialKind], help_text="A link, or a file.")
    url = serializers.SerializerMethodField(help_text="Where a link leads, or where the file is fetched.")
    file_name = serializers.CharField(help_text="What the file is called when it is saved; empty for a link.")
    size = serializers.IntegerField(help_text="Bytes of the file; 0 for a link.")

    def get_url(self, each: ShownMaterial) -> str:
        """Of a file the path on this site; every fetch is asked for anew."""
        if each.kind == MaterialKind.LINK:
            return each.url
        names = {"code": self.context["code"], "material": each.uuid}
        return reverse("cohort_sessions:material_file", kwargs=names)


class AnnouncementsSerializer(serializers.Serializer):
    """The announcements of a session, pinned ones first, then the newest."""

    announcements = AnnouncementSerializer(many=True, help_text="Those that the caller is shown.")
    unread = serializers.SerializerMethodField(help_text="How many of them the caller has not read.")

    def get_unread(self, board) -> int:
        """As they are marked."""
        return sum(each.is_unread for each in board.announcements)


class MaterialsSerializer(serializers.Serializer):
    """The links and files of a session, in their order."""

    materials = MaterialSerializer(many=True, help_text="Those that the caller may have.")


class AnnouncementInSerializer(serializers.Serializer):
    """An announcement to be written or changed."""

    title = serializers.CharField(allow_blank=True, help_text="At most 200 characters.")
    text = serializers.CharField(allow_blank=True, help_text="Markdown, at most 20 000 characters.")
    course = serializers.UUIDField(required=False, allow_null=True, help_text=_FOR)
    is_pinned = serializers.BooleanField(required=False, help_text="Stands before all that are not.")
    published_from = serializers.DateTimeField(required=False, help_text="From when members see it; absent: now.")
    published_to = serializers.DateTimeField(
        required=False, allow_null=True, help_text="The first moment at which they do not any more; null: no end."
    )
    mails = serializers.BooleanField(required=False, help_text="Tell each member by mail as well, once.")


class NewAnnouncementSerializer(AnnouncementInSerializer):
    """An announcement to be written."""

    uuid = serializers.UUIDField(required=False, help_text="Names it, so that sending it again makes no other.")


class AnnouncementChangeSerializer(AnnouncementInSerializer):
    """What of an announcement is to change."""

    seen_at = serializers.DateTimeField(
        required=False, help_text="`modified_at` as the caller saw it; a problem if it was changed since."
    )


class NewMaterialSerializer(serializers.Serializer):
    """A link, or a file as part of a form (`multipart/form-data`); one of them."""

    title = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="A file without one has its own name."
    )
    url = serializers.CharField(required=False, allow_blank=True, help_text="Of a link: http or https.")
    file = serializers.FileField(required=False, allow_empty_file=True, help_text="Of an allowed kind and size.")
    course = serializers.UUIDField(required=False, allow_null=True, help_text=_FOR)
    uuid = serializers.UUIDField(required=False, help_text="Names it, so that sending it again makes no other.")


class MaterialChangeSerializer(serializers.Serializer):
    """What of a link or file is to change."""

    title = serializers.CharField(allow_blank=True, help_text="At most 200 characters.")
    url = serializers.CharField(allow_blank=True, help_text="Of a link: http or https.")
    course = serializers.UUIDField(allow_null=True, help_text=_FOR)


class MoveSerializer(serializers.Serializer):
    """Where a link or file is to go."""

    is_up = serializers.BooleanField(help_text="One place up; false: one place down.")


class MovedSerializer(serializers.Serializer):
    """Whether there was such a place."""

    changed = serializers.BooleanField(help_text="Whether it stands elsewhere now.")


class ReadSerializer(serializers.Serializer):
    """How many announcements were unread before."""

    changed = serializers.IntegerField(help_text="So many; 0 where all were read before.")
