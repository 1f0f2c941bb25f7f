package dev.parlo.server.telemetry;

import dev.parlo.server.trace.TraceIds;
import dev.parlo.server.trace.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Optional;

/**
 * A span of OpenTelemetry behind the port.
 *
 * @param context with the span in it
 */
record OtelSpan(Span span, Context context) implements Traces.Span {
    @Override
    public Optional<TraceIds> ids() {
        SpanContext ids = span.getSpanContext();
        return ids.isValid()
                ? Optional.of(new TraceIds(ids.getTraceId(), ids.getSpanId()))
                : Optional.empty();
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed by the scope that is returned
    public Traces.Scope enter() {
        Scope scope = context.makeCurrent();
        return scope::close;
    }

    @Override
    public void note(String name, Object value) {
        switch (value) {
            case Integer whole -> span.setAttribute(name, whole.longValue());
            case Long whole -> span.setAttribute(name, whole);
            case Double number -> span.setAttribute(name, number);
            case Boolean truth -> span.setAttribute(name, truth);
            default -> span.setAttribute(name, value.toString());
        }
    }

    @Override
    public void failed(String reason) {
        span.setStatus(StatusCode.ERROR);
        span.setAttribute("error.type", reason);
    }

    @Override
    public void rename(String name) {
        span.updateName(name);
    }

    @Override
    public void end() {
        span.end();
    }
}
