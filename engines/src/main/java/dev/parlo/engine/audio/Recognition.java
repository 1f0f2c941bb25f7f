package dev.parlo.engine.audio;

import static org.bytedeco.ffmpeg.global.avformat.AVPROBE_SCORE_EXTENSION;
import static org.bytedeco.ffmpeg.global.avformat.av_probe_input_buffer2;

import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Finds out from a file's first bytes which format it has. */
final class Recognition {
    private static final String UNKNOWN =
            "No accepted audio or video format was recognised in its content.";

    private static final String BARE =
            " Samples without a header need a content type such as audio/pcm;rate=16000.";

    private Recognition() {}

    /**
     * {@return the accepted format of a file}
     *
     * @param bytes at the beginning of the file, and there again afterwards
     * @throws dev.parlo.engine.EngineException UNSUPPORTED_AUDIO
     */
    static AVInputFormat of(AVIOContext bytes) {
        // As avformat_open_input does by itself, which does not tell what it has found and refused.
        AVInputFormat found = new AVInputFormat((Pointer) null);
        int score;
        try (BytePointer noName = new BytePointer("")) {
            score = av_probe_input_buffer2(bytes, found, noName, null, 0, 0);
        }
        if (score < 0 || found.isNull()) {
            throw AudioFailure.unsupported(UNKNOWN + BARE);
        }
        if (!InputAllowList.opens(found.name().getString())) {
            throw AudioFailure.unsupported(
                    score >= AVPROBE_SCORE_EXTENSION
                            ? UNKNOWN + " It looks like " + name(found) + ", which is not accepted."
                            : UNKNOWN + BARE);
        }
        return found;
    }

    /** For people: {@code MXF (Material eXchange Format)}. */
    static String name(AVInputFormat format) {
        BytePointer name = format.long_name();
        return name == null || name.isNull() ? format.name().getString() : name.getString();
    }
}
