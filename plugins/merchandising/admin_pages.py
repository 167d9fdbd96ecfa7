"""Pages of the admin beside the tables: undoing, importing with a preview, exporting. Permissions are those of the
tables that a page would change."""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import ApiError, Errors
from plugins.merchandising import articles, choices, selectors, services, transfer
from plugins.merchandising.differences import Difference, differences, named, who
from plugins.merchandising.forms import KINDS, UploadForm
from plugins.merchandising.known import Known
from plugins.merchandising.models import Configured, PrecedenceRule, Revision, Rule
from plugins.merchandising.records import MODELS
from plugins.merchandising.transfer import SHEETS, Outcome, Table
from plugins.merchandising.validation import MAX_LENGTH, MAX_PRODUCTS

# What it takes to undo each.
_NEEDED: Final = {"CREATED": "delete", "CHANGED": "change", "DELETED": "add"}
_LABELS: Final = {"CREATED": "success", "CHANGED": "info", "DELETED": "danger"}
SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """A revision as a page shows it."""

    revision: Revision
    who: str
    kind: str
    label: str
    differences: list[Difference]
    may_undo: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A revision in a list."""

    revision: Revision

    @property
    def who(self) -> str:
        return who(self.revision)

    @property
    def kind(self) -> str:
        return kind_of(self.revision)

    @property
    def label(self) -> str:
        return _LABELS[self.revision.action]


def entry(request: HttpRequest, revision: Revision) -> Entry:
    """A revision ready to be shown to this user."""
    return Entry(
        revision,
        who(revision),
        kind_of(revision),
        _LABELS[revision.action],
        differences(revision),
        _may(request, MODELS[revision.model], _NEEDED[revision.action]),
    )


def kind_of(revision: Revision) -> str:
    """What kind of thing changed."""
    return capfirst(str(MODELS[revision.model]._meta.verbose_name))


def undo(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Take a change back. Only by POST, and only by whom the table's permissions let."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    revision = get_object_or_404(Revision, pk=revision_id)
    if not _may(request, MODELS[revision.model], _NEEDED[revision.action]):
        raise PermissionDenied
    try:
        services.undo(revision_id=revision.pk, actor=f"admin:{request.user.pk}")
    except (ApiError, Errors) as refused:
        for message in sentences(refused):
            messages.error(request, message)
    else:
        messages.success(request, _("The change of “%(name)s” is undone.") % {"name": revision.label})
    return HttpResponseRedirect(_back(request, revision))


def _back(request: HttpRequest, undone: Revision) -> str:
    """Where the user came from; a row that is gone has no page any more."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    gone = not MODELS[undone.model]._default_manager.filter(pk=undone.row_id).exists()
    return wanted if safe and not gone else reverse("admin:merchandising_revision_changelist")


def take_out(request: HttpRequest) -> HttpResponse:
    """Everything configured, as a file."""
    if not all(_may(request, model, "view") for model in MODELS.values()):
        raise PermissionDenied
    text = json.dumps(transfer.export_document(), ensure_ascii=False, indent=1)
    return _file(text, "application/json", f"merchandising-{clock.now():%Y-%m-%d}.json")


def take_out_sheet(request: HttpRequest, name: str) -> HttpResponse:
    """Synonyms or redirects for a spreadsheet."""
    if name not in SHEETS:
        return HttpResponse(status=404)
    if not _may(request, MODELS[SHEETS[name].table], "view"):
        raise PermissionDenied
    # Spreadsheets take UTF-8 for what it is only by this mark.
    text = "\ufeff" + transfer.export_csv(SHEETS[name])
    return _file(text, "text/csv", f"{name}-{clock.now():%Y-%m-%d}.csv")


