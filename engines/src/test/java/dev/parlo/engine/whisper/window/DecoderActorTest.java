package dev.parlo.engine.whisper.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.admission.Urgency;
import dev.parlo.engine.whisper.decode.GreedySearch;
import dev.parlo.engine.whisper.decode.LogitRules;
import dev.parlo.engine.whisper.decode.SuppressRules;
import dev.parlo.engine.whisper.decode.TokenIds;
import dev.parlo.engine.whisper.decode.WindowSearch;
import dev.parlo.engine.whisper.decode.WindowTask;
import dev.parlo.engine.whisper.network.AlignmentTask;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class DecoderActorTest {
    private static final TokenIds IDS = new TokenIds(12, 17, 16, 38);

    private final MadeUpArena arena = new MadeUpArena(4, IDS, (audio, tokens) -> new float[38]);
    private final Urgency urgency = new Urgency();
    private volatile long now;
    private final EncodeQueue queue = new EncodeQueue(4, urgency, () -> now);

    /** Runs of the encoder that take an hour, so that nothing but the clip ends the waiting. */
    @Test
    void aClipIsDecodedAtOnceWhileWindowsOfFilesWaitForCompany() {
        queue.ran(TimeUnit.HOURS.toNanos(1));
        now = TimeUnit.HOURS.toNanos(1); // long after the last clip
        for (int i = 0; i < 8; i++) {
            queue.add(new EncodeTask(new float[0], false, new CompletableFuture<>()));
        }
        try (DecoderActor actor = new DecoderActor(arena, queue, urgency, EngineObserver.NONE)) {
            CompletableFuture<Boolean> file = actor.decode(0, false, search(), new Cancellation());
            Thread decoder = arena.decoderThread.join();
            await().until(() -> decoder.getState() == Thread.State.TIMED_WAITING);
            assertThat(file).isNotDone();
            urgency.begin();
            assertThat(actor.decode(1, true, search(), new Cancellation()))
                    .succeedsWithin(60, TimeUnit.SECONDS);
        }
    }

    /** Runs of the encoder that take an hour, so that nothing but its end ends the waiting. */
    @Test
    void aWindowWaitsForThoseThatAreBeingEncodedAndNoLonger() throws Exception {
        queue.ran(TimeUnit.HOURS.toNanos(1));
        EncodeTask clip = new EncodeTask(new float[0], true, new CompletableFuture<>());
        queue.add(clip);
        urgency.begin();
        EncodeQueue.Assignment encoding = Objects.requireNonNull(queue.poll());
        try (DecoderActor actor = new DecoderActor(arena, queue, urgency, EngineObserver.NONE)) {
            CompletableFuture<Boolean> first = actor.decode(1, true, search(), new Cancellation());
            Thread decoder = arena.decoderThread.join();
            await().until(() -> decoder.getState() == Thread.State.TIMED_WAITING);
            assertThat(first).isNotDone();
            queue.ended(encoding);
            assertThat(first).succeedsWithin(60, TimeUnit.SECONDS);
        }
    }

    /** The first step takes an hour, so the decoder would rest for eight. */
    @Test
    void aClipsAlignmentEndsTheDecodersRest() {
        AtomicLong clock = new AtomicLong();
        MadeUpArena slow =
                new MadeUpArena(
                        4,
                        IDS,
                        (audio, tokens) -> {
                            clock.addAndGet(TimeUnit.HOURS.toNanos(1));
                            return new float[38];
                        });
        try (DecoderActor actor =
                new DecoderActor(slow, queue, urgency, EngineObserver.NONE, clock::get)) {
            urgency.begin();
            CompletableFuture<Boolean> file = actor.decode(0, false, search(), new Cancellation());
            Thread decoder = slow.decoderThread.join();
            await().until(() ->
                    clock.get() > 0 && decoder.getState() == Thread.State.TIMED_WAITING);
            assertThat(file).isNotDone();
            AlignmentTask task = new AlignmentTask(new int[] {13, 5, 12}, 1, 1, 12);
            assertThat(actor.align(1, true, task)).succeedsWithin(60, TimeUnit.SECONDS);
        }
    }

    private static WindowSearch search() {
        int[] prompt = {13};
        SuppressRules suppress = new SuppressRules(IDS, new int[] {13}, new int[0], false);
        LogitRules rules = new LogitRules(IDS, suppress, false, 6, 1, 0);
        return GreedySearch.best(new WindowTask(prompt, 0, new int[0], 3, rules), 1);
    }
}
