"""How the page after sending thanks its reader: its own words, in place of the last text of the rules."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_stubs_ext import StrOrPromise

from crm.enums import CallerRole, LeadChannel
from intake.services.answering import Answer
from intake.triage.engine import LAST_MESSAGE, STATIC_MESSAGES

CLOSING_MESSAGES = frozenset({LAST_MESSAGE, *STATIC_MESSAGES})  # said by the page's own words and cards
BY_PAGE = frozenset({LeadChannel.WEB, LeadChannel.REFERRAL})  # others read no page, or their own
WILL_READ = {CallerRole.PROFESSIONAL: _("We have your message. A person will read your referral.")}
A_PERSON_READS = _("We have your message. A person will read it.")


@dataclass(frozen=True, slots=True)
class Closing:
    """A heading, and the sentences below it; under an alarm there are none."""

    heading: StrOrPromise
    lead: tuple[StrOrPromise, ...] = ()

    def in_words(self) -> str:
        """Return it as one text in English, the language of the desk, whatever language the page is in."""
        with override(settings.LANGUAGE_CODE):
            return " ".join([f"{self.heading}.", *map(str, self.lead)])


def closing_of(answer: Answer, role: CallerRole) -> Closing:
    if answer.alarms:
        return Closing(_("We have your message"))
    worse = _("If anything gets worse, use the numbers on this page.")
    return Closing(_("Thank you for telling us"), (WILL_READ.get(role, A_PERSON_READS), worse))


def as_read(answer: Answer, role: CallerRole, channel: LeadChannel) -> list[dict[str, str]]:
    """Return the messages with the words that the caller read: those of the page, where there was one."""
    if channel not in BY_PAGE:
        return answer.messages
    alarms, closing = answer.alarms, closing_of(answer, role).in_words()
    return [
        {**each, "text": closing} if each["key"] == LAST_MESSAGE and each not in alarms else each
        for each in answer.messages
    ]
