package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

final class HttpLimitsTest {
    @Property(tries = 200)
    void connectionsTheirUploadsAndThoseThatAreRefusedFitIntoWhatMayBeOpen(
            @ForAll @LongRange(min = 40, max = 1L << 40) long free) {
        int served = HttpLimits.mostConnections(free);
        int refused = HttpLimits.mostRefused(free);
        assertThat(2L * served + refused).isLessThanOrEqualTo(free);
        assertThat(served).isGreaterThanOrEqualTo(16);
        assertThat(refused).isBetween(1, 64);
    }
}
