package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import dev.parlo.engine.whisper.window.WindowRuntime;
import java.util.Optional;

/**
 * Transcribes a recording window after window, each prompted with the text before it, as
 * faster-whisper's {@code WhisperModel.transcribe}. Thread-safe.
 */
final class SequentialTranscriber {
    private final ModelTokens model;
    private final WindowRuntime runtime;
    private final EngineObserver observer;

    SequentialTranscriber(ModelTokens model, WindowRuntime runtime, EngineObserver observer) {
        this.model = model;
        this.runtime = runtime;
        this.observer = observer;
    }

    Transcript transcribe(
            AudioSource audio,
            TranscribeOptions options,
            Ticket ticket,
            SegmentSink sink,
            Cancellation cancellation) {
        try (MelSpectrogram mel = new MelSpectrogram(audio, runtime.melBands(), cancellation);
                RecordingWindows recording =
                        new RecordingWindows(runtime, mel, options, ticket, cancellation)) {
            ticket.expect(Math.ceilDiv(mel.contentFrames(), MelSpectrogram.WINDOW));
            LanguageDetector detector =
                    new LanguageDetector(model.tokenizer().vocabulary(), options.languages());
            LanguageDetector.Detected language =
                    language(detector, recording, mel.contentFrames(), options, cancellation);
            new WindowLoop(
                            model,
                            recording,
                            mel.contentFrames(),
                            mel.durationSeconds(),
                            0,
                            detector,
                            options,
                            language.language(),
                            null,
                            sink,
                            observer,
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
            RecordingWindows recording,
            int contentFrames,
            TranscribeOptions options,
            Cancellation cancellation) {
        Optional<LanguageDetector.Detected> given = LanguageDetector.given(model, options);
        if (given.isPresent()) {
            return given.get();
        }
        int start =
                options.clipTimestamps().isEmpty()
                        ? 0
                        : Clips.frame(options.clipTimestamps().getFirst());
        return detector.detect(
                recording,
                contentFrames,
                start < contentFrames ? start : 0,
                options.languageDetectionThreshold(),
                options.languageDetectionSegments(),
                cancellation);
    }
}
