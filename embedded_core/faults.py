"""Failures on demand, for tests: latency, errors, lost replies, refused connections, unruly webhooks.

`POST /faults/` with `{"faults": [{"kind", "operation", "count", "seconds", "status"}]}` replaces what is set, `GET`
shows it. `seconds` of an error are those of its `Retry-After`. The address exists only with `EMBEDDED_CORE_FAULTS=1`.
"""

import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from embedded_core.models import Fault

ANY = "*"
MAX_SECONDS = 600


def take(kind: str, operation: str) -> Fault | None:
    """The fault of this kind that strikes now, counted down; None in a core without faults."""
    if not settings.FAULTS_ENABLED:
        return None
    with transaction.atomic():
        due = Fault.objects.select_for_update().filter(kind=kind, operation__in=(operation, ANY), remaining__gt=0)
        fault = due.first()
        if fault is not None:
            Fault.objects.filter(pk=fault.pk).update(remaining=F("remaining") - 1, struck=F("struck") + 1)
        return fault


@csrf_exempt
def view(request: HttpRequest) -> HttpResponseBase:
    """Show the faults that are set, or set others."""
    if request.method == "GET":
        return _shown()
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "POST"])
    try:
        rows = [_fault(entry) for entry in json.loads(request.body)["faults"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return JsonResponse({"error": f'Send {{"faults": [{{"kind": ...}}]}}: {error}'}, status=400)
    with transaction.atomic():
        Fault.objects.all().delete()
        Fault.objects.bulk_create(rows)
    return _shown()


def _fault(entry: dict[str, Any]) -> Fault:
    kind = str(entry["kind"])
    if kind not in Fault.Kind.values:
        raise ValueError(f"there is no fault {kind!r}; there are {', '.join(Fault.Kind.values)}")
    count, seconds, status = (int(entry.get("count", 1)), float(entry.get("seconds", 0)), int(entry.get("status", 503)))
    if count < 0 or not 0 <= seconds <= MAX_SECONDS or not 400 <= status <= 599:
        raise ValueError("count, seconds or status is out of range")
    return Fault(kind=kind, operation=str(entry.get("operation", ANY)), remaining=count, seconds=seconds, status=status)


def _shown() -> JsonResponse:
    fields = ("kind", "operation", "remaining", "struck", "seconds", "status")
    return JsonResponse({"faults": list(Fault.objects.values(*fields))})
