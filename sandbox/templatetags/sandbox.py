"""Small wordings for templates."""

from django import template

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """A share of 1 as a whole percentage: 0.4 is "40%"."""
    return f"{share:.0%}"


@register.filter
def text(value: object) -> str:
    """The value as text, for comparing."""
    return str(value)
