package dev.parlo.engine.espeak;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.Voice;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.speech.Samples;
import dev.parlo.engine.speech.SpeechLoop;
import dev.parlo.engine.speech.WordTimes;
import dev.parlo.engine.text.ChunkPlanner;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.Manner;
import dev.parlo.engine.text.MappedText;
import dev.parlo.engine.text.Normalizers;
import dev.parlo.engine.text.Pronunciations;
import dev.parlo.engine.text.Script;
import dev.parlo.engine.text.SourceWords;
import dev.parlo.engine.text.TextReader;
import dev.parlo.engine.text.Wording;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Speech by espeak-ng's own formant synthesis: over a hundred languages, nothing to download, a
 * hundred times faster than real time. Thread-safe.
 */
public final class EspeakEngine implements TextToSpeech {
    /** The rate at which espeak-ng speaks by default. */
    private static final int NORMAL_RATE = 175;

    private static final int MIN_RATE = 80;
    private static final int MAX_RATE = 450;

    /** Of a text in one call. */
    private static final int MAX_BYTES = 2000;

    /**
     * Of a text with phonemes in one call. The library reads clauses of 800 bytes, and one that is
     * longer may end in the middle of a bracket.
     */
    private static final int MAX_PHONEME_BYTES = 600;

    private static final Pattern BRACKETS = Pattern.compile("[\\[\\]]");
    private static final long LIBRARY_BYTES = 20L << 20;

    private final EspeakNg espeak;
    private final Supplier<Lexicon> lexicon;
    private final Admission admission;
    private final SpeechLoop loop;
    private final Normalizers normalizers = new Normalizers();

    /**
     * @param espeak closed together with this engine
     * @param lexicon pronunciations of words, asked for at each request
     * @param admission the queue before the engine
     */
    public EspeakEngine(EspeakNg espeak, Supplier<Lexicon> lexicon, Admission admission) {
        this.espeak = espeak;
        this.lexicon = lexicon;
        this.admission = admission;
        this.loop = new SpeechLoop("espeak-chunk", admission, espeak.sampleRate());
    }

    @Override
    public List<Voice> voices() {
        return espeak.voices().listed();
    }

    @Override
    public int sampleRate() {
        return espeak.sampleRate();
    }

    @Override
    public void check(SpeechOptions options) {
        voice(options);
    }

    private String voice(SpeechOptions options) {
        String own =
                espeak.voices()
                        .resolve(options.voice())
                        .orElseThrow(() ->
                                new UnknownVoiceException(
                                        options.voice(),
                                        voices().stream().map(Voice::id).toList()));
        String language = options.language();
        if (language == null) {
            return own;
        }
        int variant = own.indexOf('+');
        return espeak.voices()
                .resolve(language)
                .map(base -> variant < 0 ? base : base + own.substring(variant))
                .orElseThrow(() ->
                        new EngineException(
                                EngineException.Category.BAD_REQUEST,
                                "espeak-ng does not speak the language '"
                                        + language
                                        + "'. Supported: "
                                        + languages()
                                        + "."));
    }

    private String languages() {
        return voices().stream().map(Voice::id).collect(Collectors.joining(", "));
    }

    @Override
    public Admission admission() {
        return admission;
    }

    @Override
    public SpeechSummary speak(
            Script script, SpeechOptions options, SpeechSink sink, Ticket ticket) {
        script.manners().forEach(manner -> check(options.in(manner)));
        TextReader reader =
                new TextReader(
                        script,
                        new EspeakWording(options),
                        lexicon.get().with(options.reading().lexicon()));
        return loop.speak(
                script,
                new ChunkPlanner(reader, ChunkPlanner.Lengths.FORMANT, !options.whole()),
                (said, manner) -> runs(said, reader.pronunciations(), options.in(manner)),
                sink,
                ticket);
    }

