package dev.parlo.server.realtime;

import dev.parlo.engine.Cancellation;
import dev.parlo.server.http.MemoryBudget;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the threads of one session share: its settings, its items, and the transcripts that are
 * awaited. Items change, and are told of, under one lock, so that every client sees one order.
 */
final class Talk implements AutoCloseable {
    final Ids ids;
    final Emitter emitter;
    final Items items;
    final String conversationId;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private final Set<String> awaited = new HashSet<>();

    /** Milliseconds of answers that a client heard of those that are not whole yet. */
    private final Map<String, Integer> cuts = new HashMap<>();

    private final MemoryBudget.Share memory;
    private volatile SessionSettings settings;

    /** Memory taken for the settings. Used by the thread of the session. */
    private long taken;

    Talk(Ids ids, Emitter emitter, MemoryBudget.Share memory, SessionSettings settings) {
        this.ids = ids;
        this.emitter = emitter;
        this.memory = memory;
        this.items = new Items(memory);
        this.settings = settings;
        this.conversationId = ids.next("conv_");
    }

    SessionSettings settings() {
        return settings;
    }

    /**
     * @throws dev.parlo.server.http.ApiError where they need more memory than is left; nothing is
     *     changed then
     */
    void change(SessionSettings changed) {
        long needed = changed.bytes();
        hold(needed - taken);
        taken = needed;
        settings = changed;
    }

    /**
     * Counts memory that something takes while it is under way.
     *
     * @param bytes negative to give them back
     * @throws dev.parlo.server.http.ApiError where there is not enough
     */
    void hold(long bytes) {
        if (bytes > 0) {
            memory.take(bytes);
        } else {
            memory.giveBack(-bytes);
        }
    }

    void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    <T> T get(Supplier<T> value) {
        lock.lock();
        try {
            return value.get();
        } finally {
            lock.unlock();
        }
    }

    /** Puts a whole item into the conversation and tells of it. */
    void add(Item item, @Nullable String after) {
        locked(() -> {
            items.add(item, after);
            String previous = items.before(item.id());
            emitter.itemAdded(item, previous);
            emitter.itemDone(item, previous);
        });
    }

    /** An answer that is not whole yet is to end where the client stopped hearing it. */
    void cutLater(String itemId, int end) {
        locked(() -> cuts.put(itemId, end));
    }

    /** An answer is whole. */
    void complete(Item item) {
        locked(() -> {
            Integer end = cuts.remove(item.id());
            items.replace(end == null ? item : cut(item, end));
        });
    }

    private static Item cut(Item item, int end) {
        try {
            return Truncation.at(item, 0, end);
        } catch (RealtimeException notSoLong) {
            return item;
        }
    }

    /** A transcript of an item is to come; who answers waits for it. */
    void await(String itemId) {
        locked(() -> awaited.add(itemId));
    }

    /** It has come, or never will. */
    void settle(String itemId, @Nullable String transcript) {
        locked(() -> {
            awaited.remove(itemId);
            settled.signalAll();
            Item item = items.find(itemId);
            if (item != null && !item.parts().isEmpty()) {
                Item.Part part = item.parts().getFirst();
                items.replace(
                        item.with(
                                Item.Part.audio(
                                        transcript == null ? "" : transcript, part.sound())));
            }
        });
    }

    /** Waits until no transcript is awaited. */
    void awaitTranscripts(Cancellation cancellation) {
        try (Cancellation.Registration wake =
                cancellation.onCancel(() -> locked(settled::signalAll))) {
            lock.lock();
            try {
                while (!awaited.isEmpty()) {
                    cancellation.check();
                    settled.awaitUninterruptibly();
                }
                cancellation.check();
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public void close() {
        locked(items::close);
    }
}
