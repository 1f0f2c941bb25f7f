package dev.parlo.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("locale")
class ByteAmountTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0.0 KiB",
        "2048, 2.0 KiB",
        "102348, 99.9 KiB",
        "102400, 100 KiB",
        "1048575, 1.0 MiB",
        "10485760, 10.0 MiB",
        "536870912, 512 MiB",
        "1073741823, 1.0 GiB",
        "8589934592, 8.0 GiB",
        "1099511627776, 1024 GiB"
    })
    void anAmountHasThreeFiguresAndTheLargestUnitThatLeavesAWhole(long bytes, String text) {
        assertThat(ByteAmount.text(bytes)).isEqualTo(text);
    }
}
