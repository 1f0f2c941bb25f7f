package dev.parlo.engine.kokoro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VoiceFilesTest {
    private static final int ROWS = 3;

    @TempDir Path folder;

    private static byte[] floats(int count, float first) {
        ByteBuffer bytes = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat(first + i);
        }
        return bytes.array();
    }

    private static byte[] npy(int version, String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer bytes =
                ByteBuffer.allocate((version == 1 ? 10 : 12) + text.length + data.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            bytes.putShort((short) text.length);
        } else {
            bytes.putInt(text.length);
        }
        return bytes.put(text).put(data).array();
    }

    private static String header(String shape) {
        return "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }   \n";
    }

    /** Entries stored without compression, as numpy and PyTorch write them. */
    private static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry stored = new ZipEntry(entry.getKey());
                CRC32 sum = new CRC32();
                sum.update(entry.getValue());
                stored.setMethod(ZipEntry.STORED);
                stored.setSize(entry.getValue().length);
                stored.setCrc(sum.getValue());
                zip.putNextEntry(stored);
                zip.write(entry.getValue());
            }
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static byte[] npz() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("af_a.npy", npy(1, header(ROWS + ", 1, 256"), floats(ROWS * 256, 1)));
        entries.put("bm_b.npy", npy(2, header(ROWS + ", 1, 256"), floats(ROWS * 256, 2)));
        return zip(entries);
    }

    private static byte[] torch() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("x/data.pkl", "torch FloatStorage".getBytes(StandardCharsets.US_ASCII));
        entries.put("x/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        entries.put("x/data/0", floats(ROWS * 256, 3));
        return zip(entries);
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private Map<String, VoicePack> read(String... names) {
        return VoiceFiles.read(folder, List.of(names));
    }

    @Test
    void everyLayoutIsReadToTheSameNumbers() throws IOException {
        write("voices.bin", npz());
        write("af_c.pt", torch());
        write("voices/ef_d.bin", floats(ROWS * 256, 4));
        Map<String, VoicePack> voices = read();
        assertThat(voices).containsOnlyKeys("af_a", "bm_b", "af_c", "ef_d");
        float first = 1;
        for (String name : List.of("af_a", "bm_b", "af_c", "ef_d")) {
            VoicePack pack = Objects.requireNonNull(voices.get(name));
            assertThat(pack.rows()).isEqualTo(ROWS);
            assertThat(pack.style(0)[0]).as(name).isEqualTo(first);
            assertThat(pack.style(1)[2]).as(name).isEqualTo(first + 258);
            // what is longer than the pack takes its last row
            assertThat(pack.style(99)).isEqualTo(pack.style(ROWS - 1));
            first++;
        }
    }

    @Test
    void aConcatenationTakesItsNamesFromTheModel() throws IOException {
        byte[] packs = new byte[2 * 510 * 1024];
        ByteBuffer.wrap(packs).order(ByteOrder.LITTLE_ENDIAN).putFloat(510 * 1024, 7f);
        write("voices.bin", packs);
        assertThat(read("af_x", "am_y")).containsOnlyKeys("af_x", "am_y");
        VoicePack second = Objects.requireNonNull(read("af_x", "am_y").get("am_y"));
        assertThat(second.style(0)[0]).isEqualTo(7f);
        assertThat(read()).containsOnlyKeys("voice_0", "voice_1");
    }

    @Test
    void thePublishedVoicesAreRead() {
        Path published =
                Stream.of("../../shared/models/kokoro-voices", "../shared/models/kokoro-voices")
                        .map(Path::of)
                        .filter(Files::isDirectory)
                        .findFirst()
                        .orElseGet(() ->
                                Assumptions.abort(
                                        "SKIPPED: no folder shared/models/kokoro-voices beside the"
                                                + " checkout"));
        Map<String, VoicePack> voices = VoiceFiles.read(published, List.of());
        assertThat(voices).containsKeys("af_heart", "am_michael", "jf_alpha", "zf_xiaoxiao");
        for (Map.Entry<String, VoicePack> voice : voices.entrySet()) {
            assertThat(voice.getValue().rows()).as(voice.getKey()).isEqualTo(510);
            double squares = 0;
            for (float value : voice.getValue().style(100)) {
                squares += value * value;
            }
            // style vectors are small numbers, which any slip of a byte would make enormous
            assertThat(Math.sqrt(squares)).as(voice.getKey()).isBetween(0.5, 20.0);
        }
    }

    @Test
    void whatIsNotAVoiceIsRefusedWithTheReason() throws IOException {
        byte[] row = floats(256, 0);
        Map<byte[], String> archives = new LinkedHashMap<>();
        archives.put(npy(1, header("1, 128"), row), "128");
        archives.put(npy(1, header("2, 256"), row), "shape");
        archives.put(npy(1, header("999999999, 999999999, 256"), row), "shape");
        archives.put(npy(1, header("256, 1"), row), "256 numbers in a row");
        archives.put(npy(1, "{'descr': '<f8', 'shape': (1, 256)}", row), "float32");
        archives.put(npy(1, header("1, 256").replace("False", "True"), row), "float32");
        archives.put(npy(1, "{'descr': '<f4'}", row), "shape");
        archives.put("no numpy at all".getBytes(StandardCharsets.US_ASCII), "numpy");
        byte[] endless = npy(2, header("1, 256"), row);
        ByteBuffer.wrap(endless).order(ByteOrder.LITTLE_ENDIAN).putInt(8, -1);
        archives.put(endless, "longer");
        for (Map.Entry<byte[], String> archive : archives.entrySet()) {
            write("voices.bin", zip(Map.of("af_a.npy", archive.getKey())));
            refused(archive.getValue());
        }
        write("voices.bin", zip(Map.of(".npy", npy(1, header("1, 256"), row))));
        refused("named ''");
        byte[] notANumber = row.clone();
        ByteBuffer.wrap(notANumber).order(ByteOrder.LITTLE_ENDIAN).putFloat(40, Float.NaN);
        write("voices.bin", zip(Map.of("a.npy", npy(1, header("1, 256"), notANumber))));
        refused("infinite");
        write("voices.bin", new byte[1000]);
        refused("neither");
        Files.delete(folder.resolve("voices.bin"));
        write("voices/a.bin", new byte[1022]);
        refused("whole float32");
        write("voices/a.bin", new byte[1020]);
        refused("256");
        Files.delete(folder.resolve("voices/a.bin"));
        write("a.pt", zip(Map.of("x/data.pkl", "FloatStorage".getBytes(StandardCharsets.UTF_8))));
        refused("no tensor");
        write(
                "a.pt",
                zip(
                        Map.of(
                                "x/data.pkl",
                                "HalfStorage".getBytes(StandardCharsets.UTF_8),
                                "x/data/0",
                                row)));
        refused("float32");
    }

    private void refused(String reason) {
        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(EngineException.Category.BAD_MODEL))
                .hasMessageContaining(reason);
    }

    /** A bomb: little on disk, much in memory. */
    @Test
    void memoryIsBoundedWhateverAnArchiveUnpacksTo() throws IOException {
        Path file = folder.resolve("voices.npz");
        byte[] zeros = npy(1, header("7680, 256"), new byte[7680 * 1024]);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < 40; i++) {
                zip.putNextEntry(new ZipEntry("v" + i + ".npy"));
                zip.write(zeros);
            }
        }
        assertThat(Files.size(file)).isLessThan(1 << 20);
        refused("more than");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("v.npy"));
            zip.write(new byte[(8 << 20) + 1]);
        }
        refused("8 MiB");
    }

    @Property(tries = 300)
    void damagedFilesAreReadOrRefusedAndNothingElse(
            @ForAll @IntRange(max = 3) int layout,
            @ForAll @Size(max = 12) List<@IntRange(max = 1 << 30) Integer> changes,
            @ForAll @IntRange(max = 1 << 30) int end)
            throws IOException {
        Path place = Files.createTempDirectory("voices");
        try {
            String name = List.of("voices.bin", "v.npz", "v.pt", "voices_x.bin").get(layout);
            byte[] whole =
                    switch (layout) {
                        case 0, 1 -> npz();
                        case 2 -> torch();
                        default -> new byte[510 * 1024];
                    };
            byte[] damaged =
                    end % 3 == 0 ? java.util.Arrays.copyOf(whole, end % whole.length) : whole;
            for (int change : changes) {
                if (damaged.length > 0) {
                    // most of a file is numbers; the headers and the directory are at its ends
                    int at = change % 2 == 0 ? change % damaged.length : change % 400;
                    at = change % 5 == 0 ? damaged.length - 1 - at % damaged.length : at;
                    damaged[Math.min(at, damaged.length - 1)] = (byte) (change >>> 7);
                }
            }
            Files.write(place.resolve(name), damaged);
            try {
                VoiceFiles.read(place, List.of("a"))
                        .forEach((voice, pack) -> {
                            assertThat(voice).isNotBlank();
                            assertThat(pack.style(1)).hasSize(256);
                        });
            } catch (EngineException refused) {
                assertThat(refused.category()).isEqualTo(EngineException.Category.BAD_MODEL);
            }
        } finally {
            try (Stream<Path> files = Files.list(place)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(place);
        }
    }

    @Property(tries = 500)
    void anyBytesAreANumpyArrayOrRefused(@ForAll @Size(max = 400) byte[] bytes) {
        byte[] headed = bytes.clone();
        byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
        System.arraycopy(magic, 0, headed, 0, Math.min(headed.length, magic.length));
        assertThatThrownBy(() -> NumpyArray.parse(headed))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
