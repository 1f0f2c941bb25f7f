package dev.parlo.engine.espeak;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.log.CallersLog;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.StepLane;
import dev.parlo.engine.steps.Waiting;
import dev.parlo.engine.worker.ThreadEnd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * espeak-ng with the one thread that may call it. Thread-safe: calls queue up in the order in which
 * they come; each is short (a chunk of speech takes milliseconds, a sentence's phonemes fractions
 * of one).
 */
public final class EspeakNg implements AutoCloseable {
    /** What one call turns into phonemes, so that no caller holds up the others. */
    private static final int CALL_BYTES = 2000;

    /** Texts that together have no more UTF-16 units than this go in one call. */
    private static final int SHORT = 500;

    private final ExecutorService owner;
    private final NativeSteps steps;
    private final StepLane lane;

    /** By voice; only the owner's thread uses it. */
    private final Map<String, EspeakMnemonics> mnemonics = new HashMap<>();

    private final EspeakLibrary library;
    private final EspeakVoices voices;
    private final String version;
    private final String origin;

    /**
     * A clause in IPA.
     *
     * @param ipa its phonemes, language switches removed
     * @param terminator the library's code of what ended it, or -1 from a version before 1.52
     */
    public record Clause(String ipa, int terminator) {}

    /** A word of a spoken text: where it stands (UTF-16 offsets) and when it begins (samples). */
    record PlacedWord(int start, int end, int sample) {}

    /** Speech for one text. */
    record Utterance(float[] samples, List<PlacedWord> words) {}

    /**
     * Loads the library and starts its thread.
     *
     * @throws EngineException of category BAD_MODEL when library or data cannot be used
     */
    public EspeakNg(EspeakFiles files) {
        this(files, new NativeSteps());
    }

