package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptionsBuilder;
import dev.parlo.engine.Word;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.whisper.chunk.Chunk;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import dev.parlo.engine.whisper.window.WindowRuntime;
import dev.parlo.engine.worker.BackgroundAudio;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Transcribes chunks of a recording, each as if it were a recording by itself: with its own
 * features, fallback to higher temperatures, silence rule and words. What a window left unsaid at
 * its end is heard again within the chunk. Thread-safe.
 */
final class ChunkTranscriber {
    private final ModelTokens model;
    private final WindowRuntime runtime;
    private final LanguageDetector detector;
    private final TranscribeOptions options;
    private final String language;
    private final Ticket ticket;
    private final EngineObserver observer;

    ChunkTranscriber(
            ModelTokens model,
            WindowRuntime runtime,
            LanguageDetector detector,
            TranscribeOptions options,
            String language,
            Ticket ticket,
            EngineObserver observer) {
        this.model = model;
        this.runtime = runtime;
        this.detector = detector;
        this.options = options;
        this.language = language;
        this.ticket = ticket;
        this.observer = observer;
    }

    /** The segments of a chunk, their times those of the recording. */
    record Answer(Chunk chunk, List<Segment> segments) {}

    /**
     * @param index of the chunk in the recording, from 0
     */
    Answer transcribe(Chunk chunk, long index, Cancellation cancellation) {
        // The first may be a clip; the others are of a file, and many are prepared at a time.
        AudioSource audio =
                index == 0
                        ? chunk.audio()
                        : new BackgroundAudio(chunk.audio(), runtime::giveWay, 0, cancellation);
        try (MelSpectrogram mel = new MelSpectrogram(audio, runtime.melBands(), cancellation);
                RecordingWindows windows =
                        new RecordingWindows(runtime, mel, options, ticket, cancellation)) {
            return transcribe(chunk, index, mel, windows, cancellation);
        }
    }

    /** The same of a chunk whose first window may be encoded already. */
    Answer transcribe(
            Chunk chunk,
            long index,
            MelSpectrogram mel,
            RecordingWindows windows,
            Cancellation cancellation) {
        List<Segment> segments = new ArrayList<>();
        new WindowLoop(
                        model,
                        windows,
                        mel.contentFrames(),
                        mel.durationSeconds(),
                        chunk.startSeconds(),
                        detector,
                        optionsOf(index),
                        language,
                        chunk.isSpeech() ? new EarlyEnd() : null,
                        segment -> segments.add(rounded(segment)),
                        observer,
                        cancellation)
                .run();
        return new Answer(chunk, segments);
    }

    private TranscribeOptions optionsOf(long index) {
        TranscribeOptionsBuilder own =
                options.toBuilder().clipTimestamps(List.of()).conditionOnPreviousText(false);
        if (index > 0) {
            own.prefix(null);
            if (options.seed().isPresent()) {
                // In whatever order the windows are computed, each draws the same numbers.
                own.seed(OptionalLong.of(options.seed().getAsLong() + index));
            }
        }
        return own.build();
    }

    /** As faster-whisper rounds: a chunk begins at a sample, not at a hundredth of a second. */
    private static Segment rounded(Segment segment) {
        List<Word> words = segment.words();
        return segment.withTimes(
                segment.seek(),
                round(segment.start()),
                round(segment.end()),
                words == null
                        ? null
                        : words.stream()
                                .map(w -> w.withTimes(round(w.start()), round(w.end())))
                                .toList());
    }

    private static double round(double seconds) {
        return new BigDecimal(seconds).setScale(3, RoundingMode.HALF_EVEN).doubleValue();
    }
}
