package dev.parlo.engine.ggml;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request: cuts the source into windows, has each decoded, goes down the temperature ladder by
 * faster-whisper's rules, and hands the segments on. Runs on one thread of the engine.
 */
final class GgmlTranscription {
    private static final int SAMPLES_PER_CENTISECOND = AudioSource.SAMPLE_RATE / 100;

    /** Turns of a clip that are urgent: its language, its words, and what follows the words. */
    private static final int TURNS_OF_A_CLIP = 4;

    private final Supplier<StateTurn> turns;
    private final List<String> languages;
    private final boolean multilingualModel;
    private final TranscribeOptions options;
    private final SegmentSink sink;
    private final Ticket ticket;
    private final Cancellation cancellation;
    private int emitted;

    /**
     * @param turns waits for the request's turn; one a window
     * @param languages that the model can tell apart
     */
    GgmlTranscription(
            Supplier<StateTurn> turns,
            List<String> languages,
            boolean multilingualModel,
            TranscribeOptions options,
            SegmentSink sink,
            Ticket ticket,
            Cancellation cancellation) {
        this.turns = turns;
        this.languages = languages;
        this.multilingualModel = multilingualModel;
        this.options = options;
        this.sink = sink;
        this.ticket = ticket;
        this.cancellation = cancellation;
    }

    Transcript run(AudioSource source) {
        Detection detected = language(source);
        int @Nullable [] prompt = options.promptTokens();
        try (SampleWindow window = opened(source)) {
            // A rest of at most a second holds no speech that was not heard already.
            while (window.length() > (window.start() == 0 ? 0 : AudioSource.SAMPLE_RATE)) {
                cancellation.check();
                try (StateTurn turn = turns.get()) {
                    WhisperState state = turn.state();
                    int[] before = prompt == null ? initialPrompt(state) : prompt;
                    prompt = window(state, window, detected.language(), before);
                }
            }
            return new Transcript(
                    detected.language(),
                    detected.probability(),
                    seconds(window.start() + window.length()),
                    detected.probabilities());
        }
    }

    /** Before the first turn, which is urgent where the window holds the whole audio. */
    private SampleWindow opened(AudioSource source) {
        SampleWindow window = new SampleWindow(source);
        if (window.length() == SampleWindow.CAPACITY) {
            ticket.expectMore();
        } else {
            ticket.expectFew(TURNS_OF_A_CLIP);
        }
        return window;
    }

    private int[] initialPrompt(WhisperState state) {
        String text = options.initialPrompt();
        return text == null ? new int[0] : state.tokens(" " + text.strip());
    }

    /** Decodes one window, moves on, and gives the next one's prompt. */
    private int[] window(WhisperState state, SampleWindow window, String language, int[] prompt) {
        long began = System.nanoTime();
        double from = seconds(window.start());
        int length = window.length();
        state.window(window.samples(), length);
        String spoken = language;
        if (options.multilingual() && multilingualModel) {
            spoken = languages.get(best(amongChoices(state.languages())));
        }
        Attempt attempt = decode(state, spoken, prompt);
        long contentCentiseconds = length / SAMPLES_PER_CENTISECOND;
        long next = contentCentiseconds;
        int[] nextPrompt = prompt;
        if (!attempt.silent()) {
            List<WindowResult.WindowSegment> pieces = attempt.result().within(contentCentiseconds);
            double end = seconds(window.start() + length);
            for (WindowResult.WindowSegment piece : pieces) {
                emit(state, piece, attempt, window.start(), end);
                nextPrompt = append(nextPrompt, piece.tokens());
            }
            if (!pieces.isEmpty()) {
                next = pieces.getLast().endCentiseconds();
            }
        }
        if (!options.conditionOnPreviousText()
                || attempt.result().temperature() > options.promptResetOnTemperature()) {
            nextPrompt = new int[0];
        }
        boolean whole = next >= contentCentiseconds;
        window.advance(whole ? length : (int) Math.max(1, next) * SAMPLES_PER_CENTISECOND);
        double to = seconds(window.start());
        ticket.observer()
                .window(
                        new EngineObserver.Window(
                                from,
                                to - from,
                                Duration.ofNanos(System.nanoTime() - began),
                                Duration.ZERO, // whisper.cpp tells neither apart
                                Duration.ZERO,
                                1,
                                nextPrompt.length));
        sink.progress(to);
        return nextPrompt;
    }

    /**
     * The attempt that is kept.
     *
     * @param silent whether the window holds no speech and gives no segments
     */
    private record Attempt(WindowResult result, double noSpeechProbability, boolean silent) {}

