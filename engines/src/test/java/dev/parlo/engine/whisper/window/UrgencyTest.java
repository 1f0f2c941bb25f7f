package dev.parlo.engine.whisper.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UrgencyTest {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private final Urgency urgency = new Urgency();

    @Test
    void workForFilesWaitsUntilTheLastUrgentWindowIsDone() throws InterruptedException {
        urgency.begin();
        urgency.begin();
        Thread work = Thread.ofPlatform().daemon().start(() -> urgency.giveWay(HOUR));
        await().until(() -> work.getState() == Thread.State.TIMED_WAITING);
        urgency.end();
        assertThat(work.isAlive()).isTrue();
        urgency.end();
        work.join();
    }

    @Test
    void workForFilesWaitsNoLongerThanSomeTimesWhatItHasWorked() {
        urgency.begin();
        urgency.giveWay(1000);
        assertThat(urgency.isFelt()).isTrue();
    }

    @Test
    void workForFilesGoesOnAtOnceWhereNothingIsUrgent() {
        urgency.giveWay(HOUR);
        assertThat(urgency.isFelt()).isFalse();
    }

    @Test
    void aThreadThatIsInterruptedWaitsNoLonger() throws InterruptedException {
        urgency.begin();
        Thread work =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            urgency.giveWay(HOUR);
                            assertThat(Thread.currentThread().isInterrupted()).isTrue();
                        });
        work.interrupt();
        work.join();
    }
}
