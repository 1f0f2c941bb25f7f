package dev.parlo.engine.piper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.Voice;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.speech.Samples;
import dev.parlo.engine.speech.SilenceTrimmer;
import dev.parlo.engine.speech.SpeechLoop;
import dev.parlo.engine.speech.SpeechModel;
import dev.parlo.engine.speech.SpeechSettings;
import dev.parlo.engine.speech.WordTimes;
import dev.parlo.engine.text.ChunkPlanner;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.MappedText;
import dev.parlo.engine.text.Normalizers;
import dev.parlo.engine.text.Pronunciations;
import dev.parlo.engine.text.Script;
import dev.parlo.engine.text.SourceWords;
import dev.parlo.engine.text.TextNormalizer;
import dev.parlo.engine.text.TextReader;
import dev.parlo.engine.text.Wording;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Piper voice (VITS): one run per sentence, each brought to full scale as the reference
 * implementation does. The sample rate is the model's own. Thread-safe.
 */
public final class PiperEngine implements TextToSpeech {
    private static final Logger LOG = LoggerFactory.getLogger(PiperEngine.class);

    private final SpeechModel model;
    private final PiperConfig config;
    private final EspeakNg espeak;
    private final PiperPhonemizer phonemizer;
    private final Locale language;
    private final Supplier<Lexicon> lexicon;
    private final Admission admission;
    private final SpeechLoop loop;
    private final Normalizers normalizers = new Normalizers();
    private final List<Voice> voices;
    private final String name;

    /**
     * Loads a model's folder: its .onnx file and its JSON.
     *
     * @param espeak closed together with this engine, but not where this constructor fails
     * @param lexicon pronunciations of words, asked for at each request
     * @throws EngineException of category BAD_MODEL when something is missing or damaged
     */
    public PiperEngine(
            Path folder, EspeakNg espeak, Supplier<Lexicon> lexicon, SpeechSettings settings) {
        this.espeak = espeak;
        this.lexicon = lexicon;
        PiperFiles files = PiperFiles.in(folder);
        this.config = PiperConfig.read(files.config());
        this.name = files.name();
        String voice =
                config.text()
                        ? ""
                        : espeak.voices()
                                .resolve(config.espeakVoice())
                                .orElseThrow(() ->
                                        new EngineException(
                                                EngineException.Category.BAD_MODEL,
                                                "espeak-ng has no voice '"
                                                        + config.espeakVoice()
                                                        + "', which "
                                                        + files.config().getFileName()
                                                        + " asks for."));
        this.phonemizer = new PiperPhonemizer(espeak, config, voice);
        this.language = espeak.voices().locale(voice);
        this.model = new SpeechModel(files.model(), settings, SpeechModel.DurationTap.CEIL);
        try {
            String ignored = model.requiredInput("input");
        } catch (RuntimeException | Error failure) {
            model.close();
            throw failure;
        }
        this.voices = voices(config, name);
        this.admission = settings.admission();
        this.loop = new SpeechLoop("piper-chunk", admission, config.sampleRate());
    }

    private static List<Voice> voices(PiperConfig config, String name) {
        String language = config.espeakVoice().isEmpty() ? "und" : config.espeakVoice();
        if (config.speakerCount() == 1) {
            return List.of(new Voice(name, name, language, null));
        }
        List<Voice> all = new ArrayList<>();
        for (String speaker : config.speakers().keySet()) {
            all.add(new Voice(speaker, speaker, language, null));
        }
        for (int i = 0; i < config.speakerCount() && config.speakers().isEmpty(); i++) {
            all.add(new Voice(Integer.toString(i), "Speaker " + i, language, null));
        }
        return all;
    }

    @Override
    public List<Voice> voices() {
        return voices;
    }

    @Override
    public int sampleRate() {
        return config.sampleRate();
    }

    @Override
    public void check(SpeechOptions options) {
        speaker(options.voice());
    }

