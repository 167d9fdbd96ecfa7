"""What managers see: stock with rooms and worth, shrink, accuracy, differences; each as a file, for whoever may."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from inventory import services, stock_reports, valuation
from inventory.models import Balance, Movement
from inventory.stock_reports import Accuracy, Line, Scope

from .goods import make_item, make_store, seed_reasons, stock
from .screens import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def losses(store, cable, clock):
    """In the frozen March of 2026: 10 received, 3 counted away, 1 found; in January 2 stolen elsewhere."""
    seed_reasons()
    stock(store, cable, 10)
    services.receive(
        store_id=store.pk, sku=cable.sku, quantity=1, source_key="found", actor="a", kind="ADJUSTMENT", reason="FOUND"
    )
    other = make_store(name="Store Z")
    stock(other, cable, 5)
    last = {"item": cable, "actor": "a"}
    Movement.objects.create(
        store=store, kind="COUNT", quantity=-3, balance_after=8, source_key="c", occurred_at=clock.now(), **last
    )
    Movement.objects.create(
        store=other,
        kind="ADJUSTMENT",
        quantity=-2,
        balance_after=3,
        source_key="s",
        reason="STOLEN",
        occurred_at=dt.datetime(2026, 1, 31, 23, 59, tzinfo=dt.UTC),
        **last,
    )
    return other


def body(response):
    async def read():
        return b"".join([chunk async for chunk in response])

    return async_to_sync(read)()


def test_shrink_is_told_by_month_reason_and_store(store, losses):
    scope = Scope(3)
    assert stock_reports.by_month(scope) == [Line("2026-01", 2, 0), Line("2026-02", 0, 0), Line("2026-03", 3, 1)]
    reasons = stock_reports.by_reason(scope)
    assert reasons == [Line("Count correction", 3, 0), Line("Stolen", 2, 0), Line("Found", 0, 1)]
    with override("zh-hans"):
        assert [line.name for line in stock_reports.by_reason(scope)][1:] == ["被盗", "盘盈"]
    assert stock_reports.by_store(scope) == [Line(store.name, 3, 1), Line("Store Z", 2, 0)]
    assert stock_reports.by_store(Scope(3, losses.pk)) == [Line("Store Z", 2, 0)]
    assert stock_reports.accuracy(scope) == [Accuracy(store.name, 3, 11)]
    assert stock_reports.accuracy(scope)[0].percent == 78.6


def test_a_move_into_quarantine_is_no_loss(store, cable, clock):
    stock(store, cable, 4)
    quarantine = services.upsert_room(store_id=store.pk, code="Q", kind="QUARANTINE", sellable=False)
    services.move_goods(
        store_id=store.pk,
        lines=[(cable.sku, 2, [])],
        from_room_id=store.rooms.get(kind="FLOOR").pk,
        to_room_id=quarantine.pk,
        source_key="m",
        actor="a",
        kind="DAMAGE",
    )
    assert [line.net for line in stock_reports.by_month(Scope(3))] == [0, 0, 0]
    assert [line.lost for line in stock_reports.by_month(Scope(3))] == [0, 0, 0]


def test_the_report_has_charts_tables_and_files(admin_client, losses, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        page = admin_client.get(reverse("admin:inventory_shrink"), {"months": "3"})
    assert page.status_code == 200
    assert [chart.title for chart in page.context["charts"]] == [
        "Pieces lost, by month",
        "Pieces found, by month",
        "Books right at counts, percent",
    ]
    assert page.context["figures"][0] == ("Pieces lost", "5")
    for name in ("months", "reasons", "stores", "accuracy"):
        for kind in ("csv", "xlsx"):
            assert admin_client.get(reverse("admin:inventory_shrink_export", args=[name, kind])).status_code == 200
    text = body(admin_client.get(reverse("admin:inventory_shrink_export", args=["months", "csv"]), {"months": "3"}))
    assert text.decode("utf-8-sig").splitlines() == [
        "Month,Lost,Found,Net",
        "2026-01,2,0,-2",
        "2026-02,0,0,0",
        "2026-03,3,1,-2",
    ]
    assert admin_client.get(reverse("admin:inventory_shrink_export", args=["nothing", "csv"])).status_code == 404
    assert admin_client.get(reverse("admin:inventory_shrink_export", args=["months", "pdf"])).status_code == 404


def test_differences_are_named_and_taken_out(admin_client, store, cable):
    address = reverse("admin:inventory_differences")
    stock(store, cable, 2)
    assert admin_client.get(address).context["count"] == 0
    Balance.objects.update(on_hand=3)
    page = admin_client.get(address)
    assert {row.fact.name for row in page.context["differences"]} == {"ON_HAND", "RUNNING", "UNITS"}
    lines = body(admin_client.get(reverse("admin:inventory_differences_export", args=["csv"]))).decode().splitlines()
    assert len(lines) == 4


def test_stock_is_shown_by_room_and_taken_out_as_filtered(admin_client, store, cable, monkeypatch):
    monkeypatch.setattr(valuation, "_find", [])
    valuation.register(lambda wanted: {(store.pk, cable.sku): (Decimal("9.5"), "USD")})
    stock(store, cable, 5)
    other = make_item()
    stock(make_store(), other, 1)
    back = services.upsert_room(store_id=store.pk, code="B", kind="BACK", sellable=True)
    services.move_goods(
        store_id=store.pk,
        lines=[(cable.sku, 2, [])],
        from_room_id=store.rooms.get(kind="FLOOR").pk,
        to_room_id=back.pk,
        source_key="m",
        actor="a",
    )
    page = admin_client.get(url("balance_changelist"))
    assert (
        "Sales\N{NO-BREAK SPACE}floor\N{NO-BREAK SPACE}3, Back\N{NO-BREAK SPACE}room\N{NO-BREAK SPACE}2"
        in page.content.decode()
    )
    assert "47.50 USD" in page.content.decode()
    text = body(admin_client.get(url("balance_export", "csv"), {"q": cable.sku})).decode("utf-8-sig").splitlines()
    assert text[0].startswith("SKU,store,Sales floor,Back room")
    assert text[1:] == [f"{cable.sku},{store},3,2,0,0,0,5,0,0,0,5,47.50,USD,"]
    sheet = openpyxl.load_workbook(io.BytesIO(body(admin_client.get(url("balance_export", "xlsx"))))).active
    assert sheet.max_row == 3


def test_movements_are_explored_and_taken_out(admin_client, store, cable):
    stock(store, cable, 2)
    services.receive(
        store_id=store.pk,
        sku=cable.sku,
        quantity=1,
        source_key="x",
        actor="a",
        kind="ADJUSTMENT",
        reason='=HYPERLINK("x")',
    )
    assert admin_client.get(url("movement_changelist"), {"kind": "RECEIPT"}).context["cl"].result_count == 1
    text = body(admin_client.get(url("movement_export", "csv"), {"kind": "ADJUSTMENT"})).decode("utf-8-sig")
    assert len(text.splitlines()) == 2
    assert "'=HYPERLINK" in text


def test_a_file_is_bounded(admin_client, store, cable, monkeypatch):
    stock(store, cable, 1)
    stock(store, make_item(), 1)
    monkeypatch.setattr("inventory.exports.MAX_ROWS", 1)
    assert len(body(admin_client.get(url("movement_export", "csv"))).decode().splitlines()) == 2


def test_the_page_of_balances_asks_no_more_for_more_rows(admin_client, store):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            admin_client.get(url("balance_changelist"))
        return len(asked)

    stock(store, make_item(), 1)
    # Which dashboard may frame the page is asked once and remembered.
    queries()
    few = queries()
    for _n in range(5):
        stock(store, make_item(), 1)
    assert queries() == few


@pytest.mark.parametrize(
    ("name", "args", "permission"),
    [
        ("inventory_shrink", (), "view_movement"),
        ("inventory_shrink_export", ("months", "csv"), "view_movement"),
        ("inventory_differences", (), "view_balance"),
        ("inventory_differences_export", ("csv",), "view_balance"),
        ("inventory_balance_export", ("csv",), "view_balance"),
        ("inventory_movement_export", ("csv",), "view_movement"),
    ],
)
def test_each_page_and_file_needs_its_permission(client, name, args, permission):
    user = User.objects.create_user("mei", is_staff=True)
    client.force_login(user)
    assert client.get(reverse(f"admin:{name}", args=args)).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename=permission))
    assert client.get(reverse(f"admin:{name}", args=args)).status_code == 200
