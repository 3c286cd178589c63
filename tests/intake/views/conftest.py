"""The public pages of one centre."""

import pytest

from crm.models import Site
from intake.services.content import load_shipped_content


@pytest.fixture
def centre(site: Site) -> Site:
    """The site that takes the public enquiries, with the content that ships."""
    site.is_default = True
    site.save()
    load_shipped_content()
    return site
