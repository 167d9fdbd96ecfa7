"""Who may do what: every operation of the schema, asked by everyone. What is not in the table fails.

The things asked for are Ada's, in the first store, where the clerk and the manager stand; Bob is another shopper. OK:
it was done or shown. null: shown as nothing. Else the code, at the top level or in the payload's errors.
"""

import copy
import uuid

import pytest

from commerce.errors import CoreRefused
from plugins.bundles import services as offers
from plugins.bundles.compiled import Selected
from plugins.bundles.models import Offer
from plugins.carts import bundles, holds, services, sharing
from plugins.carts.bundle_quotes import Wish
from plugins.carts.contact import ContactChange
from plugins.carts.services import DeliveryChoice
from plugins.carts.slots import slot_id
from plugins.catalogue.models import Product
from plugins.pickup import services as pickups
from plugins.pickup.models import Pickup
from plugins.staff.tokens import register_token
from storefront_api.schema import schema
from tests.bundles.conftest import BOTH, DOCUMENT
from tests.counter import ADA, MONDAY
from tests.storefront_api.stock_things import stock_things

EVERYONE = ("guest", "ada", "bob", "clerk", "manager")
OK, NULL = "OK", "null"
NO_TOKEN, DENIED, NOT_FOUND = "UNAUTHENTICATED", "PERMISSION_DENIED", "NOT_FOUND"
LATER = "NOT_AVAILABLE"

PUBLIC = (OK, OK, OK, OK, OK)
OWNER_AND_STAFF_SEE = (NULL, OK, NULL, OK, OK)
OWNER_AND_STAFF_DO = (NOT_FOUND, OK, NOT_FOUND, OK, OK)
STAFF = (NO_TOKEN, DENIED, DENIED, OK, OK)
MANAGERS = (NO_TOKEN, DENIED, DENIED, DENIED, OK)
NO_COUNT = (NO_TOKEN, DENIED, DENIED, "COUNT_NOT_FOUND", "COUNT_NOT_FOUND")
NOTHING_OF_MANAGERS = (NO_TOKEN, DENIED, DENIED, DENIED, "NOT_FOUND")
NO_COUNT_OF_MANAGERS = (NO_TOKEN, DENIED, DENIED, DENIED, "COUNT_NOT_FOUND")


def act(name, facts):
    """A mutation of store staff with these facts beside what every act tells."""
    return (
        f"mutation {{ {name}(input: {{clientId: $act, storeId: $store, occurredAt: $moment, {facts}}}) "
        "{ errors { code } } }"
    )


