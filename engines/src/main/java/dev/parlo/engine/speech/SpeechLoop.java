package dev.parlo.engine.speech;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.text.Manner;
import dev.parlo.engine.text.MappedText;
import dev.parlo.engine.text.SourceWords;
import dev.parlo.engine.text.TextPiece;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Speaks what a plan holds, chunk by chunk and one chunk ahead of the sink, in turn with the other
 * requests of the same engine. Thread-safe; it must be closed.
 */
public final class SpeechLoop implements AutoCloseable {
    private final Admission admission;
    private final ExecutorService executor;
    private final ChunkPipeline pipeline;
    private final int sampleRate;

    /**
     * What one run has made of its text.
     *
     * @param samples within [-1, 1]
     * @param pieces the times of its words, counted from the start of these samples
     * @param tokens what went into the model
     */
    public record SynthesisResult(
            float[] samples, List<SourceWords.TimedRange> pieces, int tokens) {
        public SynthesisResult {
            pieces = List.copyOf(pieces);
        }
    }

    /** Makes speech of a piece of text, in one or more runs; each result takes its own turn. */
    public interface Synthesizer {
        /** The runs that a piece needs, none of them started. */
        List<SynthesisRun> runs(MappedText text, Manner manner);
    }

    /** One run of a model; it stops early when it is told so. */
    public interface SynthesisRun {
        SynthesisResult synthesize(Cancellation cancellation);
    }

    /**
     * @param name of its threads
     * @param admission the queue before the engine: each chunk takes a turn in it
     */
    public SpeechLoop(String name, Admission admission, int sampleRate) {
        this.admission = admission;
        this.executor =
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().name(name + "-", 0).daemon(true).factory());
        this.pipeline = new ChunkPipeline(executor);
        this.sampleRate = sampleRate;
    }

    /**
     * Speaks a plan.
     *
     * @param source the text that the pieces of the plan point into, for the words
     * @param ticket the request's place; its cancellation stops the speech
     * @throws EngineException of category BAD_REQUEST when the plan holds nothing that sounds
     */
    public SpeechSummary speak(
            String source,
            Iterator<TextPiece> plan,
            Synthesizer synthesizer,
            SpeechSink sink,
            Ticket ticket) {
        long start = System.nanoTime();
        Producer producer = new Producer(source, plan, synthesizer, ticket);
        EngineException.@Nullable Category failure = EngineException.Category.INTERNAL;
        try {
            pipeline.run(producer, sink, ticket.cancellation());
            if (producer.samples == 0) {
                throw new EngineException(
                        EngineException.Category.BAD_REQUEST,
                        "There is nothing in the input that can be spoken.");
            }
            failure = null;
        } catch (EngineException known) {
            failure = known.category();
            throw known;
        } finally {
            double seconds = failure == null ? (double) producer.samples / sampleRate : 0;
            admission.observer().finished(failure, seconds, since(start));
        }
        return new SpeechSummary(producer.samples, sampleRate, producer.tokens, producer.chunks);
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** The chunks of one request. Used by one thread at a time. */
    private final class Producer implements ChunkPipeline.Producer {
        private final String source;
        private final Iterator<TextPiece> plan;
        private final Synthesizer synthesizer;
        private final Ticket ticket;
        private final Deque<SynthesisRun> runs = new ArrayDeque<>();
        private long silence;
        private long samples;
        private int tokens;
        private int chunks;

        Producer(String source, Iterator<TextPiece> plan, Synthesizer synthesizer, Ticket ticket) {
            this.source = source;
            this.plan = plan;
            this.synthesizer = synthesizer;
            this.ticket = ticket;
        }

        @Override
        public @Nullable SpeechChunk next() {
            while (true) {
                ticket.cancellation().check();
                if (silence > 0) {
                    int count = (int) Math.min(silence, sampleRate);
                    silence -= count;
                    samples += count;
                    return new SpeechChunk(new float[count], List.of());
                }
                SynthesisRun run = runs.poll();
                if (run != null) {
                    SpeechChunk chunk = chunk(ticket.compute(() -> made(run)));
                    if (chunk.samples().length > 0) {
                        return chunk;
                    }
                } else if (!plan.hasNext()) {
                    return null;
                } else {
                    switch (plan.next()) {
                        case TextPiece.Pause(double seconds) ->
                                silence = Math.round(seconds * sampleRate);
                        case TextPiece.Say(MappedText text, Manner manner) ->
                                runs.addAll(synthesizer.runs(text, manner));
                    }
                }
            }
        }

        private SynthesisResult made(SynthesisRun run) {
            long start = System.nanoTime();
            SynthesisResult made = run.synthesize(ticket.cancellation());
            double seconds = (double) made.samples().length / sampleRate;
            admission.observer().chunk(seconds, since(start));
            return made;
        }

        private SpeechChunk chunk(SynthesisResult made) {
            double offset = (double) samples / sampleRate;
            List<SourceWords.TimedRange> pieces =
                    made.pieces().stream()
                            .map(piece ->
                                    new SourceWords.TimedRange(
                                            piece.start(),
                                            piece.end(),
                                            offset + piece.startSeconds(),
                                            offset + piece.endSeconds()))
                            .toList();
            samples += made.samples().length;
            tokens += made.tokens();
            chunks++;
            return new SpeechChunk(made.samples(), SourceWords.of(source, pieces));
        }
    }

    /** Waits for the chunks in the making. */
    @Override
    public void close() {
        executor.close();
    }
}
