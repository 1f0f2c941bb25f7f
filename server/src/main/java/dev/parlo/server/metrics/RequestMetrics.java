package dev.parlo.server.metrics;

import dev.parlo.server.http.RequestObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts requests and conversations. Thread-safe. */
final class RequestMetrics implements RequestObserver, MeterBinder {
    /** More than there are routes, codes of errors and models. */
    private static final int MOST_VALUES = 500;

    /** A client may name any method, and any code from 3000 on when it closes a socket. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private static final int LAST_CLOSE_CODE = 1015;
    private static final int FIRST_CLOSE_CODE = 1000;

    private final Registry registry;
    private final LabelValues routes = new LabelValues(MOST_VALUES);
    private final LabelValues reasons = new LabelValues(MOST_VALUES);
    private final LabelValues models = new LabelValues(MOST_VALUES);
    private final AtomicInteger webSockets = new AtomicInteger();
    private final AtomicInteger wyoming = new AtomicInteger();

    RequestMetrics(Registry registry) {
        this.registry = registry;
    }

    @Override
    public void bindTo(MeterRegistry target) {
        gone(target); // from 0 on, as PoolMetrics#begin
        Names.gauge("parlo.sessions.open", webSockets, AtomicInteger::get)
                .description("Conversations that are open")
                .tag("protocol", "websocket")
                .register(target);
        Names.gauge("parlo.sessions.open", wyoming, AtomicInteger::get)
                .description("Conversations that are open")
                .tag("protocol", "wyoming")
                .register(target);
    }

    @Override
    public void finished(FinishedRequest request) {
        Timer.builder("parlo.http.request.duration")
                .description("From the head of a request to the end of its answer")
                .tag("method", METHODS.contains(request.method()) ? request.method() : "other")
                .tag("route", route(request.route()))
                .tag("status", Integer.toString(request.status()))
                .serviceLevelObjectives(Buckets.work())
                .register(registry.get())
                .record(request.took());
        String refusal = request.refusal();
        if (refusal != null) {
            refused(refusal);
        }
        if (request.clientGone()) {
            gone(registry.get()).increment();
        }
        Work work = request.work();
        if (work != null && work.firstAudio() != null) {
            Timer.builder("parlo.speech.first.byte.duration")
                    .description("From the request as read to the first byte of speech")
                    .tag("model", models.of(work.model()))
                    .serviceLevelObjectives(Buckets.waits())
                    .register(registry.get())
                    .record(work.firstAudio());
        }
    }

    private static Counter gone(MeterRegistry target) {
        return Counter.builder("parlo.http.clients.gone")
                .description("Requests whose client left before the end")
                .register(target);
    }

    private String route(String pattern) {
        return pattern.isEmpty()
                ? "unmatched"
                : routes.of(pattern.replace('<', '{').replace('>', '}'));
    }

    @Override
    public void begun(String path) {
        open(path).incrementAndGet();
    }

    @Override
    public void finished(FinishedConversation conversation) {
        open(conversation.path()).decrementAndGet();
        int code = conversation.closeCode();
        boolean standard = code >= FIRST_CLOSE_CODE && code <= LAST_CLOSE_CODE;
        Timer.builder("parlo.session.duration")
                .description("Conversations that have ended")
                .tag("protocol", isWyoming(conversation.path()) ? "wyoming" : "websocket")
                .tag("close", standard ? Integer.toString(code) : LabelValues.OTHER)
                .serviceLevelObjectives(Buckets.work())
                .register(registry.get())
                .record(conversation.took());
    }

    private AtomicInteger open(String path) {
        return isWyoming(path) ? wyoming : webSockets;
    }

    private static boolean isWyoming(String path) {
        return path.equals(WYOMING);
    }

    @Override
    public void refused() {
        refused("stopping");
    }

    private void refused(String reason) {
        Counter.builder("parlo.http.refusals")
                .description("Requests that were answered an error, by its code")
                .tag("reason", reasons.of(reason))
                .register(registry.get())
                .increment();
    }
}
