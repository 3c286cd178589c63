"""Words that promote: with one of them a service message is marketing (PECR, regulation 22; ICO guidance)."""

import re

PROMOTES = re.compile(
    r"""\b(
        offers? | discounts? | deals? | vouchers? | promo(tion)?s? | sales? | save\ [£$€\d] | [£$€]\s?\d
      | free\ (trial|assessment|consultation|gift) | special | exclusive | limited\ time | don.t\ miss
      | (?<!no\ )hurry
      | book\ (now|today) | act\ now | sign\ up | subscribe | newsletter | refer\ a\ friend | recommend\ us
      | rate\ us | review\ us | follow\ us | like\ us | our\ (other\ )?(services|programmes|treatments)
      | leading | award | best | luxury | world.class | success\ rates? | guarantee[ds]? | testimonials?
      | gynnig | gostyngiad | oferta | zniżk\w* | promocj\w* | ofertă | reducere
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def promotes(text: str) -> str:
    """Return what in a text promotes something, "" if nothing does."""
    found = PROMOTES.search(text)
    return found[0] if found else ""
