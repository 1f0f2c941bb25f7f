package dev.parlo.server.fish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.server.http.ApiError;
import java.math.BigInteger;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import tools.jackson.databind.JsonNode;

final class MessagePackReaderTest {
    private static byte[] everyType() throws Exception {
        try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
            out.packMapHeader(9);
            out.packString("nil").packNil();
            out.packString("yes").packBoolean(true);
            out.packString("small").packInt(-5);
            out.packString("large").packBigInteger(BigInteger.ONE.shiftLeft(63));
            out.packString("float").packFloat(1.5f);
            out.packString("double").packDouble(2.5);
            out.packString("bytes").packBinaryHeader(3).writePayload(new byte[] {1, 2, 3});
            out.packString("list").packArrayHeader(2).packString("é").packLong(1L << 40);
            out.packString("timestamp").packTimestamp(1, 2);
            return out.toByteArray();
        }
    }

    @Test
    void readsEveryType() throws Exception {
        JsonNode map = MessagePackReader.map(everyType());
        assertThat(map.path("nil").isNull()).isTrue();
        assertThat(map.path("yes").asBoolean()).isTrue();
        assertThat(map.path("small").asInt()).isEqualTo(-5);
        assertThat(map.path("large").bigIntegerValue()).isEqualTo(BigInteger.ONE.shiftLeft(63));
        assertThat(map.path("float").asDouble()).isEqualTo(1.5);
        assertThat(map.path("double").asDouble()).isEqualTo(2.5);
        assertThat(map.path("bytes").binaryValue()).containsExactly(1, 2, 3);
        assertThat(map.path("list").path(0).asString()).isEqualTo("é");
        assertThat(map.path("list").path(1).asLong()).isEqualTo(1L << 40);
        assertThat(map.path("timestamp").isNull()).isTrue();
    }

    @Test
    void everyCutAndEveryTailIsRefused() throws Exception {
        byte[] message = everyType();
        for (int length = 0; length < message.length; length++) {
            byte[] cut = Arrays.copyOf(message, length);
            assertThatThrownBy(() -> MessagePackReader.map(cut)).isInstanceOf(ApiError.class);
        }
        assertThatThrownBy(() -> MessagePackReader.map(Arrays.copyOf(message, message.length + 1)))
                .isInstanceOf(ApiError.class);
    }

    @Test
    void aLengthIsNotBelieved() {
        for (int type : new int[] {0xdd, 0xdf}) { // array and map of four billion
            byte[] lie = {(byte) 0x81, (byte) 0xa1, 'a', (byte) type, 0x7f, -1, -1, -1, 0};
            assertThatThrownBy(() -> MessagePackReader.map(lie)).isInstanceOf(ApiError.class);
        }
        byte[] bytes = {(byte) 0x81, (byte) 0xa1, 'a', (byte) 0xc6, 0x7f, -1, -1, -1, 0};
        assertThatThrownBy(() -> MessagePackReader.map(bytes)).isInstanceOf(ApiError.class);
    }

    @Test
    void valuesAreBounded() {
        byte[] many = new byte[5 + 20_000];
        Arrays.fill(many, (byte) 0x90); // empty arrays, one byte each
        many[0] = (byte) 0x81;
        many[1] = (byte) 0xa0;
        many[2] = (byte) 0xdc;
        many[3] = (byte) (20_000 >> 8);
        many[4] = (byte) 20_000;
        assertThatThrownBy(() -> MessagePackReader.map(many))
                .isInstanceOf(ApiError.class)
                .hasMessageContaining("10000 values");
    }

    @Test
    void depthIsBounded() {
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 0x91);
        deep[0] = (byte) 0x81;
        deep[1] = (byte) 0xa0;
        assertThatThrownBy(() -> MessagePackReader.map(deep)).isInstanceOf(ApiError.class);
    }

    @Property(tries = 2000)
    void anyBytesAreAMapOrRefused(@ForAll @Size(max = 64) byte[] bytes) {
        try {
            assertThat(MessagePackReader.map(bytes).isObject()).isTrue();
        } catch (ApiError refused) {
            assertThat(refused.status()).isEqualTo(400);
        }
    }

    @Property(tries = 500)
    void aChangedByteIsHarmless(@ForAll int at, @ForAll byte value) throws Exception {
        byte[] message = everyType();
        message[Math.floorMod(at, message.length)] = value;
        anyBytesAreAMapOrRefused(message);
    }
}
