package dev.parlo.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** A collector that reads what it is sent by OTLP's own definitions. */
final class OtlpReceiver implements AutoCloseable {
    final List<Span> spans = new CopyOnWriteArrayList<>();
    final Map<String, Metric> metrics = new ConcurrentHashMap<>();
    final Map<String, String> resource = new ConcurrentHashMap<>();
    final Map<String, String> headers = new ConcurrentHashMap<>();
    final List<byte[]> bodies = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    OtlpReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/v1/traces",
                exchange -> {
                    var sent = ExportTraceServiceRequest.parseFrom(body(exchange));
                    sent.getResourceSpansList()
                            .forEach(group -> {
                                group.getResource()
                                        .getAttributesList()
                                        .forEach(pair ->
                                                resource.put(pair.getKey(), text(pair.getValue())));
                                group.getScopeSpansList()
                                        .forEach(scope -> spans.addAll(scope.getSpansList()));
                            });
                    answer(exchange);
                });
        server.createContext(
                "/v1/metrics",
                exchange -> {
                    var sent = ExportMetricsServiceRequest.parseFrom(body(exchange));
                    sent.getResourceMetricsList()
                            .forEach(group ->
                                    group.getScopeMetricsList()
                                            .forEach(scope ->
                                                    scope.getMetricsList()
                                                            .forEach(metric ->
                                                                    metrics.put(
                                                                            metric.getName(),
                                                                            metric))));
                    answer(exchange);
                });
        server.setExecutor(threads);
        server.start();
    }

    private byte[] body(HttpExchange exchange) throws IOException {
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name, values.getFirst()));
        byte[] body = exchange.getRequestBody().readAllBytes();
        bodies.add(body);
        return body;
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Settings that send everything here, and soon. */
    String[] settings(String... more) {
        List<String> all =
                new CopyOnWriteArrayList<>(
                        List.of(
                                "OTEL_EXPORTER_OTLP_ENDPOINT",
                                url(),
                                "OTEL_BSP_SCHEDULE_DELAY",
                                "50",
                                "OTEL_METRIC_EXPORT_INTERVAL",
                                "100"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** One that has come. */
    Metric metric(String name) {
        return Objects.requireNonNull(metrics.get(name), name);
    }

    /** The first span of a name, once it is there. */
    Span await(String name) {
        org.awaitility.Awaitility.await()
                .until(() -> spans.stream().anyMatch(span -> span.getName().equals(name)));
        return named(name).getFirst();
    }

    List<Span> named(String name) {
        return spans.stream().filter(span -> span.getName().equals(name)).toList();
    }

    List<Span> below(Span parent) {
        return spans.stream()
                .filter(span -> span.getParentSpanId().equals(parent.getSpanId()))
                .toList();
    }

    static String hex(com.google.protobuf.ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    static Map<String, String> attributes(List<KeyValue> pairs) {
        return pairs.stream().collect(Collectors.toMap(KeyValue::getKey, p -> text(p.getValue())));
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case INT_VALUE -> Long.toString(value.getIntValue());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            default -> value.getStringValue();
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
