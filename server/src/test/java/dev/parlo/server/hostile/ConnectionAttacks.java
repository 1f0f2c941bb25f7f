package dev.parlo.server.hostile;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Messages that never end and senders that hardly send. */
final class ConnectionAttacks {
    private static final int FRAME = 1 << 16;

    private ConnectionAttacks() {}

    static Map<String, Attack> all() {
        Map<String, Attack> attacks = new TreeMap<>();
        attacks.put("WebSocket messages without an end", ConnectionAttacks::unfinishedMessages);
        attacks.put(
                "JSON bodies without an end",
                (target, random) ->
                        unfinished(
                                target,
                                "POST /v1/audio/speech HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                        + "Content-Type: application/json\r\n"
                                        + "Content-Length: 60000000\r\n\r\n{\"input\":\"",
                                "x"));
        attacks.put(
                "forms without an end",
                (target, random) ->
                        unfinished(
                                target,
                                "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                        + "Content-Type: multipart/form-data; boundary=b\r\n"
                                        + "Content-Length: 60000000\r\n\r\n--b\r\n"
                                        + "Content-Disposition: form-data; name=\"prompt\"\r\n\r\n",
                                "y"));
        attacks.put("slow heads", ConnectionAttacks::slowHeads);
        attacks.put("broken framing", ConnectionAttacks::brokenFraming);
        return attacks;
    }

    private static String unfinishedMessages(Target target, Random random) throws Exception {
        List<SocketAttacker> sockets = new ArrayList<>();
        String piece = "x".repeat(FRAME);
        int refused = 0;
        try {
            for (int i = 0; i < 10; i++) {
                SocketAttacker socket =
                        SocketAttacker.open(
                                target,
                                "/v1/text-to-speech/alloy/stream-input?output_format=pcm_16000");
                sockets.add(socket);
                for (int k = 0; k < 60; k++) {
                    WebSocket open = socket.socket();
                    if (open.isOutputClosed() || open.isInputClosed()) {
                        break;
                    }
                    var unused = open.sendText(piece, false).get(5, TimeUnit.SECONDS);
                }
            }
        } catch (Exception cut) {
            refused++;
        } finally {
            sockets.forEach(SocketAttacker::close);
        }
        return refused > 0 ? "refused" : "taken";
    }

    /** Several at once, each with some megabytes of what it promised; the answer is not awaited. */
    private static String unfinished(Target target, String head, String filler) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        byte[] block = filler.repeat(FRAME).getBytes(StandardCharsets.US_ASCII);
        int refused = 0;
        try {
            for (int i = 0; i < 8; i++) {
                Socket socket = target.connect();
                sockets.add(socket);
                try {
                    OutputStream out = socket.getOutputStream();
                    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
                    for (int k = 0; k < 60; k++) {
                        out.write(block);
                    }
                } catch (IOException cut) {
                    refused++;
                }
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        return refused > 0 ? "refused" : "taken";
    }

    private static String slowHeads(Target target, Random random) throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket socket = target.connect();
                sockets.add(socket);
                socket.getOutputStream()
                        .write("GET /health HTTP/1.1\r\nX-A".getBytes(StandardCharsets.US_ASCII));
            }
            for (int second = 0; second < 3; second++) {
                Thread.sleep(1000);
                for (Socket socket : sockets) {
                    socket.getOutputStream().write('a');
                }
            }
            return "held";
        } catch (IOException cut) {
            return "cut";
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static String brokenFraming(Target target, Random random) throws IOException {
        String[] requests = {
            "POST /v1/audio/speech HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "POST /v1/audio/speech HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET /%zz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc",
            "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + "b".repeat(1 << 20) + "\r\n\r\n"
        };
        try (Socket socket = target.connect()) {
            socket.getOutputStream()
                    .write(
                            requests[random.nextInt(requests.length)].getBytes(
                                    StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            byte[] answer = socket.getInputStream().readNBytes(12);
            return new String(answer, StandardCharsets.ISO_8859_1).replaceAll(".* ", "");
        } catch (IOException cut) {
            return "cut";
        }
    }
}
