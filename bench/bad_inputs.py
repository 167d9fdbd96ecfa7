"""Texts and choices that a search is given by mistake, by bots or in bad faith. None may be slow or fail."""

from collections.abc import Iterator
from decimal import Decimal

from bench.measure import progress
from bench.peers.suite import Suite
from bench.report import Table
from plugins.guided_search.facets import Refinement

ROUNDS = 10
# The API refuses longer texts; the engine is shown them all the same.
API_TEXT_LIMIT = 200

TEXTS = {
    "10,000 letters": "galaxy" * 1667,
    "2,000 different words": " ".join(f"word{number}" for number in range(2000)),
    "200 known words": "wireless headphones " * 100,
    "20 known words": "wireless headphones " * 10,
    "20 misspelt words": "galxy wirless hedphones chargr protectr samsng xiaomy cordles blutooth speakr " * 2,
    "punctuation": "!?.,;:'\"()[]{}<>/\\|@#$%^&*-_=+~`" * 6,
    "emoji": "📱🔋🎧💥👩‍👩‍👧" * 20,
    "right to left": "هاتف ذكي سامسونج جالاكسي بسعر رخيص" * 5,
    "every script": "phone 手机 هاتف телефон फ़ोन โทรศัพท์ טלפון 電話 전화" * 3,
    "Chinese without a break": "我想买一个电池大屏幕大拍照好的便宜手机给我奶奶用" * 8,
    "stop words alone": "the a an of and for with to in on",
    "one letter": "a",
    "one digit": "1",
    "control signs": "galaxy\x00\x07\x1b[31m s10\ud7ff\uffff",
    "markup and SQL": "<script>alert(1)</script> ' OR 1=1; DROP TABLE product; --",
    "one word of 200 letters": "abcdefghijklmnopqrst" * 10,
    "accents on accents": "e" + "\u0301" * 199,
    "digits": "1234567890" * 20,
    "units": "128gb 256 gb 6.1 inch 5000mah 65w 1tb 50mp 2m",
    "white space": " \t\n\u3000\u00a0" * 40,
}
REFINEMENTS = {
    "a value that nobody has": Refinement("brand", ("no such brand", "'; --", "\x00")),
    "a hundred values": Refinement("brand", tuple(f"brand {number}" for number in range(100))),
    "a range upside down": Refinement("price", (), Decimal(500), Decimal(5)),
    "a range without end": Refinement("price", (), Decimal("-1e30"), Decimal("1e30")),
}


def table(suite: Suite) -> Table:
    """The slowest of a few rounds for each."""
    rows = tuple(progress(_rows(suite), "bad inputs"))
    worst = max(slowest for name, _results, slowest in rows if len(TEXTS.get(name, "")) <= API_TEXT_LIMIT)
    return Table(
        "bad inputs, engine",
        ("input", "results", "slowest ms"),
        (*rows, ("slowest that the API lets through", "", worst)),
        note=f"The API refuses texts of more than {API_TEXT_LIMIT} characters before the engine sees them.",
    )


def _rows(suite: Suite) -> Iterator[tuple[str, int, float]]:
    for name, text in TEXTS.items():
        yield name, *suite.slowest(ROUNDS, text)
    for name, refinement in REFINEMENTS.items():
        yield name, *suite.slowest(ROUNDS, "", [refinement])
