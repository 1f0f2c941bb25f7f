package dev.parlo.server.captions;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.engine.Segment;
import dev.parlo.engine.Word;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.listening.Turn;
import dev.parlo.server.listening.TurnListener;
import dev.parlo.server.listening.TurnTranscript;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parlo's own messages. Seconds count from the start of the stream. */
final class ParloCaptions implements CaptionEvents {
    private record Ready(String type, String model, int sampleRate, int channels) {}

    private record Speech(String type, long turn, double seconds) {}

    /**
     * @param stable what later ones will not change
     * @param text all of it
     */
    private record Partial(String type, long turn, double start, String text, String stable) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Piece(double start, double end, String text, @Nullable List<SpokenWord> words) {}

    private record SpokenWord(String word, double start, double end, double probability) {}

    private record Whole(
            String type,
            long turn,
            double start,
            double end,
            String text,
            String language,
            List<Piece> segments) {}

    private record Done(String type, double duration) {}

    @Override
    public Object ready(String model, CaptionQuery query) {
        return new Ready("ready", model, query.rate(), query.channels());
    }

    @Override
    public Object started(Turn turn) {
        return new Speech("speech_started", turn.number(), turn.startMs() / 1000.0);
    }

    @Override
    public Object stopped(Turn turn) {
        return new Speech("speech_stopped", turn.number(), turn.endMs() / 1000.0);
    }

    @Override
    public Object partial(Turn turn, TurnListener.Partial text) {
        return new Partial(
                "partial",
                turn.number(),
                turn.startMs() / 1000.0,
                text.stable() + text.unstable(),
                text.stable());
    }

    @Override
    public Object completed(Turn turn, TurnTranscript transcript) {
        return new Whole(
                "final",
                turn.number(),
                turn.startMs() / 1000.0,
                turn.endMs() / 1000.0,
                transcript.text().strip(),
                transcript.language(),
                transcript.segments().stream().map(ParloCaptions::piece).toList());
    }

    private static Piece piece(Segment segment) {
        List<Word> words = segment.words();
        return new Piece(
                rounded(segment.start()),
                rounded(segment.end()),
                segment.text().strip(),
                words == null
                        ? null
                        : words.stream()
                                .map(word ->
                                        new SpokenWord(
                                                word.text(),
                                                rounded(word.start()),
                                                rounded(word.end()),
                                                rounded(word.probability())))
                                .toList());
    }

    @Override
    public Object failed(ApiError error) {
        return Map.of("type", "error", "error", error.error());
    }

    @Override
    public Object done(double seconds) {
        return new Done("done", rounded(seconds));
    }

    /** Milliseconds are all that can be told. */
    static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
