"""What staff can be told by, besides e-mail."""

import factory
from factory.django import DjangoModelFactory

from crm.models import StaffChannel
from jobs.clock import database_now
from notifications.enums import ChannelName
from notifications.services.outbox import recipient_token
from tests.factories.staff import UserFactory


class StaffChannelFactory(DjangoModelFactory[StaffChannel]):
    """Texts to a number that its owner has shown to be theirs."""

    class Meta:
        model = StaffChannel

    user = factory.SubFactory(UserFactory)
    channel = ChannelName.SMS
    address = factory.Sequence(lambda n: f"+447700900{460 + n % 90}")  # never one that a test names
    recipient = factory.LazyAttribute(lambda way: recipient_token(way.address))
    added_at = factory.LazyFunction(database_now)
    verified_at = factory.LazyAttribute(lambda way: way.added_at)
