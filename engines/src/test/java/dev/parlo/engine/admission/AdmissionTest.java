package dev.parlo.engine.admission;

import static dev.parlo.engine.admission.Tickets.enter;
import static dev.parlo.engine.admission.Tickets.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The queue before every engine: places, turns, cancelling. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdmissionTest {
    @Test
    void aTurnIsUrgentOnlyWhereItMayBeTheOnlyOneOfItsRequest() {
        Admission admission = new Admission(8, 8);
        try (Ticket clip = enter(admission);
                Ticket file = enter(admission);
                Ticket counted = enter(admission);
                Ticket window = enter(admission)) {
            file.expectMore();
            counted.expect(120);
            window.expect(1);
            try (Turn one = clip.await();
                    Turn further = clip.await();
                    Turn ofFile = file.await();
                    Turn ofCounted = counted.await();
                    Turn only = window.await()) {
                assertThat(one.isUrgent()).isTrue();
                assertThat(only.isUrgent()).isTrue();
                assertThat(further.isUrgent()).isFalse();
                assertThat(ofFile.isUrgent()).isFalse();
                assertThat(ofCounted.isUrgent()).isFalse();
            }
        }
    }

    @Test
    void eachOfAFewTurnsIsUrgentWhereTheWholeAudioLiesInOneWindow() {
        Admission admission = new Admission(1, 2);
        try (Ticket clip = enter(admission);
                Ticket file = enter(admission)) {
            clip.expectFew(3);
            file.expectFew(3);
            file.expectMore();
            List<Boolean> urgent = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                try (Turn turn = clip.await()) {
                    urgent.add(turn.isUrgent());
                }
            }
            assertThat(urgent).containsExactly(true, true, true, false);
            try (Turn turn = file.await()) {
                assertThat(turn.isUrgent()).isFalse();
            }
        }
    }

    @Test
    void aFileLeavesAQuarterOfTheTurnsToThoseThatHaveNone() {
        Admission admission = new Admission(8, 99);
        List<Turn> turns = new ArrayList<>();
        try (Ticket file = enter(admission)) {
            for (int i = 0; i < 6; i++) {
                turns.add(file.await());
            }
            Thread seventh = waiting(admission, () -> file.await().close());
            Turn one = enter(admission).await();
            Turn other = enter(admission).await();
            assertThat(admission.waiting()).isEqualTo(1);
            turns.removeFirst().close();
            one.close();
            other.close();
            assertThat(joined(seventh)).isTrue();
        }
        turns.forEach(Turn::close);
    }

    @Test
    void anEngineThatHasNoMemoryForAllTurnsHasFewer() {
        Admission admission = new Admission(16, 48);
        admission.limit(2);
        assertThat(admission.parallel()).isEqualTo(2);
        admission.limit(9);
        assertThat(admission.parallel()).isEqualTo(2);
        assertThat(admission.places()).isEqualTo(48);
    }

    @Test
    void asManyTurnsAsThereAreComputeSideBySide() {
        Admission admission = new Admission(2, 5);
        try (Ticket one = enter(admission);
                Ticket two = enter(admission);
                Ticket three = enter(admission);
                Turn first = one.await();
                Turn second = two.await()) {
            Thread third = waiting(admission, () -> three.await().close());
            first.close();
            first.close(); // twice gives back one turn only
            assertThat(joined(third)).isTrue();
        }
    }

    private static boolean joined(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(60));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRequestCancelledWhileItWaitsLeavesAtOnceWithoutPolling() {
        Admission admission = new Admission(1, 99);
        Cancellation cancellation = new Cancellation();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (Ticket first = enter(admission);
                Ticket second = admission.enter(Priority.BATCH, cancellation);
                Turn turn = first.await()) {
            Thread thread =
                    waiting(
                            admission,
                            () -> {
                                try {
                                    second.await().close();
                                } catch (EngineException e) {
                                    thrown.set(e);
                                }
                            });
            // WAITING, not TIMED_WAITING: nothing wakes it but a turn or the cancellation.
            await().until(() -> thread.getState() == Thread.State.WAITING);
            cancellation.cancel();
            assertThat(joined(thread)).isTrue();
            assertThat(thrown.get())
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
        }
        try (Ticket next = enter(admission);
                Turn turn = next.await()) {
            assertThat(admission.entered()).isEqualTo(1);
        }
    }

    @Test
    void anInterruptedWaiterGetsItsInterruptBackAndItsTurnIsNotLost() {
        Admission admission = new Admission(1, 99);
        Thread.currentThread().interrupt();
        try (Ticket first = enter(admission);
                Turn turn = first.await()) { // free: nothing to wait for
            try (Ticket second = enter(admission)) {
                assertThatThrownBy(second::await)
                        .isInstanceOfSatisfying(
                                EngineException.class,
                                e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
            }
        }
        assertThat(Thread.interrupted()).isTrue();
        try (Ticket next = enter(admission);
                Turn turn = next.await()) {
            assertThat(admission.entered()).isEqualTo(1);
        }
    }

    @Test
    void aTurnThatFailsIsFreeAgainAndTooManyRequestsAreRefusedAtOnce() {
        List<String> told = new ArrayList<>();
        Admission admission =
                new Admission(
                        1,
                        2,
                        new EngineObserver() {
                            @Override
                            public void refused(Priority priority, int places) {
                                told.add(priority + " of " + places);
                            }
                        });
        Ticket first = enter(admission);
        try (Ticket second = enter(admission)) {
            assertThatThrownBy(() ->
                            second.compute(() -> {
                                throw new IllegalStateException("broken");
                            }))
                    .hasMessage("broken");
            int ran = IntStream.range(0, 3).map(i -> first.compute(() -> 1)).sum();
            assertThat(ran).isEqualTo(3);
            assertThatThrownBy(() -> admission.enter(Priority.BATCH, new Cancellation()))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.OVERLOADED));
            assertThat(told).containsExactly("BATCH of 2");
            first.withPriority(Priority.BATCH).close();
            first.close(); // the same place
            assertThat(admission.entered()).isEqualTo(1);
            enter(admission).close();
        }
    }

    @Test
    void turnsAreNeitherLostNorDoubledWhenManyWaitAndSomeGiveUp() throws Exception {
        Admission admission = new Admission(3, 1000);
        AtomicInteger computing = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int number = i;
            Cancellation cancellation = new Cancellation();
            all.add(
                    Thread.startVirtualThread(() -> {
                        Priority priority = Priority.values()[number % 2];
                        try (Ticket ticket = admission.enter(priority, cancellation)) {
                            for (int j = 0; j < 20; j++) {
                                var unused =
                                        ticket.compute(() -> {
                                            most.accumulateAndGet(
                                                    computing.incrementAndGet(), Math::max);
                                            Thread.yield();
                                            return computing.decrementAndGet();
                                        });
                            }
                        } catch (EngineException gone) {
                            assertThat(gone.category()).isEqualTo(Category.CANCELLED);
                        }
                    }));
            if (number % 3 == 0) {
                all.add(Thread.startVirtualThread(cancellation::cancel));
            }
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(most.get()).isBetween(1, 3);
        assertThat(admission.entered()).isZero();
        try (Turn first = enter(admission).await();
                Turn second = enter(admission).await();
                Turn third = enter(admission).await()) {
            assertThat(admission.parallel()).isEqualTo(3);
        }
    }
}
