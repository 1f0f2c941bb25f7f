package dev.parlo.server.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.http.MemoryBudget;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class InboxTest {
    private static Inbox.Message text(int length) {
        return new Inbox.Message("x".repeat(length), null);
    }

    @Test
    void whoBringsTooMuchWaitsUntilThereIsRoom() throws Exception {
        Inbox inbox = new Inbox(10, new MemoryBudget(100).open());
        inbox.put(text(8));
        Thread second =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                inbox.put(text(3));
                            } catch (InterruptedException stopped) {
                                Thread.currentThread().interrupt();
                            }
                        });
        Awaitility.await().until(() -> second.getState() == Thread.State.WAITING);
        assertThat(inbox.take(Duration.ZERO)).isEqualTo(text(8));
        second.join();
        assertThat(inbox.take(Duration.ZERO)).isEqualTo(text(3));
        assertThat(inbox.take(Duration.ZERO)).isNull();
    }

    @Test
    void closingLetsEveryoneGo() throws Exception {
        Inbox inbox = new Inbox(1, new MemoryBudget(100).open());
        inbox.put(text(5)); // one is always let in
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        inbox.put(text(5));
                        done.countDown();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                });
        inbox.close();
        done.await();
        assertThat(inbox.take(Duration.ofDays(1))).isNull();
        assertThat(inbox.isClosed()).isTrue();
    }
}
