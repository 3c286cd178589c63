"""`python -m config.catalogues extract` or `build`, for make."""

import os
import sys

from config.catalogues.building import build_catalogues
from config.catalogues.places import LANGUAGES, TEMPLATE, catalogue_of, read_catalogue, write_catalogue


def extract() -> None:
    """Bring the template and every catalogue up to date. What is no longer said is kept at the end."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    from config.catalogues.extraction import extract_texts

    template = extract_texts()
    write_catalogue(TEMPLATE, template)
    for language in LANGUAGES:
        catalog = read_catalogue(language)
        catalog.update(template, no_fuzzy_matching=True)
        write_catalogue(catalogue_of(language), catalog)


if __name__ == "__main__":
    {"extract": extract, "build": build_catalogues}[sys.argv[1]]()
