"""The screen of the search rules."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from kernel import clock
from plugins.catalogue.labels import attribute_label, is_chinese
from plugins.merchandising.admin_base import CHANGE, FILES, ConfiguredAdmin
from plugins.merchandising.forms import RuleForm
from plugins.merchandising.models import Rule


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
                return (is_chinese(get_language() or "en") and rule.title_zh) or rule.title_en
        language = get_language() or "en"
        conditions = [attribute_label(name, name, language) for name in rule.conditions]
        meant = [*(item["sku"] for item in rule.products), *conditions]
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
