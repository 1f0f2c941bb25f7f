package dev.parlo.server.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.server.http.MemoryBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class TasksTest {
    private final MemoryBudget budget = new MemoryBudget(1000);
    private final Cancellation conversation = new Cancellation();
    private final AtomicInteger drops = new AtomicInteger();
    private final List<String> done = new ArrayList<>();

    private Tasks tasks(int mostBytes) {
        return new Tasks(mostBytes, budget.open(), conversation, drops::incrementAndGet);
    }

    private void takeAndRun(Tasks tasks) throws InterruptedException {
        Runnable next = tasks.take(Duration.ZERO);
        if (next != null) {
            next.run();
        }
    }

    @Test
    void whoBringsTooMuchWaitsUntilThereIsRoom() throws Exception {
        Tasks tasks = tasks(10);
        tasks.add(8, cancellation -> done.add("first"));
        Thread second =
                Thread.ofVirtual().start(() -> tasks.add(3, cancellation -> done.add("second")));
        Awaitility.await().until(() -> second.getState() == Thread.State.WAITING);
        assertThat(budget.held()).isEqualTo(8);
        takeAndRun(tasks);
        second.join();
        takeAndRun(tasks);
        assertThat(done).containsExactly("first", "second");
        assertThat(tasks.take(Duration.ZERO)).isNull();
        assertThat(budget.held()).isZero();
    }

    @Test
    void cancellingEndsWhatRunsAndDropsWhatWaitsAndNothingThatFollows() throws Exception {
        Tasks tasks = tasks(10);
        tasks.add(
                1,
                cancellation -> {
                    tasks.cancel();
                    done.add("running " + cancellation.isCancelled());
                });
        tasks.add(5, cancellation -> done.add("waiting"));
        takeAndRun(tasks);
        assertThat(budget.held()).isZero();
        assertThat(drops).hasValue(1);
        tasks.add(1, cancellation -> done.add("next " + cancellation.isCancelled()));
        takeAndRun(tasks);
        assertThat(done).containsExactly("running true", "next false");
    }

    @Test
    void theEndOfTheConversationEndsEveryTask() throws Exception {
        Tasks tasks = tasks(10);
        tasks.cancel();
        tasks.add(
                1,
                cancellation -> {
                    conversation.cancel();
                    done.add("running " + cancellation.isCancelled());
                });
        takeAndRun(tasks);
        assertThat(done).containsExactly("running true");
    }

    @Test
    void closingLetsEveryoneGo() throws Exception {
        Tasks tasks = tasks(1);
        tasks.add(5, cancellation -> {}); // one is always let in
        CountDownLatch left = new CountDownLatch(1);
        Thread.ofVirtual()
                .start(() -> {
                    tasks.add(5, cancellation -> {});
                    left.countDown();
                });
        tasks.close();
        left.await();
        assertThat(tasks.take(Duration.ofDays(1))).isNull();
        assertThat(tasks.isClosed()).isTrue();
        assertThat(budget.held()).isZero();
    }
}
