"""The GraphQL documents of the journey."""

ERRORS = "errors { field message code }"
CART = "id total { amount currency } tax { amount } subtotal { amount } reservedUntil lines { id sku quantity }"
PICKUP = (
    "id state orderNumber orderId customerName amountDue { amount currency } readyBy handOverCode "
    "lines { sku name quantity picked serials }"
)
ORDER = (
    "id number coreNumber status total { amount } payments { method state amount { amount } } "
    "timeline { label code } lines { sku serials } pickups { " + PICKUP + " }"
)

SEARCH = """query ($context: ContextInput!, $input: GuidedSearchInput!) {
  guidedSearch(context: $context, input: $input) {
  totalCount correction { corrected applied }
  edges { node { id name price { amount } } storeQuantity }
  dimensions { name values { value count selected } } } }"""
TYPEAHEAD = """query ($context: ContextInput!, $prefix: String!) { typeahead(context: $context, prefix: $prefix) {
  queries categories { label } products { name } } }"""
PRODUCT = """query ($context: ContextInput!, $sku: String!) { product(context: $context, sku: $sku) {
  id name brand kind price { amount } variants { sku name serialised } accessories { name } } }"""
LOOKUP = """query ($context: ContextInput!, $code: String!) { lookupCode(context: $context, code: $code) {
  kind serialState variant { sku } } }"""
STORES = """query ($near: GeoPointInput) { stores(near: $near, first: 3) {
  edges { node { id name distanceKm openNow latitude longitude } } } }"""
AVAILABILITY = """query ($skus: [String!]!, $storeIds: [ID!]) { availability(skus: $skus, storeIds: $storeIds) {
  sku stores { quantity store { id name } } } }"""
CART_CREATE = f"mutation ($input: CartCreateInput!) {{ cartCreate(input: $input) {{ cart {{ {CART} }} {ERRORS} }} }}"
CART_CONTACT = f"""mutation ($cartId: ID!, $contact: ContactInput!) {{
  cartContactUpdate(cartId: $cartId, contact: $contact) {{ cart {{ {CART} }} {ERRORS} }} }}"""
LINES_ADD = f"""mutation ($cartId: ID!, $lines: [CartLineInput!]!) {{
  cartLinesAdd(cartId: $cartId, lines: $lines) {{ cart {{ {CART} }} {ERRORS} }} }}"""
LINES_UPDATE = f"""mutation ($cartId: ID!, $lines: [CartLineUpdateInput!]!) {{
  cartLinesUpdate(cartId: $cartId, lines: $lines) {{ cart {{ {CART} }} {ERRORS} }} }}"""
PICKUP_OPTIONS = """query ($cartId: ID!, $near: GeoPointInput) {
  pickupOptions(cartId: $cartId, near: $near, first: 20) {
  complete readyBy store { id name } slots { id start remaining } } }"""
CART_DELIVERY = f"""mutation ($cartId: ID!, $delivery: CartDeliveryInput!) {{
  cartDeliveryUpdate(cartId: $cartId, delivery: $delivery) {{ cart {{ {CART} }} {ERRORS} }} }}"""
CART_COMPLETE = f"""mutation ($cartId: ID!, $payments: [PaymentInput!]!) {{
  cartComplete(cartId: $cartId, payments: $payments) {{ order {{ {ORDER} }} paymentActionUrl {ERRORS} }} }}"""
ORDER_QUERY = f"query ($id: ID!) {{ order(id: $id) {{ {ORDER} }} }}"
ORDER_BY_NUMBER = """query ($number: String!, $contact: String!) { orderByNumber(number: $number, contact: $contact) {
  number status pickups { handOverCode } } }"""
ORDER_CANCEL = f"mutation ($id: ID!) {{ orderCancel(id: $id) {{ order {{ {ORDER} }} {ERRORS} }} }}"
SIGN_IN = f"""mutation ($email: String!, $password: String!) {{
  signIn(email: $email, password: $password) {{ token refreshToken {ERRORS} }} }}"""
ME = "{ me { email firstName orders { edges { node { number } } } } }"
POS_SIGN_IN = f"""mutation ($registerToken: String!, $staffCode: String!, $pin: String!) {{
  posSignIn(registerToken: $registerToken, staffCode: $staffCode, pin: $pin) {{
    token staffName registerId permissions store {{ id name }} currentShift {{ id }} {ERRORS} }} }}"""
SHIFT_OPEN = f"""mutation ($input: PosShiftOpenInput!) {{
  posShiftOpen(input: $input) {{ shift {{ id openingFloat }} replayed {ERRORS} }} }}"""
SHIFT_CLOSE = f"""mutation ($input: PosShiftCloseInput!) {{
  posShiftClose(input: $input) {{ shift {{ id expectedCash countedCash difference }} {ERRORS} }} }}"""
POS_SYNC = f"""mutation ($input: PosSyncInput!) {{ posSync(input: $input) {{
  sales {{ clientId replayed order {{ number total {{ amount }} }} exceptions {{ code message }} {ERRORS} }}
  {ERRORS} }} }}"""
POS_CATALOGUE = """query ($storeId: ID!, $first: Int) { posCatalogue(storeId: $storeId, first: $first) {
  cursor hasMore items { sku price taxRate serialised quantity } } }"""
QUEUE = f"""query ($storeId: ID!, $states: [PickupState!]) {{ pickupQueue(storeId: $storeId, states: $states) {{
  edges {{ node {{ {PICKUP} }} }} }} }}"""


def pickup_step(name: str, arguments: str = "", types: str = "") -> str:
    """A pickup mutation: all of them take the pickup's id and answer with the pickup."""
    return f"mutation ($id: ID!{types}) {{ {name}(id: $id{arguments}) {{ pickup {{ {PICKUP} }} {ERRORS} }} }}"


PICKUP_ACCEPT = pickup_step("pickupAccept")
PICKUP_SCAN = pickup_step("pickupScan", ", code: $code, serial: $serial", ", $code: String!, $serial: String")
PICKUP_READY = pickup_step("pickupReady")
PICKUP_HAND_OVER = pickup_step(
    "pickupHandOver", ", code: $code, collectedBy: $collectedBy", ", $code: String!, $collectedBy: String!"
)
