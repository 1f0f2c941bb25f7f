package dev.parlo.engine.audio;

import dev.parlo.engine.cache.CacheFolder;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        }
    }

    /**
     * Whether all libraries lie there. JavaCPP looks elsewhere when it could not write there, even
     * if it need not.
     */
    private static boolean isWhole(Path folder) {
        return Files.isWritable(folder)
                && LIBRARIES.stream().allMatch(library -> isUnpacked(folder, library));
    }

    private static boolean isUnpacked(Path folder, Class<?> preset) {
        String name = System.mapLibraryName("jni" + preset.getSimpleName());
        URL url = preset.getResource("/org/bytedeco/ffmpeg/" + Loader.getPlatform() + "/" + name);
        try {
            if (url == null || !(url.openConnection() instanceof JarURLConnection jar)) {
                return true; // not from a jar: nothing is unpacked
            }
            Path file =
                    folder.resolve(Path.of(jar.getJarFile().getName()).getFileName())
                            .resolve(jar.getEntryName());
            // It is unpacked after the library that it is linked to.
            return Files.isRegularFile(file) && Files.size(file) == jar.getJarEntry().getSize();
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Loads the libraries, so that the first request need not. */
    public static void load() {
        Loaded.ensure();
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
        return new String(text, 0, length, java.nio.charset.StandardCharsets.UTF_8);
    }
}
