"""The messages of alerts, by channel: what became of them, and why tries failed."""

from dataclasses import dataclass, replace

from crm.enums import FigureGroup, MessageFate
from crm.reports import definitions
from crm.reports.enquiries import read
from crm.reports.figures import Figure
from crm.reports.tables import Cell, Column, Row, Table
from crm.reports.window import Window
from notifications.enums import ChannelName
from notifications.reasons import in_words, is_code

_MESSAGES = """
SELECT channel, count(*), ARRAY[
    count(*) FILTER (WHERE 'SENT' = ANY(fates)), count(*) FILTER (WHERE 'ARRIVED' = ANY(fates)),
    count(*) FILTER (WHERE 'READ' = ANY(fates)), count(*) FILTER (WHERE 'TWICE' = ANY(fates)),
    count(*) FILTER (WHERE 'REPLACED' = ANY(fates)), count(*) FILTER (WHERE 'FAILED' = ANY(fates)),
    count(*) FILTER (WHERE 'CANCELLED' = ANY(fates)), count(*) FILTER (WHERE 'QUEUED' = ANY(fates))]
FROM alert_message GROUP BY 1
"""
_TRIES = """
SELECT channel, reason, left(encode(sha256(convert_to(reason, 'UTF8')), 'hex'), 12),
    count(*), count(DISTINCT message_id), count(DISTINCT lead_id)
FROM alert_try GROUP BY 1, 2 ORDER BY 4 DESC, 1, 2
"""


@dataclass(frozen=True)
class Sent:
    """The messages of one channel; `fates` in the order of MessageFate."""

    channel: str
    messages: int
    fates: list[int]


@dataclass(frozen=True)
class Failure:
    """The tries by one channel that failed for one reason: a code or class. `digest` names it in links."""

    channel: str
    reason: str
    digest: str
    tries: int
    messages: int
    leads: int

    @property
    def words(self) -> str:
        """Return the channel and the reason, with the code that a technician looks up."""
        words = in_words(self.reason)
        code = f" ({self.reason})" if is_code(self.reason) and words != self.reason else ""
        return f"{ChannelName(self.channel).label}: {words}{code}"


def messages_table(window: Window) -> Table:
    found = {each.channel: each for each in read(Sent, window, _MESSAGES)}
    rows = [_message_row(channel, found[channel]) for channel in ChannelName if channel in found]
    return Table(
        key="messages",
        title="Messages, by channel",
        definition=definitions.ALERT_MESSAGES,
        heading="Sent by",
        columns=[
            Column("Messages"),
            Column("Went out"),
            Column("Arrived", "as far as providers say"),
            Column("Read", "as far as providers say"),
            Column("Perhaps twice"),
            Column("Went another way"),
            Column("Failed"),
            Column("Not needed any more"),
            Column("Still waiting"),
        ],
        rows=rows,
    )


def _message_row(channel: ChannelName, sent: Sent) -> Row:
    """Messages are counted; a figure opens their leads, each once."""
    figure = Figure(group=FigureGroup.EVERY, way=channel.value)
    fates = [
        Cell.count(number, replace(figure, fate=fate.value))
        for fate, number in zip(MessageFate, sent.fates, strict=True)
    ]
    return Row(channel.label, [Cell.count(sent.messages, figure), *fates])


def tries_table(window: Window) -> Table:
    return Table(
        key="failures",
        title="Tries that failed, by channel and reason",
        definition=definitions.ALERT_TRIES,
        heading="Channel and reason",
        columns=[Column("Tries"), Column("Messages"), Column("Leads")],
        rows=[_try_row(each) for each in read(Failure, window, _TRIES)],
        shown=25,
    )


def _try_row(failure: Failure) -> Row:
    figure = Figure(group=FigureGroup.EVERY, way=failure.channel, reason=failure.digest)
    return Row(
        failure.words, [Cell.count(each, figure) for each in (failure.tries, failure.messages, failure.leads)]
    )
