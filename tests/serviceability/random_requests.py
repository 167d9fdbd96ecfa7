"""Random requests of TM Forum's definition of TMF645, by schemathesis."""

import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from plugins.serviceability import limits
from plugins.serviceability.tmf645 import ROOT
from tests.serviceability.swagger import SPEC

EXAMPLES = 200 if os.environ.get("SOAK") else 5


def ask_at_random(url: str, authorization: str) -> Counter[str]:
    """Ask a server, and hold each answer against the definition; how many requests there were of each method.

    Hubs and listeners, which are not offered, are left out.
    """
    schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks as openapi

    checks = [
        not_a_server_error,
        openapi.status_code_conformance,
        openapi.content_type_conformance,
        openapi.response_schema_conformance,
    ]
    offered = {path: value for path, value in SPEC["paths"].items() if path.startswith(("/check", "/query"))}
    asked: Counter[str] = Counter()
    for result in schemathesis.openapi.from_dict({**SPEC, "paths": offered}).get_all_operations():
        operation = result.ok()

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            limits.forget()
            asked[case.method] += 1
            headers = {"Authorization": authorization}
            case.call_and_validate(base_url=url + ROOT, headers=headers, checks=checks)

        ask()
    return asked
