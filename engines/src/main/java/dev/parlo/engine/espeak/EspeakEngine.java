package dev.parlo.engine.espeak;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.SpokenWord;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.Voice;
import dev.parlo.engine.speech.Samples;
import dev.parlo.engine.speech.Turns;
import dev.parlo.engine.text.ChunkPlanner;
import dev.parlo.engine.text.MappedText;
import dev.parlo.engine.text.SourceWords;
import dev.parlo.engine.text.TextPiece;
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
    private final Turns turns;

    /**
     * @param espeak closed together with this engine
     * @param maxRequests how many requests may be under way or waiting
     */
    public EspeakEngine(EspeakNg espeak, int maxRequests) {
        this.espeak = espeak;
        this.turns = new Turns(1, maxRequests);
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
        ChunkPlanner plan = new ChunkPlanner(new TextReader(text), ChunkPlanner.Lengths.FORMANT);
        long samples = 0;
        int characters = 0;
        int chunks = 0;
        try (Turns.Admission admission = turns.admit()) {
            while (plan.hasNext()) {
                cancellation.check();
                switch (plan.next()) {
                    case TextPiece.Pause(double seconds) -> {
                        long left = Math.round(seconds * sampleRate());
                        samples += left;
                        while (left > 0) {
                            int count = (int) Math.min(left, sampleRate());
                            cancellation.check();
                            sink.accept(new SpeechChunk(new float[count], List.of()));
                            left -= count;
                        }
                    }
                    case TextPiece.Say(MappedText said) -> {
                        EspeakNg.Utterance spoken =
                                admission.take(
                                        cancellation,
                                        () ->
                                                espeak.synthesize(
                                                        voice, said.text(), rate, cancellation));
                        Samples.amplify(spoken.samples(), options.volume());
                        List<SpokenWord> words =
                                options.wordTimes()
                                        ? words(text, said, spoken, samples)
                                        : List.of();
                        samples += spoken.samples().length;
                        characters += said.length();
                        chunks++;
                        sink.accept(new SpeechChunk(spoken.samples(), words));
                    }
                }
            }
        }
        if (samples == 0) {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    "There is nothing in the input that can be spoken.");
        }
        return new SpeechSummary(samples, sampleRate(), characters, chunks);
    }

    private List<SpokenWord> words(
            String source, MappedText said, EspeakNg.Utterance spoken, long offset) {
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
                            (offset + word.sample()) / rate,
                            (offset + Math.max(word.sample(), end)) / rate));
        }
        return SourceWords.of(source, pieces);
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
        espeak.close();
    }
}
