"""Traces by OpenTelemetry, off unless OTEL_EXPORTER_OTLP_ENDPOINT is set: then every call here costs next to nothing.

The SDK is an extra (`observability`) and is imported only when it is asked for. It reads its other variables itself
(OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS...).
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_tracer: Any = None
_provider: Any = None
_NOTHING: AbstractContextManager[None] = nullcontext()


def start(service: str) -> None:
    """Send this process's spans to OTEL_EXPORTER_OTLP_ENDPOINT; nothing without it, nor a second time.

    Raises ImproperlyConfigured when it is set and the extra is not installed.
    """
    if not settings.OTEL_EXPORTER_OTLP_ENDPOINT or _provider is not None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        message = "OTEL_EXPORTER_OTLP_ENDPOINT is set: install the extra `observability`."
        raise ImproperlyConfigured(message) from error
    # Attributes that are given win over the environment's.
    named = {} if settings.OTEL_SERVICE_NAME else {"service.name": service}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    use(provider)


def use(provider: Any) -> None:
    """Make spans with this provider of the SDK; None makes none any more."""
    global _provider, _tracer
    _provider = provider
    _tracer = provider.get_tracer("saleor-omnichannel") if provider is not None else None


def stop() -> None:
    """Send what is left, and make no spans any more."""
    provider = _provider
    use(None)
    if provider is not None:
        provider.shutdown()


def is_on() -> bool:
    """Whether spans are made."""
    return _tracer is not None


def span(
    name: str, *, kind: str = "INTERNAL", parent: Mapping[str, str] | None = None, **attributes: str | int
) -> AbstractContextManager[Any]:
    """A span around a block: None while tracing is off. `parent` is what `carrier` gave elsewhere; `_` in names of
    attributes stands for a dot. An exception that leaves the block marks the span as failed, by its type alone.
    """
    if _tracer is None:
        return _NOTHING
    return _Span(name, kind, parent, {key.replace("_", "."): value for key, value in attributes.items()})


class _Span:
    """OpenTelemetry's own block would keep the exception's text and stack, in which there may be anything."""

    def __init__(self, name: str, kind: str, parent: Mapping[str, str] | None, attributes: dict[str, Any]) -> None:
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation import tracecontext

        context = tracecontext.TraceContextTextMapPropagator().extract(parent) if parent else None
        self._block = _tracer.start_as_current_span(
            name,
            context=context,
            kind=SpanKind[kind],
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        )

    def __enter__(self) -> Any:
        self._span = self._block.__enter__()
        return self._span

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if kind is not None:
            from opentelemetry.trace import StatusCode

            self._span.set_attribute("error.type", kind.__qualname__)
            self._span.set_status(StatusCode.ERROR)
        self._block.__exit__(None, None, None)


def carrier() -> dict[str, str]:
    """What takes the current span elsewhere (`traceparent`); empty while tracing is off."""
    found: dict[str, str] = {}
    if _tracer is not None:
        from opentelemetry.trace.propagation import tracecontext

        tracecontext.TraceContextTextMapPropagator().inject(found)
    return found


def trace_id() -> str:
    """The current trace's id, empty outside of any."""
    if _tracer is None:
        return ""
    from opentelemetry import trace

    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else ""
