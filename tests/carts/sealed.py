"""A shop of the suite whose core is a running one, for the tests of seals."""

import httpx
from django.conf import settings

from commerce.core import Core
from commerce.errors import CoreRefused
from inventory import services as inventory
from inventory.services import OpeningRow
from kernel import clock
from plugins.catalogue import services as catalogue
from plugins.catalogue.models import Channel
from plugins.order_guard import seal, verdict
from tests.carts.shop import Shop
from tests.inventory.goods import make_store

SECRET = "a secret of the contract"


def shop_on(core: Core, *, channel: str, warehouse: str, product: str, sku: str) -> Shop:
    """A store of ours at a warehouse of the core, with ten pieces of one article of the core's."""
    catalogue.sync_channels()
    catalogue.sync_product(product)
    store = make_store(core_warehouse_id=warehouse)
    inventory.receive_opening([OpeningRow(store.pk, sku, 10)])
    return Shop(channel=Channel.objects.get(slug=channel), stores=[store], core=core, at=clock)


def private_metadata(kind: str, id: str) -> dict[str, str]:
    """What only staff and Apps may read of an object of the core; `kind` is checkout or order."""
    query = f"query($id: ID!) {{ {kind}(id: $id) {{ privateMetadata {{ key value }} }} }}"
    reply = httpx.post(
        settings.SALEOR_API_URL,
        json={"query": query, "variables": {"id": id}},
        headers={"Authorization": f"Bearer {settings.SALEOR_APP_TOKEN}"},
        timeout=30,
    ).json()
    return {item["key"]: item["value"] for item in reply["data"][kind]["privateMetadata"]}


class FakeGuard:
    """The guard's rule before a core that has no plugins: it reads the checkout there, as Saleor's plugin does."""

    def __init__(self, monkeypatch):
        self.seen = []  # the seals that it let pass or refused
        self._complete = Core.complete_checkout
        monkeypatch.setattr(Core, "complete_checkout", lambda core, id: self.complete(core, id))

    def complete(self, core, id):
        checkout = core.checkout(id)
        if checkout is not None:
            self._ask(checkout)
        return self._complete(core, id)

    def _ask(self, checkout):
        what = seal.SealedCheckout(
            checkout=seal.bare(checkout.id),
            channel="us",
            lines=[seal.SealedLine(seal.bare(line.variant_id), line.quantity) for line in checkout.lines],
            point=seal.bare(checkout.warehouse_id) if checkout.warehouse_id else "",
        )
        written = private_metadata("checkout", checkout.id).get(seal.KEY)
        self.seen.append(written)
        configured = verdict.Settings(SECRET, kinds=frozenset({"ACCESSORY"}))
        problem = verdict.objection(configured, what, written, {"ACCESSORY"}, now=clock.now().timestamp())
        if problem:
            raise CoreRefused("UNAVAILABLE_VARIANT_IN_CHANNEL", problem, "lines")
