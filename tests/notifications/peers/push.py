"""A push service with one browser behind it: RFC 8030, 8291 and 8292, checked without our own code."""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from typing import Any

import http_ece
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.notifications.peers.server import Asked, Provider, Reply

AUTH = b"sixteen bytes ok"
PATH = "/push/a-subscription"
LOCATION = "/message/1"


class PushService(Provider):
    """Keeps what its browser can read in `shown`."""

    refusal = Reply(403)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.shown: list[dict[str, Any]] = []
        self._browser = ec.generate_private_key(ec.SECP256R1())

    def subscription(self, **changes: str) -> str:
        """Return what the browser's PushSubscription.toJSON() gives."""
        point = self._browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": encode(point), "auth": encode(AUTH)}
        endpoint = changes.pop("endpoint", f"{self.url}{PATH}")
        return json.dumps({"endpoint": endpoint, "expirationTime": None, "keys": keys | changes})

    def check(self, asked: Asked) -> None:
        assert (asked.method, asked.path) == ("POST", PATH), asked.path
        assert asked.headers["Content-Encoding"] == "aes128gcm"
        assert int(asked.headers["TTL"]) >= 0
        assert asked.headers["Urgency"] in {"very-low", "low", "normal", "high"}
        assert len(asked.body) <= 4096
        topic = asked.headers.get("Topic", "x")
        assert 0 < len(topic) <= 32, topic
        assert topic.replace("-", "").replace("_", "").isalnum(), topic
        self._check_vapid(asked.headers["Authorization"])

    def do(self, asked: Asked) -> Reply:
        plain = http_ece.decrypt(asked.body, private_key=self._browser, auth_secret=AUTH, version="aes128gcm")
        self.shown.append(json.loads(plain))
        return Reply(201, headers={"Location": LOCATION})

    def _check_vapid(self, authorization: str) -> None:
        scheme, _, rest = authorization.partition(" ")
        said = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert scheme == "vapid"
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(said["k"]))
        signed, _, signature = said["t"].rpartition(".")
        raw = decode(signature)
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        key.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
        claims = json.loads(decode(signed.partition(".")[2]))
        assert claims["aud"] == self.url, claims
        assert time.time() < claims["exp"] <= time.time() + 24 * 60 * 60, claims
        assert claims["sub"].startswith("mailto:"), claims


def encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def decode(written: str) -> bytes:
    return urlsafe_b64decode(written + "=" * (-len(written) % 4))
