package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.vad.SpeechAudio;
import dev.parlo.engine.whisper.chunk.Chunk;
import dev.parlo.engine.whisper.chunk.Chunks;
import dev.parlo.engine.whisper.chunk.ClipChunks;
import dev.parlo.engine.whisper.chunk.SpeechChunks;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import dev.parlo.engine.whisper.window.WindowRuntime;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Transcribes a recording in chunks of at most 30 s, several at a time, none knowing what is said
 * in the others. As faster-whisper's {@code BatchedInferencePipeline}, with what that leaves out:
 * fallback, silence rule, prefix, and what a window did not come to say. Audio is read, and held,
 * no further ahead than windows are under way. Thread-safe.
 */
final class BatchedTranscriber {
    private static final int LONGEST_SECONDS =
            MelSpectrogram.WINDOW / MelSpectrogram.FRAMES_PER_SECOND;

    /** Most windows to tell the language from: their speech is held until it is known. */
    private static final int MOST_DETECTED = 16;

    private final ModelTokens model;
    private final WindowRuntime runtime;
    private final WindowThreads threads;
    private final EngineObserver observer;

    BatchedTranscriber(
            ModelTokens model,
            WindowRuntime runtime,
            WindowThreads threads,
            EngineObserver observer) {
        this.model = model;
        this.runtime = runtime;
        this.threads = threads;
        this.observer = observer;
    }

    /**
     * @param audio the speech of a recording is heard stretch by stretch; of other audio the clips
     *     are heard
     * @param options with a batch size
     */
    Transcript transcribe(
            AudioSource audio,
            TranscribeOptions options,
            Ticket ticket,
            SegmentSink sink,
            Cancellation cancellation) {
        int most = Objects.requireNonNull(options.batchSize(), "a batch size");
        LanguageDetector detector =
                new LanguageDetector(model.tokenizer().vocabulary(), options.languages());
        Optional<LanguageDetector.Detected> given = LanguageDetector.given(model, options);
        try (PeekedChunks chunks = peeked(audio, options, ticket, cancellation);
                SpeechHead head =
                        given.isPresent() ? null : head(chunks, options, ticket, cancellation);
                WindowsInFlight<ChunkTranscriber.Answer> windows =
                        new WindowsInFlight<>(
                                threads, most, cancellation, new AnswerTeller(sink))) {
            LanguageDetector.Detected language =
                    head == null
                            ? given.orElseThrow()
                            : head.language(detector, options, cancellation);
            ChunkTranscriber transcriber =
                    new ChunkTranscriber(
                            model,
                            runtime,
                            detector,
                            options,
                            language.language(),
                            ticket,
                            observer);
            addAll(windows, chunks, head, transcriber);
            windows.finish();
            return new Transcript(
                    language.language(),
                    language.probability(),
                    chunks.samples() / (double) AudioSource.SAMPLE_RATE,
                    language.probabilities());
        }
    }

    /**
     * Looks whether there is more than a window: then no clip of others need wait for the first.
     */
    private static PeekedChunks peeked(
            AudioSource audio,
            TranscribeOptions options,
            Ticket ticket,
            Cancellation cancellation) {
        PeekedChunks chunks = new PeekedChunks(chunks(audio, options, cancellation));
        try {
            if (chunks.ahead(LONGEST_SECONDS * AudioSource.SAMPLE_RATE + 1L).size() > 1) {
                ticket.expectMore();
            }
            return chunks;
        } catch (RuntimeException | Error e) {
            chunks.close();
            throw e;
        }
    }

    private static Chunks chunks(
            AudioSource audio, TranscribeOptions options, Cancellation cancellation) {
        Integer seconds = options.chunkLengthSeconds();
        int most = AudioSource.SAMPLE_RATE * (seconds == null ? LONGEST_SECONDS : seconds);
        return audio instanceof SpeechAudio speech
                ? new SpeechChunks(speech.speech(cancellation), most)
                : new ClipChunks(audio, options.clipTimestamps(), most, cancellation);
    }

    private SpeechHead head(
            PeekedChunks chunks,
            TranscribeOptions options,
            Ticket ticket,
            Cancellation cancellation) {
        int windows = Math.min(options.languageDetectionSegments(), MOST_DETECTED);
        long samples = (long) windows * LONGEST_SECONDS * AudioSource.SAMPLE_RATE;
        return new SpeechHead(chunks.ahead(samples), runtime, options, ticket, cancellation);
    }

    private static void addAll(
            WindowsInFlight<ChunkTranscriber.Answer> windows,
            PeekedChunks chunks,
            @Nullable SpeechHead head,
            ChunkTranscriber transcriber) {
        long index = 0;
        if (head != null && head.isOneChunk()) {
            chunks.next();
            index++;
            windows.add(cancellation -> head.transcribe(transcriber, cancellation));
        } else if (head != null) {
            head.close();
        }
        for (Chunk next = chunks.next(); next != null; next = chunks.next()) {
            Chunk chunk = next;
            long number = index++;
            windows.add(cancellation -> transcriber.transcribe(chunk, number, cancellation));
        }
    }
}
