"""The merchandiser's screens. Every change goes through the services, so every change can be undone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from kernel import clock
from kernel.admin import ReadOnly
from kernel.errors import ApiError, Errors
from plugins.merchandising import admin_pages, services
from plugins.merchandising.differences import named, who
from plugins.merchandising.forms import ConfiguredForm, DimensionForm, PrecedenceForm, RuleForm, SynonymsForm
from plugins.merchandising.known import ALWAYS
from plugins.merchandising.models import (
    Configured,
    DimensionSetup,
    PrecedenceRule,
    Revision,
    Rule,
    Synonyms,
)
from plugins.merchandising.records import name_of

FILES: dict[str, Any] = {
    "title": _("Import and export"),
    "items": ["bring_in", "take_out"],
}


def actor_of(request: HttpRequest) -> str:
    """The user as revisions and the audit trail name them."""
    return f"admin:{request.user.pk}"


class ConfiguredAdmin(ModelAdmin):
    """A screen whose rows are written by the services and remember every change."""

    actions_list = [FILES]
    list_per_page = 50

    @display(description=_("channel"), ordering="channel")
    def in_channel(self, row: Any) -> str:
        """Where it holds."""
        return row.channel or str(_("Every channel"))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Refusals that only show when it is written, since others write too, are told."""
        view = super().changeform_view
        return _telling(request, lambda: view(request, object_id, form_url, extra_context))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """The same for what somebody else has deleted meanwhile."""
        view = super().delete_view
        return _telling(request, lambda: view(request, object_id, extra_context))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The same for several at once: all are deleted or none."""
        view = super().changelist_view
        return _telling(request, lambda: view(request, extra_context))

    def save_model(self, request: HttpRequest, obj: Configured, form: ConfiguredForm, change: bool) -> None:
        """Write through the services; the row shown next is the one in the table."""
        note, actor = form.cleaned_data.get("note", ""), actor_of(request)
        if change:
            seen = form.cleaned_data.get("seen")
            services.update(row=obj, values=form.configured(), actor=actor, note=note, seen=seen)
        else:
            obj.pk = services.create(model=type(obj), values=form.configured(), actor=actor, note=note).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """There are no rows beside it."""

    def delete_model(self, request: HttpRequest, obj: Configured) -> None:
        services.delete(row=obj, actor=actor_of(request))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            services.delete(row=row, actor=actor_of(request))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """The changes of one row, newest first, each with what differs and a button to undo it."""
        row = get_object_or_404(self.model, pk=object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        found = named(Revision.objects.filter(model=name_of(self.model), row_id=row.pk))[:100]
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % row,
            "opts": self.model._meta,
            "object": row,
            "entries": [admin_pages.entry(request, revision) for revision in found],
        }
        return TemplateResponse(request, "merchandising/history.html", context)

    @action(description=_("Import"), url_path="import", icon="upload")
    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """To the page where a file is looked at and imported."""
        return HttpResponseRedirect(reverse("admin:merchandising_import"))

    @action(description=_("Export everything"), url_path="export", icon="download")
    def take_out(self, request: HttpRequest) -> HttpResponse:
        """The whole set-up as a file."""
        return HttpResponseRedirect(reverse("admin:merchandising_export"))


def _telling(request: HttpRequest, view: Callable[[], Any]) -> Any:
    """The view's answer; after a refusal, which has changed nothing, the same page with what is wrong."""
    try:
        return view()
    except (ApiError, Errors) as refused:
        for message in admin_pages.sentences(refused):
            messages.error(request, message)
        return HttpResponseRedirect(request.get_full_path())


CHANGE = (_("Change"), {"fields": ("note", "seen")})


