package dev.parlo.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WeightWidthTest {
    private static final Path BUILT_IN = Path.of("../models/parlo/whisper-nano.en/model.bin");

    private static byte[] safetensors(String types) {
        byte[] json = types.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    private static byte[] head() throws Exception {
        try (InputStream file = Files.newInputStream(BUILT_IN)) {
            return file.readNBytes(WeightWidth.HEAD);
        }
    }

    @Test
    void theHeadOfACheckpointTellsHowWideItsWeightsAre() throws Exception {
        assertThat(WeightWidth.ctranslate2(head())).hasValue(16);
        assertThat(
                        WeightWidth.safetensors(
                                safetensors(
                                        "{\"a\": {\"dtype\": \"F32\"}, \"b\": {\"dtype\":\"F16\"},"
                                                + " \"c\": {\"dtype\":\"F16\"}")))
                .hasValue(16);
        assertThat(WeightWidth.safetensors("PK\3\4 a pickle \"dtype\":\"F32\"".getBytes(UTF)))
                .isEmpty();
        assertThat(bits("ggerganov/whisper.cpp:base.en-q5_1", ModelFamily.WHISPER_GGML))
                .hasValue(6);
        assertThat(bits("ggerganov/whisper.cpp:large-v3", ModelFamily.WHISPER_GGML)).hasValue(16);
        assertThat(bits("o/parakeet:int8", ModelFamily.PARAKEET)).hasValue(8);
        assertThat(bits("o/kokoro:odd", ModelFamily.KOKORO)).isEmpty();
    }

    private static final java.nio.charset.Charset UTF = StandardCharsets.UTF_8;

    private static OptionalDouble bits(String id, ModelFamily family) {
        return ModelFiles.of(ModelId.parse(id), family, new TreeMap<>(), FileStart.NONE)
                .bitsPerWeight();
    }

    /** A head comes from outside: it may be any bytes, and any part of a good one. */
    @Property(tries = 500)
    void anyHeadIsReadWithoutAnError(
            @ForAll @Size(max = 200) byte[] bytes, @ForAll short at, @ForAll byte value)
            throws Exception {
        var unused = WeightWidth.ctranslate2(bytes);
        unused = WeightWidth.safetensors(bytes);
        byte[] damaged = head();
        damaged[Math.floorMod((int) at, 200)] = value;
        unused = WeightWidth.ctranslate2(damaged);
    }

    @Test
    void sizesThatNoFileHasDoNotOverflow() {
        ModelFiles files =
                new ModelFiles(
                        ModelFamily.PIPER,
                        new TreeMap<>(
                                Map.of(
                                        "a.onnx", Long.MAX_VALUE,
                                        "b.onnx", Long.MAX_VALUE,
                                        "c.json", -5L)),
                        OptionalDouble.of(32));
        assertThat(files.bytes()).isEqualTo(Long.MAX_VALUE);
        assertThat(files.weights()).hasValue(Long.MAX_VALUE / 4 + 1);
    }
}
