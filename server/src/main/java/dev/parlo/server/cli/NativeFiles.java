package dev.parlo.server.cli;

import dev.parlo.engine.audio.AudioNatives;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.onnx.OnnxNatives;
import dev.parlo.server.Settings;

/**
 * Where libraries that come in jars are unpacked: in the cache, once, rather than anew or at home.
 */
final class NativeFiles {
    private NativeFiles() {}

    /** To be called before anything is computed. */
    static void keep(Settings settings) {
        CacheFolder cache = settings.files().cacheFolder();
        AudioNatives.unpackTo(cache);
        OnnxNatives.unpackTo(cache);
    }

    /** Begins to load FFmpeg on a thread beside: only reading a file needs it, a model does not. */
    static void loadAudio() {
        Thread.ofPlatform()
                .daemon()
                .name("warm-up")
                .start(() -> {
                    try {
                        AudioNatives.load();
                    } catch (LinkageError missing) {
                        // The first file that is read fails by the same error, and says so.
                    }
                });
    }
}
