package dev.parlo.registry;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** How a test's Hub reads requests and writes answers. */
final class HubAnswers {
    private HubAnswers() {}

    static void refuse(HttpExchange exchange, int status, String code, String message)
            throws IOException {
        if (!code.isEmpty()) {
            exchange.getResponseHeaders().set("X-Error-Code", code);
        }
        exchange.getResponseHeaders().set("X-Error-Message", message);
        exchange.sendResponseHeaders(status, -1);
    }

    static void send(HttpExchange exchange, byte[] json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        String accepted = text(exchange.getRequestHeaders().getFirst("Accept-Encoding"));
        if (!accepted.contains("gzip")) {
            exchange.sendResponseHeaders(200, json.length);
            exchange.getResponseBody().write(json);
            return;
        }
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        exchange.sendResponseHeaders(200, 0); // chunked
        exchange.getResponseBody().write(gzip(json));
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        }
        return compressed.toByteArray();
    }

    static Map<String, List<String>> query(URI address) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : text(address.getRawQuery()).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.computeIfAbsent(pair.substring(0, equals), key -> new ArrayList<>())
                        .add(URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    static String first(Map<String, List<String>> query, String key, String otherwise) {
        List<String> values = query.getOrDefault(key, List.of());
        return values.isEmpty() ? otherwise : values.getFirst();
    }

    static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
