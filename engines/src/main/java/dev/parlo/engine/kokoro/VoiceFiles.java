package dev.parlo.engine.kokoro;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads Kokoro's voices in each layout in which they are published: a numpy archive ({@code
 * voices.bin}, {@code *.npz}), raw floats per voice ({@code voices/NAME.bin}), PyTorch files
 * ({@code NAME.pt}) and sherpa-onnx's headerless concatenation. Damaged files are refused with
 * BAD_MODEL.
 */
final class VoiceFiles {
    private static final int PACK_BYTES = 510 * VoicePack.STYLE * Float.BYTES;
    private static final long MAX_BYTES = 1L << 30;
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([^)]{0,100})\\)");

    private VoiceFiles() {}

    /** All voices in a model's folder, by name. */
    static Map<String, VoicePack> read(Path folder, List<String> namesInOrder) {
        Map<String, VoicePack> voices = new LinkedHashMap<>();
        try {
            for (Path file : files(folder)) {
                String name = file.getFileName().toString();
                if (Files.size(file) > MAX_BYTES) {
                    throw broken(file, "it is larger than 1 GiB");
                }
                if (name.endsWith(".pt")) {
                    voices.put(stem(name), torch(file));
                } else if (archive(file)) {
                    voices.putAll(numpy(file));
                } else if (inVoicesFolder(file)) {
                    voices.put(stem(name), raw(file));
                } else {
                    voices.putAll(concatenated(file, namesInOrder));
                }
            }
        } catch (IOException failure) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "The voices in " + folder + " cannot be read: " + failure.getMessage(),
                    failure);
        }
        return voices;
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path place : List.of(folder, folder.resolve("voices"))) {
            if (!Files.isDirectory(place)) {
                continue;
            }
            boolean voicesFolder = place.endsWith("voices");
            try (Stream<Path> all = Files.list(place)) {
                all.filter(Files::isRegularFile)
                        .filter(file -> {
                            String name = file.getFileName().toString();
                            return name.endsWith(".pt")
                                    || name.endsWith(".npz")
                                    || name.endsWith(".bin")
                                            && (voicesFolder || name.startsWith("voices"));
                        })
                        .sorted()
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static boolean inVoicesFolder(Path file) {
        Path parent = file.getParent();
        return parent != null && parent.endsWith("voices");
    }

    private static String stem(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static boolean archive(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(4);
            return magic.length == 4
                    && magic[0] == 'P'
                    && magic[1] == 'K'
                    && magic[2] == 3
                    && magic[3] == 4;
        }
    }

    /** {@code numpy.savez}: a zip of one .npy per voice. */
    private static Map<String, VoicePack> numpy(Path file) throws IOException {
        Map<String, VoicePack> voices = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                if (!entry.getName().endsWith(".npy")) {
                    continue;
                }
                byte[] bytes = content(file, zip, entry);
                voices.put(stem(entry.getName()), new VoicePack(npy(file, bytes)));
            }
        } catch (ZipException failure) {
            throw broken(file, "it is no whole zip archive (" + failure.getMessage() + ")");
        }
        return voices;
    }

    private static float[] npy(Path file, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 12 || in.getInt(0) != 0x4D554E93 || in.getShort(4) != 0x5950) {
            throw broken(file, "an entry is not in numpy's format");
        }
        int version = bytes[6];
        long length = version == 1 ? in.getShort(8) & 0xFFFF : in.getInt(8) & 0xFFFFFFFFL;
        long data = (version == 1 ? 10 : 12) + length;
        if (data > bytes.length) {
            throw broken(file, "a numpy header is longer than its entry");
        }
        String header = new String(bytes, 0, (int) data, StandardCharsets.ISO_8859_1);
        if (!header.contains("'<f4'") || header.contains("'fortran_order': True")) {
            throw broken(file, "a voice is not stored as little-endian float32");
        }
        Matcher shape = SHAPE.matcher(header);
        if (!shape.find() || !shape.group(1).strip().replaceAll(",$", "").endsWith("256")) {
            throw broken(file, "a voice does not have 256 numbers in a row");
        }
        return floats(bytes, (int) data, bytes.length - (int) data);
    }

    /** PyTorch's zip: the storage is the entry {@code data/0}, plain little-endian floats. */
    private static VoicePack torch(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                if (entry.getName().endsWith("/data/0")) {
                    byte[] bytes = content(file, zip, entry);
                    return new VoicePack(floats(bytes, 0, bytes.length));
                }
            }
        } catch (ZipException failure) {
            throw broken(file, "it is no whole zip archive (" + failure.getMessage() + ")");
        }
        throw broken(file, "it has no tensor");
    }

    private static byte[] content(Path file, ZipFile zip, ZipEntry entry) throws IOException {
        try (var in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(8 << 20);
            if (in.read() >= 0) {
                throw broken(file, "the entry " + entry.getName() + " is larger than 8 MiB");
            }
            return bytes;
        }
    }

    private static VoicePack raw(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return new VoicePack(floats(bytes, 0, bytes.length));
    }

    private static Map<String, VoicePack> concatenated(Path file, List<String> names)
            throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0 || bytes.length % PACK_BYTES != 0) {
            throw broken(
                    file,
                    "it is neither a numpy archive nor whole voices of " + PACK_BYTES + " bytes");
        }
        Map<String, VoicePack> voices = new LinkedHashMap<>();
        int count = bytes.length / PACK_BYTES;
        for (int i = 0; i < count; i++) {
            String name = count <= names.size() ? names.get(i) : "voice_" + i;
            voices.put(name, new VoicePack(floats(bytes, i * PACK_BYTES, PACK_BYTES)));
        }
        return voices;
    }

    private static float[] floats(byte[] bytes, int from, int length) {
        if (length % Float.BYTES != 0) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "A Kokoro voice has " + length + " bytes, which is not whole float32 numbers.");
        }
        float[] values = new float[length / Float.BYTES];
        ByteBuffer.wrap(bytes, from, length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    private static EngineException broken(Path file, String why) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                "The voice file " + file + " cannot be used: " + why + ".");
    }
}
