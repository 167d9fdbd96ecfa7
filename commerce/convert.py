"""Between the generated client's types and the suite's records. No generated type leaves `commerce`."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.html import strip_tags

from commerce import records
from commerce.client import input_types as inputs
from commerce.client.enums import CountryCode, LanguageCodeEnum, OrderStatus
from commerce.errors import CoreRefused
from kernel import clock

# Where units of a fulfilment are; cancelled ones never left, those that wait for approval have not left yet.
_LEFT = {"FULFILLED", "REFUNDED"}
_CAME_BACK = {"RETURNED", "REFUNDED_AND_RETURNED", "REPLACED"}


def decimal(amount: float) -> Decimal:
    """An amount that the core sends as a JSON number, by its shortest digits."""
    return Decimal(str(amount))


def price(taxed: Any) -> records.CorePrice:
    """Saleor's TaxedMoney."""
    net, tax, gross = (decimal(part.amount) for part in (taxed.net, taxed.tax, taxed.gross))
    return records.CorePrice(net=net, tax=tax, gross=gross, currency=taxed.gross.currency)


def metadata(items: Iterable[Any]) -> dict[str, str]:
    return {item.key: item.value for item in items}


def plain_text(description: str | None) -> str:
    """Saleor's rich text (EditorJS as a JSON string) as paragraphs; anything else is taken as it is."""
    if not description:
        return ""
    try:
        document = json.loads(description)
    except ValueError:
        return str(description)
    if not isinstance(document, dict):
        return str(document)
    texts = (text for block in document.get("blocks", ()) for text in _block_texts(block.get("data", {})))
    return "\n\n".join(filter(None, (re.sub(r"\s+", " ", strip_tags(text)).strip() for text in texts)))


def _block_texts(data: dict[str, Any]) -> list[str]:
    items = [item.get("content", "") if isinstance(item, dict) else str(item) for item in data.get("items", ())]
    return [str(data["text"])] if "text" in data else items


def channel(node: Any) -> records.CoreChannel:
    return records.CoreChannel(
        id=node.id,
        slug=node.slug,
        name=node.name,
        currency=node.currency_code,
        country=node.default_country.code,
        prices_include_tax=node.tax_configuration.prices_entered_with_tax,
        charge_taxes=node.tax_configuration.charge_taxes,
        allow_unpaid_orders=node.order_settings.allow_unpaid_orders,
        is_active=node.is_active,
        warehouse_ids=frozenset(warehouse.id for warehouse in node.warehouses),
    )


def warehouse(node: Any) -> records.CoreWarehouse:
    address = node.address
    return records.CoreWarehouse(
        id=node.id,
        slug=node.slug,
        name=node.name,
        email=node.email,
        phone=address.phone or "",
        street_address_1=address.street_address_1,
        street_address_2=address.street_address_2,
        city=address.city,
        postal_code=address.postal_code,
        country_area=address.country_area,
        country=address.country.code,
        click_and_collect=node.click_and_collect_option.value,
        metadata=metadata(node.metadata),
    )


def attributes(selected: Iterable[Any]) -> tuple[records.CoreAttribute, ...]:
    return tuple(
        records.CoreAttribute(
            slug=item.attribute.slug,
            name=item.attribute.name,
            input_type=item.attribute.input_type.value if item.attribute.input_type else "",
            values=tuple(
                records.CoreAttributeValue(
                    slug=value.slug or "",
                    name=value.name or "",
                    reference=value.reference,
                    boolean=value.boolean,
                    translated_name=_translated_name(value),
                )
                for value in item.values
            ),
            translated_name=_translated_name(item.attribute),
        )
        for item in selected
    )


def _translated_name(node: Any) -> str:
    """The translated name; empty where the merchant has not translated it."""
    return (node.translation.name or "") if node.translation else ""


