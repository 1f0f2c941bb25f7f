package dev.parlo.engine.worker;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.log.CallersLog;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.Waiting;
import dev.parlo.engine.worker.SegmentSpool.Event;
import java.time.Duration;

/** One request between the worker that computes it and the thread that asked for it. */
final class TranscriptionRun implements Runnable {
    private final TranscriptionWorkers.Work work;
    private final SegmentSpool spool;
    private final EngineObserver observer;
    private final Cancellation cancellation;
    private final Runnable logged;
    private final long startNanos = System.nanoTime();

    TranscriptionRun(
            TranscriptionWorkers.Work work,
            SegmentSpool spool,
            EngineObserver observer,
            Cancellation cancellation) {
        this.work = work;
        this.spool = spool;
        this.observer = observer;
        this.cancellation = cancellation;
        this.logged = CallersLog.carried(this::transcribe);
    }

    /** On the worker. */
    @Override
    public void run() {
        Waiting.run(this::leave, logged);
    }

    private void transcribe() {
        Event end;
        try {
            cancellation.check();
            end = new Event.Done(work.transcribe(new Spooling(), cancellation));
        } catch (Throwable failure) { // whatever it is, the asking thread must not wait for ever
            end = new Event.Failed(failure);
        }
        try {
            tell(end);
        } finally {
            spool.end(end);
        }
    }

    /** Instead of {@link #run}: the request has left before a worker began. */
    void abandon() {
        spool.end(
                new Event.Failed(
                        new EngineException(Category.CANCELLED, "The request was cancelled.")));
    }

    /**
     * The one who asked waits no longer, though the worker has not ended: it is in native code that
     * does not return. Should it do so, it finds itself cancelled.
     */
    void leave() {
        spool.end(new Event.Failed(NativeSteps.failure()));
        cancellation.cancel();
    }

    private void tell(Event end) {
        Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
        if (end instanceof Event.Done(Transcript transcript)) {
            observer.finished(null, transcript.durationSeconds(), took);
        } else if (end instanceof Event.Failed(Throwable cause)) {
            observer.finished(WorkFailure.category(cause), 0, took);
        }
    }

    /** On the worker. */
    private final class Spooling implements SegmentSink {
        @Override
        public void accept(Segment segment) {
            observer.segment(segment);
            spool.add(segment);
        }

        @Override
        public void progress(double audioSeconds) {
            spool.progress(audioSeconds);
        }
    }

    /**
     * On the thread that asked: hands on what the worker finds, until it is over. The worker has
     * ended when this returns, however it returns, {@link #leave} excepted.
     *
     * @param asked raised by the one who asked: what was found before and not handed on yet is not
     *     wanted any more, even where the worker has ended already
     */
    Transcript deliver(SegmentSink sink, Cancellation asked) {
        boolean over = false;
        try {
            while (true) {
                Event event = spool.next();
                asked.check();
                switch (event) {
                    case Event.Found(Segment segment) -> sink.accept(segment);
                    case Event.Progress(double seconds) -> sink.progress(seconds);
                    case Event.Done(Transcript transcript) -> {
                        over = true;
                        return transcript;
                    }
                    case Event.Failed(Throwable cause) -> {
                        over = true;
                        throw WorkFailure.of("The transcription", cause);
                    }
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EngineException(
                    Category.CANCELLED, "The waiting thread was interrupted.", interrupted);
        } finally {
            if (!over) { // the receiver failed or was interrupted: the rest is not needed
                cancellation.cancel();
                spool.awaitEnd();
            }
        }
    }
}
