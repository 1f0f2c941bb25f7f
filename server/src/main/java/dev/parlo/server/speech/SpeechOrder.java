package dev.parlo.server.speech;

import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.audio.AudioTarget;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.TextMarkup;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to hear, whichever protocol it speaks. Immutable.
 *
 * @param model an id, an alias, a name of another service, or null for any model
 * @param options how the text is spoken; the voice may be a name of another service, or empty for
 *     any
 * @param sampleRate 8000 to 48000 Hz; empty for the usual one of the format
 * @param bitRate bits per second, brought within what any codec takes; empty for the usual one
 * @param unknown what becomes of names that mean nothing here
 * @param keepAlive how long the model stays loaded afterwards; null for what is set
 */
public record SpeechOrder(
        @Nullable String model,
        SpeechOptions options,
        AudioFormat format,
        OptionalInt sampleRate,
        OptionalInt bitRate,
        Unknown unknown,
        @Nullable KeepAlive keepAlive) {
    private static final double SILENT = 1e-4;
    private static final double LOUDEST = 10;

    /** What becomes of names that mean nothing here. */
    public enum Unknown {
        /** A model or a voice that is not here is refused, as OpenAI does. */
        REFUSED,
        /** A voice that is not here is replaced by a default one. */
        VOICE_REPLACED,
        /** So is a model: the names are those of another service. */
        REPLACED
    }

    public SpeechOrder {
        if (bitRate.isPresent()) {
            bitRate =
                    OptionalInt.of(
                            Math.clamp(
                                    bitRate.getAsInt(),
                                    AudioTarget.LOWEST_BIT_RATE,
                                    AudioTarget.HIGHEST_BIT_RATE));
        }
    }

    /**
     * Plain text in the voice's own pace, volume and language, at the usual rates, for a client of
     * another service.
     */
    public static SpeechOrder of(
            @Nullable String model, @Nullable String voice, AudioFormat format) {
        return new SpeechOrder(
                model,
                SpeechOptions.of(voice == null || voice.isBlank() ? "" : voice),
                format,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Unknown.REPLACED,
                null);
    }

    /** The voice that was named, or empty. */
    public String voice() {
        return options.voice();
    }

    private SpeechOrder with(SpeechOptions changed) {
        return new SpeechOrder(model, changed, format, sampleRate, bitRate, unknown, keepAlive);
    }

    /** Brought within what any engine takes, 0.25 to 4. */
    public SpeechOrder withSpeed(double value) {
        return with(
                options.withSpeed(
                        Math.clamp(value, SpeechOptions.MIN_SPEED, SpeechOptions.MAX_SPEED)));
    }

    /** A factor, brought within what any engine takes. */
    public SpeechOrder withVolume(double value) {
        return with(options.withVolume(Math.clamp(value, SILENT, LOUDEST)));
    }

    /** As the client names it, or null for the voice's own. */
    public SpeechOrder withLanguage(@Nullable String value) {
        return with(options.withLanguage(value));
    }

    public SpeechOrder withWordTimes(boolean value) {
        return with(options.withWordTimes(value));
    }

    public SpeechOrder withSsml(boolean value) {
        return with(
                options.withReading(
                        value ? Reading.PLAIN.withMarkup(TextMarkup.SSML) : Reading.PLAIN));
    }

    public SpeechOrder withFormat(AudioFormat value) {
        return new SpeechOrder(model, options, value, sampleRate, bitRate, unknown, keepAlive);
    }

    public SpeechOrder withSampleRate(int value) {
        return new SpeechOrder(
                model, options, format, OptionalInt.of(value), bitRate, unknown, keepAlive);
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
        return new SpeechOrder(model, options, format, sampleRate, value, unknown, keepAlive);
    }

    /** Whether the texts are SSML. */
    public boolean ssml() {
        return markup() == TextMarkup.SSML;
    }

    /** What the texts may hold beside words. */
    public TextMarkup markup() {
        return options.reading().markup();
    }

    /** Whether the times of words are wanted. */
    public boolean wordTimes() {
        return options.wordTimes();
    }

    AudioTarget target(int modelRate) {
        return new AudioTarget(format, sampleRate.orElse(format.usualRate(modelRate)), bitRate);
    }
}