    /**
     * @param steps are told of its calls; where they are given up, nobody waits for one any more
     * @throws EngineException as {@link #EspeakNg(EspeakFiles)}
     */
    public EspeakNg(EspeakFiles files, NativeSteps steps) {
        this.steps = steps;
        lane = steps.lane("espeak-ng", () -> {});
        owner =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name("espeak-ng").daemon(true).factory());
        origin = files.origin();
        EspeakLibrary opened = null;
        try {
            library = opened = call(() -> new EspeakLibrary(files));
            voices = call(() -> EspeakVoices.of(library.voices(false), library.voices(true)));
            version = call(library::version);
        } catch (RuntimeException | Error failure) {
            if (opened != null) {
                EspeakLibrary closing = opened;
                owner.execute(closing::close);
            }
            owner.shutdown();
            lane.close();
            throw failure;
        }
    }

    public String version() {
        return version;
    }

    /** Where the library comes from, in words. */
    public String origin() {
        return origin;
    }

    public int sampleRate() {
        return library.sampleRate();
    }

    /** Whether clauses carry the code of what ended them. */
    public boolean reportsTerminators() {
        return library.reportsTerminators();
    }

    public EspeakVoices voices() {
        return voices;
    }

    /**
     * Speaks one text.
     *
     * @param voice a voice that {@link EspeakVoices#resolve} answered
     * @param wordsPerMinute 80 to 450, the range of the library
     * @param phonemes whether {@code [[t@m'A:toU]]} in the text is read as phonemes by their names
     */
    public Utterance synthesize(
            String voice,
            String text,
            int wordsPerMinute,
            boolean phonemes,
            Cancellation cancellation) {
        EspeakText spoken = EspeakText.of(text, phonemes);
        EspeakSynthesis.Sound speech =
                call(() -> {
                    cancellation.check();
                    select(voice);
                    return library.synthesize(
                            spoken.text(), wordsPerMinute, phonemes, cancellation::isCancelled);
                });
        cancellation.check();
        float[] samples = new float[speech.samples().length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = speech.samples()[i] / 32768f;
        }
        return new Utterance(samples, timed(spoken, speech.words(), samples.length));
    }

    /** The words of the events, in UTF-16 offsets (the library counts code points from 1). */
    private List<PlacedWord> timed(
            EspeakText spoken, List<EspeakSynthesis.WordEvent> events, int samples) {
        String text = spoken.text();
        List<PlacedWord> words = new ArrayList<>(events.size());
        int[] offsets = new int[text.codePointCount(0, text.length()) + 1];
        int count = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            offsets[count++] = i;
        }
        offsets[count] = text.length();
        for (EspeakSynthesis.WordEvent event : events) {
            int start = Math.clamp(event.position() - 1, 0, count);
            int end = Math.clamp((long) start + event.length(), start, count);
            long sample = (long) event.milliseconds() * sampleRate() / 1000;
            words.add(
                    new PlacedWord(
                            spoken.source(offsets[start]),
                            spoken.source(offsets[end]),
                            (int) Math.clamp(sample, 0, samples)));
        }
        return words;
    }

    /**
     * The phonemes of several texts in one go.
     *
     * @param voice a voice that {@link EspeakVoices#resolve} answered
     * @param ties whether {@code ^} joins the letters of one phoneme
     * @return for each text its clauses
     */
    public List<List<Clause>> phonemes(String voice, List<String> texts, boolean ties) {
        List<List<Clause>> all = new ArrayList<>(texts.size());
        for (int from = 0; from < texts.size(); ) {
            int to = from + 1;
            int length = texts.get(from).length();
            while (to < texts.size() && length + texts.get(to).length() <= SHORT) {
                length += texts.get(to++).length();
            }
            all.addAll(together(voice, texts.subList(from, to), ties));
            from = to;
        }
        return all;
    }

    /** Texts that are short together, or one text. */
    private List<List<Clause>> together(String voice, List<String> texts, boolean ties) {
        String first = texts.getFirst();
        int end = EspeakText.partEnd(first, 0, CALL_BYTES, false);
        if (texts.size() == 1 && end < first.length()) {
            List<Clause> clauses = new ArrayList<>();
            for (int from = 0; from < first.length(); from = end) {
                end = EspeakText.partEnd(first, from, CALL_BYTES, false);
                String part = first.substring(from, end);
                clauses.addAll(together(voice, List.of(part), ties).getFirst());
            }
            return List.of(clauses);
        }
        return call(() -> {
            select(voice);
            List<List<Clause>> all = new ArrayList<>(texts.size());
            for (String text : texts) {
                all.add(
                        library.phonemes(EspeakText.of(text, false).text(), ties, false).stream()
                                .map(c -> new Clause(plain(c.ipa()), c.terminator()))
                                .toList());
            }
            return all;
        });
    }

    /**
     * Phonemes in IPA as {@code [[…]]} in the names that a voice has for them, in as many brackets
     * as the library can take them in; empty when the voice lacks one of them.
     *
     * @param voice a voice that {@link EspeakVoices#resolve} answered
     */
    Optional<String> brackets(String voice, String ipa) {
        int plus = voice.indexOf('+');
        String base = plus < 0 ? voice : voice.substring(0, plus);
        return call(() -> mnemonics.computeIfAbsent(base, this::mnemonics)).of(ipa);
    }

    private EspeakMnemonics mnemonics(String voice) {
        select(voice);
        return new EspeakMnemonics(name ->
                library.phonemes("[[" + name + "]]", false, true).stream()
                        .map(clause -> plain(clause.ipa()))
                        .collect(Collectors.joining()));
    }

    /** Removes the marks of a language switch, such as {@code (en)}, which are not phonemes. */
    static String plain(String ipa) {
        int open = ipa.indexOf('(');
        if (open < 0) {
            return ipa;
        }
        StringBuilder kept = new StringBuilder(ipa.length());
        int from = 0;
        while (open >= 0) {
            int close = ipa.indexOf(')', open);
            if (close < 0) {
                break;
            }
            kept.append(ipa, from, open);
            from = close + 1;
            open = ipa.indexOf('(', from);
        }
        return kept.append(ipa, from, ipa.length()).toString();
    }

    private void select(String voice) {
        if (!library.selectVoice(voice)) {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    "espeak-ng has no voice '" + voice + "'.");
        }
    }

    private <T> T call(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            Runnable told = Waiting.of(result, work);
            owner.execute(CallersLog.carried(() -> lane.run(told)));
        } catch (RejectedExecutionException closed) {
            throw new EngineException(
                    EngineException.Category.CANCELLED, "espeak-ng has been closed.", closed);
        }
        try {
            return steps.await(result, () -> {}); // the call is short
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof EngineException known) {
                throw known;
            }
            throw new EngineException(
                    EngineException.Category.INTERNAL, "espeak-ng failed: " + cause, failure);
        }
    }

    /**
     * Makes an engine that owns this one and closes it with itself.
     *
     * @param making where it fails, this is closed
     */
    public <T> T handTo(Function<EspeakNg, T> making) {
        try {
            return making.apply(this);
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    /** Lets the calls that are queued finish, then unloads the library. */
    @Override
    public void close() {
        synchronized (owner) {
            if (owner.isShutdown()) {
                return;
            }
            owner.execute(library::close);
            ThreadEnd.await(owner);
            lane.close();
        }
    }
}
