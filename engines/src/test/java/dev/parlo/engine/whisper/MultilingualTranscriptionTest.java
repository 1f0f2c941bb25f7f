package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.engine.TranscribeOptionsBuilder;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Tickets;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.mel.ArrayAudio;
import dev.parlo.engine.whisper.tokenizer.Vocabulary;
import dev.parlo.engine.whisper.tokenizer.WhisperTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Languages and tasks of a multilingual vocabulary, whose answers are scripted. */
class MultilingualTranscriptionTest {
    @TempDir private static java.nio.file.Path cache;
    private static ModelTokens tokens;

    private final List<Segment> segments = new ArrayList<>();
    private ScriptedArena arena;

    @BeforeAll
    static void load() {
        tokens =
                ModelTokens.of(
                        WhisperTokenizer.open(
                                SharedFiles.find("models/test/v3-int8"), CacheFolder.at(cache)),
                        new int[] {220, 50257});
    }

    @AfterAll
    static void close() {
        if (tokens != null) {
            tokens.tokenizer().close();
        }
    }

    @BeforeEach
    void script() {
        arena = new ScriptedArena(tokens);
    }

    @Test
    void theLanguageIsThatOfTheFirstWindow() {
        arena.sayIn(language("de"), word(" eins")).say(word(" zwei"));
        Transcript transcript = run(40, options());
        assertThat(transcript.language()).isEqualTo("de");
        assertThat(transcript.languageProbability()).isCloseTo(1, within(1e-6));
        assertThat(transcript.languageProbabilities()).hasSize(100).containsKey("yue");
        assertThat(arena.prompts().get(0)).containsExactly(start("de", vocabulary().transcribe()));
        assertThat(arena.prompts().get(1)).endsWith(start("de", vocabulary().transcribe()));
        assertThat(arena.filled()).as("windows encoded").hasSize(2);
    }

    @Test
    void aGivenLanguageIsNotDetected() {
        arena.say(word(" un"));
        Transcript transcript = run(5, options().language("fr"));
        assertThat(transcript.language()).isEqualTo("fr");
        assertThat(arena.prompts().getFirst())
                .containsExactly(start("fr", vocabulary().transcribe()));
    }

    @Test
    void translatingIsAnotherTask() {
        arena.say(word(" one"));
        run(5, options().language("fr").task(Task.TRANSLATE));
        assertThat(arena.prompts().getFirst())
                .containsExactly(start("fr", vocabulary().translate()));
    }

    @Test
    void windowsThatAreUnsureVote() {
        arena.language(language("de"), 2).language(language("fr"), 2).language(language("fr"), 2);
        arena.say(word(" un")).say(word(" deux")).say(word(" trois"));
        Transcript transcript =
                run(90, options().languageDetectionThreshold(0.5).languageDetectionSegments(3));
        assertThat(transcript.language()).isEqualTo("fr");
        assertThat(transcript.languageProbability()).isLessThan(0.5);
        assertThat(arena.filled()).hasSize(6);
    }

    @Test
    void theFirstSureWindowDecides() {
        arena.language(language("de"), 2).language(language("fr"), 30);
        arena.say(word(" un")).say(word(" deux")).say(word(" trois"));
        Transcript transcript =
                run(90, options().languageDetectionThreshold(0.5).languageDetectionSegments(3));
        assertThat(transcript.language()).isEqualTo("fr");
        assertThat(arena.filled()).hasSize(5);
    }

    @Test
    void eachWindowHasItsOwnLanguageWhereAsked() {
        arena.sayIn(language("de"), word(" eins")).sayIn(language("ja"), word(" ni"));
        Transcript transcript = run(40, options().multilingual(true));
        assertThat(transcript.language()).isEqualTo("de");
        assertThat(arena.prompts().get(0)).containsExactly(start("de", vocabulary().transcribe()));
        assertThat(arena.prompts().get(1)).containsExactly(start("ja", vocabulary().transcribe()));
    }

    @Test
    void theLanguageIsOneOfTheChoices() {
        arena.sayIn(language("de"), word(" eins"));
        Transcript transcript = run(5, options().languages(List.of("nl", "fr")));
        assertThat(transcript.language()).isIn("nl", "fr");
        assertThat(transcript.languageProbabilities()).containsOnlyKeys("nl", "fr");
        assertThat(transcript.languageProbabilities().values().stream().mapToDouble(p -> p).sum())
                .isCloseTo(1, within(1e-6));
        assertThatThrownBy(() -> run(5, options().languages(List.of("en", "tlh"))))
                .hasMessageContaining("tlh");
    }

