"""Personal data: the register is complete, and a person's rows are found, told and erased."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from kernel import personal_data
from kernel.models import AuditEntry, IdempotencyKey
from kernel.personal_data import Erasure, ErasureRefused
from plugins.carts import cancellation
from plugins.carts.models import Attempts, Cart, Customer, Order
from plugins.pickup import services as pickups
from plugins.pickup.models import Pickup
from plugins.pickup.selectors import code_of
from tests.counter import ADA

PAGE = Path(__file__).resolve().parents[2] / "docs" / "personal-data.md"
ADDRESS = "ada@example.com"
OURS = (
    "kernel", "commerce", "inventory", "catalogue", "merchandising", "search_log", "guided_search", "staff", "payments",
    "carts", "pickup", "pos", "store_operations",
)  # fmt: skip
LOOKS_PERSONAL = re.compile(
    r"first_?name|last_?name|full_?name|email|phone|mobile|address|collected_by|customer|shopper|birth|contact"
    r"|user_id|passport|passenger|ip_|remote|payload|body"
)
# Ids only, as `kernel.outbox` demands of its publishers.
NOT_PERSONAL = {"kernel.OutboxMessage.payload"}


def registered():
    return {f"{holding.label}.{name}" for holding in personal_data.holdings() for name in holding.fields}


def test_every_field_that_looks_personal_is_registered():
    suspects = {
        f"{model._meta.label}.{field.name}"
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.concrete_fields
        if LOOKS_PERSONAL.search(field.name) and not field.is_relation
    }
    assert suspects - registered() == NOT_PERSONAL


def test_the_page_lists_the_register():
    rows = re.findall(r"^\| `(\w+\.\w+)` \| (.+?) \| (\w+)", PAGE.read_text(), flags=re.MULTILINE)
    told = {label: (tuple(re.findall(r"`(\w+)`", names)), erasure) for label, names, erasure in rows}
    assert told == {holding.label: (holding.fields, holding.erasure.value) for holding in personal_data.holdings()}


def test_a_model_is_declared_once_and_can_be_found():
    with pytest.raises(ValueError, match="declared"):
        personal_data.register(Order, ["email"])
    with pytest.raises(ValueError, match="declared"):
        personal_data.register(AuditEntry, ["subject"], erasure=Erasure.BLANK)


@pytest.fixture
def collected(counter):
    """An order of Ada's that she has collected."""
    Customer.objects.create(core_user_id=ADA.id, email="Ada@example.com", first_name="Ada")
    pickup = counter.pickup(("PHONE", 1), caller=ADA)
    clerk = counter.staff()
    pickups.accept(caller=clerk, pickup_id=str(pickup.pk))
    pickups.scan(caller=clerk, pickup_id=str(pickup.pk), code=counter.serials[0])
    ready = pickups.ready(caller=clerk, pickup_id=str(pickup.pk))
    pickups.hand_over(caller=clerk, pickup_id=str(pickup.pk), code=code_of(ready), collected_by="Ada L.")
    return Order.objects.get(pk=pickup.order_id)


def erase(email=ADDRESS):
    return personal_data.erase(email=email, actor="test")


