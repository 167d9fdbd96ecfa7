"""Collects what differs in some products and writes it at once, each change numbered."""

from collections.abc import Iterable
from uuid import uuid4

from django.db.models import Model, Q

from inventory import services as inventory
from inventory.services import ItemSpec
from kernel.locks import lock_rows
from kernel.notices import notify
from plugins.catalogue.models import ChangeCounter, ChannelListing, Product, Variant

# Notices of this topic carry the change counter's new token.
CATALOGUE = "catalogue"


class Changes:
    """Rows to write. It holds the change counter's lock until the transaction ends, so writers come one by one."""

    def __init__(self) -> None:
        ChangeCounter.objects.get_or_create(pk=1)
        [self._counter] = lock_rows(ChangeCounter.objects.filter(pk=1))
        self._products: dict[str, Product] = {}
        self._variants: dict[str, Variant] = {}
        self._listings: list[ChannelListing] = []
        self._withdrawn: list[ChannelListing] = []

    def product(self, row: Product) -> None:
        """Write the product under a new number."""
        row.seq, row.revision = self._next(), uuid4()
        self._products[row.pk] = row

    def variant(self, row: Variant) -> None:
        """Write the variant under a new number."""
        row.seq = self._next()
        self._variants[row.pk] = row

    def listing(self, row: ChannelListing) -> None:
        """Write the listing; its variant is to be written too."""
        self._listings.append(row)

    def withdraw(self, row: ChannelListing) -> None:
        """Delete the listing; its variant is to be written too."""
        self._withdrawn.append(row)

    def save(self) -> None:
        """Write everything collected."""
        if not self._products and not self._variants:
            return
        self._counter.token = uuid4()
        self._counter.save()
        notify(CATALOGUE, str(self._counter.token))
        _upsert(self._products.values())
        self._free_skus()
        _upsert(self._variants.values())
        ChannelListing.objects.filter(pk__in=[row.pk for row in self._withdrawn]).delete()
        _upsert([row for row in self._listings if row.pk is not None])
        ChannelListing.objects.bulk_create([row for row in self._listings if row.pk is None])
        self._tell_inventory()

    def _next(self) -> int:
        self._counter.value += 1
        return self._counter.value

    def _tell_inventory(self) -> None:
        """The category is the product's: its other variants are told too."""
        touched = Q(pk__in=list(self._variants)) | Q(product__in=list(self._products))
        inventory.upsert_items(
            ItemSpec(row.sku, row.tracking, row.stocked, row.pk, "/".join(row.product.category_slugs))
            for row in Variant.objects.filter(touched, is_active=True).select_related("product")
        )

    def _free_skus(self) -> None:
        """The core keeps SKUs unique: other holders of these SKUs are out of date, or get another one right after."""
        skus = [row.sku for row in self._variants.values() if row.is_active]
        # Who loses a variant is another product than before, though the core has not told of it yet.
        losing = Variant.objects.filter(sku__in=skus, is_active=True).exclude(product__in=list(self._products))
        losers = Product.objects.filter(pk__in=list(losing.values_list("product_id", flat=True)))
        losers.update(revision=uuid4(), seq=self._counter.value)
        Variant.objects.filter(Q(pk__in=list(self._variants)) | Q(sku__in=skus), is_active=True).update(is_active=False)


def _upsert(rows: Iterable[Model]) -> None:
    found = list(rows)
    if found:
        model = type(found[0])
        columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]
        model._default_manager.bulk_create(found, update_conflicts=True, unique_fields=["id"], update_fields=columns)
