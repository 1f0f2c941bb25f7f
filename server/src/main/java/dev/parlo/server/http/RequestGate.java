package dev.parlo.server.http;

import dev.parlo.server.trace.LogContext;
import dev.parlo.server.trace.RequestId;
import dev.parlo.server.trace.Traces;
import java.io.IOException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;

/**
 * Where every request comes in and is counted. While the server stops it still listens and answers
 * 503: a refused connection looks like a crash to clients and load balancers, and Jetty's own
 * graceful end refuses connections at once. Thread-safe.
 */
final class RequestGate extends Handler.Wrapper {
    private final InFlight inFlight;

    RequestGate(InFlight inFlight) {
        this.inFlight = inFlight;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String id = RequestId.of(request.getHeaders().get(RequestId.HEADER));
        response.getHeaders().put(RequestId.HEADER, id);
        String path = String.valueOf(request.getHttpURI().getCanonicalPath());
        Traces traces = RequestLog.polled(path) ? Traces.NONE : inFlight.traces();
        Traces.Span span = traces.server(request.getMethod(), path, request.getHeaders()::get);
        try (Traces.Scope log = LogContext.enter(id, span);
                Traces.Scope trace = span.enter()) {
            return handle(request, response, callback, new RunningRequest(id, span));
        }
    }

    private boolean handle(
            Request request, Response response, Callback callback, RunningRequest running)
            throws Exception {
        if (!inFlight.enter(running)) {
            inFlight.observer().refused();
            running.span().failed("stopping");
            refuse(request, response, callback);
            running.span().end();
            return true;
        }
        running.attachTo(request);
        Request.addCompletionListener(
                request,
                failure -> {
                    running.over();
                    running.span().end(); // of one that no route has ended: a WebSocket's upgrade
                    inFlight.leave(running);
                });
        try {
            return super.handle(request, response, callback);
        } finally {
            running.threadIsFree();
        }
    }

    /** The answer goes out before the body is drained, as in {@link ErrorMapper}. */
    private static void refuse(Request request, Response response, Callback callback)
            throws IOException {
        ApiError error = ApiError.stopping();
        response.setStatus(error.status());
        error.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(new HttpField(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE));
        try (Blocker.Callback written = Blocker.callback()) {
            Content.Sink.write(response, true, Json.text(error.body()), written);
            written.block();
        }
        // A client that waits for leave to send has got its answer instead.
        if (!request.getHeaders().contains(HttpHeader.EXPECT)) {
            RequestBody.drain(request, Content.Source.asInputStream(request));
        }
        callback.succeeded();
    }
}
