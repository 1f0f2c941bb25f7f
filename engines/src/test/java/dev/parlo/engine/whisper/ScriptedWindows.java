package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptionsBuilder;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Tickets;
import dev.parlo.engine.whisper.mel.ArrayAudio;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A transcriber over a network that says what it was told to, window by window. */
abstract class ScriptedWindows {
    @TempDir private static Path cache;
    static ModelTokens tokens;
    final List<Segment> segments = new ArrayList<>();
    final List<Double> progress = new ArrayList<>();
    ScriptedArena arena;

    @BeforeAll
    static void load() {
        tokens = ScriptedArena.tokens(cache);
    }

    @AfterAll
    static void close() {
        tokens.tokenizer().close();
    }

    @BeforeEach
    void script() {
        arena = new ScriptedArena(tokens);
    }

    Transcript run(double seconds, TranscribeOptionsBuilder options) {
        return new SequentialTranscriber(tokens, arena.runtime(), EngineObserver.NONE)
                .transcribe(
                        audio(seconds),
                        options.build(),
                        Tickets.alone(),
                        sink(),
                        new Cancellation());
    }

    /** Keeps what the transcriber tells. */
    final SegmentSink sink() {
        return new SegmentSink() {
            @Override
            public void accept(Segment segment) {
                segments.add(segment);
            }

            @Override
            public void progress(double audioSeconds) {
                progress.add(audioSeconds);
            }
        };
    }

    static ArrayAudio audio(double seconds) {
        float[] samples = new float[(int) Math.round(16_000 * seconds)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) Math.sin(i * 0.05) * 0.3f;
        }
        return new ArrayAudio(samples, 4000);
    }

    static TranscribeOptionsBuilder options() {
        return TranscribeOptions.builder().beamSize(2).bestOf(2);
    }

    List<String> texts() {
        return segments.stream().map(Segment::text).toList();
    }

    static String ts(double seconds) {
        return String.format(Locale.ROOT, "<|%.2f|>", seconds);
    }

    static int vocabulary(String token) {
        return switch (token) {
            case "<|startofprev|>" -> tokens.tokenizer().vocabulary().startOfPrevious();
            case "<|startoftranscript|>" -> tokens.tokenizer().vocabulary().startOfTranscript();
            default -> tokens.tokenizer().vocabulary().noTimestamps();
        };
    }

    /** Tokens of texts and of timestamps written by {@link #ts}. */
    static int[] said(String... parts) {
        return Arrays.stream(parts)
                .flatMapToInt(part -> {
                    if (!part.startsWith("<|")) {
                        return IntStream.of(tokens.tokenizer().encode(part));
                    }
                    double seconds = Double.parseDouble(part.replaceAll("[<|>]", ""));
                    return IntStream.of(
                            tokens.tokenizer().vocabulary().timestampBegin()
                                    + (int) Math.round(seconds * 50));
                })
                .toArray();
    }
}
