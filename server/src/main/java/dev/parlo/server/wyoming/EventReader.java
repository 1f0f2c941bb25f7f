package dev.parlo.server.wyoming;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.MemoryBudget;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events out of a stream: a line of JSON, then as many bytes of JSON and of samples as it
 * announces. Every length is bounded, and what an event holds counts with what all clients hold
 * until the next one is read. One thread reads.
 */
final class EventReader {
    static final int LONGEST_HEADER = 1 << 20;
    static final int LONGEST_DATA = 16 << 20;
    static final int LONGEST_PAYLOAD = 16 << 20;

    /** Taken together, so that a share is not asked for every byte of a header. */
    private static final int STEP = 4096;

    private final InputStream in;
    private final MemoryBudget.Share memory;
    private long taken;
    private volatile long begun;

    /**
     * @param in buffered
     * @param memory of the connection
     */
    EventReader(InputStream in, MemoryBudget.Share memory) {
        this.in = in;
        this.memory = memory;
    }

    /**
     * The next event; null at the end of the stream.
     *
     * @throws ApiError 400 for bytes that are no event, 413 for one that is too long, 503 while
     *     other clients hold too much memory
     * @throws IOException for a stream that ends within an event
     */
    @Nullable Event next() throws IOException {
        memory.giveBack(taken);
        taken = 0;
        try {
            byte[] line = line();
            if (line == null) {
                return null;
            }
            ObjectNode header = object(line, "header");
            JsonNode type = header.path("type");
            if (!type.isString() || type.asString().isEmpty()) {
                throw malformed("its header has no 'type'");
            }
            ObjectNode data =
                    header.path("data") instanceof ObjectNode inline
                            ? inline
                            : Json.mapper().createObjectNode();
            byte[] block = block(header.path("data_length"), "data_length", LONGEST_DATA);
            if (block.length > 0) {
                data.setAll(object(block, "data"));
            }
            byte[] payload =
                    block(header.path("payload_length"), "payload_length", LONGEST_PAYLOAD);
            return new Event(type.asString(), data, payload);
        } finally {
            begun = 0;
        }
    }

    /** When the event that is being read began, of {@link System#nanoTime}; 0 between events. */
    long begun() {
        return begun;
    }

    private byte @Nullable [] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw new EOFException("The stream ends within a header.");
            }
            if (line.size() == 0) {
                begun = Math.max(1, System.nanoTime());
            }
            if (line.size() % STEP == 0) {
                take(STEP);
            }
            if (line.size() == LONGEST_HEADER) {
                throw tooLong("The header", LONGEST_HEADER);
            }
            line.write(b);
        }
        return line.toByteArray();
    }

    private byte[] block(JsonNode length, String name, int most) throws IOException {
        if (length.isMissingNode() || length.isNull()) {
            return new byte[0];
        }
        if (!length.isIntegralNumber() || !length.canConvertToLong() || length.asLong() < 0) {
            throw malformed("'" + name + "' is not a number of bytes");
        }
        if (length.asLong() > most) {
            throw tooLong("'" + name + "'", most);
        }
        int bytes = length.asInt();
        take(bytes);
        byte[] block = in.readNBytes(bytes);
        if (block.length < bytes) {
            throw new EOFException("The stream ends within an event.");
        }
        return block;
    }

    private void take(int bytes) {
        memory.take(bytes);
        taken += bytes;
    }

    private ObjectNode object(byte[] json, String what) {
        take((int) Json.nodeBytes(json));
        try {
            JsonNode root = Json.mapper().readTree(json);
            if (root instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException broken) {
            throw malformed("its " + what + " is not JSON").withCause(broken);
        }
        throw malformed("its " + what + " is not a JSON object");
    }

    private static ApiError malformed(String why) {
        return ApiError.of(
                400,
                "This is no event of the Wyoming protocol: "
                        + why
                        + ". An event begins with a line such as {\"type\":\"describe\"}.",
                "malformed_event");
    }

    private static ApiError tooLong(String what, int most) {
        return ApiError.of(
                413, what + " of an event may have " + most + " bytes at most.", "too_large");
    }
}
