"""The page on which a spreadsheet is looked at and imported: every mistake at once, nothing with a mistake in it."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files import File
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminFileFieldWidget

from kernel.errors import ApiError

from . import spreadsheets

SHOWN = 200


class UploadForm(forms.Form):
    """A spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("File (CSV or XLSX)"), widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.xlsx"})
    )

    def clean_file(self) -> "File[bytes]":
        """Neither too large nor something else."""
        file: File[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > spreadsheets.MAX_BYTES:
            megabytes = spreadsheets.MAX_BYTES // 1_000_000
            raise forms.ValidationError(_("The file is larger than %(max)s MB.") % {"max": megabytes})
        if not (file.name or "").lower().endswith((".csv", ".xlsx")):
            raise forms.ValidationError(_("Choose a CSV or XLSX file."))
        return file


def import_page(
    request: HttpRequest,
    *,
    title: str,
    explained: str,
    columns: Sequence[str],
    required: Sequence[str],
    bring_in: Callable[..., Any],
    back: str,
) -> HttpResponse:
    """Show the form; after POST what `bring_in(file, name, actor, dry_run)` did or would do. The caller has checked
    the permission."""
    form = UploadForm(request.POST or None, request.FILES or None)
    looking = "look" in request.POST
    outcome = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        actor = f"admin:{request.user.pk}"
        try:
            with transaction.atomic():
                outcome = bring_in(file=upload.file, name=upload.name, actor=actor, dry_run=looking)
        except ApiError as refused:
            form.add_error("file" if refused.field == "file" else None, refused.message)
    if outcome is not None and not outcome.mistakes and not looking:
        text = ngettext("%(count)s row is imported.", "%(count)s rows are imported.", outcome.added)
        messages.success(request, text % {"count": outcome.added})
        return HttpResponseRedirect(reverse(back))
    own = {
        **admin.site.each_context(request),
        "title": title,
        "explained": explained,
        "form": form,
        "columns": [(column, column in required) for column in columns],
        "outcome": outcome,
        "mistakes": outcome.mistakes.found[:SHOWN] if outcome else [],
        "count": len(outcome.mistakes) if outcome else 0,
        "back": reverse(back),
    }
    return TemplateResponse(request, "inventory/import.html", own)
