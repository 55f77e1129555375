"""What one edition is and is to be, loaded once for all facets."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet
from lms.djangoapps.ccx.models import CcxFieldOverride, CustomCourseForEdX
from opaque_keys.edx.keys import UsageKey
from openedx.core.djangoapps.content.learning_sequences.models import LearningContext

from cohort_sessions.edxapp.host.courses import PublishedRun
from cohort_sessions.edxapp.marker import DATES_VERSION
from cohort_sessions.host import EditionSpec

# Raise it when a release of this plugin builds outlines, structures or dates differently, so that every edition is
# built anew.
BUILD = 1


@dataclass
class EditionState:
    """
    The wanted and the stored state of an edition.

    Attributes:
        row: the CCX row of the platform.
        overrides: (usage key of the base course, field name) -> raw JSON text, as stored when this run began.
        dates_version: what the platform's caches of the edition's dates are keyed by, "" before there is any.
        wanted_rows: the same keys -> raw JSON text wanted, ``None`` where no row is wanted; filled by the facets that
            are fields, in a dry run as well.
        personal_dates_differ: whether people's own deadlines are stored otherwise than wanted; found by their facet.
        failed_facets: names of the facets that failed in this run.
    """

    spec: EditionSpec
    row: CustomCourseForEdX
    base: PublishedRun
    overrides: dict[tuple[UsageKey, str], str]
    dates_version: str = ""
    wanted_rows: dict[tuple[UsageKey, str], str | None] = field(default_factory=dict)
    personal_dates_differ: bool = False
    failed_facets: set[str] = field(default_factory=set)

    @classmethod
    def load(cls, spec: EditionSpec, row: CustomCourseForEdX, base: PublishedRun) -> EditionState:
        """Read every override of the edition. One query."""
        rows = CcxFieldOverride.objects.filter(ccx=row).values_list("location", "field", "value")
        overrides = {(location, name): value for location, name, value in rows}
        dates_version = json.loads(overrides.pop((base.root, DATES_VERSION), '""'))
        return cls(spec, row, base, overrides, dates_version)

    def stored_fields(self, names: tuple[str, ...]) -> dict[str, str]:
        """The raw JSON texts stored on the course block for these fields, where there are any."""
        found = {name: self.overrides.get((self.base.root, name)) for name in names}
        return {name: text for name, text in found.items() if text is not None}

    def store_fields(self, names: tuple[str, ...], texts: dict[str, str]) -> None:
        """Make `texts` all that is stored on the course block for these fields. Two queries."""
        rows: QuerySet = CcxFieldOverride.objects.filter(ccx=self.row, location=self.base.root, field__in=names)
        rows.delete()
        CcxFieldOverride.objects.bulk_create(
            CcxFieldOverride(ccx=self.row, location=self.base.root, field=name, value=text)
            for name, text in texts.items()
        )

    @cached_property
    def content_version(self) -> str:
        """
        What the built content of the edition is made of: the base course's published version and every override.

        It names the edition's outline, and with it every cache the platform keys by an outline's version: a change is
        visible at once, where it would otherwise hide behind caches for 300 seconds. A change of people leaves it
        alone.
        """
        rows = {**self.overrides, **self.wanted_rows}
        texts = sorted((str(location), name, text) for (location, name), text in rows.items() if text is not None)
        made_of = json.dumps([BUILD, texts])
        return f"{self.base.version}-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}"

    @cached_property
    def built_version(self) -> str | None:
        """The content version the edition's outline was last built from, ``None`` when it never was. One query."""
        contexts = LearningContext.objects.filter(context_key=self.spec.edition_key)
        return contexts.values_list("published_version", flat=True).first()
