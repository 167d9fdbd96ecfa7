"""The audit trail: written in the transaction of the act it tells of, so that neither exists without the other."""

from typing import Any

from kernel.models import AuditEntry


def record(*, actor: str, action: str, subject: str, detail: dict[str, Any] | None = None) -> None:
    """Add an entry. `actor` is a Caller's scope, `action` a dotted verb ("staff.locked_out"), `subject` what it was
    done to ("pickup:81"). `detail` is JSON and holds no secret: no PIN, code, token or card.
    """
    AuditEntry.objects.create(actor=actor, action=action, subject=subject, detail=detail or {})
