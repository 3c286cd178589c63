import factory
from factory.django import DjangoModelFactory

from crm.enums import AlarmKind
from crm.models import Alarm
from jobs.clock import database_now


class AlarmFactory(DjangoModelFactory[Alarm]):
    class Meta:
        model = Alarm

    kind = AlarmKind.NOBODY_WATCHING
    site = None
    since = factory.LazyFunction(database_now)
