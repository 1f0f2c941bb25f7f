package dev.parlo.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every header read from a Hub may be anything. */
class HostileHeadersTest {
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
                "<http://h/n>; title=\"a, b; c\"; rel=\"next\" | http://h/n",
                "<http://h/n>; REL=\"NEXT last\" | http://h/n",
                "<http://h/a,b?c=d;e>; rel = next | http://h/a,b?c=d;e",
                "<http://h/n>; rel=\"nextish\" | ",
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

    @Test
    void aNextPageWithALongCursorIsNotLost() {
        String address = "http://h/n?cursor=" + "x".repeat(50_000);
        assertThat(LinkHeader.next(List.of("<" + address + ">; rel=\"next\""))).contains(address);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"api\";r=0;t=40 | 41",
                "\"api\"; r=0; t=40 | 41",
                "\"api\";r=10;t=40 | ",
                "\"api\";r=10;t=40, \"resolvers\";r=0;t=7 | 8",
                "\"api\";r=0;t=3, \"resolvers\";r=0;t=7 | 8",
                "limit=100, remaining=0, reset=50 | 51",
                "limit=100, remaining=3, reset=50 | ",
                "\"api\";q=500;w=300 | ",
                "t=999999999 | 86400",
                "t=99999999999 | ",
                "nonsense | "
            })
    void readsTheHubsRateLimit(String header, Long seconds) {
        assertThat(WaitHeaders.rateLimit(List.of(header)))
                .isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
    }

    @Property(tries = 1000)
    void anyRateLimitIsReadWithoutFailing(
            @ForAll @Chars({'"', ';', '=', 'r', 't', '0', '9', ',', ' '}) String text) {
        assertThat(WaitHeaders.rateLimit(List.of(text))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"5,5", "0,0", "999999999,86400", "-1,", "x,", "'Thu, 01 Jan 1970 00:00:00 GMT',0"})
    void readsHowLongToWait(String header, Long seconds) {
        assertThat(WaitHeaders.retryAfter(header))
                .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
    }
}