TABLE = {
    "channels": ("{ channels { slug } }", PUBLIC),
    "product": ('{ product(context: $context, slug: "phone") { id } }', PUBLIC),
    "lookupCode": ('{ lookupCode(context: $context, code: "CASE") { kind } }', PUBLIC),
    "guidedSearch": ("{ guidedSearch(context: $context, input: {}) { totalCount } }", PUBLIC),
    "typeahead": ('{ typeahead(context: $context, prefix: "p") { queries } }', PUBLIC),
    "stores": ("{ stores { edges { node { id } } } }", PUBLIC),
    "availability": ('{ availability(skus: ["CASE"]) { sku } }', PUBLIC),
    "addressSuggestions": ('{ addressSuggestions(text: "1 Main") { label } }', PUBLIC),
    "serviceQualification": ('{ serviceQualification(id: "x") { id } }', (NULL,) * 5),
    "bundleOffers": ("{ bundleOffers(context: $context) { edges { cursor } } }", PUBLIC),
    "configureBundle": ("{ configureBundle(context: $context, input: $bundle) { valid } }", ("OFFER_NOT_FOUND",) * 5),
    "me": ("{ me { email } }", (NULL, OK, OK, NULL, NULL)),
    "cart": ("{ cart(id: $cart) { id } }", OWNER_AND_STAFF_SEE),
    "pickupOptions": ("{ pickupOptions(cartId: $cart) { complete } }", OWNER_AND_STAFF_DO),
    "order": ("{ order(id: $order) { id } }", OWNER_AND_STAFF_SEE),
    # Number and e-mail address are the proof.
    "orderByNumber": ('{ orderByNumber(number: $number, contact: "ada@example.com") { id } }', PUBLIC),
    "pickupQueue": ("{ pickupQueue(storeId: $store) { edges { cursor } } }", STAFF),
    "stockLookup": ('{ stockLookup(code: "CASE") { article { sku } } }', STAFF),
    "unitHistory": (
        '{ unitHistory(unitId: "0") { edges { cursor } } }',
        (NO_TOKEN, DENIED, DENIED, NOT_FOUND, NOT_FOUND),
    ),
    "posCatalogue": ("{ posCatalogue(storeId: $store) { cursor } }", STAFF),
    "signIn": ('mutation { signIn(email: "ada@example.com", password: "x") { errors { code } } }', None),
    "refreshSession": ('mutation { refreshSession(refreshToken: "x") { errors { code } } }', None),
    "qualifyService": (
        'mutation { qualifyService(input: {addressText: "1 Main"}) { errors { code } } }',
        ("ADDRESS_NOT_FOUND",) * 5,
    ),
    "serviceWait": (
        'mutation { serviceWait(qualificationId: "x", category: TV, email: "a@example.com") { errors { code } } }',
        (NOT_FOUND,) * 5,
    ),
    "cartCreate": ("mutation { cartCreate(input: {context: $context}) { errors { code } } }", PUBLIC),
    "cartContactUpdate": (
        'mutation { cartContactUpdate(cartId: $cart, contact: {firstName: "A"}) { errors { code } } }',
        OWNER_AND_STAFF_DO,
    ),
    "cartLinesAdd": (
        'mutation { cartLinesAdd(cartId: $cart, lines: [{sku: "CASE", quantity: 1}]) { errors { code } } }',
        OWNER_AND_STAFF_DO,
    ),
    "cartLinesUpdate": (
        "mutation { cartLinesUpdate(cartId: $cart, lines: [{lineId: $line, quantity: 2}]) { errors { code } } }",
        OWNER_AND_STAFF_DO,
    ),
    "cartBundleAdd": (
        "mutation { cartBundleAdd(cartId: $cart, configuration: $offered) { errors { code } } }",
        OWNER_AND_STAFF_DO,
    ),
    "cartBundleUpdate": (
        "mutation { cartBundleUpdate(cartId: $cart, bundleId: $chosen, configuration: $offered) { errors { code } } }",
        OWNER_AND_STAFF_DO,
    ),
    "cartBundleRemove": (
        "mutation { cartBundleRemove(cartId: $cart, bundleId: $chosen) { errors { code } } }",
        OWNER_AND_STAFF_DO,
    ),
    "cartPromoCodeAdd": (
        'mutation { cartPromoCodeAdd(cartId: $cart, code: "X") { errors { code } } }',
        (NOT_FOUND, LATER, NOT_FOUND, LATER, LATER),
    ),
    "cartDeliveryUpdate": (
        "mutation { cartDeliveryUpdate(cartId: $cart, delivery: $slot) { errors { code } } }",
        OWNER_AND_STAFF_DO,
    ),
    "cartShare": ("mutation { cartShare(cartId: $cart) { errors { code } } }", OWNER_AND_STAFF_DO),
    # The code is the proof; the till's channel is for staff.
    "cartClaim": ("mutation { cartClaim(code: $share, salesChannel: MOBILE) { errors { code } } }", PUBLIC),
    "cartComplete": (
        'mutation { cartComplete(cartId: $ready, payments: [{method: CARD, token: "tok_ok"}]) { errors { code } } }',
        OWNER_AND_STAFF_DO,
    ),
    "orderCancel": ("mutation { orderCancel(id: $order) { errors { code } } }", OWNER_AND_STAFF_DO),
    # Staff sees the order, and not the code that is the line of whoever has it.
    "orderEsimCodes": (
        "mutation { orderEsimCodes(id: $order) { errors { code } } }",
        (NOT_FOUND, OK, NOT_FOUND, DENIED, DENIED),
    ),
    "pickupAccept": ("mutation { pickupAccept(id: $pickup) { errors { code } } }", STAFF),
    "pickupReject": ('mutation { pickupReject(id: $pickup, reason: "broken") { errors { code } } }', STAFF),
    "pickupScan": ('mutation { pickupScan(id: $accepted, code: "CASE") { errors { code } } }', STAFF),
    "pickupReady": ("mutation { pickupReady(id: $picked) { errors { code } } }", STAFF),
    "pickupHandOver": (
        'mutation { pickupHandOver(id: $picked, code: "WRONG", collectedBy: "Ada") { errors { code } } }',
        (NO_TOKEN, DENIED, DENIED, "WRONG_CODE", "WRONG_CODE"),
    ),
    "searchResultOpen": (
        'mutation { searchResultOpen(input: {context: $context, text: "phone", productId: $product, position: 1}) '
        "{ errors { code } } }",
        PUBLIC,
    ),
    # The register's token and the PIN are the proof.
    "posSignIn": (
        'mutation { posSignIn(registerToken: $register, staffCode: "1001", pin: "246810") { errors { code } } }',
        PUBLIC,
    ),
    "posEsimCodes": (
        "mutation { posEsimCodes(clientId: $act) { errors { code } } }",
        (NO_TOKEN, DENIED, DENIED, NOT_FOUND, NOT_FOUND),
    ),
    "posShiftOpen": ("mutation { posShiftOpen(input: $shift) { errors { code } } }", STAFF),
    "posShiftClose": (
        "mutation { posShiftClose(input: $close) { errors { code } } }",
        (NO_TOKEN, DENIED, DENIED, "SHIFT_NOT_FOUND", "SHIFT_NOT_FOUND"),
    ),
    "posSync": ("mutation { posSync(input: {sales: []}) { errors { code } } }", STAFF),
    "stockDeliveries": ("{ stockDeliveries { edges { cursor } } }", STAFF),
    "stockDelivery": ("{ stockDelivery(id: $delivery) { id } }", STAFF),
    "stockTransfers": ("{ stockTransfers(incoming: true) { edges { cursor } } }", STAFF),
    "stockTransfer": ("{ stockTransfer(id: $transfer) { id } }", STAFF),
    "stockVendorReturns": ("{ stockVendorReturns { edges { cursor } } }", MANAGERS),
    "stockDeliveryReceive": ("mutation { stockDeliveryReceive(input: $received) { errors { code } } }", STAFF),
    "stockDeliveryReceiveUnannounced": (
        "mutation { stockDeliveryReceiveUnannounced(input: $unannounced) { errors { code } } }",
        STAFF,
    ),
    "stockTransferRequest": ("mutation { stockTransferRequest(input: $request) { errors { code } } }", STAFF),
    "stockTransferDecide": ("mutation { stockTransferDecide(input: $decision) { errors { code } } }", STAFF),
    "stockTransferPick": ("mutation { stockTransferPick(input: $approved) { errors { code } } }", STAFF),
    "stockTransferShip": ("mutation { stockTransferShip(input: $shipment) { errors { code } } }", STAFF),
    "stockTransferCancel": ("mutation { stockTransferCancel(input: $approved) { errors { code } } }", STAFF),
    "stockTransferReceive": ("mutation { stockTransferReceive(input: $arrival) { errors { code } } }", STAFF),
    "stockTransferSettle": ("mutation { stockTransferSettle(input: $settled) { errors { code } } }", MANAGERS),
    "stockVendorReturnPrepare": (
        "mutation { stockVendorReturnPrepare(input: $prepared) { errors { code } } }",
        MANAGERS,
    ),
    "stockVendorReturnShip": ("mutation { stockVendorReturnShip(input: $goingBack) { errors { code } } }", MANAGERS),
    "stockVendorReturnCancel": (
        "mutation { stockVendorReturnCancel(input: $goingBack) { errors { code } } }",
        MANAGERS,
    ),
    "stockContradictions": ("{ stockContradictions(settled: false) { edges { cursor } } }", MANAGERS),
    "stockContradiction": ('{ stockContradiction(id: "0") { __typename } }', NOTHING_OF_MANAGERS),
    "stockNamingEffect": ('{ stockNamingEffect(contradictionId: "0", serials: []) }', NOTHING_OF_MANAGERS),
    "stockContradictionSettle": (
        act("stockContradictionSettle", 'contradictionId: "0", settlement: NOTED, reason: "seen"'),
        NOTHING_OF_MANAGERS,
    ),
    "stockCounts": ("{ stockCounts(closed: false) { edges { cursor } } }", STAFF),
    "stockCountScopes": ("{ stockCountScopes { rooms { id } } }", STAFF),
    "stockCount": ('{ stockCount(id: "x") { id } }', NO_COUNT),
    "stockCountLines": ('{ stockCountLines(countId: "x", partId: "1") { edges { cursor } } }', NO_COUNT),
    "stockCountVariances": ('{ stockCountVariances(countId: "x") { edges { cursor } } }', NO_COUNT_OF_MANAGERS),
    "stockCountOpen": (
        act("stockCountOpen", 'name: "All"'),
        STAFF,
    ),
    "stockCountRecord": (
        act("stockCountRecord", 'countId: "x", partId: "1", round: 1, lines: []'),
        NO_COUNT,
    ),
    "stockCountComplete": (
        act("stockCountComplete", 'countId: "x", partId: "1", round: 1'),
        NO_COUNT,
    ),
    "stockCountRecount": (
        act("stockCountRecount", 'countId: "x", lineIds: []'),
        NO_COUNT_OF_MANAGERS,
    ),
    "stockCountAuthorise": (
        act("stockCountAuthorise", 'countId: "x", acceptedLineIds: []'),
        NO_COUNT_OF_MANAGERS,
    ),
    "stockCountCancel": (
        act("stockCountCancel", 'countId: "x"'),
        NO_COUNT_OF_MANAGERS,
    ),
    "adjustmentOptions": ("{ adjustmentOptions { __typename } }", STAFF),
    "stockAdjustments": ("{ stockAdjustments(pending: false) { edges { cursor } } }", STAFF),
    "stockAdjust": (
        act("stockAdjust", 'reason: "nothing", sku: "CASE", quantity: 1'),
        (NO_TOKEN, DENIED, DENIED, "REASON_NOT_FOUND", "REASON_NOT_FOUND"),
    ),
    "stockAdjustmentDecide": (
        act("stockAdjustmentDecide", 'adjustmentId: "0", approve: true'),
        (NO_TOKEN, DENIED, DENIED, DENIED, "ADJUSTMENT_NOT_FOUND"),
    ),
    "shelfGaps": ("{ shelfGaps { edges { cursor } } }", STAFF),
    "shelfReplenish": (
        act("shelfReplenish", 'fromRoomId: "nowhere", lines: []'),
        (NO_TOKEN, DENIED, DENIED, "ROOM_NOT_FOUND", "ROOM_NOT_FOUND"),
    ),
}

