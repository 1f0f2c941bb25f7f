package dev.parlo.engine.whisper.words;

import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.tokenizer.Vocabulary;
import dev.parlo.engine.whisper.tokenizer.WordSplitter;
import dev.parlo.engine.whisper.window.EncodedWindow;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the words of a text and when each was said, by feeding the text to the decoder and looking
 * where its alignment heads listen. Thread-safe.
 */
public final class WordAligner {
    /** Encoder positions a second. */
    private static final double POSITIONS_PER_SECOND = 50;

    private final WordSplitter splitter;
    private final int endOfText;
    private final int noTimestamps;

    public WordAligner(WordSplitter splitter, Vocabulary vocabulary) {
        this.splitter = splitter;
        endOfText = vocabulary.endOfText();
        noTimestamps = vocabulary.noTimestamps();
    }

    /**
     * When tokens begin and how likely they are.
     *
     * @param starts encoder positions of 20 ms: one for each token and one for the end of the text;
     *     empty where there is no audio
     * @param probabilities one for each token, among text tokens
     */
    public record TokenTimes(int[] starts, double[] probabilities) {}

    /**
     * Aligns tokens.
     *
     * @param audio of the window
     * @param startSequence start of transcript, with language and task
     * @param text ids below end of text
     * @param frames mel frames of the window that hold audio
     */
    public TokenTimes tokenTimes(EncodedWindow audio, int[] startSequence, int[] text, int frames) {
        int start = startSequence.length;
        int[] input = new int[start + text.length + 2];
        System.arraycopy(startSequence, 0, input, 0, start);
        input[start] = noTimestamps;
        System.arraycopy(text, 0, input, start + 1, text.length);
        input[input.length - 1] = endOfText;
        Alignment alignment =
                audio.align(new AlignmentTask(input, start + 1, text.length, endOfText));
        double[] probabilities = new double[text.length];
        for (int i = 0; i < text.length; i++) {
            probabilities[i] = Math.exp(alignment.logProbabilities()[i]);
        }
        int[] starts =
                AttentionAlignment.starts(
                        alignment, input.length, start, text.length + 1, frames / 2);
        return new TokenTimes(starts, probabilities);
    }

    /** Words with times in seconds from the start of the window; none where there is no audio. */
    List<TimedWord> words(
            EncodedWindow audio, int[] startSequence, int[] text, int frames, String language) {
        if (text.length == 0) {
            return List.of();
        }
        TokenTimes times = tokenTimes(audio, startSequence, text, frames);
        List<TimedWord> words = new ArrayList<>();
        if (times.starts().length == 0) {
            return words;
        }
        int at = 0;
        for (WordSplitter.SplitWord piece : splitter.split(text, language)) {
            int next = at + piece.tokens().length;
            double probability = 0;
            for (int i = at; i < next; i++) {
                probability += times.probabilities()[i] / piece.tokens().length;
            }
            words.add(
                    new TimedWord(
                            piece.text(),
                            piece.tokens().length,
                            times.starts()[at] / POSITIONS_PER_SECOND,
                            times.starts()[next] / POSITIONS_PER_SECOND,
                            probability));
            at = next;
        }
        return words;
    }
}
