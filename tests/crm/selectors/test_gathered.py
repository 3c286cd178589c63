"""What stands for many alerts: with the page to answer them only where one person reads it."""

from crm.models import Site, User
from crm.selectors.gathered import alerts_together
from jobs.clock import database_now
from notifications.catalogue import CATALOGUE
from notifications.enums import ChannelName
from tests.factories import StaffChannelFactory, UserFactory

MOBILE = "+447700900123"


def test_by_e_mail_it_is_that_persons(site: Site, coordinator: User) -> None:
    summary = alerts_together(ChannelName.EMAIL, coordinator.email.upper(), 5, database_now())
    assert summary.about == coordinator.pk
    assert "/acks/" in summary.context["answer_link"]
    CATALOGUE[summary.kind].check_context(summary.context)


def test_a_number_of_two_people_answers_for_neither(site: Site, coordinator: User) -> None:
    StaffChannelFactory(user=coordinator, channel=ChannelName.SMS, address=MOBILE)
    assert alerts_together(ChannelName.SMS, MOBILE, 5, database_now()).about == coordinator.pk
    StaffChannelFactory(user=UserFactory(), channel=ChannelName.SMS, address=MOBILE)
    summary = alerts_together(ChannelName.SMS, MOBILE, 5, database_now())
    assert (summary.about, "answer_link" in summary.context) == (None, False)
    CATALOGUE[summary.kind].check_context(summary.context)


def test_whoever_has_left_answers_nothing(site: Site, coordinator: User) -> None:
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    summary = alerts_together(ChannelName.EMAIL, coordinator.email, 1500, database_now())
    assert summary.about is None
    assert summary.context["leads"] == "999"
