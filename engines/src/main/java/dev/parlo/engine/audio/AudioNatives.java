package dev.parlo.engine.audio;

import dev.parlo.engine.cache.CacheFolder;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.javacpp.Loader;

/**
 * Loads FFmpeg's libraries. They lie in a jar and must be unpacked to be loaded; JavaCPP would do
 * that under the user's home. Thread-safe; loading twice is harmless.
 */
public final class AudioNatives {
    /** Larger single allocations come from damaged headers, never from audio. */
    private static final long LARGEST_ALLOCATION = 256L << 20;

    private static final String CACHE = "org.bytedeco.javacpp.cachedir";

    /** The libraries of FFmpeg, of JavaCPP and what they are linked to. */
    private static final long UNPACKED_BYTES = 66L << 20;

    private static final List<Class<?>> LIBRARIES =
            List.of(avutil.class, swresample.class, avcodec.class, avformat.class);

    private AudioNatives() {}

    /**
     * Says where the libraries are unpacked (about 55 MB, kept between runs). To be called before
     * anything else of this package; a system property given on the command line goes first.
     *
     * @param cache the libraries' folder is in it
     */
    public static void unpackTo(CacheFolder cache) {
        if (System.getProperty(CACHE) == null) {
            Path folder =
                    cache.libraries(
                            new CacheFolder.Entry(
                                    "FFmpeg's libraries",
                                    "natives/ffmpeg",
                                    UNPACKED_BYTES,
                                    AudioNatives::isWhole));
            System.setProperty(CACHE, folder.toAbsolutePath().toString());
            if (Files.isDirectory(folder) && !Files.isWritable(folder)) {
                // JavaCPP leaves a cache that it cannot write, even where it has nothing to write.
                // It reads this when its first class is initialised.
                System.setProperty("org.bytedeco.javacpp.pathsFirst", "true");
                System.setProperty("org.bytedeco.javacpp.platform.linkpath", paths(folder));
            }
        }
    }

    /** The folders of the unpacked libraries, as a list of paths. */
    private static String paths(Path folder) {
        return LIBRARIES.stream()
                .map(AudioNatives::inJar)
                .flatMap(Optional::stream)
                .map(jar -> unpacked(folder, jar).resolveSibling("").toAbsolutePath().toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Whether all libraries lie there; those that are in no jar are not unpacked. */
    private static boolean isWhole(Path folder) {
        return LIBRARIES.stream()
                .map(AudioNatives::inJar)
                .flatMap(Optional::stream)
                .allMatch(jar -> isUnpacked(folder, jar));
    }

    private static boolean isUnpacked(Path folder, JarURLConnection jar) {
        try {
            // It is unpacked after the library that it is linked to.
            Path file = unpacked(folder, jar);
            return Files.isRegularFile(file) && Files.size(file) == jar.getJarEntry().getSize();
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static Path unpacked(Path folder, JarURLConnection jar) {
        String name = Path.of(jar.getJarFileURL().getPath()).getFileName().toString();
        return folder.resolve(name).resolve(jar.getEntryName());
    }

    /** What JavaCPP loads for a part of FFmpeg; empty where it is not in a jar. */
    private static Optional<JarURLConnection> inJar(Class<?> part) {
        String name = System.mapLibraryName("jni" + part.getSimpleName());
        URL url = part.getResource("/org/bytedeco/ffmpeg/" + platform() + "/" + name);
        try {
            return url != null && url.openConnection() instanceof JarURLConnection jar
                    ? Optional.of(jar)
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** As JavaCPP names it; asking JavaCPP would initialise it. */
    private static String platform() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String os =
                system.contains("mac") ? "macosx" : system.contains("win") ? "windows" : "linux";
        boolean arm = machine.equals("aarch64") || machine.equals("arm64");
        return os + "-" + (arm ? "arm64" : "x86_64");
    }

    /** Loads the libraries, so that the first request need not. */
    public static void load() {
        Loaded.ensure();
    }

    /** {@return the version of FFmpeg} Loads it. */
    public static String version() {
        load();
        return avutil.av_version_info().getString();
    }

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** The class initialiser is the lock. */
    private static final class Loaded {
        static {
            // JavaCPP refuses to allocate once the process is twice as large as the Java heap. Here
            // the weights of the models are mapped into the process, so that would always happen.
            setUnlessGiven("org.bytedeco.javacpp.maxPhysicalBytes", "0");
            LIBRARIES.forEach(Loader::load);
            // FFmpeg would write to stderr what is wrong with a file, file names included. What
            // matters comes back as an error code.
            avutil.av_log_set_level(avutil.AV_LOG_QUIET);
            avutil.av_max_alloc(LARGEST_ALLOCATION);
        }

        static void ensure() {}
    }

    /** FFmpeg's own words for an error code. */
    static String describe(int error) {
        byte[] text = new byte[128];
        avutil.av_strerror(error, text, text.length);
        int length = 0;
        while (length < text.length && text[length] != 0) {
            length++;
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }
}
