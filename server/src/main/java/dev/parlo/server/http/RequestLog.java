package dev.parlo.server.http;

import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line a request: method, path, status, wall time, and what the route adds, such as the model
 * and the seconds of audio. Never what was said or written.
 */
public final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.parlo.server.requests");
    private static final String ATTRIBUTE = "parlo.request-log";

    private RequestLog() {}

    /** Adds a value to the line of this request. */
    public static void put(Context ctx, String key, Object value) {
        values(ctx).put(key, value);
    }

    /** Adds the model, the seconds of audio and how many times faster than real time it went. */
    public static void putAudio(Context ctx, String model, double audioSeconds, long startNanos) {
        double wallSeconds = (System.nanoTime() - startNanos) / 1e9;
        put(ctx, "model", model);
        put(ctx, "audio_s", Math.round(audioSeconds * 100) / 100.0);
        if (audioSeconds > 0) {
            put(ctx, "rtf", Math.round(wallSeconds / audioSeconds * 1000) / 1000.0);
        }
    }

    /**
     * Tells that the client left: where the answer had begun, its status cannot say so any more.
     */
    public static void putGone(Context ctx, String model) {
        put(ctx, "model", model);
        put(ctx, "client", "gone");
    }

    /** Writes the line; polled paths only at debug level. */
    public static void write(Context ctx, float milliseconds) {
        String path = ctx.path();
        int status = ctx.status().getCode();
        Level level = status >= 500 ? Level.WARN : polled(path) ? Level.DEBUG : Level.INFO;
        LoggingEventBuilder line =
                LOG.atLevel(level)
                        .addKeyValue("status", status)
                        .addKeyValue("wall_ms", Math.round(milliseconds));
        for (Map.Entry<String, Object> value : values(ctx).entrySet()) {
            line = line.addKeyValue(value.getKey(), value.getValue());
        }
        line.log("{} {}", ctx.method(), path);
    }

    /**
     * Writes the line of a conversation over a WebSocket, when it is over.
     *
     * @param closeCode of RFC 6455
     * @param model empty where none was used
     */
    public static void writeSocket(
            String path, int closeCode, long startNanos, String model, double audioSeconds) {
        LoggingEventBuilder line =
                LOG.atInfo()
                        .addKeyValue("close", closeCode)
                        .addKeyValue("wall_ms", (System.nanoTime() - startNanos) / 1_000_000);
        if (!model.isEmpty()) {
            line =
                    line.addKeyValue("model", model)
                            .addKeyValue("audio_s", Math.round(audioSeconds * 100) / 100.0);
        }
        line.log("WS {}", path);
    }

    private static boolean polled(String path) {
        return path.startsWith("/health") || path.equals("/metrics") || path.equals("/ping");
    }

    private static Map<String, Object> values(Context ctx) {
        Map<String, Object> values = ctx.attribute(ATTRIBUTE);
        if (values == null) {
            values = new LinkedHashMap<>();
            ctx.attribute(ATTRIBUTE, values);
        }
        return values;
    }
}
