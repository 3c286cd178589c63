"""What Twilio is to do with a call that it asks us about."""

from xml.sax.saxutils import escape, quoteattr

RING_FOR = 30  # seconds, then it counts as missed
NOTHING_MORE = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def pass_call_on(*, number: str, report_to: str) -> str:
    """Ring a number, and report to an address when somebody answers there and when the call is over."""
    there = quoteattr(report_to)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Response><Dial timeout="{RING_FOR}" action={there}>'
        f'<Number statusCallback={there} statusCallbackEvent="answered">{escape(number)}</Number>'
        "</Dial></Response>"
    )


def engaged() -> str:
    """Let the caller hear the engaged tone: nobody is there to whom the call could be passed on."""
    return '<?xml version="1.0" encoding="UTF-8"?><Response><Reject reason="busy"/></Response>'
