package dev.parlo.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RecentTextsTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final RecentTexts texts = new RecentTexts(Duration.ofHours(1), now::get);

    @Test
    void aTextIsForgottenAfterItsTime() {
        assertThat(texts.put("a", "Hello")).isEqualTo(Instant.EPOCH.plusSeconds(3600));
        now.set(Instant.EPOCH.plusSeconds(3600));
        assertThat(texts.get("a")).contains("Hello");
        now.set(Instant.EPOCH.plusSeconds(3601));
        assertThat(texts.get("a")).isEmpty();
    }

    @Test
    void theOldestGoWhereThereAreTooManyOrTheyAreTooLongTogether() {
        for (int i = 0; i < 4097; i++) {
            texts.put("n" + i, "x");
        }
        assertThat(texts.get("n0")).isEmpty();
        assertThat(texts.get("n1")).contains("x");
        texts.put("long", "y".repeat((16 << 20) - 2));
        assertThat(texts.get("n4094")).isEmpty();
        assertThat(texts.get("n4096")).contains("x");
        texts.put("longer", "z".repeat(20 << 20));
        assertThat(texts.get("longer")).isEmpty();
    }
}
