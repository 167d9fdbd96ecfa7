"""The managers' screens of deliveries, transfers and differences."""

import io

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile

from inventory import proof
from inventory.models import Balance, ReceiptDifference, ShippingNotice, Transfer, VendorReturn
from inventory.services import Counted, Returned, receiving, transfer_receipts, transfers, vendor_returns
from kernel.models import AuditEntry

from .goods import make_store, stock
from .screens import url

pytestmark = pytest.mark.django_db
MODELS = {
    "shippingnotice": ShippingNotice,
    "transfer": Transfer,
    "vendorreturn": VendorReturn,
    "receiptdifference": ReceiptDifference,
}


@pytest.fixture
def work(store, phone, cable):
    """A delivery short of one, one that is expected, a transfer short of two, a return."""
    other = make_store()
    serials = stock(other, phone, 2)
    stock(store, cable, 5)
    came = receiving.announce(supplier="Acme", number="LS-1", store_id=store.pk, lines=[(cable.sku, 2, [])], actor="x")
    receiving.receive(notice_id=came.pk, lines=[Counted(cable.sku, 1)], source_key="r", actor="x")
    receiving.close(notice_id=came.pk, actor="x")
    receiving.announce(supplier="Acme", number="LS-2", store_id=store.pk, lines=[(cable.sku, 2, [])], actor="x")
    sent = transfers.request(
        origin_id=other.pk, target_id=store.pk, lines=[(phone.sku, 2)], source_key="t", actor="x", pushed=True
    )
    transfers.start_picking(transfer_id=sent.pk, actor="x")
    transfers.ship(transfer_id=sent.pk, lines=[(phone.sku, 2, serials)], actor="x")
    transfer_receipts.finish(transfer_id=sent.pk, actor="x")
    vendor_returns.prepare(store_id=store.pk, vendor="Acme", lines=[Returned(cable.sku, 1)], source_key="v", actor="x")
    return store


@pytest.fixture
def viewer(client, db):
    """May look at everything and change nothing."""
    user = User.objects.create_user("viewer", password="x", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="inventory", codename__startswith="view")
    )
    client.force_login(user)
    return client


@pytest.mark.parametrize("model", MODELS)
def test_lists_and_entries_open_and_are_only_shown(admin_client, work, model):
    row = MODELS[model].objects.first()
    assert admin_client.get(url(f"{model}_changelist")).status_code == 200
    assert admin_client.get(url(f"{model}_change", row.pk)).status_code == 200
    assert admin_client.post(url(f"{model}_change", row.pk), {"state": "CANCELLED"}).status_code == 403
    assert admin_client.get(url(f"{model}_add")).status_code == 403
    assert admin_client.post(url(f"{model}_delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", MODELS)
def test_a_list_costs_the_same_however_long_it_is(admin_client, work, cable, model, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        admin_client.get(url(f"{model}_changelist"))


def test_the_filter_finds_what_is_in_transit(admin_client, work):
    found = admin_client.get(url("transfer_changelist"), {"transit": "some"}).context["cl"].queryset
    assert [row.transit_sum for row in found] == [2]


def run(client, model, action, *rows):
    return client.post(url(f"{model}_changelist"), {"action": action, "_selected_action": [row.pk for row in rows]})


def test_a_manager_settles_what_is_short(admin_client, work, phone):
    lost, arrived = ReceiptDifference.objects.filter(transfer__isnull=False).order_by("pk")
    short = ReceiptDifference.objects.get(notice__isnull=False)
    run(admin_client, "receiptdifference", "lost", lost, short)
    run(admin_client, "receiptdifference", "arrived", arrived)
    run(admin_client, "receiptdifference", "accept", short)
    assert list(ReceiptDifference.objects.order_by("pk").values_list("settlement", flat=True)) == [
        "ACCEPTED",
        "LOST",
        "ARRIVED",
    ]
    assert Balance.objects.get(store=work, item=phone).on_hand == 1
    assert AuditEntry.objects.filter(action="difference.settled").count() == 3
    assert proof.differences() == []


def test_a_loss_of_a_delivery_is_not_written_off_as_if_it_were_in_transit(admin_client, work):
    short = ReceiptDifference.objects.get(notice__isnull=False)
    run(admin_client, "receiptdifference", "never_left", short)
    short.refresh_from_db()
    assert short.settlement == ""


def test_an_expected_delivery_is_called_off(admin_client, work):
    done, expected = ShippingNotice.objects.order_by("pk")
    run(admin_client, "shippingnotice", "call_off", done, expected)
    assert list(ShippingNotice.objects.order_by("pk").values_list("state", flat=True)) == ["RECEIVED", "CANCELLED"]


def test_who_may_only_look_changes_nothing(viewer, work):
    difference = ReceiptDifference.objects.order_by("pk").last()
    assert viewer.get(url("receiptdifference_changelist")).status_code == 200
    run(viewer, "receiptdifference", "lost", difference)
    run(viewer, "shippingnotice", "call_off", *ShippingNotice.objects.all())
    difference.refresh_from_db()
    assert difference.settled_at is None
    assert not ShippingNotice.objects.filter(state="CANCELLED").exists()
    assert viewer.get(url("shippingnotice_import")).status_code == 403


def test_notices_are_imported_after_a_look(admin_client, store, cable):
    content = f"supplier,number,store,sku,quantity\nAcme,LS-1,{store.code},{cable.sku},2\n".encode()

    def send(**how):
        file = SimpleUploadedFile("n.csv", content)
        return admin_client.post(url("shippingnotice_import"), {"file": file} | how)

    assert admin_client.get(url("shippingnotice_import")).status_code == 200
    assert "1 row would be imported" in send(look="1").content.decode()
    assert not ShippingNotice.objects.exists()
    assert send().status_code == 302
    assert ShippingNotice.objects.get().number == "LS-1"
    content = content.replace(b",2\n", b",x\n")
    assert "A whole number" in send().content.decode()
    wrong = {"file": io.BytesIO(b"x")}
    assert admin_client.post(url("shippingnotice_import"), wrong).status_code == 200
