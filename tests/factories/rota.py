"""People on shift."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from crm.models import Shift
from jobs.clock import database_now
from tests.factories.staff import SiteFactory, UserFactory


class ShiftFactory(DjangoModelFactory[Shift]):
    """Eight hours at the desk, begun an hour ago."""

    class Meta:
        model = Shift

    site = factory.SubFactory(SiteFactory)
    user = factory.SubFactory(UserFactory)
    starts_at = factory.LazyFunction(lambda: database_now() - timedelta(hours=1))
    ends_at = factory.LazyAttribute(lambda shift: shift.starts_at + timedelta(hours=8))
