package dev.parlo.engine.ggml;

import static dev.parlo.engine.ggml.ScriptedGgml.PLAIN;
import static dev.parlo.engine.ggml.ScriptedGgml.run;
import static dev.parlo.engine.ggml.ScriptedGgml.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Latches;
import dev.parlo.engine.Segment;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Turn;
import dev.parlo.engine.ggml.ScriptedGgml.Run;
import dev.parlo.engine.worker.GivingWay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests beside each other: waiting, refused, cancelled, interrupted, closed. */
class GgmlRequestsTest {
    @TempDir static Path folder;
    private static Path model;

    /** Seconds of audio that nobody will ever have transcribed. */
    private static final double FOR_EVER = 1e9;

    private final AtomicInteger queued = new AtomicInteger();

    @BeforeAll
    static void writeModel() throws IOException {
        model = ScriptedGgml.multilingual(folder);
    }

    @Test
    void aFileGivesWayToClips() {
        Admission admission = new Admission(1, 2);
        try (GgmlWhisperEngine engine = ScriptedGgml.open(model, admission)) {
            GivingWay.check(
                    admission.urgency(),
                    audio -> engine.transcribe(audio, PLAIN, segment -> {}, new Cancellation()));
            assertThat(admission.urgency().isFelt()).isFalse();
        }
    }

    @Test
    void aRaisedCancellationEndsTheRequestBetweenWindows() {
        try (GgmlWhisperEngine engine = ScriptedGgml.open(model)) {
            Cancellation cancellation = new Cancellation();
            List<Segment> segments = new ArrayList<>();
            assertThatThrownBy(() ->
                            engine.transcribe(
                                    silence(FOR_EVER),
                                    PLAIN,
                                    segment -> {
                                        segments.add(segment);
                                        cancellation.cancel();
                                    },
                                    cancellation))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
            assertThat(segments).hasSize(1);
            assertThat(run(engine, 2, PLAIN).segments()).hasSize(1);
        }
    }

