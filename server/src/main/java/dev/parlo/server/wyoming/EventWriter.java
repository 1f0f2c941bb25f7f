package dev.parlo.server.wyoming;

import dev.parlo.server.http.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes events, one at a time. Their data goes into a block of its own: the usual client reads
 * lines of 64 KiB at most, and a list of voices is longer. Thread-safe.
 */
final class EventWriter {
    private static final String VERSION = "1.9.0";

    private final ReentrantLock lock = new ReentrantLock();
    private final OutputStream out;
    private volatile long begun;

    EventWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * @throws IOException when the client is gone
     */
    void send(Event event) throws IOException {
        byte[] data =
                event.data().isEmpty()
                        ? new byte[0]
                        : Json.mapper().writeValueAsBytes(event.data());
        ObjectNode header = Json.mapper().createObjectNode().put("type", event.type());
        header.put("version", VERSION);
        if (data.length > 0) {
            header.put("data_length", data.length);
        }
        if (event.payload().length > 0) {
            header.put("payload_length", event.payload().length);
        }
        byte[] line = (Json.text(header) + "\n").getBytes(StandardCharsets.UTF_8);
        lock.lock();
        begun = Math.max(1, System.nanoTime());
        try {
            out.write(line);
            out.write(data);
            out.write(event.payload());
            out.flush();
        } finally {
            begun = 0;
            lock.unlock();
        }
    }

    /** When the event that is being written began, of {@link System#nanoTime}; 0 for none. */
    long begun() {
        return begun;
    }
}
