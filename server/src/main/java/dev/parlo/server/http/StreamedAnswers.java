package dev.parlo.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Sends every body of unknown length in chunks, and can break it off. Jetty lets such a body end
 * with the connection where the client asked for {@code Connection: close}, and then it looks whole
 * wherever it ends.
 */
final class StreamedAnswers extends Handler.Wrapper {
    private static final String ATTRIBUTE = "parlo.answer";

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Answer answer = new Answer(request, response);
        request.setAttribute(ATTRIBUTE, answer);
        return super.handle(request, answer, callback);
    }

    /** Has nothing more sent of this request's answer, so that its connection breaks. */
    static void breakOff(Request request, Throwable cause) {
        if (request.getAttribute(ATTRIBUTE) instanceof Answer answer) {
            answer.broken = cause;
        }
    }

    private static final class Answer extends Response.Wrapper {
        private volatile @Nullable Throwable broken;

        Answer(Request request, Response response) {
            super(request, response);
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback callback) {
            Throwable cause = broken;
            if (cause != null) {
                // An answer is ended by its last write, which the servlet layer does by itself. As
                // that fails, Jetty closes the connection; it sends no error in place of an answer
                // either, because of the kind of the failure.
                callback.failed(
                        new IOException(
                                "The answer was broken off.",
                                new Request.Handler.AbortException(cause)));
                return;
            }
            if (!last && !isCommitted() && isOfUnknownLength()) {
                getHeaders().put(HttpHeader.TRANSFER_ENCODING, "chunked");
            }
            super.write(last, content, callback);
        }

        private boolean isOfUnknownLength() {
            return getRequest().getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
                    && getStatus() != HttpStatus.SWITCHING_PROTOCOLS_101
                    && !getHeaders().contains(HttpHeader.CONTENT_LENGTH);
        }
    }
}