    private Attempt decode(WhisperState state, String language, int[] prompt) {
        List<Attempt> failed = new ArrayList<>();
        for (double temperature : options.temperatures()) {
            cancellation.check();
            WindowResult result = state.decode(options, language, temperature, prompt);
            // The encoded audio does not change from one temperature to the next.
            double noSpeech =
                    failed.isEmpty()
                            ? state.noSpeechProbability()
                            : failed.getFirst().noSpeechProbability();
            Double noSpeechLimit = options.noSpeechThreshold();
            Double logProbabilityLimit = options.logProbThreshold();
            Double ratioLimit = options.compressionRatioThreshold();
            boolean unlikely =
                    logProbabilityLimit != null
                            && result.averageLogProbability() < logProbabilityLimit;
            boolean noSpeechLikely = noSpeechLimit != null && noSpeech > noSpeechLimit;
            boolean silent = noSpeechLikely && (logProbabilityLimit == null || unlikely);
            boolean repetitive = ratioLimit != null && result.compressionRatio() > ratioLimit;
            Attempt attempt = new Attempt(result, noSpeech, silent);
            if (silent || !(unlikely || repetitive)) {
                return attempt;
            }
            failed.add(attempt);
        }
        // None was good: the likeliest of those that do not repeat themselves, or of all.
        Double ratioLimit = options.compressionRatioThreshold();
        Attempt best = failed.getFirst();
        boolean bestRepeats = true;
        for (Attempt attempt : failed) {
            boolean repeats =
                    ratioLimit != null && attempt.result().compressionRatio() > ratioLimit;
            if ((bestRepeats && !repeats)
                    || (bestRepeats == repeats
                            && attempt.result().averageLogProbability()
                                    > best.result().averageLogProbability())) {
                best = attempt;
                bestRepeats = repeats;
            }
        }
        return best;
    }

    private void emit(
            WhisperState state,
            WindowResult.WindowSegment piece,
            Attempt attempt,
            long windowStart,
            double windowEnd) {
        emitted++;
        sink.accept(
                new Segment(
                                emitted,
                                (int) (windowStart / SAMPLES_PER_CENTISECOND),
                                seconds(windowStart) + piece.startCentiseconds() / 100.0,
                                seconds(windowStart) + piece.endCentiseconds() / 100.0,
                                piece.text(),
                                piece.tokens(),
                                attempt.result().averageLogProbability(),
                                attempt.result().compressionRatio(),
                                attempt.noSpeechProbability(),
                                attempt.result().temperature(),
                                null,
                                options.tokenLogProbabilities()
                                        ? tokenLogProbabilities(state, piece)
                                        : null)
                        .within(windowEnd));
    }

    private List<Segment.TokenLogProbability> tokenLogProbabilities(
            WhisperState state, WindowResult.WindowSegment piece) {
        int firstSpecial = multilingualModel ? 50257 : 50256;
        List<Segment.TokenLogProbability> all = new ArrayList<>();
        for (int i = 0; i < piece.tokens().length; i++) {
            if (piece.tokens()[i] < firstSpecial) {
                byte[] bytes = state.tokenBytes(piece.tokens()[i]);
                all.add(
                        new Segment.TokenLogProbability(
                                new String(bytes, StandardCharsets.UTF_8),
                                piece.logProbabilities()[i],
                                bytes));
            }
        }
        return all;
    }

    /**
     * The language of the whole audio.
     *
     * @param probabilities of every language, empty where none was detected
     */
    private record Detection(
            String language, double probability, Map<String, Double> probabilities) {}

    private Detection language(AudioSource source) {
        String given = options.language();
        if (given != null) {
            return new Detection(given, 1, Map.of());
        }
        if (!multilingualModel) {
            return new Detection("en", 1, Map.of());
        }
        int[] votes = new int[languages.size()];
        double[] highest = new double[languages.size()];
        double[] probabilities = new double[0];
        try (SampleWindow window = opened(source)) {
            for (int i = 0; i < options.languageDetectionSegments(); i++) {
                cancellation.check();
                int length = window.length();
                try (StateTurn turn = turns.get()) {
                    turn.state().window(window.samples(), length);
                    probabilities = amongChoices(turn.state().languages());
                }
                int best = best(probabilities);
                votes[best]++;
                highest[best] = Math.max(highest[best], probabilities[best]);
                Double limit = options.languageDetectionThreshold();
                if (limit == null || probabilities[best] > limit) {
                    return detection(best, probabilities[best], probabilities);
                }
                window.advance(length);
                if (window.length() == 0) {
                    break;
                }
            }
        }
        int most = 0;
        for (int i = 0; i < votes.length; i++) {
            if (votes[i] > votes[most]) {
                most = i;
            }
        }
        return detection(most, highest[most], probabilities);
    }

    private Detection detection(int language, double probability, double[] probabilities) {
        Map<String, Double> all = new LinkedHashMap<>();
        for (int i = 0; i < probabilities.length; i++) {
            all.put(languages.get(i), probabilities[i]);
        }
        return new Detection(languages.get(language), probability, all);
    }

    /** Of the languages that the request lets it be, the others 0; they sum to 1. */
    private double[] amongChoices(double[] probabilities) {
        if (options.languages().isEmpty()) {
            return probabilities;
        }
        double[] left = new double[probabilities.length];
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            left[i] = options.languages().contains(languages.get(i)) ? probabilities[i] : 0;
            sum += left[i];
        }
        for (int i = 0; i < left.length && sum > 0; i++) {
            left[i] /= sum;
        }
        return left;
    }

    private static int best(double[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            if (probabilities[i] > probabilities[best]) {
                best = i;
            }
        }
        return best;
    }

    private static int[] append(int[] first, int[] second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        // No more than the decoder's room is ever looked at.
        return both.length <= 448 ? both : Arrays.copyOfRange(both, both.length - 448, both.length);
    }

    private static double seconds(long samples) {
        return (double) samples / AudioSource.SAMPLE_RATE;
    }
}
