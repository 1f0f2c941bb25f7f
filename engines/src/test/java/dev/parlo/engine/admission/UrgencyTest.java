package dev.parlo.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.steps.NativeSteps;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class UrgencyTest {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private final Urgency urgency = new Urgency();
    private final Cancellation request = new Cancellation();

    @Test
    void workForFilesWaitsUntilTheLastUrgentWindowIsDone() throws InterruptedException {
        urgency.begin();
        urgency.begin();
        Thread work = Thread.ofPlatform().daemon().start(() -> urgency.giveWay(HOUR, request));
        await().until(() -> work.getState() == Thread.State.TIMED_WAITING);
        urgency.end();
        assertThat(work.isAlive()).isTrue();
        urgency.end();
        work.join();
    }

    @Test
    void workForFilesWaitsNoLongerThanSomeTimesWhatItHasWorked() {
        urgency.begin();
        urgency.giveWay(1000, request);
        assertThat(urgency.isFelt()).isTrue();
    }

    @Test
    void onlyAnUrgentTurnIsFeltAndUntilItsEnd() {
        int[] ended = new int[1];
        Turn clip = urgency.during(new Turn(true, new NativeSteps(), () -> ended[0]++));
        assertThat(urgency.isFelt()).isTrue();
        clip.close();
        clip.close();
        assertThat(urgency.isFelt()).isFalse();
        assertThat(ended[0]).isEqualTo(1);
        urgency.during(new Turn(false, new NativeSteps(), () -> {}));
        assertThat(urgency.isFelt()).isFalse();
    }

    @Test
    void workForFilesGoesOnAtOnceWhereNothingIsUrgent() {
        urgency.giveWay(HOUR, request);
        assertThat(urgency.isFelt()).isFalse();
    }

    @Test
    void aThreadThatIsInterruptedWaitsNoLonger() throws Exception {
        urgency.begin();
        FutureTask<Boolean> stays =
                new FutureTask<>(() -> {
                    urgency.giveWay(HOUR, request);
                    return Thread.currentThread().isInterrupted();
                });
        Thread work = Thread.ofPlatform().daemon().start(stays);
        work.interrupt();
        assertThat(stays.get()).isTrue();
    }

    @Test
    void aRequestThatIsCancelledWaitsNoLonger() throws InterruptedException {
        urgency.begin();
        Thread work = Thread.ofPlatform().daemon().start(() -> urgency.giveWay(HOUR, request));
        await().until(() -> work.getState() == Thread.State.TIMED_WAITING);
        request.cancel();
        work.join();
        urgency.giveWay(HOUR, request);
        assertThat(urgency.isFelt()).isTrue();
    }
}
