"""The page on which a person maps the core's catalogue, looks at what a copy would find, and starts it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from commerce.core import core
from commerce.errors import CoreError
from inventory.models import WarehouseMapping
from kernel import audit
from kernel.admin import ReadOnly
from kernel.errors import ApiError
from plugins.onboarding import permissions, services
from plugins.onboarding.forms import FORMSETS
from plugins.onboarding.models import SyncProblem, SyncRun

SHOWN = 200
PAGE = "admin:onboarding"


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnly, ModelAdmin):
    """All runs, and the page."""

    list_display = ("created_at", "dry", "state", "stage", "seen", "changed", "stock_rows", "problem_count")
    list_filter = ("state", "dry")
    exclude = ("holder", "open", "cursor", "places")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("take-over/", view(page), name="onboarding"),
            path("take-over/read/", view(require_POST(read)), name="onboarding_read"),
            path("take-over/start/", view(require_POST(start)), name="onboarding_start"),
            path("take-over/cancel/", view(require_POST(cancel)), name="onboarding_cancel"),
            path("take-over/progress/", view(progress), name="onboarding_progress"),
        ]
        return own + super().get_urls()


@admin.register(SyncProblem)
class SyncProblemAdmin(ReadOnly, ModelAdmin):
    list_display = ("code", "place", "subject", "detail", "run")
    list_filter = ("code",)
    search_fields = ("subject", "detail")


def page(request: HttpRequest) -> HttpResponse:
    """The mapping, and how the last run stands. POST keeps the mapping, all of it or nothing."""
    _require(request)
    chosen = request.POST if request.method == "POST" else None
    tables = {name: formset(chosen, prefix=name) for name, (_title, formset) in FORMSETS.items()}
    if chosen is not None:
        if all([formset.is_valid() for formset in tables.values()]):  # noqa: C419 - every one tells its mistakes
            return _keep(request, tables)
        messages.error(request, _("Nothing is kept yet: correct what is marked."))
    run = services.last_run()
    context = {
        **admin.site.each_context(request),
        "title": _("Take over the core's catalogue"),
        "tables": [(name, FORMSETS[name][0], formset) for name, formset in tables.items()],
        "nothing": not any(formset.total_form_count() for formset in tables.values()),
        "blocking": [(SyncProblem.Code(code).label, what, detail) for code, what, detail in services.blocking()][
            :SHOWN
        ],
        "run": run,
        "status": _status(run) if run else None,
        "problems": list(run.problems.all()[:SHOWN]) if run else [],
        "more": max(run.problem_count - SHOWN, 0) if run else 0,
        "copied": services.last_run(dry=False) is not None,
    }
    return TemplateResponse(request, "onboarding/page.html", context)


def read(request: HttpRequest) -> HttpResponse:
    """Read anew which product types, attributes and warehouses the core has."""
    _require(request)
    try:
        services.read_core()
    except CoreError as error:
        messages.error(request, _("The core could not be read: %(error)s") % {"error": error})
    else:
        messages.success(request, _("This is what the core has now."))
    return HttpResponseRedirect(reverse(PAGE))


def start(request: HttpRequest) -> HttpResponse:
    """Begin a dry run or a copy; `search_only` first says of every undecided warehouse that it is not ours."""
    _require(request)
    dry = request.POST.get("kind") != "copy"
    if request.POST.get("search_only"):
        WarehouseMapping.objects.filter(role="").update(role=WarehouseMapping.Role.IGNORED)
    try:
        core()
        services.start(dry=dry, actor=f"admin:{request.user.pk}")
    except (ApiError, CoreError) as refused:
        messages.error(request, refused.message if isinstance(refused, ApiError) else str(refused))
    else:
        messages.success(request, _("The dry run has begun.") if dry else _("The copy has begun."))
    return HttpResponseRedirect(reverse(PAGE))


def cancel(request: HttpRequest) -> HttpResponse:
    """End the unfinished run."""
    _require(request)
    run = services.last_run()
    if run is not None and services.cancel(run_id=run.pk, actor=f"admin:{request.user.pk}"):
        messages.success(request, _("It has ended. What was copied stays."))
    return HttpResponseRedirect(reverse(PAGE))


def progress(request: HttpRequest) -> JsonResponse:
    """How the last run stands, for the bar."""
    _require(request)
    run = services.last_run()
    return JsonResponse(_status(run) if run else {})


def _status(run: SyncRun) -> dict[str, Any]:
    told = {
        "stage": run.get_stage_display() if run.unfinished else run.get_state_display(),
        "seen": run.seen,
        "stock": run.stock_rows,
    }
    text = gettext_lazy("%(stage)s: %(seen)s products and %(stock)s rows of stock read") % told
    problems = ngettext("%(count)s problem", "%(count)s problems", run.problem_count) % {"count": run.problem_count}
    return {
        "run": run.pk,
        "unfinished": run.unfinished,
        "seen": run.seen,
        # The bar stands for the products; what follows them has no known length.
        "total": max(run.total, run.seen, 1),
        "text": f"{text}, {problems}",
        "trouble": run.last_error if run.failures else "",
    }


def _keep(request: HttpRequest, tables: dict[str, Any]) -> HttpResponse:
    with transaction.atomic():
        changed = [row for formset in tables.values() for row in formset.save()]
        if changed:
            audit.record(
                actor=f"admin:{request.user.pk}",
                action="mapping.changed",
                subject="core",
                detail={"rows": [f"{row._meta.model_name}:{row.pk}" for row in changed]},
            )
    if changed and services.last_run(dry=False) is not None:
        messages.warning(request, _("The mapping is kept. Copy again, so that products and stores follow it."))
    else:
        messages.success(request, _("The mapping is kept."))
    return HttpResponseRedirect(reverse(PAGE))


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(permissions.TAKE_OVER):
        raise PermissionDenied
