package dev.parlo.engine.whisper.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The format's own rules: https://github.com/huggingface/safetensors, tensor.rs. */
@Tag("locale")
class SafetensorsReaderTest {
    private static Map<String, Tensor> read(byte[] file) {
        return SafetensorsReader.read("model.safetensors", MemorySegment.ofArray(file));
    }

    /** A header as it stands, and so many bytes behind it. */
    private static byte[] file(String header, int bytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    @Test
    void theFormatsOwnSmallestFileIsRead() {
        byte[] file = TransformersWriter.smallest(0);
        assertThat(file).hasSize(84);
        Tensor tensor = java.util.Objects.requireNonNull(read(file).get("test"));
        assertThat(tensor.type()).isEqualTo("I32");
        assertThat(tensor.shape()).containsExactly(2, 2);
        assertThat(tensor.data().byteSize()).isEqualTo(16);
    }

    @Test
    void paddingNotesEmptyTensorsAndScalarsAreLegal() {
        Map<String, Tensor> tensors =
                read(
                        file(
                                "{\"__metadata__\":{\"format\":\"pt\"},"
                                        + "\"none\":{\"dtype\":\"F32\",\"shape\":[0,7],\"data_offsets\":[0,0]},"
                                        + "\"one\":{\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[0,2]}}   ",
                                2));
        assertThat(tensors).containsOnlyKeys("none", "one");
    }

    @Test
    void bytesTooManyOrTooFewAreRefused() {
        assertThatThrownBy(() -> read(TransformersWriter.smallest(1)))
                .hasMessageContaining("1 bytes behind its last tensor");
        assertThatThrownBy(() -> read(TransformersWriter.smallest(-1)))
                .hasMessageContaining("ends within 'test'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '!',
            value = {
                "{} x| not valid JSON",
                "[]| does not begin with {",
                "{\"a\":[]}| 'a' is not an object",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}| data_offsets",
                "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}| no shape",
                "{\"a\":{\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]}}| type 'F33'",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}| need 8",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}| negative",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}| not whole",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}| too large",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}| too large",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}| overlap or leave a hole",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}| overlap or leave a hole",
                "{\"a\":{\"dtype\":\"F4\",\"shape\":[1],\"data_offsets\":[0,1]}}| within a byte",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}| overlap",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}| twice",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,9223372036854775807]}}| need 4",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}| too many"
            })
    void aHeaderThatCannotBeRightIsRefusedByName(String header, String words) {
        assertThatThrownBy(() -> read(file(header, 8)))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(EngineException.Category.BAD_MODEL))
                .hasMessageContaining(words)
                .hasMessageContaining("model.safetensors");
    }

    @Test
    void aHeaderIsNoLargerThanTheFormatAllowsAndThanTheFile() {
        for (long length : new long[] {100_000_001, -1, Long.MIN_VALUE, 77, 100_000_000}) {
            byte[] file = TransformersWriter.smallest(0);
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("header");
        }
        assertThatThrownBy(() -> read(new byte[7])).hasMessageContaining("8 bytes");
    }

    @Test
    void damagedFilesAreReadOrRefusedButNeverAnythingElse() {
        byte[] valid =
                file(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[24,32]}}",
                        32);
        Random random = new Random(42);
        int refused = 0;
        for (int i = 0; i < 5000; i++) {
            byte[] damaged = Damage.of(valid, random);
            try {
                read(damaged);
            } catch (EngineException e) {
                refused++;
                assertThat(e.category()).isEqualTo(EngineException.Category.BAD_MODEL);
            }
        }
        assertThat(refused).isGreaterThan(2000);
    }
}
