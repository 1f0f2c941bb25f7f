package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberArgumentsTest {
    private static final String[] NONE = {};

    @ParameterizedTest
    @ValueSource(strings = {"٣", "0x10", "#7", "1_0", "99999999999", "1.5", "x"})
    void aWholeNumberOfTheCommandLineIsOfAsciiDigitsOnly(String given) {
        for (String[] words :
                new String[][] {
                    {"registry", "ls", "--limit", given}, {"runpod", "--rp_api_port", given}
                }) {
            ModelCommands.Result refused = ModelCommands.run(NONE, words);
            assertThat(refused.status()).isEqualTo(2);
            assertThat(refused.err()).contains("'" + given + "' is not a whole number");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"٣", "NaN", "0x1p0", "1f", "Infinity"})
    void aNumberOfTheCommandLineIsOfAsciiDigitsOnly(String given) {
        ModelCommands.Result refused = ModelCommands.run(NONE, "speak", "--speed", given, "hello");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("'" + given + "' is not a number");
    }
}
