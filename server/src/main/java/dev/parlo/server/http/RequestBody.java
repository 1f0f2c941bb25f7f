package dev.parlo.server.http;

import io.javalin.config.Key;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request's body while it comes. A sender that is too slow, or stops, is answered 408; one whose
 * body breaks off or is malformed 400. One thread.
 */
public final class RequestBody extends InputStream {
    /** What a body may hold, by which its largest size goes. */
    public enum Kind {
        /** Text only. */
        TEXT,
        /** Audio within JSON or MessagePack. */
        WITH_AUDIO
    }

    /** What every server has one of. */
    record Rules(HttpLimits limits, MemoryBudget budget) {}

    static final Key<Rules> RULES = new Key<>("parlo.request-rules");

    /** Set on a request whose body somebody reads. */
    private static final String OPENED = "parlo.body-opened";

    private static final String SHARE = "parlo.memory";

    /** Reading on after a refusal ends after this time. */
    private static final Duration DRAINING = Duration.ofSeconds(10);

    private static final Duration DRAINING_SILENCE = Duration.ofSeconds(2);

    private static final int CHUNK_BYTES = 16 << 10;

    private final InputStream in;
    private final DataRate rate;

    private RequestBody(InputStream in, DataRate rate) {
        this.in = in;
        this.rate = rate;
    }

    /**
     * The body of a request; nothing of it is held in memory.
     *
     * @throws ApiError 415 for one that is compressed
     */
    public static InputStream open(Context ctx) throws IOException {
        refuseEncoded(ctx.header("Content-Encoding"));
        ctx.attribute(OPENED, true);
        InputStream in = ctx.req().getInputStream();
        HttpLimits limits = ctx.appData(RULES).limits();
        DataRate rate =
                DataRate.watch(
                        ServletContextRequest.getServletContextRequest(ctx.req()),
                        limits.slowestBytesPerSecond(),
                        limits.headTime());
        return new RequestBody(in, rate);
    }

    /** Recordings are compressed already, and a few kilobytes can hold gigabytes of zeros. */
    private static void refuseEncoded(@Nullable String encoding) {
        if (encoding != null
                && !encoding.isBlank()
                && !encoding.strip().equalsIgnoreCase("identity")) {
            throw ApiError.of(
                            415,
                            "A body with the header Content-Encoding is not accepted. Send it as it"
                                    + " is.",
                            "unsupported_content_encoding")
                    .withHeader("Accept-Encoding", "identity");
        }
    }

    /** As {@link #bytes(Context, Kind)}, for text. */
    public static byte[] bytes(Context ctx) {
        return bytes(ctx, Kind.TEXT);
    }

    /**
     * The whole body, counted against the memory of all requests until this one has ended, with the
     * tree that its JSON becomes.
     *
     * @throws ApiError 400 for a form, and for a body that breaks off, 408 for a slow one, 413 for
     *     a large one, 503 while other requests hold too much memory
     */
    public static byte[] bytes(Context ctx, Kind kind) {
        String type = String.valueOf(ctx.contentType()).toLowerCase(Locale.ROOT);
        if (type.startsWith("multipart/")) { // whatever is in it, it is not read here
            throw ApiError.of(
                    400,
                    "This route does not take a form (multipart/form-data). Send the fields as one"
                            + " JSON object, with the header Content-Type: application/json.");
        }
        HttpLimits limits = ctx.appData(RULES).limits();
        long most = kind == Kind.TEXT ? limits.jsonBytes() : limits.audioBytes();
        String setting = kind == Kind.TEXT ? "MAX_JSON_BYTES" : "MAX_JSON_AUDIO_BYTES";
        long announced = ctx.req().getContentLengthLong();
        if (announced > most) {
            throw tooLarge(setting, most);
        }
        MemoryBudget.Share share = share(ctx);
        try (InputStream body = open(ctx)) {
            byte[] bytes =
                    announced >= 0
                            ? announced(body, (int) announced, share)
                            : chunked(body, setting, most, share);
            if (!type.contains("msgpack")) {
                // What is read here is JSON, and its tree may stay for as long as the request
                // waits.
                share.take(Json.nodeBytes(bytes));
            }
            return bytes;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static byte[] announced(InputStream body, int length, MemoryBudget.Share share)
            throws IOException {
        share.take(length);
        byte[] bytes = new byte[length];
        int at = 0;
        while (at < length) {
            int n = body.read(bytes, at, length - at);
            if (n < 0) {
                throw new EOFException("The body ends after " + at + " bytes.");
            }
            at += n;
        }
        return bytes;
    }

    private static byte[] chunked(
            InputStream body, String setting, long most, MemoryBudget.Share share)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
            if (bytes.size() + n > most) {
                throw tooLarge(setting, most);
            }
            share.take(n);
            bytes.write(chunk, 0, n);
        }
        return bytes.toByteArray();
    }

