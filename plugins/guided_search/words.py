"""Words that mean a kind of product, and words that mean the same. Terms as `text.tokens` makes them."""

# Written side by side: each finds the others too.
_GROUPS = (
    ("phone", "smartphone", "cellphone", "handset"),
    ("case", "cover", "sleeve", "folio"),
    ("headphone", "earphone", "earbud", "headset"),
    ("charger", "adapter"),
    ("cable", "cord", "lead"),
    ("broadband", "internet"),
    ("television", "tv"),
    ("colour", "color"),
    ("gray", "grey"),
)
SYNONYMS: dict[str, tuple[str, ...]] = {
    word: tuple(other for other in group if other != word) for group in _GROUPS for word in group
}

# Which kind a word asks for, beside the head nouns of the catalogue's own categories.
KIND_WORDS = {
    "phone": "DEVICE",
    "smartphone": "DEVICE",
    "cellphone": "DEVICE",
    "handset": "DEVICE",
    "tablet": "DEVICE",
    "case": "ACCESSORY",
    "cover": "ACCESSORY",
    "charger": "ACCESSORY",
    "cable": "ACCESSORY",
    "headphone": "ACCESSORY",
    "earbud": "ACCESSORY",
    "protector": "ACCESSORY",
    "accessory": "ACCESSORY",
    "plan": "PLAN",
    "tariff": "PLAN",
    "sim": "SIM",
    "esim": "SIM",
    "broadband": "SERVICE",
    "fibre": "SERVICE",
    "fiber": "SERVICE",
    "dsl": "SERVICE",
    "tv": "SERVICE",
}

# When words of several kinds meet ("phone case", "phone plan"), the earliest kind here is meant.
KIND_ORDER = ("ACCESSORY", "SIM", "PLAN", "SERVICE", "DEVICE", "OTHER")

# How much a kind counts when the words name none: who types "galaxy s21" wants the phone before its cases.
KIND_FACTOR = {"DEVICE": 1.0, "PLAN": 0.8, "SERVICE": 0.8, "SIM": 0.7, "ACCESSORY": 0.4, "OTHER": 0.4}
MEANT_FACTOR, OTHER_FACTOR = 1.5, 0.3
