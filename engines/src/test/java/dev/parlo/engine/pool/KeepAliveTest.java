package dev.parlo.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepAliveTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "300, 300000",
        "5m, 300000",
        "1h30m, 5400000",
        "250ms, 250",
        "1.5s, 1500",
        "2H, 7200000",
        "' 10s ', 10000",
        "0s, 0",
        "1d, 86400000"
    })
    void readsSecondsAndDurations(String text, long millis) {
        assertThat(KeepAlive.parse(text).time()).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-1s", "-5m", "-300"})
    void negativeIsForEver(String text) {
        assertThat(KeepAlive.parse(text)).isEqualTo(KeepAlive.FOREVER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "m5", "5 m", "5m5", "1e3", "NaN", "forever", "9999999999", "5x"})
    void saysWhatIsAcceptedOtherwise(String text) {
        assertThatThrownBy(() -> KeepAlive.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keep_alive")
                .hasMessageContaining("5m");
    }

    @Test
    void minusZeroIsZero() {
        assertThat(KeepAlive.parse("-0")).isEqualTo(KeepAlive.NONE);
    }

    @Property
    void everyTextIsReadOrRefusedInWords(@ForAll String text) {
        try {
            assertThat(KeepAlive.parse(text).time()).isGreaterThanOrEqualTo(Duration.ofSeconds(-1));
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("keep_alive");
        }
    }

    @Property
    void secondsStay(@ForAll @IntRange(min = -1, max = 999_999_999) int seconds) {
        assertThat(KeepAlive.parse(Integer.toString(seconds)))
                .isEqualTo(KeepAlive.ofSeconds(seconds));
    }
}
