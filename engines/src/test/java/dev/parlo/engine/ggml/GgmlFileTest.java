package dev.parlo.engine.ggml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that whisper.cpp must never see. */
@Tag("locale")
class GgmlFileTest {
    private static final int HEADER_BYTES = 48;
    private static byte[] good = new byte[0];

    @BeforeAll
    @BeforeContainer
    static void writeModel() throws IOException {
        Path path = Files.createTempFile("ggml-good", ".bin");
        try {
            GgmlModelWriter.random(path, GgmlModelWriter.layout(51864, 32, 1, GgmlType.Q8_0), 3);
            good = Files.readAllBytes(path);
        } finally {
            Files.delete(path);
        }
    }

    private static GgmlFile read(byte[] bytes) {
        try {
            Path path = Files.createTempFile("ggml", ".bin");
            try {
                Files.write(path, bytes);
                return GgmlFile.read(path);
            } finally {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefused(byte[] bytes, CharSequence... words) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.BAD_MODEL))
                .hasMessageContainingAll(words);
    }

    private static byte[] withInt(int offset, int value) {
        byte[] bytes = good.clone();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
        return bytes;
    }

    /** Where the data of a tensor starts. */
    private static int dataOf(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        for (int at = HEADER_BYTES; at + wanted.length < good.length; at++) {
            if (java.util.Arrays.equals(good, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at + wanted.length;
            }
        }
        throw new AssertionError("No tensor " + name);
    }

    @Test
    void aWholeFileIsRead() {
        GgmlFile file = read(good);
        assertThat(file.layout())
                .isEqualTo(new GgmlLayout(51864, 1500, 32, 1, 1, 448, 1, 1, 80, GgmlType.Q8_0));
        assertThat(file.tensorBytes()).isBetween(1_000_000L, (long) good.length);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, magic does not matter",
        "4, 1500, n_vocab",
        "4, -1, n_vocab",
        "8, 1000000000, n_audio_ctx",
        "12, 0, n_audio_state",
        "12, 2147483647, n_audio_state",
        "16, 0, n_audio_head",
        "16, 5, n_audio_head",
        "20, -4, n_audio_layer",
        "24, 0, n_text_ctx",
        "28, 64, n_text_state",
        "32, 3, n_text_head",
        "36, 100000, n_text_layer",
        "40, 81, n_mels",
        "44, 4, file type",
        "44, 99, file type",
        "44, -1, file type",
        "44, 0, f32",
        "44, 9007, file type",
        "48, 128, mel filters",
        "52, 0, mel filters"
    })
    void aHeaderOutsideTheKnownSizesIsRefused(int offset, int value, String named) {
        assertRefused(withInt(offset, value), offset == 0 ? "lmgg" : named);
    }

    @ParameterizedTest
    @CsvSource({"0, f32", "4, file type 4", "10, q2_k", "2014, q6_k"})
    void aTypeThatCannotBeComputedIsRefusedForWhatItIs(int fileType, String named) {
        // A K type has blocks of 256 numbers, and this model is 32 wide.
        assertThatThrownBy(() -> read(withInt(44, fileType)))
                .hasMessageContaining(named)
                .hasMessageContaining("Supported are f16 (1)")
                .hasMessageNotContaining("Download it again");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1025, Integer.MAX_VALUE})
    void aTokenOfAnImpossibleLengthIsRefused(int length) {
        int firstToken = HEADER_BYTES + 8 + 4 * 80 * 201 + 4;
        assertRefused(withInt(firstToken, length), "token 0");
    }

    @Test
    void aVocabularyWithoutASpaceIsRefused() {
        byte[] bytes = good.clone();
        int space = HEADER_BYTES + 8 + 4 * 80 * 201 + 4 + 5 * 32 + 4;
        assertThat(bytes[space]).isEqualTo((byte) ' ');
        bytes[space] = '!';
        assertRefused(bytes, "single space");
    }

    @Test
    void aTensorOfAnotherNameShapeOrTypeIsRefused() {
        String name = "encoder.conv1.bias";
        int data = dataOf(name);
        byte[] renamed = good.clone();
        renamed[data - 1] = 'z';
        assertRefused(renamed, "unknown", "encoder.conv1.biaz");
        int dims = data - name.length() - 8;
        assertRefused(withInt(dims, 2), name, "shape");
        assertRefused(withInt(dims - 4, 1), name, "type");
        assertRefused(withInt(dims - 12, 4), "rank");
    }

    @Test
    void numbersThatAreNotFiniteAreRefused() {
        int bias = dataOf("encoder.conv1.bias");
        assertRefused(
                withInt(bias, Float.floatToRawIntBits(Float.NaN)), "finite", "encoder.conv1.bias");
        byte[] bytes = good.clone();
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(
                        dataOf("decoder.token_embedding.weight") + 34,
                        Float.floatToFloat16(Float.POSITIVE_INFINITY));
        assertRefused(bytes, "finite", "decoder.token_embedding.weight");
    }

    @Test
    void bytesAfterTheLastTensorAreRefused() {
        byte[] bytes = java.util.Arrays.copyOf(good, good.length + 3);
        assertRefused(bytes, "ends within");
        byte[] twice = java.util.Arrays.copyOf(good, good.length + 500);
        int start = dataOf("decoder.ln.bias") - "decoder.ln.bias".length() - 16;
        System.arraycopy(good, start, twice, good.length, 500);
        assertRefused(twice, "second tensor", "decoder.ln.bias");
    }

    @Test
    void anEmptyFileAndAMissingOneAreRefused() {
        assertRefused(new byte[0], "ends within");
        assertThatThrownBy(() -> GgmlFile.read(Path.of("no-such-file.bin")))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.BAD_MODEL));
    }

    @Property(tries = 60)
    void everyCutIsRefused(@ForAll @IntRange(max = 1_000_000) int share) {
        int length = (int) ((long) (good.length - 1) * share / 1_000_000);
        assertRefused(java.util.Arrays.copyOf(good, length), "The GGML model");
    }

    @Property(tries = 60)
    void aChangedByteIsRefusedOrLeavesTheSizesAlone(
            @ForAll @IntRange(max = 1_000_000) int share, @ForAll byte value) {
        byte[] bytes = good.clone();
        // Half of them in the header, where a byte matters most.
        int at =
                share % 2 == 0
                        ? share % (HEADER_BYTES + 8)
                        : (int) ((long) (good.length - 1) * share / 1_000_000);
        bytes[at] = value;
        try {
            GgmlLayout layout = read(bytes).layout();
            assertThat(layout.width()).isEqualTo(32);
            assertThat(layout.tensors()).hasSameSizeAs(read(good).layout().tensors());
        } catch (EngineException e) {
            assertThat(e.category()).isEqualTo(Category.BAD_MODEL);
        }
    }

    @ParameterizedTest
    @CsvSource({"for-tests-ggml-tiny.bin, 51865", "for-tests-ggml-tiny.en.bin, 51864"})
    void aPublishedVocabularyIsReadAndItsMissingTensorsAreNamed(String name, int vocabulary) {
        Path path = Path.of("../../shared/models/ggml", name);
        assumeTrue(
                Files.exists(path), path + " is not here: published vocabularies are not checked");
        assertThat(vocabulary).isPositive();
        assertThatThrownBy(() -> GgmlFile.read(path))
                .hasMessageContaining("lacks 167 tensors")
                .hasMessageContaining("encoder.positional_embedding");
    }
}
