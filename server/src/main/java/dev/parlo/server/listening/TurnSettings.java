package dev.parlo.server.listening;

import dev.parlo.engine.TranscribeOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a stream of audio is heard.
 *
 * @param model an installed model's id or alias, as {@link TurnRecognition#choose} answers it
 * @param options of the transcripts; language, prompt and the like
 * @param detection null where turns are ended by {@link TurnRecognizer#commit} alone
 * @param partials whether words are told while the turn goes on
 * @param longest turn; a longer one is told in parts
 */
public record TurnSettings(
        String model,
        TranscribeOptions options,
        @Nullable Detection detection,
        boolean partials,
        Duration longest) {
    /** Longest turn where nothing else is set. */
    public static final Duration LONGEST = Duration.ofMinutes(5);

    /**
     * How turns are found by the voice.
     *
     * @param threshold a window of 32 ms is speech from this probability on, 0 to 1
     * @param prefixPaddingMs audio before the voice that belongs to the turn
     * @param silenceMs how long nobody speaks at its end
     * @param sentenceMs of silence that are enough where what was said is a whole sentence; -1
     *     where that does not matter
     */
    public record Detection(double threshold, int prefixPaddingMs, int silenceMs, int sentenceMs) {
        /** By silence alone. */
        public Detection(double threshold, int prefixPaddingMs, int silenceMs) {
            this(threshold, prefixPaddingMs, silenceMs, -1);
        }
    }
}