    @Test
    void anInterruptedCallerGetsItsInterruptBack() {
        try (GgmlWhisperEngine engine = ScriptedGgml.open(model)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> run(engine, 60, PLAIN))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void moreRequestsThanMayWaitAreRefused() {
        Admission admission = admission(1, 1);
        try (GgmlWhisperEngine engine = ScriptedGgml.open(model, admission)) {
            try (Ticket other = admission.enter(Priority.BATCH, new Cancellation())) {
                assertThatThrownBy(() -> run(engine, 2, PLAIN))
                        .isInstanceOfSatisfying(
                                EngineException.class,
                                e -> assertThat(e.category()).isEqualTo(Category.OVERLOADED));
            }
            assertThat(run(engine, 2, PLAIN).segments()).hasSize(1);
        }
    }

    @Test
    void whoWaitsTakesNoMemoryYet() throws Exception {
        Admission admission = admission(1, 2);
        try (GgmlWhisperEngine engine = ScriptedGgml.open(model, admission)) {
            long alone = engine.nativeBytes();
            FutureTask<Run> waiting = new FutureTask<>(() -> run(engine, 2, PLAIN));
            try (Turn turn = admission.enter(Priority.BATCH, new Cancellation()).await()) {
                awaitTurnOf(waiting);
                assertThat(engine.nativeBytes()).isEqualTo(alone);
            }
            assertThat(waiting.get().segments()).hasSize(1);
            assertThat(engine.nativeBytes()).isEqualTo(alone);
        }
    }

    @Test
    void whoComputesTakesMemoryAndGivesWayAfterEachWindow() throws Exception {
        Admission admission = admission(1, 3);
        GgmlEngineSettings oneWindow = new GgmlEngineSettings(1, admission, 0, folder, 0);
        try (GgmlWhisperEngine engine = GgmlWhisperEngine.open(model, oneWindow)) {
            long alone = engine.nativeBytes();
            // As they are computed, each within its turn.
            List<String> windows = new CopyOnWriteArrayList<>();
            List<Long> bytes = new CopyOnWriteArrayList<>();
            List<FutureTask<Transcript>> all = new ArrayList<>();
            try (Turn turn = admission.enter(Priority.BATCH, new Cancellation()).await()) {
                for (double seconds : new double[] {30, 2}) {
                    EngineObserver observer =
                            new EngineObserver() {
                                @Override
                                public void window(Window window) {
                                    windows.add(seconds + " s");
                                    bytes.add(engine.nativeBytes());
                                }
                            };
                    FutureTask<Transcript> request =
                            new FutureTask<>(() -> german(engine, admission, seconds, observer));
                    awaitTurnOf(request);
                    all.add(request);
                }
            }
            for (FutureTask<Transcript> each : all) {
                each.get();
            }
            assertThat(windows).startsWith("30.0 s", "2.0 s", "30.0 s");
            assertThat(bytes).allMatch(now -> now > alone + 1_000_000);
        }
    }

    /** Of which the language is given, so that a request has turns for its windows only. */
    private static Transcript german(
            GgmlWhisperEngine engine,
            Admission admission,
            double seconds,
            EngineObserver observer) {
        try (Ticket ticket = admission.enter(Priority.INTERACTIVE, new Cancellation())) {
            return engine.transcribe(
                    silence(seconds),
                    PLAIN.toBuilder().language("de").build(),
                    segment -> {},
                    ticket.withObserver(observer));
        }
    }

    @Test
    void whoWaitsCanBeCancelled() {
        Admission admission = admission(1, 2);
        try (GgmlWhisperEngine engine = ScriptedGgml.open(model, admission);
                Turn turn = admission.enter(Priority.BATCH, new Cancellation()).await()) {
            Cancellation cancellation = new Cancellation();
            FutureTask<Transcript> second =
                    new FutureTask<>(() ->
                            engine.transcribe(silence(2), PLAIN, segment -> {}, cancellation));
            awaitTurnOf(second);
            cancellation.cancel();
            assertThatThrownBy(second::get).hasCauseInstanceOf(EngineException.class);
        }
    }

    /** Starts a request and returns once it waits for the one before it. */
    private void awaitTurnOf(FutureTask<?> request) {
        int before = queued.get();
        Thread.ofPlatform().start(request);
        await().until(() -> queued.get() > before);
    }

    private Admission admission(int parallel, int places) {
        return new Admission(
                parallel,
                places,
                new EngineObserver() {
                    @Override
                    public void queued(Priority priority, int waiting) {
                        queued.incrementAndGet();
                    }
                });
    }

    @Test
    void aReaderThatTakesNothingDoesNotHoldTheWorker() {
        try (GgmlWhisperEngine engine = ScriptedGgml.open(model)) {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            CompletableFuture<Transcript> slow =
                    CompletableFuture.supplyAsync(() ->
                            engine.transcribe(
                                    silence(60),
                                    PLAIN,
                                    segment -> {
                                        inside.countDown();
                                        Latches.await(release);
                                    },
                                    new Cancellation()));
            Latches.await(inside);
            assertThat(run(engine, 2, PLAIN).segments()).hasSize(1);
            release.countDown();
            slow.join();
        }
    }

    @Test
    void requestsRunSideBySide() {
        try (GgmlWhisperEngine engine = ScriptedGgml.open(model, new Admission(2, 6))) {
            List<CompletableFuture<Run>> runs = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                runs.add(CompletableFuture.supplyAsync(() -> run(engine, 4.5, PLAIN)));
            }
            for (CompletableFuture<Run> run : runs) {
                assertThat(run.join().segments())
                        .extracting(Segment::text)
                        .containsExactly(" w1 w2", " w3");
            }
        }
    }

    @Test
    void closingStopsRunningRequestsAndRefusesNewOnes() {
        GgmlWhisperEngine engine = ScriptedGgml.open(model);
        CountDownLatch inside = new CountDownLatch(1);
        CompletableFuture<Transcript> running =
                CompletableFuture.supplyAsync(() ->
                        engine.transcribe(
                                silence(FOR_EVER),
                                PLAIN,
                                segment -> inside.countDown(),
                                new Cancellation()));
        Latches.await(inside);
        engine.close();
        engine.close();
        assertThatThrownBy(running::join).hasCauseInstanceOf(EngineException.class);
        assertThatThrownBy(() -> run(engine, 1, PLAIN))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
        assertThat(engine.nativeBytes()).isZero();
    }
}
