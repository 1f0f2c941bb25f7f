package dev.parlo.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What another program left on disk under a journal's name may be anything. */
class RangeJournalTest {
    /** A journal says nothing the data file cannot hold, whatever bytes it is made of. */
    @Property(tries = 300)
    void anyJournalIsReadOrBegunAnew(
            @ForAll @Size(max = 80) byte[] bytes,
            @ForAll boolean headed,
            @ForAll @IntRange(max = 1000) int have)
            throws IOException {
        Path file = Files.createTempFile("journal", "");
        try {
            java.nio.ByteBuffer content = java.nio.ByteBuffer.allocate(24 + bytes.length);
            if (headed) {
                content.putInt(0x50524C4F).putInt(1).putLong(1000).putLong(300);
            }
            content.put(bytes);
            Files.write(file, java.util.Arrays.copyOf(content.array(), content.position()));
            try (RangeJournal journal = RangeJournal.open(file, 1000, 400, have, 0)) {
                assertThat(journal.bytesDone()).isBetween(0L, 1000L);
                for (int range = 0; range < journal.ranges(); range++) {
                    assertThat(journal.position(range))
                            .isBetween(journal.start(range), journal.end(range))
                            .isLessThanOrEqualTo(Math.max(journal.start(range), have));
                }
                assertThat(journal.end(journal.ranges() - 1)).isEqualTo(1000);
            }
        } finally {
            Files.delete(file);
        }
    }
}
