package dev.parlo.engine.parakeet;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.Word;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Turn;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.vad.SpeechAudio;
import dev.parlo.engine.whisper.CompressionRatio;
import dev.parlo.engine.whisper.WindowThreads;
import dev.parlo.engine.whisper.WindowsInFlight;
import dev.parlo.engine.whisper.chunk.Chunk;
import dev.parlo.engine.whisper.chunk.Chunks;
import dev.parlo.engine.whisper.chunk.ClipChunks;
import dev.parlo.engine.whisper.chunk.SpeechChunks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * One request: a turn for each chunk, and its segments as soon as it and all before it are heard.
 * One after another, so that the files of others come on as well, or as many side by side as {@code
 * batch_size} says.
 */
final class ParakeetTranscription {
    /** The graphs take 400 s at most, and hear best what is shorter by far. */
    static final int LONGEST_SECONDS = 30;

    private final ChunkBatches batches;
    private final WindowThreads threads;
    private final TokenWords words;
    private final PieceVocabulary vocabulary;
    private final TranscribeOptions options;
    private final SegmentSink sink;
    private final Function<Cancellation, Turn> turns;
    private final Ticket ticket;
    private final Cancellation cancellation;
    private int emitted;

    /**
     * @param turns waits for the request's turn; one a chunk
     */
    ParakeetTranscription(
            ChunkBatches batches,
            WindowThreads threads,
            TokenWords words,
            PieceVocabulary vocabulary,
            TranscribeOptions options,
            SegmentSink sink,
            Function<Cancellation, Turn> turns,
            Ticket ticket,
            Cancellation cancellation) {
        this.batches = batches;
        this.threads = threads;
        this.words = words;
        this.vocabulary = vocabulary;
        this.options = options;
        this.sink = sink;
        this.turns = turns;
        this.ticket = ticket;
        this.cancellation = cancellation;
    }

    /** What was heard of a chunk. */
    private record Heard(Chunk chunk, List<TimedToken> tokens) {}

    Transcript run(AudioSource audio, String language) {
        int sideBySide = Objects.requireNonNullElse(options.batchSize(), 1);
        try (Chunks chunks = chunks(audio);
                WindowsInFlight<Heard> windows =
                        new WindowsInFlight<>(threads, sideBySide, cancellation, this::tell)) {
            boolean first = true;
            Chunk chunk = chunks.next();
            while (chunk != null) {
                Chunk next = chunks.next();
                if (next != null && first) {
                    ticket.expectMore(); // before its first turn, which a short request has first
                }
                first = false;
                Chunk current = chunk;
                if (sideBySide == 1) {
                    tell(hear(current, cancellation));
                } else {
                    windows.add(stop -> hear(current, stop));
                }
                chunk = next;
            }
            windows.finish();
            double seconds = chunks.samples() / (double) AudioSource.SAMPLE_RATE;
            return new Transcript(language, 1, seconds, Map.of());
        }
    }

    private Chunks chunks(AudioSource audio) {
        Integer seconds = options.chunkLengthSeconds();
        int most = AudioSource.SAMPLE_RATE * (seconds == null ? LONGEST_SECONDS : seconds);
        return audio instanceof SpeechAudio speech
                ? new SpeechChunks(speech.speech(cancellation), most)
                : new ClipChunks(audio, options.clipTimestamps(), most, cancellation);
    }

    private Heard hear(Chunk chunk, Cancellation stop) {
        stop.check();
        long began = System.nanoTime();
        List<TimedToken> tokens;
        try (Turn turn = turns.apply(stop)) {
            tokens = batches.transcribe(chunk.samples(), stop);
        }
        ticket.observer()
                .window(
                        new EngineObserver.Window(
                                chunk.startSeconds(),
                                chunk.endSeconds() - chunk.startSeconds(),
                                Duration.ofNanos(System.nanoTime() - began),
                                Duration.ZERO, // chunks of others are computed with it
                                Duration.ZERO,
                                1,
                                tokens.size()));
        return new Heard(chunk, tokens);
    }

    /** In the order of the chunks. */
    private void tell(Heard heard) {
        for (List<TokenWords.Spoken> sentence : words.sentences(heard.tokens())) {
            sink.accept(segment(heard.chunk(), sentence));
        }
        sink.progress(heard.chunk().endSeconds());
    }

    private Segment segment(Chunk chunk, List<TokenWords.Spoken> sentence) {
        double offset = chunk.startSeconds();
        List<TimedToken> tokens =
                sentence.stream().flatMap(word -> word.tokens().stream()).toList();
        String text = String.join("", sentence.stream().map(TokenWords.Spoken::text).toList());
        emitted++;
        return new Segment(
                        emitted,
                        (int) (chunk.start() / NemoMel.HOP),
                        offset + sentence.getFirst().start(),
                        offset + sentence.getLast().end(),
                        text,
                        tokens.stream().mapToInt(TimedToken::id).toArray(),
                        tokens.stream().mapToDouble(TimedToken::logProbability).average().orElse(0),
                        CompressionRatio.of(text),
                        0,
                        0,
                        options.wordTimestamps() ? spoken(sentence, offset) : null,
                        options.tokenLogProbabilities() ? logProbabilities(tokens) : null)
                .within(chunk.endSeconds());
    }

    private static List<Word> spoken(List<TokenWords.Spoken> sentence, double offset) {
        return sentence.stream()
                .map(word ->
                        new Word(
                                offset + word.start(),
                                offset + word.end(),
                                word.text(),
                                word.probability()))
                .toList();
    }

    private List<Segment.TokenLogProbability> logProbabilities(List<TimedToken> tokens) {
        return tokens.stream()
                .map(token -> {
                    String text = vocabulary.text(token.id());
                    return new Segment.TokenLogProbability(
                            text, token.logProbability(), text.getBytes(StandardCharsets.UTF_8));
                })
                .toList();
    }
}
