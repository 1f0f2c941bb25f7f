package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.Latches;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class WindowsInFlightTest {
    private final WindowThreads threads = new WindowThreads("window-", 4);
    private final Cancellation request = new Cancellation();
    private final List<Integer> told = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void answersComeInOrderWhateverIsDoneFirst() {
        CountDownLatch secondDone = new CountDownLatch(1);
        try (WindowsInFlight<Integer> windows = flight(8)) {
            windows.add(cancellation -> {
                Latches.await(secondDone);
                return 1;
            });
            windows.add(cancellation -> {
                secondDone.countDown();
                return 2;
            });
            windows.add(cancellation -> 3);
            windows.finish();
        }
        assertThat(told).containsExactly(1, 2, 3);
    }

    /** The worker may be reading hours of silence. */
    @Test
    void anAnswerIsToldWhileNobodyAddsOrFinishes() {
        CountDownLatch heard = new CountDownLatch(1);
        try (WindowsInFlight<Integer> windows =
                new WindowsInFlight<>(threads, 4, request, answer -> heard.countDown())) {
            windows.add(cancellation -> 1);
            Latches.await(heard);
        }
    }

    @Test
    void noMoreThanAskedForAreUnderWayOrWaitForTheirTurn() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (WindowsInFlight<Integer> windows = flight(3)) {
            for (int i = 0; i < 200; i++) {
                int number = i;
                windows.add(cancellation -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    Thread.yield();
                    now.decrementAndGet();
                    return number;
                });
            }
            windows.finish();
        }
        assertThat(most.get()).isBetween(1, 3);
        assertThat(told).hasSize(200).isSorted();
    }

    @Test
    void withoutFreeThreadsWindowsAreTranscribedHereOneAfterAnother() {
        while (threads.take()) {
            // other requests have them all
        }
        Thread here = Thread.currentThread();
        try (WindowsInFlight<Integer> windows = flight(8)) {
            for (int i = 0; i < 3; i++) {
                int number = i;
                windows.add(cancellation -> {
                    assertThat(Thread.currentThread()).isSameAs(here);
                    return number;
                });
            }
            windows.finish();
        }
        assertThat(told).containsExactly(0, 1, 2);
    }

    @Test
    void aFailureIsTheRequestsAfterTheAnswersBeforeIt() {
        CountDownLatch failed = new CountDownLatch(1);
        CountDownLatch afterwards = new CountDownLatch(1);
        try (WindowsInFlight<Integer> windows = flight(8)) {
            windows.add(cancellation -> {
                Latches.await(failed);
                return 1;
            });
            CountDownLatch thirdRuns = new CountDownLatch(1);
            windows.add(cancellation -> {
                Latches.await(thirdRuns);
                throw new IllegalStateException("broken window");
            });
            windows.add(cancellation -> {
                thirdRuns.countDown();
                // Told to stop, since its result is not used any more.
                untilCancelled(cancellation);
                failed.countDown();
                afterwards.countDown();
                return 3;
            });
            assertThatThrownBy(windows::finish).hasMessage("broken window");
            assertThatThrownBy(() -> windows.add(cancellation -> 4)).hasMessage("broken window");
        }
        Latches.await(afterwards);
        assertThat(told).containsExactly(1);
    }

    @Test
    void whoCancelsTheRequestStopsEveryWindow() {
        AtomicInteger stopped = new AtomicInteger();
        CountDownLatch running = new CountDownLatch(4);
        try (WindowsInFlight<Integer> windows = flight(8)) {
            Function<Cancellation, Integer> waits =
                    cancellation -> {
                        running.countDown();
                        try {
                            untilCancelled(cancellation);
                            cancellation.check();
                            return 0;
                        } finally {
                            stopped.incrementAndGet();
                        }
                    };
            for (int i = 0; i < 4; i++) {
                windows.add(waits);
            }
            Latches.await(running);
            request.cancel();
            assertThatThrownBy(windows::finish)
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e ->
                                    assertThat(e.category())
                                            .isEqualTo(EngineException.Category.CANCELLED));
        }
        assertThat(stopped).hasValue(4);
        assertThat(told).isEmpty();
    }

    @Test
    void closingWaitsForWhatStillRuns() {
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch running = new CountDownLatch(2);
        try (WindowsInFlight<Integer> windows = flight(8)) {
            for (int i = 0; i < 2; i++) {
                windows.add(cancellation -> {
                    running.countDown();
                    untilCancelled(cancellation);
                    ended.incrementAndGet();
                    return 0;
                });
            }
            Latches.await(running);
        }
        assertThat(ended).hasValue(2);
    }

    @Test
    void aReaderWhoFailsEndsTheRequest() {
        try (WindowsInFlight<Integer> windows =
                new WindowsInFlight<>(
                        threads,
                        8,
                        request,
                        answer -> {
                            throw new IllegalStateException("disk full");
                        })) {
            windows.add(cancellation -> 1);
            assertThatThrownBy(windows::finish).hasMessage("disk full");
        }
    }

    private WindowsInFlight<Integer> flight(int most) {
        return new WindowsInFlight<>(threads, most, request, told::add);
    }

    private static void untilCancelled(Cancellation cancellation) {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (Cancellation.Registration link = cancellation.onCancel(cancelled::countDown)) {
            Latches.await(cancelled);
        }
    }
}
