package dev.parlo.engine.kokoro;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.Voice;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.speech.Samples;
import dev.parlo.engine.speech.SilenceTrimmer;
import dev.parlo.engine.speech.SpeechLoop;
import dev.parlo.engine.speech.SpeechModel;
import dev.parlo.engine.speech.SpeechSettings;
import dev.parlo.engine.speech.WordTimes;
import dev.parlo.engine.text.ChunkPlanner;
import dev.parlo.engine.text.Clauses;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.Manner;
import dev.parlo.engine.text.MappedText;
import dev.parlo.engine.text.Normalizers;
import dev.parlo.engine.text.Pronunciations;
import dev.parlo.engine.text.Script;
import dev.parlo.engine.text.SourceWords;
import dev.parlo.engine.text.TextMarkup;
import dev.parlo.engine.text.TextPiece;
import dev.parlo.engine.text.TextReader;
import dev.parlo.engine.text.Wording;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kokoro (StyleTTS 2, 82 million parameters) from any of its ONNX exports. Phonemes come from
 * espeak-ng; a style vector picked by the number of tokens makes the voice. 24 kHz, mono.
 * Thread-safe.
 */
public final class KokoroEngine implements TextToSpeech {
    private static final Logger LOG = LoggerFactory.getLogger(KokoroEngine.class);

    static final int SAMPLE_RATE = 24_000;

    /** The model has 512 positions, two of which are pads. */
    static final int MAX_TOKENS = 510;

    private final SpeechModel model;
    private final KokoroVoices voices;
    private final KokoroVocabulary vocabulary;
    private final EspeakNg espeak;
    private final KokoroPhonemizer phonemizer;
    private final Supplier<Lexicon> lexicon;
    private final Admission admission;
    private final SpeechLoop loop;
    private final KokoroInputs inputs;
    private final Normalizers normalizers = new Normalizers();

    /**
     * Loads a model's folder: its .onnx file, its voices, its vocabulary if it has one.
     *
     * @param files the folder, or the .onnx file where the folder holds several
     * @param espeak closed together with this engine, but not where this constructor fails
     * @param lexicon pronunciations of words, asked for at each request
     * @param dictionaries of English in Kokoro's own alphabet
     * @throws EngineException of category BAD_MODEL when something is missing or damaged
     */
    public KokoroEngine(
            Path files,
            EspeakNg espeak,
            Supplier<Lexicon> lexicon,
            KokoroLexicons dictionaries,
            SpeechSettings settings) {
        this.espeak = espeak;
        this.lexicon = lexicon;
        Path folder = KokoroFiles.folder(files);
        this.vocabulary = KokoroVocabulary.of(folder);
        Path file = KokoroFiles.model(files);
        this.model = new SpeechModel(file, settings, SpeechModel.DurationTap.CLIP_AFTER_ROUND);
        try {
            this.inputs = new KokoroInputs(model);
            this.voices =
                    new KokoroVoices(VoiceFiles.read(folder, KokoroFiles.speakerNames(model)));
        } catch (RuntimeException | Error failure) {
            model.close();
            throw failure;
        }
        if (!model.hasDurations()) {
            LOG.info("{} tells no durations: there will be no word times", file);
        }
        this.phonemizer =
                new KokoroPhonemizer(
                        espeak,
                        dictionaries,
                        // one that writes it in none refuses the language
                        MandarinAlphabet.in(vocabulary).orElse(MandarinAlphabet.IPA));
        this.admission = settings.admission();
        this.loop = new SpeechLoop("kokoro-chunk", admission, SAMPLE_RATE);
    }

    @Override
    public List<Voice> voices() {
        return voices.listed();
    }

    @Override
    public int sampleRate() {
        return SAMPLE_RATE;
    }

    /** True when the model tells how long each token is, so that words can have times. */
    public boolean hasWordTimes() {
        return model.hasDurations();
    }

    @Override
    public void check(SpeechOptions options) {
        voices.pack(options.voice());
        KokoroPhonemizer.check(language(options), vocabulary);
    }

    private static KokoroLanguage language(SpeechOptions options) {
        String code = options.language();
        return code == null
                ? KokoroLanguage.ofVoice(VoiceMix.parse(options.voice()).items().getFirst().voice())
                : KokoroLanguage.ofCode(code);
    }

    @Override
    public Admission admission() {
        return admission;
    }

    @Override
    public SpeechSummary speak(
            Script script, SpeechOptions options, SpeechSink sink, Ticket ticket) {
        script.manners().forEach(manner -> check(options.in(manner)));
        inputs.warnOfSpeed(options.speed());
        TextReader reader =
                new TextReader(
                        script,
                        new KokoroWording(normalizers, options),
                        lexicon.get().with(options.reading().lexicon()));
        return loop.speak(
                script,
                new ChunkPlanner(reader, language(options).lengths(), !options.whole()),
                (said, manner) -> runs(said, reader.pronunciations(), options.in(manner)),
                sink,
                ticket);
    }

