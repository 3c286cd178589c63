"""Providers on loopback, for what the desk has sent by them."""

from tests.notifications.conftest import queue_alert, serve, smtp, twilio

__all__ = ["queue_alert", "serve", "smtp", "twilio"]