@pytest.mark.django_db
class TestErasing:
    def test_an_order_keeps_what_the_accounts_need_and_nothing_of_the_person(self, counter, collected):
        lines = list(collected.lines.values("sku", "quantity", "unit_price", "tax", "serials"))
        counts = erase()
        after = Order.objects.get(pk=collected.pk)
        assert (after.first_name, after.last_name, after.email, after.phone, after.shopper_id) == ("",) * 5
        assert after.billing_address is None
        assert (after.number, after.total, after.tax) == (collected.number, collected.total, collected.tax)
        assert list(after.lines.values("sku", "quantity", "unit_price", "tax", "serials")) == lines
        assert Pickup.objects.get(order=after).collected_by == ""
        assert not Customer.objects.exists()
        assert not Cart.objects.exclude(email="", shopper_id="", first_name="").exists()
        assert counts == {"carts.Customer": 1, "carts.Cart": 1, "carts.Order": 1, "pickup.Pickup": 1}

    def test_again_changes_nothing(self, counter, collected):
        erase()
        assert erase() == {}

    def test_nobody_else_is_touched(self, counter, collected):
        other = counter.order(("CASE", 1))
        Order.objects.filter(pk=other.pk).update(email="xada@example.com")
        Order.objects.filter(pk=other.pk).update(first_name="Xenia")
        Cart.objects.filter(pk=other.cart_id).update(email="xada@example.com")
        erase()
        other.refresh_from_db()
        assert (other.email, other.first_name) == ("xada@example.com", "Xenia")

    def test_an_open_order_refuses_and_nothing_is_changed(self, counter, collected):
        still_open = counter.order(("CASE", 1))
        with pytest.raises(ErasureRefused) as refusal:
            erase()
        assert refusal.value.reasons == [f"Order {still_open.number} is PLACED: hand it over or cancel it first."]
        assert Customer.objects.exists()
        assert not AuditEntry.objects.filter(action="personal_data.erased").exists()
        cancellation.cancel(order_id=still_open.pk, reason="", actor="test")
        assert erase()["carts.Order"] == 2

    def test_an_order_that_is_being_placed_refuses(self, counter):
        cart = counter.held_cart()
        Cart.objects.filter(pk=cart.pk).update(state=Cart.State.COMPLETING)
        with pytest.raises(ErasureRefused, match="being placed"):
            erase()

    def test_stored_answers_and_failed_tries_with_the_address_are_deleted(self, db):
        told = {"data": {"cart": {"contact": {"email": "Ada@example.com"}}}}
        IdempotencyKey.objects.create(scope="cart:1", key="a", digest="1", body=told)
        IdempotencyKey.objects.create(scope="cart:2", key="b", digest="2", body={"data": {"cart": {"id": "2"}}})
        Attempts.objects.create(subject=f"sign-in:{ADDRESS}", window_ends_at="2030-01-01T00:00Z")
        assert erase("ADA@example.com ") == {"kernel.IdempotencyKey": 1, "carts.Attempts": 1}
        assert [row.key for row in IdempotencyKey.objects.all()] == ["b"]

    def test_the_audit_trail_tells_the_act_and_not_the_address(self, counter, collected):
        erase()
        entry = AuditEntry.objects.get(action="personal_data.erased")
        assert (entry.actor, entry.subject) == ("test", personal_data.subject("ADA@example.com"))
        trail = json.dumps(list(AuditEntry.objects.values("actor", "subject", "detail")))
        assert ADDRESS not in trail.lower()
        assert "Ada" not in trail

    @pytest.mark.parametrize("text", ["", "ada", "@example.com", "ada@", "%"])
    def test_what_is_no_address_is_refused(self, db, text):
        with pytest.raises(ValueError, match="not an e-mail address"):
            erase(text)


@pytest.mark.django_db
class TestTheCommand:
    def run(self, *words):
        out = StringIO()
        call_command("personal_data", *words, stdout=out)
        return json.loads(out.getvalue())

    def test_exports_all_rows_and_says_so(self, counter, collected):
        told = self.run("export", ADDRESS, "--actor", "officer")
        (order,) = told["carts.Order"]
        assert (order["number"], order["email"], order["shopper_id"]) == (collected.number, ADDRESS, ADA.id)
        assert told["pickup.Pickup"][0]["collected_by"] == "Ada L."
        assert told["carts.OrderLine"][0]["serials"] == [counter.serials[0]]
        assert told["carts.Customer"][0]["email"] == "Ada@example.com"
        assert AuditEntry.objects.get(action="personal_data.exported").actor == "officer"

    def test_erases(self, counter, collected):
        assert self.run("erase", ADDRESS)["carts.Order"] == 1
        assert self.run("export", ADDRESS) == {}

    def test_refuses_with_the_reason(self, counter):
        counter.order(("CASE", 1))
        with pytest.raises(CommandError, match="hand it over or cancel it first"):
            self.run("erase", ADDRESS)
