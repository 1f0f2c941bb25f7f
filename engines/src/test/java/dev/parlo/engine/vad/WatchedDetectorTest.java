package dev.parlo.engine.vad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Latches;
import dev.parlo.engine.steps.NativeSteps;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A detector on loan, whose native code a latch stands for. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WatchedDetectorTest {
    private final CountDownLatch within = new CountDownLatch(1);
    private final CountDownLatch returned = new CountDownLatch(1);
    private final AtomicBoolean freed = new AtomicBoolean();
    private final NativeSteps steps = new NativeSteps();
    private final WatchedDetector detector = new WatchedDetector(new Hanging(), steps);

    private final class Hanging implements VoiceActivityDetector {
        @Override
        public Pass open() {
            return new Pass() {
                @Override
                public float[] probabilities(float[] samples, int windows) {
                    within.countDown();
                    Latches.await(returned);
                    return new float[] {freed.get() ? 0 : 1};
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public EngineFacts facts() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            freed.set(true);
        }
    }

    private float[] hear(VoiceActivityDetector.Pass pass) {
        return pass.probabilities(new float[VoiceActivityDetector.WINDOW], 1);
    }

    @Test
    void whatARunUsesIsFreedWhenItHasEndedThoughItIsOnAThreadOfABorrower() throws Exception {
        VoiceActivityDetector.Pass pass = detector.open();
        VoiceActivityDetector.Pass other = detector.open();
        CompletableFuture<float[]> run =
                CompletableFuture.supplyAsync(() -> hear(pass), Thread::startVirtualThread);
        within.await();
        FutureTask<Boolean> closing = new FutureTask<>(detector::close, true);
        Thread closer = Thread.ofPlatform().start(closing);
        // It waits, or it has freed what the run uses.
        await().until(() -> closer.getState() == Thread.State.WAITING || freed.get());
        assertThatThrownBy(() -> hear(other))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.STUCK));
        returned.countDown();
        assertThat(run.get()).containsExactly(1);
        assertThat(closing.get()).isTrue();
        assertThat(freed).isTrue();
    }

    @Test
    void aRunThatWasLeftBehindIsSeenUntilItEnds() throws Exception {
        VoiceActivityDetector.Pass pass = detector.open();
        CompletableFuture<float[]> run =
                CompletableFuture.supplyAsync(() -> hear(pass), Thread::startVirtualThread);
        within.await();
        pass.close();
        assertThat(steps.lanes()).hasSize(1);
        returned.countDown();
        assertThat(run.get()).containsExactly(1);
        assertThat(steps.lanes()).isEmpty();
    }
}
