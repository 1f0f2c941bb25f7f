package dev.parlo.server.speech;

import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.text.Normalization;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a client of another service's protocol wants to hear. Its names are that service's: where
 * none is known here, a default stands in. Immutable.
 *
 * @param model an id, an alias, a foreign name or null
 * @param voice the same
 * @param speed brought within what any engine takes, 0.25 to 4
 * @param volume a factor, brought within what any engine takes
 * @param language as the client names it, or null for the voice's own
 * @param wordTimes whether the times of words are wanted
 * @param sampleRate 8000 to 48000 Hz; empty for the model's own
 */
public record SpeechOrder(
        @Nullable String model,
        @Nullable String voice,
        double speed,
        double volume,
        @Nullable String language,
        boolean wordTimes,
        AudioFormat format,
        OptionalInt sampleRate) {
    private static final double SILENT = 1e-4;
    private static final double LOUDEST = 10;

    public SpeechOrder {
        speed = Math.clamp(speed, SpeechOptions.MIN_SPEED, SpeechOptions.MAX_SPEED);
        volume = Math.clamp(volume, SILENT, LOUDEST);
    }

    /** The voice at its own pace, volume, language and rate. */
    public static SpeechOrder of(
            @Nullable String model, @Nullable String voice, AudioFormat format) {
        return new SpeechOrder(model, voice, 1, 1, null, false, format, OptionalInt.empty());
    }

    public SpeechOrder withSpeed(double value) {
        return new SpeechOrder(
                model, voice, value, volume, language, wordTimes, format, sampleRate);
    }

    public SpeechOrder withVolume(double value) {
        return new SpeechOrder(model, voice, speed, value, language, wordTimes, format, sampleRate);
    }

    public SpeechOrder withLanguage(@Nullable String value) {
        return new SpeechOrder(model, voice, speed, volume, value, wordTimes, format, sampleRate);
    }

    public SpeechOrder withWordTimes(boolean value) {
        return new SpeechOrder(model, voice, speed, volume, language, value, format, sampleRate);
    }

    public SpeechOrder withSampleRate(int value) {
        return new SpeechOrder(
                model, voice, speed, volume, language, wordTimes, format, OptionalInt.of(value));
    }

    SpeechOptions options(String named) {
        return new SpeechOptions(named, speed, language, volume, wordTimes, Normalization.DEFAULT);
    }
}
