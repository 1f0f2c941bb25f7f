package dev.parlo.server.realtime;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The items of a conversation, in order. Bounded: of what was said the oldest is let go first, and
 * beyond a number of items the oldest items. Not thread-safe.
 */
final class Items implements AutoCloseable {
    /** Items of a conversation; a language model would not read more. */
    static final int MOST = 1000;

    private static final long MOST_SOUND = 4L << 20;
    private static final String FRONT = "root";

    private final MemoryBudget.Share memory;
    private final List<Held> items = new ArrayList<>();

    /** An item and the memory that was taken for it. */
    private static final class Held {
        Item item;
        long taken;

        Held(Item item, long taken) {
            this.item = item;
            this.taken = taken;
        }
    }

    /**
     * @param memory for what the items hold
     */
    Items(MemoryBudget.Share memory) {
        this.memory = memory;
    }

    /** All of them. */
    List<Item> all() {
        return items.stream().map(held -> held.item).toList();
    }

    /** The id of the last one, or null. */
    @Nullable String last() {
        return items.isEmpty() ? null : items.getLast().item.id();
    }

    /** The id of the one before, or null. */
    @Nullable String before(String id) {
        int index = index(id);
        return index <= 0 ? null : items.get(index - 1).item.id();
    }

    private int index(String id) {
        for (int i = items.size() - 1; i >= 0; i--) {
            if (items.get(i).item.id().equals(id)) {
                return i;
            }
        }
        return -1;
    }

    @Nullable Item find(String id) {
        int index = index(id);
        return index < 0 ? null : items.get(index).item;
    }

    /**
     * Finds one that has to be there.
     *
     * @param action in the words of the message, such as "deleting"
     * @param code of the error
     */
    Item require(@Nullable String id, String action, String code) {
        Item item = id == null ? null : find(id);
        if (item == null) {
            throw new RealtimeException(
                    code,
                    String.format(
                            Locale.ROOT,
                            "Error %s item: the item with id '%s' does not exist.",
                            action,
                            Given.shown(String.valueOf(id))),
                    "item_id");
        }
        return item;
    }

    /** Adds one at the end. */
    void add(Item item) {
        insert(items.size(), item);
    }

    /**
     * Adds one behind another.
     *
     * @param after null for the end, {@code root} for the front
     * @throws RealtimeException where there is none of that id, or one of this id
     */
    void add(Item item, @Nullable String after) {
        if (index(item.id()) >= 0) {
            throw new RealtimeException(
                    "item_create_duplicate_item_id",
                    String.format(
                            Locale.ROOT,
                            "Error adding item: the item with id '%s' already exists.",
                            Given.shown(item.id())),
                    "item.id");
        }
        int at = after == null ? items.size() : after.equals(FRONT) ? 0 : index(after) + 1;
        if (after != null && at == 0 && !after.equals(FRONT)) {
            throw new RealtimeException(
                    "item_create_invalid_previous_item_id",
                    String.format(
                            Locale.ROOT,
                            "Error adding item: the previous item with id '%s' does not exist.",
                            Given.shown(after)),
                    "previous_item_id");
        }
        insert(at, item);
    }

    private void insert(int at, Item item) {
        Held held = new Held(item, 0);
        if (!taken(held)) {
            // Memory is short: the words are what matters.
            items.forEach(this::quieten);
            held.item = item.silent();
            memory.take(held.item.bytes());
            held.taken = held.item.bytes();
        }
        items.add(at, held);
        bound();
    }

    private boolean taken(Held held) {
        long needed = held.item.bytes();
        try {
            memory.take(Math.max(0, needed - held.taken));
        } catch (ApiError full) {
            return false;
        }
        memory.giveBack(Math.max(0, held.taken - needed));
        held.taken = needed;
        return true;
    }

    private void quieten(Held held) {
        if (held.item.soundBytes() > 0) {
            held.item = held.item.silent();
            var unused = taken(held);
        }
    }

    private void bound() {
        while (items.size() > MOST) {
            remove(items.getFirst().item);
        }
        long sound = 0;
        for (int i = items.size() - 1; i >= 0; i--) {
            sound += items.get(i).item.soundBytes();
            if (sound > MOST_SOUND) {
                quieten(items.get(i));
            }
        }
    }

    /** Puts another one in the place of that with its id; nothing where that is gone. */
    void replace(Item item) {
        int index = index(item.id());
        if (index < 0) {
            return;
        }
        Held held = items.get(index);
        held.item = item;
        if (!taken(held)) {
            held.item = item.silent();
            var unused = taken(held); // a few words more than what was counted do no harm
        }
        bound();
    }

    void remove(Item item) {
        int index = index(item.id());
        if (index >= 0) {
            memory.giveBack(items.remove(index).taken);
        }
    }

    /** Whether a function was called so. */
    boolean hasCall(String callId) {
        return all().stream()
                .anyMatch(item ->
                        item.kind() == Item.Kind.FUNCTION_CALL
                                && item.call() != null
                                && item.call().callId().equals(callId));
    }

    @Override
    public void close() {
        memory.close();
    }
}
