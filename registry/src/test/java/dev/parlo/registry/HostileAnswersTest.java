package dev.parlo.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything read from a Hub, or left on disk by another program, may be anything. */
class HostileAnswersTest {
    private static final ModelId ID = ModelId.parse("a/b");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../x",
                "a/../b",
                "/x",
                "a//b",
                "a/",
                "\\x",
                "a\\b",
                "C:x",
                "a%2fb",
                "a\0b",
                "a\nb",
                "a?b",
                "a*b",
                "a|b",
                "a/b/c/d/e/f/g",
                "x "
            })
    void fileNamesThatLeadElsewhereAreRefused(String name) {
        assertThatThrownBy(() -> CacheLayout.file(name)).isInstanceOf(RegistryException.class);
    }

    @Property(tries = 2000)
    void acceptedFileNamesStayInsideTheSnapshot(
            @ForAll @CharRange(from = 'a', to = 'b') @Chars({'.', '/', '\\', ':', '-', '%', '\0'})
                    String name) {
        Path root = Path.of("/cache/snapshots/x");
        try {
            Path file = root.resolve(CacheLayout.file(name));
            assertThat(file.normalize()).isEqualTo(file).startsWithRaw(root).isNotEqualTo(root);
        } catch (RegistryException refused) {
            assertThat(refused.category()).isEqualTo(RegistryException.Category.CORRUPT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", ".hidden", "../x", "a/b", "a\\b", "a\0", "x.incomplete"})
    void etagsThatLeadElsewhereAreRefused(String etag) {
        CacheLayout layout = new CacheLayout(Path.of("/cache"));
        assertThatThrownBy(() -> layout.blob(ID, etag)).isInstanceOf(RegistryException.class);
        assertThatThrownBy(() -> layout.lock(ID, etag)).isInstanceOf(RegistryException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "main",
                "..",
                "../../x",
                "0123",
                "0123456789ABCDEF0123456789ABCDEF01234567"
            })
    void commitsThatAreNoneAreRefused(String commit) {
        CacheLayout layout = new CacheLayout(Path.of("/cache"));
        assertThatThrownBy(() -> layout.snapshot(ID, commit)).isInstanceOf(RegistryException.class);
    }

    @Property(tries = 1000)
    void anyContentRangeIsReadOrRefused(
            @ForAll @Chars({'b', 'y', 't', 'e', 's', ' ', '-', '/', '9'}) String text) {
        try {
            assertThat(ContentRange.parse("bytes " + text).first()).isNotNegative();
        } catch (IOException refused) {
            assertThat(refused).hasMessageContaining("Content-Range");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<http://h/a?cursor=2>; rel=\"next\" | http://h/a?cursor=2",
                "<http://h/p>; rel=\"prev\", <http://h/n>; rel=\"next\" | http://h/n",
                "<http://h/n>; title=\"x\"; rel=next | http://h/n",
                "<http://h/p>; rel=\"prev\" | ",
                "garbage <<>> ; rel=next | ",
            })
    void readsTheNextPage(String header, String next) {
        assertThat(LinkHeader.next(List.of(header))).isEqualTo(Optional.ofNullable(next));
    }

    @Property(tries = 1000)
    void anyLinkHeaderIsReadWithoutFailing(
            @ForAll @Chars({'<', '>', ';', '=', '"', ',', ' ', 'r', 'e', 'l'}) String text) {
        assertThat(LinkHeader.next(List.of(text))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"5,5", "0,0", "999999999,86400", "-1,", "x,", "'Thu, 01 Jan 1970 00:00:00 GMT',0"})
    void readsHowLongToWait(String header, Long seconds) {
        assertThat(HubErrors.retryAfter(header))
                .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
    }

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
