"""Opening stock from spreadsheets: checked whole, booked once, whatever was there before."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from inventory import bulk, errors, ledger, opening_import, proof, selectors, services
from inventory.models import Balance, CoreStock, Movement
from kernel.errors import INVALID, ApiError
from kernel.models import OutboxMessage

from .goods import imei, make_item, make_store, stock
from .screens import url

pytestmark = pytest.mark.django_db


def text(*rows):
    return "\n".join(",".join(map(str, row)) for row in [("store", "sku", "quantity", "serials"), *rows]).encode()


def bring_in(*rows, dry_run=False, name="opening.csv", content=None):
    file = io.BytesIO(content or text(*rows))
    return opening_import.bring_in(file=file, name=name, actor="admin:1", dry_run=dry_run)


def told(outcome):
    return [(mistake.row, mistake.column) for mistake in outcome.mistakes.found]


def test_rows_become_balances_with_all_that_belongs_to_them(store, cable, phone):
    services.set_safety_rule(sku=cable.sku, quantity=2)
    serials = [imei(), imei()]
    rows = [(store.code, cable.sku, 7, ""), (store.code, phone.sku, 2, " ".join(serials))]
    looked = bring_in(*rows, dry_run=True)
    assert (looked.added, looked.skipped, Movement.objects.count()) == (2, 0, 0)
    OutboxMessage.objects.all().delete()
    outcome = bring_in(*rows)
    assert (outcome.added, outcome.skipped, told(outcome)) == (2, 0, [])
    row = Balance.objects.get(item=cable)
    assert (row.on_hand, row.unregistered, row.safety, row.short_since) == (7, 7, 2, None)
    movement = Movement.objects.get(item=cable)
    assert (movement.kind, movement.quantity, movement.balance_after, movement.actor) == ("RECEIPT", 7, 7, "admin:1")
    assert movement.source_key == f"opening/{store.pk}/{cable.sku}"
    assert selectors.find_unit(serials[0]).state == "IN_STOCK"
    assert CoreStock.objects.get(balance=row).wanted == 1
    payloads = [message.payload for message in OutboxMessage.objects.filter(topic=ledger.STOCK_CHANGED)]
    assert payloads == [{"store_id": store.pk, "sku": None}] * 2
    assert proof.differences() == []


def test_a_second_run_opens_only_what_is_new(store, cable, phone):
    serial = imei()
    rows = [(store.code, cable.sku, 7, ""), (store.code, phone.sku, 1, serial)]
    bring_in(*rows)
    more = (make_store().code, cable.sku, 3, "")
    looked = bring_in(*rows, more, dry_run=True)
    outcome = bring_in(*rows, more)
    assert (looked.added, looked.skipped) == (outcome.added, outcome.skipped) == (1, 2)
    assert Movement.objects.count() == 3
    assert proof.differences() == []


def test_what_was_booked_before_is_added_to(store, cable):
    services.sell(store_id=store.pk, lines=[(cable.sku, 3, [])], source_key="sale/1", actor="staff:7", allow_short=True)
    other = make_store()
    services.sell(store_id=other.pk, lines=[(cable.sku, 9, [])], source_key="sale/2", actor="staff:7", allow_short=True)
    bring_in((store.code, cable.sku, 5, ""), (other.code, cable.sku, 5, ""))
    here, there = Balance.objects.get(store=store), Balance.objects.get(store=other)
    assert (here.on_hand, here.unregistered, here.short_since) == (2, 2, None)
    assert (there.on_hand, there.short_since is not None) == (-4, True)
    assert Movement.objects.get(store=store, kind="RECEIPT").balance_after == 2
    assert CoreStock.objects.get(balance=here).wanted == 2
    assert proof.differences() == []


def test_batches_follow_each_other(store, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 2)
    items = [make_item() for _n in range(5)]
    assert bring_in(*((store.code, item.sku, 1, "") for item in items)).added == 5
    assert Balance.objects.filter(on_hand=1).count() == 5
    assert proof.differences() == []


def test_all_mistakes_are_told_at_once_and_nothing_is_booked(store, cable, phone, plan):
    outcome = bring_in(
        (store.code, cable.sku, 1, ""),
        ("nowhere", cable.sku, 1, ""),
        (store.code, "nothing", 1, ""),
        (store.code, plan.sku, 1, ""),
        (store.code, make_item().sku, "-2", ""),
        (store.code, make_item().sku, "1.5", ""),
        (store.code, make_item().sku, errors.MAX_QUANTITY + 1, ""),
        (store.code, cable.sku, 2, ""),
    )
    assert told(outcome) == [
        (3, "store"),
        (4, "sku"),
        (5, "sku"),
        (6, "quantity"),
        (7, "quantity"),
        (8, "quantity"),
        (9, "sku"),
    ]
    assert not Movement.objects.exists()


def test_serials_are_checked_in_the_file_and_against_the_books(store, phone):
    (known,) = stock(make_store(), phone, 1)
    twice = imei()
    other = make_item("IMEI")
    outcome = bring_in(
        (store.code, phone.sku, 3, f"{twice} 123"),
        (store.code, other.sku, 2, f"{twice} {known}"),
    )
    assert sorted(told(outcome)) == [(2, "serials"), (2, "serials"), (3, "serials"), (3, "serials")]
    assert Movement.objects.count() == 1


def test_an_xlsx_is_read_too(store, cable):
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (["Quantity", "SKU", "Store"], [4, cable.sku, store.code], [None, None, None]):
        book.active.append(row)
    book.save(file)
    assert bring_in(content=file.getvalue(), name="x.xlsx").added == 1
    assert Balance.objects.get().on_hand == 4


def test_a_file_that_is_too_long_is_refused_whole(store, cable, monkeypatch):
    monkeypatch.setattr("inventory.spreadsheets.MAX_ROWS", 1)
    file = io.BytesIO(text((store.code, cable.sku, 1, ""), (store.code, make_item().sku, 1, "")))
    with pytest.raises(ApiError) as refused:
        opening_import.bring_in(file=file, name="x.csv", actor="a", dry_run=False, max_rows=1)
    assert (refused.value.code, Movement.objects.count()) == (INVALID, 0)
    assert bring_in((store.code, cable.sku, 1, "")).added == 1


def test_the_command_says_what_is_wrong_and_what_was_done(store, cable, tmp_path, capsys):
    path = tmp_path / "opening.csv"
    path.write_bytes(text((store.code, "nothing", 1, "")))
    with pytest.raises(CommandError, match="1 mistakes"):
        call_command("import_opening", path)
    assert "row 2, sku: There is no article nothing." in capsys.readouterr().err
    path.write_bytes(text((store.code, cable.sku, 1, "")))
    call_command("import_opening", path, "--dry-run")
    assert not Movement.objects.exists()
    call_command("import_opening", path)
    assert "1 balances opened, 0 were open already." in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("import_opening", tmp_path / "missing.csv")


def test_the_page_needs_its_permission(admin_client, client, django_user_model, store, cable):
    address, content = url("balance_import"), text((store.code, cable.sku, 2, ""))
    client.force_login(django_user_model.objects.create_user("mei", is_staff=True))
    assert client.post(address, {"file": SimpleUploadedFile("x.csv", content)}).status_code == 403
    assert not Movement.objects.exists()
    looked = admin_client.post(address, {"file": SimpleUploadedFile("x.csv", content), "look": "1"})
    assert (looked.context["outcome"].added, Movement.objects.count()) == (1, 0)
    assert admin_client.post(address, {"file": SimpleUploadedFile("x.csv", content)}).status_code == 302
    assert Balance.objects.get().on_hand == 2
