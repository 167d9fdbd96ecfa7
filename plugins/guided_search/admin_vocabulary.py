"""The page "Built-in vocabulary": the words that the search knows by itself, group by group, each to be replaced by
the merchandisers' own or switched off. Either is a row of the synonyms with the group's code, so it has a history."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel.errors import ApiError, Errors
from plugins.catalogue.labels import kind_label
from plugins.guided_search import permissions, words
from plugins.guided_search.words import Group
from plugins.merchandising import services
from plugins.merchandising.models import Synonyms

PAGE = "admin:search_vocabulary"


@dataclass(frozen=True, slots=True)
class Line:
    """A group of the vocabulary and the row that stands in its place, if there is one."""

    group: Group
    row: Synonyms | None
    # Where its own words are written.
    change: str

    @property
    def words(self) -> str:
        return ", ".join(self.group.terms)

    @property
    def sources(self) -> str:
        return ", ".join(self.group.sources)

    @property
    def state(self) -> tuple[str, str]:
        """In words, and the colour of its label."""
        if self.row is None:
            return _("As built in"), "success"
        return (_("Replaced"), "info") if self.row.is_active else (_("Switched off"), "warning")


def page(request: HttpRequest) -> HttpResponse:
    """The list."""
    if not any(request.user.has_perm(one) for one in permissions.VOCABULARY):
        raise PermissionDenied
    found = Synonyms.objects.filter(code__in=[group.code for group in words.vocabulary()])
    rows = {row.code: row for row in found}
    context = {
        **admin.site.each_context(request),
        "title": _("Built-in vocabulary"),
        "lines": [Line(group, rows.get(group.code), _address(group, rows)) for group in words.vocabulary()],
        "kinds": [(kind_label(kind, request.LANGUAGE_CODE), ", ".join(own)) for kind, own in words.kinds().items()],
        "may_add": request.user.has_perm("merchandising.add_synonyms"),
        "may_delete": request.user.has_perm("merchandising.delete_synonyms"),
    }
    return TemplateResponse(request, "guided_search/vocabulary.html", context)


def _address(group: Group, rows: Mapping[str, Synonyms]) -> str:
    if group.code in rows:
        return reverse("admin:merchandising_synonyms_change", args=[rows[group.code].pk])
    typed = {name: "\n".join(value) if isinstance(value, list) else value for name, value in _values(group).items()}
    return reverse("admin:merchandising_synonyms_add") + f"?{urlencode(typed)}"


def _values(group: Group) -> dict[str, Any]:
    kind = Synonyms.Kind.ONE_WAY if group.sources else Synonyms.Kind.TWO_WAY
    return {"code": group.code, "kind": kind.value, "sources": list(group.sources), "terms": list(group.terms)}


@require_POST
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """Switch a group off, or let it be again as it is built in."""
    group = next((group for group in words.vocabulary() if group.code == code), None)
    if group is None:
        return HttpResponse(status=404)
    off = "off" in request.POST
    if not request.user.has_perm(f"merchandising.{'add' if off else 'delete'}_synonyms"):
        raise PermissionDenied
    actor, row = f"admin:{request.user.pk}", Synonyms.objects.filter(code=code).first()
    try:
        if off:
            services.create(model=Synonyms, values=_values(group) | {"is_active": False}, actor=actor)
        elif row is not None:
            services.delete(row=row, actor=actor)
    except ApiError as refused:
        messages.error(request, refused.message)
    except Errors as refused:
        for error in refused.errors:
            messages.error(request, error.message)
    else:
        told = _("Switched off: %(words)s") if off else _("As built in again: %(words)s")
        messages.success(request, told % {"words": ", ".join((*group.sources, *group.terms))})
    return HttpResponseRedirect(f"{reverse(PAGE)}#{code}")
