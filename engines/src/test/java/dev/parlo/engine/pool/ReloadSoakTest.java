package dev.parlo.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The arithmetic of {@link ReloadSoak}; the soak itself takes minutes: {@code make soak}. */
class ReloadSoakTest {
    @Test
    void slopeIsThatOfTheLine() {
        assertThat(ReloadSoak.slope(new long[] {5, 8, 11, 14})).isEqualTo(3.0);
        assertThat(ReloadSoak.slope(new long[] {7, 7, 7})).isZero();
    }
}
