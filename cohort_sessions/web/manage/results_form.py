"""What the page of results is asked for: who is looked for and in which order, in a form and in its addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from cohort_sessions.queries.result_order import Column, Order, ResultFilter
from cohort_sessions.standing import Standing
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.wording import STANDING_NAMES

YES, NO = "yes", "no"


class ResultsForm(PageForm):
    """What is looked for, and in which order. What cannot be understood counts as not asked."""

    search = forms.CharField(
        label=gettext_lazy("Name, username or e-mail"),
        required=False,
        max_length=150,
        widget=forms.TextInput({"type": "search", "autocomplete": "off", "dir": "auto"}),
    )
    standing = forms.TypedChoiceField(
        label=gettext_lazy("Standing"),
        required=False,
        coerce=Standing,
        empty_value=None,
        choices=[("", gettext_lazy("Any")), *STANDING_NAMES.items()],
    )
    final = forms.TypedChoiceField(
        label=gettext_lazy("Final"),
        required=False,
        coerce=lambda value: value == YES,
        empty_value=None,
        choices=[
            ("", gettext_lazy("Final or not")),
            (YES, gettext_lazy("Final")),
            (NO, gettext_lazy("Not final")),
        ],
    )
    former = forms.BooleanField(label=gettext_lazy("Former members too"), required=False)
    # Chosen by the headings, and kept by the form.
    sort = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, data: Mapping | None, **kwargs):
        super().__init__(data, auto_id="cs-filter-%s", **kwargs)

    def wanted(self) -> ResultFilter:
        """What was understood of what is looked for."""
        self.is_valid()
        found = self.cleaned_data
        return ResultFilter(
            search=found.get("search", ""),
            standing=found.get("standing"),
            is_final=found.get("final"),
            with_former=found.get("former", False),
        )

    def order(self) -> Order:
        """The order that was understood, see `sort_key`; that of names else."""
        self.is_valid()
        text = self.cleaned_data.get("sort", "")
        name, _dot, edition = text.removeprefix("-").partition(".")
        try:
            return Order(Column(name), UUID(edition) if edition else None, is_descending=text.startswith("-"))
        except ValueError:
            return Order()


@dataclass(frozen=True, slots=True)
class Sort:
    """
    A way to sort by something.

    Attributes:
        about: the course that it is about, where that stands above several of them.
        direction: how the table is sorted by it now, as ``aria-sort`` has it; empty: it is not.
    """

    name: str
    about: str
    url: str
    direction: str


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What a page was asked for, to be asked for again.

    Attributes:
        url: of the page, without a query.
        values: query parameters that are looked for, by name.
        order: in which members stand.
    """

    url: str
    values: Mapping[str, str]
    order: Order

    def address(self, **more: object) -> str:
        """The page with all of it, and `more`; what is empty is left out."""
        return with_query(self.url, {**self.sorted(), **more})

    def sorted(self) -> dict[str, str]:
        """Everything that is asked for but the page."""
        key = sort_key(self.order)
        return {**self.values, "sort": key} if key else dict(self.values)

    def sort(self, order: Order, name: str, about: str = "") -> Sort:
        """The way to sort by this, and the other way round where that is so already."""
        is_now = (self.order.column, self.order.edition) == (order.column, order.edition)
        wanted = Order(order.column, order.edition, is_descending=is_now and not self.order.is_descending)
        direction = "descending" if self.order.is_descending else "ascending"
        url = with_query(self.url, {**self.values, "sort": sort_key(wanted)})
        return Sort(name, about, url, direction if is_now else "")


def sort_key(order: Order) -> str:
    """The order as an address names it: ``-grade``, or ``grade.<UUID of the course>``; empty for that of names."""
    if order == Order():
        return ""
    sign = "-" if order.is_descending else ""
    return f"{sign}{order.column.value}" + (f".{order.edition}" if order.edition else "")


def with_query(url: str, values: Mapping[str, object]) -> str:
    """An address with these query parameters, without those that say nothing."""
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{url}?{query}" if query else url
