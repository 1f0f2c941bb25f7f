package dev.parlo.engine.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Latches;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Turn;
import dev.parlo.engine.speech.ChunkPipeline;
import dev.parlo.engine.worker.TranscriptionWorkers;
import dev.parlo.engine.worker.TurnWorkers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who waits for native code that never returns, which a latch stands for, is let go. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GivenUpTest {
    @TempDir Path folder;
    private final Admission admission = new Admission(1, 8);

    /** Of another model, such as a voice activity model's that a transcription uses. */
    private final NativeSteps foreign = new NativeSteps();

    private final CountDownLatch within = new CountDownLatch(1);
    private final CountDownLatch returned = new CountDownLatch(1);

    @AfterEach
    void letItReturn() {
        returned.countDown();
    }

    /** Native code of some steps, until the test ends. */
    private <T> T hang(NativeSteps steps, T result) {
        return steps.run(
                "step",
                new Cancellation(),
                stop -> {
                    within.countDown();
                    Latches.await(returned);
                    return result;
                });
    }

    private Ticket enter() {
        return admission.enter(Priority.BATCH, new Cancellation());
    }

    private void giveUp(NativeSteps steps) {
        List<StepLane> lanes = steps.lanes();
        steps.giveUp();
        lanes.forEach(StepLane::leave);
    }

    private void assertIsLetGo(Supplier<?> waiting, NativeSteps steps) throws Exception {
        CompletableFuture<?> end =
                CompletableFuture.supplyAsync(waiting, Thread::startVirtualThread);
        within.await();
        assertThat(end.isDone()).isFalse();
        giveUp(steps);
        assertThatThrownBy(end::join)
                .cause()
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.STUCK));
    }

    private void transcriptionIsLetGo(NativeSteps steps) throws Exception {
        try (TranscriptionWorkers workers =
                new TranscriptionWorkers(
                        Thread.ofPlatform().daemon().factory(), 1, folder, EngineObserver.NONE)) {
            Transcript said = new Transcript("en", 1, 1, Map.of());
            assertIsLetGo(
                    () -> workers.run((sink, stop) -> hang(steps, said), segment -> {}, enter()),
                    steps);
            returned.countDown();
        }
    }

    @Test
    void aTranscription() throws Exception {
        transcriptionIsLetGo(admission.steps());
    }

    @Test
    void aTranscriptionThatIsWithinAnotherModel() throws Exception {
        transcriptionIsLetGo(foreign);
    }

    private void turnIsLetGo(NativeSteps steps) throws Exception {
        try (TurnWorkers workers = new TurnWorkers(Thread.ofPlatform().daemon().factory(), 1)) {
            assertIsLetGo(() -> workers.run(stop -> hang(steps, true), enter()), steps);
            returned.countDown();
        }
    }

    @Test
    void aRequestOfOneResult() throws Exception {
        turnIsLetGo(admission.steps());
    }

    @Test
    void aRequestOfOneResultThatIsWithinAnotherModel() throws Exception {
        turnIsLetGo(foreign);
    }

    @Test
    void aSpeech() throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            ChunkPipeline pipeline = new ChunkPipeline(threads, admission.steps());
            assertIsLetGo(
                    () -> {
                        pipeline.run(
                                () -> {
                                    boolean unused = hang(admission.steps(), true);
                                    return null;
                                },
                                chunk -> {},
                                new Cancellation());
                        return true;
                    },
                    admission.steps());
            returned.countDown();
        }
    }

    @Test
    void backgroundWorkWhichGaveWayToAnUrgentTurn() {
        try (Turn clip = admission.urgency().during(enter().await())) {
            assertThat(clip.isUrgent()).isTrue();
            assertThat(admission.urgency().isFelt()).isTrue();
            admission.steps().giveUp();
            assertThat(admission.urgency().isFelt()).isFalse();
        }
        assertThat(admission.urgency().isFelt()).isFalse();
    }
}
