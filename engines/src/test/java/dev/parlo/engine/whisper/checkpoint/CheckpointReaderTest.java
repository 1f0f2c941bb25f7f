package dev.parlo.engine.whisper.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointReaderTest {
    private static final WhisperShape SMALL = new WhisperShape(64, 1, 1, 1, 1560, 80, 256, 448);

    private static Map<String, StoredVariable> read(byte[] bytes) {
        return CheckpointReader.read(MemorySegment.ofArray(bytes));
    }

    private static final class File {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        File u8(int... values) {
            for (int value : values) {
                bytes.write(value);
            }
            return this;
        }

        File u32(long... values) {
            for (long value : values) {
                bytes.writeBytes(
                        ByteBuffer.allocate(4)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt((int) value)
                                .array());
            }
            return this;
        }

        File string(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            u8((utf8.length + 1) & 0xff, (utf8.length + 1) >> 8);
            bytes.writeBytes(utf8);
            return u8(0);
        }

        File header(int version, int variables) {
            u32(version);
            if (version >= 2) {
                string("WhisperSpec").u32(3);
            }
            return u32(variables);
        }

        byte[] done() {
            return bytes.toByteArray();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void oldVersionsSayHowWideItemsAreAndHowMany(int version) {
        File file =
                new File()
                        .header(version, 1)
                        .string("w")
                        .u8(2)
                        .u32(2, 3)
                        .u8(1)
                        .u32(6)
                        .u8(1, 2, 3, 255, 5, 6);
        if (version >= 3) {
            file.u32(0);
        }
        StoredVariable w = java.util.Objects.requireNonNull(read(file.done()).get("w"));
        assertThat(w.type()).isEqualTo(DataType.INT8);
        assertThat(w.toFloats()).containsExactly(1, 2, 3, -1, 5, 6);
    }

    @Test
    void int8IsDividedByItsRowsScaleAndAliasesTakeItAlong() {
        byte[] file =
                new File()
                        .header(6, 2)
                        .string("w")
                        .u8(2)
                        .u32(2, 2)
                        .u8(1)
                        .u32(4)
                        .u8(10, 20, 30, 40)
                        .string("w_scale")
                        .u8(1)
                        .u32(2)
                        .u8(0)
                        .u32(8)
                        .u32(Float.floatToIntBits(10), Float.floatToIntBits(5))
                        .u32(2)
                        .string("v")
                        .string("w")
                        .string("lost")
                        .string("nowhere")
                        .done();
        Map<String, StoredVariable> variables = read(file);
        assertThat(java.util.Objects.requireNonNull(variables.get("w")).toFloats())
                .containsExactly(1, 2, 6, 8);
        assertThat(java.util.Objects.requireNonNull(variables.get("v")).toFloats())
                .containsExactly(1, 2, 6, 8);
        assertThat(variables).doesNotContainKey("lost");
    }

    @Test
    void int16WithoutAScaleUsesTheFormatsConstant() {
        byte[] file =
                new File()
                        .header(6, 1)
                        .string("w")
                        .u8(1)
                        .u32(2)
                        .u8(2)
                        .u32(4)
                        .u8(0xe8, 3, 0x18, 0xfc)
                        .u32(0)
                        .done();
        assertThat(java.util.Objects.requireNonNull(read(file).get("w")).toFloats())
                .containsExactly(1f, -1f);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT32", "FLOAT16", "BFLOAT16", "INT8", "INT16"})
    void everyStoredTypeReadsAboutTheSameWeights(DataType type) {
        float[] exact =
                java.util.Objects.requireNonNull(
                                read(CheckpointWriter.random(SMALL, DataType.FLOAT32, 5).toBytes())
                                        .get("decoder/layer_0/ffn/linear_0/weight"))
                        .toFloats();
        float[] stored =
                java.util.Objects.requireNonNull(
                                read(CheckpointWriter.random(SMALL, type, 5).toBytes())
                                        .get("decoder/layer_0/ffn/linear_0/weight"))
                        .toFloats();
        double error = 0;
        double norm = 0;
        for (int i = 0; i < exact.length; i++) {
            error += Math.pow(exact[i] - stored[i], 2);
            norm += Math.pow(exact[i], 2);
        }
        assertThat(Math.sqrt(error / norm)).isLessThan(0.01);
    }

    @Test
    void lengthsThatExceedTheFileAreRefusedBeforeTheyAreUsed() {
        refused(new File().u32(7).done(), "version 7");
        refused(
                new File().u32(6).string("TransformerSpec").u32(3).u32(0).done(),
                "TransformerSpec");
        refused(new File().u32(6).string("WhisperSpec").u32(4).u32(0).done(), "revision 4");
        refused(new File().header(6, -1).done(), "has 4294967295 variables");
        refused(new File().header(6, 3).done(), "the file ends");
        refused(new File().header(6, 1).string("w").u8(200).done(), "rank 200");
        refused(new File().header(6, 1).string("w").u8(2).u32(-1, 2).done(), "dimension");
        refused(
                new File()
                        .header(6, 1)
                        .string("w")
                        .u8(4)
                        .u32(2147483647, 2147483647, 2147483647, 2147483647)
                        .done(),
                "too large");
        refused(
                new File().header(6, 1).string("w").u8(1).u32(2).u8(9).u32(8).done(),
                "data type 9");
        refused(
                new File().header(6, 1).string("w").u8(1).u32(2).u8(0).u32(9).done(),
                "takes 9 bytes");
        refused(
                new File()
                        .header(6, 1)
                        .string("w")
                        .u8(1)
                        .u32(500000000)
                        .u8(0)
                        .u32(2000000000)
                        .done(),
                "the file ends");
        refused(
                new File()
                        .header(6, 2)
                        .string("w")
                        .u8(1)
                        .u32(1)
                        .u8(1)
                        .u32(1)
                        .u8(5)
                        .string("w_scale")
                        .u8(2)
                        .u32(1, 1)
                        .u8(0)
                        .u32(4)
                        .u32(Float.floatToIntBits(10))
                        .u32(0)
                        .done(),
                "'w_scale' has shape [1, 1]");
        refused(new File().header(6, 0).u32(0).u8(1).done(), "1 bytes follow");
        refused(new File().header(6, 1).u8(0, 0).done(), "empty");
        refused(new byte[0], "the file ends");
    }

    private static void refused(byte[] file, String words) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> {
                            assertThat(e.category()).isEqualTo(EngineException.Category.BAD_MODEL);
                            assertThat(e)
                                    .hasMessageContaining(words)
                                    .hasMessageContaining("model.bin");
                        });
    }

    @Test
    void damagedFilesAreReadOrRefusedButNeverAnythingElse() {
        byte[] valid = CheckpointWriter.random(SMALL, DataType.INT8, 1).toBytes();
        Random random = new Random(42);
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] damaged =
                    random.nextInt(4) == 0
                            ? Arrays.copyOf(valid, random.nextInt(valid.length))
                            : valid.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
                // headers are where it hurts: most of the damage goes to the first kilobytes
                int reach = random.nextBoolean() ? Math.min(4096, damaged.length) : damaged.length;
                damaged[random.nextInt(reach)] = (byte) random.nextInt();
            }
            try {
                read(damaged).values().forEach(StoredVariable::toFloats);
            } catch (EngineException e) {
                refused++;
                assertThat(e.category()).isEqualTo(EngineException.Category.BAD_MODEL);
            }
        }
        assertThat(refused).isGreaterThan(150);
    }
}
