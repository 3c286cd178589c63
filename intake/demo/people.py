"""People who do not exist: invented names, and numbers and addresses that are set aside for fiction."""

from dataclasses import dataclass
from random import Random

GIVEN = (
    "Acorn", "Alder", "Anise", "Apple", "Barley", "Basil", "Beech", "Bilberry", "Birch", "Bramble",
    "Bryony", "Campion", "Caraway", "Cedar", "Chervil", "Chestnut", "Cicely", "Clove", "Clover",
    "Coriander", "Cowslip", "Dill", "Elder", "Fennel", "Fern", "Foxglove", "Gorse", "Hawthorn", "Hazel",
    "Heather", "Hyssop", "Juniper", "Larch", "Lavender", "Linden", "Lovage", "Mallow", "Maple",
    "Marjoram", "Medlar", "Mulberry", "Myrtle", "Nettle", "Oregano", "Parsley", "Pepper", "Pippin",
    "Quince", "Rowan", "Rush", "Saffron", "Sage", "Sedge", "Sorrel", "Spruce", "Tansy", "Teasel",
    "Thistle", "Thyme", "Willow", "Yarrow",
)  # fmt: skip
FAMILY = (
    "Bellweather", "Biscuitworth", "Bumbleby", "Buttonwood", "Candlewick", "Cloudberry", "Cobblepot",
    "Crumpetson", "Doormouse", "Duckington", "Featherday", "Fiddlestick", "Fogarty-Moon", "Gingerbread",
    "Glimmerwick", "Hedgehopper", "Honeydew", "Inkwell", "Jellicoe-Bean", "Kettlewell", "Lampwright",
    "Lanternfield", "Larkspurton", "Lemonhead", "Marmalade", "Mistlethwaite", "Mooncheese", "Nightcap",
    "Noodleby", "Oatcake", "Pebblesworth", "Picklewick", "Pillowby", "Pocketwatch", "Puddleton",
    "Quillfeather", "Raincoat", "Saltspoon", "Sandcastle", "Snowdropper", "Spindlethrift", "Starbottle",
    "Sugarloaf", "Teacup", "Thimbleby", "Ticktock", "Toffeeson", "Tumbledown", "Umbrellason",
    "Velvetine", "Waffleton", "Whistledown", "Windowsill", "Wobbleday", "Woolsack", "Yellowhammer",
    "Zephyrson",
)  # fmt: skip

# Ofcom keeps these for drama: https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama
LANDLINES = (
    "0113 496 0", "0114 496 0", "0115 496 0", "0116 496 0", "0117 496 0", "0118 496 0", "0121 496 0",
    "0131 496 0", "0141 496 0", "0151 496 0", "0161 496 0", "0191 498 0", "020 7946 0", "029 2018 0",
    "01632 960",
)  # fmt: skip
MOBILE_FORMS = ("07700 900{:03}", "07700900{:03}", "+44 7700 900{:03}", "07700-900{:03}")
MAIL_HOSTS = ("example.com", "example.org", "example.net")


@dataclass(frozen=True)
class Character:
    """Somebody made up."""

    name: str
    email: str


def character(rng: Random) -> Character:
    name = f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}"
    mailbox = name.lower().replace(" ", ".")
    return Character(name, f"{mailbox}{rng.randrange(1, 9999)}@{rng.choice(MAIL_HOSTS)}")


def mobile(rng: Random) -> str:
    """Return a mobile number of the drama range, typed in one way or another."""
    return rng.choice(MOBILE_FORMS).format(rng.randrange(1000))


def landline(rng: Random) -> str:
    """Return a landline of the drama ranges."""
    return f"{rng.choice(LANDLINES)}{rng.randrange(1000):03}"
