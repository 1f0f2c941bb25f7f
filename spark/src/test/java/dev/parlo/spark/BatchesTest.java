package dev.parlo.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchesTest {
    @Test
    void theLargestComesFirst() {
        assertThat(Batches.of(List.of(1, 2, 30, 4, 5), Integer::longValue, 10, 100))
                .containsExactly(list(30), list(4, 5), list(1, 2));
    }

    @Property(tries = 200)
    void everythingIsInOneBatchAndNoneOfSeveralIsTooLarge(
            @ForAll List<@IntRange(min = 0, max = 50) Integer> items) {
        List<ArrayList<Integer>> batches = Batches.of(items, Integer::longValue, 40, 3);

        assertThat(batches.stream().flatMap(List::stream).toList())
                .containsExactlyInAnyOrderElementsOf(items);
        assertThat(batches)
                .allSatisfy(batch -> {
                    assertThat(batch.size()).isBetween(1, 3);
                    if (batch.size() > 1) {
                        assertThat(batch.stream().mapToInt(i -> i).sum()).isLessThanOrEqualTo(40);
                    }
                });
    }

    private static ArrayList<Integer> list(Integer... items) {
        return new ArrayList<>(List.of(items));
    }
}
