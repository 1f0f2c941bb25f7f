package dev.parlo.registry.hub;

import okhttp3.MediaType;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** A response body that says when it is closed. */
final class EndingBody extends ResponseBody {
    private final ResponseBody body;
    private final Runnable ended;

    EndingBody(ResponseBody body, Runnable ended) {
        this.body = body;
        this.ended = ended;
    }

    @Override
    public @Nullable MediaType contentType() {
        return body.contentType();
    }

    @Override
    public long contentLength() {
        return body.contentLength();
    }

    @Override
    public BufferedSource source() {
        return body.source();
    }

    @Override
    public void close() {
        ended.run();
        body.close();
    }
}
