package dev.parlo.server.page;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ContentType;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The page and its files, all of them the program's own: it works without the net, and no script
 * but these can run in it. Thread-safe.
 */
public final class PageRoutes {
    private static final String FOLDER = "/dev/parlo/server/page/";
    private static final String PAGE = "index.html";
    private static final List<String> FILES =
            List.of(
                    PAGE,
                    "page.css",
                    "icon.svg",
                    "main.js",
                    "api.js",
                    "dom.js",
                    "sound.js",
                    "capture.js",
                    "transcribe.js",
                    "speak.js",
                    "talk.js",
                    "models.js");

    /** Nothing is taken from other servers, and no text can become a script. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " media-src 'self' blob:; connect-src 'self'; worker-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                    + " require-trusted-types-for 'script'";

    private record Served(byte[] bytes, String type, String tag) {}

    private final Map<String, Served> files = new HashMap<>();

    public PageRoutes() {
        FILES.forEach(name -> files.put(name, read(name)));
    }

    public void register(RoutesConfig routes) {
        routes.get("/", ctx -> answer(ctx, PAGE));
        routes.get("/page/{file}", ctx -> answer(ctx, ctx.pathParam("file")));
    }

    private void answer(Context ctx, String name) {
        Served file = files.get(name);
        if (file == null) {
            throw ApiError.of(404, "Not Found");
        }
        ctx.header("Content-Security-Policy", POLICY);
        ctx.header("X-Content-Type-Options", "nosniff");
        ctx.header("Referrer-Policy", "no-referrer"); // the address may hold what somebody typed
        // Asked for each time, so that a new version of the program is never mixed with an old one.
        ctx.header("Cache-Control", "no-cache");
        ctx.header("ETag", file.tag());
        if (file.tag().equals(ctx.header("If-None-Match"))) {
            ctx.status(304);
            return;
        }
        ContentType.set(ctx, file.type());
        ctx.result(file.bytes());
    }

    private static Served read(String name) {
        try (InputStream in = PageRoutes.class.getResourceAsStream(FOLDER + name)) {
            byte[] bytes =
                    Objects.requireNonNull(in, name + " is missing in the program").readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Served(
                    bytes, type(name), "\"" + HexFormat.of().formatHex(digest, 0, 8) + "\"");
        } catch (IOException failure) {
            throw new UncheckedIOException(name, failure);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.'))) {
            case ".html" -> "text/html; charset=utf-8";
            case ".css" -> "text/css; charset=utf-8";
            case ".svg" -> "image/svg+xml";
            default -> "text/javascript; charset=utf-8";
        };
    }
}
