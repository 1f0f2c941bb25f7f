package dev.parlo.server.trace;

import dev.parlo.engine.log.CallersLog;
import org.slf4j.MDC;

/** The ids that every line has which a thread logs for a request. */
public final class LogContext {
    private LogContext() {}

    /** Until the scope is closed, which takes them away again. */
    public static Traces.Scope enter(String requestId, Traces.Span span) {
        MDC.put(CallersLog.REQUEST_ID, requestId);
        span.ids()
                .ifPresent(ids -> {
                    MDC.put("trace_id", ids.traceId());
                    MDC.put("span_id", ids.spanId());
                });
        return MDC::clear;
    }
}
