"""Web push: RFC 8030 (the service), 8291 (what is encrypted), 8292 (who we are)."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Self

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

from notifications.channels.base import AddressGone, DeliveryError, Handed, Outgoing
from notifications.channels.deadline import Deadline
from notifications.channels.http import Answer, call, origin

GONE = {404, 410}  # RFC 8030, 7.3: the subscription has ended
REFUSED = {400, 413}  # the request is wrong, or larger than 4096 bytes (RFC 8030, 7.2)
LONGEST_TEXT = 800  # letters: 4096 bytes at the most, encrypted, if each took four
SIGNED_FOR = 12 * 60 * 60  # seconds; RFC 8292 allows a day
TOPIC_LETTERS = 32  # RFC 8030, 5.4


@dataclass(frozen=True)
class Subscription:
    """What a browser gives us, PushSubscription.toJSON()."""

    endpoint: str
    p256dh: str
    auth: str

    @classmethod
    def read(cls, written: str) -> Self:
        """Return the subscription in a browser's JSON. Raises DeliveryError, permanent, for anything else."""
        try:
            said = json.loads(written)
            return cls(str(said["endpoint"]), str(said["keys"]["p256dh"]), str(said["keys"]["auth"]))
        except (ValueError, KeyError, TypeError):
            raise DeliveryError("InvalidAddress", permanent=True) from None

    def write(self) -> str:
        keys = {key: value for key, value in asdict(self).items() if key != "endpoint"}
        return json.dumps({"endpoint": self.endpoint, "keys": keys})


def send_by_push(outgoing: Outgoing) -> Handed:
    """Hand the message to the push service of that browser, within OUTGOING_TIMEOUT seconds."""
    deadline = Deadline(min(settings.OUTGOING_TIMEOUT, outgoing.patience))
    subscription = Subscription.read(outgoing.to)
    headers = {
        "Authorization": _signed_for(origin(subscription.endpoint), outgoing.now),
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(outgoing.useful_for),
        "Urgency": "high",
    }
    if outgoing.topic:
        headers["Topic"] = topic_header(outgoing.topic)
    answer = call(
        "POST",
        subscription.endpoint,
        headers=headers,
        body=_sealed(outgoing, subscription),
        deadline=deadline,
        public_only=True,
    )
    if answer.is_success:
        return Handed(answer.headers.get("Location", ""))  # RFC 8030, 5: the message's own address there
    raise _failure(answer)


def topic_header(topic: str) -> str:
    """Return a topic as a push service takes it: 32 letters, the same for the same topic."""
    return urlsafe_b64encode(sha256(topic.encode()).digest()).decode()[:TOPIC_LETTERS]


def public_key() -> str:
    """Return the key that a browser has to subscribe with, the public half of VAPID_PRIVATE_KEY."""
    key = Vapid02.from_string(settings.VAPID_PRIVATE_KEY).public_key
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(point).decode().rstrip("=")


def shown_to_the_browser(outgoing: Outgoing) -> dict[str, str]:
    """Return what the service worker gets (assets/js/push_worker.js): words, links and ids, nobody's name."""
    return {
        "id": outgoing.id,
        "title": outgoing.subject,
        "body": outgoing.text.strip()[:LONGEST_TEXT],
        "link": outgoing.link,
        "topic": outgoing.topic,
        "answer": outgoing.answer_to,
    }


def _sealed(outgoing: Outgoing, subscription: Subscription) -> bytes:
    """Return what only that browser can read."""
    try:
        return http_ece.encrypt(
            json.dumps(shown_to_the_browser(outgoing), ensure_ascii=False).encode(),
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=_decode(subscription.p256dh),
            auth_secret=_decode(subscription.auth),
            version="aes128gcm",
        )
    except (ValueError, http_ece.ECEException):  # not a point of the curve, or no key at all
        raise DeliveryError("InvalidAddress", permanent=True) from None


def _signed_for(audience: str, now: float) -> str:
    """Return our VAPID signature for one push service."""
    claims = {"aud": audience, "sub": settings.VAPID_SUBJECT, "exp": int(now) + SIGNED_FOR}
    return str(Vapid02.from_string(settings.VAPID_PRIVATE_KEY).sign(claims)["Authorization"])


def _decode(written: str) -> bytes:
    return urlsafe_b64decode(written.rstrip("=") + "=" * (-len(written.rstrip("=")) % 4))


def _failure(answer: Answer) -> DeliveryError:
    """401 and 403 are about our key: to be put right, so not permanent."""
    if answer.status in GONE:
        return AddressGone(f"HTTP {answer.status}")
    return answer.failure(permanent=answer.status in REFUSED)
