"""
How every block of an edition is read: our field-override provider and the field data behind it.

Two settings lead here, both kept by the plugin's own settings:

* ``MODULESTORE_FIELD_OVERRIDE_PROVIDERS`` names :class:`EditionFieldOverrideProvider` where the stock
  ``CustomCoursesForEdxOverrideProvider`` stood. Its place in the list says which other providers win over an edition,
  and over which an edition wins.
* ``XBLOCK_FIELD_DATA_WRAPPERS`` names :func:`wrap_field_data` where ``OverrideModulestoreFieldData.wrap`` stood. The
  stock field data answers a provider's silence by asking all ancestors of the block about each inheritable field,
  which makes the collection of a block structure five times slower and depends on who may load those ancestors. For
  the blocks of an edition we put :class:`EditionFieldData` instead, which asks nobody; for all others we call the
  stock function.

What an edition says about a field is decided in ``block_tree``.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from lms.djangoapps.ccx.overrides import CustomCoursesForEdxOverrideProvider
from lms.djangoapps.courseware.field_overrides import (
    OverrideFieldData,
    OverrideModulestoreFieldData,
    overrides_disabled,
    resolve_dotted,
)
from xblock.core import XBlock, XBlockAside
from xblock.field_data import FieldData

from cohort_sessions.edxapp.hooks.block_tree import INHERITABLE, BlockTree
from cohort_sessions.edxapp.hooks.editions import BlockKey, course_key_of, edition_of


class EditionFieldData(FieldData):
    """
    The authored fields of one block, as an edition shows them.

    Under ``field_overrides.disable_overrides()`` it shows them as the author left them.

    Arguments:
        tree: the edition's view of the course.
        block_key: the block's place in it.
        fallback: the block's field data without the edition; whatever is written goes there.
    """

    def __init__(self, tree: BlockTree, block_key: BlockKey, fallback: FieldData):
        self.tree = tree
        self.fallback = fallback
        self._block_key = block_key
        self._claimed = tree.claimed(block_key)

    def has(self, block: XBlock, name: str) -> bool:
        """Tell whether the field is set on the block itself, neither inherited nor a default."""
        if self._decides(block, name):
            return self.tree.is_set(self._block_key, block.fields[name])
        return self.fallback.has(block, name)

    def get(self, block: XBlock, name: str) -> Any:
        """Return the raw value of a field that is set on the block itself."""
        if self._decides(block, name):
            return self.tree.value(self._block_key, block.fields[name])
        return self.fallback.get(block, name)

    def default(self, block: XBlock, name: str) -> Any:
        """Return the raw value of a field that is not set on the block; ``KeyError`` means the field's own default."""
        if self._decides(block, name):
            return self.tree.value(self._block_key, block.fields[name])
        if name in INHERITABLE and not isinstance(block, XBlockAside) and not overrides_disabled():
            return self.tree.inherited(self._block_key, block.fields[name])
        return self.fallback.default(block, name)

    def set(self, block: XBlock, name: str, value: Any) -> None:
        """Pass the value on."""
        self.fallback.set(block, name, value)

    def set_many(self, block: XBlock, update_dict: dict[str, Any]) -> None:
        """Pass the values on."""
        self.fallback.set_many(block, update_dict)

    def delete(self, block: XBlock, name: str) -> None:
        """Pass the wish on."""
        self.fallback.delete(block, name)

    def decided_among(self, block: XBlock, names: Iterable[str]) -> list[str]:
        """Return those of `names` whose value the edition may change on this block, by its say or by inheritance."""
        return [name for name in names if name in INHERITABLE or self._decides(block, name)]

    def _decides(self, block, name):
        """Tell whether the edition has the say on the field; not for an aside, which reads through its block's data."""
        return (
            name in self._claimed
            and name in block.fields
            and not isinstance(block, XBlockAside)
            and not overrides_disabled()
            and self.tree.decides(self._block_key, block.fields[name])
        )


