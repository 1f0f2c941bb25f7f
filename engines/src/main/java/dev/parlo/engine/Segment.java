package dev.parlo.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A span of the transcript, as faster-whisper's {@code Segment}.
 *
 * @param id from 1
 * @param seek first mel frame (10 ms) of the window it was decoded from
 * @param start seconds
 * @param end seconds
 * @param text with its leading space
 * @param tokens token ids, timestamp tokens included
 * @param averageLogProbability mean log-probability per token (end of text counted)
 * @param compressionRatio UTF-8 bytes of the window's text over their zlib size
 * @param noSpeechProbability probability of {@code <|nospeech|>} at the window's start, 0 to 1
 * @param temperature that the window was accepted at
 * @param words null unless asked for
 * @param tokenLogProbabilities one per text token in {@code tokens}' order, null unless asked for
 */
public record Segment(
        int id,
        int seek,
        double start,
        double end,
        String text,
        int[] tokens,
        double averageLogProbability,
        double compressionRatio,
        double noSpeechProbability,
        double temperature,
        @Nullable List<Word> words,
        @Nullable List<TokenLogProbability> tokenLogProbabilities) {

    /**
     * A text token's log-probability.
     *
     * @param token as text; an incomplete UTF-8 character shows as U+FFFD
     * @param bytes the token's own bytes
     */
    public record TokenLogProbability(String token, double logProbability, byte[] bytes) {}
}
