package dev.parlo.server.http;

import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.ee10.servlet.ServletContextResponse;
import org.eclipse.jetty.http.HttpHeader;

/** Content types byte for byte. */
public final class ContentType {
    private ContentType() {}

    /**
     * Sets the header as it is written here. The servlet layer would drop the blank before {@code
     * charset}, which clients that compare headers do not expect.
     */
    public static void set(Context ctx, String value) {
        ctx.contentType(value);
        ServletContextResponse.getServletContextResponse(ctx.res())
                .getWrapped()
                .getHeaders()
                .put(HttpHeader.CONTENT_TYPE, value);
    }

    /** Answers with a text of this type. */
    public static void respond(Context ctx, String type, String text) {
        set(ctx, type);
        ctx.result(text.getBytes(StandardCharsets.UTF_8));
    }
}
