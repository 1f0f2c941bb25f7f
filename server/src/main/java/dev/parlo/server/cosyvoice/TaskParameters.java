package dev.parlo.server.cosyvoice;

import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.server.http.Fields;
import dev.parlo.server.speech.SpeechOrder;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** Reads what a {@code run-task} of speech asks for. */
final class TaskParameters {
    private static final List<String> FORMATS = List.of("pcm", "wav", "mp3", "opus");
    private static final double USUAL_VOLUME = 50;
    private static final int USUAL_RATE = 22_050;

    private TaskParameters() {}

    /**
     * @throws dev.parlo.server.http.ApiError 422 naming the fields that are wrong
     */
    static SpeechOrder read(JsonNode payload) {
        Fields body = Fields.of(payload);
        String model = body.text("model");
        Fields parameters = body.within("parameters");
        String voice = parameters.text("voice");
        String named = parameters.text("format");
        String format = named == null ? "mp3" : named;
        if (!FORMATS.contains(format)) {
            parameters.reject("format", FORMATS);
        }
        OptionalInt rate = parameters.integerBetween("sample_rate", 8_000, 48_000);
        double volume = parameters.number("volume", USUAL_VOLUME, 0, 100);
        double speed = parameters.number("rate", 1, 0.25, 4);
        OptionalInt bits =
                parameters.integerBetween("bit_rate", Integer.MIN_VALUE, Integer.MAX_VALUE);
        boolean ssml =
                parameters.bool("enable_ssml", false)
                        || parameters.text("text_type", "").equalsIgnoreCase("SSML");
        boolean wordTimes = parameters.bool("word_timestamp_enabled", false);
        body.check();
        JsonNode language = parameters.root().path("language_hints").path(0);
        return SpeechOrder.of(model, voice, AudioFormat.of(format).orElse(AudioFormat.MP3))
                .withSampleRate(rate.orElse(USUAL_RATE))
                .withBitRateAsWritten(bits)
                .withVolume(volume / USUAL_VOLUME)
                .withSpeed(speed)
                .withLanguage(language.isString() ? language.asString() : null)
                .withWordTimes(wordTimes)
                .withSsml(ssml);
    }
}
