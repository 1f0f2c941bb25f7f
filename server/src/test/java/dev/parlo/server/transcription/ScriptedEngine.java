package dev.parlo.server.transcription;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.Word;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An engine that says what a test tells it to, and remembers what it was asked. */
public final class ScriptedEngine implements SpeechToText {
    /** What {@code transcribe} does; runs on the request's thread. */
    public interface Script {
        Transcript run(TranscribeOptions options, SegmentSink sink, Cancellation cancellation);
    }

    public static final Script HELLO =
            (options, sink, cancellation) -> {
                segments(options).forEach(sink::accept);
                return new Transcript("en", 1, 2.5, Map.of());
            };

    public final AtomicReference<Script> script = new AtomicReference<>(HELLO);
    public final AtomicReference<@Nullable TranscribeOptions> asked = new AtomicReference<>();

    /** The audio of every request. */
    public final List<AudioSource> heard = new CopyOnWriteArrayList<>();

    public final AtomicBoolean multilingual = new AtomicBoolean();
    public final AtomicBoolean closed = new AtomicBoolean();
    private final Admission admission = new Admission(1, 100);

    /** Two segments, "Hello world." and "Good bye.", with words and tokens where asked for. */
    public static List<Segment> segments(TranscribeOptions options) {
        return List.of(
                segment(
                        options,
                        1,
                        0.1,
                        1.2004,
                        " Hello world.",
                        new Word(0.1, 0.6, " Hello", 0.9),
                        new Word(0.6, 1.2004, " world.", 0.8)),
                segment(
                        options,
                        2,
                        1.5,
                        2.5,
                        " Good bye.",
                        new Word(1.5, 2.0, " Good", 0.9),
                        new Word(2.0, 2.5, " bye.", 0.9)));
    }

    private static Segment segment(
            TranscribeOptions options,
            int id,
            double start,
            double end,
            String text,
            Word... words) {
        return new Segment(
                id,
                0,
                start,
                end,
                text,
                new int[] {1, 2},
                -0.25,
                1.1,
                0.01,
                0.0,
                options.wordTimestamps() ? List.of(words) : null,
                options.tokenLogProbabilities()
                        ? List.of(
                                new Segment.TokenLogProbability(
                                        text, -0.5, new byte[] {' ', (byte) 0xc3}))
                        : null);
    }

    /** Raises {@code started}, then works until it is cancelled. */
    public static Script untilCancelled(CountDownLatch started, CountDownLatch cancelled) {
        return (options, sink, cancellation) -> {
            CountDownLatch raised = new CountDownLatch(1);
            try (Cancellation.Registration stop = cancellation.onCancel(raised::countDown)) {
                started.countDown();
                raised.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            cancelled.countDown();
            throw new EngineException(EngineException.Category.CANCELLED, "cancelled");
        };
    }

    @Override
    public Transcript transcribe(
            AudioSource audio, TranscribeOptions options, SegmentSink sink, Ticket ticket) {
        asked.set(options);
        heard.add(audio);
        return script.get().run(options, sink, ticket.cancellation());
    }

    @Override
    public Admission admission() {
        return admission;
    }

    @Override
    public List<String> languages() {
        return multilingual.get() ? List.of("en", "de", "no", "zh", "jw") : List.of("en");
    }

    @Override
    public boolean multilingual() {
        return multilingual.get();
    }

    @Override
    public long nativeBytes() {
        return 0;
    }

    @Override
    public EngineFacts facts() {
        return new EngineFacts(Placement.Cpu.threads(1), ComputeType.FLOAT32, "scripted", 0);
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
