package dev.parlo.server.fish;

import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Fields;
import dev.parlo.server.speech.SpeechOrder;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Fish Audio's request. Cloning and sampling are accepted and not used.
 *
 * @param contentType of the audio
 * @param ignored whether reference audio was sent, which no model here follows
 */
record FishRequest(String text, SpeechOrder order, String contentType, boolean ignored) {
    private static final List<String> FORMATS = List.of("wav", "pcm", "mp3", "opus");
    private static final double LOUDEST_DECIBELS = 20;

    /**
     * @param model the header of that name
     * @throws ApiError 422 naming everything that is wrong
     */
    static FishRequest read(JsonNode root, @Nullable String model) {
        Fields body = Fields.of(root);
        String text = body.required("text");
        String named = body.text("format");
        String format = named == null ? "mp3" : named;
        if (!FORMATS.contains(format)) {
            body.reject("format", FORMATS);
        }
        OptionalInt rate = body.integerBetween("sample_rate", 8_000, 48_000);
        // LiveKit sends bits, Fish Audio's own clients thousands of them, or -1000 for "automatic"
        OptionalInt bits =
                body.integerBetween(
                        format.equals("opus") ? "opus_bitrate" : "mp3_bitrate",
                        Integer.MIN_VALUE,
                        Integer.MAX_VALUE);
        Fields prosody = body.within("prosody");
        double speed = prosody.number("speed", 1, 0.25, 4);
        double decibels = prosody.number("volume", 0, -LOUDEST_DECIBELS, LOUDEST_DECIBELS);
        body.check();
        SpeechOrder order =
                SpeechOrder.of(
                                model,
                                voice(root.path("reference_id")),
                                AudioFormat.of(format).orElse(AudioFormat.MP3))
                        .withSpeed(speed)
                        .withVolume(Math.pow(10, decibels / 20))
                        .withBitRateAsWritten(bits);
        return new FishRequest(
                text,
                rate.isPresent() ? order.withSampleRate(rate.getAsInt()) : order,
                order.format().mimeType(),
                !root.path("references").isEmpty());
    }

    /** One name, or the first of a list of them. */
    private static @Nullable String voice(JsonNode node) {
        JsonNode first = node.isArray() ? node.path(0) : node;
        return first.isString() ? first.asString() : null;
    }
}
