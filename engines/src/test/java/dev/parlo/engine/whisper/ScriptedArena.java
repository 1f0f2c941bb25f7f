package dev.parlo.engine.whisper;

import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.admission.Urgency;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.decode.ScriptedStep;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowEncoder;
import dev.parlo.engine.whisper.tokenizer.WhisperTokenizer;
import dev.parlo.engine.whisper.window.SequentialRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An arena without a network: it writes given answers, one for each window that is encoded, and
 * remembers the prompts and how much of each window was filled.
 */
final class ScriptedArena implements DecodeArena, WindowEncoder {
    private final ScriptedStep step;
    private final int startOfTranscript;
    private final int endOfText;
    private final int noSpeech;
    private final int vocabularySize;
    private final int lastSpecial;
    private final List<Answer> answers = new ArrayList<>();
    private final List<List<Integer>> prompts = new ArrayList<>();
    private final List<Integer> filled = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private List<Integer> textEnds = List.of();
    private int window = -1;

    /**
     * What a window says.
     *
     * @param tokens without the end of text
     * @param noSpeech whether the decoder is nearly sure that nobody speaks
     * @param language token of the language it hears; 0 leaves that open
     */
    record Answer(int[] tokens, boolean noSpeech, float confidence, int language) {}

    /**
     * The tokens of the built-in model, with two that must not be chosen; closed by its tokenizer.
     */
    static ModelTokens tokens(Path cache) {
        return ModelTokens.of(
                WhisperTokenizer.open(SharedFiles.builtInModel(), CacheFolder.at(cache)),
                new int[] {220, 1500});
    }

    ScriptedArena(ModelTokens tokens) {
        var vocabulary = tokens.tokenizer().vocabulary();
        startOfTranscript = vocabulary.startOfTranscript();
        endOfText = vocabulary.endOfText();
        noSpeech = vocabulary.noSpeech();
        lastSpecial = vocabulary.noTimestamps();
        vocabularySize = vocabulary.size();
        step =
                new ScriptedStep(
                        1, tokens.ids(), (slot, fed) -> logits(fed), () -> textEnds.get(window));
    }

    ScriptedArena say(int... tokens) {
        answers.add(new Answer(tokens, false, 30, 0));
        return this;
    }

    ScriptedArena silence(int... tokens) {
        answers.add(new Answer(tokens, true, 0.5f, 0));
        return this;
    }

    /** A window that says something and is asked for its language first. */
    ScriptedArena sayIn(int languageToken, int... tokens) {
        answers.add(new Answer(tokens, false, 30, languageToken));
        return this;
    }

    /** A window that is only asked for its language, and is as sure of it as told. */
    ScriptedArena language(int languageToken, float confidence) {
        answers.add(new Answer(new int[0], false, confidence, languageToken));
        return this;
    }

    /** The encoder positions at which alignment finds the ends of the windows' texts. */
    ScriptedArena textEndsAt(Integer... positions) {
        textEnds = List.of(positions);
        return this;
    }

    /** The tokens fed before the first answer of each window. */
    List<List<Integer>> prompts() {
        return prompts;
    }

    /** Mel frames of each window that were not left zero. */
    List<Integer> filled() {
        return filled;
    }

    /** Mel frames of each window. */
    List<Integer> lengths() {
        return lengths;
    }

    @Override
    public WindowEncoder encoder() {
        return this;
    }

    @Override
    public DecoderStep step() {
        return step;
    }

    /** The port over this arena alone. */
    SequentialRuntime runtime() {
        return new SequentialRuntime(melBands(), () -> this, EngineObserver.NONE, new Urgency());
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public int melBands() {
        return 80;
    }

    @Override
    public void encode(float[] mel, int slot) {
        window++;
        int length = mel.length / melBands();
        lengths.add(length);
        int frames = 0;
        while (frames < length && mel[frames] != 0) {
            frames++;
        }
        filled.add(frames);
    }

    @Override
    public void trim() {}

    @Override
    public void close() {}

    private float[] logits(List<Integer> fed) {
        if (window >= answers.size()) {
            throw new AssertionError("window " + window + " was not expected");
        }
        Answer answer = answers.get(window);
        float[] logits = new float[vocabularySize];
        int at = fed.lastIndexOf(startOfTranscript) + 1;
        if (at == fed.size() && answer.noSpeech()) {
            logits[noSpeech] = 30;
        }
        if (at == fed.size() && answer.language() > 0) {
            logits[answer.language()] = answer.confidence();
            return logits;
        }
        while (at < fed.size() && fed.get(at) > startOfTranscript && fed.get(at) <= lastSpecial) {
            at++;
        }
        if (at > 0 && at == fed.size()) {
            while (prompts.size() <= window) {
                prompts.add(List.of());
            }
            prompts.set(window, List.copyOf(fed));
        }
        int said = fed.size() - at;
        int next = said < answer.tokens().length ? answer.tokens()[said] : endOfText;
        logits[next] = answer.confidence();
        return logits;
    }

    @Override
    public String toString() {
        return Arrays.toString(answers.toArray());
    }
}
