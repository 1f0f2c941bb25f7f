package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.parlo.registry.RefusingPort;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Collectors that are away, silent, or answer what they like: nobody notices but the log. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CollectorsTest {
    private static final String HELLO =
            "{\"model\": \"espeak-ng/espeak-ng\", \"input\": \"Hello.\", \"response_format\":"
                    + " \"wav\"}";

    @TempDir Path folder;

    private enum Manner {
        /** Nothing listens there. */
        AWAY,
        /** Takes connections and says nothing. */
        SILENT,
        /** Closes each connection at once. */
        CLOSING,
        /** Speaks no HTTP. */
        GARBAGE,
        /** A failure with a body that does not end. */
        ENDLESS,
        /** A failure with a long line of control characters. */
        SHOUTING,
        /** Sends elsewhere for ever. */
        REDIRECTING
    }

    /** What listens at the collector's port. */
    private static final class Collector implements AutoCloseable {
        final AtomicInteger connections = new AtomicInteger();
        private final ServerSocket listener;
        private final RefusingPort nobody = new RefusingPort();
        private final Set<Socket> open = ConcurrentHashMap.newKeySet();
        private final Manner manner;

        Collector(Manner manner) throws IOException {
            this.manner = manner;
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::accept);
        }

        String url() {
            return manner == Manner.AWAY
                    ? nobody.url().toString()
                    : "http://127.0.0.1:" + listener.getLocalPort();
        }

        private void accept() {
            try {
                while (true) {
                    Socket socket = listener.accept();
                    open.add(socket);
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> answer(socket));
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        private void answer(Socket socket) {
            try {
                OutputStream out = socket.getOutputStream();
                switch (manner) {
                    case AWAY, SILENT -> {}
                    case CLOSING -> socket.close();
                    case GARBAGE -> write(out, "\u0000\u0001 nothing of HTTP\r\n\r\n".repeat(100));
                    case ENDLESS -> {
                        write(out, "HTTP/1.1 400 Bad\r\nContent-Type: text/plain\r\n\r\n");
                        byte[] much = new byte[1 << 16];
                        while (true) {
                            out.write(much);
                        }
                    }
                    case SHOUTING ->
                            write(
                                    out,
                                    "HTTP/1.1 400 "
                                            + "A".repeat(5000)
                                            + "\r\nContent-Length: 100000\r\n\r\n"
                                            + "\u001b[31mB\n".repeat(20_000));
                    case REDIRECTING ->
                            write(
                                    out,
                                    "HTTP/1.1 307 Away\r\nLocation: "
                                            + url()
                                            + "/v1/traces\r\nContent-Length: 0\r\n\r\n");
                }
            } catch (IOException gone) {
                // that is up to the client
            }
        }

        private static void write(OutputStream out, String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        @Override
        public void close() throws IOException {
            listener.close();
            nobody.close();
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    /** An appender adds lines under its own lock. */
    private static List<ILoggingEvent> copy(ListAppender<ILoggingEvent> lines) {
        synchronized (lines) {
            return List.copyOf(lines.list);
        }
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void aBadCollectorNeitherSlowsNorEndsTheServerAndFillsNoLog(Manner manner) throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        root.addAppender(lines);
        try (Collector collector = new Collector(manner)) {
            String[] settings = {
                "OTEL_EXPORTER_OTLP_ENDPOINT", collector.url(),
                "OTEL_BSP_SCHEDULE_DELAY", "10",
                "OTEL_BSP_MAX_QUEUE_SIZE", "64",
                "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "16",
                "OTEL_METRIC_EXPORT_INTERVAL", "50"
            };
            DoorServer server = DoorServer.start(folder, settings);
            try {
                for (int i = 0; i < 40; i++) { // more spans than the queue takes
                    assertThat(server.postJson("/v1/audio/speech", HELLO).statusCode())
                            .isEqualTo(200);
                }
                if (manner == Manner.SHOUTING) { // a final refusal: others may be tried again first
                    await().until(() ->
                            copy(lines).stream()
                                    .anyMatch(line ->
                                            line.getLoggerName().startsWith("io.opentelemetry")));
                }
                if (manner != Manner.AWAY) {
                    await().until(() -> collector.connections.get() > 0);
                }
            } finally {
                // One that waited for the collector would take the ten seconds of its time-out.
                assertThat(
                                org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                                        Duration.ofSeconds(120),
                                        () -> {
                                            server.close();
                                            return true;
                                        }))
                        .isTrue();
            }
        } finally {
            root.detachAppender(lines);
        }
        List<ILoggingEvent> told =
                copy(lines).stream()
                        .filter(line -> line.getLoggerName().startsWith("io.opentelemetry"))
                        .toList();
        assertThat(told).hasSizeLessThan(20);
        assertThat(told)
                .allSatisfy(line ->
                        assertThat(line.getFormattedMessage())
                                .hasSizeLessThanOrEqualTo(501)
                                .doesNotContain("\u001b", "\n"));
    }
}
