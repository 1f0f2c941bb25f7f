package dev.parlo.engine.espeak;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.Voice;
import dev.parlo.engine.speech.Samples;
import dev.parlo.engine.speech.SpeechLoop;
import dev.parlo.engine.text.ChunkPlanner;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.MappedText;
import dev.parlo.engine.text.SourceWords;
import dev.parlo.engine.text.TextNormalizer;
import dev.parlo.engine.text.TextReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Speech by espeak-ng's own formant synthesis: over a hundred languages, nothing to download, a
 * hundred times faster than real time. Thread-safe.
 */
public final class EspeakEngine implements TextToSpeech {
    /** The rate that espeak-ng speaks at when nobody asks for another. */
    private static final int NORMAL_RATE = 175;

    private static final int MIN_RATE = 80;
    private static final int MAX_RATE = 450;
    private static final long LIBRARY_BYTES = 20L << 20;

    private final EspeakNg espeak;
    private final Lexicon lexicon;
    private final SpeechLoop loop;

    /**
     * @param espeak closed together with this engine
     * @param lexicon pronunciations of words; those in IPA are not used
     * @param maxRequests how many requests may be under way or waiting
     */
    public EspeakEngine(EspeakNg espeak, Lexicon lexicon, int maxRequests) {
        this.espeak = espeak;
        this.lexicon = lexicon;
        this.loop = new SpeechLoop("espeak-chunk", 1, maxRequests, espeak.sampleRate());
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
                                "espeak-ng does not speak the language '" + language + "'."));
    }

    @Override
    public SpeechSummary speak(
            String text, SpeechOptions options, SpeechSink sink, Cancellation cancellation) {
        String voice = voice(options);
        int rate = Math.clamp(Math.round(NORMAL_RATE * options.speed()), MIN_RATE, MAX_RATE);
        TextNormalizer normalizer =
                TextNormalizer.of(EspeakVoices.english(voice), options.normalization());
        TextReader reader = new TextReader(text, normalizer::normalize, lexicon);
        SpeechLoop.Maker maker =
                said -> {
                    MappedText spelled = reader.pronunciations().spelled(said);
                    return List.of(stop -> {
                        EspeakNg.Utterance spoken =
                                espeak.synthesize(voice, spelled.text(), rate, stop);
                        Samples.amplify(spoken.samples(), options.volume());
                        return new SpeechLoop.Made(
                                spoken.samples(),
                                options.wordTimes() ? words(spelled, spoken) : List.of(),
                                spelled.length());
                    });
                };
        return loop.speak(
                text,
                new ChunkPlanner(reader, ChunkPlanner.Lengths.FORMANT),
                maker,
                sink,
                cancellation);
    }

    private List<SourceWords.Piece> words(MappedText said, EspeakNg.Utterance spoken) {
        List<SourceWords.Piece> pieces = new ArrayList<>();
        List<EspeakNg.TimedWord> words = spoken.words();
        double rate = sampleRate();
        for (int i = 0; i < words.size(); i++) {
            EspeakNg.TimedWord word = words.get(i);
            if (word.start() >= said.length()) {
                continue;
            }
            int end = i + 1 < words.size() ? words.get(i + 1).sample() : soundEnd(spoken.samples());
            pieces.add(
                    new SourceWords.Piece(
                            said.sourceStart(word.start()),
                            said.sourceEnd(Math.max(word.start(), word.end() - 1)),
                            word.sample() / rate,
                            Math.max(word.sample(), end) / rate));
        }
        return pieces;
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
    public String description() {
        return "cpu espeak-ng " + espeak.version() + " from " + espeak.origin();
    }

    @Override
    public void close() {
        loop.close();
        espeak.close();
    }
}
