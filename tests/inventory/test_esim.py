"""eSIM profiles: taken from a pool once each, given back, never shown; filled from a spreadsheet."""

import datetime as dt
import io
import logging
import threading

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from stdnum.iso7064 import mod_97_10

from inventory import errors, esim, esim_import
from inventory.models import EsimPool, EsimProfile
from kernel import clock as time
from kernel import outbox
from kernel.errors import IDEMPOTENCY_MISMATCH, INVALID, ApiError
from kernel.models import AuditEntry, OutboxMessage

from .goods import iccid, make_item
from .screens import url

State = EsimProfile.State
CODE = "LPA:1$smdp.example.com$ABC-{}"
EID = "89049032" + "0" * 22 + mod_97_10.calc_check_digits("89049032" + "0" * 22)


def fill(quantity, *, low_water=1):
    item = make_item(stocked=False)
    pool = EsimPool.objects.create(item=item, low_water=low_water)
    for number in range(quantity):
        EsimProfile.objects.create(pool=pool, iccid=iccid(), sealed_code=esim.sealed(CODE.format(number)))
    return item.sku


def states(sku):
    return [profile.state for profile in EsimProfile.objects.filter(pool=sku).order_by("pk")]


def refusal(call):
    before = sorted(EsimProfile.objects.values_list("pk", "state", "key"))
    with pytest.raises(ApiError) as refused:
        call()
    assert sorted(EsimProfile.objects.values_list("pk", "state", "key")) == before
    return refused.value.code


def reserve(sku, quantity, key="cart:1", minutes=10):
    until = time.now() + dt.timedelta(minutes=minutes)
    return esim.reserve(sku=sku, quantity=quantity, key=key, until=until, actor="test")


def allocate(sku, quantity, key="cart:1", order="A1", **more):
    return esim.allocate(sku=sku, quantity=quantity, key=key, order=order, actor="test", **more)


@pytest.mark.django_db
def test_a_profile_goes_from_the_pool_to_a_device():
    sku = fill(3)
    (held,) = reserve(sku, 1)
    assert [profile.pk for profile in reserve(sku, 1)] == [held.pk]
    (given,) = allocate(sku, 1, eid=EID)
    assert (given.pk, given.state, given.order) == (held.pk, State.ALLOCATED, "A1")
    assert [profile.pk for profile in allocate(sku, 1, eid=EID)] == [held.pk]
    assert esim.activation_code(iccid=given.iccid, actor="staff:7") == CODE.format(0)
    assert refusal(lambda: esim.activate(iccid=given.iccid, eid="1", actor="x")) == errors.SERIAL_INVALID
    assert esim.activate(iccid=given.iccid, eid=EID, actor="smdp").state == State.ACTIVATED
    assert esim.activate(iccid=given.iccid, eid=EID, actor="smdp").state == State.ACTIVATED
    assert states(sku) == [State.ACTIVATED, State.AVAILABLE, State.AVAILABLE]


@pytest.mark.django_db
def test_a_key_stands_for_one_request():
    sku, other = fill(3), fill(1)
    allocate(sku, 2)
    assert refusal(lambda: allocate(sku, 1)) == IDEMPOTENCY_MISMATCH
    assert refusal(lambda: allocate(other, 2)) == IDEMPOTENCY_MISMATCH
    assert refusal(lambda: allocate(sku, 2, order="A2")) == IDEMPOTENCY_MISMATCH
    assert refusal(lambda: allocate(sku, 0, key="k")) == errors.INVALID_QUANTITY
    assert refusal(lambda: allocate(sku, 2, key="k")) == errors.ESIM_POOL_EMPTY