    private List<SpeechLoop.SynthesisRun> runs(
            MappedText said, Pronunciations given, SpeechOptions options) {
        VoicePack voice = voices.pack(options.voice());
        KokoroLanguage language = language(options);
        String all = vocabulary.known(phonemes(said.text(), language, given));
        if (all.codePointCount(0, all.length()) > MAX_TOKENS && said.length() > 1) {
            int cut = Clauses.middle(said);
            List<SpeechLoop.SynthesisRun> halves =
                    new ArrayList<>(runs(said.sub(0, cut).strip(), given, options));
            halves.addAll(runs(said.sub(cut, said.length()).strip(), given, options));
            return halves;
        }
        if (all.codePoints().noneMatch(Character::isLetter)) {
            LOG.warn("Nothing can be pronounced in {} characters of text", said.length());
            return List.of();
        }
        List<WordTimes.Spoken> alone = List.of();
        if (options.wordTimes() && model.hasDurations()) {
            alone =
                    phonemizer.words(said.text(), language, given).stream()
                            .map(word ->
                                    new WordTimes.Spoken(
                                            word.start(),
                                            word.end(),
                                            vocabulary.known(word.phonemes())))
                            .toList();
        }
        List<SpeechLoop.SynthesisRun> runs = new ArrayList<>();
        List<String> parts = TokenLimit.split(all, MAX_TOKENS);
        for (String part : parts) {
            // a single character whose given phonemes are too many
            List<WordTimes.Spoken> words = parts.size() == 1 ? alone : List.of();
            runs.add(stop -> run(said, part, words, voice, options, stop));
        }
        return runs;
    }

    private String phonemes(String text, KokoroLanguage language, Pronunciations given) {
        boolean ended =
                !text.isEmpty()
                        && ".!?…;:,\"”)—。！？、，」』）".indexOf(text.charAt(text.length() - 1)) >= 0;
        return phonemizer.phonemes(List.of(ended ? text : text + "."), language, given).getFirst();
    }

    private SpeechLoop.SynthesisResult run(
            MappedText said,
            String phonemes,
            List<WordTimes.Spoken> alone,
            VoicePack voice,
            SpeechOptions options,
            Cancellation cancellation) {
        double speed = options.speed();
        int[] ids = vocabulary.ids(phonemes);
        SpeechModel.Result result =
                model.run(
                        inputs.feeds(ids, voice.style(ids.length), speed),
                        ids.length + 2,
                        cancellation);
        float[] samples = result.samples();
        double[] durations = result.durations();
        if (durations != null) {
            KokoroTail.silence(samples, durations, phonemes, SAMPLE_RATE);
        }
        char last = phonemes.charAt(phonemes.length() - 1);
        SilenceTrimmer.Span span = SilenceTrimmer.span(samples, SAMPLE_RATE, last, speed);
        List<SourceWords.TimedRange> pieces = List.of();
        if (durations != null && !alone.isEmpty()) {
            pieces = WordTimes.of(said, alone, phonemes, ends(durations, samples.length, span));
        }
        Samples.amplify(samples, options.volume());
        return new SpeechLoop.SynthesisResult(
                SilenceTrimmer.cut(samples, span, SAMPLE_RATE), pieces, ids.length);
    }

    /**
     * Where tokens end, in seconds of the trimmed audio: entry i is where token i begins and token
     * i - 1 ends, not counting the pads.
     */
    static double[] ends(double[] durations, int samples, SilenceTrimmer.Span span) {
        double total = 0;
        for (double duration : durations) {
            total += duration;
        }
        double scale = samples / total;
        double[] ends = new double[durations.length - 1];
        double at = 0;
        for (int i = 0; i < ends.length; i++) {
            at += durations[i];
            double sample = Math.clamp(at * scale - span.start(), 0, span.length());
            ends[i] = sample / SAMPLE_RATE;
        }
        return ends;
    }

    /**
     * Speaks phonemes as they stand, in Kokoro's alphabet.
     *
     * @throws EngineException of category BAD_REQUEST when there are none that the model knows, or
     *     more than 510
     */
    public SpeechSummary speakPhonemes(
            String phonemes, SpeechOptions options, SpeechSink sink, Cancellation cancellation) {
        VoicePack voice = voices.pack(options.voice());
        String known = vocabulary.known(phonemes);
        int count = known.codePointCount(0, known.length());
        if (count == 0 || count > MAX_TOKENS) {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    "The phonemes make "
                            + count
                            + " tokens; 1 to "
                            + MAX_TOKENS
                            + " can be spoken.");
        }
        MappedText said = MappedText.of(phonemes);
        List<TextPiece> plan = List.of(new TextPiece.Say(said, Manner.NORMAL));
        try (Ticket ticket = admission.enter(Priority.INTERACTIVE, cancellation)) {
            return loop.speak(
                    Script.of(phonemes, TextMarkup.PLAIN),
                    plan.iterator(),
                    (text, manner) ->
                            List.of(stop -> run(said, known, List.of(), voice, options, stop)),
                    sink,
                    ticket);
        }
    }

    /** A voice pack for an expression, row by row: {@code [rows, 256]} float32. */
    public float[] voicePack(String expression) {
        return voices.pack(expression).values();
    }

    @Override
    public long nativeBytes() {
        return model.bytes();
    }

    @Override
    public EngineFacts facts() {
        return model.facts();
    }

    @Override
    public void close() {
        loop.close();
        model.close();
        espeak.close();
    }

    /** Each manner's text in the words of its voice's language. */
    private record KokoroWording(Normalizers normalizers, SpeechOptions options)
            implements Wording {
        @Override
        public Iterator<MappedText> written(MappedText text, Manner manner) {
            return language(manner, options).written(text, normalizers, options.normalization());
        }

        @Override
        public Locale language(Manner manner) {
            return Locale.forLanguageTag(language(manner, options).tag());
        }

        private static KokoroLanguage language(Manner manner, SpeechOptions options) {
            return KokoroEngine.language(options.in(manner));
        }
    }
}
