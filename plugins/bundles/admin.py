"""The merchandiser's screen of offers: their list, and for each its page, its editor and its versions."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from plugins.bundles import admin_editor, admin_pages
from plugins.bundles.models import Offer, OfferVersion
from plugins.bundles.states import STATES, in_work, moment, name_of, state_of


@admin.register(Offer)
class OfferAdmin(ModelAdmin):
    """Its rows are written by the services alone."""

    list_display = ("named", "code", "channel", "state", "draft", "saved")
    list_display_links = ("named",)
    list_filter = ("channel",)
    search_fields = ("code",)
    ordering = ("position", "code")
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        """With what the list shows, in two queries."""
        versions = OfferVersion.objects.order_by("-number")
        found = super().get_queryset(request).select_related("channel", "current")
        return found.prefetch_related(Prefetch("versions", versions))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what was sold stays known. An offer is taken off sale."""
        return False

    @display(description=_("offer"))
    def named(self, offer: Offer) -> str:
        """Its name, of the version sold now or in work."""
        return name_of(offer, get_language() or "en")

    @display(
        description=_("state"),
        label={"live": "success", "coming": "info", "ended": "warning", "off": "default"},
    )
    def state(self, offer: Offer) -> tuple[str, Any]:
        """Whether it is sold."""
        key = state_of(offer)
        words = str(STATES[key])
        return key, f"{words} ({offer.current.number})" if offer.current is not None else words

    @display(description=_("in work"))
    def draft(self, offer: Offer) -> str:
        """The draft, and when it comes."""
        version = in_work(offer)
        if version is None:
            return "–"
        if version.publish_at is None:
            return str(_("Draft"))
        return str(_("Comes %(when)s")) % {"when": moment(version.publish_at, offer.channel)}

    @display(description=_("last saved"))
    def saved(self, offer: Offer) -> Any:
        """When the newest version was saved."""
        return max((version.saved_at for version in offer.versions.all()), default=None)

    def get_urls(self) -> list[URLPattern]:
        """Pages of one offer beside its list."""
        view = self.admin_site.admin_view
        own = [
            ("<slug:code>/edit/", admin_editor.edit, "edit"),
            ("<slug:code>/act/", admin_pages.act, "act"),
            ("<slug:code>/compare/", admin_pages.compare, "compare"),
            ("<slug:code>/versions/<int:number>.<slug:kind>", admin_pages.take_out, "export"),
        ]
        found = [path(address, view(page), name=f"bundles_offer_{name}") for address, page, name in own]
        return found + super().get_urls()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A new offer: empty, or as another one is."""
        return admin_pages.add(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What is sold, what comes, and all that was."""
        return admin_pages.overview(request, object_id)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The same page has the history."""
        return admin_pages.overview(request, object_id)
