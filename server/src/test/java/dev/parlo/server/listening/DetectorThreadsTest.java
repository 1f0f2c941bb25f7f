package dev.parlo.server.listening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.EngineException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DetectorThreadsTest {
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
