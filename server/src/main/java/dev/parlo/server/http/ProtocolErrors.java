package dev.parlo.server.http;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The body of what Jetty refuses by itself, before any route: a malformed request line or chunk, an
 * address or headers that are too long. JSON like every other error. Thread-safe.
 */
final class ProtocolErrors extends ErrorHandler {
    private final int headBytes;
    private final InFlight inFlight;

    /**
     * @param headBytes largest head of a request
     * @param inFlight tells whether the server stops
     */
    ProtocolErrors(int headBytes, InFlight inFlight) {
        this.headBytes = headBytes;
        this.inFlight = inFlight;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        ApiError error = ApiError.of(code, sentence(code, message));
        if (code >= 500 && inFlight.isFinishing()) {
            // A head that is half there, or comes when the routes are gone already, fails in Jetty.
            error = ApiError.stopping();
            response.setStatus(error.status());
            error.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(
                true, ByteBuffer.wrap(Json.mapper().writeValueAsBytes(error.body())), callback);
    }

    private String sentence(int code, @Nullable String message) {
        String standard = HttpStatus.getMessage(code);
        return switch (code) {
            case 414 ->
                    String.format(
                            Locale.ROOT,
                            "The address of the request is too long; a request's head may have %d"
                                    + " bytes.",
                            headBytes);
            case 431 ->
                    String.format(
                            Locale.ROOT,
                            "The headers of the request are too long; a request's head may have %d"
                                    + " bytes.",
                            headBytes);
            // Jetty gives reasons, but for an address that it cannot read.
            case 400 ->
                    message == null || message.equals(standard)
                            ? "The address of the request is malformed. In a path, a '%' has two"
                                    + " hexadecimal digits behind it; write '%25' for a percent"
                                    + " sign."
                            : standard + ": " + message;
            // What failed within the server is nothing that a stranger has to know.
            default ->
                    code >= 500 || message == null || message.equals(standard)
                            ? standard
                            : standard + ": " + message;
        };
    }
}