@admin.register(Synonyms)
class SynonymsAdmin(ConfiguredAdmin):
    form = SynonymsForm
    actions_list = [{**FILES, "items": [*FILES["items"], "as_csv"]}]
    list_display = ("words", "code", "direction", "language_shown", "in_channel")
    list_filter = ("kind", "language", "channel")
    search_fields = ("code", "terms", "sources")
    conditional_fields = {"sources": "typeof kind === 'undefined' || kind == 'ONE_WAY'"}
    fieldsets = (
        (None, {"fields": ("code", "kind", "sources", "terms")}),
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
    list_display = ("dimension", "trigger", "which_values", "code", "in_channel")
    list_filter = ("dimension", "channel")
    search_fields = ("code", "dimension", "trigger", "values")
    fieldsets = (
        (None, {"fields": ("code", ("dimension", "trigger"), "values", "channel")}),
        CHANGE,
    )

    @display(description=_("of these values"))
    def which_values(self, row: PrecedenceRule) -> str:
        """Those that count."""
        return Truncator(", ".join(row.values)).chars(60) or str(_("Any"))


class StateFilter(admin.SimpleListFilter):
    """Rules by whether they hold now."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """As the labels in the list."""
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Rule]) -> QuerySet[Rule]:
        """The rules in the state chosen."""
        now = clock.now()
        begun = Q(starts_at=None) | Q(starts_at__lte=now)
        ended = Q(ends_at__lte=now)
        match self.value():
            case "off":
                return queryset.filter(is_active=False)
            case "ended":
                return queryset.filter(ended, is_active=True)
            case "scheduled":
                return queryset.filter(~begun, is_active=True)
            case "active":
                return queryset.filter(begun, Q(ends_at=None) | ~ended, is_active=True)
        return queryset


STATES = {"active": _("Active"), "scheduled": _("Scheduled"), "ended": _("Ended"), "off": _("Switched off")}


def state_of(rule: Rule) -> str:
    """Whether a rule holds now: a key of STATES."""
    now = clock.now()
    if not rule.is_active:
        return "off"
    if rule.ends_at is not None and rule.ends_at <= now:
        return "ended"
    return "scheduled" if rule.starts_at is not None and rule.starts_at > now else "active"


def _only(*kinds: str) -> str:
    """Shown for these kinds only; for those who may only look, whose page has no inputs, always."""
    return f"typeof kind === 'undefined' || {list(kinds)}.includes(kind)"


@admin.register(Rule)
class RuleAdmin(ConfiguredAdmin):
    form = RuleForm
    actions_list = [{**FILES, "items": [*FILES["items"], "redirects_as_csv"]}]
    actions_detail = ["preview"]
    list_display = ("name", "what", "searches", "effect", "state", "priority", "in_channel")
    list_filter = ("kind", StateFilter, "channel")
    search_fields = ("name", "code", "phrases", "products", "url", "title_en", "title_zh")
    prepopulated_fields = {"code": ("name",)}
    conditional_fields = {
        "phrases": "typeof match_mode === 'undefined' || match_mode != 'NONE'",
        "url": _only("REDIRECT"),
        "title_en": _only("SPOTLIGHT"),
        "title_zh": _only("SPOTLIGHT"),
        "products": _only("PIN", "BOOST", "BURY", "HIDE", "SPOTLIGHT"),
        "conditions": _only("BOOST", "BURY", "SPOTLIGHT"),
        "query": _only("SPOTLIGHT"),
        "limit": _only("SPOTLIGHT"),
        "factor": _only("BOOST", "BURY"),
    }
    fieldsets = (
        (None, {"fields": ("name", "code", ("is_active", "priority"), "channel")}),
        (
            _("What happens"),
            {
                "fields": (
                    "kind",
                    "url",
                    "title_en",
                    "title_zh",
                    "products",
                    "conditions",
                    "query",
                    "limit",
                    "factor",
                )
            },
        ),
        (
            _("For which searches"),
            {
                "description": _("Everything that is given must hold; what is left empty does not matter."),
                "fields": ("match_mode", "phrases", "categories", "refinements"),
            },
        ),
        (
            _("For whom and when"),
            {"fields": ("sales_channels", "store_ids", "segments", ("starts_at", "ends_at"))},
        ),
        CHANGE,
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Numbers that only some kinds have say what they may be."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "factor":
            field.help_text = _(
                "Boosts: above 1 up to 10, for example 2. Buries: from 0.1 to below 1, for example 0.5."
            )
        if field is not None and db_field.name == "limit":
            field.help_text = _("1 to 24.")
        if field is not None and db_field.name == "query":
            field.help_text = _("Where no products are named: the best of this search that fulfil the conditions.")
        return field

    @display(
        description=_("what it does"),
        label={
            "PIN": "primary",
            "BOOST": "success",
            "BURY": "warning",
            "HIDE": "danger",
            "SPOTLIGHT": "info",
            "REDIRECT": "default",
        },
        ordering="kind",
    )
    def what(self, rule: Rule) -> tuple[str, Any]:
        """Its kind in a word."""
        words = {
            "PIN": _("Pin"),
            "BOOST": _("Boost"),
            "BURY": _("Bury"),
            "HIDE": _("Hide"),
            "SPOTLIGHT": _("Spotlight"),
            "REDIRECT": _("Redirect"),
        }
        return rule.kind, words[rule.kind]

    @display(description=_("which searches"))
    def searches(self, rule: Rule) -> str:
        """What triggers it, shortened."""
        chosen = [f"{name}: {', '.join(values) or '*'}" for name, values in rule.refinements.items()]
        parts = [", ".join(f"“{phrase}”" for phrase in rule.phrases), ", ".join(rule.categories), *chosen]
        return Truncator("; ".join(filter(None, parts))).chars(70) or str(_("Every search"))

    @display(description=_("effect"))
    def effect(self, rule: Rule) -> str:
        """What comes of it, shortened."""
        match rule.kind:
            case Rule.Kind.REDIRECT:
                return rule.url
            case Rule.Kind.SPOTLIGHT:
                return rule.title_en
        meant = [*(item["sku"] for item in rule.products), *rule.conditions]
        factor = f"× {rule.factor.normalize():f} " if rule.factor is not None else ""
        return factor + Truncator(", ".join(meant)).chars(50)

    @display(
        description=_("state"),
        label={"active": "success", "scheduled": "info", "ended": "default", "off": "danger"},
    )
    def state(self, rule: Rule) -> tuple[str, Any]:
        """Whether it holds now."""
        key = state_of(rule)
        return key, STATES[key]

    @action(description=_("Redirects as CSV"), url_path="csv", icon="table_view", permissions=["view"])
    def redirects_as_csv(self, request: HttpRequest) -> HttpResponse:
        """For a spreadsheet."""
        return HttpResponseRedirect(reverse("admin:merchandising_export_sheet", args=["redirects"]))

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> Any:
        """The preview is offered where the search has one."""
        return super().get_actions_detail(request, object_id) if _preview_url() else []

    @action(description=_("Preview"), url_path="preview", icon="visibility", permissions=["view"])
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The search that this rule is for, against the live index."""
        rule = get_object_or_404(Rule, pk=object_id)
        url = _preview_url()
        if url is None:
            return HttpResponse(status=404)
        return HttpResponseRedirect(f"{url}?{urlencode(_search_for(rule), doseq=True)}")


def _search_for(rule: Rule) -> dict[str, Any]:
    """The first search that fires the rule, as the preview takes it: at its start when that is still to come."""
    categories = [f"category={slug}" for slug in rule.categories[:1]]
    choices = [f"{name}={values[0]}" for name, values in rule.refinements.items() if values]
    asked: dict[str, Any] = {
        "text": "".join(rule.phrases[:1]),
        "channel": rule.channel,
        "store": "".join(rule.store_ids[:1]),
        "sales_channel": "".join(rule.sales_channels[:1]),
        "segment": "".join(rule.segments[:1]),
        "r": categories + choices,
        "rule": rule.code,
    }
    if rule.starts_at and rule.starts_at > clock.now():
        # The field of the preview knows minutes.
        begun = rule.starts_at + timedelta(minutes=1, microseconds=-1)
        asked["at"] = f"{begun:%Y-%m-%dT%H:%M}"
    return {name: value for name, value in asked.items() if value}


def _preview_url() -> str | None:
    try:
        return reverse("admin:search_preview")
    except NoReverseMatch:
        return None


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
        description=_("change"),
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
            path("export/", view(admin_pages.take_out), name="merchandising_export"),
            path("export/<slug:name>/", view(admin_pages.take_out_sheet), name="merchandising_export_sheet"),
            *super().get_urls(),
        ]
