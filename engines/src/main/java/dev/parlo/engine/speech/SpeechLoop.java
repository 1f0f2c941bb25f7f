package dev.parlo.engine.speech;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechMark;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.text.Manner;
import dev.parlo.engine.text.MappedText;
import dev.parlo.engine.text.Script;
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
        this.pipeline = new ChunkPipeline(executor, admission.steps());
        this.sampleRate = sampleRate;
    }

    /**
     * Speaks a plan.
     *
     * @param script what the pieces of the plan point into, for the words and the marks
     * @param ticket the request's place; its cancellation stops the speech
     * @throws EngineException of category BAD_REQUEST when the plan holds nothing that sounds
     */
    public SpeechSummary speak(
            Script script,
            Iterator<TextPiece> plan,
            Synthesizer synthesizer,
            SpeechSink sink,
            Ticket ticket) {
        long start = System.nanoTime();
        Producer producer = new Producer(script, plan, synthesizer, ticket);
        EngineException.@Nullable Category failure = EngineException.Category.INTERNAL;
        try {
            pipeline.run(producer, sink, ticket.cancellation());
            if (producer.samples == 0) {
                throw new EngineException(
                        EngineException.Category.BAD_REQUEST,
                        "There is nothing in the input that can be spoken: send at least one letter,"
                                + " digit or [pause:1s].");
            }
            failure = null;
        } catch (EngineException known) {
            failure = known.category();
            throw known;
        } finally {
            double seconds = failure == null ? (double) producer.samples / sampleRate : 0;
            ticket.observer().finished(failure, seconds, since(start));
        }
        return new SpeechSummary(producer.samples, sampleRate, producer.tokens, producer.chunks);
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /**
     * A run of a piece and the part of the source that it speaks, as far as that is known without
     * times of words.
     */
    private record Part(SynthesisRun run, int from, int to) {}

    /** The chunks of one request. Used by one thread at a time. */
    private final class Producer implements ChunkPipeline.Producer {
        private final String source;
        private final Iterator<TextPiece> plan;
        private final Synthesizer synthesizer;
        private final Ticket ticket;
        private final MarkTimes marks;
        private final Deque<Part> parts = new ArrayDeque<>();
        private long silence;
        private long samples;
        private int tokens;
        private int chunks;

        Producer(Script script, Iterator<TextPiece> plan, Synthesizer synthesizer, Ticket ticket) {
            this.source = script.source();
            this.marks = new MarkTimes(script.marks());
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
                    return new SpeechChunk(new float[count], List.of(), List.of(), marks.reached());
                }
                Part part = parts.poll();
                if (part != null) {
                    SpeechChunk chunk = chunk(part, ticket.compute(() -> made(part.run())));
                    if (chunk.samples().length > 0) {
                        return chunk;
                    }
                } else if (!plan.hasNext()) {
                    return last();
                } else {
                    switch (plan.next()) {
                        case TextPiece.Pause(double seconds) -> {
                            marks.silence(seconds());
                            silence = Math.round(seconds * sampleRate);
                        }
                        case TextPiece.Say(MappedText text, Manner manner) ->
                                plan(text, synthesizer.runs(text, manner));
                    }
                }
            }
        }

        private void plan(MappedText text, List<SynthesisRun> runs) {
            int from = text.length() == 0 ? 0 : text.sourceStart(0);
            int length = text.length() == 0 ? 0 : text.sourceEnd(text.length() - 1) - from;
            int count = runs.size();
            for (int i = 0; i < count; i++) {
                parts.add(
                        new Part(
                                runs.get(i),
                                from + (int) ((long) length * i / count),
                                from + (int) ((long) length * (i + 1) / count)));
            }
        }

        private double seconds() {
            return (double) samples / sampleRate;
        }

        /** The marks behind the last word; null when all is said. */
        private @Nullable SpeechChunk last() {
            marks.end(seconds());
            List<SpeechMark> left = marks.reached();
            return left.isEmpty() || samples == 0
                    ? null
                    : new SpeechChunk(new float[0], List.of(), List.of(), left);
        }

        private SynthesisResult made(SynthesisRun run) {
            long start = System.nanoTime();
            SynthesisResult made =
                    admission.steps().run("synthesis", ticket.cancellation(), run::synthesize);
            double seconds = (double) made.samples().length / sampleRate;
            ticket.observer().chunk(seconds, since(start));
            return made;
        }

        private SpeechChunk chunk(Part part, SynthesisResult made) {
            double offset = seconds();
            List<SourceWords.TimedRange> pieces =
                    made.pieces().stream().map(piece -> piece.later(offset)).toList();
            samples += made.samples().length;
            tokens += made.tokens();
            chunks++;
            if (pieces.isEmpty()) {
                marks.spoken(part.from(), part.to(), offset, seconds());
            } else {
                pieces.forEach(piece ->
                        marks.spoken(
                                piece.start(),
                                piece.end(),
                                piece.startSeconds(),
                                piece.endSeconds()));
            }
            return new SpeechChunk(
                    made.samples(),
                    SourceWords.of(source, pieces),
                    SourceWords.said(source, pieces),
                    marks.reached());
        }
    }

    /** Waits for the chunks in the making. */
    @Override
    public void close() {
        executor.close();
    }
}
