package dev.parlo.engine.ggml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Urgency;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WindowPauseTest {
    private final AtomicLong millis = new AtomicLong();
    private final Urgency urgency = new Urgency();
    private final WindowPause pause =
            new WindowPause(
                    urgency, new Cancellation(), () -> TimeUnit.MILLISECONDS.toNanos(millis.get()));

    @Test
    void aWindowRestsInItsMiddleUntilTheUrgentOneIsDone() throws InterruptedException {
        pause.giveWay();
        urgency.begin();
        millis.set(49);
        pause.giveWay(); // at once: it has not worked yet
        millis.set(10_000);
        Thread window = Thread.ofPlatform().daemon().start(pause::giveWay);
        await().until(() -> window.getState() == Thread.State.TIMED_WAITING);
        urgency.end();
        window.join();
        urgency.begin();
        pause.giveWay(); // just rested
        assertThat(urgency.isFelt()).isTrue();
    }
}