class EditionFieldOverrideProvider(CustomCoursesForEdxOverrideProvider):
    """
    The stock provider, except that it reads an edition of ours by our rules.

    It is the stock one for every other CCX, and for editions too while
    ``cohort_sessions.disable_field_override_repairs`` is on. Where :func:`wrap_field_data` is installed it is never
    asked about an edition, and marks a place in the order of providers; where an operator left the stock wrapper it
    answers as much as a provider can.
    """

    def get(self, block: XBlock, name: str, default: Any) -> Any:
        """Return the edition's raw value for the field `name` of `block`, or `default` when it has no say."""
        tree = tree_of(block)
        if tree is None:
            return super().get(block, name, default)
        block_key = block_key_of(block)
        field = block.fields.get(name)
        if field is None or not tree.decides(block_key, field):
            return default
        try:
            return tree.value(block_key, field)
        except KeyError:
            return field.default


def wrap_field_data(block: XBlock, field_data: FieldData) -> FieldData:
    """
    Return the field data through which `block` is read: an entry of ``XBLOCK_FIELD_DATA_WRAPPERS``.

    For a block of an edition our field data stands in the chain where our provider stands among the providers.
    """
    tree = tree_of(block)
    if tree is None:
        return OverrideModulestoreFieldData.wrap(block, field_data)
    edition_data = EditionFieldData(tree, block_key_of(block), field_data)
    above, below = _other_providers(tree.edition, block, edition_data)
    if below:
        edition_data.fallback = OverrideModulestoreFieldData(field_data, below)
    return OverrideModulestoreFieldData(edition_data, above) if above else edition_data


def dress(block: XBlock) -> None:
    """
    Make a block that became an edition's after it was built read as the edition's.

    The modulestore builds a block under its base key, reads a few of its fields, and only then gives it the edition's
    key. Its field data was chosen on the first of these reads. This chooses anew, and forgets what was read too
    early.
    """
    chosen = block.runtime.block_field_datas
    if block not in chosen or wrap_field_data not in block.runtime.modulestore.xblock_field_data_wrappers:
        return
    tree = tree_of(block)
    layers = list(_layers(chosen[block]))
    if tree is None or any(isinstance(layer, EditionFieldData) and layer.tree is tree for layer in layers):
        return
    chosen[block] = wrap_field_data(block, layers[-1])
    edition_data = next(layer for layer in _layers(chosen[block]) if isinstance(layer, EditionFieldData))
    # The names of what XBlock itself uses for this purpose when it binds a block to another learner.
    for name in edition_data.decided_among(block, list(block._field_data_cache)):  # noqa: SLF001
        del block._field_data_cache[name]  # noqa: SLF001
        block._dirty_fields.pop(block.fields[name], None)  # noqa: SLF001
    if edition_data.decided_among(block, ["grading_policy"]):
        # A course block derives its grader and cut-offs when it is built, from the policy it then had.
        block.set_grading_policy(block.grading_policy)


def tree_of(block: XBlock) -> BlockTree | None:
    """Return the edition's view of the course that `block` was read from, ``None`` unless its key is an edition's."""
    edition = edition_of(course_key_of(block))
    if edition is None:
        return None
    # The split modulestore's runtime knows the structure that it builds blocks from, and every block's parent in it.
    return edition.tree(block.runtime.course_entry.structure, block.runtime._parent_map)  # noqa: SLF001


def block_key_of(block: XBlock) -> BlockKey:
    """Return the place of `block` in its course."""
    usage_key = block.scope_ids.usage_id
    return usage_key.block_type, usage_key.block_id


def _other_providers(edition, block, edition_data):
    """Return the providers that apply to the edition besides ours: those that win over it, and those it wins over."""
    if edition.providers is None:
        # Providers decide by reading the block, which must not send it through its ancestors.
        block.runtime.block_field_datas[block] = edition_data
        ours = f"{EditionFieldOverrideProvider.__module__}.{EditionFieldOverrideProvider.__qualname__}"
        above, below = [], []
        side = above
        for dotted_name in settings.MODULESTORE_FIELD_OVERRIDE_PROVIDERS:
            if dotted_name == ours:
                side = below
            elif (provider := resolve_dotted(dotted_name)).enabled_for(block):
                side.append(provider)
        edition.providers = above, below
    return edition.providers


def _layers(field_data):
    """Return `field_data` and what stands below it, outermost first, down to the block's own."""
    yield field_data
    while isinstance(field_data, (EditionFieldData, OverrideFieldData)):
        field_data = field_data.fallback
        yield field_data
