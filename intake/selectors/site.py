"""The site that takes the public forms' enquiries."""

from django.conf import settings

from crm.models import Site
from intake.remembered import remembered


class _Known:
    """What this process read last, for a page that has to stand without a database."""

    phone = ""


@remembered
def default_site() -> Site:
    """Return the site that takes the public forms' enquiries. Raises Site.DoesNotExist before set-up."""
    site = Site.objects.get(is_default=True)
    _Known.phone = site.phone
    return site


def known_phone() -> str:
    """Return the clinic's number without a database: the one that this process read last, or PUBLIC_PHONE."""
    return _Known.phone or settings.PUBLIC_PHONE
