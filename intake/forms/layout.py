"""Layout of the enquiry forms for crispy: questions, sections, folded extras, substances, hidden fields."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout, LayoutObject
from crispy_forms.utils import render_field
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django_stubs_ext import StrOrPromise

PRIVACY = mark_safe('{% include "intake/parts/send_privacy.html" %}')  # a constant


class Question(LayoutObject):
    """One question whose label or legend is the heading of its part of the page, and what follows from it."""

    def __init__(self, name: str, *follow_ups: Any) -> None:
        self.fields = [name, *follow_ups]

    def render(self, form: BaseForm, context: Any, **kwargs: Any) -> str:
        name, *follow_ups = self.fields
        first = render_field(name, form, context, extra_context={"as_heading": True}, **kwargs)
        rest = [render_field(each, form, context, **kwargs) for each in follow_ups]
        inside = mark_safe("".join([first, *rest]))  # noqa: S308  # rendered by templates
        return format_html('<div class="section">{}</div>', inside)


class PageQuestion(LayoutObject):
    """The one question of a page: its label or legend is the heading of the page."""

    def __init__(self, name: str, *follow_ups: Any) -> None:
        self.fields = [name, *follow_ups]

    def render(self, form: BaseForm, context: Any, **kwargs: Any) -> str:
        name, *follow_ups = self.fields
        heading = {"as_heading": True, "heading_tag": "h1"}
        first = render_field(name, form, context, extra_context=heading, **kwargs)
        rest = [render_field(each, form, context, **kwargs) for each in follow_ups]
        return mark_safe("".join([first, *rest]))  # noqa: S308  # rendered by templates


class PageGroup(LayoutObject):
    """Several short fields that answer one question, which is their legend and the heading of the page."""

    template = "intake/parts/page_group.html"

    def __init__(self, heading: StrOrPromise, *fields: Any, hint: StrOrPromise = "") -> None:
        self.heading, self.hint = heading, hint
        self.fields = list(fields)

    def render(self, form: BaseForm, context: Any, **kwargs: Any) -> str:
        inside = mark_safe(self.get_rendered_fields(form, context, **kwargs))  # noqa: S308  # rendered by templates
        return render_to_string(self.template, {"part": self, "inside": inside})


class Section(LayoutObject):
    """Several questions under one heading."""

    template = "intake/parts/section.html"

    def __init__(self, heading: StrOrPromise, *fields: Any, intro: StrOrPromise = "") -> None:
        self.heading, self.intro = heading, intro
        self.fields = list(fields)

    def render(self, form: BaseForm, context: Any, **kwargs: Any) -> str:
        inside = mark_safe(self.get_rendered_fields(form, context, **kwargs))  # noqa: S308  # rendered by templates
        is_open = form.is_bound and self._was_used(form)
        return render_to_string(self.template, {"part": self, "inside": inside, "is_open": is_open})

    def _was_used(self, form: BaseForm) -> bool:
        names = [pointer.name for pointer in self.get_field_names() if pointer.name in form.fields]
        return any(form[name].errors or form[name].value() for name in names)


class Folded(Section):
    """Optional questions behind a heading that opens, open from the start when something in them was said."""

    template = "intake/parts/folded.html"


class Substances(Field):
    """The ticks of `uses`, each followed by its own questions, which CSS opens once it is ticked."""

    def __init__(self) -> None:
        super().__init__("uses")

    def render(self, form: Any, context: Any, **kwargs: Any) -> str:  # crispy's signature
        uses = form["uses"]
        rows = [(tick, form.follow_ups(tick.data["value"])) for tick in uses.subwidgets]
        return render_to_string("intake/parts/substances.html", {"field": uses, "rows": rows})


class Send(HTML):
    """The button, with a line under it, and for callers what becomes of what they send."""

    def __init__(self, label: StrOrPromise, note: StrOrPromise = "", *, is_public: bool = True) -> None:
        said = '{{% if not not_stored %}}<p class="small soft">{}</p>{{% endif %}}'  # no promise in an outage
        below = format_html(said, note) if note else ""
        button = format_html('<button class="btn btn-primary btn-large" type="submit">{}</button>', label)
        privacy = PRIVACY if is_public else ""
        super().__init__(format_html('<div class="send">{}{}{}</div>', button, below, privacy))


def traps() -> Div:
    """Return the hidden fields: the key, when the form was shown, and one that only robots fill in."""
    homepage = Div("homepage", css_class="not-for-people", aria_hidden="true")
    return Div("idempotency_key", "shown_at", homepage)


def form_helper(*parts: Any, hidden: Div | None = None) -> FormHelper:
    """Return a helper for a form that the server alone validates (SAFETY, standard 3)."""
    helper = FormHelper()
    helper.form_class = "form"
    helper.attrs = {"novalidate": "", "accept-charset": "utf-8"}
    helper.disable_csrf = True  # the public forms use no cookie, see intake.views.enquiry
    helper.layout = Layout(traps() if hidden is None else hidden, *parts)
    return helper
