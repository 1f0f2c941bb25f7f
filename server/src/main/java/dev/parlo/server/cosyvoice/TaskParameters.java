package dev.parlo.server.cosyvoice;

import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.BodyFields;
import dev.parlo.server.speech.SpeechOrder;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * What a {@code run-task} asks for.
 *
 * @param wordTimes whether the times of words were asked for
 */
record TaskParameters(SpeechOrder order, boolean wordTimes) {
    private static final List<String> FORMATS = List.of("pcm", "wav", "mp3", "opus");
    private static final double USUAL_VOLUME = 50;
    private static final int USUAL_RATE = 22_050;

    /**
     * @throws ApiError 400 for another task than speech, 422 naming the fields that are wrong
     */
    static TaskParameters read(JsonNode payload) {
        String task = payload.path("task").asString("tts");
        if (!task.equals("tts")) {
            throw ApiError.of(
                    400,
                    "The task '%s' is not supported; only 'tts' is."
                            .formatted(task.substring(0, Math.min(task.length(), 40))),
                    "InvalidParameter");
        }
        BodyFields body = BodyFields.of(payload);
        String model = body.text("model");
        BodyFields parameters = body.within("parameters");
        String voice = parameters.text("voice");
        String named = parameters.text("format");
        String format = named == null ? "mp3" : named;
        if (!FORMATS.contains(format)) {
            parameters.reject("format", FORMATS);
        }
        OptionalInt rate = parameters.integer("sample_rate", 8_000, 48_000);
        double volume = parameters.number("volume", USUAL_VOLUME, 0, 100);
        double speed = parameters.number("rate", 1, 0.25, 4);
        body.check();
        JsonNode hints = payload.path("parameters").path("language_hints");
        boolean wordTimes =
                payload.path("parameters").path("word_timestamp_enabled").asBoolean(false);
        return new TaskParameters(
                SpeechOrder.of(model, voice, AudioFormat.of(format).orElse(AudioFormat.MP3))
                        .withSampleRate(rate.orElse(USUAL_RATE))
                        .withVolume(volume / USUAL_VOLUME)
                        .withSpeed(speed)
                        .withLanguage(hints.path(0).isString() ? hints.path(0).asString() : null)
                        .withWordTimes(wordTimes),
                wordTimes);
    }
}
