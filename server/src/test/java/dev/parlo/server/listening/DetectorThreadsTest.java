package dev.parlo.server.listening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.steps.NativeSteps;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DetectorThreadsTest {
    @Test
    void aStepThatNeverEndsCostsTheStreamsOfItsEngineOnly() throws Exception {
        CountDownLatch within = new CountDownLatch(1);
        CountDownLatch returned = new CountDownLatch(1);
        NativeSteps steps = new NativeSteps();
        try (DetectorThreads threads = new DetectorThreads(1)) {
            CompletableFuture<Boolean> hanging =
                    CompletableFuture.supplyAsync(
                            () ->
                                    threads.call(
                                            steps,
                                            () -> {
                                                within.countDown();
                                                returned.await();
                                                return true;
                                            }),
                            Thread::startVirtualThread);
            within.await();
            steps.giveUp();
            assertStuck(hanging::join);
            assertThat(threads.call(new NativeSteps(), () -> "another")).isEqualTo("another");
            assertStuck(() -> threads.call(steps, () -> true));
        } finally {
            returned.countDown();
        }
    }

    private static void assertStuck(Callable<?> call) {
        assertThatThrownBy(call::call)
                .extracting(e -> e instanceof CompletionException ? e.getCause() : e)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.STUCK));
    }

    @Test
    void whatIsComputedHasEndedWhenACallerThatWasInterruptedGoesOn() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        try (DetectorThreads threads = new DetectorThreads(1)) {
            FutureTask<String> told =
                    new FutureTask<>(() -> {
                        try {
                            return "not stopped: "
                                    + threads.call(() -> {
                                        begun.countDown();
                                        go.await();
                                        ended.set(true);
                                        return 1;
                                    });
                        } catch (EngineException stopped) {
                            return stopped.category()
                                    + (ended.get() ? " behind" : " before")
                                    + " the end, interrupted: "
                                    + Thread.currentThread().isInterrupted();
                        }
                    });
            Thread caller = Thread.ofPlatform().start(told);
            begun.await();
            caller.interrupt();
            // Noticed, by going on to wait or by going away.
            await().until(() -> !caller.isInterrupted() || !caller.isAlive());
            go.countDown();
            assertThat(told.get()).isEqualTo("CANCELLED behind the end, interrupted: true");
        }
    }
}
