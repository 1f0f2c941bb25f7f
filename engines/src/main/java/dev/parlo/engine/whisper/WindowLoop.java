package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.whisper.TimestampSplitter.Split;
import dev.parlo.engine.whisper.decode.DecodedWindow;
import dev.parlo.engine.whisper.decode.TemperatureFallback;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import dev.parlo.engine.whisper.tokenizer.WordSplitter;
import dev.parlo.engine.whisper.window.EncodedWindow;
import dev.parlo.engine.whisper.words.HallucinationFilter;
import dev.parlo.engine.whisper.words.HallucinationFilter.Verdict;
import dev.parlo.engine.whisper.words.TimedSpan;
import dev.parlo.engine.whisper.words.WordAligner;
import dev.parlo.engine.whisper.words.WordTimings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one recording, in order. Where a window's last sentence is unfinished the next
 * window begins at its start, so windows overlap.
 */
final class WindowLoop {
    private final ModelTokens model;
    private final RecordingWindows recording;
    private final int contentFrames;
    private final double audioSeconds;
    private final double startSeconds;
    private final int startFrame;
    private final LanguageDetector detector;
    private final TranscribeOptions options;
    private final Cancellation cancellation;
    private final SegmentSink sink;
    private final EngineObserver observer;
    private final DecodePlan plan;
    private final PromptBuilder prompts;
    private final TimestampSplitter splitter;
    private final WordTimings wordTimings;
    private final SegmentEmitter emitter;
    private final TokenHistory history;
    private final @Nullable HallucinationFilter hallucinations;
    private final @Nullable EarlyEnd earlyEnd;
    private final int windowFrames;
    private String language;
    private double lastSpeech;

    /** Of the last window, for the observer. */
    private Duration encoding = Duration.ZERO;

    private Duration decoding = Duration.ZERO;
    private int attempts;
    private int tokens;

    /**
     * @param startSeconds where the windows' audio begins in what the times are told of: above 0
     *     for a part of a recording
     * @param earlyEnd null where audio after a window's last word may be silence
     */
    WindowLoop(
            ModelTokens model,
            RecordingWindows recording,
            int contentFrames,
            double audioSeconds,
            double startSeconds,
            LanguageDetector detector,
            TranscribeOptions options,
            String language,
            @Nullable EarlyEnd earlyEnd,
            SegmentSink sink,
            EngineObserver observer,
            Cancellation cancellation) {
        this.model = model;
        this.recording = recording;
        this.contentFrames = contentFrames;
        this.audioSeconds = audioSeconds;
        this.startSeconds = startSeconds;
        startFrame = (int) (startSeconds * MelSpectrogram.FRAMES_PER_SECOND);
        lastSpeech = startSeconds;
        this.detector = detector;
        this.options = options;
        this.language = language;
        this.earlyEnd = earlyEnd;
        this.sink = sink;
        this.observer = observer;
        this.cancellation = cancellation;
        plan = new DecodePlan(model, options);
        prompts = new PromptBuilder(model.tokenizer(), model.multilingual(), options);
        splitter = new TimestampSplitter(model.tokenizer().vocabulary());
        wordTimings =
                new WordTimings(
                        new WordAligner(
                                new WordSplitter(model.tokenizer()),
                                model.tokenizer().vocabulary()));
        history = TokenHistory.startingWith(options, model.tokenizer());
        emitter = new SegmentEmitter(model.tokenizer(), options, sink, history);
        Double threshold = options.hallucinationSilenceThreshold();
        hallucinations =
                options.wordTimestamps() && threshold != null
                        ? new HallucinationFilter(threshold)
                        : null;
        Integer chunk = options.chunkLengthSeconds();
        windowFrames =
                chunk == null ? MelSpectrogram.WINDOW : chunk * MelSpectrogram.FRAMES_PER_SECOND;
    }

    void run() {
        for (Clips.Clip clip : Clips.of(options.clipTimestamps(), contentFrames)) {
            int seek = clip.start();
            while (seek < clip.end()) {
                cancellation.check();
                int frames = Math.min(windowFrames, clip.end() - seek);
                long began = System.nanoTime();
                int next = window(seek, frames);
                observer.window(
                        new EngineObserver.Window(
                                startSeconds + seek * 0.01,
                                frames * 0.01,
                                since(began),
                                encoding,
                                decoding,
                                attempts,
                                tokens));
                // A window that got nowhere is left behind, or it would come back for ever.
                seek = next > seek ? next : seek + frames;
                sink.progress(startSeconds + Math.min(seek, clip.end()) * 0.01);
            }
        }
    }

