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
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads Kokoro's voices in each layout in which they are published: a numpy archive ({@code
 * voices.bin}, {@code *.npz}), raw floats per voice ({@code voices/NAME.bin}), PyTorch files
 * ({@code NAME.pt}) and sherpa-onnx's headerless concatenation. Damaged files are refused with
 * BAD_MODEL, and so are voices that take more than 256 MiB together. Used by one thread.
 */
final class VoiceFiles {
    private static final int PACK_BYTES = 510 * VoicePack.STYLE * Float.BYTES;

    /** A voice of 510 rows takes half a mebibyte. */
    private static final int MAX_VOICE_BYTES = 8 << 20;

    private static final long MAX_BYTES = 256L << 20;
    private static final int MAX_NAME = 100;

    private final Map<String, VoicePack> voices = new LinkedHashMap<>();
    private long bytes;

    private VoiceFiles() {}

    /** All voices in a model's folder, by name. */
    static Map<String, VoicePack> read(Path folder, List<String> namesInOrder) {
        VoiceFiles reader = new VoiceFiles();
        try {
            for (Path file : files(folder)) {
                try {
                    reader.file(file, namesInOrder);
                } catch (ZipException damaged) {
                    throw broken(file, "it is not a whole zip archive", damaged);
                } catch (IllegalArgumentException damaged) {
                    throw broken(file, String.valueOf(damaged.getMessage()), damaged);
                }
            }
        } catch (IOException failure) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "The model's voices cannot be read.",
                    failure);
        }
        return reader.voices;
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

    private void file(Path file, List<String> namesInOrder) throws IOException {
        String name = file.getFileName().toString();
        if (Files.size(file) > MAX_BYTES) {
            throw new IllegalArgumentException("it is larger than " + MAX_BYTES + " bytes");
        }
        if (name.endsWith(".pt")) {
            add(stem(name), torch(file));
        } else if (archive(file)) {
            numpy(file);
        } else if (inVoicesFolder(file)) {
            add(stem(name), raw(file));
        } else {
            concatenated(file, namesInOrder);
        }
    }

    private void add(String name, float[] values) {
        if (name.isBlank() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("a voice is named '" + name + "'");
        }
        bytes += (long) values.length * Float.BYTES;
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("the voices take more than " + MAX_BYTES + " bytes");
        }
        voices.put(name, new VoicePack(values));
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
    private void numpy(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                if (entry.getName().endsWith(".npy")) {
                    byte[] content = content(zip, entry);
                    add(stem(entry.getName()), NumpyArray.parse(content).values());
                }
            }
        }
    }

    /** PyTorch's zip: the storage is the entry {@code data/0}, plain little-endian floats. */
    private static float[] torch(Path file) throws IOException {
        byte @Nullable [] storage = null;
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                if (entry.getName().endsWith("/data/0")) {
                    storage = content(zip, entry);
                } else if (entry.getName().endsWith("/byteorder")) {
                    require(text(zip, entry).strip().equals("little"), "it is big-endian");
                } else if (entry.getName().endsWith("/data.pkl")) {
                    require(text(zip, entry).contains("FloatStorage"), "it is not of float32");
                }
            }
        }
        if (storage == null) {
            throw new IllegalArgumentException("it has no tensor");
        }
        return floats(storage, 0, storage.length);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static String text(ZipFile zip, ZipEntry entry) throws IOException {
        return new String(content(zip, entry), StandardCharsets.ISO_8859_1);
    }

    private static byte[] content(ZipFile zip, ZipEntry entry) throws IOException {
        try (var in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(MAX_VOICE_BYTES);
            if (in.read() >= 0) {
                throw new IllegalArgumentException(
                        "the entry " + entry.getName() + " is larger than 8 MiB");
            }
            return bytes;
        }
    }

    private static float[] raw(Path file) throws IOException {
        require(Files.size(file) <= MAX_VOICE_BYTES, "it is larger than 8 MiB");
        byte[] bytes = Files.readAllBytes(file);
        return floats(bytes, 0, bytes.length);
    }

    private void concatenated(Path file, List<String> names) throws IOException {
        long size = Files.size(file);
        require(
                size > 0 && size % PACK_BYTES == 0,
                "it is neither a numpy archive nor whole voices of " + PACK_BYTES + " bytes");
        int count = (int) (size / PACK_BYTES);
        try (var in = Files.newInputStream(file)) {
            for (int i = 0; i < count; i++) {
                byte[] pack = in.readNBytes(PACK_BYTES);
                add(
                        count <= names.size() ? names.get(i) : "voice_" + i,
                        floats(pack, 0, pack.length));
            }
        }
    }

    /** Little-endian float32. */
    static float[] floats(byte[] bytes, int from, int length) {
        require(
                length % Float.BYTES == 0,
                "a voice has " + length + " bytes, which is not whole float32 numbers");
        float[] values = new float[length / Float.BYTES];
        ByteBuffer.wrap(bytes, from, length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        for (float value : values) {
            require(Float.isFinite(value), "a voice has a number that is infinite or none");
        }
        return values;
    }

    private static EngineException broken(Path file, String why, Throwable cause) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                "The voice file " + file.getFileName() + " cannot be used: " + why + ".",
                cause);
    }
}
