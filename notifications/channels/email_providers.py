"""The e-mail providers that are spoken to by their API. That is large, so it is loaded when it is used."""

from notifications.channels.base import Channel, Handed, Outgoing

PROVIDERS = {  # and the settings without which each cannot send
    "brevo": ("BREVO_API_KEY",),
    "mailersend": ("MAILERSEND_API_TOKEN",),
    "mailgun": ("MAILGUN_API_KEY",),
    "mailjet": ("MAILJET_API_KEY", "MAILJET_SECRET_KEY"),
    "postmark": ("POSTMARK_SERVER_TOKEN",),
    "resend": ("RESEND_API_KEY",),
    "sparkpost": ("SPARKPOST_API_KEY",),
}


def send_by(provider: str) -> Channel:
    """Return the channel of one provider."""

    def send(outgoing: Outgoing) -> Handed:
        from notifications.channels.email_api import send_by_api

        return send_by_api(provider, outgoing)

    return send
