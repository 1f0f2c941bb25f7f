package dev.parlo.server.hostile;

import dev.parlo.server.DoorServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Bytes on a connection to a whole server: requests, frames and messages of each WebSocket,
 * Wyoming. Its engines are scripted, since it is not they that are tried. The server must answer,
 * and never by an internal error. The first byte chooses where the bytes go.
 */
public final class WireFuzz {
    private static final int SILENCE_MS = 400;
    private static final int MOST_READ = 1 << 20;
    private static final byte[] MASK = {0, 0, 0, 0};

    private static final List<String> SOCKETS =
            List.of(
                    "/v1/realtime?model=m",
                    "/v1/realtime?model=m&intent=transcription",
                    "/v1/audio/transcriptions/stream?model=whisper",
                    "/v1/listen?encoding=linear16&sample_rate=16000",
                    "/v1/text-to-speech/x/stream-input?output_format=pcm_8000",
                    "/v1/tts/live",
                    "/api-ws/v1/inference");

    private static final List<String> BODIES =
            List.of(
                    "/v1/audio/transcriptions",
                    "/v1/audio/translations",
                    "/v1/audio/speech",
                    "/dev/captioned_speech",
                    "/v1/chat/completions",
                    "/v1/realtime/client_secrets",
                    "/v1/audio/stream_speech",
                    "/v1/tts",
                    "/v1/text-to-speech/alloy",
                    "/dev/phonemize",
                    "/dev/generate_from_phonemes",
                    "/v1/audio/voices/combine",
                    "/v1/audio/speech/timestamps",
                    "/v1/audio/diarization",
                    "/v1/audio/speech/embedding",
                    "/asr?output=srt&word_timestamps=true",
                    "/asr?encode=false&output=json",
                    "/detect-language",
                    "/inference");

    private static final DoorServer SERVER = start();

    private WireFuzz() {}

    private static DoorServer start() {
        try {
            Path home = Files.createTempDirectory("wire-fuzz");
            return DoorServer.start(
                    home, "WYOMING_PORT", "0", "UPLOADS_IN_MEMORY", "false", "STT_QUEUE_SIZE", "8");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length < 2) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 2, input.length);
        int which = input[1] & 0xff;
        String answer =
                switch (input[0] & 3) {
                    case 0 -> http(bytes);
                    case 1 -> body(BODIES.get(which % BODIES.size()), bytes);
                    case 2 -> socket(SOCKETS.get(which % SOCKETS.size()), bytes, which >= 128);
                    default -> exchange(SERVER.wyomingPort(), bytes);
                };
        // Not "500" anywhere: what a client sent is told back to it where it is wrong.
        if (answer.startsWith("HTTP/1.1 500") || answer.contains("Error (error id ")) {
            throw new IllegalStateException(answer);
        }
    }

    private static String http(byte[] bytes) throws IOException {
        return exchange(port(), bytes);
    }

    private static String body(String path, byte[] bytes) throws IOException {
        boolean form = bytes.length > 1 && bytes[0] == '-' && bytes[1] == '-';
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(
                ascii(
                        String.format(
                                Locale.ROOT,
                                "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                                        + "Content-Type: %s\r\nContent-Length: %d\r\n\r\n",
                                path,
                                form ? "multipart/form-data; boundary=b" : "application/json",
                                bytes.length)));
        request.writeBytes(bytes);
        return exchange(port(), request.toByteArray());
    }

    /** Each line is a message, of bytes where it begins with a tab; or all are bare frames. */
    private static String socket(String path, byte[] bytes, boolean bare) throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.writeBytes(
                ascii(
                        "GET "
                                + path
                                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n"));
        if (bare) {
            sent.writeBytes(bytes);
        } else {
            int from = 0;
            for (int at = 0; at <= bytes.length; at++) {
                if (at == bytes.length || bytes[at] == '\n') {
                    message(sent, Arrays.copyOfRange(bytes, from, at));
                    from = at + 1;
                }
            }
            frame(sent, 8, new byte[] {3, (byte) 0xe8});
        }
        return exchange(port(), sent.toByteArray());
    }

    private static void message(ByteArrayOutputStream out, byte[] line) {
        if (line.length > 0 && line[0] == '\t') {
            frame(out, 2, Arrays.copyOfRange(line, 1, line.length));
        } else {
            // text that is not UTF-8 is Jetty's to refuse, and would hide what comes after it
            frame(
                    out,
                    1,
                    new String(line, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void frame(ByteArrayOutputStream out, int code, byte[] payload) {
        out.write(0x80 | code);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else {
            out.write(0x80 | 126);
            out.write(Math.min(payload.length, 65_535) >> 8);
            out.write(Math.min(payload.length, 65_535));
        }
        out.writeBytes(MASK);
        out.write(payload, 0, Math.min(payload.length, 65_535));
    }

    /** What the server says until it closes, or is silent for a while. */
    private static String exchange(int port, byte[] bytes) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(SILENCE_MS);
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                answer.write(buffer, 0, n);
                if (answer.size() > MOST_READ) {
                    break;
                }
            }
        } catch (IOException cut) {
            // silent for a while, or the server had enough: what it said until then counts
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }

    private static int port() {
        return SERVER.uri("/").getPort();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
