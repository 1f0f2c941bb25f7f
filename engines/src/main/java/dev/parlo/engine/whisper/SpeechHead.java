package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.PcmAudio;
import dev.parlo.engine.whisper.chunk.Chunk;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import dev.parlo.engine.whisper.window.WindowRuntime;
import java.util.List;

/**
 * The beginning of a recording's speech, chunk after chunk, from which its language is told. Not
 * thread-safe.
 */
final class SpeechHead implements AutoCloseable {
    private final List<Chunk> chunks;
    private final MelSpectrogram mel;
    private final RecordingWindows windows;

    /**
     * @param chunks the first ones; none where there is no speech
     * @param options of the windows
     */
    SpeechHead(
            List<Chunk> chunks,
            WindowRuntime runtime,
            TranscribeOptions options,
            Ticket ticket,
            Cancellation cancellation) {
        this.chunks = chunks;
        PcmAudio speech =
                chunks.size() == 1
                        ? PcmAudio.of(chunks.getFirst().samples())
                        : PcmAudio.of(joined(chunks));
        mel = new MelSpectrogram(speech, runtime.melBands(), cancellation);
        windows = new RecordingWindows(runtime, mel, options, ticket, cancellation);
    }

    private static float[] joined(List<Chunk> chunks) {
        float[] samples = new float[chunks.stream().mapToInt(c -> c.samples().length).sum()];
        int at = 0;
        for (Chunk chunk : chunks) {
            System.arraycopy(chunk.samples(), 0, samples, at, chunk.samples().length);
            at += chunk.samples().length;
        }
        return samples;
    }

    LanguageDetector.Detected language(
            LanguageDetector detector, TranscribeOptions options, Cancellation cancellation) {
        return detector.detect(
                windows,
                mel.contentFrames(),
                0,
                options.languageDetectionThreshold(),
                options.languageDetectionSegments(),
                cancellation);
    }

    /** Whether this is the first chunk and nothing more: then its window is encoded already. */
    boolean isOneChunk() {
        return chunks.size() == 1;
    }

    ChunkTranscriber.Answer transcribe(ChunkTranscriber transcriber, Cancellation cancellation) {
        try (windows) { // what follows may need its turn
            return transcriber.transcribe(chunks.getFirst(), 0, mel, windows, cancellation);
        }
    }

    /** May be called early: the window leaves its slot to others. */
    @Override
    public void close() {
        windows.close();
        mel.close();
    }
}
