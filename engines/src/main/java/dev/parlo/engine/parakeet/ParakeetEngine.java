package dev.parlo.engine.parakeet;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.onnx.OnnxEnvironment;
import dev.parlo.engine.vad.SpeechAudio;
import dev.parlo.engine.whisper.WhisperLimits;
import dev.parlo.engine.whisper.WindowThreads;
import dev.parlo.engine.worker.TranscriptionWorkers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Parakeet TDT on ONNX Runtime, on the processor. Speech is heard in chunks of at most 30 s, each
 * by itself; chunks of several requests that wait at the same time are computed together. It writes
 * punctuation and capitals, and every segment knows the times of its words.
 *
 * <p>Prompts, hotwords, temperatures and the other options of Whisper's decoding have no
 * counterpart and do nothing, as in Speaches; a translation is refused. Which language is spoken
 * the model decides and does not tell.
 *
 * <p>Thread-safe. As many chunks are computed at a time as its {@link Admission} has turns.
 */
public final class ParakeetEngine implements SpeechToText {
    /** What version 3 was trained on. */
    private static final List<String> LANGUAGES =
            List.of(
                    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "it",
                    "lt", "lv", "mt", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "uk");

    /** Pieces of a vocabulary for English alone; the one for 25 languages has 8193. */
    private static final int MOST_OF_ENGLISH = 2048;

    /** As with Whisper; no more than a run takes are computed at a time. */
    private static final int MOST_SIDE_BY_SIDE = WhisperLimits.MOST_WINDOWS;

    private final ParakeetModel model;

    /** Languages of its card. */
    private final List<String> named;

    private final ChunkBatches batches;
    private final WindowThreads chunkThreads;
    private final TokenWords words;
    private final int threads;
    private final Admission admission;
    private final TranscriptionWorkers workers;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Loads a model.
     *
     * @param files the folder with {@code config.json}, {@code vocab.txt} and the two graphs, or
     *     the encoder's file where it holds several
     * @param languages that its card names, by Whisper's codes: a fine-tune's may be others than
     *     the published model's; empty where it names none
     * @param threads that compute, at least 1
     * @param admission the queue before the engine
     * @param memoryBytes that weights and chunks may take together; one chunk is computed in any
     *     case
     * @param temporaryDirectory for segments that wait for a slow reader
     * @throws EngineException of category BAD_MODEL where a file is missing, damaged or of another
     *     kind of model
     */
    public static ParakeetEngine open(
            Path files,
            List<String> languages,
            int threads,
            Admission admission,
            long memoryBytes,
            Path temporaryDirectory) {
        return new ParakeetEngine(
                new ParakeetModel(files, threads, memoryBytes, admission.steps()),
                languages,
                threads,
                admission,
                temporaryDirectory);
    }

    private ParakeetEngine(
            ParakeetModel model,
            List<String> named,
            int threads,
            Admission admission,
            Path temporaryDirectory) {
        this.named = List.copyOf(named);
        this.model = model;
        this.threads = threads;
        this.admission = admission;
        words = new TokenWords(model.vocabulary());
        batches = new ChunkBatches(model);
        chunkThreads = WindowThreads.forSlots("parakeet-chunk-", model.mostTogether());
        workers =
                new TranscriptionWorkers(
                        Thread.ofPlatform().name("parakeet-request-", 0).daemon().factory(),
                        admission.places(),
                        temporaryDirectory,
                        admission.observer());
    }

    @Override
    public Admission admission() {
        return admission;
    }

    @Override
    public boolean hearsChunks(TranscribeOptions options) {
        return true;
    }

    @Override
    public Transcript transcribe(
            AudioSource audio, TranscribeOptions options, SegmentSink sink, Ticket ticket) {
        check(options);
        return workers.run(
                (found, cancellation) ->
                        new ParakeetTranscription(
                                        batches,
                                        chunkThreads,
                                        words,
                                        model.vocabulary(),
                                        options,
                                        found,
                                        stop -> admission.urgency().during(ticket.await(stop)),
                                        ticket,
                                        cancellation)
                                .run(
                                        SpeechAudio.inBackground(
                                                audio, admission.urgency(), cancellation),
                                        language(options)),
                sink,
                ticket);
    }

    private static void check(TranscribeOptions options) {
        if (options.task() == TranscribeOptions.Task.TRANSLATE) {
            throw new EngineException(
                    Category.BAD_REQUEST,
                    "This is a Parakeet model, which cannot translate. Transcribe, or use a"
                            + " multilingual Whisper model.");
        }
        within(
                "chunk_length",
                options.chunkLengthSeconds(),
                ParakeetTranscription.LONGEST_SECONDS,
                " (seconds)");
        within("batch_size", options.batchSize(), MOST_SIDE_BY_SIDE, "");
    }

    private static void within(String option, @Nullable Integer given, int most, String unit) {
        if (given != null && (given < 1 || given > most)) {
            throw new EngineException(
                    Category.BAD_REQUEST,
                    "The option "
                            + option
                            + " cannot be "
                            + given
                            + " with a Parakeet model; accepted is 1 to "
                            + most
                            + unit
                            + ".");
        }
    }

    private String language(TranscribeOptions options) {
        String asked = options.language();
        if (asked != null) {
            return asked;
        }
        if (!multilingual()) {
            return "en";
        }
        return named.size() == 1 ? named.getFirst() : "unknown";
    }

    @Override
    public List<String> languages() {
        return multilingual()
                ? Stream.concat(named.stream(), LANGUAGES.stream()).distinct().sorted().toList()
                : List.of("en");
    }

    @Override
    public boolean multilingual() {
        return model.vocabulary().size() > MOST_OF_ENGLISH;
    }

    @Override
    public long nativeBytes() {
        return closed.get() ? 0 : model.bytes();
    }

    @Override
    public EngineFacts facts() {
        return new EngineFacts(
                Placement.Cpu.threads(threads),
                model.encoder().model().computeType(),
                OnnxEnvironment.label(),
                nativeBytes());
    }

    /** Stops running requests, waits for them, and frees the native memory. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            workers.close();
            chunkThreads.close();
            batches.close();
            model.close();
        }
    }
}
