"""Shipping notices from spreadsheets: looked at first, every mistake at once, nothing with a mistake in it."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from inventory import notice_import, proof
from inventory.models import NoticeLine, ShippingNotice, Unit
from kernel.errors import INVALID, ApiError

from .goods import imei, make_store, stock

pytestmark = pytest.mark.django_db
HEAD = "supplier,number,store,sku,quantity,expected_on,serials"


def bring_in(*lines, dry_run=False, head=HEAD, name="notices.csv", **more):
    content = "\n".join([head, *lines]).encode()
    return notice_import.bring_in(file=io.BytesIO(content), name=name, actor="admin:1", dry_run=dry_run, **more)


def mistakes(outcome):
    return [(row.row, row.column) for row in outcome.mistakes.found]


def test_a_file_is_looked_at_then_imported_once(store, phone, cable):
    serials = [imei(), imei()]
    lines = [
        f"Acme,LS-1,{store.code},{phone.sku},2,2026-04-01,{' '.join(serials)}",
        f"acme,ls-1,{store.code},{cable.sku},5,,",
        f"Acme,LS-2,{store.code},{cable.sku},1,,",
    ]
    looked = bring_in(*lines, dry_run=True)
    assert (looked.added, looked.skipped, mistakes(looked)) == (3, 0, [])
    assert not ShippingNotice.objects.exists()
    assert not Unit.objects.exists()

    seen = []
    done = bring_in(*lines, progress=lambda doing, rows: seen.append((doing, rows)))
    assert (done.added, done.skipped) == (3, 0)
    assert seen == [("read", 3), ("announced", 2), ("announced", 1)]
    first = ShippingNotice.objects.get(number="LS-1")
    assert (first.supplier, first.store, first.expected_on) == ("Acme", store, dt.date(2026, 4, 1))
    assert set(Unit.objects.values_list("identifier", "state")) == {(code, "IN_RECEIVING") for code in serials}

    again = bring_in(*lines)
    assert (again.added, again.skipped, mistakes(again)) == (0, 3, [])
    assert NoticeLine.objects.count() == 3
    assert proof.differences() == []


def test_all_mistakes_are_told_with_row_and_column_and_nothing_is_recorded(store, phone, cable, plan):
    (known,) = stock(store, phone, 1)
    twice = imei()
    outcome = bring_in(
        f"Acme,LS-1,{store.code},{cable.sku},5,,",
        f",LS-2,nowhere,{cable.sku},x,31.3.2026,",
        f"Acme,LS-3,{store.code},nothing,1,,",
        f"Acme,LS-3,{store.code},{plan.sku},1,,",
        f"Acme,LS-4,{store.code},{phone.sku},2,,{known} {twice}",
        f"Acme,LS-5,{store.code},{phone.sku},2,,{twice}",
        f"Acme,LS-5,{store.code},{phone.sku},1,,12345",
        f"Acme,LS-5,{make_store().code},{cable.sku},0,,abc",
    )
    assert mistakes(outcome) == [
        (3, "store"),
        (3, "expected_on"),
        (3, "quantity"),
        (3, "supplier"),
        (4, "sku"),
        (5, "sku"),
        (6, "serials"),
        (7, "serials"),
        (7, "serials"),
        (8, "serials"),
        (8, "sku"),
        (9, "quantity"),
        (9, "serials"),
        (9, "store"),
    ]
    assert (outcome.added, ShippingNotice.objects.count()) == (0, 0)
    assert f"{known} is in the books already" in outcome.mistakes.found[6].message


def test_a_note_that_is_known_with_other_contents_is_a_mistake_and_undoes_the_rest(store, cable):
    bring_in(f"Acme,LS-1,{store.code},{cable.sku},5,,")
    outcome = bring_in(f"Acme,LS-2,{store.code},{cable.sku},1,,", f"Acme,LS-1,{store.code},{cable.sku},6,,")
    assert mistakes(outcome) == [(3, "number")]
    assert list(ShippingNotice.objects.values_list("number", flat=True)) == ["LS-1"]


def test_an_xlsx_with_dates_and_numbers(store, cable):
    book = Workbook()
    book.active.append(HEAD.split(","))
    book.active.append(["Acme", 4711, store.code, cable.sku, 5.0, dt.datetime(2026, 4, 1), None])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    outcome = notice_import.bring_in(file=file, name="N.XLSX", actor="admin:1", dry_run=False)
    assert mistakes(outcome) == []
    notice = ShippingNotice.objects.get()
    assert (notice.number, notice.expected_on) == ("4711", dt.date(2026, 4, 1))


@pytest.mark.parametrize("head", ["supplier,number", HEAD + ",colour", HEAD + ",sku"])
def test_a_file_of_other_columns_is_refused(head):
    with pytest.raises(ApiError) as refused:
        bring_in("x", head=head)
    assert refused.value.code == INVALID


def test_a_file_that_is_too_long_is_refused(monkeypatch, store, cable):
    monkeypatch.setattr(notice_import, "MAX_ROWS", 2)
    with pytest.raises(ApiError, match="more than 2 rows"):
        bring_in(*[f"Acme,LS-{number},{store.code},{cable.sku},5,," for number in range(3)])
    assert not ShippingNotice.objects.exists()


def test_the_command_imports_or_names_each_mistake(store, cable, tmp_path):
    path = tmp_path / "notices.csv"
    path.write_text(f"{HEAD}\nAcme,LS-1,{store.code},{cable.sku},0,,\n")
    err, out = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="1 mistakes"):
        call_command("import_notices", path, stderr=err)
    assert err.getvalue().startswith("row 2, quantity: ")
    path.write_text(f"{HEAD}\nAcme,LS-1,{store.code},{cable.sku},2,,\n")
    call_command("import_notices", path, "--dry-run", stdout=out)
    assert not ShippingNotice.objects.exists()
    call_command("import_notices", path, stdout=out)
    assert out.getvalue() == (
        "1 rows would be announced, 0 were announced already.\n1 rows announced, 0 were announced already.\n"
    )