TYPES = {
    "context": "ContextInput!",
    "bundle": "BundleConfigurationInput!",
    "offered": "BundleConfigurationInput!",
    "slot": "CartDeliveryInput!",
    "shift": "PosShiftOpenInput!",
    "close": "PosShiftCloseInput!",
    "received": "StockDeliveryReceiveInput!",
    "unannounced": "StockDeliveryUnannouncedInput!",
    "request": "StockTransferRequestInput!",
    "decision": "StockTransferDecideInput!",
    "approved": "StockTransferInput!",
    "shipment": "StockTransferShipInput!",
    "arrival": "StockTransferReceiveInput!",
    "settled": "StockTransferSettleInput!",
    "prepared": "VendorReturnPrepareInput!",
    "goingBack": "VendorReturnActInput!",
    "moment": "DateTime!",
    "number": "String!",
    "share": "String!",
    "register": "String!",
}


def test_every_operation_is_in_the_table():
    graphql = schema._schema
    assert set(TABLE) == set(graphql.query_type.fields) | set(graphql.mutation_type.fields)
    assert graphql.subscription_type is None


@pytest.mark.parametrize("name", [name for name, (_query, expected) in TABLE.items() if expected])
def test_access(front, name):
    front.tokens["manager"] = front.counter.token("manager", "R2")
    assert tuple(outcome(front, name, who) for who in EVERYONE) == TABLE[name][1]