    /** One run, or several for a text that does not fit into one. */
    private List<SpeechLoop.SynthesisRun> runs(
            MappedText said, Pronunciations given, SpeechOptions options) {
        boolean phonemes = said.text().chars().anyMatch(Pronunciations::isMark);
        MappedText spelled = phonemes ? inBrackets(said, given, voice(options)) : said;
        int maxBytes = phonemes ? MAX_PHONEME_BYTES : MAX_BYTES;
        List<SpeechLoop.SynthesisRun> runs = new ArrayList<>();
        int from = 0;
        while (from < spelled.length()) {
            int to = EspeakText.partEnd(spelled.text(), from, maxBytes, phonemes);
            MappedText part = spelled.sub(from, to);
            runs.add(stop -> run(part, phonemes, options, stop));
            from = to;
        }
        return runs;
    }

    private SpeechLoop.SynthesisResult run(
            MappedText spelled,
            boolean phonemes,
            SpeechOptions options,
            Cancellation cancellation) {
        String voice = voice(options);
        int rate = Math.clamp(Math.round(NORMAL_RATE * options.speed()), MIN_RATE, MAX_RATE);
        EspeakNg.Utterance spoken =
                espeak.synthesize(voice, spelled.text(), rate, phonemes, cancellation);
        Samples.amplify(spoken.samples(), options.volume());
        return new SpeechLoop.SynthesisResult(
                spoken.samples(),
                options.wordTimes() ? words(spelled, spoken) : List.of(),
                spelled.length());
    }

    /**
     * With given phonemes in the library's own names, or the word where the voice lacks one of
     * them.
     */
    private MappedText inBrackets(MappedText said, Pronunciations given, String voice) {
        MappedText plain = said.replace(BRACKETS, match -> " ");
        return given.replaced(
                plain, entry -> espeak.brackets(voice, entry.phonemes()).orElse(entry.word()));
    }

    /** Each manner's text in the words of its voice's language. */
    private final class EspeakWording implements Wording {
        private final SpeechOptions options;

        EspeakWording(SpeechOptions options) {
            this.options = options;
        }

        @Override
        public Iterator<MappedText> written(MappedText text, Manner manner) {
            return normalizers.of(language(manner), options.normalization()).parts(text);
        }

        @Override
        public Locale language(Manner manner) {
            return espeak.voices().locale(voice(options.in(manner)));
        }
    }

    /** The times of all words: the library merges small ones, and tells only the first of them. */
    private List<SourceWords.TimedRange> words(MappedText said, EspeakNg.Utterance spoken) {
        List<EspeakNg.PlacedWord> events = spoken.words();
        List<WordTimes.Word> words = WordTimes.words(said.text());
        List<WordTimes.@Nullable Span> times = new ArrayList<>();
        double rate = sampleRate();
        int next = 0;
        for (WordTimes.Word word : words) {
            int first = -1;
            while (next < events.size() && events.get(next).start() < word.end()) {
                first = first < 0 && events.get(next).start() >= word.start() ? next : first;
                next++;
            }
            if (first < 0) {
                times.add(null);
                continue;
            }
            int start = events.get(first).sample();
            int end = next < events.size() ? events.get(next).sample() : soundEnd(spoken.samples());
            times.add(new WordTimes.Span(start / rate, Math.max(start, end) / rate));
        }
        return WordTimes.pieces(said, words, times);
    }

    private static int soundEnd(float[] samples) {
        int end = samples.length;
        while (end > 0 && Math.abs(samples[end - 1]) < 1e-3f) {
            end--;
        }
        return end;
    }

    @Override
    public long nativeBytes() {
        return LIBRARY_BYTES;
    }

    @Override
    public EngineFacts facts() {
        return new EngineFacts(
                Placement.Cpu.threads(1),
                ComputeType.NONE,
                "espeak-ng " + espeak.version() + " from " + espeak.origin(),
                nativeBytes());
    }

    @Override
    public void close() {
        loop.close();
        espeak.close();
    }
}
