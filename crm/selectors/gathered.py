"""One message in place of many alerts that an outage has held up."""

from datetime import datetime

from crm.alert_words import answers_to_many, context_of_summary
from crm.models import StaffChannel, User
from notifications.enums import ChannelName, MessageKind
from notifications.services.gathering import Summary
from notifications.services.outbox import recipient_search


def alerts_together(channel: ChannelName, to: str, leads: int, at: datetime) -> Summary:
    """Return what tells an address of so many leads; with the page to answer them, if it is one person's."""
    user = _person_at(channel, to)
    answers = answers_to_many(user, at) if user else {}
    about = user.pk if user else None
    return Summary(MessageKind.ALERT_SUMMARY, context_of_summary(leads) | answers, about)


def _person_at(channel: ChannelName, to: str) -> User | None:
    """Return whose address it is; None if it is several people's, or nobody's any more."""
    people = User.objects.filter(is_active=True)
    if channel == ChannelName.EMAIL:
        return people.filter(email__iexact=to).first()
    theirs = StaffChannel.in_use(channel=channel, recipient__in=recipient_search(to)).values("user")
    found = list(people.filter(pk__in=theirs)[:2])
    return found[0] if len(found) == 1 else None
