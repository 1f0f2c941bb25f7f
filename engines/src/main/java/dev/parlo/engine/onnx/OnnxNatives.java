package dev.parlo.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.cache.CacheFolder;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps ONNX Runtime's libraries unpacked between runs. By itself it unpacks 30 MB into the folder
 * for temporary files at every start, which takes longer than loading them does, and which stays
 * there when the process is killed. Thread-safe, also between processes that share a folder.
 */
public final class OnnxNatives {
    private static final Logger LOG = LoggerFactory.getLogger(OnnxNatives.class);
    static final String PROPERTY = "onnxruntime.native.path";

    private OnnxNatives() {}

    /**
     * Unpacks the libraries if they are not there, checks them by length and CRC-32 if they are,
     * and has ONNX Runtime load them. To be called before its first use. Where that cannot be done,
     * which is logged, it unpacks them itself. A system property given on the command line goes
     * first.
     */
    public static void unpackTo(CacheFolder cache) {
        if (System.getProperty(PROPERTY) != null) {
            return;
        }
        try {
            Optional<Path> libraries = unpacked(cache);
            libraries.ifPresent(
                    path -> System.setProperty(PROPERTY, path.toAbsolutePath().toString()));
        } catch (IOException | EngineException e) {
            LOG.warn(
                    "ONNX Runtime's libraries cannot be kept in {} and are unpacked anew: {}",
                    cache.kept(),
                    e.toString());
        }
    }

    /** Has ONNX Runtime load its libraries from a folder. To be called before its first use. */
    public static void loadFrom(Path folder) {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, folder.toAbsolutePath().toString());
        }
    }

    /** The folder of the libraries for this platform; empty where there are none. */
    static Optional<Path> unpacked(CacheFolder cache) throws IOException {
        Map<String, JarURLConnection> libraries = libraries();
        if (libraries.isEmpty()) {
            return Optional.empty();
        }
        long bytes = 0;
        long crc = 0;
        for (JarURLConnection library : libraries.values()) {
            bytes += library.getJarEntry().getSize();
            crc = crc * 31 + library.getJarEntry().getCrc();
        }
        // Another release is another folder, also while a process still uses the old one.
        String name = "natives/onnxruntime-" + platform() + "-" + HexFormat.of().toHexDigits(crc);
        Path folder =
                cache.libraries(
                        new CacheFolder.Entry(
                                "ONNX Runtime's libraries",
                                name,
                                bytes,
                                place -> isWhole(place, libraries)));
        for (Map.Entry<String, JarURLConnection> library : libraries.entrySet()) {
            Path file = folder.resolve(library.getKey());
            if (!isIntact(file, library.getValue().getJarEntry())) {
                Files.createDirectories(folder);
                replace(file, library.getValue());
            }
        }
        return Optional.of(folder);
    }

    /** By file name; empty where the jar has none for this platform. */
    private static Map<String, JarURLConnection> libraries() throws IOException {
        Map<String, JarURLConnection> libraries = new LinkedHashMap<>();
        for (String name : List.of("onnxruntime", "onnxruntime4j_jni")) {
            String file = System.mapLibraryName(name);
            URL url =
                    OrtEnvironment.class.getResource(
                            "/ai/onnxruntime/native/" + platform() + "/" + file);
            if (url == null || !(url.openConnection() instanceof JarURLConnection connection)) {
                return Map.of();
            }
            libraries.put(file, connection);
        }
        return libraries;
    }

    private static boolean isWhole(Path folder, Map<String, JarURLConnection> libraries) {
        try {
            for (Map.Entry<String, JarURLConnection> library : libraries.entrySet()) {
                if (!isIntact(folder.resolve(library.getKey()), library.getValue().getJarEntry())) {
                    return false;
                }
            }
            return true;
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static boolean isIntact(Path library, JarEntry entry) throws IOException {
        if (!Files.isRegularFile(library) || Files.size(library) != entry.getSize()) {
            return false;
        }
        CRC32 crc = new CRC32();
        try (InputStream in = new CheckedInputStream(Files.newInputStream(library), crc)) {
            byte[] buffer = new byte[1 << 16];
            while (in.read(buffer) >= 0) {
                // read for its checksum alone
            }
        }
        return crc.getValue() == entry.getCrc();
    }

    private static void replace(Path library, JarURLConnection connection) throws IOException {
        Path part = Files.createTempFile(library.getParent(), "unpacking-", ".part");
        try (InputStream in = connection.getInputStream()) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, library, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** As ONNX Runtime names the folders of its jar. */
    private static String platform() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String os = system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux";
        boolean arm = machine.equals("aarch64") || machine.equals("arm64");
        return os + "-" + (arm ? "aarch64" : "x64");
    }
}
