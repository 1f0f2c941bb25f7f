package dev.parlo.server.realtime;

import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.audio.StreamedPcm.Encoding;
import dev.parlo.server.http.Json;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How audio is written in messages, always mono.
 *
 * @param rate samples per second
 */
record WireFormat(Encoding encoding, int rate) {
    static final WireFormat PCM_24K = new WireFormat(Encoding.PCM16, 24_000);
    private static final int TELEPHONE = 8_000;
    private static final List<Integer> RATES =
            List.of(8_000, 16_000, 22_050, 24_000, 44_100, 48_000);
    private static final String ACCEPTED =
            "'pcm16', 'pcm16_16k', 'g711_ulaw', 'g711_alaw', or an object with type 'audio/pcm' (and"
                    + " a rate of "
                    + RATES
                    + "), 'audio/pcmu' or 'audio/pcma'";

    /**
     * Reads it in either shape.
     *
     * @throws RealtimeException for any other
     */
    static WireFormat read(JsonNode given, String param) {
        String type = given.isObject() ? given.path("type").asString("") : given.asString("");
        switch (type.toLowerCase(Locale.ROOT)) {
            case "pcm16", "audio/pcm", "pcm" -> {
                JsonNode rate = given.path("rate");
                if (rate.isMissingNode() || rate.isNull()) {
                    return PCM_24K;
                }
                if (rate.isIntegralNumber() && RATES.contains(rate.asInt(0))) {
                    return new WireFormat(Encoding.PCM16, rate.asInt());
                }
            }
            case "pcm16_16k" -> {
                return new WireFormat(Encoding.PCM16, 16_000);
            }
            case "g711_ulaw", "audio/pcmu" -> {
                return new WireFormat(Encoding.MULAW, TELEPHONE);
            }
            case "g711_alaw", "audio/pcma" -> {
                return new WireFormat(Encoding.ALAW, TELEPHONE);
            }
            default -> {}
        }
        throw new RealtimeException(
                "invalid_value",
                "Invalid value for '" + param + "'. Supported values are: " + ACCEPTED + ".",
                param);
    }

    String beta() {
        return switch (encoding) {
            case PCM16 -> rate == 16_000 ? "pcm16_16k" : "pcm16";
            case MULAW -> "g711_ulaw";
            case ALAW -> "g711_alaw";
        };
    }

    ObjectNode ga() {
        ObjectNode node = Json.mapper().createObjectNode();
        switch (encoding) {
            case PCM16 -> node.put("type", "audio/pcm").put("rate", rate);
            case MULAW -> node.put("type", "audio/pcmu");
            case ALAW -> node.put("type", "audio/pcma");
        }
        return node;
    }

    /** What speech is encoded as. */
    AudioFormat speech() {
        return switch (encoding) {
            case PCM16 -> AudioFormat.PCM;
            case MULAW -> AudioFormat.MULAW;
            case ALAW -> AudioFormat.ALAW;
        };
    }

    /** Bytes of so much audio, whole samples. */
    int bytes(int milliseconds) {
        return (int) ((long) rate * milliseconds / 1000) * encoding.bytes();
    }

    double milliseconds(long bytes) {
        return bytes * 1000.0 / ((double) rate * encoding.bytes());
    }
}
