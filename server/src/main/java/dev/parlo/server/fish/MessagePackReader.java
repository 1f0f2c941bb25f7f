package dev.parlo.server.fish;

import dev.parlo.server.http.ApiError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one MessagePack map from outside into the nodes that JSON is read into, so that both are
 * understood by the same code. A length is believed only as far as there are bytes; what is nested
 * too deep or has too many values is refused. Extension types become null. For one message; used by
 * one thread.
 */
final class MessagePackReader {
    private static final int DEEPEST = 32;

    /** A value of one byte is an object of some fifty in memory. */
    private static final int MOST_VALUES = 10_000;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final MessageUnpacker in;
    private final long total;
    private int values;

    private MessagePackReader(byte[] message) {
        this.in = MessagePack.newDefaultUnpacker(message);
        this.total = message.length;
    }

    /**
     * @throws ApiError 400 unless the bytes are exactly one map with texts for keys
     */
    static ObjectNode map(byte[] message) {
        MessagePackReader reader = new MessagePackReader(message);
        try {
            if (reader.in.hasNext() && reader.next(0) instanceof ObjectNode map) {
                if (reader.in.hasNext()) {
                    throw broken("something follows the map", null);
                }
                return map;
            }
        } catch (IOException | MessagePackException failure) {
            throw broken(String.valueOf(failure.getMessage()), failure);
        }
        throw broken("it is not a map", null);
    }

    private JsonNode next(int depth) throws IOException {
        if (depth > DEEPEST) {
            throw broken("it is nested too deep", null);
        }
        if (++values > MOST_VALUES) {
            throw broken("it has more than " + MOST_VALUES + " values", null);
        }
        MessageFormat format = in.getNextFormat();
        return switch (format.getValueType()) {
            case NIL -> {
                in.unpackNil();
                yield NODES.nullNode();
            }
            case BOOLEAN -> NODES.booleanNode(in.unpackBoolean());
            case INTEGER ->
                    format == MessageFormat.UINT64
                            ? NODES.numberNode(in.unpackBigInteger())
                            : NODES.numberNode(in.unpackLong());
            case FLOAT -> NODES.numberNode(in.unpackDouble());
            case STRING -> NODES.stringNode(text());
            case BINARY -> NODES.binaryNode(payload(in.unpackBinaryHeader()));
            case ARRAY -> array(depth);
            case MAP -> map(depth);
            case EXTENSION -> {
                payload(in.unpackExtensionTypeHeader().getLength());
                yield NODES.nullNode();
            }
        };
    }

    private ArrayNode array(int depth) throws IOException {
        int size = counted(in.unpackArrayHeader(), 1);
        ArrayNode array = NODES.arrayNode();
        for (int i = 0; i < size; i++) {
            array.add(next(depth + 1));
        }
        return array;
    }

    private ObjectNode map(int depth) throws IOException {
        int size = counted(in.unpackMapHeader(), 2);
        ObjectNode map = NODES.objectNode();
        for (int i = 0; i < size; i++) {
            String key = text();
            map.set(key, next(depth + 1));
        }
        return map;
    }

    private String text() throws IOException {
        return new String(payload(in.unpackRawStringHeader()), StandardCharsets.UTF_8);
    }

    private byte[] payload(int length) throws IOException {
        return in.readPayload(counted(length, 1));
    }

    /** Each entry takes some bytes: a larger number is a lie, found before memory is taken. */
    private int counted(int number, int bytesEach) {
        if (number < 0 || (long) number * bytesEach > total - in.getTotalReadBytes()) {
            throw broken("a length is beyond the end", null);
        }
        return number;
    }

    private static ApiError broken(String why, @Nullable Throwable cause) {
        ApiError error = ApiError.of(400, "The body is not a MessagePack map: " + why + ".");
        return cause == null ? error : error.withCause(cause);
    }
}