    /** A voice of one speaker is used whatever it is called, as in Piper's own servers. */
    private int speaker(String voice) {
        if (config.speakerCount() == 1) {
            return 0;
        }
        Integer named = config.speakers().get(voice);
        if (named != null) {
            return named;
        }
        if (voice.equals(name) || voice.isEmpty()) {
            return config.defaultSpeaker();
        }
        if (voice.matches("\\d{1,5}") && Integer.parseInt(voice) < config.speakerCount()) {
            return Integer.parseInt(voice);
        }
        throw new UnknownVoiceException(voice, voices.stream().map(Voice::id).toList());
    }

    @Override
    public Admission admission() {
        return admission;
    }

    @Override
    public SpeechSummary speak(
            Script script, SpeechOptions options, SpeechSink sink, Ticket ticket) {
        script.manners().forEach(manner -> check(options.in(manner)));
        TextNormalizer normalizer = normalizers.of(language, options.normalization());
        TextReader reader =
                new TextReader(
                        script,
                        Wording.of(normalizer, language),
                        lexicon.get().with(options.reading().lexicon()));
        return loop.speak(
                script,
                new ChunkPlanner(reader, ChunkPlanner.Lengths.SENTENCES, !options.whole()),
                (said, manner) ->
                        List.of(stop ->
                                run(said, reader.pronunciations(), options.in(manner), stop)),
                sink,
                ticket);
    }

    private SpeechLoop.SynthesisResult run(
            MappedText said,
            Pronunciations given,
            SpeechOptions options,
            Cancellation cancellation) {
        int speaker = speaker(options.voice());
        PiperTokens tokens = PiperTokens.of(phonemizer.phonemes(said.text(), given), config);
        if (tokens.phonemes().isBlank()) {
            LOG.warn("Nothing can be pronounced in {} characters of text", said.length());
            return new SpeechLoop.SynthesisResult(new float[0], List.of(), 0);
        }
        SpeechModel.Result result =
                model.run(
                        feeds(tokens.ids(), speaker, options.speed()),
                        tokens.ids().length,
                        cancellation);
        float[] samples = result.samples();
        List<SourceWords.TimedRange> pieces = List.of();
        double[] durations = result.durations();
        if (options.wordTimes() && durations != null) {
            pieces = words(said, given, tokens, durations, samples.length);
        }
        double peak = Samples.peak(samples);
        Samples.amplify(samples, peak > 1e-8 ? options.volume() / peak : options.volume());
        SilenceTrimmer.Span all = new SilenceTrimmer.Span(0, samples.length);
        return new SpeechLoop.SynthesisResult(
                SilenceTrimmer.cut(samples, all, config.sampleRate()), pieces, tokens.ids().length);
    }

    private List<SourceWords.TimedRange> words(
            MappedText said,
            Pronunciations given,
            PiperTokens tokens,
            double[] durations,
            int samples) {
        List<WordTimes.Spoken> words =
                WordTimes.words(said.text()).stream()
                        .map(word -> spoken(said.text(), word, given))
                        .toList();
        return WordTimes.of(
                said,
                words,
                tokens.phonemes(),
                tokens.ends(durations, (double) samples / config.sampleRate()));
    }

    private WordTimes.Spoken spoken(String text, WordTimes.Word word, Pronunciations given) {
        String phonemes = phonemizer.phonemes(text.substring(word.start(), word.end()), given);
        return new WordTimes.Spoken(
                word.start(), word.end(), PiperTokens.of(phonemes, config).phonemes());
    }

    private Map<String, SpeechModel.Feed> feeds(int[] ids, int speaker, double speed) {
        double[] input = new double[ids.length];
        for (int i = 0; i < ids.length; i++) {
            input[i] = ids[i];
        }
        double[] scales = {config.noiseScale(), config.lengthScale() / speed, config.noiseW()};
        Map<String, SpeechModel.Feed> feeds = new HashMap<>();
        feeds.put("input", () -> model.tensor("input", input, 1, input.length));
        if (model.input("input_lengths").isPresent()) {
            feeds.put(
                    "input_lengths",
                    () -> model.tensor("input_lengths", new double[] {input.length}, 1));
        }
        if (model.input("scales").isPresent()) {
            feeds.put("scales", () -> model.tensor("scales", scales, 3));
        }
        if (model.input("sid").isPresent()) {
            feeds.put("sid", () -> model.tensor("sid", new double[] {speaker}, 1));
        }
        return feeds;
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
}
