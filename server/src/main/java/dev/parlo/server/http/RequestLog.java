package dev.parlo.server.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line a request: method, path, status, wall time, and what the route adds, such as the model
 * and the seconds of audio. Never what was said or written. Thread-safe.
 */
public final class RequestLog implements RequestObserver {
    private static final Logger LOG = LoggerFactory.getLogger("dev.parlo.server.requests");

    /** Polled paths only at debug level. */
    @Override
    public void finished(FinishedRequest request) {
        Level level =
                request.status() >= 500
                        ? Level.WARN
                        : polled(request.path()) ? Level.DEBUG : Level.INFO;
        LoggingEventBuilder line =
                LOG.atLevel(level)
                        .addKeyValue("status", request.status())
                        .addKeyValue("wall_ms", request.took().toMillis())
                        .addKeyValue("request_id", request.id());
        Work work = request.work();
        if (work != null) {
            line = line.addKeyValue("model", work.model());
            line = line.addKeyValue("audio_s", rounded(work.audioSeconds(), 100));
            if (work.audioSeconds() > 0) {
                double factor = work.took().toNanos() / 1e9 / work.audioSeconds();
                line = line.addKeyValue("rtf", rounded(factor, 1000));
            }
        }
        if (request.clientGone()) {
            // Where the answer had begun, its status cannot say so any more.
            line = line.addKeyValue("client", "gone");
        }
        for (var note : request.notes().entrySet()) {
            line = line.addKeyValue(note.getKey(), note.getValue());
        }
        line.log("{} {}", request.method(), request.path());
    }

    @Override
    public void finished(FinishedConversation conversation) {
        LoggingEventBuilder line =
                LOG.atInfo()
                        .addKeyValue("close", conversation.closeCode())
                        .addKeyValue("wall_ms", conversation.took().toMillis());
        if (!conversation.model().isEmpty()) {
            line =
                    line.addKeyValue("model", conversation.model())
                            .addKeyValue("audio_s", rounded(conversation.audioSeconds(), 100));
        }
        line.log("WS {}", conversation.path());
    }

    private static double rounded(double value, int parts) {
        return (double) Math.round(value * parts) / parts;
    }

    /** Asked for every few seconds by probes and scrapers. */
    static boolean polled(String path) {
        return path.startsWith("/health") || path.equals("/metrics") || path.equals("/ping");
    }
}
