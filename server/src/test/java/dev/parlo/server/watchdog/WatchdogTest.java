package dev.parlo.server.watchdog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.Latches;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Turn;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.StepLane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/** Steps that do not end, by a clock that is set by hand; a latch stands for native code. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WatchdogTest {
    private final AtomicLong seconds = new AtomicLong();
    private final List<String> events = new ArrayList<>();
    private final Admission admission = new Admission(1, 8);
    private final NativeSteps steps = admission.steps();
    private final List<Watchdog.Watched> watched = new ArrayList<>();
    private final Watchdog watchdog =
            new Watchdog(
                    Duration.ofSeconds(100),
                    () -> List.copyOf(watched),
                    model -> events.add("noticed " + model),
                    () -> Duration.ofSeconds(seconds.get()).toNanos());
    private final CountDownLatch returned = new CountDownLatch(1);

    WatchdogTest() {
        watched.add(
                new Watchdog.Watched() {
                    @Override
                    public String name() {
                        return "a/model";
                    }

                    @Override
                    public NativeSteps steps() {
                        return steps;
                    }

                    @Override
                    public List<String> requests() {
                        return admission.computing();
                    }

                    @Override
                    public void giveUp() {
                        events.add("given up " + requests());
                        watched.remove(this);
                        steps.giveUp();
                    }
                });
    }

    @AfterEach
    void letItReturn() {
        returned.countDown();
    }

    /** Begins a step that ends with the latch; it is under way when this returns. */
    private CompletableFuture<String> begin(StepLane lane) {
        return begin(lane, () -> "done");
    }

    private CompletableFuture<String> begin(StepLane lane, Supplier<String> end) {
        CountDownLatch within = new CountDownLatch(1);
        CompletableFuture<String> step =
                CompletableFuture.supplyAsync(
                        () ->
                                lane.run(() -> {
                                    within.countDown();
                                    Latches.await(returned);
                                    return end.get();
                                }),
                        task -> Thread.ofPlatform().daemon().name("native").start(task));
        Latches.await(within);
        return step;
    }

    private void lookAt(long second) {
        seconds.set(second);
        watchdog.look();
    }

    private static void assertStuck(Runnable entering) {
        assertThatThrownBy(entering::run)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.STUCK));
    }

    private Ticket enter() {
        return admission.enter(Priority.BATCH, new Cancellation());
    }

    @Test
    void theEngineOfSeveralStepsThatDoNotEndIsGivenUpOnce() {
        StepLane first = steps.lane("run", () -> {}, () -> events.add("first left alone"));
        StepLane second = steps.lane("run", () -> {}, () -> events.add("second left alone"));
        begin(first);
        lookAt(0);
        begin(second);
        lookAt(50);
        lookAt(100);
        lookAt(110);
        assertThat(events).containsExactly("noticed a/model", "first left alone", "given up []");
        lookAt(150);
        lookAt(160);
        assertThat(events)
                .containsExactly(
                        "noticed a/model",
                        "first left alone",
                        "given up []",
                        "noticed a/model",
                        "second left alone");
    }

    @Test
    void whatIsDescribedAnewAtEveryLookIsKnownByItsSteps() {
        Watchdog anew =
                new Watchdog(
                        Duration.ofSeconds(100),
                        () -> List.of(describe(), describe()),
                        model -> events.add("noticed " + model),
                        () -> Duration.ofSeconds(seconds.get()).toNanos());
        begin(steps.lane("call", () -> {}, () -> events.add("first left alone")));
        anew.look();
        begin(steps.lane("call", () -> {}, () -> events.add("second left alone")));
        for (long second : new long[] {50, 100, 110, 150, 160}) {
            seconds.set(second);
            anew.look();
        }
        assertThat(events)
                .containsExactly(
                        "noticed a/library",
                        "first left alone",
                        "replaced",
                        "noticed a/library",
                        "second left alone");
        assertThat(anew.stuck()).hasSize(2);
    }

    /** A method's reference is another object each time. */
    private Watchdog.Watched describe() {
        return new WatchedLibrary("a/library", steps, this::replace);
    }

    private void replace() {
        events.add("replaced");
    }

    @Test
    void aStepOfAnyKindThatTakesTooLongIsAskedToEndThenGivenUpThenHopeless() {
        MDC.put("request_id", "req-7");
        Ticket ticket = enter();
        MDC.clear();
        Turn turn = ticket.await();
        StepLane lane =
                steps.lane("run", () -> events.add("asked"), () -> events.add("left alone"));
        CompletableFuture<String> step = begin(lane);
        lookAt(0);
        lookAt(99);
        assertThat(watchdog.stuck()).isEmpty();
        enter().close();
        lookAt(100);
        assertThat(events).containsExactly("asked", "noticed a/model");
        assertStuck(this::enter);
        assertThat(watchdog.stuck())
                .containsExactly(new Watchdog.StuckStep("a/model", "run", "native", 100, false));
        lookAt(109);
        assertThat(events).hasSize(2);
        lookAt(110);
        assertThat(events).endsWith("left alone", "given up [req-7]");
        lookAt(199);
        assertThat(watchdog.stuck()).noneMatch(Watchdog.StuckStep::hopeless);
        lookAt(200);
        assertThat(watchdog.stuck())
                .containsExactly(new Watchdog.StuckStep("a/model", "run", "native", 200, true));
        assertThat(events).hasSize(4);
        returned.countDown();
        assertThat(step.join()).isEqualTo("done");
        lookAt(201);
        assertThat(watchdog.stuck()).isEmpty();
        assertStuck(this::enter); // of what was given up nothing comes back
        turn.close();
    }

    @Test
    void aModelWhoseStepEndsInTimeOnceAskedTakesRequestsAgainAndTheRequestIsToldWhy() {
        StepLane lane = steps.lane("run", returned::countDown);
        CompletableFuture<String> step =
                begin(
                        lane,
                        () -> {
                            throw new IllegalStateException("terminated");
                        });
        lookAt(0);
        lookAt(100);
        assertThatThrownBy(step::join)
                .cause()
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.STUCK))
                .hasMessageContaining("The run was stopped");
        lookAt(101);
        enter().close();
        assertThat(watchdog.stuck()).isEmpty();
        assertThat(events).containsExactly("noticed a/model");
        // A later failure is what it is.
        assertThatThrownBy(() ->
                        lane.run(() -> {
                            throw new IllegalStateException("broken");
                        }))
                .hasMessage("broken");
    }

    @Test
    void aStepThatGoesOnOrAnotherOneIsNotTheSameStep() {
        StepLane lane = steps.lane("run", () -> events.add("asked"));
        lookAt(0);
        for (int i = 1; i < 10; i++) {
            int now = i;
            String beaten =
                    lane.run(() -> {
                        lookAt(now * 90L);
                        lane.beat(); // as whisper.cpp does between two runs
                        lookAt(now * 90L + 89);
                        return "done";
                    });
            assertThat(beaten).isEqualTo("done");
        }
        lookAt(2000);
        assertThat(events).isEmpty();
        assertThat(watchdog.stuck()).isEmpty();
    }

    @Test
    void aStepThatRestsForAnUrgentOneDoesNotTakeTooLong() {
        try (StepLane lane = steps.lane("whisper.cpp", () -> events.add("asked"))) {
            lane.run(() -> {
                lookAt(0);
                lane.rest(() -> {
                    lookAt(1);
                    lookAt(1000);
                });
                lookAt(1001); // within the step again, from now on
                lookAt(1100);
                assertThat(events).isEmpty();
                lookAt(1102);
            });
            assertThat(events).containsExactly("asked", "noticed a/model");
        }
    }

    @Test
    void whoWaitsForATurnBehindAStepThatIsGivenUpIsTold() {
        Ticket first = enter();
        Turn held = first.await();
        Ticket second = enter();
        CompletableFuture<Turn> waiting =
                CompletableFuture.supplyAsync(second::await, Thread::startVirtualThread);
        begin(steps.lane("run", () -> {}));
        lookAt(0);
        lookAt(100);
        assertThat(waiting.isDone()).isFalse();
        lookAt(110);
        assertThatThrownBy(waiting::join).hasMessageContaining("STUCK_STEP_SECONDS");
        held.close();
    }
}