    /**
     * Memory for this request, given back when it has ended, whatever its end. The same for all
     * that it holds, so that what could never fit is told from what does not fit now.
     */
    public static MemoryBudget.Share share(Context ctx) {
        MemoryBudget.@Nullable Share known = ctx.attribute(SHARE);
        if (known != null) {
            return known;
        }
        MemoryBudget.Share share = ctx.appData(RULES).budget().open();
        ctx.attribute(SHARE, share);
        Request.addCompletionListener(
                ServletContextRequest.getServletContextRequest(ctx.req()),
                failure -> share.close());
        return share;
    }

    /** What reading a body ended with, as the error that its sender is told of. */
    static ApiError failure(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return tooSlow().withCause(e);
            }
        }
        return ApiError.of(
                        400,
                        "The body of the request ends before its announced length, or its chunks"
                                + " are malformed.",
                        "malformed_body")
                .withCause(e);
    }

    static ApiError tooSlow() {
        return ApiError.of(
                408,
                "The request came too slowly, or stopped. The slowest accepted rate is"
                        + " MIN_UPLOAD_RATE; send the request again.",
                "request_timeout");
    }

    private static ApiError tooLarge(String setting, long most) {
        return ApiError.of(
                413,
                String.format(
                        Locale.ROOT,
                        "The body of the request is larger than %s allows (%d bytes).",
                        setting,
                        most),
                "too_large");
    }

    /** Whether the client may still be sending bytes that were not read. */
    static boolean unread(Context ctx) {
        boolean announced =
                ctx.req().getContentLengthLong() > 0
                        || ctx.req().getHeader("Transfer-Encoding") != null;
        if (announced && waitsForLeave(ctx)) {
            return true;
        }
        try {
            return announced && !ctx.req().getInputStream().isFinished();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Whether the client has not been told yet to send its body. Looking at the body would tell it:
     * Jetty answers {@code Expect: 100-continue} as soon as somebody asks for the stream.
     */
    private static boolean waitsForLeave(Context ctx) {
        return ctx.req().getHeader(HttpHeader.EXPECT.asString()) != null
                && ctx.attribute(OPENED) == null;
    }

    /**
     * Reads and drops what still comes, for a bounded time. Closing a connection on which bytes lie
     * unread resets it, and a client that sends everything before it reads would lose its answer,
     * which has to be out before this is called.
     */
    static void drain(Context ctx) {
        if (waitsForLeave(ctx)) {
            return;
        }
        try {
            drain(
                    ServletContextRequest.getServletContextRequest(ctx.req()),
                    ctx.req().getInputStream());
        } catch (IOException e) {
            // It has ended, which is all that is wanted.
        }
    }

    /** As {@link #drain(Context)}, for a request that no route has seen. */
    static void drain(Request request, InputStream in) {
        // A client that has stopped sending is not waited for as long as one that is being served.
        request.getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .setIdleTimeout(DRAINING_SILENCE.toMillis());
        long end = System.nanoTime() + DRAINING.toNanos();
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            while (System.nanoTime() - end < 0 && in.read(chunk) >= 0) {
                // dropped
            }
        } catch (IOException e) {
            // It has ended, which is all that is wanted.
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        rate.waiting();
        int n = in.read(target, offset, length);
        rate.came(n);
        return n;
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }
}