def test_signing_in_is_for_everyone_and_asks_the_core(front, monkeypatch):
    """A wrong password is told the same way whoever asks."""

    def refuse(*_args, **_kwargs):
        raise CoreRefused("INVALID_CREDENTIALS", "Please, enter valid credentials")

    front.counter.core.token_create = front.counter.core.token_refresh = refuse
    for name in ("signIn", "refreshSession"):
        assert {outcome(front, name, who) for who in EVERYONE} == {"INVALID_CREDENTIALS"}


def test_a_clerk_works_in_one_store_alone(front):
    there = front.counter.token("clerk", "R9")
    for name in ("pickupQueue", "posCatalogue", "pickupAccept", "pickupReject", "pickupScan", "pickupReady"):
        front.tokens["elsewhere"] = there
        assert outcome(front, name, "elsewhere") in {DENIED, "PICKUP_NOT_FOUND"}, name


def test_the_till_s_channel_is_for_staff(front):
    query = "mutation ($input: CartCreateInput!) { cartCreate(input: $input) { errors { code } } }"
    for who, expected in zip(EVERYONE, STAFF, strict=True):
        body = front.ask(query, who=who, input={"context": {"channel": "us", "salesChannel": "POS"}})
        assert read(body, "cartCreate") == expected


def outcome(front, name, who):
    query, _expected = TABLE[name]
    wanted = {word: value for word, value in Things(front.counter, who).items() if f"${word}" in query}
    declared = ", ".join(f"${word}: {TYPES.get(word, 'ID!')}" for word in wanted)
    if declared:
        query = (
            f"query ({declared}) {query}"
            if query.startswith("{")
            else query.replace("mutation", f"mutation ({declared})", 1)
        )
    return read(front.ask(query, who=who, **{word: value() for word, value in wanted.items()}), name)