def product(node: Any, channel: str) -> records.CoreProduct:
    kind, tax_class = node.product_type, node.tax_class
    return records.CoreProduct(
        id=node.id,
        slug=node.slug,
        name=node.name,
        description=plain_text(node.description),
        updated_at=node.updated_at,
        is_available=bool(node.is_available),
        published=any(_published(item) for item in node.channel_listings or () if item.channel.slug == channel),
        product_type=records.CoreProductType(
            slug=kind.slug,
            name=kind.name,
            is_shipping_required=kind.is_shipping_required,
            metadata=metadata(kind.metadata),
        ),
        category=_category(node.category) if node.category else None,
        tax_class_id=tax_class.id if tax_class else None,
        tax_class_name=tax_class.name if tax_class else None,
        tax_rates=_tax_rates(tax_class.countries) if tax_class else {},
        thumbnail_url=node.thumbnail.url if node.thumbnail else None,
        metadata=metadata(node.metadata),
        attributes=attributes(node.attributes),
        variants=tuple(_variant(variant) for variant in node.variants or ()),
        translated_name=_translated_name(node),
        translated_description=plain_text(node.translation.description) if node.translation else "",
    )


def _published(listing: Any) -> bool:
    """A date of publication may lie ahead: the core tells of it, and hides the product until then."""
    return bool(listing.is_published) and (listing.published_at is None or listing.published_at <= clock.now())


def _tax_rates(countries: Iterable[Any]) -> dict[str, Decimal]:
    """Saleor states rates in percent, the suite in fractions."""
    return {item.country.code: decimal(item.rate) / 100 for item in countries}


def _category(node: Any) -> records.CoreCategory:
    path = [edge.node for edge in node.ancestors.edges] if node.ancestors else []
    path.append(node)
    return records.CoreCategory(
        id=node.id,
        slug=node.slug,
        name=node.name,
        path_slugs=tuple(step.slug for step in path),
        path_names=tuple(step.name for step in path),
        translated_path=tuple(_translated_name(step) for step in path),
    )


def _variant(node: Any) -> records.CoreVariant:
    pricing = node.pricing
    undiscounted = pricing.price_undiscounted if pricing else None
    return records.CoreVariant(
        id=node.id,
        sku=node.sku,
        name=node.name,
        track_inventory=node.track_inventory,
        updated_at=node.updated_at,
        metadata=metadata(node.metadata),
        attributes=attributes(node.attributes),
        media=tuple(records.CoreMedia(url=item.url, alt=item.alt) for item in node.media or ()),
        price=price(pricing.price) if pricing and pricing.price else None,
        undiscounted_price=price(undiscounted) if undiscounted else None,
        translated_name=_translated_name(node),
    )


def transaction(node: Any) -> records.CoreTransaction:
    refunded = getattr(node, "refunded_amount", None)
    return records.CoreTransaction(
        id=node.id,
        psp_reference=node.psp_reference,
        authorized=decimal(node.authorized_amount.amount),
        charged=decimal(node.charged_amount.amount),
        refunded=decimal(refunded.amount) if refunded else None,
    )


def _warehouse_id(delivery_method: Any) -> str | None:
    is_warehouse = delivery_method is not None and delivery_method.typename__ == "Warehouse"
    return delivery_method.id if is_warehouse else None


def checkout(node: Any) -> records.CoreCheckout:
    return records.CoreCheckout(
        id=node.id,
        email=node.email or "",
        customer_id=node.user.id if node.user else None,
        is_shipping_required=node.is_shipping_required,
        lines=tuple(
            records.CoreCheckoutLine(
                id=line.id,
                variant_id=line.variant.id,
                sku=line.variant.sku,
                quantity=line.quantity,
                unit_price=price(line.unit_price),
                total=price(line.total_price),
                metadata=metadata(line.metadata),
            )
            for line in node.lines
        ),
        warehouse_id=_warehouse_id(node.delivery_method),
        collection_points={point.id: point.name for point in node.available_collection_points},
        discount=decimal(node.discount.amount) if node.discount else Decimal(0),
        subtotal=price(node.subtotal_price),
        total=price(node.total_price),
        transactions=tuple(transaction(item) for item in node.transactions or ()),
    )


