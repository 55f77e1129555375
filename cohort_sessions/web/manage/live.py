"""
Forms that say what is wrong before anything is saved.

The form holds all its checks, those of the operation behind it included. Saving asks it once; ``live.js`` asks it each
time a field is left, by the same request with one field more, which every view answers before it would save. Nothing is
written by asking. Whether somebody else has changed the session meanwhile is told on saving only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from cohort_sessions.web.forms import Line, PageForm
from cohort_sessions.web.manage.fields import tell_faults

# The field of the request that asks without saving.
VALIDATE = "validate"


class CheckedForm(PageForm):
    """
    A form whose values the operation behind it checks as well.

    Args:
        check: from what `values` returns, and the names of fields that could not be read, to what is wrong with them:
            field name -> sentence. It must not write.
    """

    def __init__(self, *args, check: Callable[[Mapping, Collection[str]], Mapping[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self._check = check

    def values(self) -> Mapping[str, object]:
        """What saving hands to the operation, without the fields that could not be read."""
        raise NotImplementedError

    def clean(self) -> dict:
        """Tell what the operation would refuse, beside its field. Subclasses with rules of their own call this last."""
        tell_faults(self, self._check(self.values(), set(self.errors)))
        return self.cleaned_data


def only_asks(request: HttpRequest) -> bool:
    """Whether what was sent is to be looked at and not saved."""
    return VALIDATE in request.POST


def answer(*looked_at: PageForm) -> JsonResponse:
    """
    What is wrong with forms of one page that were looked at.

    ``fields``: by the id of each field that is wrong, the `sentence` beside it, and what is `said` of it to those who
    are elsewhere on the page by now. ``faults``: sentences about the forms as a whole. ``controls``: by the id of each
    field of several inputs, those inputs as HTML, since what was sent may ask for more or fewer of them.
    """
    lines = [line for form in looked_at for line in form.lines.values()]
    return JsonResponse(
        {
            "fields": {line.field_id: _told(line) for line in lines if line.errors},
            "faults": [fault for form in looked_at for fault in form.faults],
            "controls": {line.field_id: line.control for line in lines if not line.label_for},
        }
    )


def _told(line: Line) -> Mapping[str, str]:
    sentence = " ".join(line.errors)
    said = _("%(field)s: %(sentence)s") % {"field": line.label, "sentence": sentence}
    return {"sentence": sentence, "said": said}