@pytest.mark.django_db
def test_what_was_only_reserved_goes_back_and_what_was_seen_is_revoked(clock):
    sku = fill(3)
    reserve(sku, 1, "cart:1")
    reserve(sku, 1, "cart:1/0", minutes=5)
    assert esim.release(key="cart:1", actor="test") == 1
    assert states(sku) == [State.AVAILABLE, State.RESERVED, State.AVAILABLE]
    clock.advance(minutes=6)
    assert (esim.expire_due(), esim.expire_due()) == (1, 0)
    given = allocate(sku, 2, "order")
    assert esim.release(key="order", actor="test") == 0
    assert (esim.revoke_order(order="A1", actor="test"), esim.revoke_order(order="A1", actor="test")) == (2, 0)
    assert refusal(lambda: esim.activate(iccid=given[0].iccid, eid=EID, actor="x")) == errors.ESIM_WRONG_STATE
    assert refusal(lambda: esim.activation_code(iccid=given[0].iccid, actor="x")) == errors.ESIM_WRONG_STATE
    assert refusal(lambda: esim.activation_code(iccid=iccid(), actor="x")) == errors.ESIM_NOT_FOUND


@pytest.mark.django_db
def test_a_low_pool_is_told_once_until_it_is_refilled(caplog):
    sku = fill(4, low_water=3)
    allocate(sku, 1, "a")
    assert not OutboxMessage.objects.filter(topic=esim.LOW).exists()
    allocate(sku, 1, "b")
    allocate(sku, 1, "c")
    (told,) = OutboxMessage.objects.filter(topic=esim.LOW)
    assert told.payload == {"sku": sku, "left": 2}
    with caplog.at_level(logging.WARNING):
        esim.on_low(told.payload, told.pk)
    assert f"eSIM pool of {sku} is low: 2 profiles are left" in caplog.text
    esim.refilled(sku)
    assert OutboxMessage.objects.filter(topic=esim.LOW).count() == 2


@pytest.mark.django_db
def test_an_order_waits_for_profiles_and_is_served_once():
    sku = fill(1)
    assert not esim.want(sku=make_item().sku, quantity=1, order="A1", key="k")
    with transaction.atomic():
        assert esim.want(sku=sku, quantity=2, order="A1", key="k")
    message = OutboxMessage.objects.get(topic=esim.WANTED)
    assert refusal(lambda: esim.on_wanted(message.payload, message.pk)) == errors.ESIM_POOL_EMPTY
    EsimProfile.objects.create(pool_id=sku, iccid=iccid(), sealed_code="x")
    esim.on_wanted(message.payload, message.pk)
    esim.on_wanted(message.payload, message.pk)
    assert states(sku) == [State.ALLOCATED] * 2
    assert OutboxMessage.objects.filter(topic=esim.ALLOCATED).count() == 1


@pytest.mark.django_db
def test_the_database_refuses_states_that_do_not_fit():
    sku = fill(1)
    for values in ({"state": "RESERVED"}, {"state": "ALLOCATED", "key": "k/0"}, {"order": "A1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            EsimProfile.objects.filter(pool=sku).update(**values)


@pytest.mark.django_db
def test_codes_are_nowhere_in_clear(admin_client, caplog):
    sku = fill(2)
    with caplog.at_level(logging.DEBUG):
        (given,) = allocate(sku, 1)
        esim.activation_code(iccid=given.iccid, actor="staff:7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(inventory_esimprofile::text, ' ') FROM inventory_esimprofile")
        assert "smdp.example.com" not in cursor.fetchone()[0]
    seen = [caplog.text, *(str(entry.detail) for entry in AuditEntry.objects.all())]
    for name, args in (("esimprofile_changelist", ()), ("esimprofile_change", (given.pk,))):
        page = admin_client.get(url(name, *args))
        assert page.status_code == 200
        seen.append(page.content.decode())
    assert not [text for text in seen if "smdp.example.com" in text or given.sealed_code in text]
    assert AuditEntry.objects.filter(action="esim.code_shown", actor="staff:7").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_sales_at_once_never_get_the_same_profile():
    sku = fill(12)
    barrier, taken, lost = threading.Barrier(8), [], []

    def sell(number):
        try:
            barrier.wait()
            for turn in range(2):
                try:
                    taken.extend(row.iccid for row in allocate(sku, 1, f"sale:{number}:{turn}"))
                except ApiError as refused:
                    lost.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=sell, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken))
    assert len(taken) + len(lost) == 16
    assert set(lost) <= {errors.ESIM_POOL_EMPTY, "TRY_AGAIN"}
    assert states(sku).count(State.ALLOCATED) == len(taken) >= 8


