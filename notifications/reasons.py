"""Why a try failed, in words for whoever decides what to do. What is stored stays the code or class."""

import re

from notifications.enums import DeliveryOutcome, Why

OURS = {**dict(Why.choices), **dict(DeliveryOutcome.choices)}
BY_NAME = {
    "TimeoutError": "No answer in time",
    "ConnectionRefusedError": "No connection",
    "ConnectionResetError": "The connection broke",
    "ConnectionAbortedError": "The connection broke",
    "RemoteDisconnected": "The connection broke",
    "SMTPServerDisconnected": "The connection broke",
    "gaierror": "Its server was not found",
    "SSLError": "No safe connection",
    "SSLCertVerificationError": "The server's certificate cannot be trusted",
    "InvalidAddress": "That is no address",
    "AddressRefused": "The address leads into our own network",
    "NotSetUp": "This way is not set up here",
    "UnreadableAnswer": "The provider's answer makes no sense",
    "Twilio 21211": "That is no telephone number",
    "Twilio 21614": "That number takes no texts",
    "Twilio 21610": "They told us to stop",
}
BY_CODE = (
    (re.compile(r"SMTP 4\d\d"), "The mail server does not take it yet"),
    (re.compile(r"SMTP 5\d\d"), "The mail server refused it"),
    (re.compile(r"HTTP 429"), "The provider takes no more for now"),
    (re.compile(r"HTTP 40[13]"), "The provider does not let us in"),
    (re.compile(r"HTTP 4(04|10)"), "Nobody is at that address any more"),
    (re.compile(r"HTTP 4\d\d"), "The provider refused it"),
    (re.compile(r"HTTP 5\d\d"), "The provider has a fault"),
    (re.compile(r"Twilio \d+"), "The telephone provider refused it"),
)


def in_words(reason: str) -> str:
    """Return the words for a code or class; the code itself where there are none."""
    if words := OURS.get(reason) or BY_NAME.get(reason):
        return str(words)
    return next((words for code, words in BY_CODE if code.fullmatch(reason)), reason)


def is_code(reason: str) -> bool:
    """Return whether a reason says more than its words: a code or class that a technician looks up."""
    return bool(reason) and reason not in OURS
