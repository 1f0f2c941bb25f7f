package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

final class FieldsTest {
    private static Fields json(String text) {
        return Fields.json(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everythingThatIsWrongIsNamedTogether() {
        Fields body =
                json(
                        "{\"text\":5,\"speed\":\"fast\",\"rate\":1.5,\"deep\":{\"volume\":99},\"flat\":1}");
        assertThat(body.required("text")).isEmpty();
        assertThat(body.required("input")).isEmpty();
        assertThat(body.number("speed", 1, 0, 4)).isEqualTo(1);
        assertThat(body.integerBetween("rate", 0, 10)).isEmpty();
        assertThat(body.within("deep").number("volume", 0, -20, 20)).isZero();
        assertThat(body.within("flat").text("x")).isNull();
        ApiError error = catchThrowableOfType(ApiError.class, body::check);
        assertThat(error.status()).isEqualTo(422);
        assertThat(error.message())
                .contains(
                        "body.text",
                        "body.input",
                        "body.speed",
                        "body.rate",
                        "body.deep.volume",
                        "body.flat");
    }

    @Test
    void nullCountsAsNotGiven() {
        Fields body = json("{\"text\":null,\"speed\":null,\"deep\":null}");
        assertThat(body.text("text")).isNull();
        assertThat(body.number("speed", 1.5, 0, 4)).isEqualTo(1.5);
        assertThat(body.within("deep").text("x")).isNull();
        body.check();
    }

    @Property(tries = 1000)
    void anyBytesAreAnObjectOrRefused(@ForAll @Size(max = 40) byte[] bytes) {
        try {
            assertThat(Fields.json(bytes).root().isObject()).isTrue();
        } catch (ApiError refused) {
            assertThat(refused.status()).isEqualTo(400);
        }
    }

    @Test
    void anythingButAnObjectIsRefused() {
        for (String text : new String[] {"", "[]", "1", "{", "null", "{}{}x"}) {
            assertThatThrownBy(() -> json(text)).as(text).isInstanceOf(ApiError.class);
        }
    }

    @Test
    void textsThatAreNumbersOrTruthValuesAreTakenForThem() {
        Fields body =
                json(
                        "{\"a\":\"1.5\",\"b\":\"1\",\"c\":16000.0,\"d\":\"16000\",\"e\":\"1e3\",\"f\":true,"
                                + "\"x\":\"yes\",\"y\":0,\"z\":\"OFF\",\"w\":1.0,\"v\":\"16000.0\"}");
        assertThat(body.number("a", 0, 0)).isEqualTo(1.5);
        assertThat(body.number("b", 0, 0)).isEqualTo(1);
        assertThat(body.number("e", 0, 0)).isEqualTo(1000);
        assertThat(body.number("f", 0, 0)).isEqualTo(1);
        assertThat(body.integerBetween("c", 0, 48_000)).hasValue(16_000);
        assertThat(body.integerBetween("d", 0, 48_000)).hasValue(16_000);
        assertThat(body.integerBetween("v", 0, 48_000)).hasValue(16_000);
        assertThat(body.bool("x", false)).isTrue();
        assertThat(body.bool("w", false)).isTrue();
        assertThat(body.bool("y", true)).isFalse();
        assertThat(body.bool("z", true)).isFalse();
        body.check();
    }

    @Test
    void whatWasGivenComesBackAsJsonAndNeverLong() {
        Fields body =
                json(
                        "{\"speed\":\"fast\",\"rate\":1.5,\"stream\":2,\"text\":5,\"deep\":[1,2],\"long\":\""
                                + "x".repeat(5000)
                                + "\",\"list\":["
                                + "1,".repeat(5000)
                                + "1]}");
        double ignored = body.number("speed", 1, 0) + body.number("deep", 1, 0);
        assertThat(body.integerBetween("rate", 0, 9)).isEmpty();
        assertThat(body.bool("stream", true)).isTrue();
        assertThat(body.text("text")).isNull();
        assertThat(body.text("list")).isNull();
        assertThat(body.choice("long", List.of("a"))).isNull();
        ApiError error = catchThrowableOfType(ApiError.class, body::check);
        JsonNode detail = Json.mapper().valueToTree(error.body()).path("detail");
        assertThat(detail.valueStream().map(one -> one.path("type").asString()))
                .containsExactly(
                        "float_parsing",
                        "float_type",
                        "int_from_float",
                        "bool_parsing",
                        "string_type",
                        "string_type",
                        "literal_error");
        assertThat(detail.get(0).path("input")).isEqualTo(StringNode.valueOf("fast"));
        assertThat(detail.get(1).path("input").toString()).isEqualTo("[1,2]");
        assertThat(detail.get(2).path("input").asDouble()).isEqualTo(1.5);
        assertThat(detail.get(4).path("input").intValue()).isEqualTo(5);
        assertThat(detail.get(5).path("input").asString()).hasSize(101).startsWith("[1,1");
        assertThat(detail.get(6).path("input").asString()).hasSize(101).startsWith("xxx");
    }

    @Property(tries = 500)
    void anyTextIsANumberWithinItsRangeOrRefused(@ForAll String text) {
        Fields body = Fields.of(Json.mapper().createObjectNode().put("n", text).put("flag", text));
        assertThat(body.number("n", 2, 0, 4)).isBetween(0.0, 4.0);
        assertThat(body.integerBetween("n", 1, 9).orElse(1)).isBetween(1, 9);
        assertThat(body.bool("flag", true)).isIn(true, false);
    }

    @Property(tries = 500)
    void anyTextIsAnObjectInAFormOrRefused(@ForAll String text, @ForAll String key) {
        for (String given : List.of(text, "{\"" + text + "\":" + key + "}", "{\"a\":" + text)) {
            Fields form =
                    Fields.form(name -> name.equals("o") ? List.of(given) : List.of(), Set.of("o"));
            Fields within = form.object("o", List.of("a"), List.of(), false);
            if (within != null) {
                assertThat(within.number("a", 2, 0, 4)).isBetween(0.0, 4.0);
            } else if (!given.isEmpty()) {
                assertThat(catchThrowableOfType(ApiError.class, form::check)).isNotNull();
            }
        }
    }

    @Test
    void anObjectInAFormIsShortAndFlat() {
        for (String given :
                List.of("{\"a\":1" + " ".repeat(20_000) + "}", "{\"a\":" + "[".repeat(16_000))) {
            Fields form =
                    Fields.form(name -> name.equals("o") ? List.of(given) : List.of(), Set.of("o"));
            assertThat(form.object("o", List.of("a"), List.of(), false)).isNull();
            assertThat(catchThrowableOfType(ApiError.class, form::check))
                    .hasMessageContaining("16384 characters");
        }
    }
}