def order(node: Any) -> records.CoreOrder:
    return records.CoreOrder(
        id=node.id,
        number=node.number,
        status=node.status.value,
        charge_status=node.charge_status.value,
        external_reference=node.external_reference,
        created=node.created,
        updated_at=node.updated_at,
        email=node.user_email or "",
        channel=node.channel.slug,
        warehouse_id=_warehouse_id(node.delivery_method),
        collection_point_name=node.collection_point_name,
        metadata=metadata(node.metadata),
        lines=tuple(
            records.CoreOrderLine(
                id=line.id,
                sku=line.product_sku,
                product_name=line.product_name,
                quantity=line.quantity,
                quantity_fulfilled=line.quantity_fulfilled,
                unit_price=price(line.unit_price),
                total=price(line.total_price),
                metadata=metadata(line.metadata),
            )
            for line in node.lines
        ),
        fulfilled=tuple(_fulfilled(node.fulfillments)),
        total=price(node.total),
        transactions=tuple(transaction(item) for item in node.transactions),
    )


def order_stock(node: Any) -> records.CoreOrderStock:
    allocated: Counter[tuple[str, str]] = Counter()
    for line in node.lines:
        for part in line.allocations or () if line.variant else ():
            allocated[part.warehouse.id, line.variant.id] += part.quantity
    return records.CoreOrderStock(
        id=node.id,
        number=node.number,
        status=node.status.value,
        external_reference=node.external_reference,
        channel=node.channel.slug,
        metadata=metadata(node.metadata),
        allocated={place: quantity for place, quantity in allocated.items() if quantity},
        fulfilments=tuple(_fulfilment(part) for part in node.fulfillments),
        variants=frozenset(line.variant.id for line in node.lines if line.variant),
    )


def _fulfilment(node: Any) -> records.CoreFulfilment:
    pieces: Counter[str] = Counter()
    for line in node.lines or ():
        if line.order_line and line.order_line.variant:
            pieces[line.order_line.variant.id] += line.quantity
    return records.CoreFulfilment(node.id, node.status.value, node.warehouse.id if node.warehouse else None, pieces)


def _fulfilled(nodes: Iterable[Any]) -> Iterator[records.CoreFulfilledLine]:
    for node in nodes:
        status = node.status.value
        if status not in _LEFT | _CAME_BACK:
            continue
        for line in node.lines or ():
            if line.order_line is not None:
                yield records.CoreFulfilledLine(line.id, line.order_line.id, line.quantity, status in _CAME_BACK)


def user(node: Any) -> records.CoreUser:
    return records.CoreUser(id=node.id, email=node.email, first_name=node.first_name, last_name=node.last_name)


def metadata_input(values: Mapping[str, str]) -> list[inputs.MetadataInput]:
    return [inputs.MetadataInput(key=key, value=value) for key, value in values.items()]


def language(code: str) -> LanguageCodeEnum:
    """Saleor's language for a code in either spelling (`zh-hans`, `ZH_HANS`)."""
    return LanguageCodeEnum(code.replace("-", "_").upper())


def address(draft: records.CoreAddress) -> inputs.AddressInput:
    """Raises CoreRefused INVALID for a country that the core does not know."""
    try:
        country = CountryCode(draft.country)
    except ValueError as error:
        raise CoreRefused("INVALID", f"{draft.country!r} is not a country code.", "country") from error
    return inputs.AddressInput(
        firstName=draft.first_name,
        lastName=draft.last_name,
        companyName=draft.company_name,
        streetAddress1=draft.street_address_1,
        streetAddress2=draft.street_address_2,
        city=draft.city,
        postalCode=draft.postal_code,
        countryArea=draft.country_area,
        country=country,
        phone=draft.phone,
        skipValidation=draft.skip_validation,
    )


