package dev.parlo.server.cli;

import dev.parlo.engine.audio.AudioNatives;
import dev.parlo.engine.onnx.OnnxNatives;
import dev.parlo.server.Settings;
import java.nio.file.Path;

/**
 * Where libraries that come in jars are unpacked: in the cache, once, rather than anew or at home.
 */
final class NativeFiles {
    private NativeFiles() {}

    /** To be called before anything is computed. */
    static void keep(Settings settings) {
        Path natives = settings.files().cache().resolve("natives");
        AudioNatives.unpackTo(natives.resolve("ffmpeg"));
        OnnxNatives.unpackTo(natives);
    }
}
