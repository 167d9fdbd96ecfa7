"""The merchandiser's screens. Every change goes through the services, so every change can be undone."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from kernel.admin import ReadOnly
from plugins.merchandising import admin_pages
from plugins.merchandising.admin_base import CHANGE, FILES, ConfiguredAdmin
from plugins.merchandising.admin_rules import RuleAdmin
from plugins.merchandising.differences import named, who
from plugins.merchandising.forms import DimensionForm, PrecedenceForm, SynonymsForm
from plugins.merchandising.known import ALWAYS
from plugins.merchandising.models import DimensionSetup, PrecedenceRule, Revision, Synonyms

__all__ = ["DimensionSetupAdmin", "PrecedenceRuleAdmin", "RevisionAdmin", "RuleAdmin", "SynonymsAdmin"]


@admin.register(Synonyms)
class SynonymsAdmin(ConfiguredAdmin):
    form = SynonymsForm
    actions_list = [{**FILES, "items": [*FILES["items"], "as_csv"]}]
    list_display = ("words", "code", "direction", "language_shown", "in_channel", "is_active")
    list_filter = ("kind", "language", "is_active", "channel")
    search_fields = ("code", "terms", "sources")
    conditional_fields = {"sources": "typeof kind === 'undefined' || kind == 'ONE_WAY'"}
    fieldsets = (
        (None, {"fields": ("code", "is_active", "kind", "sources", "terms")}),
        (_("Where it holds"), {"fields": (("language", "channel"),)}),
        CHANGE,
    )

    @action(description=_("Synonyms as CSV"), url_path="csv", icon="table_view", permissions=["view"])
    def as_csv(self, request: HttpRequest) -> HttpResponse:
        """For a spreadsheet."""
        return HttpResponseRedirect(reverse("admin:merchandising_export_sheet", args=["synonyms"]))

    @display(description=_("words"))
    def words(self, row: Synonyms) -> str:
        """The words, those typed first."""
        return Truncator(str(row)).chars(90)

    @display(description=_("kind"), label={"TWO_WAY": "info", "ONE_WAY": "warning"}, ordering="kind")
    def direction(self, row: Synonyms) -> tuple[str, Any]:
        """Which way it is read."""
        return row.kind, _("two ways") if row.kind == Synonyms.Kind.TWO_WAY else _("one way")

    @display(description=_("language"), ordering="language")
    def language_shown(self, row: Synonyms) -> str:
        """Of those who search."""
        return row.get_language_display()


@admin.register(DimensionSetup)
class DimensionSetupAdmin(ConfiguredAdmin):
    form = DimensionForm
    list_display = ("label_en", "name", "label_zh", "kind", "sorted_by", "in_channel", "position", "visible")
    list_filter = ("kind", "is_shown", "channel")
    search_fields = ("name", "attribute", "label_en", "label_zh")
    only_numbers = "typeof kind === 'undefined' || kind == 'RANGE'"
    conditional_fields = {
        "bounds": only_numbers,
        "unit_en": only_numbers,
        "unit_zh": only_numbers,
        "ranked_values": "typeof order === 'undefined' || order == 'RANK'",
    }
    fieldsets = (
        (None, {"fields": (("name", "attribute"), ("label_en", "label_zh"), "channel")}),
        (
            _("Values"),
            {
                "fields": (
                    "kind",
                    "bounds",
                    "unit_en",
                    "unit_zh",
                    "order",
                    "ranked_values",
                    "value_limit",
                    "show_empty",
                )
            },
        ),
        (_("When it is shown"), {"fields": ("is_shown", "position", "categories")}),
        CHANGE,
    )

    @display(description=_("order"), ordering="order")
    def sorted_by(self, row: DimensionSetup) -> str:
        """The order of the values in a word."""
        words = {"COUNT": _("by number"), "RANK": _("as listed"), "LABEL": _("by name"), "SIZE": _("by size")}
        return str(words[row.order])

    @display(
        description=_("shown"), label={"shown": "success", "somewhere": "info", "hidden": "danger"}, ordering="is_shown"
    )
    def visible(self, row: DimensionSetup) -> tuple[str, Any]:
        """Whether people see it."""
        if not row.is_shown:
            return "hidden", _("Hidden")
        return ("somewhere", _("In some categories")) if row.categories else ("shown", _("Shown"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What every answer has stays."""
        stays = obj is not None and obj.name in ALWAYS and not obj.channel
        return not stays and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Of several chosen, those that must stay protect the rest: nothing is deleted by halves."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        stay = [str(row) for row in objs if row.name in ALWAYS and not row.channel]
        return deleted, counts, lacking, [*protected, *stay]


