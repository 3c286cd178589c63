"""Webhooks: signed as https://www.standardwebhooks.com says, or in the shape of Slack's and Teams' own."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings

from notifications.channels.base import AddressGone, DeliveryError, Handed, Outgoing
from notifications.channels.deadline import Deadline
from notifications.channels.http import Answer, call
from notifications.channels.shapes import slack_body, standard_body, teams_body
from notifications.hooks.signatures import UnusableSecret, key_of, standard_signature

STANDARD, SLACK, TEAMS = "standard", "slack", "teams"
SHAPES: dict[str, Callable[[Outgoing], dict[str, Any]]] = {
    STANDARD: standard_body,
    SLACK: slack_body,
    TEAMS: teams_body,
}
# Standard Webhooks: 410 means that it should be sent nothing more; whatever else is not 2xx is tried again.
# https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
GONE = {
    STANDARD: {410},
    SLACK: {403, 404, 410},  # action_prohibited, no_service or channel_not_found, channel_is_archived
    TEAMS: {404, 410},
}
BOTH_SIGN_FOR = timedelta(days=7)  # an old secret and the new one: time to change it at the receiver
REFUSED = {STANDARD: set[int](), SLACK: {400, 413}, TEAMS: {400, 413}}  # they will never take this message


@dataclass(frozen=True)
class Endpoint:
    """Where to, in which shape, and the secrets to sign with, the newest leading.

    While one is being changed, `old` are those before it, each with the time (seconds since 1970) until which
    it signs, too.
    """

    url: str
    secrets: tuple[str, ...] = ()
    shape: str = STANDARD
    old: tuple[tuple[str, float], ...] = ()

    @classmethod
    def read(cls, written: str) -> Self:
        """Return the endpoint in our own JSON. Raises DeliveryError, permanent, for anything else."""
        try:
            said = json.loads(written)
            secrets = tuple(map(str, said["secrets"]))
            old = tuple((str(secret), float(until)) for secret, until in said.get("old", ()))
            endpoint = cls(str(said["url"]), secrets, str(said["shape"]), old)
        except (ValueError, KeyError, TypeError):
            raise DeliveryError("InvalidAddress", permanent=True) from None
        if endpoint.shape not in SHAPES or (endpoint.shape == STANDARD and not any(endpoint.secrets)):
            raise DeliveryError("InvalidAddress", permanent=True)
        return endpoint

    def write(self) -> str:
        said = asdict(self)
        if not self.old:
            del said["old"]
        return json.dumps(said)

    def signing(self, now: float) -> tuple[str, ...]:
        """Return the secrets that sign at a time."""
        return (*self.secrets, *(secret for secret, _ in self._still_good(now)))

    def both_until(self, now: float) -> float | None:
        """Return until when an old secret signs, too; nothing if none does any more."""
        return max((until for _, until in self._still_good(now)), default=None)

    def renewed(self, secret: str, at: datetime) -> Self:
        """Return it with a new secret; those that it had sign for a week from now. The rest is forgotten."""
        ends = (at + BOTH_SIGN_FOR).timestamp()
        old = (*((each, ends) for each in self.secrets), *self._still_good(at.timestamp()))
        return replace(self, secrets=(secret,), old=old)

    def _still_good(self, now: float) -> tuple[tuple[str, float], ...]:
        return tuple((secret, until) for secret, until in self.old if until > now)


def send_by_webhook(outgoing: Outgoing) -> Handed:
    """Post the message within WEBHOOK_TIMEOUT seconds; only 2xx is success."""
    endpoint = Endpoint.read(outgoing.to)
    body = json.dumps(body_of(outgoing)).encode()
    headers = {"Content-Type": "application/json"} | _signed(outgoing, endpoint, body)
    answer = call(
        "POST",
        endpoint.url,
        headers=headers,
        body=body,
        deadline=Deadline(min(settings.WEBHOOK_TIMEOUT, outgoing.patience)),
        public_only=True,
    )
    if answer.is_success:
        return Handed(outgoing.id)
    raise _failure(answer, endpoint.shape)


def body_of(outgoing: Outgoing) -> dict[str, Any]:
    """Return the message as what takes it reads it. Raises DeliveryError for an address that is none."""
    return SHAPES[Endpoint.read(outgoing.to).shape](outgoing)


def _signed(outgoing: Outgoing, endpoint: Endpoint, body: bytes) -> dict[str, str]:
    """Return the headers of the standard: the same id in each try, one signature for each secret.

    One that is no key is passed over while there is another: it must not cost the alert.
    """
    if endpoint.shape != STANDARD:
        return {}
    now = str(int(outgoing.now))
    signatures = [
        standard_signature(secret=secret, id=outgoing.id, timestamp=now, body=body)
        for secret in filter(_is_usable, endpoint.signing(outgoing.now))
    ]
    if not signatures:
        raise DeliveryError("UnusableSecret", permanent=True)
    return {
        "webhook-id": outgoing.id,
        "webhook-timestamp": now,
        "webhook-signature": " ".join(signatures),
    }


def _is_usable(secret: str) -> bool:
    try:
        return bool(key_of(secret))
    except UnusableSecret:
        return False


def _failure(answer: Answer, shape: str) -> DeliveryError:
    if answer.status in GONE[shape]:
        return AddressGone(f"HTTP {answer.status}")
    return answer.failure(permanent=answer.status in REFUSED[shape])
