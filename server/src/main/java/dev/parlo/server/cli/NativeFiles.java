package dev.parlo.server.cli;

import dev.parlo.engine.audio.AudioNatives;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.device.GpuProbe;
import dev.parlo.engine.onnx.OnnxLeftovers;
import dev.parlo.engine.onnx.OnnxNatives;
import dev.parlo.server.Settings;
import dev.parlo.server.device.Devices;
import java.nio.file.Path;

/**
 * Where libraries that come in jars are unpacked: in the cache, once, rather than anew or at home.
 */
final class NativeFiles {
    private NativeFiles() {}

    /** To be called before anything is computed; everything on the processor. */
    static void keep(Settings settings) {
        keep(settings, Devices.onCpu());
    }

    /**
     * To be called before anything is computed.
     *
     * @param devices where; ONNX Runtime for GPUs computes on the processor, too
     */
    static void keep(Settings settings, Devices devices) {
        CacheFolder cache = settings.files().cacheFolder();
        AudioNatives.unpackTo(cache);
        if (devices.anyGpu()) {
            GpuProbe.loadLibraries(settings.gpu().natives(), settings.gpu().cudaFolders());
            OnnxNatives.loadFrom(settings.gpu().natives());
        } else {
            OnnxNatives.unpackTo(cache);
        }
        OnnxLeftovers.removeFrom(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
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
