"""What is paid today stands in the core as lines that sum to it, to the cent."""

from decimal import Decimal

import pytest

from plugins.bundles import configurator, quoting, selectors
from plugins.bundles.compiled import Selected
from tests.bundles.conftest import BOTH

CASE = {"group": "extra", "sku": "CASE"}


@pytest.mark.parametrize("term", [24, 0])
@pytest.mark.parametrize("chosen", [BOTH, [*BOTH, CASE]])
def test_the_cores_lines_sum_to_what_is_due(offer, term, chosen):
    loaded = selectors.load(selectors.sold(offer.channel, "phone-plan"))
    who = selectors.buyer(offer.channel, "WEB", store_id=None, shopper_id="")
    asking = selectors.asking(loaded, who, language="en", skus={"PHONE"})
    judged = configurator.judge(loaded.compiled, term, [Selected(**one) for one in chosen], asking)
    price = quoting.price(loaded.compiled, judged, asking, term)
    pieces = quoting.pieces(loaded.compiled, price)
    assert [piece.sku for piece in pieces] == [one["sku"] for one in chosen]
    assert quoting.total(loaded.compiled, pieces) == price.due_today
    assert sum((piece.monthly for piece in pieces), Decimal(0)) == price.monthly.amount
