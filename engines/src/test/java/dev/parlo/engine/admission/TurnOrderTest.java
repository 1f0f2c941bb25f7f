package dev.parlo.engine.admission;

import static dev.parlo.engine.admission.Tickets.enter;
import static dev.parlo.engine.admission.Tickets.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.Latches;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose turn is next: of clips, files and books that wait for one engine. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TurnOrderTest {
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    private Thread queued(Admission admission, Priority priority, String name) {
        return waiting(
                admission,
                () -> {
                    try (Ticket ticket = admission.enter(priority, new Cancellation())) {
                        var unused = ticket.compute(() -> order.add(name));
                    }
                });
    }

    @Test
    void oneClipAtATimeHasATurnBesideFiles() throws Exception {
        Admission admission = new Admission(1, 99);
        List<Thread> all = new ArrayList<>();
        try (Ticket file = enter(admission);
                Ticket clip = enter(admission)) {
            file.expectMore();
            try (Turn window = file.await()) {
                all.add(
                        waiting(
                                admission,
                                () -> {
                                    try (Ticket other = enter(admission)) {
                                        other.expectMore();
                                        var unused = other.compute(() -> order.add("file"));
                                    }
                                }));
                admission.clipsBesideFiles(true);
                assertThat(admission.waiting()).isEqualTo(1); // the file has none
                try (Turn beside = clip.await()) {
                    assertThat(beside.isUrgent()).isTrue();
                    all.add(queued(admission, Priority.BATCH, "second clip"));
                    all.add(queued(admission, Priority.INTERACTIVE, "third clip"));
                    assertThat(admission.waiting()).isEqualTo(3);
                }
                await().until(() -> admission.waiting() == 1);
            }
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(order).containsExactly("third clip", "second clip", "file");
    }

    @Test
    void noMoreThanBeforeIsComputedWhereTheFileBesideAClipIsDone() throws Exception {
        Admission admission = new Admission(1, 99);
        admission.clipsBesideFiles(true);
        try (Ticket file = enter(admission);
                Ticket clip = enter(admission)) {
            file.expectMore();
            Turn window = file.await();
            Thread next;
            try (Turn beside = clip.await()) {
                next = queued(admission, Priority.INTERACTIVE, "next");
                window.close();
                assertThat(admission.waiting()).isEqualTo(1);
                assertThat(order).isEmpty();
            }
            next.join();
        }
        assertThat(order).containsExactly("next");
    }

    @Test
    void aBookGivesWayAfterEachChunkToThoseWhoCameBefore() throws InterruptedException {
        Admission admission = new Admission(1, 99);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Thread book =
                Thread.ofPlatform()
                        .start(() -> {
                            try (Ticket ticket = enter(admission)) {
                                for (int i = 0; i < 3; i++) {
                                    int chunk = i;
                                    var unused =
                                            ticket.compute(() -> {
                                                begun.countDown();
                                                Latches.await(go);
                                                return order.add("book " + chunk);
                                            });
                                }
                            }
                        });
        begun.await();
        List<Thread> others = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            others.add(queued(admission, Priority.INTERACTIVE, name));
        }
        assertThat(admission.entered()).isEqualTo(4);
        go.countDown();
        book.join();
        for (Thread other : others) {
            other.join();
        }
        assertThat(order).containsExactly("book 0", "a", "b", "c", "book 1", "book 2");
        assertThat(admission.entered()).isZero();
    }

    @Test
    void interactiveRequestsGoFirstButABatchRequestIsNotPassedForEver() throws Exception {
        Admission admission = new Admission(1, 99);
        List<Thread> all = new ArrayList<>();
        try (Ticket first = enter(admission);
                Turn turn = first.await()) {
            all.add(queued(admission, Priority.BATCH, "batch 1"));
            all.add(queued(admission, Priority.BATCH, "batch 2"));
            for (int i = 1; i <= WaitingLine.PATIENCE + 2; i++) {
                all.add(queued(admission, Priority.INTERACTIVE, "interactive " + i));
            }
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(order)
                .containsExactly(
                        "interactive 1",
                        "interactive 2",
                        "interactive 3",
                        "interactive 4",
                        "batch 1",
                        "interactive 5",
                        "interactive 6",
                        "batch 2");
    }

    /** A file that works on many windows at a time, and one that has had many. */
    @Test
    void furtherWindowsOfAFileQueueBehindTheFirstOfOthersWhateverTheirPriority() throws Exception {
        Admission admission = new Admission(1, 99);
        List<Thread> all = new ArrayList<>();
        try (Ticket file = admission.enter(Priority.INTERACTIVE, new Cancellation())) {
            try (Turn turn = file.await()) {
                for (int i = 1; i <= 3; i++) {
                    String name = "file " + i;
                    all.add(
                            waiting(
                                    admission,
                                    () -> {
                                        var unused = file.compute(() -> order.add(name));
                                    }));
                }
                all.add(queued(admission, Priority.BATCH, "clip 1"));
                all.add(queued(admission, Priority.BATCH, "clip 2"));
            }
            for (Thread thread : all) {
                thread.join();
            }
        }
        assertThat(order).containsExactly("clip 1", "clip 2", "file 1", "file 2", "file 3");
    }
}
