package dev.parlo.server.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Sends every body of unknown length in chunks. Jetty lets it end with the connection where the
 * client asked for {@code Connection: close}, and such a body looks whole wherever it breaks off.
 */
final class ChunkedStreams extends Handler.Wrapper {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        return super.handle(
                request,
                request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
                        ? new Chunked(request, response)
                        : response,
                callback);
    }

    private static final class Chunked extends Response.Wrapper {
        Chunked(Request request, Response response) {
            super(request, response);
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback callback) {
            if (!last
                    && !isCommitted()
                    && getStatus() != HttpStatus.SWITCHING_PROTOCOLS_101
                    && !getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
                getHeaders().put(HttpHeader.TRANSFER_ENCODING, "chunked");
            }
            super.write(last, content, callback);
        }
    }
}
