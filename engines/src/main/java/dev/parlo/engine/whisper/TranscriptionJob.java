package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.Transcript;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * One request on its way between the thread that asked and the worker that computes. Segments go
 * through a short queue, so a slow receiver slows the worker down instead of filling the memory.
 */
final class TranscriptionJob implements Runnable {
    private static final int CAPACITY = 16;
    private static final long POLL_MILLIS = 50;

    private final Function<SegmentSink, Transcript> work;
    private final Cancellation cancellation;
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(CAPACITY);

    /** What the worker tells the asking thread. */
    private sealed interface Event {
        record Found(Segment segment) implements Event {}

        record Progress(double audioSeconds) implements Event {}

        record Done(Transcript transcript) implements Event {}

        record Failed(Throwable cause) implements Event {}
    }

    /**
     * @param work runs on the worker and hands its segments to the sink it is given
     */
    TranscriptionJob(Function<SegmentSink, Transcript> work, Cancellation cancellation) {
        this.work = work;
        this.cancellation = cancellation;
    }

    void cancel() {
        cancellation.cancel();
    }

    /** On the worker. */
    @Override
    public void run() {
        try {
            cancellation.check();
            Transcript transcript =
                    work.apply(
                            new SegmentSink() {
                                @Override
                                public void accept(Segment segment) {
                                    tell(new Event.Found(segment));
                                }

                                @Override
                                public void progress(double audioSeconds) {
                                    tell(new Event.Progress(audioSeconds));
                                }
                            });
            tell(new Event.Done(transcript));
        } catch (Throwable e) { // whatever it is, the asking thread must not wait for ever
            events.clear();
            events.add(new Event.Failed(e));
        }
    }

    /**
     * On the thread that asked: hands segments on until the work is over.
     *
     * @param removeFromQueue takes the job out of the queue, false once a worker has it
     */
    Transcript await(SegmentSink sink, BooleanSupplier removeFromQueue) {
        try {
            while (true) {
                Event event = events.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                switch (event) {
                    case null -> {
                        if (cancellation.isCancelled() && removeFromQueue.getAsBoolean()) {
                            cancellation.check();
                        }
                    }
                    case Event.Found(Segment segment) -> sink.accept(segment);
                    case Event.Progress(double seconds) -> sink.progress(seconds);
                    case Event.Done(Transcript transcript) -> {
                        return transcript;
                    }
                    case Event.Failed(Throwable cause) -> throw rethrown(cause);
                }
            }
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
            throw new EngineException(
                    EngineException.Category.CANCELLED, "The waiting thread was interrupted.", e);
        } catch (RuntimeException | Error e) {
            cancel(); // the receiver failed: nobody wants the rest
            throw e;
        }
    }

    private void tell(Event event) {
        try {
            while (!events.offer(event, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                cancellation.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(
                    EngineException.Category.CANCELLED, "The engine is being closed.", e);
        }
    }

    private static RuntimeException rethrown(Throwable cause) {
        return switch (cause) {
            case EngineException known ->
                    new EngineException(
                            known.category(), String.valueOf(known.getMessage()), known);
            case OutOfMemoryError memory ->
                    new EngineException(
                            EngineException.Category.NO_SPACE,
                            "Not enough memory for this request.",
                            memory);
            default ->
                    new EngineException(
                            EngineException.Category.INTERNAL,
                            "The transcription failed: " + cause,
                            cause);
        };
    }
}
