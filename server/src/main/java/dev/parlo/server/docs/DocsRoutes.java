package dev.parlo.server.docs;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ContentType;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * The description of the API, and Swagger UI and ReDoc to read it; everything comes from the
 * program's own files, nothing from the net. Thread-safe.
 */
public final class DocsRoutes {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    /** Keeps the pages from asking other servers for fonts or pictures. */
    private static final String POLICY =
            "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self'"
                    + " 'unsafe-inline'; img-src 'self' data:; worker-src 'self' blob:";

    private static final String SWAGGER_PAGE =
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Parlo API</title>
            <link rel="stylesheet" href="/docs/swagger-ui.css"></head>
            <body><div id="ui"></div><script src="/docs/swagger-ui-bundle.js"></script>
            <script>
            SwaggerUIBundle({url: "/openapi.json", dom_id: "#ui", persistAuthorization: true});
            </script></body></html>
            """;

    private static final String REDOC_PAGE =
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Parlo API</title></head>
            <body><div id="redoc"></div><script src="/redoc/redoc.standalone.js"></script>
            <script>
            Redoc.init("/openapi.json", {disableSearch: false}, document.getElementById("redoc"));
            </script></body></html>
            """;

    private final byte[] document = read("/dev/parlo/server/docs/openapi.json");
    private final Map<String, String> swagger;
    private final String redoc;

    public DocsRoutes() {
        String ui = webjar("org.webjars", "swagger-ui");
        swagger =
                Map.of(
                        "swagger-ui.css", ui + "swagger-ui.css",
                        "swagger-ui-bundle.js", ui + "swagger-ui-bundle.js");
        redoc = webjar("org.webjars.npm", "redoc") + "bundles/redoc.standalone.js";
    }

    public void register(RoutesConfig routes) {
        routes.get("/openapi.json", ctx -> ctx.contentType("application/json").result(document));
        for (String slash : new String[] {"", "/"}) {
            routes.get("/docs" + slash, ctx -> page(ctx, SWAGGER_PAGE));
            routes.get("/redoc" + slash, ctx -> page(ctx, REDOC_PAGE));
        }
        routes.get("/docs/{file}", this::swaggerFile);
        routes.get("/redoc/redoc.standalone.js", ctx -> file(ctx, SCRIPT, redoc));
    }

    private static void page(Context ctx, String html) {
        ctx.header("Content-Security-Policy", POLICY);
        ContentType.respond(ctx, HTML, html);
    }

    private void swaggerFile(Context ctx) {
        String name = ctx.pathParam("file");
        String resource = swagger.get(name);
        if (resource == null) {
            throw ApiError.of(404, "Not Found");
        }
        file(ctx, name.endsWith(".css") ? "text/css; charset=utf-8" : SCRIPT, resource);
    }

    private static void file(Context ctx, String type, String resource) {
        ctx.header("Cache-Control", "public, max-age=86400");
        ContentType.set(ctx, type);
        ctx.result(read(resource));
    }

    /** The folder of a webjar, which has its version in the name. */
    private static String webjar(String group, String name) {
        Properties properties = new Properties();
        String file = "/META-INF/maven/" + group + "/" + name + "/pom.properties";
        try {
            properties.load(new StringReader(new String(read(file), StandardCharsets.UTF_8)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        String version = Objects.requireNonNull(properties.getProperty("version"), file);
        return "/META-INF/resources/webjars/" + name + "/" + version + "/";
    }

    private static byte[] read(String resource) {
        try (InputStream in = DocsRoutes.class.getResourceAsStream(resource)) {
            return Objects.requireNonNull(in, resource + " is missing in the program")
                    .readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(resource, failure);
        }
    }
}
