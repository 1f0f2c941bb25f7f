package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.server.http.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The requests of clients in {@code client-tests/recorded}, byte for byte, with real engines. */
class RecordedRequestsTest {
    private static final Path RECORDED = ProjectFiles.root().resolve("client-tests/recorded");
    private static final Pattern FILE = Pattern.compile("\\{\\{(samples/[^ }]+)( as (\\w+))?}}");
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    @TempDir static Path folder;

    private static ListeningServer server;

    @BeforeAll
    static void start() {
        server = new ListeningServer(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** One client's request and what it needs of the answer. */
    record Recorded(
            String request, String client, int status, String contentType, String contains) {
        @Override
        public String toString() {
            return client + ": " + request;
        }
    }

    static Stream<Recorded> requests() throws IOException {
        return Json.mapper()
                .readTree(Files.readString(RECORDED.resolve("index.json")))
                .valueStream()
                .map(RecordedRequestsTest::recorded);
    }

    private static Recorded recorded(JsonNode entry) {
        return new Recorded(
                entry.path("request").asString(),
                entry.path("client").asString(),
                entry.path("status").asInt(),
                entry.path("content_type").asString(),
                entry.path("contains").asString());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void everyClientIsAnsweredAsItNeeds(Recorded recorded) throws Exception {
        URI address = URI.create(server.application().url());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(bytes(recorded.request(), address));
            String answer = answer(socket);
            String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
            assertThat(head).startsWith("HTTP/1.1 " + recorded.status() + " ");
            assertThat(head.toLowerCase(Locale.ROOT))
                    .contains("content-type: " + recorded.contentType());
            assertThat(body(head, answer)).contains(recorded.contains());
        }
    }

    private static byte[] bytes(String name, URI address) throws IOException {
        // Latin-1 keeps every byte as it is.
        String text = Files.readString(RECORDED.resolve(name), StandardCharsets.ISO_8859_1);
        Matcher file = FILE.matcher(text.replace("{{host}}", address.getAuthority()));
        String full =
                file.replaceAll(match ->
                        Matcher.quoteReplacement(contents(match.group(1), match.group(3))));
        int body = full.indexOf("\r\n\r\n") + 4;
        String length = String.valueOf(full.length() - body);
        return full.replaceFirst("\\{\\{length}}", length).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String contents(String sample, String form) {
        Path file = ProjectFiles.root().resolve(sample);
        try {
            return switch (form == null ? "" : form) {
                case "s16le" -> samples(file);
                case "base64" -> Base64.getEncoder().encodeToString(Files.readAllBytes(file));
                default -> new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            };
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As FFmpeg's {@code -f s16le -ac 1 -ar 16000} writes them. */
    static String samples(Path file) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1L << 28, 600));
                AudioSource.Reader reader = decoder.open(file).open()) {
            float[] block = new float[1 << 14];
            for (int n = reader.read(block); n >= 0; n = reader.read(block)) {
                for (int i = 0; i < n; i++) {
                    int sample = Math.round(block[i] * 32_768);
                    bytes.write(sample);
                    bytes.write(sample >> 8);
                }
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static String body(String head, String answer) throws IOException {
        String body = answer.substring(head.length() + 4);
        if (!head.toLowerCase(Locale.ROOT).contains("content-encoding: gzip")) {
            return body;
        }
        byte[] packed = body.getBytes(StandardCharsets.ISO_8859_1);
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Head and body, the latter as it came. */
    private static String answer(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[1 << 16];
        while (!isWhole(text)) {
            int n = socket.getInputStream().read(buffer);
            if (n < 0) {
                break;
            }
            text.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    private static boolean isWhole(StringBuilder text) {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        Matcher length = LENGTH.matcher(text.substring(0, end));
        return length.find()
                ? text.length() >= end + 4 + Integer.parseInt(length.group(1))
                : text.length() >= 5 && text.substring(text.length() - 5).equals("0\r\n\r\n");
    }
}
