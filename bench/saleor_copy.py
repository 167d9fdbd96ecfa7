"""The goods of the section `saleor`: paged through with nothing done, and copied as a first copy does it."""

import json
import os
from typing import Any

import httpx
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Concat

from bench.saleor_checkout import noting
from bench.saleor_goods import CHANNEL, PRODUCTS
from commerce.core import core
from kernel import clock
from plugins.catalogue import services as catalogue
from plugins.catalogue.models import Product
from plugins.onboarding import services
from plugins.onboarding.models import SyncRun

JSON = {"Content-Type": "application/json"}


class Pages:
    """The question that the suite asks for a page of products, taken from the suite itself."""

    def __init__(self) -> None:
        with noting() as sent:
            next(core().product_pages(CHANNEL))
        self._body: dict[str, Any] = sent[0]

    def go_through(self) -> None:
        """Ask for every page and do nothing with it but look for where the next begins."""
        headers = {"Authorization": f"Bearer {os.environ['SALEOR_APP_TOKEN']}"}
        variables = dict(self._body["variables"])
        with httpx.Client(headers=headers, timeout=60) as client:
            while True:
                body = json.dumps(self._body | {"variables": variables})
                reply = client.post(os.environ["SALEOR_API_URL"], content=body, headers=JSON).raise_for_status()
                info = reply.json()["data"]["products"]["pageInfo"]
                if not info["hasNextPage"]:
                    return
                variables["after"] = info["endCursor"]


def is_whole() -> bool:
    """Whether all goods are copied."""
    return Product.objects.filter(is_active=True).count() == PRODUCTS


def forget() -> None:
    """An empty catalogue, as before a first copy."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalogue_product, inventory_stockitem CASCADE")


def rename_all() -> None:
    """Have every product differ from what Saleor says."""
    Product.objects.update(name=Concat(F("name"), Value(" (old)")))


def copy_all() -> None:
    """The run of a first copy, from the products of the one channel on, by one worker. Raises when it fails."""
    catalogue.sync_channels()
    SyncRun.objects.filter(open=True).update(open=None, state=SyncRun.State.CANCELLED, finished_at=clock.now())
    run = SyncRun.objects.create(dry=False, actor="bench", stage=SyncRun.Stage.PRODUCTS, place=CHANNEL)
    while run.unfinished:
        services.work()
        run.refresh_from_db()
        assert not run.failures, run.last_error
