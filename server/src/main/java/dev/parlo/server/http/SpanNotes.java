package dev.parlo.server.http;

import dev.parlo.server.trace.Traces;

/** What a trace says of a request that has ended, by HTTP's semantic conventions. */
final class SpanNotes {
    private SpanNotes() {}

    static void of(RequestObserver.FinishedRequest request, Traces.Span span) {
        if (!request.route().isEmpty()) {
            String route = request.route().replace('<', '{').replace('>', '}');
            span.rename(request.method() + " " + route);
            span.note("http.route", route);
        }
        span.note("http.response.status_code", request.status());
        span.note("parlo.request_id", request.id());
        RequestObserver.Work work = request.work();
        if (work != null) {
            span.note("parlo.model", work.model());
            span.note("parlo.audio_seconds", work.audioSeconds());
            if (work.firstAudio() != null) {
                span.note("parlo.first_byte_seconds", work.firstAudio().toNanos() / 1e9);
            }
        }
        if (request.clientGone()) {
            span.note("parlo.client_gone", true);
        }
        String refusal = request.refusal();
        if (refusal != null) {
            span.note("parlo.refusal", refusal);
        }
        if (request.status() >= 500) { // what a client did wrong is no failure of the server's
            span.failed(refusal == null ? Integer.toString(request.status()) : refusal);
        }
    }
}
