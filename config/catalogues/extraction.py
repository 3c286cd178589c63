"""Every public text of the source, as a template of the catalogues.

Marked texts of Python and of templates, the labels of answers, and data that every public page shows as it
ships: the emergency card, and the help lines. Of data that staff have changed there is no entry: it stays in
English.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

from config.catalogues.places import ROOT, empty_catalogue

Found = tuple[str | tuple[str, ...], list[str], str | None]  # what is said, notes on it, its context

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "N_"), (1,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
DATA = "intake/content"
ENUMS = (
    *("AgeBand", "Symptom", "History", "Situation", "Medical", "Pregnancy"),
    *("Frequency", "Source", "Route", "Behaviour", "Programme"),
)


def extract_texts() -> Catalog:
    """Return the template: each text once, with the files that it stands in."""
    catalog = empty_catalogue()
    for path in _sources():
        for text, comments, context in _texts_in(path):
            catalog.add(text, locations=[(_named(path), 0)], auto_comments=comments, context=context)
    for text, note in _data():
        catalog.add(text, locations=[(DATA, 0)], auto_comments=[note])
    for text in _labels():
        catalog.add(text, locations=[("intake/enums", 0)])
    return catalog


def _sources() -> list[Path]:
    templates = sorted((ROOT / "templates").rglob("*.html"))
    return [*sorted((ROOT / "intake").rglob("*.py")), *templates]


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _texts_in(path: Path) -> Iterator[Found]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        source = _as_python(source)
    found = extract_python(BytesIO(source.encode()), KEYWORDS, ["Translators:"], {"encoding": "utf-8"})
    for _, function, given, comments in found:
        said = given if isinstance(given, tuple | list) else (given,)
        if None not in said:  # as for a variable
            yield _read(KEYWORDS[str(function)], [str(each) for each in said], list(comments or ()))


def _as_python(template: str) -> str:
    """Return Django's rendering of a template for xgettext, without the indents that Python would mind."""
    return re.sub(r"^[ \t]+", "", templatize(template), flags=re.MULTILINE)


def _read(spec: tuple[int | tuple[int, str], ...], said: list[str], comments: list[str]) -> Found:
    """Return what a call says: a text, or a singular and a plural, and the context that sets it apart."""
    context = said[0] if isinstance(spec[0], tuple) else None
    places = [each for each in spec if isinstance(each, int)]
    chosen = tuple(said[place - 1] for place in places)
    return (chosen if len(chosen) > 1 else chosen[0]), comments, context


def _data() -> Iterator[tuple[str, str]]:
    """Return data that every page shows. The card is clinical content: a draft until it is approved."""
    from intake.content.help_lines import shipped_help_lines
    from intake.frame import fallback_frame

    for card in fallback_frame().cards:
        for text in (card.heading, *card.bullets):
            yield text, "Emergency card. Clinical content: a draft until a clinician has approved it."
    for line in shipped_help_lines():
        if line.locale == "GB":
            yield from ((text, "A help line.") for text in (line.name, line.purpose, line.hours) if text)


def _labels() -> Iterator[str]:
    """Return the labels of the answers that callers choose from (intake.forms.choices)."""
    from intake import enums

    for name in ENUMS:
        yield from (str(each.label) for each in getattr(enums, name))