    /** Transcribes one window and answers where the next begins. */
    private int window(int seek, int frames) {
        long began = System.nanoTime();
        EncodedWindow encoded = recording.encode(seek, frames);
        encoding = since(began);
        if (options.multilingual() && model.multilingual()) {
            language = detector.detect(encoded).language();
        }
        Prompt prompt = prompts.build(history.sinceReset(), language, seek == 0);
        TemperatureFallback.Attempt attempt = decoded(encoded, prompt);
        if (isSilence(attempt.window())) {
            return seek + frames;
        }
        double offset = startSeconds + seek * 0.01;
        Split split = splitter.split(attempt.window().tokens(), offset, frames);
        List<TimedSpan> spans = new ArrayList<>(split.spans());
        // Timestamps may point beyond what was heard: that must not be passed over.
        int taken = Math.min(split.advance(), frames);
        if (earlyEnd != null && isText(spans.getLast(), attempt)) {
            taken = earlyEnd.taken(split, spans, offset, frames);
        }
        int next = seek + taken;
        if (options.wordTimestamps()) {
            addWords(encoded, spans, seek, aligned(taken, frames), attempt.window().tokens());
            OptionalDouble lastEnd = WordTimings.lastEnd(spans);
            if (!split.endsInSingleTimestamp()
                    && lastEnd.isPresent()
                    && lastEnd.getAsDouble() > offset) {
                next = Math.min(frame(lastEnd.getAsDouble()), seek + frames);
            }
            if (hallucinations != null) {
                switch (hallucinations.judge(spans, filterWindow(seek, frames))) {
                    case Verdict.Keep() -> {}
                    case Verdict.SkipSilence(double seconds) -> {
                        return seek + Clips.frame(seconds);
                    }
                    case Verdict.Drop(int fromSpan, double resumeAt) -> {
                        spans.subList(fromSpan, spans.size()).clear();
                        next =
                                resumeAt == Double.POSITIVE_INFINITY
                                        ? contentFrames
                                        : frame(resumeAt);
                    }
                }
            }
            lastSpeech = WordTimings.lastEnd(spans).orElse(lastSpeech);
        }
        double heard = startSeconds + Math.min((seek + frames) * 0.01, audioSeconds);
        emitter.emit(spans, startFrame + seek, heard, attempt);
        if (!options.conditionOnPreviousText()
                || attempt.temperature() > options.promptResetOnTemperature()) {
            history.reset();
        }
        return next;
    }

    private TemperatureFallback.Attempt decoded(EncodedWindow encoded, Prompt prompt) {
        long began = System.nanoTime();
        attempts = 0;
        TemperatureFallback.Attempt kept =
                plan.fallback(prompt)
                        .run(search -> {
                            attempts++;
                            return encoded.decode(search);
                        });
        decoding = since(began);
        tokens = kept.window().tokens().length;
        return kept;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private boolean isText(TimedSpan span, TemperatureFallback.Attempt attempt) {
        int[] tokens = attempt.window().tokens();
        return !model.tokenizer()
                .decode(Arrays.copyOfRange(tokens, span.from(), span.to()))
                .isBlank();
    }

    private boolean isSilence(DecodedWindow window) {
        Double noSpeech = options.noSpeechThreshold();
        Double logProb = options.logProbThreshold();
        return noSpeech != null
                && window.noSpeechProbability() > noSpeech
                && !(logProb != null && window.averageLogProbability() > logProb);
    }

    private void addWords(
            EncodedWindow encoded, List<TimedSpan> spans, int seek, int aligned, int[] tokens) {
        wordTimings.apply(
                spans,
                new WordTimings.WindowTokens(
                        encoded,
                        prompts.startSequence(language),
                        language,
                        startFrame + seek,
                        aligned,
                        tokens),
                model.tokenizer().vocabulary().endOfText(),
                options.prependPunctuations(),
                options.appendPunctuations(),
                lastSpeech);
    }

    /** The frames of a window in which its words are looked for. */
    private int aligned(int taken, int frames) {
        int second = MelSpectrogram.FRAMES_PER_SECOND;
        if (earlyEnd != null && taken < frames && taken >= second) {
            // Alignment stretches words over all the speech that there is; what is left is not
            // theirs.
            return taken;
        }
        // faster-whisper's batches align within whole seconds, its sequential windows within the
        // audio: a chunk ends in a pause, and a last word that has no room moves all before it.
        return options.batchSize() == null ? frames : Math.ceilDiv(frames, second) * second;
    }

    private HallucinationFilter.WindowTimes filterWindow(int seek, int frames) {
        return new HallucinationFilter.WindowTimes(
                startSeconds + seek * 0.01,
                startSeconds + seek * 0.01 + frames * 0.01,
                startSeconds + (seek + windowFrames) * 0.01,
                startSeconds + contentFrames * 0.01,
                lastSpeech);
    }

    /** The frame of the windows' audio at a time that is told. */
    private int frame(double seconds) {
        return Clips.frame(seconds) - startFrame;
    }
}
