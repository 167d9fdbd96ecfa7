"""Whoever keeps the catalogue in memory hears of each change when it is committed."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import transaction

from kernel.notices import Listener
from plugins.catalogue import selectors, services
from plugins.catalogue.changes import CATALOGUE
from plugins.catalogue.services import CHANNELS
from tests.kernel.listening import Diary, eventually

from .fake_core import CN, US, FakeCore, product, variant

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def diary(transactional_db: None, synced: FakeCore) -> Iterator[Diary]:
    diary = Diary()
    listener = Listener({CATALOGUE: [diary], CHANNELS: [diary]})
    listener.start()
    eventually(listener.fresh)
    diary.heard("connected")
    yield diary
    listener.stop()


def test_a_change_of_a_product_is_told_with_its_token(diary: Diary, synced: FakeCore) -> None:
    synced.put(product("A", variant("A-128"), name="Renamed"))
    services.sync_product("A")

    diary.heard(f"catalogue: {selectors.last_change().token}")


def test_what_did_not_change_or_was_rolled_back_is_not_told(diary: Diary, synced: FakeCore) -> None:
    services.sync_everything()
    synced.put(product("A", variant("A-128"), name="Renamed"))
    with transaction.atomic():
        services.sync_product("A")
        transaction.set_rollback(True)
    synced.all_channels = [US, CN]
    services.sync_channels()

    diary.heard("channels: cn")


def test_channels_that_change_or_close_are_told(diary: Diary, synced: FakeCore) -> None:
    synced.all_channels = [replace(US, name="America")]
    services.sync_channels()
    diary.heard("channels: us")
    synced.all_channels = []
    services.sync_channels()
    diary.heard("channels: ")
    services.sync_channels()
    synced.all_channels = [US]
    services.sync_channels()

    diary.heard("channels: us")
