package dev.parlo.engine;

import dev.parlo.engine.text.Manner;
import dev.parlo.engine.text.Normalization;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.VoiceStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a text is to be spoken.
 *
 * @param voice a voice of the model or, for Kokoro, a mix such as {@code af_bella(2)+af_sky(1)}
 * @param speed 0.25 to 4; 1 is the voice's own pace
 * @param language overrides the voice's own language, or null
 * @param volume factor on every sample, above 0 and at most 10
 * @param wordTimes whether the chunks carry the times of their words
 * @param normalization how numbers, addresses and the like are written out first
 * @param reading what else the text may hold: SSML, other speakers, words with pronunciations
 * @param whole whether nothing is heard before all is there, so that no sentence is cut to be early
 */
public record SpeechOptions(
        String voice,
        double speed,
        @Nullable String language,
        double volume,
        boolean wordTimes,
        Normalization normalization,
        Reading reading,
        boolean whole) {
    /** The slowest speed. */
    public static final double MIN_SPEED = 0.25;

    /** The fastest speed. */
    public static final double MAX_SPEED = 4.0;

    private static final double MAX_VOLUME = 10.0;

    /** A factor that changes nothing. */
    private static final double SILENT = 1e-6;

    /**
     * Checks the ranges.
     *
     * @throws EngineException of category BAD_REQUEST when speed or volume is outside of its range
     */
    public SpeechOptions {
        if (!(speed >= MIN_SPEED && speed <= MAX_SPEED)) {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    "Speed must be between 0.25 and 4.0, got " + speed);
        }
        if (!(volume > 0 && volume <= MAX_VOLUME)) {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    "The volume multiplier must be above 0 and at most 10, got " + volume);
        }
    }

    /**
     * {@return plain text, the voice at its own pace and volume, with the default normalisation}
     *
     * @param voice a voice of the model, by its id
     */
    public static SpeechOptions of(String voice) {
        return new SpeechOptions(
                voice, 1.0, null, 1.0, false, Normalization.DEFAULT, Reading.PLAIN, false);
    }

    /**
     * {@return the same with another voice}
     *
     * @param value a voice of the model or, for Kokoro, a mix such as {@code af_bella(2)+af_sky(1)}
     */
    public SpeechOptions withVoice(String value) {
        return new SpeechOptions(
                value, speed, language, volume, wordTimes, normalization, reading, whole);
    }

    /**
     * {@return the same at another speed}
     *
     * @param value 0.25 to 4
     * @throws EngineException of category BAD_REQUEST outside of this range
     */
    public SpeechOptions withSpeed(double value) {
        return new SpeechOptions(
                voice, value, language, volume, wordTimes, normalization, reading, whole);
    }

    /**
     * {@return the same in another language}
     *
     * @param value overrides the voice's own, as {@code en-us}; null for the voice's own
     */
    public SpeechOptions withLanguage(@Nullable String value) {
        return new SpeechOptions(
                voice, speed, value, volume, wordTimes, normalization, reading, whole);
    }

    /**
     * {@return the same at another volume}
     *
     * @param value factor on every sample, above 0 and at most 10
     * @throws EngineException of category BAD_REQUEST outside of this range
     */
    public SpeechOptions withVolume(double value) {
        return new SpeechOptions(
                voice, speed, language, value, wordTimes, normalization, reading, whole);
    }

    /**
     * {@return the same with or without the times of words}
     *
     * @param value whether the chunks carry them
     */
    public SpeechOptions withWordTimes(boolean value) {
        return new SpeechOptions(
                voice, speed, language, volume, value, normalization, reading, whole);
    }

    /**
     * {@return the same with other notation written out}
     *
     * @param value how numbers, addresses and the like are written out
     */
    public SpeechOptions withNormalization(Normalization value) {
        return new SpeechOptions(voice, speed, language, volume, wordTimes, value, reading, whole);
    }

    /**
     * {@return the same, of a text that is read in another way}
     *
     * @param value its markup, voices and pronunciations
     */
    public SpeechOptions withReading(Reading value) {
        return new SpeechOptions(
                voice, speed, language, volume, wordTimes, normalization, value, whole);
    }

    /**
     * {@return the same, heard early or whole}
     *
     * @param value whether nothing is heard before all is there
     */
    public SpeechOptions withWhole(boolean value) {
        return new SpeechOptions(
                voice, speed, language, volume, wordTimes, normalization, reading, value);
    }

    /**
     * {@return the same for a part of the text that says how it is spoken} Speed and volume stay
     * within their ranges.
     *
     * @param manner what the text says
     */
    public SpeechOptions in(Manner manner) {
        if (manner.equals(Manner.NORMAL)) {
            return this;
        }
        String named = voice;
        double rate = manner.rate();
        if (!manner.voice().isEmpty()) {
            VoiceStyle style = reading.voices().get(manner.voice().toLowerCase(Locale.ROOT));
            named = style == null ? manner.voice() : style.voice();
            rate = style == null ? rate : rate * style.rate();
        }
        return new SpeechOptions(
                named,
                Math.clamp(speed * rate, MIN_SPEED, MAX_SPEED),
                language,
                Math.clamp(volume * manner.volume(), SILENT, MAX_VOLUME),
                wordTimes,
                normalization,
                reading,
                whole);
    }
}
