package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptionsBuilder;
import dev.parlo.engine.admission.Tickets;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.mel.ArrayAudio;
import dev.parlo.engine.whisper.tokenizer.WhisperTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What thresholds, penalties and suppression do to a scripted answer of one window. */
@Tag("locale")
class DecodingOptionsTest {
    @TempDir private static Path cache;
    private static ModelTokens tokens;

    @BeforeAll
    static void load() {
        WhisperTokenizer tokenizer =
                WhisperTokenizer.open(SharedFiles.builtInModel(), CacheFolder.at(cache));
        int endOfText = tokenizer.vocabulary().endOfText();
        tokens = ModelTokens.of(tokenizer, new int[] {220, endOfText});
    }

    @AfterAll
    static void close() {
        tokens.tokenizer().close();
    }

    @Test
    void textThatRepeatsItselfGoesDownTheLadderUnlessThatIsSwitchedOff() {
        int[] loop = new int[150];
        Arrays.fill(loop, encoded(" a"));
        assertThat(run(arena().say(loop), ladder()).getFirst().temperature()).isEqualTo(0.4);
        TranscribeOptionsBuilder off = ladder().compressionRatioThreshold(null);
        assertThat(run(arena().say(loop), off).getFirst().temperature()).isZero();
        TranscribeOptionsBuilder lenient = ladder().compressionRatioThreshold(1000.0);
        assertThat(run(arena().say(loop), lenient).getFirst().temperature()).isZero();
    }

    @Test
    void anUnsureAnswerGoesDownTheLadderUnlessThatIsSwitchedOff() {
        int[] word = {encoded(" a")};
        TranscribeOptionsBuilder silenceIsSpeech = ladder().noSpeechThreshold(null);
        assertThat(run(arena().silence(word), silenceIsSpeech).getFirst().temperature())
                .isEqualTo(0.4);
        TranscribeOptionsBuilder off = ladder().noSpeechThreshold(null).logProbThreshold(null);
        assertThat(run(arena().silence(word), off).getFirst().temperature()).isZero();
    }

    @Test
    void noSpeechAloneIsSilenceWhereNoProbabilityIsAsked() {
        int[] word = {encoded(" a")};
        assertThat(run(arena().silence(word), ladder())).isEmpty();
        assertThat(run(arena().silence(word), ladder().logProbThreshold(null))).isEmpty();
        TranscribeOptionsBuilder tolerant = ladder().logProbThreshold(null).noSpeechThreshold(1.0);
        assertThat(run(arena().silence(word), tolerant)).isNotEmpty();
    }

    @Test
    void anEmptyAnswerIsPossibleOnlyWhereABlankIsAllowed() {
        TranscribeOptionsBuilder greedy = ladder().temperatures(List.of(0.0));
        assertThat(run(arena().say(), greedy.suppressBlank(false))).isEmpty();
        assertThat(run(arena().say(), greedy.suppressBlank(true))).isNotEmpty();
    }

    @Test
    void ngramsAreNotRepeated() {
        int a = encoded(" a");
        int the = encoded(" the");
        int[] loop = {a, the, a, the, a, the, a, the};
        TranscribeOptionsBuilder greedy = ladder().temperatures(List.of(0.0)).maxNewTokens(30);
        assertThat(run(arena().say(loop), greedy).getFirst().tokens()).startsWith(loop);
        int[] told = run(arena().say(loop), greedy.noRepeatNgramSize(2)).getFirst().tokens();
        Set<List<Integer>> pairs = new HashSet<>();
        for (int i = 0; i + 1 < told.length; i++) {
            assertThat(pairs.add(List.of(told[i], told[i + 1]))).as("pair %d", i).isTrue();
        }
    }

    @Test
    void suppressedTokensAreNotSaid() {
        int a = encoded(" a");
        int the = encoded(" the");
        TranscribeOptionsBuilder greedy = ladder().temperatures(List.of(0.0));
        int[] told =
                run(arena().say(a, the, a), greedy.suppressTokens(List.of(the)))
                        .getFirst()
                        .tokens();
        assertThat(told).startsWith(a).doesNotContain(the);
    }

    private static TranscribeOptionsBuilder ladder() {
        return TranscribeOptions.builder()
                .beamSize(1)
                .bestOf(1)
                .temperatures(List.of(0.0, 0.4))
                .withoutTimestamps(true);
    }

    private static ScriptedArena arena() {
        return new ScriptedArena(tokens);
    }

    private static int encoded(String word) {
        return tokens.tokenizer().encode(word)[0];
    }

    private static List<Segment> run(ScriptedArena arena, TranscribeOptionsBuilder options) {
        List<Segment> segments = new ArrayList<>();
        new SequentialTranscriber(tokens, arena.runtime(), EngineObserver.NONE)
                .transcribe(
                        new ArrayAudio(new float[16_000 * 5], 4000),
                        options.build(),
                        Tickets.alone(),
                        segments::add,
                        new Cancellation());
        return segments;
    }
}
