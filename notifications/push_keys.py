"""The key by which push services know us (VAPID, RFC 8292)."""

from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec


def new_push_key() -> str:
    """Return a new VAPID_PRIVATE_KEY. With another key, every browser has to subscribe again."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")