def _file(text: str, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        text.encode(),
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def bring_in(request: HttpRequest) -> HttpResponse:
    """A file is first looked at, then imported as it was shown."""
    if not any(_may(request, model, "add") and _may(request, model, "change") for model in MODELS.values()):
        raise PermissionDenied
    if request.method == "POST" and "content" in request.POST:
        return _import(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        upload, kind, replace = form.cleaned_data["file"], form.cleaned_data["kind"], form.cleaned_data["replace"]
        # One byte more than allowed is enough to know that it is too many.
        content = upload.read(transfer.MAX_BYTES + 1)
        try:
            context = _preview(request, kind, content, replace)
        except ApiError as refused:
            form.add_error("file", refused.message)
    return _page(request, form, **context)


def _preview(request: HttpRequest, kind: str, content: bytes, replace: bool) -> dict[str, Any]:
    seen = selectors.version()
    tables = _read(kind, content)
    _require(request, tables, replace)
    outcome = transfer.import_tables(tables=tables, actor=_actor(request), dry_run=True, replace=replace)
    hidden = {"kind": kind, "content": base64.b64encode(content).decode(), "seen": str(seen)}
    return _shown(outcome) | {"hidden": hidden | ({"replace": "on"} if replace else {})}


def _import(request: HttpRequest) -> HttpResponse:
    replace = "replace" in request.POST
    try:
        content = base64.b64decode(request.POST["content"], validate=True)
        seen = UUID(request.POST.get("seen", ""))
        tables = _read(request.POST.get("kind", ""), content)
        _require(request, tables, replace)
        outcome = transfer.import_tables(
            tables=tables, actor=_actor(request), dry_run=False, replace=replace, note=_("From a file"), seen=seen
        )
    except (ApiError, binascii.Error, ValueError) as refused:
        message = refused.message if isinstance(refused, ApiError) else _("Choose the file once more.")
        messages.error(request, message)
        return HttpResponseRedirect(reverse("admin:merchandising_import"))
    if outcome.mistakes:
        return _page(request, UploadForm(), **_shown(outcome))
    count = len(outcome.changes)
    text = ngettext("%(count)s row is imported.", "%(count)s rows are imported.", count) % {"count": count}
    messages.success(request, text)
    if not count:
        return HttpResponseRedirect(reverse("admin:merchandising_import"))
    return HttpResponseRedirect(reverse("admin:merchandising_run", args=[outcome.run]))


def run(request: HttpRequest, run: UUID) -> HttpResponse:
    """All that one import, or its undoing, changed, and a button to take it back as a whole."""
    found = Revision.objects.filter(run=run)
    kinds = set(found.order_by().values_list("model", "action"))
    if not kinds:
        raise Http404
    if not all(_may(request, MODELS[model], "view") for model, _action in kinds):
        raise PermissionDenied
    may_undo = all(_may(request, MODELS[model], _NEEDED[action]) for model, action in kinds)
    if request.method == "POST":
        if not may_undo:
            raise PermissionDenied
        return _undo_run(request, run)
    revisions = list(named(found.order_by("pk"))[:SHOWN])
    total = found.count()
    title = _("Import") if revisions[0].origin == Revision.Origin.IMPORT else _("Undoing of an import")
    context = {
        **admin.site.each_context(request),
        "title": title,
        "content_title": title,
        "first": Line(revisions[0]),
        "entries": [Line(revision) for revision in revisions],
        "total": total,
        "more": max(0, total - SHOWN),
        "may_undo": may_undo,
    }
    return TemplateResponse(request, "merchandising/run.html", context)


def _undo_run(request: HttpRequest, run: UUID) -> HttpResponse:
    try:
        undoing = services.undo_run(run=run, actor=_actor(request))
    except (ApiError, Errors) as refused:
        for message in sentences(refused):
            messages.error(request, message)
        return HttpResponseRedirect(reverse("admin:merchandising_run", args=[run]))
    messages.success(request, _("The import is undone."))
    return HttpResponseRedirect(reverse("admin:merchandising_run", args=[undoing]))


def products(request: HttpRequest) -> HttpResponse:
    """Products for the picker: those that `q` names, or those of the SKUs in `sku`; as JSON."""
    if not any(_may(request, Rule, verb) for verb in ("view", "add")):
        raise PermissionDenied
    language = get_language() or "en"
    skus = request.GET.getlist("sku")[:MAX_PRODUCTS]
    found = articles.named(skus, language) if skus else articles.find(request.GET.get("q", "")[:MAX_LENGTH], language)
    answer = JsonResponse({"products": [asdict(article) for article in found]})
    answer["Cache-Control"] = "no-store"
    return answer


def pick(request: HttpRequest) -> HttpResponse:
    """Dimensions to choose in, or the values of one of them; as JSON."""
    if not any(_may(request, model, verb) for model in (Rule, PrecedenceRule) for verb in ("view", "add")):
        raise PermissionDenied
    known, language = Known(), get_language() or "en"
    dimension = request.GET.get("dimension")
    found = choices.dimensions(known, language) if dimension is None else choices.values(known, dimension, language)
    answer = JsonResponse({"choices": [asdict(choice) for choice in found]})
    answer["Cache-Control"] = "no-store"
    return answer


def _read(kind: str, content: bytes) -> list[Table]:
    if kind in SHEETS:
        return transfer.read_csv(SHEETS[kind], content)
    return transfer.read_document(content)


def _require(request: HttpRequest, tables: Iterable[Table], replace: bool) -> None:
    needed = ("add", "change", "delete") if replace else ("add", "change")
    if not all(_may(request, table.model, verb) for table in tables for verb in needed):
        raise PermissionDenied


def _shown(outcome: Outcome) -> dict[str, Any]:
    changes = [
        {
            "kind": capfirst(str(MODELS[change.table]._meta.verbose_name)),
            "name": change.label,
            "action": change.action.label,
            "label": _LABELS[change.action],
        }
        for change in outcome.changes[:SHOWN]
    ]
    return {
        "outcome": outcome,
        "added": outcome.count("CREATED"),
        "changed": outcome.count("CHANGED"),
        "removed": outcome.count("DELETED"),
        "changes": changes,
        "more": max(0, len(outcome.changes) - SHOWN),
        "mistakes": outcome.mistakes[:SHOWN],
    }


def _page(request: HttpRequest, form: UploadForm, **context: Any) -> HttpResponse:
    own = {
        **admin.site.each_context(request),
        "title": _("Import"),
        "content_title": _("Import"),
        "form": form,
        "kinds": KINDS,
        **context,
    }
    return TemplateResponse(request, "merchandising/import.html", own)


def sentences(refused: ApiError | Errors) -> list[str]:
    """What a refusal says, for the top of a page."""
    return [error.message for error in (refused.errors if isinstance(refused, Errors) else [refused])]


def _actor(request: HttpRequest) -> str:
    return f"admin:{request.user.pk}"


def _may(request: HttpRequest, model: type[Configured], verb: str) -> bool:
    """Django's permissions; whoever may change something may look at it."""
    name = f"merchandising.%s_{model._meta.model_name}"
    verbs = ("view", "change") if verb == "view" else (verb,)
    return any(request.user.has_perm(name % one) for one in verbs)
