"""The merchandiser's view of the catalogue. It only shows: the core is where products are changed."""

from django.conf import settings
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from kernel.admin import ReadOnly
from plugins.catalogue.models import Channel, ChannelListing, Product, Variant


class VariantInline(ReadOnly, TabularInline):
    model = Variant
    fields = ("sku", "name", "barcode", "tracking", "stocked", "is_active")
    extra = 0


class ListingInline(ReadOnly, TabularInline):
    model = ChannelListing
    fields = ("channel", "price", "undiscounted_price", "tax_rate")
    extra = 0


@admin.register(Product)
class ProductAdmin(ReadOnly, ModelAdmin):
    list_display = ("name", "brand", "kind", "category", "released", "is_active")
    list_filter = ("kind", "is_active", "brand")
    search_fields = ("name", "brand", "slug", "variants__sku", "variants__barcode")
    inlines = (VariantInline,)
    readonly_fields = ("in_the_core",)

    @admin.display(description=_("category"))
    def category(self, product: Product) -> str:
        return " › ".join(product.category_path)

    @admin.display(description=_("change it"))
    def in_the_core(self, product: Product) -> str:
        if not settings.CORE_ADMIN_URL:
            return str(_("In the commerce core."))
        return format_html('<a href="{}">{}</a>', settings.CORE_ADMIN_URL, _("Open the commerce core's admin"))


@admin.register(Variant)
class VariantAdmin(ReadOnly, ModelAdmin):
    list_display = ("sku", "product", "name", "barcode", "tracking", "stocked", "is_active")
    list_filter = ("tracking", "stocked", "is_active")
    list_select_related = ("product",)
    search_fields = ("sku", "barcode", "product__name")
    inlines = (ListingInline,)


@admin.register(Channel)
class ChannelAdmin(ReadOnly, ModelAdmin):
    list_display = ("slug", "name", "currency", "country", "prices_include_tax", "is_active")