def read(body, name):
    if body.get("errors"):
        return body["errors"][0]["extensions"]["code"]
    answer = body["data"][name]
    if answer is None:
        return NULL
    errors = answer.get("errors") if isinstance(answer, dict) else None
    return errors[0]["code"] if errors else OK


class Things(dict):
    """What the documents name, made when it is needed."""

    def __init__(self, counter, who):
        register = "register-R2" if who == "manager" else "register-R1"
        super().__init__(
            context=lambda: {"channel": "us"},
            bundle=lambda: {"offerCode": "x", "term": 24, "selections": []},
            offered=self.offered,
            chosen=self.chosen,
            cart=lambda: self.cart().pk,
            line=lambda: str(self.cart().lines.get().pk),
            ready=lambda: self.ready().pk,
            slot=self.delivery,
            share=lambda: sharing.share(caller=ADA, cart_id=self.cart().pk).code,
            order=lambda: counter.order(("CASE", 1), method="CARD", caller=ADA).pk,
            number=lambda: counter.order(("CASE", 1), method="CARD", caller=ADA).number,
            store=lambda: counter.store.pk,
            product=lambda: Product.objects.get(slug="phone").pk,
            pickup=lambda: str(self.pickup().pk),
            accepted=lambda: str(self.accepted().pk),
            picked=lambda: str(self.picked().pk),
            register=lambda: register_token("register-R1"),
            shift=lambda: (
                self.moment() | {"storeId": counter.store.pk, "registerId": register, "openingFloat": "100.00"}
            ),
            close=lambda: self.moment() | {"shiftId": str(uuid.uuid4()), "countedCash": "100.00"},
        )
        self.update(stock_things(counter))
        self.counter = counter
        self.made = None

    def offered(self):
        """A valid choice from an offer that is sold."""
        if not Offer.objects.exists():
            document = copy.deepcopy(DOCUMENT)
            offers.save_draft(code="o", channel=self.counter.channel, document=document, test_cases=[], actor="test")
            offers.publish(code="o", actor="test")
        return {"offerCode": "o", "term": 24, "selections": BOTH}

    def chosen(self):
        """A bundle in the cart."""
        self.offered()
        wish = Wish("o", 24, [Selected("device", "PHONE"), Selected("plan", "PLAN")])
        return str(bundles.add_bundle(caller=ADA, cart_id=self.cart().pk, wish=wish).bundles.get().pk)

    def cart(self):
        if self.made is None:
            self.made = services.create_cart(
                caller=ADA, channel=self.counter.channel, sales_channel="WEB", lines=[("CASE", 1)], contact=None
            )
        return self.made

    def delivery(self):
        store = self.counter.store
        slot = holds.offered_slots(store, self.counter.clock.now())[0]
        return {"pickupStoreId": store.pk, "pickupSlotId": slot_id(store.pk, slot.start)}

    def ready(self):
        contact = ContactChange(first_name="Ada", last_name="Lovelace", email="ada@example.com", phone="512 555 0100")
        services.update_contact(caller=ADA, cart_id=self.cart().pk, contact=contact, language="en")
        chosen = self.delivery()
        choice = DeliveryChoice(chosen["pickupStoreId"], chosen["pickupSlotId"])
        return services.update_delivery(caller=ADA, cart_id=self.cart().pk, choice=choice)

    def pickup(self) -> Pickup:
        return self.counter.pickup(("CASE", 1), caller=ADA)

    def accepted(self):
        return pickups.accept(caller=self.counter.staff(), pickup_id=str(self.pickup().pk))

    def picked(self):
        found = self.accepted()
        return pickups.scan(caller=self.counter.staff(), pickup_id=str(found.pk), code="CASE", serial=None)

    @staticmethod
    def moment():
        return {"clientId": str(uuid.uuid4()), "occurredAt": MONDAY.isoformat()}
