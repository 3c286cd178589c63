"""Staff say by what they want to be told, and take it back."""

import base64
import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from crm.models import RemovedWay, StaffChannel, User
from crm.refusals import NotSigned, TooManySecrets, TooManyWays
from crm.selectors.ways import with_addresses
from notifications.channels.webhook import SLACK, STANDARD, TEAMS, Endpoint
from notifications.enums import ChannelName
from notifications.hooks.signatures import SECRET_PREFIX
from notifications.services.outbox import recipient_search, recipient_token

MOST = 10
MOST_SECRETS = 4  # that sign at a time: a header for each message holds them all
SECRET_BYTES = 32  # Standard Webhooks asks for 24 to 64
SHAPE_NAMES = {SLACK: "Slack", TEAMS: "Teams", STANDARD: "signed"}


@transaction.atomic
def add_way(*, user: User, channel: ChannelName, address: str, name: str, at: datetime) -> StaffChannel:
    """Keep a number or a browser of somebody; nothing goes there before it is verified.

    One that they have already is returned; if it was lost, it has to be verified anew. If its address could
    not be read any more, it can be now. A browser that was somebody else's is theirs no longer. Raises
    TooManyWays.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if channel == ChannelName.PUSH:
        _of_address(channel, address).exclude(user=user).delete()
    known = _of_address(channel, address).filter(user=user).first()
    if known:
        return _taken_up(known, address)
    if user.ways.count() >= MOST:
        raise TooManyWays(MOST)
    said = {"channel": channel, "address": address, "recipient": recipient_token(address), "name": name}
    return StaffChannel.objects.create(user=user, added_at=at, **said)


def add_webhook(*, user: User, url: str, shape: str, at: datetime) -> StaffChannel:
    """Keep a webhook of somebody; one that checks signatures gets a secret of its own. Raises TooManyWays."""
    mine = with_addresses(StaffChannel.objects.filter(user=user, channel=ChannelName.WEBHOOK))
    known = [address for _, address in mine if address is not None and _leads_to(address, url, shape)]
    keys = (_new_secret(),) if shape == STANDARD else ()
    address = known[0] if known else Endpoint(url, keys, shape).write()
    name = f"Webhook, {SHAPE_NAMES[shape]}"
    return add_way(user=user, channel=ChannelName.WEBHOOK, address=address, name=name, at=at)


@transaction.atomic
def renew_secret(*, way: StaffChannel, at: datetime) -> str:
    """Give a webhook that checks signatures a new secret, and return it. Raises TooManySecrets and NotSigned.

    What was queued before is signed as it was known then: with the old one alone.
    """
    kept = StaffChannel.objects.select_for_update().get(pk=way.pk)
    if not secret_of(kept):
        raise NotSigned
    endpoint = Endpoint.read(kept.address)
    if len(endpoint.signing(at.timestamp())) >= MOST_SECRETS:
        raise TooManySecrets
    secret = _new_secret()
    kept.address = endpoint.renewed(secret, at).write()
    kept.recipient = recipient_token(kept.address)
    kept.save(update_fields=["address", "recipient"])
    return secret


def secret_of(way: StaffChannel) -> str:
    """Return what its owner checks our signatures with, if it is a webhook that gets any."""
    if way.channel != ChannelName.WEBHOOK:
        return ""
    return next(iter(Endpoint.read(way.address).secrets), "")


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _leads_to(address: str, url: str, shape: str) -> bool:
    endpoint = Endpoint.read(address)
    return (endpoint.url, endpoint.shape) == (url, shape)


@transaction.atomic
def remove_way(*, way: StaffChannel, at: datetime) -> None:
    """Send nothing there any more, and forget the address; what is on its way there takes the next way."""
    RemovedWay.objects.create(channel=way.channel, recipient=way.recipient, removed_at=at)
    way.delete()


def _of_address(channel: ChannelName, address: str) -> QuerySet[StaffChannel]:
    found = StaffChannel.objects.filter(channel=channel, recipient__in=recipient_search(address))
    return found.defer("address")


def _taken_up(way: StaffChannel, address: str) -> StaffChannel:
    way.address = address
    if way.lost_at:
        way.lost_at, way.lost_why, way.verified_at, way.confirmed_at = None, "", None, None
    way.save(update_fields=["address", "lost_at", "lost_why", "verified_at", "confirmed_at"])
    return way
