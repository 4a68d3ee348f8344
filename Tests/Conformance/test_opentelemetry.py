# SPDX-License-Identifier: Apache-2.0
"""Traces: what OpenTelemetry's propagator writes into a request is found in the server's log.

The calls follow opentelemetry-python, opentelemetry.trace.propagation.tracecontext, and W3C's Trace Context.
"""
import json

import requests
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from server import ModelServer, wait_until


def test_trace_is_found_in_the_log(bundles, questions):
    server = ModelServer(bundles["iris"], "--log-format", "json", "--log-requests")
    try:
        tracer = TracerProvider().get_tracer("conformance")
        body = {"instances": questions["iris"].rows[:1]}
        with tracer.start_as_current_span("ask") as span:
            headers = {"X-Request-Id": "known"}
            TraceContextTextMapPropagator().inject(headers)
            reply = requests.post(f"{server.url}/v1/models/iris:predict", json=body, headers=headers)
        assert reply.headers["X-Request-Id"] == "known"
        for invalid in ("00-" + "0" * 32 + "-" + "1" * 16 + "-01", "ff-" + "1" * 32 + "-" + "1" * 16 + "-01", "nothing"):
            requests.post(f"{server.url}/v1/models/iris:predict", json=body, headers={"traceparent": invalid})

        def requests_logged():
            lines = [json.loads(line) for line in server.log.splitlines()]
            return [line for line in lines if line.get("route") == "/v1/models/{model}:predict"]

        wait_until(lambda: len(requests_logged()) == 4, "the lines of four requests")
        first, *others = requests_logged()
        context = span.get_span_context()
        assert first["trace_id"] == format(context.trace_id, "032x")
        assert first["span_id"] == format(context.span_id, "016x")
        assert (first["request_id"], first["model"], first["status"]) == ("known", "iris", 200)
        assert all(line.get("trace_id") not in ("0" * 32, "1" * 32) for line in others)
    finally:
        server.end()
