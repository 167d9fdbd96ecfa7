"""How a change is refused: with the codes of Saleor's error types, or for want of a permission."""

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True)
class Problem:
    """One reason of a refusal. `code` is a value of the mutation's error enum; `extra` fills its other fields."""

    code: str
    message: str
    field: str | None = None
    extra: dict[str, Any] = dataclasses.field(default_factory=dict)


class Refused(Exception):
    """A change is refused and nothing of it is kept."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = list(problems)


def refuse(code: str, message: str, field: str | None = None, **extra: Any) -> Refused:
    """A refusal for a single reason."""
    return Refused(Problem(code, message, field, extra))


class PermissionDenied(Exception):
    """The caller may not do or see this; GraphQL shows it at the top level, as Saleor does."""

    def __init__(self, *permissions: str, message: str = "") -> None:
        if not message and permissions:
            message = "To access this path, you need one of the following permissions: " + ", ".join(permissions)
        super().__init__(message or "You do not have permission to perform this action")
