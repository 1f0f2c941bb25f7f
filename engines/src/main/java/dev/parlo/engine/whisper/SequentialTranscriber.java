package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.whisper.decode.DecodeArena;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import java.util.Map;

/**
 * Transcribes a recording window after window, each prompted with the text before it, as
 * faster-whisper's {@code WhisperModel.transcribe}. Used by the one thread that owns the arena.
 */
final class SequentialTranscriber {
    private final ModelTokens model;
    private final DecodeArena arena;

    SequentialTranscriber(ModelTokens model, DecodeArena arena) {
        this.model = model;
        this.arena = arena;
    }

    Transcript transcribe(
            AudioSource audio,
            TranscribeOptions options,
            SegmentSink sink,
            Cancellation cancellation) {
        int bands = arena.encoder().melBands();
        try (MelSpectrogram mel = new MelSpectrogram(audio, bands, cancellation)) {
            EncodedWindow encoded = new EncodedWindow(arena.encoder(), mel);
            LanguageDetector detector =
                    new LanguageDetector(
                            model.tokenizer().vocabulary(), arena.step(), options.languages());
            LanguageDetector.Detected language =
                    language(detector, encoded, mel.contentFrames(), options, cancellation);
            new WindowLoop(
                            model,
                            arena.step(),
                            encoded,
                            mel.contentFrames(),
                            detector,
                            options,
                            language.language(),
                            sink,
                            cancellation)
                    .run();
            return new Transcript(
                    language.language(),
                    language.probability(),
                    mel.durationSeconds(),
                    language.probabilities());
        }
    }

    private LanguageDetector.Detected language(
            LanguageDetector detector,
            EncodedWindow encoded,
            int contentFrames,
            TranscribeOptions options,
            Cancellation cancellation) {
        if (!model.multilingual()) {
            return new LanguageDetector.Detected("en", 1, Map.of());
        }
        if (options.language() != null) {
            return new LanguageDetector.Detected(options.language(), 1, Map.of());
        }
        int start =
                options.clipTimestamps().isEmpty()
                        ? 0
                        : Clips.frame(options.clipTimestamps().getFirst());
        return detector.detect(
                encoded,
                contentFrames,
                start < contentFrames ? start : 0,
                options.languageDetectionThreshold(),
                options.languageDetectionSegments(),
                cancellation);
    }
}
