package dev.parlo.engine.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TurnsTest {
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    private static void uninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Thread waiting(Runnable work) {
        Thread thread = Thread.ofPlatform().start(work);
        await().until(() -> thread.getState() == Thread.State.WAITING);
        return thread;
    }

    @Test
    void aBookGivesWayAfterEachChunkToThoseWhoCameBefore() throws InterruptedException {
        Turns turns = new Turns(1, 99);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Thread book =
                Thread.ofPlatform()
                        .start(() -> {
                            try (Turns.Admission admission = turns.admit()) {
                                for (int i = 0; i < 3; i++) {
                                    int chunk = i;
                                    var unused =
                                            admission.take(
                                                    new Cancellation(),
                                                    () -> {
                                                        begun.countDown();
                                                        uninterrupted(go);
                                                        return order.add("book " + chunk);
                                                    });
                                }
                            }
                        });
        begun.await();
        List<Thread> others = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            others.add(
                    waiting(() -> {
                        try (Turns.Admission admission = turns.admit()) {
                            var unused = admission.take(new Cancellation(), () -> order.add(name));
                        }
                    }));
        }
        assertThat(turns.requests()).isEqualTo(4);
        go.countDown();
        book.join();
        for (Thread other : others) {
            other.join();
        }
        assertThat(order).containsExactly("book 0", "a", "b", "c", "book 1", "book 2");
        assertThat(turns.requests()).isZero();
    }

    @Test
    void whoIsCancelledWhileWaitingLeavesAtOnce() throws InterruptedException {
        Turns turns = new Turns(1, 99);
        Cancellation cancellation = new Cancellation();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (Turns.Admission first = turns.admit();
                Turns.Admission second = turns.admit()) {
            boolean unused =
                    first.take(
                            new Cancellation(),
                            () -> {
                                Thread thread =
                                        waiting(() -> {
                                            try {
                                                var none =
                                                        second.take(
                                                                cancellation,
                                                                () -> order.add("never"));
                                            } catch (EngineException e) {
                                                thrown.set(e);
                                            }
                                        });
                                cancellation.cancel();
                                try {
                                    // the turn is not free yet
                                    thread.join();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                                return true;
                            });
            assertThat(thrown.get())
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
            assertThat(order).isEmpty();
            boolean next = first.take(new Cancellation(), () -> order.add("next"));
            assertThat(next).isTrue();
        }
    }

    @Test
    void aTurnThatFailsIsFreeAgainAndTooManyRequestsAreRefused() {
        Turns turns = new Turns(1, 2);
        Turns.Admission first = turns.admit();
        try (Turns.Admission second = turns.admit()) {
            assertThatThrownBy(() ->
                            second.take(
                                    new Cancellation(),
                                    () -> {
                                        throw new IllegalStateException("broken");
                                    }))
                    .hasMessage("broken");
            int ran = IntStream.range(0, 3).map(i -> first.take(new Cancellation(), () -> 1)).sum();
            assertThat(ran).isEqualTo(3);
            assertThatThrownBy(turns::admit)
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.OVERLOADED));
            first.close();
            first.close();
            assertThat(turns.requests()).isEqualTo(1);
            turns.admit().close();
        }
    }
}
