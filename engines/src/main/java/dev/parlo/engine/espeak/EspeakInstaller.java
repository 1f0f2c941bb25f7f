package dev.parlo.engine.espeak;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.cache.EntryLock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds espeak-ng: where the settings say it is, else the copy that the piper-jni artifact carries
 * (unpacked once into the cache directory and checked by SHA-256), else the system's.
 *
 * <p>Only espeak-ng's own library and data are taken from that artifact; its ONNX Runtime is never
 * unpacked. Thread-safe, also between processes that share a cache directory.
 */
public final class EspeakInstaller {
    private static final Logger LOG = LoggerFactory.getLogger(EspeakInstaller.class);
    private static final String VERSION = "1.52.0.1";
    private static final String DATA = "espeak-ng-data";

    /** The library and its data. */
    private static final long UNPACKED_BYTES = 24L << 20;

    private static final String LOCKS = ".locks";
    private static final String DATA_ZIP = "espeak-ng-data.zip";
    private static final List<String> SYSTEM_LIBRARIES =
            List.of(
                    "/usr/lib/x86_64-linux-gnu/libespeak-ng.so.1",
                    "/usr/lib/aarch64-linux-gnu/libespeak-ng.so.1",
                    "/usr/lib64/libespeak-ng.so.1",
                    "/usr/lib/libespeak-ng.so.1",
                    "/usr/local/lib/libespeak-ng.so.1",
                    "/opt/homebrew/lib/libespeak-ng.dylib",
                    "/usr/local/lib/libespeak-ng.dylib");
    private static final List<String> SYSTEM_DATA =
            List.of(
                    "/usr/lib/x86_64-linux-gnu/espeak-ng-data",
                    "/usr/lib/aarch64-linux-gnu/espeak-ng-data",
                    "/usr/lib/espeak-ng-data",
                    "/usr/share/espeak-ng-data",
                    "/usr/local/share/espeak-ng-data",
                    "/opt/homebrew/share/espeak-ng-data");

    private final CacheFolder cache;
    private final @Nullable Path configuredLibrary;
    private final @Nullable Path configuredData;

    /**
     * @param cache where the bundled copy may be unpacked
     * @param configuredLibrary {@code ESPEAK_LIBRARY}, or null
     * @param configuredData {@code ESPEAK_DATA}, or null
     */
    public EspeakInstaller(
            CacheFolder cache, @Nullable Path configuredLibrary, @Nullable Path configuredData) {
        this.cache = cache;
        this.configuredLibrary = configuredLibrary;
        this.configuredData = configuredData;
    }

    /**
     * The files to load.
     *
     * @throws EngineException of category BAD_MODEL when there is no espeak-ng anywhere, naming the
     *     places that were tried
     */
    public EspeakFiles locate() {
        if (configuredLibrary != null) {
            return configured(configuredLibrary);
        }
        Optional<EspeakFiles> bundled = bundled();
        if (bundled.isPresent()) {
            return bundled.get();
        }
        return system().orElseThrow(() ->
                new EngineException(
                        EngineException.Category.BAD_MODEL,
                        "espeak-ng was not found: this distribution carries none for "
                                + platform()
                                + " and the system has none. Install it (Debian: apt-get"
                                + " install libespeak-ng1 espeak-ng-data) or set"
                                + " ESPEAK_LIBRARY and ESPEAK_DATA."));
    }

