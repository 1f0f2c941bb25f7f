package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class BodyFieldsTest {
    private static BodyFields json(String text) {
        return BodyFields.json(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everythingThatIsWrongIsNamedTogether() {
        BodyFields body =
                json(
                        "{\"text\":5,\"speed\":\"fast\",\"rate\":1.5,\"deep\":{\"volume\":99},\"flat\":1}");
        assertThat(body.required("text")).isEmpty();
        assertThat(body.required("input")).isEmpty();
        assertThat(body.number("speed", 1, 0, 4)).isEqualTo(1);
        assertThat(body.integer("rate", 0, 10)).isEmpty();
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
        BodyFields body = json("{\"text\":null,\"speed\":null,\"deep\":null}");
        assertThat(body.text("text")).isNull();
        assertThat(body.number("speed", 1.5, 0, 4)).isEqualTo(1.5);
        assertThat(body.within("deep").text("x")).isNull();
        body.check();
    }

    @Property(tries = 1000)
    void anyBytesAreAnObjectOrRefused(@ForAll @Size(max = 40) byte[] bytes) {
        try {
            assertThat(BodyFields.json(bytes).root().isObject()).isTrue();
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
}
