"""The public pages of one centre."""

import pytest

from crm.models import Site
from intake import frame
from intake.services.content import load_shipped_content


@pytest.fixture(autouse=True)
def _no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame._Memory, "latest", None)


@pytest.fixture
def centre(site: Site) -> Site:
    """The site that takes the public enquiries, with the content that ships."""
    site.is_default = True
    site.save()
    load_shipped_content()
    return site
