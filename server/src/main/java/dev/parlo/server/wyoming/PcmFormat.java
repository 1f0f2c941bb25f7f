package dev.parlo.server.wyoming;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What samples look like: whole numbers, little-endian.
 *
 * @param rate a second
 * @param width bytes of a sample
 */
record PcmFormat(int rate, int width, int channels) {
    private static final int HEADER = 44;

    /**
     * @throws ApiError 400 where it is none
     */
    static PcmFormat of(ObjectNode data) {
        int rate = number(data, "rate", 1000, 384_000);
        int width = number(data, "width", 1, 4);
        int channels = number(data, "channels", 1, 8);
        return new PcmFormat(rate, width, channels);
    }

    private static int number(ObjectNode data, String name, int least, int most) {
        JsonNode node = data.path(name);
        if (!node.isIntegralNumber()
                || !node.canConvertToInt()
                || node.asInt() < least
                || node.asInt() > most) {
            throw ApiError.of(
                    400,
                    "'"
                            + name
                            + "' of the audio must be a whole number from "
                            + least
                            + " to "
                            + most
                            + ".");
        }
        return node.asInt();
    }

    ObjectNode data() {
        return Json.mapper()
                .createObjectNode()
                .put("rate", rate)
                .put("width", width)
                .put("channels", channels);
    }

    /** The head of a WAV file whose length is not known. */
    byte[] wavHeader() {
        int frame = width * channels;
        return ByteBuffer.allocate(HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(-1)
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) 1) // whole numbers
                .putShort((short) channels)
                .putInt(rate)
                .putInt(rate * frame)
                .putShort((short) frame)
                .putShort((short) (8 * width))
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt(-1)
                .array();
    }
}
