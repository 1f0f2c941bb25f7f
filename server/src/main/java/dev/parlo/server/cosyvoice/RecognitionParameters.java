package dev.parlo.server.cosyvoice;

import dev.parlo.engine.audio.StreamedPcm;
import dev.parlo.server.http.Fields;
import dev.parlo.server.listening.TurnSettings;
import dev.parlo.server.transcription.SpokenText;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a {@code run-task} of recognition asks for.
 *
 * @param model as the client names it; null for any
 * @param rate samples per second
 * @param language as the client names it; null to detect it
 * @param silenceMs that ends a sentence
 */
record RecognitionParameters(
        @Nullable String model, int rate, @Nullable String language, int silenceMs) {
    private static final int LEAST_RATE = 8_000;
    private static final int MOST_RATE = 48_000;
    private static final int USUAL_RATE = 16_000;
    private static final int LEAST_SILENCE = 200;
    private static final int MOST_SILENCE = 6_000;
    private static final int USUAL_SILENCE = 800;
    private static final double THRESHOLD = 0.5;
    private static final int PADDING_MS = 300;

    /**
     * @throws dev.parlo.server.http.ApiError 422 naming the fields that are wrong
     */
    static RecognitionParameters read(JsonNode payload) {
        Fields body = Fields.of(payload);
        Fields parameters = body.within("parameters");
        String format = parameters.text("format", "pcm");
        if (!format.equals("pcm")) {
            parameters.reject("format", List.of("pcm"));
        }
        RecognitionParameters read =
                new RecognitionParameters(
                        body.text("model"),
                        parameters
                                .integerBetween("sample_rate", LEAST_RATE, MOST_RATE)
                                .orElse(USUAL_RATE),
                        language(parameters.root()),
                        parameters
                                .integerBetween("max_sentence_silence", LEAST_SILENCE, MOST_SILENCE)
                                .orElse(USUAL_SILENCE));
        body.check();
        return read;
    }

    private static @Nullable String language(JsonNode parameters) {
        JsonNode hint = parameters.path("language_hints").path(0);
        return hint.isString() ? hint.asString() : null;
    }

    StreamedPcm decoder() {
        return new StreamedPcm(StreamedPcm.Encoding.PCM16, rate, 1);
    }

    /**
     * @param chosen the installed model
     */
    TurnSettings settings(String chosen) {
        return new TurnSettings(
                chosen,
                SpokenText.job(language).options().toBuilder().wordTimestamps(true).build(),
                new TurnSettings.Detection(THRESHOLD, PADDING_MS, silenceMs),
                true,
                TurnSettings.LONGEST);
    }
}