    private EspeakFiles configured(Path library) {
        if (!Files.isRegularFile(library)) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "ESPEAK_LIBRARY names " + library + ", which is not a file.");
        }
        if (!isSharedLibrary(library)) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "ESPEAK_LIBRARY names "
                            + library
                            + ", which is not a shared library; accepted: libespeak-ng.so.1 or"
                            + " libespeak-ng.dylib.");
        }
        Path data =
                configuredData != null
                        ? dataDirectory(configuredData)
                        : systemData()
                                .orElseThrow(() ->
                                        new EngineException(
                                                EngineException.Category.BAD_MODEL,
                                                "ESPEAK_LIBRARY is set but no espeak-ng-data was"
                                                        + " found; set ESPEAK_DATA too."));
        return new EspeakFiles(library, data, "ESPEAK_LIBRARY");
    }

    /** By its first bytes: ELF, or Mach-O of one machine or of several. */
    private static boolean isSharedLibrary(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String magic = HexFormat.of().formatHex(in.readNBytes(4));
            return Set.of("7f454c46", "cffaedfe", "cafebabe").contains(magic);
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static Path dataDirectory(Path given) {
        for (Path candidate : List.of(given, given.resolve("espeak-ng-data"))) {
            if (Files.isRegularFile(candidate.resolve("phontab"))) {
                return candidate;
            }
        }
        throw new EngineException(
                EngineException.Category.BAD_MODEL,
                "ESPEAK_DATA names "
                        + given
                        + ", which is not an espeak-ng-data directory (it has no phontab).");
    }

    private static Optional<EspeakFiles> system() {
        Optional<Path> library =
                SYSTEM_LIBRARIES.stream().map(Path::of).filter(Files::isRegularFile).findFirst();
        Optional<Path> data = systemData();
        if (library.isEmpty() || data.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new EspeakFiles(library.get(), data.get(), "the system"));
    }

    private static Optional<Path> systemData() {
        return SYSTEM_DATA.stream()
                .map(Path::of)
                .filter(path -> Files.isRegularFile(path.resolve("phontab")))
                .findFirst();
    }

    private Optional<EspeakFiles> bundled() {
        String platform = platform();
        Properties hashes = hashes();
        String libraryEntry = hashes.getProperty(platform + ".entry");
        if (libraryEntry == null || resource(libraryEntry) == null || resource(DATA_ZIP) == null) {
            return Optional.empty();
        }
        String libraryHash = hashes.getProperty(platform + ".sha256");
        String treeHash = hashes.getProperty("data.tree.sha256");
        String libraryName = Path.of(libraryEntry).getFileName().toString();
        Path home =
                cache.libraries(
                        new CacheFolder.Entry(
                                "espeak-ng",
                                "espeak-ng/" + VERSION + "-" + platform,
                                UNPACKED_BYTES,
                                folder -> isIntact(folder, libraryName, libraryHash, treeHash)));
        Path library = home.resolve(libraryName);
        Path data = home.resolve(DATA);
        try {
            if (!intact(library, libraryHash, data, treeHash)) {
                Path lock = home.resolveSibling(LOCKS).resolve(home.getFileName());
                try (EntryLock held = EntryLock.take(lock)) {
                    // another may have made it meanwhile, and its copy may be in use
                    if (!intact(library, libraryHash, data, treeHash)) {
                        unpack(libraryEntry, home);
                    }
                }
                if (!intact(library, libraryHash, data, treeHash)) {
                    throw new EngineException(
                            EngineException.Category.BAD_MODEL,
                            "The espeak-ng that was unpacked does not have the expected SHA-256; the"
                                    + " piper-jni artifact is damaged or of another version.");
                }
            }
        } catch (IOException failure) {
            LOG.warn("espeak-ng cannot be unpacked into {}: {}", home, failure.toString());
            throw new EngineException(
                    EngineException.Category.NO_SPACE,
                    "espeak-ng cannot be unpacked: the server's disk may be full. Free some space,"
                            + " or set PARLO_CACHE_DIR to a folder with room.",
                    failure);
        }
        return Optional.of(new EspeakFiles(library, data, "the piper-jni artifact"));
    }

    private static boolean isIntact(
            Path home, String library, @Nullable String libraryHash, @Nullable String treeHash) {
        try {
            return intact(home.resolve(library), libraryHash, home.resolve(DATA), treeHash);
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static boolean intact(
            Path library, @Nullable String libraryHash, Path data, @Nullable String treeHash)
            throws IOException {
        return Files.isRegularFile(library)
                && Files.isDirectory(data)
                && hash(library).equals(libraryHash)
                && treeHash(data).equals(treeHash);
    }

    /**
     * Unpacks beside the target and moves it there in one step, so that no other process sees half
     * of it.
     */
    private void unpack(String libraryEntry, Path home) throws IOException {
        LOG.info("Unpacking espeak-ng {} into {}", VERSION, home);
        Files.createDirectories(home.getParent());
        Path fresh = Files.createTempDirectory(home.getParent(), "unpacking-");
        try {
            Path library = fresh.resolve(Path.of(libraryEntry).getFileName().toString());
            try (InputStream in = required(libraryEntry)) {
                Files.copy(in, library);
            }
            Path data = Files.createDirectory(fresh.resolve("espeak-ng-data"));
            try (ZipInputStream zip = new ZipInputStream(required(DATA_ZIP))) {
                for (ZipEntry entry = zip.getNextEntry();
                        entry != null;
                        entry = zip.getNextEntry()) {
                    Path target = data.resolve(entry.getName()).normalize();
                    if (!target.startsWith(data)) {
                        throw new IOException(
                                "The archive names a file outside itself: " + entry.getName());
                    }
                    if (entry.isDirectory()) {
                        Files.createDirectories(target);
                    } else {
                        Files.createDirectories(target.getParent());
                        Files.copy(zip, target, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
            if (Files.exists(home)) {
                // damaged
                Path old = Files.createTempDirectory(home.getParent(), "replaced-");
                Files.move(home, old.resolve("old"), StandardCopyOption.ATOMIC_MOVE);
                delete(old);
            }
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(fresh);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** SHA-256 of a file in hexadecimal. */
    static String hash(Path file) throws IOException {
        return HexFormat.of().formatHex(sha256().digest(Files.readAllBytes(file)));
    }

    /** SHA-256 over the names and contents of a directory's files, in the order of their names. */
    static String treeHash(Path directory) throws IOException {
        MessageDigest digest = sha256();
        try (Stream<Path> tree = Files.walk(directory)) {
            List<String> names =
                    tree.filter(Files::isRegularFile)
                            .map(path -> directory.relativize(path).toString().replace('\\', '/'))
                            .sorted()
                            .toList();
            for (String name : names) {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(sha256().digest(Files.readAllBytes(directory.resolve(name))));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Properties hashes() {
        Properties properties = new Properties();
        try (InputStream in = EspeakInstaller.class.getResourceAsStream("espeak-ng.properties")) {
            if (in == null) {
                throw new IllegalStateException("espeak-ng.properties is missing from the program");
            }
            properties.load(in);
            return properties;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static java.net.@Nullable URL resource(String name) {
        return EspeakInstaller.class.getClassLoader().getResource(name);
    }

    private static InputStream required(String name) throws IOException {
        InputStream in = EspeakInstaller.class.getClassLoader().getResourceAsStream(name);
        if (in == null) {
            throw new IOException(name + " is not on the class path");
        }
        return in;
    }

    private static String platform() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine =
                switch (System.getProperty("os.arch", "")) {
                    case "amd64", "x86_64" -> "amd64";
                    case "aarch64", "arm64" -> "arm64";
                    default -> System.getProperty("os.arch", "unknown");
                };
        String family =
                system.contains("linux") ? "debian" : system.contains("mac") ? "macos" : system;
        return family + "-" + machine;
    }
}
