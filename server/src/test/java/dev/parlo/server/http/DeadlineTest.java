package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    @Test
    void everyThousandthOfASecondIsReadAsItIsWritten() {
        for (int millis = 1; millis <= 100_000; millis++) {
            String written = BigDecimal.valueOf(millis, 3).toPlainString();
            assertThat(Deadline.parsed(written).toMillis()).as(written).isEqualTo(millis);
        }
    }

    @Test
    void lessThanAThousandthIsAThousandth() {
        assertThat(Deadline.parsed("1e-9").toMillis()).isEqualTo(1);
    }
}
