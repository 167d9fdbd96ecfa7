"""A blacklist for demonstrations and tests, which fails as a real one does.

What it says follows from the first three of an IMEI's six serial digits, so that every process says the same.
"""

from typing import Final

from .blacklist import Answer, Refused, Status, Unavailable

LISTED: Final = {"999": Status.STOLEN, "998": Status.LOST, "997": Status.FRAUD}
AWAY: Final = "996"
REFUSED: Final = "995"


class FakeBlacklist:
    """Lists 999 as stolen, 998 as lost, 997 as fraud; times out on 996, refuses 995."""

    def check(self, imei: str) -> Answer:
        """See `BlacklistPort`."""
        digits = imei[8:11]
        if digits == AWAY:
            raise Unavailable("No answer within ten seconds.")
        if digits == REFUSED:
            raise Refused("This model may not be asked about.")
        return Answer(LISTED.get(digits, Status.CLEAR), reference=f"FAKE-{imei[-6:]}")
