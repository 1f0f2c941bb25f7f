package dev.parlo.server.http;

import dev.parlo.engine.Cancellation;
import dev.parlo.server.trace.Traces;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * One request from its first line to the end of its answer: what ends its work early, and why. It
 * ends early because the client left, when there is no answer to send, or because the server stops
 * or its time is over, which the client is told. Thread-safe.
 */
public final class RunningRequest implements InFlight.Work {
    private static final String ATTRIBUTE = "parlo.running-request";

    private final Cancellation cancellation = new Cancellation();
    private final String id;
    private final Traces.Span span;
    private @Nullable Thread thread = Thread.currentThread();
    private volatile boolean clientGone;
    private volatile boolean stopped;
    private volatile @Nullable Duration exceeded;
    private volatile @Nullable Future<?> expiry;

    /** By the request's own thread, until it has ended. */
    private final Map<String, Object> notes = new LinkedHashMap<>();

    private RequestObserver.@Nullable Work work;
    private @Nullable String refusal;
    private volatile long firstAudioNanos;

    /** Of the calling thread. */
    RunningRequest(String id, Traces.Span span) {
        this.id = id;
        this.span = span;
    }

    /** As the client gave it or is told it. */
    public String id() {
        return id;
    }

    /** What traces know it as. */
    Traces.Span span() {
        return span;
    }

    /** The request that is being answered. */
    public static RunningRequest of(Context ctx) {
        RunningRequest running = ctx.attribute(ATTRIBUTE);
        if (running == null) {
            throw new IllegalStateException("The request did not come through the HTTP server.");
        }
        return running;
    }

    void attachTo(Request request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /** Raised when the client is gone or the server stops; every work for this request reads it. */
    public Cancellation cancellation() {
        return cancellation;
    }

    /** Notes something for the observers, such as the log. */
    public void note(String name, Object value) {
        notes.put(name, value);
    }

    /**
     * Notes what a model did for it.
     *
     * @param audioSeconds heard or spoken
     * @param startNanos when the request had been read
     */
    public void note(String model, double audioSeconds, long startNanos) {
        Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
        Duration firstAudio =
                firstAudioNanos == 0 ? null : Duration.ofNanos(firstAudioNanos - startNanos);
        work = new RequestObserver.Work(model, audioSeconds, took, firstAudio);
    }

    /** The first bytes of speech go out now; later calls say nothing new. */
    public void audioBegins() {
        if (firstAudioNanos == 0) {
            firstAudioNanos = System.nanoTime();
        }
    }

    /** It is answered an error instead of what it asked for. */
    void refused(ApiError error) {
        refusal = error.reason();
    }

    RequestObserver.FinishedRequest finished(Context ctx, float milliseconds) {
        Endpoint matched = ctx.endpoints().lastHttpEndpoint();
        return new RequestObserver.FinishedRequest(
                id,
                ctx.method().name(),
                ctx.path(),
                matched == null ? "" : matched.path,
                ctx.status().getCode(),
                Duration.ofNanos((long) (milliseconds * 1e6)),
                work,
                clientGone,
                refusal,
                notes);
    }

    /** The client has hung up: ends the work for it. */
    public void clientGone() {
        clientGone = true;
        cancellation.cancel();
    }

    /** Whether the client that would read the answer has left. */
    public boolean clientIsGone() {
        return clientGone;
    }

    /**
     * What the client is told of a failure: of the server's end, or of the end of its time, where
     * that came first, since the failure is then only the consequence.
     */
    public ApiError failure(Throwable failure) {
        if (stopped && !clientGone) {
            return ApiError.stopping().withCause(failure);
        }
        Duration limit = exceeded;
        return limit == null || clientGone
                ? ErrorMapper.toApiError(failure)
                : ApiError.deadline(limit).withCause(failure);
    }

    /** Ends the work for it after a while, unless it is over by then. */
    void limit(Duration time, ScheduledExecutorService timer) {
        Runnable expire =
                () -> {
                    exceeded = time;
                    // Its actions take locks: not on the timer's thread.
                    Thread.startVirtualThread(cancellation::cancel);
                };
        expiry = timer.schedule(expire, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Its answer is out, or given up. */
    void over() {
        if (expiry != null) {
            expiry.cancel(false);
        }
    }

    /** A request ends by itself; nothing follows it anyway. */
    @Override
    public void finish() {}

    @Override
    public void stop() {
        stopped = true;
        cancellation.cancel();
    }

    @Override
    public synchronized void interrupt() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** The thread goes on to other requests: it must not be interrupted for this one any more. */
    synchronized void threadIsFree() {
        thread = null;
    }
}
