package dev.parlo.engine.whisper;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Segment.TokenLogProbability;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.whisper.decode.TemperatureFallback.Attempt;
import dev.parlo.engine.whisper.tokenizer.WhisperTokenizer;
import dev.parlo.engine.whisper.words.TimedSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Hands the segments of a window on, numbered from 1, and leaves out empty ones. */
final class SegmentEmitter {
    private final WhisperTokenizer tokenizer;
    private final TranscribeOptions options;
    private final SegmentSink sink;
    private final TokenHistory history;
    private final int endOfText;
    private int emitted;

    SegmentEmitter(
            WhisperTokenizer tokenizer,
            TranscribeOptions options,
            SegmentSink sink,
            TokenHistory history) {
        this.tokenizer = tokenizer;
        this.options = options;
        this.sink = sink;
        this.history = history;
        endOfText = tokenizer.vocabulary().endOfText();
    }

    /**
     * @param heard seconds up to which there was audio in the window
     */
    void emit(List<TimedSpan> spans, int seek, double heard, Attempt attempt) {
        for (TimedSpan span : spans) {
            int[] tokens = Arrays.copyOfRange(attempt.window().tokens(), span.from(), span.to());
            String text = tokenizer.decode(tokens);
            if (span.start() == span.end() || text.isBlank()) {
                continue;
            }
            history.add(tokens);
            emitted++;
            sink.accept(
                    new Segment(
                                    emitted,
                                    seek,
                                    span.start(),
                                    span.end(),
                                    text,
                                    tokens,
                                    attempt.window().averageLogProbability(),
                                    attempt.compressionRatio(),
                                    attempt.window().noSpeechProbability(),
                                    attempt.temperature(),
                                    options.wordTimestamps() ? span.words() : null,
                                    options.tokenLogProbabilities()
                                            ? logProbabilities(span, attempt)
                                            : null)
                            .within(heard));
        }
    }

    private List<TokenLogProbability> logProbabilities(TimedSpan span, Attempt attempt) {
        List<TokenLogProbability> all = new ArrayList<>();
        for (int i = span.from(); i < span.to(); i++) {
            int token = attempt.window().tokens()[i];
            if (token < endOfText) {
                all.add(
                        new TokenLogProbability(
                                tokenizer.decode(new int[] {token}),
                                attempt.window().logProbabilities()[i],
                                tokenizer.bytes(token)));
            }
        }
        return all;
    }
}
