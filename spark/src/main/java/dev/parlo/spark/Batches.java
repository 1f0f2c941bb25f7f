package dev.parlo.spark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** Groups work so that a task is worth its start and none is much longer than the others. */
final class Batches {
    private Batches() {}

    /**
     * Groups in order, none above a size but those of one item; the largest first, since a large
     * one that begins last keeps a whole cluster waiting.
     *
     * @param mostItems of a group
     */
    static <T> List<ArrayList<T>> of(
            List<T> items, ToLongFunction<T> size, long most, int mostItems) {
        record Sized<T>(ArrayList<T> batch, long size) {}
        List<Sized<T>> batches = new ArrayList<>();
        ArrayList<T> batch = new ArrayList<>();
        long filled = 0;
        for (T item : items) {
            long own = size.applyAsLong(item);
            if (!batch.isEmpty() && (filled + own > most || batch.size() == mostItems)) {
                batches.add(new Sized<>(batch, filled));
                batch = new ArrayList<>();
                filled = 0;
            }
            batch.add(item);
            filled += own;
        }
        if (!batch.isEmpty()) {
            batches.add(new Sized<>(batch, filled));
        }
        batches.sort(Comparator.comparingLong((Sized<T> one) -> one.size()).reversed());
        return batches.stream().map(Sized::batch).toList();
    }
}
