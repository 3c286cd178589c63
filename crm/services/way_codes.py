"""A code by the way itself shows that it reaches whoever added it: six digits, ten minutes, five tries."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

from crm.enums import WayCheckKind
from crm.models import StaffChannel, User, WayCheck
from crm.refusals import CodeOver, CodeWrong, TooManyCodes
from notifications.catalogue import MessageKind
from notifications.enums import ChannelName
from notifications.services.outbox import queue_message

GOOD_FOR = timedelta(minutes=10)
MOST_TRIES = 5
DIGITS = 6
WINDOW = timedelta(hours=1)
MOST_A_PERSON = 6  # codes an hour, by all their ways
MOST_AN_ADDRESS = 4  # an hour, whoever asks: nobody's phone is rung all night by a form of ours


@transaction.atomic
def send_code(*, way: StaffChannel, at: datetime) -> WayCheck:
    """Send a new code by the way; the one before is good no longer. Raises TooManyCodes."""
    User.objects.select_for_update().get(pk=way.user_id)
    if _had_enough(way, at):
        raise TooManyCodes
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    check = WayCheck(user_id=way.user_id, way=way, channel=way.channel, recipient=way.recipient)
    check.kind, check.sent_at, check.expires_at = WayCheckKind.CODE, at, at + GOOD_FOR
    check.code_hash = _hash(check, code)
    check.message = queue_message(
        kind=MessageKind.WAY_CODE,
        to=way.address,
        context={"code": code},
        dedupe_key=f"code:{check.pk}",
        about=None,
        at=at,
        channel=ChannelName(way.channel),
        person=way.user_id,
    )
    check.save()
    return check


def confirm_code(*, way: StaffChannel, code: str, at: datetime) -> None:
    """Use the way from now on, if that is the code. Raises CodeWrong, and CodeOver after five wrong ones."""
    refusal = _settle(way, code, at)  # a wrong try is counted, whatever becomes of the request
    if refusal:
        raise refusal


@transaction.atomic
def _settle(way: StaffChannel, code: str, at: datetime) -> CodeWrong | CodeOver | None:
    check = _latest(way)
    if check is None or check.expires_at <= at or check.tries >= MOST_TRIES or check.confirmed_at:
        return CodeOver()
    if not constant_time_compare(_hash(check, code), check.code_hash):
        check.tries += 1
        check.save(update_fields=["tries"])
        return CodeWrong() if check.tries < MOST_TRIES else CodeOver()
    check.confirmed_at = at
    check.save(update_fields=["confirmed_at"])
    StaffChannel.objects.filter(pk=way.pk, lost_at=None).update(
        verified_at=at, confirmed_at=at, failing_since=None, failing_why=""
    )
    return None


def _latest(way: StaffChannel) -> WayCheck | None:
    codes = WayCheck.objects.filter(way=way, kind=WayCheckKind.CODE).order_by("-sent_at", "-id")
    return codes.select_for_update().first()


def _had_enough(way: StaffChannel, at: datetime) -> bool:
    """Rows of ways that were removed count, too: they keep the token of their address."""
    sent = WayCheck.objects.filter(kind=WayCheckKind.CODE, sent_at__gt=at - WINDOW)
    mine, there = Q(user=way.user_id), Q(recipient=way.recipient)
    return sent.filter(mine).count() >= MOST_A_PERSON or sent.filter(there).count() >= MOST_AN_ADDRESS


def _hash(check: WayCheck, code: str) -> str:
    return salted_hmac("crm.way_codes", f"{check.pk}:{code}", algorithm="sha256").hexdigest()
