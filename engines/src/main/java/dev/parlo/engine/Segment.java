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
 * @param speaker who says it, such as {@code SPEAKER_00}; null where that is not known
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
        @Nullable List<TokenLogProbability> tokenLogProbabilities,
        @Nullable String speaker) {

    /**
     * A segment whose speaker is not known.
     *
     * @param id from 1
     * @param seek first mel frame (10 ms) of the window it was decoded from
     * @param start seconds
     * @param end seconds
     * @param text with its leading space
     * @param tokens token ids, timestamp tokens included
     * @param averageLogProbability mean log-probability per token
     * @param compressionRatio UTF-8 bytes of the window's text over their zlib size
     * @param noSpeechProbability 0 to 1
     * @param temperature that the window was accepted at
     * @param words null unless asked for
     * @param tokenLogProbabilities null unless asked for
     */
    public Segment(
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
        this(
                id,
                seek,
                start,
                end,
                text,
                tokens,
                averageLogProbability,
                compressionRatio,
                noSpeechProbability,
                temperature,
                words,
                tokenLogProbabilities,
                null);
    }

    /**
     * {@return the same with no time, of a word either, beyond a limit} A model's timestamps know
     * nothing of where the audio that it heard ends.
     *
     * @param limit seconds from the start of the audio
     */
    public Segment within(double limit) {
        double latest = Math.min(end, limit);
        double earliest = Math.min(start, latest);
        List<Word> bounded = words;
        if (words != null) {
            bounded = words.stream().map(word -> word.within(limit)).toList();
        }
        return withTimes(seek, earliest, latest, bounded);
    }

    /**
     * {@return the same, with its words, at a later time}
     *
     * @param seconds by how much
     */
    public Segment later(double seconds) {
        List<Word> moved = words;
        if (words != null) {
            moved =
                    words.stream()
                            .map(word ->
                                    word.withTimes(word.start() + seconds, word.end() + seconds))
                            .toList();
        }
        return withTimes(seek, start + seconds, end + seconds, moved);
    }

    /**
     * {@return the same at other times}
     *
     * @param seek mel frame (10 ms)
     * @param start seconds
     * @param end seconds
     * @param words at their times; null unless they were asked for
     */
    public Segment withTimes(int seek, double start, double end, @Nullable List<Word> words) {
        return with(id, seek, start, end, text, words, speaker);
    }

    /**
     * {@return the same under another number}
     *
     * @param number from 1
     */
    public Segment withId(int number) {
        return with(number, seek, start, end, text, words, speaker);
    }

    /**
     * {@return the same with another text}
     *
     * @param said with its leading space
     */
    public Segment withText(String said) {
        return with(id, seek, start, end, said, words, speaker);
    }

    /**
     * {@return the same, said by somebody}
     *
     * @param speaker null where that is not known
     * @param words with their speakers; null unless they were asked for
     */
    public Segment withSpeaker(@Nullable String speaker, @Nullable List<Word> words) {
        return with(id, seek, start, end, text, words, speaker);
    }

    private Segment with(
            int id,
            int seek,
            double start,
            double end,
            String text,
            @Nullable List<Word> words,
            @Nullable String speaker) {
        return new Segment(
                id,
                seek,
                start,
                end,
                text,
                tokens,
                averageLogProbability,
                compressionRatio,
                noSpeechProbability,
                temperature,
                words,
                tokenLogProbabilities,
                speaker);
    }

    /**
     * A text token's log-probability.
     *
     * @param token as text; an incomplete UTF-8 character shows as U+FFFD
     * @param logProbability natural logarithm, at most 0
     * @param bytes the token's own bytes
     */
    public record TokenLogProbability(String token, double logProbability, byte[] bytes) {}
}
