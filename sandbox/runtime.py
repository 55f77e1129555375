"""
The XBlock SDK's workbench runtime, taught three things it does not know: course keys, a database, and who may work.

A block's *definition* is the block in the base course, by which its content is found; its *usage* is the same block
under the course key it is shown under, by which the learner's work is kept. So two editions share every word and no
answer.
"""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from opaque_keys.edx.keys import CourseKey, UsageKey
from workbench.runtime import WorkbenchRuntime
from xblock.runtime import IdGenerator, IdReader, KeyValueStore, KvsFieldData

from sandbox.blocks import BLOCK_TYPES
from sandbox.keys import base_of, into_base, into_course


class CourseIds(IdReader, IdGenerator):
    """
    Names of blocks are course keys plus the ``url_name`` of the course files; nothing is numbered, nothing is
    remembered.
    """

    def __init__(self, course_key: CourseKey):
        self.course_key = course_key
        self.next_name = ""

    def get_definition_id(self, usage_id: UsageKey) -> UsageKey:
        """The block in the base course."""
        return into_base(usage_id)

    def get_block_type(self, def_id: UsageKey) -> str:
        """The tag."""
        return def_id.block_type

    def create_definition(self, block_type: str, slug: str | None = None) -> UsageKey:
        """The key of a block that is being read from a course file."""
        return base_of(self.course_key).make_usage_key(block_type, slug or self.next_name)

    def create_usage(self, def_id: UsageKey) -> UsageKey:
        """The same block under this course key."""
        return into_course(def_id, self.course_key)

    def _no_asides(self, *_ids):
        raise NotImplementedError("The sandbox has no XBlock asides.")

    create_aside = _no_asides
    get_usage_id_from_aside = _no_asides
    get_definition_id_from_aside = _no_asides
    get_aside_type_from_usage = _no_asides
    get_aside_type_from_definition = _no_asides


class CourseRuntime(WorkbenchRuntime):
    """
    Blocks under one course key, for one person or for nobody.

    Args:
        store: where fields are read and written.
        user_id: whose state; ``None`` when a course is only being read.
        desk: what happens to published scores and completion; ``None`` when nothing may be published.
    """

    user_id = None

    def __init__(self, course_key: CourseKey, store: KeyValueStore, *, user_id: int | None = None, desk=None):
        super().__init__(user_id)
        self.course_key = course_key
        self.user_id = user_id
        self.id_reader = self.id_generator = CourseIds(course_key)
        self._services["field-data"] = KvsFieldData(store)
        self._desk = desk

    def load_block_type(self, block_type):
        """Our own blocks by their OLX tags, else whatever XBlock is installed under that name."""
        return BLOCK_TYPES.get(block_type) or super().load_block_type(block_type)

    def publish(self, block, event_type, event_data):
        """Hand scores and completion over; other events are logged, as the SDK does."""
        published = {"grade": "score", "completion": "complete"}.get(event_type)
        if published is None:
            super().publish(block, event_type, event_data)
        elif self._desk is not None:
            getattr(self._desk, published)(block.scope_ids.usage_id, event_data)

    def is_past_due(self, block) -> bool:
        """Whether the block takes no more answers of this person."""
        return self._desk is not None and self._desk.is_past_due(block.scope_ids.usage_id)

    def handle(self, block, handler_name, request, suffix=""):
        """An answer, its score and its completion are kept together or not at all."""
        with transaction.atomic():
            return super().handle(block, handler_name, request, suffix)

    def handler_url(self, block, handler_name, suffix="", query="", thirdparty=False):
        """The host's handler door, spelled as in the LMS."""
        usage_key = block.scope_ids.usage_id
        url = reverse(
            "sandbox:handler", args=[usage_key.course_key, usage_key, handler_name], urlconf="sandbox.urls.lms"
        )
        return f"{url}?{query}" if query else url

    def applicable_aside_types(self, block):
        """None."""
        return []

    def _patch_xblock(self, block):
        """What older XBlocks expect to find on themselves, with true values instead of the SDK's mocks."""
        block.location = block.scope_ids.usage_id
        block.course_id = self.course_key

    def _wrap_ele(self, block, view, frag, extra_data=None):
        """Without the SDK's jQuery: our blocks are plain forms."""
        return super(WorkbenchRuntime, self)._wrap_ele(block, view, frag, extra_data)

    def _usage_id_from_node(self, node, parent_id):
        """The SDK numbers the blocks of a file; ours have names."""
        self.id_generator.next_name = node.attrib.pop("url_name")
        return super()._usage_id_from_node(node, parent_id)
