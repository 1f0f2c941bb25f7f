package dev.parlo.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.steps.NativeSteps;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntToDoubleFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What refused requests are told, against queues whose time is made up. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaitEstimateTest {
    private static final long SECOND = 1_000_000_000L;

    private long now;

    private Admission admission(int parallel, int places, Duration longest) {
        return new Admission(
                parallel,
                places,
                longest,
                EngineObserver.NONE,
                new Urgency(),
                new NativeSteps(),
                () -> now);
    }

    private static Ticket enter(Admission admission) {
        return admission.enter(Priority.BATCH, new Cancellation());
    }

    private static Duration refused(ThrowingCallable entering) {
        AtomicReference<Duration> told = new AtomicReference<>();
        assertThatThrownBy(entering)
                .isInstanceOfSatisfying(
                        OverloadedException.class,
                        refusal -> {
                            assertThat(refusal.category())
                                    .isEqualTo(EngineException.Category.OVERLOADED);
                            told.set(refusal.retryAfter());
                        });
        return told.get();
    }

    /** One request has been computed in so many seconds. */
    private void compute(Admission admission, double seconds) {
        try (Ticket ticket = enter(admission);
                Turn turn = ticket.await()) {
            now += (long) (seconds * SECOND);
        }
    }

    /**
     * Engines that compute some turns at a time, each a bit faster together than one after another:
     * every refusal during a flood is within a factor of two of when the request would have had its
     * turn.
     */
    @Test
    void whatAFloodIsToldHoldsWithinAFactorOfTwo() {
        List<IntToDoubleFunction> engines =
                List.of(
                        together -> 3, // one after another, however many ask
                        together -> 2.0 / together + 0.3, // shares its steps
                        together -> 40.0 / together); // gains all that there is
        for (int parallel : new int[] {1, 4, 16}) {
            for (IntToDoubleFunction engine : engines) {
                flood(parallel, 16, engine, new Random(parallel));
            }
        }
    }

    private void flood(int parallel, int waiting, IntToDoubleFunction engine, Random random) {
        Admission admission = admission(parallel, parallel + waiting, Duration.ZERO);
        double one = engine.applyAsDouble(1);
        compute(admission, one);
        for (int wave = 0; wave < 3; wave++) {
            Deque<Ticket> queue = new ArrayDeque<>();
            Deque<Turn> running = new ArrayDeque<>();
            for (int i = 0; i < parallel + waiting; i++) {
                Ticket ticket = enter(admission);
                if (running.size() < parallel) {
                    running.add(ticket.await());
                }
                queue.add(ticket);
            }
            Duration told = refused(() -> enter(admission));
            long start = now;
            int begun = parallel;
            int left = parallel + waiting;
            long turnOfNext = -1;
            List<Ticket> waiters = new ArrayList<>(queue);
            while (left > 0) {
                double jitter = 0.8 + 0.4 * random.nextDouble();
                now += (long) (engine.applyAsDouble(running.size()) * jitter * SECOND);
                running.remove().close();
                queue.remove().close();
                left--;
                if (begun < parallel + waiting) {
                    running.add(waiters.get(begun++).await());
                } else if (turnOfNext < 0) {
                    turnOfNext = now; // of the one that was refused
                }
            }
            double needed = (turnOfNext - start) / (double) SECOND;
            double promised = told.toMillis() / 1000.0;
            // The first flood after a single request is told by the pace of that one, for half of
            // those that compute as well.
            double most = wave == 0 ? Math.max(2, 1.6 * one / engine.applyAsDouble(parallel)) : 2;
            assertThat(promised / needed)
                    .as(parallel + " at a time, wave " + wave)
                    .isBetween(0.5, most);
            // Those refused come back together, so they are told about the end of all. An engine
            // that gains nearly everything from company takes too long over the last ones to be
            // waited for.
            if (one <= 8 * engine.applyAsDouble(parallel)) {
                assertThat(promised / ((now - start) / (double) SECOND))
                        .as(parallel + " at a time, of the time until all are done, wave " + wave)
                        .isBetween(0.5, most);
            }
        }
    }

    @Test
    void aRequestThatWouldWaitLongerThanTheLongestIsRefusedThoughThereArePlaces() {
        Admission admission = admission(1, 100, Duration.ofSeconds(25));
        compute(admission, 10);
        try (Turn running = enter(admission).await()) {
            Ticket second = enter(admission); // its turn is some 10 s away
            Ticket third = enter(admission);
            Duration told = refused(() -> enter(admission));
            assertThat(told).isEqualTo(Duration.ofSeconds(30));
            third.close();
            enter(admission).close();
            second.close();
        }
    }

    @Test
    void aRequestThatMayBeAClipIsNotRefusedForAFileBesideWhichItIsComputed() {
        Admission admission = admission(1, 100, Duration.ofSeconds(5));
        compute(admission, 10);
        try (Ticket file = enter(admission)) {
            file.expectMore();
            try (Turn window = file.await()) {
                assertThat(refused(() -> enter(admission))).isEqualTo(Duration.ofSeconds(10));
                admission.clipsBesideFiles(true);
                try (Ticket clip = enter(admission);
                        Turn beside = clip.await()) {
                    assertThat(refused(() -> enter(admission))).isPositive();
                }
            }
        }
    }

    @Test
    void aPlaceBehindLongFilesIsFreeWhenTheShortestOfThemIsDone() {
        Admission admission = admission(2, 2, Duration.ZERO);
        compute(admission, 1);
        Ticket one = enter(admission);
        one.expect(360);
        Ticket other = enter(admission);
        other.expect(100);
        try (Turn first = one.await();
                Turn second = other.await()) {
            // 99 windows of each of the two, at about a second a window as far as is known
            assertThat(refused(() -> enter(admission)).toSeconds()).isBetween(100L, 250L);
        }
    }

    @Test
    void withoutAnythingComputedYetAShortTimeIsTold() {
        Admission admission = admission(1, 2, Duration.ofSeconds(1));
        Ticket first = enter(admission);
        Ticket second = enter(admission); // and nobody is refused for what is not known
        assertThat(refused(() -> enter(admission))).isEqualTo(Duration.ofSeconds(2));
        first.close();
        second.close();
        enter(admission).close();
    }
}
