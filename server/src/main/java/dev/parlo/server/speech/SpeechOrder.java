package dev.parlo.server.speech;

import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.audio.AudioTarget;
import dev.parlo.engine.text.Normalization;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.Script;
import dev.parlo.engine.text.TextMarkup;
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
 * @param bitRate bits per second, brought within what any codec takes; empty for the usual one
 * @param ssml whether the texts are SSML
 */
public record SpeechOrder(
        @Nullable String model,
        @Nullable String voice,
        double speed,
        double volume,
        @Nullable String language,
        boolean wordTimes,
        AudioFormat format,
        OptionalInt sampleRate,
        OptionalInt bitRate,
        boolean ssml) {
    private static final double SILENT = 1e-4;
    private static final double LOUDEST = 10;

    public SpeechOrder {
        speed = Math.clamp(speed, SpeechOptions.MIN_SPEED, SpeechOptions.MAX_SPEED);
        volume = Math.clamp(volume, SILENT, LOUDEST);
        if (bitRate.isPresent()) {
            bitRate =
                    OptionalInt.of(
                            Math.clamp(
                                    bitRate.getAsInt(),
                                    AudioTarget.LOWEST_BIT_RATE,
                                    AudioTarget.HIGHEST_BIT_RATE));
        }
    }

    /** Plain text in the voice's own pace, volume and language, at the usual rates. */
    public static SpeechOrder of(
            @Nullable String model, @Nullable String voice, AudioFormat format) {
        OptionalInt usual = OptionalInt.empty();
        return new SpeechOrder(model, voice, 1, 1, null, false, format, usual, usual, false);
    }

    public SpeechOrder withSpeed(double value) {
        return new SpeechOrder(
                model,
                voice,
                value,
                volume,
                language,
                wordTimes,
                format,
                sampleRate,
                bitRate,
                ssml);
    }

    public SpeechOrder withVolume(double value) {
        return new SpeechOrder(
                model, voice, speed, value, language, wordTimes, format, sampleRate, bitRate, ssml);
    }

    public SpeechOrder withLanguage(@Nullable String value) {
        return new SpeechOrder(
                model, voice, speed, volume, value, wordTimes, format, sampleRate, bitRate, ssml);
    }

    public SpeechOrder withWordTimes(boolean value) {
        return new SpeechOrder(
                model, voice, speed, volume, language, value, format, sampleRate, bitRate, ssml);
    }

    public SpeechOrder withSampleRate(int value) {
        OptionalInt given = OptionalInt.of(value);
        return new SpeechOrder(
                model, voice, speed, volume, language, wordTimes, format, given, bitRate, ssml);
    }

    /**
     * The bit rate as protocols write it: thousands of bits where the number is below 1000, bits
     * where it is above, and the usual rate where it is none.
     */
    public SpeechOrder withBitRateAsWritten(OptionalInt written) {
        int number = written.orElse(0);
        return withBitRate(
                number <= 0
                        ? OptionalInt.empty()
                        : OptionalInt.of(number < 1000 ? number * 1000 : number));
    }

    public SpeechOrder withBitRate(OptionalInt value) {
        return new SpeechOrder(
                model, voice, speed, volume, language, wordTimes, format, sampleRate, value, ssml);
    }

    public SpeechOrder withSsml(boolean value) {
        return new SpeechOrder(
                model,
                voice,
                speed,
                volume,
                language,
                wordTimes,
                format,
                sampleRate,
                bitRate,
                value);
    }

    /**
     * A text without its markup: what the times of its words speak of, and whether it sounds.
     *
     * @throws dev.parlo.engine.EngineException BAD_REQUEST for SSML that is wrong, saying where
     */
    public Script script(String text) {
        return Script.of(text, ssml ? TextMarkup.SSML : TextMarkup.PLAIN);
    }

    SpeechOptions options(String named) {
        Reading reading = ssml ? Reading.PLAIN.withMarkup(TextMarkup.SSML) : Reading.PLAIN;
        return new SpeechOptions(
                named, speed, language, volume, wordTimes, Normalization.DEFAULT, reading);
    }

    AudioTarget target(int modelRate) {
        return new AudioTarget(format, sampleRate.orElse(modelRate), bitRate);
    }
}