def checkout_input(draft: records.CheckoutDraft, *, price_reasons: bool) -> inputs.CheckoutCreateInput:
    """`price_reasons`: whether this core takes the reasons of prices that we set (see `commerce.versions`)."""
    made = inputs.CheckoutCreateInput(
        channel=draft.channel,
        email=draft.email,
        languageCode=language(draft.language),
        billingAddress=address(draft.billing_address),
        lines=[_checkout_line(line, price_reasons) for line in draft.lines],
    )
    # Only what is set is sent: private metadata and addresses have permissions and rules of their own.
    if draft.shipping_address:
        made.shipping_address = address(draft.shipping_address)
    if draft.metadata:
        made.metadata = metadata_input(draft.metadata)
    if draft.private_metadata:
        made.private_metadata = metadata_input(draft.private_metadata)
    return made


def _checkout_line(draft: records.CheckoutLineDraft, price_reasons: bool) -> inputs.CheckoutLineInput:
    made = inputs.CheckoutLineInput(
        variantId=draft.variant_id,
        quantity=draft.quantity,
        forceNewLine=draft.force_new_line,
        metadata=metadata_input(draft.metadata),
    )
    if draft.price is not None:
        made.price = draft.price
        if price_reasons:
            made.price_override_reason = draft.price_reason
    return made


def pos_order_input(draft: records.PosOrderDraft, tax_classes: Mapping[str, str | None]) -> inputs.OrderBulkCreateInput:
    """`tax_classes` maps product ids to tax class ids."""
    return inputs.OrderBulkCreateInput(
        externalReference=draft.external_reference,
        channel=draft.channel,
        createdAt=draft.created_at,
        status=OrderStatus.FULFILLED,
        user=inputs.OrderBulkCreateUserInput(email=draft.email),
        billingAddress=address(draft.billing_address),
        currency=draft.currency,
        languageCode=language(draft.language),
        metadata=metadata_input(draft.metadata),
        deliveryMethod=inputs.OrderBulkCreateDeliveryMethodInput(warehouseId=draft.warehouse_id),
        lines=[_pos_line(draft, line, tax_classes[line.product_id]) for line in draft.lines],
        fulfillments=[
            inputs.OrderBulkCreateFulfillmentInput(
                lines=[
                    inputs.OrderBulkCreateFulfillmentLineInput(
                        orderLineIndex=index,
                        variantId=line.variant_id,
                        quantity=line.quantity,
                        warehouse=draft.warehouse_id,
                    )
                    for index, line in enumerate(draft.lines)
                ]
            )
        ],
        transactions=[_tender(tender, draft.currency) for tender in draft.tenders],
    )


def _pos_line(
    draft: records.PosOrderDraft, line: records.PosOrderLineDraft, tax_class_id: str | None
) -> inputs.OrderBulkCreateOrderLineInput:
    return inputs.OrderBulkCreateOrderLineInput(
        createdAt=draft.created_at,
        variantId=line.variant_id,
        productSku=line.sku,
        productName=line.product_name,
        variantName=line.variant_name,
        isShippingRequired=line.is_shipping_required,
        isGiftCard=False,
        quantity=line.quantity,
        totalPrice=inputs.TaxedMoneyInput(net=line.total_net, gross=line.total_gross),
        undiscountedTotalPrice=inputs.TaxedMoneyInput(net=line.undiscounted_net, gross=line.undiscounted_gross),
        warehouse=draft.warehouse_id,
        taxRate=line.tax_rate,
        taxClassId=tax_class_id,
        metadata=metadata_input(line.metadata),
    )


def _tender(tender: records.PosTenderDraft, currency: str) -> inputs.TransactionCreateInput:
    return inputs.TransactionCreateInput(
        name=tender.name,
        pspReference=tender.psp_reference,
        amountCharged=inputs.MoneyInput(amount=tender.amount, currency=currency),
    )
