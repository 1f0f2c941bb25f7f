package dev.parlo.engine.whisper.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.admission.Urgency;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which window is encoded next, at times that are made up. */
class EncodeQueueTest {
    private static final int RUN = 1000;

    private final Urgency urgency = new Urgency();
    private long now = 5 * RUN;
    private final EncodeQueue queue = new EncodeQueue(16, urgency, () -> now);
    private final EncodeTask file = task(false);

    private static EncodeTask task(boolean urgent) {
        return new EncodeTask(new float[0], urgent, new CompletableFuture<>());
    }

    private @Nullable EncodeTask next() {
        EncodeQueue.Assignment turn = queue.poll();
        if (turn == null) {
            return null;
        }
        queue.ended(turn);
        queue.free(turn.slot());
        queue.ran(RUN);
        return turn.task();
    }

    @Test
    void companyComesWhileWindowsAreEncodedOrWaitForNothingButTheEncoder() {
        queue.ran(RUN);
        now += RUN;
        assertThat(queue.isCompanyComing(false)).isFalse();
        queue.add(file);
        assertThat(queue.isCompanyComing(false)).isTrue();
        assertThat(queue.isCompanyComing(true)).isFalse();
        EncodeQueue.Assignment turn = Objects.requireNonNull(queue.poll());
        assertThat(queue.isCompanyComing(false)).isTrue();
        assertThat(queue.isCompanyComing(true)).isFalse();
        queue.ended(turn);
        assertThat(queue.isCompanyComing(false)).isFalse();
        queue.add(task(true));
        assertThat(queue.isCompanyComing(true)).isTrue();
        queue.ended(Objects.requireNonNull(queue.poll()));
        assertThat(queue.isCompanyComing(true)).isFalse();
    }

    @Test
    void windowsThatAreHeldBackForAClipAreNoCompany() {
        queue.ran(RUN);
        urgency.begin();
        queue.add(file);
        assertThat(queue.isCompanyComing(false)).isFalse();
        urgency.end();
        queue.calm();
        now += RUN / 2;
        assertThat(queue.isCompanyComing(false)).isTrue();
    }

    @Test
    void windowsThatFindNoSlotAreNoCompany() {
        queue.ran(RUN);
        now += RUN;
        for (int i = 0; i < 16; i++) {
            queue.add(task(false));
            queue.ended(Objects.requireNonNull(queue.poll()));
        }
        queue.add(file);
        queue.add(task(true));
        assertThat(queue.isCompanyComing(false)).isFalse();
        assertThat(queue.isCompanyComing(true)).isFalse();
        queue.free(3);
        assertThat(queue.isCompanyComing(false)).isTrue();
    }

    @Test
    void urgentWindowsGoFirstButAFileIsNotPassedForEver() {
        queue.ran(RUN);
        queue.add(file);
        List<EncodeTask> clips = new ArrayList<>();
        for (int i = 0; i < Urgency.PATIENCE + 1; i++) {
            clips.add(task(true));
            queue.add(clips.getLast());
        }
        for (int i = 0; i < Urgency.PATIENCE; i++) {
            assertThat(next()).isSameAs(clips.get(i));
        }
        assertThat(next()).isSameAs(file);
        assertThat(next()).isSameAs(clips.getLast());
        assertThat(next()).isNull();
    }

    @Test
    void aFileWaitsWhileAClipIsDecodedAndAMomentLongerForTheNextClip() {
        queue.ran(RUN);
        urgency.begin();
        queue.add(file);
        assertThat(next()).isNull();
        urgency.end();
        queue.calm();
        assertThat(next()).isNull();
        now += RUN / 2;
        assertThat(next()).isSameAs(file);
    }

    @Test
    void aFileWaitsForNoMoreThanSomeRunsOfTheEncoder() {
        queue.ran(RUN);
        urgency.begin();
        queue.add(file);
        now += Urgency.PATIENCE * RUN - 1;
        assertThat(next()).isNull();
        now++;
        assertThat(next()).isSameAs(file);
        EncodeTask further = task(false);
        queue.add(further);
        assertThat(next()).isNull();
    }

    @Test
    void withoutAFreeSlotNothingIsEncodedAndMemoryIsTrimmedOnlyWhenNoneIsTaken()
            throws InterruptedException {
        EncodeQueue one = new EncodeQueue(1, urgency, () -> now);
        one.add(file);
        EncodeQueue.Assignment taken = Objects.requireNonNull(one.poll());
        one.add(task(true));
        assertThat(one.poll()).isNull();
        one.free(taken.slot());
        AtomicInteger idle = new AtomicInteger();
        assertThat(one.next(idle::incrementAndGet)).isNotNull();
        assertThat(idle.get()).isZero();
    }

    @Test
    void closingRefusesWhatWaitsAndWhatComes() {
        queue.add(file);
        queue.close();
        assertThat(file.encoded()).isCompletedExceptionally();
        assertThatThrownBy(() -> queue.add(task(true))).isInstanceOf(EngineException.class);
    }

    @Test
    void aRunHasWindowsOfOneUrgencyInSlotsThatFollowEachOther() {
        EncodeQueue four = new EncodeQueue(4, urgency, () -> now);
        List<EncodeTask> clips = List.of(task(true), task(true), task(true));
        four.ran(RUN);
        four.add(file);
        clips.forEach(four::add);
        EncodeQueue.Assignment first = Objects.requireNonNull(four.poll());
        assertThat(four.together(first, waiting -> 2))
                .extracting(EncodeQueue.Assignment::task)
                .containsExactly(clips.get(0), clips.get(1));
        four.free(0); // so that slot 0 is next, which does not follow slot 2
        EncodeQueue.Assignment third = Objects.requireNonNull(four.poll());
        assertThat(third.slot()).isZero();
        assertThat(four.together(third, waiting -> waiting)).containsExactly(third);
        EncodeTask further = task(true);
        four.add(further);
        four.free(1);
        assertThat(four.together(third, waiting -> waiting))
                .extracting(EncodeQueue.Assignment::slot)
                .containsExactly(0, 1);
    }
}
