"""What the page "My alerts" shows somebody: their own ways, and what became of the latest test by each."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from phonenumbers import PhoneNumberFormat, format_number, parse

from crm.enums import WayCheckKind
from crm.models import StaffChannel, User, WayCheck
from crm.selectors.ways import with_addresses
from notifications.channels.registry import channels_in_use
from notifications.channels.webhook import Endpoint
from notifications.enums import ChannelName, MessageState
from notifications.models import Message
from notifications.reasons import in_words

SHOWN_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one test. `state` names its look."""

    check: WayCheck
    words: str
    state: str
    is_settled: bool
    can_be_confirmed: bool


@dataclass(frozen=True, slots=True)
class OwnWay:
    """One way of the reader's; `way` is None for the e-mail address of the account.

    `is_unreadable`: our keys do not open its address, so nothing goes there.
    """

    way: StaffChannel | None
    title: str
    address: str
    is_open: bool
    result: Result | None
    has_code: bool = False
    is_unreadable: bool = False
    is_signed: bool = False
    both_until: datetime | None = None  # an old secret signs, too


def my_ways(user: User, at: datetime) -> list[OwnWay]:
    """Return the ways of one person, e-mail first, in two queries."""
    recent = WayCheck.objects.filter(user=user, sent_at__gt=at - SHOWN_FOR).select_related("message")
    checks = list(recent.order_by("-sent_at", "-id"))
    ways = StaffChannel.objects.filter(user=user).order_by("added_at", "pk")
    return [_email(user, checks, at), *(_own(*each, checks, at) for each in with_addresses(ways))]


def _email(user: User, checks: list[WayCheck], at: datetime) -> OwnWay:
    mine = [each for each in checks if each.channel == ChannelName.EMAIL]
    return OwnWay(None, "E-mail", user.email, is_open=True, result=_result(mine, at))


def _own(way: StaffChannel, address: str | None, checks: list[WayCheck], at: datetime) -> OwnWay:
    mine = [each for each in checks if each.way_id == way.pk]
    codes = [each for each in mine if each.kind == WayCheckKind.CODE]
    has_code = bool(codes) and codes[0].confirmed_at is None and codes[0].expires_at > at
    return OwnWay(
        way=way,
        title=way.name_in_words(),
        address="" if address is None else _written(way),
        is_open=way.channel in channels_in_use(),
        result=_result(mine if way.verified_at else codes, at),
        has_code=has_code,
        is_unreadable=address is None,
        **({} if address is None else _signed(way, at)),
    )


def _written(way: StaffChannel) -> str:
    """Return the address as its owner knows it; that of a browser says nothing to anybody."""
    if way.channel in {ChannelName.SMS, ChannelName.VOICE}:
        return format_number(parse(way.address), PhoneNumberFormat.INTERNATIONAL)
    if way.channel == ChannelName.WEBHOOK:
        return urlsplit(Endpoint.read(way.address).url).hostname or ""
    return ""


def _signed(way: StaffChannel, at: datetime) -> dict[str, Any]:
    """Say whether it is a webhook that gets signatures, and until when an old secret makes one, too."""
    if way.channel != ChannelName.WEBHOOK:
        return {}
    endpoint = Endpoint.read(way.address)
    until = endpoint.both_until(at.timestamp())
    both = datetime.fromtimestamp(until, UTC) if until else None
    return {"is_signed": bool(endpoint.secrets), "both_until": both}


def _result(checks: list[WayCheck], at: datetime) -> Result | None:
    latest = next(iter(checks), None)
    if latest is None or latest.message is None:
        return None
    words, state, is_settled = _became(latest, latest.message)
    may = latest.kind != WayCheckKind.CODE and latest.confirmed_at is None and latest.expires_at > at
    return Result(latest, words, state, is_settled, can_be_confirmed=may and state != "bad")


def _became(check: WayCheck, message: Message) -> tuple[str, str, bool]:
    """Return in words what became of a test, its look, and whether that is its end."""
    if check.confirmed_at:
        return "you said that it came", "good", True
    if message.state == MessageState.FAILED:
        return f"did not go out: {in_words(message.why).lower()}", "bad", True
    if message.state == MessageState.CANCELLED:
        return f"not sent: {in_words(message.why).lower()}", "bad", True
    if message.delivered_at:
        return "arrived, says its provider", "good", True
    if message.state == MessageState.SENT:
        return "sent", "open", _has_no_receipts(message)
    held = f": {in_words(message.why).lower()}" if message.why else ""
    return f"on its way{held}", "open", False


def _has_no_receipts(message: Message) -> bool:
    return message.channel in {ChannelName.EMAIL, ChannelName.PUSH, ChannelName.WEBHOOK}
