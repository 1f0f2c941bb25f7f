package dev.parlo.server.telemetry;

import dev.parlo.engine.EngineObserver;
import dev.parlo.server.trace.Traces;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Requests and conversations as spans. Thread-safe. */
final class OtelTraces implements Traces {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final Tracer tracer;
    private final TextMapPropagator propagator;

    OtelTraces(Tracer tracer, TextMapPropagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
    }

    @Override
    public Traces.Span server(
            String method, String path, Function<String, ? extends @Nullable String> header) {
        Context parent = propagator.extract(Context.root(), header, new Headers());
        String known = METHODS.contains(method) ? method : "_OTHER";
        var span =
                tracer.spanBuilder(known.equals("_OTHER") ? "HTTP" : known)
                        .setParent(parent)
                        .setSpanKind(SpanKind.SERVER)
                        .setAttribute("http.request.method", known)
                        // Without the query, in which some clients have their key.
                        .setAttribute("url.path", path)
                        .startSpan();
        String agent = header.apply("user-agent");
        if (agent != null) {
            span.setAttribute("user_agent.original", agent);
        }
        return new OtelSpan(span, parent.with(span));
    }

    @Override
    public Traces.Span session(String protocol) {
        var span =
                tracer.spanBuilder("session " + protocol)
                        .setParent(Context.root())
                        .setSpanKind(SpanKind.SERVER)
                        .setAttribute("network.protocol.name", protocol)
                        .startSpan();
        return new OtelSpan(span, Context.root().with(span));
    }

    @Override
    public Traces.Span part(String name) {
        return below(name, SpanKind.INTERNAL);
    }

    @Override
    public Traces.Span question(String name) {
        return below(name, SpanKind.CLIENT);
    }

    private Traces.Span below(String name, SpanKind kind) {
        Context parent = Context.current();
        var span = tracer.spanBuilder(name).setParent(parent).setSpanKind(kind).startSpan();
        return new OtelSpan(span, parent.with(span));
    }

    @Override
    public void passOn(BiConsumer<String, String> header) {
        // Without baggage: what a client has put there is not for whom the operator asks.
        propagator.inject(
                Baggage.empty().storeInContext(Context.current()),
                header,
                (carrier, name, value) -> {
                    if (carrier != null) {
                        carrier.accept(name, value);
                    }
                });
    }

    @Override
    public EngineObserver engines() {
        Context current = Context.current();
        return io.opentelemetry.api.trace.Span.fromContext(current).isRecording()
                ? new RequestSpans(tracer, current)
                : EngineObserver.NONE;
    }

    @Override
    public Traces.Span current() {
        Context current = Context.current();
        return new OtelSpan(io.opentelemetry.api.trace.Span.fromContext(current), current);
    }

    private static final class Headers
            implements TextMapGetter<Function<String, ? extends @Nullable String>> {
        @Override
        public Iterable<String> keys(Function<String, ? extends @Nullable String> carrier) {
            return List.of(); // asked by propagators of baggage by prefix only
        }

        @Override
        public @Nullable String get(
                @Nullable Function<String, ? extends @Nullable String> carrier, String key) {
            return carrier == null ? null : carrier.apply(key);
        }
    }
}