@admin.register(PrecedenceRule)
class PrecedenceRuleAdmin(ConfiguredAdmin):
    form = PrecedenceForm
    list_display = ("dimension", "trigger", "which_values", "as_well", "code", "in_channel")
    list_filter = ("dimension", "channel")
    search_fields = ("code", "dimension", "trigger", "values", "also")
    fieldsets = (
        (None, {"fields": ("code", ("dimension", "trigger"), "values", "also", "channel")}),
        CHANGE,
    )

    @display(description=_("of these values"))
    def which_values(self, row: PrecedenceRule) -> str:
        """Those that count."""
        return Truncator(", ".join(row.values)).chars(60) or str(_("Any"))

    @display(description=_("and after choices in"))
    def as_well(self, row: PrecedenceRule) -> str:
        """What else must be chosen."""
        each = (f"{name}: {', '.join(values)}" if values else name for name, values in row.also.items())
        return Truncator("; ".join(each)).chars(60)


@admin.register(Revision)
class RevisionAdmin(ReadOnly, ModelAdmin):
    list_display = ("at", "label", "what", "change", "origin", "user", "note")
    list_filter = ("model", "action", "origin")
    search_fields = ("label", "note", "actor")
    date_hierarchy = "at"
    fields = ("at", "user", "what", "label", "action", "origin", "note")
    readonly_fields = fields
    change_form_outer_after_template = "merchandising/revision.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        """With the names of those who did it."""
        return named(super().get_queryset(request))

    @display(description=_("who"), ordering="actor")
    def user(self, revision: Revision) -> str:
        """The name of the user."""
        return who(revision)

    @display(description=_("what"), ordering="model")
    def what(self, revision: Revision) -> str:
        """What kind of thing it is."""
        return admin_pages.kind_of(revision)

    @display(
        description=_("what was done"),
        label={"CREATED": "success", "CHANGED": "info", "DELETED": "danger"},
        ordering="action",
    )
    def change(self, revision: Revision) -> tuple[str, Any]:
        """What was done."""
        return revision.action, revision.get_action_display()

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """One change with what differs and a button to undo it."""
        if object_id is None:
            raise PermissionDenied
        revision = get_object_or_404(named(Revision.objects.all()), pk=object_id)
        extra = {**(extra_context or {}), "entry": admin_pages.entry(request, revision), "show_history": False}
        return super().changeform_view(request, object_id, form_url, extra)

    def get_urls(self) -> list[URLPattern]:
        """The pages that belong to no single table live beside the history."""
        view = self.admin_site.admin_view
        return [
            path("<int:revision_id>/undo/", view(admin_pages.undo), name="merchandising_undo"),
            path("import/", view(admin_pages.bring_in), name="merchandising_import"),
            path("import/<uuid:run>/", view(admin_pages.run), name="merchandising_run"),
            path("products/", view(admin_pages.products), name="merchandising_products"),
            path("choices/", view(admin_pages.pick), name="merchandising_choices"),
            path("export/", view(admin_pages.take_out), name="merchandising_export"),
            path("export/<slug:name>/", view(admin_pages.take_out_sheet), name="merchandising_export_sheet"),
            *super().get_urls(),
        ]