def sheet(*rows, kind="csv"):
    rows = [("SKU", "iccid", "activation_code", "profile_type"), *rows]
    if kind == "csv":
        return io.BytesIO("\n".join(";".join(map(str, row)) for row in rows).encode("utf-8-sig"))
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    file.seek(0)
    return file


def bring_in(file, name="x.csv", *, dry_run=False):
    return esim_import.bring_in(file=file, name=name, actor="admin:1", dry_run=dry_run)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_profiles_are_imported_whole(kind):
    sku = fill(0)
    rows = [(sku, iccid(), CODE.format(1), "consumer"), ("", "", "", ""), (sku, iccid(), CODE.format(2), "")]
    assert bring_in(sheet(*rows, kind=kind), f"x.{kind}", dry_run=True).added == 2
    assert states(sku) == []
    outcome = bring_in(sheet(*rows, kind=kind), f"x.{kind}")
    assert (outcome.added, len(outcome.mistakes)) == (2, 0)
    given = allocate(sku, 2)
    assert [esim.unsealed(profile.sealed_code) for profile in given] == [CODE.format(1), CODE.format(2)]
    again = bring_in(sheet(*rows, kind=kind), f"x.{kind}")
    assert [(mistake.row, mistake.column) for mistake in again.mistakes.found] == [(0, "iccid")] * 2


@pytest.mark.django_db
def test_all_mistakes_are_told_by_row_and_column():
    sku, same = fill(0), iccid()
    rows = [
        ("NOPE", iccid(), CODE.format(1), ""),
        (sku, "123", "secret-code", ""),
        (sku, same, CODE.format(2), ""),
        (sku, same, CODE.format(3), ""),
    ]
    outcome = bring_in(sheet(*rows))
    assert [(mistake.row, mistake.column) for mistake in outcome.mistakes.found] == [
        (2, "sku"),
        (3, "activation_code"),
        (3, "iccid"),
        (5, "iccid"),
    ]
    assert "secret-code" not in str(outcome.mistakes.found)
    assert states(sku) == []
    number = openpyxl.Workbook()
    number.active.append(["sku", "iccid", "activation_code"])
    number.active.append([sku, int(iccid()), CODE.format(1)])
    file = io.BytesIO()
    number.save(file)
    file.seek(0)
    assert "lost its last digits" in bring_in(file, "x.xlsx").mistakes.found[0].message


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04 no book", "x.xlsx"),
        (b"\xff\xfe\x00", "x.csv"),
        (b"", "x.csv"),
        (b"sku;iccid\n", "x.csv"),
        (b"sku;iccid;activation_code;price\n", "x.csv"),
        (b"sku;sku;iccid;activation_code\n", "x.csv"),
    ],
)
def test_what_is_no_such_spreadsheet_is_refused(content, name):
    assert refusal(lambda: bring_in(io.BytesIO(content), name)) == INVALID


@pytest.mark.django_db
def test_the_import_page_needs_its_permission(admin_client, client, django_user_model):
    sku = fill(0)
    address = url("esimprofile_import")
    content = sheet((sku, iccid(), CODE.format(1), "")).getvalue()
    client.force_login(django_user_model.objects.create_user("mei", is_staff=True))
    denied = client.post(address, {"file": SimpleUploadedFile("x.csv", content)})
    assert (denied.status_code, states(sku)) == (403, [])
    looked = admin_client.post(address, {"file": SimpleUploadedFile("x.csv", content), "look": "1"})
    assert (looked.context["outcome"].added, states(sku)) == (1, [])
    assert admin_client.post(address, {"file": SimpleUploadedFile("x.csv", content)}).status_code == 302
    assert states(sku) == [State.AVAILABLE]
    wrong = admin_client.post(address, {"file": SimpleUploadedFile("x.txt", content)})
    assert wrong.context["form"].errors["file"]
    assert outbox.pending() >= 0