    @Test
    void clipsBeginElsewhereThanDetection() {
        arena.language(language("de"), 30).say(word(" eins"));
        run(20, options().clipTimestamps(List.of(1.0, 4.0)));
        assertThat(arena.filled()).containsExactly(1900, 300);
    }

    @Test
    void aBatchHasTheLanguageOfItsFirstHalfMinuteOfSpeech() {
        arena.language(language("de"), 30).say(word(" eins")).say(word(" zwei"));
        Transcript transcript =
                run(60, options().batchSize(4).clipTimestamps(List.of(2.0, 12.0, 40.0, 55.0)));
        assertThat(transcript.language()).isEqualTo("de");
        assertThat(transcript.languageProbabilities()).hasSize(100);
        assertThat(arena.filled()).as("speech of both clips").containsExactly(2500, 1000, 1500);
        for (int window = 1; window < 3; window++) {
            assertThat(arena.prompts().get(window))
                    .containsExactly(start("de", vocabulary().transcribe()));
        }
    }

    @Test
    void aBatchOfOneWindowIsEncodedOnce() {
        arena.sayIn(language("de"), word(" eins"));
        Transcript transcript = run(9, options().batchSize(4));
        assertThat(transcript.language()).isEqualTo("de");
        assertThat(segments).hasSize(1);
        assertThat(arena.filled()).containsExactly(900);
    }

    @Test
    void eachWindowOfABatchHasItsOwnLanguageWhereAsked() {
        arena.language(language("de"), 30);
        arena.sayIn(language("de"), word(" eins")).sayIn(language("ja"), word(" ni"));
        TranscribeOptionsBuilder options = options().batchSize(2).multilingual(true);
        run(40, options.clipTimestamps(List.of(0.0, 20.0, 20.0)));
        assertThat(arena.prompts().get(1)).containsExactly(start("de", vocabulary().transcribe()));
        assertThat(arena.prompts().get(2)).containsExactly(start("ja", vocabulary().transcribe()));
    }

    @Test
    void unknownLanguagesAreRefusedNamingTheKnown() {
        assertThatThrownBy(() -> run(5, options().language("tlh")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("tlh")
                .hasMessageContaining("yue");
    }

    private Transcript run(int seconds, TranscribeOptionsBuilder options) {
        float[] samples = new float[16_000 * seconds];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) Math.sin(i * 0.05) * 0.3f;
        }
        TranscribeOptions built = options.build();
        OptionsCheck.check(built, tokens, true);
        AudioSource audio = new ArrayAudio(samples, 4000);
        Cancellation never = new Cancellation();
        if (built.batchSize() == null) {
            return new SequentialTranscriber(tokens, arena.runtime(), EngineObserver.NONE)
                    .transcribe(audio, built, Tickets.alone(), segments::add, never);
        }
        try (WindowThreads threads = new WindowThreads("window-", 0)) {
            return new BatchedTranscriber(tokens, arena.runtime(), threads, EngineObserver.NONE)
                    .transcribe(audio, built, Tickets.alone(), segments::add, never);
        }
    }

    private static TranscribeOptionsBuilder options() {
        return TranscribeOptions.builder()
                .beamSize(1)
                .conditionOnPreviousText(false)
                .temperatures(List.of(0.0));
    }

    /** A word from the start to the end of a window. */
    private static int[] word(String text) {
        int[] word = tokens.tokenizer().encode(text);
        int[] all = new int[word.length + 2];
        System.arraycopy(word, 0, all, 1, word.length);
        all[0] = vocabulary().timestampBegin();
        all[all.length - 1] = vocabulary().timestampBegin() + 1500;
        return all;
    }

    private static Integer[] start(String language, int task) {
        return new Integer[] {vocabulary().startOfTranscript(), language(language), task};
    }

    private static int language(String code) {
        return Objects.requireNonNull(vocabulary().languages().get(code));
    }

    private static Vocabulary vocabulary() {
        return tokens.tokenizer().vocabulary();
    }
}
