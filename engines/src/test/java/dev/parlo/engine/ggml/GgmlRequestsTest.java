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
import dev.parlo.engine.Segment;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.ggml.ScriptedGgml.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests beside each other: waiting, refused, cancelled, interrupted, closed. */
class GgmlRequestsTest {
    @TempDir static Path folder;
    private static Path model;

    @BeforeAll
    static void writeModel() throws IOException {
        model = ScriptedGgml.multilingual(folder);
    }

    @Test
    void aRaisedCancellationEndsTheRequestBetweenWindows() {
        try (GgmlWhisperEngine engine = ScriptedGgml.open(model)) {
            Cancellation cancellation = new Cancellation();
            List<Segment> segments = new ArrayList<>();
            assertThatThrownBy(() ->
                            engine.transcribe(
                                    silence(36_000),
                                    PLAIN,
                                    segment -> {
                                        segments.add(segment);
                                        cancellation.cancel();
                                    },
                                    cancellation))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
            // The engine does not wait for the reader: some windows more may be decided.
            assertThat(segments).hasSizeBetween(1, 1000);
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
        try (GgmlWhisperEngine engine = ScriptedGgml.open(model, new Admission(1, 1))) {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            CompletableFuture<Transcript> first = blocked(engine, inside, release);
            awaitUninterruptibly(inside);
            assertThat(engine.nativeBytes()).isGreaterThan(6_000_000);
            assertThatThrownBy(() -> run(engine, 2, PLAIN))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.OVERLOADED));
            release.countDown();
            first.join();
            assertThat(run(engine, 2, PLAIN).segments()).hasSize(1);
        }
    }

    @Test
    void whoWaitsTakesNoMemoryYet() throws Exception {
        try (GgmlWhisperEngine engine = ScriptedGgml.open(model)) {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            CompletableFuture<Transcript> first = blocked(engine, inside, release);
            awaitUninterruptibly(inside);
            long alone = engine.nativeBytes();
            FutureTask<Run> second = new FutureTask<>(() -> run(engine, 2, PLAIN));
            awaitTurnOf(second);
            assertThat(engine.nativeBytes()).isEqualTo(alone);
            release.countDown();
            first.join();
            assertThat(second.get().segments()).hasSize(1);
        }
    }

    @Test
    void whoWaitsCanBeCancelled() {
        try (GgmlWhisperEngine engine = ScriptedGgml.open(model)) {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            CompletableFuture<Transcript> first = blocked(engine, inside, release);
            awaitUninterruptibly(inside);
            Cancellation cancellation = new Cancellation();
            FutureTask<Transcript> second =
                    new FutureTask<>(() ->
                            engine.transcribe(silence(2), PLAIN, segment -> {}, cancellation));
            awaitTurnOf(second);
            cancellation.cancel();
            assertThatThrownBy(second::get).hasCauseInstanceOf(EngineException.class);
            release.countDown();
            first.join();
        }
    }

    /** Starts a request and returns once it waits for the one before it. */
    private static void awaitTurnOf(FutureTask<?> request) {
        Thread thread = Thread.ofPlatform().start(request);
        await().until(() -> thread.getState() == Thread.State.WAITING);
    }

    /** A request that computes, and stops at its first sample until it is released. */
    private static CompletableFuture<Transcript> blocked(
            GgmlWhisperEngine engine, CountDownLatch inside, CountDownLatch release) {
        AudioSource held =
                () -> {
                    inside.countDown();
                    awaitUninterruptibly(release);
                    return silence(2).open();
                };
        return CompletableFuture.supplyAsync(
                () -> engine.transcribe(held, PLAIN, segment -> {}, new Cancellation()));
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
                                        awaitUninterruptibly(release);
                                    },
                                    new Cancellation()));
            awaitUninterruptibly(inside);
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
                                silence(36_000),
                                PLAIN,
                                segment -> inside.countDown(),
                                new Cancellation()));
        awaitUninterruptibly(inside);
        engine.close();
        engine.close();
        assertThatThrownBy(running::join).hasCauseInstanceOf(EngineException.class);
        assertThatThrownBy(() -> run(engine, 1, PLAIN))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
        assertThat(engine.nativeBytes()).isZero();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
