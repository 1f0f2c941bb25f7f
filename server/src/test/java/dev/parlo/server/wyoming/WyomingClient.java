package dev.parlo.server.wyoming;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parlo.server.http.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A client that reads as Python's does: the header's line, then the blocks that it announces. */
final class WyomingClient implements AutoCloseable {
    /**
     * @param header as it came, without its end
     */
    record Received(String header, String type, ObjectNode data, byte[] payload) {}

    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;

    WyomingClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Lines as a recorded client sends them. */
    void send(String... lines) throws IOException {
        send((String.join("\n", lines) + "\n").getBytes(UTF_8));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /**
     * A part of a recording, with its format in a block of its own as Python's client writes it.
     */
    void sendChunk(byte[] samples) throws IOException {
        String data = "{\"rate\": 16000, \"width\": 2, \"channels\": 1, \"timestamp\": null}";
        send(
                ("{\"type\": \"audio-chunk\", \"version\": \"1.9.0\", \"data_length\": "
                                + data.length()
                                + ", \"payload_length\": "
                                + samples.length
                                + "}\n"
                                + data)
                        .getBytes(UTF_8));
        send(samples);
    }

    /** No more comes from this side; answers are still read. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** The next event; null where the server has closed. */
    @Nullable Received read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (line.size() > 0) {
                    throw new EOFException("within a header");
                }
                return null;
            }
            line.write(b);
        }
        ObjectNode header = (ObjectNode) Json.mapper().readTree(line.toByteArray());
        int data = header.path("data_length").asInt(0);
        int payload = header.path("payload_length").asInt(0);
        ObjectNode block =
                data == 0
                        ? Json.mapper().createObjectNode()
                        : (ObjectNode) Json.mapper().readTree(in.readNBytes(data));
        return new Received(
                line.toString(UTF_8),
                header.path("type").asString(),
                block,
                in.readNBytes(payload));
    }

    /** Events up to one of a type. */
    List<Received> readTo(String type) throws IOException {
        List<Received> all = new ArrayList<>();
        for (Received next = read(); next != null; next = read()) {
            all.add(next);
            if (next.type().equals(type)) {
                return all;
            }
        }
        throw new EOFException("closed before " + type + ", after " + all);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
