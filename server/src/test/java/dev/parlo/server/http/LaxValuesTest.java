package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

@Tag("locale")
class LaxValuesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "٣",
                "３",
                "১২",
                "1٣",
                "٣.5",
                "0x10",
                "0x1p3",
                "#10",
                "1f",
                "1d",
                "1L",
                "NaN",
                "Infinity",
                "-Infinity",
                "1e400",
                "1,5",
                "1 000",
                "--1",
                "+",
                "-",
                ".",
                "e5",
                ""
            })
    void aNumberIsOfAsciiDigitsOnly(String text) {
        assertThat(LaxValues.integer(text)).isNull();
        assertThat(LaxValues.number(text)).isNull();
        assertThat(LaxValues.digits(text)).isNull();
        assertThat(LaxValues.integer(StringNode.valueOf(text))).isNull();
        assertThat(LaxValues.number(StringNode.valueOf(text))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "-%s", "%s.5", "1e999", "-1e999999999"})
    void aJsonNumberBeyondEveryRangeIsNone(String form) {
        JsonNode number = Json.mapper().readTree(form.formatted("9".repeat(400)));
        assertThat(number.isNumber()).isTrue();
        assertThat(LaxValues.bool(number)).isNull();
        assertThat(LaxValues.number(number)).isNull();
        assertThat(LaxValues.integer(number)).isNull();
    }

    @Test
    void whatPydanticTakesIsTaken() {
        assertThat(LaxValues.integer(" +16000.0 ")).isEqualTo(16_000);
        assertThat(LaxValues.integer("-7")).isEqualTo(-7);
        assertThat(LaxValues.integer("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(LaxValues.integer("9223372036854775808")).isNull();
        assertThat(LaxValues.number("-.5e1")).isEqualTo(-5);
        assertThat(LaxValues.digits("007")).isEqualTo(7);
        assertThat(LaxValues.digits("16000.0")).isNull();
    }
}
