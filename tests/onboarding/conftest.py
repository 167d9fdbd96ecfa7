import pytest

from inventory.models import WarehouseMapping
from plugins.catalogue.models import ProductTypeMapping
from plugins.onboarding import services
from tests.commerce.conftest import fake_core  # noqa: F401
from tests.commerce.fake_core import FakeCore
from tests.onboarding.shop import Shop


@pytest.fixture
def shop(fake_core: FakeCore, db: None) -> Shop:  # noqa: F811
    """A core with a shop of which the suite knows nothing."""
    return Shop(fake_core)


def decide() -> None:
    """W1 is ours, W2 a depot whose stock the core owns, W3 none of ours; devices are devices by quantity."""
    services.read_core()
    ProductTypeMapping.objects.update(kind="DEVICE", tracking="IMEI")
    WarehouseMapping.objects.filter(pk="W1").update(role="STORE", owner="SUITE")
    WarehouseMapping.objects.filter(pk="W2").update(role="DEPOT", owner="CORE")
    WarehouseMapping.objects.filter(pk="W3").update(role="IGNORED")
