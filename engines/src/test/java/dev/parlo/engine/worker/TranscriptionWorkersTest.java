package dev.parlo.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Latches;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests between the threads that ask and the one worker that computes. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TranscriptionWorkersTest {
    private static final Transcript SHORT = new Transcript("en", 1, 3, Map.of());

    @TempDir Path folder;
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Admission admission = new Admission(1, 10);
    private TranscriptionWorkers workers;

    @BeforeEach
    void open() {
        workers = workers();
    }

    private TranscriptionWorkers workers() {
        return new TranscriptionWorkers(
                Thread.ofPlatform().daemon().factory(),
                1,
                folder,
                new EngineObserver() {
                    @Override
                    public void segment(Segment segment) {
                        told.add("segment " + segment.id());
                    }

                    @Override
                    public void finished(
                            @Nullable Category failure, double audioSeconds, Duration took) {
                        told.add("finished " + failure + " " + audioSeconds);
                    }
                });
    }

    @AfterEach
    void close() {
        workers.close();
    }

    private Transcript run(
            TranscriptionWorkers.Work work, SegmentSink sink, Cancellation cancellation) {
        try (Ticket ticket = admission.enter(Priority.INTERACTIVE, cancellation)) {
            return workers.run(work, sink, ticket);
        }
    }

    private CompletableFuture<Transcript> start(
            TranscriptionWorkers.Work work, SegmentSink sink, Cancellation cancellation) {
        return CompletableFuture.supplyAsync(
                () -> run(work, sink, cancellation), Thread::startVirtualThread);
    }

    private static Transcript many(SegmentSink sink, int count) {
        for (int i = 0; i < count; i++) {
            sink.accept(SegmentSpoolTest.segment(i, "x".repeat(3000)));
        }
        return SHORT;
    }

    @Test
    void aReaderThatTakesNothingNeverHoldsTheWorker() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<Integer> read = new ArrayList<>();
        var slow =
                start(
                        (sink, cancellation) -> many(sink, 1000),
                        segment -> {
                            reading.countDown();
                            Latches.await(release);
                            read.add(segment.id());
                        },
                        new Cancellation());
        reading.await();
        List<Segment> others = new ArrayList<>();
        assertThat(run((sink, c) -> many(sink, 2), others::add, new Cancellation()))
                .isEqualTo(SHORT);
        assertThat(others).hasSize(2);
        assertThat(slow).isNotDone();
        release.countDown();
        assertThat(slow.join()).isEqualTo(SHORT);
        assertThat(read).hasSize(1000).isSorted();
    }

    @Test
    void segmentsDecidedBeforeAFailureOfEveryKindAreDelivered() {
        for (Throwable failure :
                List.of(
                        new EngineException(Category.BAD_AUDIO, "broken off"),
                        new IllegalStateException("a bug"),
                        new OutOfMemoryError("no heap"))) {
            List<Segment> found = new ArrayList<>();
            assertThatThrownBy(() ->
                            run(
                                    (sink, cancellation) -> {
                                        many(sink, 40);
                                        throw sneaky(failure);
                                    },
                                    found::add,
                                    new Cancellation()))
                    .isInstanceOf(EngineException.class)
                    .hasCause(failure);
            assertThat(found).hasSize(40);
        }
        assertThat(told)
                .contains(
                        "finished BAD_AUDIO 0.0", "finished INTERNAL 0.0", "finished NO_SPACE 0.0");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    void aReceiverThatFailsEndsTheWorkBeforeTheCallReturns() {
        CountDownLatch never = new CountDownLatch(1);
        List<String> ended = new CopyOnWriteArrayList<>();
        assertThatThrownBy(() ->
                        run(
                                (sink, cancellation) -> {
                                    many(sink, 1);
                                    try (var wake = cancellation.onCancel(never::countDown)) {
                                        Latches.await(never);
                                    }
                                    ended.add("ended");
                                    throw new EngineException(Category.CANCELLED, "cancelled");
                                },
                                segment -> {
                                    throw new IllegalStateException("gone");
                                },
                                new Cancellation()))
                .hasMessage("gone");
        assertThat(ended).containsExactly("ended");
        assertThat(admission.entered()).isZero();
        assertThat(run((sink, c) -> SHORT, segment -> {}, new Cancellation())).isEqualTo(SHORT);
    }

    @Test
    void nothingIsHandedOnAfterTheRequestIsCancelledThoughTheWorkerHasEnded() {
        CountDownLatch ended = new CountDownLatch(1);
        Cancellation cancellation = new Cancellation();
        List<Integer> read = new ArrayList<>();
        assertThatThrownBy(() ->
                        run(
                                (sink, stop) -> {
                                    try {
                                        return many(sink, 2);
                                    } finally {
                                        ended.countDown();
                                    }
                                },
                                segment -> {
                                    Latches.await(ended);
                                    read.add(segment.id());
                                    cancellation.cancel();
                                },
                                cancellation))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
        assertThat(read).containsExactly(0);
    }

    @Test
    void closingCancelsWhatRunsAndWhatWaitsAndTheCallersFlagsStayDown() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        Cancellation first = new Cancellation();
        Cancellation second = new Cancellation();
        TranscriptionWorkers.Work untilCancelled =
                (sink, cancellation) -> {
                    running.countDown();
                    CountDownLatch stop = new CountDownLatch(1);
                    try (var wake = cancellation.onCancel(stop::countDown)) {
                        Latches.await(stop);
                    }
                    cancellation.check();
                    return SHORT;
                };
        var runs = start(untilCancelled, segment -> {}, first);
        running.await();
        var waits = start(untilCancelled, segment -> {}, second);
        workers.close();
        for (var each : List.of(runs, waits)) {
            assertThatThrownBy(each::join)
                    .cause()
                    .isInstanceOf(EngineException.class)
                    .hasMessage("The model is being unloaded.");
        }
        assertThat(first.isCancelled() || second.isCancelled()).isFalse();
        assertThatThrownBy(() -> run((sink, c) -> SHORT, segment -> {}, new Cancellation()))
                .hasMessage("The model is being unloaded.");
        assertThat(admission.entered()).isZero();
    }

    @Test
    void theObserverHearsSegmentsAndTheEnd() {
        assertThat(run((sink, c) -> many(sink, 2), segment -> {}, new Cancellation()))
                .isEqualTo(SHORT);
        workers.close();
        assertThat(told).containsExactly("segment 0", "segment 1", "finished null 3.0");
    }
}
