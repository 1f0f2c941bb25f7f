package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptions.Builder;
import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Tickets;
import dev.parlo.engine.whisper.mel.ArrayAudio;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequentialTranscriberTest {
    @TempDir private static Path cache;
    private static ModelTokens tokens;

    private final List<Segment> segments = new ArrayList<>();
    private final List<Double> progress = new ArrayList<>();
    private ScriptedArena arena;

    @BeforeAll
    static void load() {
        tokens = ScriptedArena.tokens(cache);
    }

    @AfterAll
    static void close() {
        tokens.tokenizer().close();
    }

    @BeforeEach
    void script() {
        arena = new ScriptedArena(tokens);
    }

    @Test
    void noTimePassesTheEndOfTheAudioWhateverTheModelSays() {
        arena.say(said(ts(0), " one", ts(1), ts(1), " two", ts(9)));
        run(3.63, options());
        assertThat(texts()).containsExactly(" one", " two");
        assertThat(segments.getFirst().end()).isEqualTo(1.0);
        assertThat(segments.getLast().end()).isEqualTo(3.63);
    }

    @Test
    void noTimePassesTheEndOfTheWindowAndNothingAfterItIsPassedOver() {
        arena.say(said(ts(0), " one", ts(7.98), ts(7.98), " two", ts(20), ts(20)));
        arena.say(said(ts(0), " three", ts(0.5)));
        arena.say(said(ts(0), " four", ts(0.5)));
        run(3, options().chunkLengthSeconds(1));
        assertThat(texts()).contains(" one", " three", " four");
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            assertThat(segment.end()).isLessThanOrEqualTo(segment.seek() / 100.0 + 1 + 1e-9);
            assertThat(segment.start()).isLessThanOrEqualTo(segment.end());
        }
    }

    @Test
    void anUnfinishedSentenceIsHeardAgainInTheNextWindow() {
        arena.say(said(ts(0), " one", ts(4), ts(4), " two", ts(20), ts(20), " thr"));
        arena.say(said(ts(0), " three", ts(8)));
        Transcript transcript = run(36, options());
        assertThat(texts()).containsExactly(" one", " two", " three");
        assertThat(segments.get(1).start()).isEqualTo(4, offset(1e-9));
        assertThat(segments.get(2).start()).isEqualTo(20, offset(1e-9));
        assertThat(segments.get(2).end()).isEqualTo(28, offset(1e-9));
        assertThat(segments.stream().map(Segment::seek)).containsExactly(0, 0, 2000);
        assertThat(segments.stream().map(Segment::id)).containsExactly(1, 2, 3);
        assertThat(arena.filled()).containsExactly(3000, 1600);
        assertThat(progress).containsExactly(20.0, 36.0);
        assertThat(transcript.durationSeconds()).isEqualTo(36);
        assertThat(transcript.language()).isEqualTo("en");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 3, 3000",
        "1, 3, 400",
        "1, 3.5, 500",
        "1, 27.9, 2900",
        "1, 28.5, 3000",
        "1, 30, 3000",
        "250, 3, 500",
        "251, 3, 600",
        "250, 20, 2100",
        "1500, 3, 3000",
        "1449, 3, 2900"
    })
    void aShortWindowHasTheAudioASecondMoreAndWhatWasAskedFor(
            int context, double seconds, int frames) {
        arena.say(said(ts(0), " one", ts(1)));
        run(seconds, options().audioContext(context));
        assertThat(arena.lengths()).containsExactly(frames);
        assertThat(arena.filled()).containsExactly((int) (seconds * 100));
    }

    @Test
    void aNetworkThatEncodesWholeWindowsOnlyRefusesShortOnes() {
        OptionsCheck.check(options().build(), tokens, false);
        OptionsCheck.check(options().audioContext(0).build(), tokens, false);
        TranscribeOptions some = options().audioContext(1).build();
        assertThatThrownBy(() -> OptionsCheck.check(some, tokens, false))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("audio_ctx is 1")
                .hasMessageContaining("accepted is 0, since a GPU encodes whole windows");
    }

    @Test
    void theNextWindowIsPromptedWithWhatWasSaid() {
        int[] first = said(ts(0), " one", ts(30));
        arena.say(first).say(said(ts(0), " two", ts(5)));
        run(35, options());
        List<Integer> prompt = arena.prompts().get(1);
        assertThat(prompt.getFirst()).isEqualTo(vocabulary("<|startofprev|>"));
        assertThat(prompt.subList(1, prompt.size() - 1)).isEqualTo(boxed(first));
        assertThat(arena.prompts().getFirst()).containsExactly(vocabulary("<|startoftranscript|>"));
    }

    @Test
    void withoutConditioningEveryWindowStartsAfresh() {
        arena.say(said(ts(0), " one", ts(30))).say(said(ts(0), " two", ts(5)));
        run(35, options().conditionOnPreviousText(false).initialPrompt("A prompt."));
        int[] prompt = tokens.tokenizer().encode(" A prompt.");
        assertThat(arena.prompts().getFirst())
                .containsSubsequence(boxed(prompt))
                .hasSize(prompt.length + 2);
        assertThat(arena.prompts().get(1)).hasSize(1);
    }

    @Test
    void hotwordsAndPromptTokensComeFirst() {
        arena.say(said(ts(0), " one", ts(5)));
        run(5, options().hotwords("kitchen").promptTokens(new int[] {300, 301}));
        List<Integer> expected = new ArrayList<>(List.of(vocabulary("<|startofprev|>")));
        expected.addAll(boxed(tokens.tokenizer().encode(" kitchen")));
        expected.addAll(List.of(300, 301, vocabulary("<|startoftranscript|>")));
        assertThat(arena.prompts().getFirst()).isEqualTo(expected);
    }

    @Test
    void aPrefixBeginsTheFirstWindowOnly() {
        int[] prefix = tokens.tokenizer().encode(" The");
        arena.say(said(ts(0), " The", " cat", ts(30)));
        arena.say(said(ts(0), " sat", ts(5)));
        run(35, options().prefix("The"));
        assertThat(texts()).containsExactly(" The cat", " sat");
        assertThat(segments.getFirst().tokens()).startsWith(concat(said(ts(0)), prefix));
    }

    @Test
    void anAnswerAtAHighTemperatureIsNoContext() {
        arena.say(said(ts(0), " one", ts(30))).say(said(ts(0), " two", ts(5)));
        run(35, options().temperatures(List.of(0.8)).promptResetOnTemperature(0.5));
        assertThat(arena.prompts().get(1)).hasSize(1);
        arena = new ScriptedArena(tokens).say(said(ts(0), " one", ts(30)));
        arena.say(said(ts(0), " two", ts(5)));
        run(35, options().temperatures(List.of(0.8)).promptResetOnTemperature(0.9));
        assertThat(arena.prompts().get(1)).hasSizeGreaterThan(3);
    }

    @Test
    void theFirstTimestampIsLimited() {
        arena.say(said(ts(7), " one", ts(9), ts(9)));
        run(9, options().maxInitialTimestamp(2.0));
        assertThat(segments.getFirst().start()).isLessThanOrEqualTo(2);
        arena = new ScriptedArena(tokens).say(said(ts(7), " one", ts(9), ts(9)));
        segments.clear();
        run(9, options().maxInitialTimestamp(8.0));
        assertThat(segments.getFirst().start()).isEqualTo(7);
    }

    @Test
    void silenceIsSkippedUnlessTheTextIsSure() {
        arena.silence(said(ts(0), " thanks", ts(3))).say(said(ts(0), " word", ts(3)));
        run(33, options().temperatures(List.of(0.0)));
        assertThat(texts()).containsExactly(" word");
        assertThat(segments.getFirst().seek()).isEqualTo(3000);
    }

    @Test
    void onlyTheClipsAreHeard() {
        arena.say(said(ts(0), " a", ts(1))).say(said(ts(0), " b", ts(2)));
        run(60, options().clipTimestamps(List.of(40.0, 42.0, 5.0, 8.5)));
        assertThat(arena.filled()).containsExactly(200, 350);
        assertThat(segments.stream().map(Segment::start)).containsExactly(40.0, 5.0);
        arena = new ScriptedArena(tokens).say(said(ts(0), " c", ts(1)));
        segments.clear();
        run(60, options().clipTimestamps(List.of(55.0)));
        assertThat(arena.filled()).containsExactly(500);
    }

    @Test
    void withoutTimestampsAWindowIsOneSegment() {
        arena.say(said(" all of it")).say(said(" and this"));
        run(33, options().withoutTimestamps(true));
        assertThat(segments.stream().map(Segment::end)).containsExactly(30.0, 33.0);
        assertThat(arena.prompts().getFirst()).endsWith(vocabulary("<|notimestamps|>"));
    }

    @Test
    void shorterChunksAdvanceByTheirLength() {
        arena.say(said(" a")).say(said(" b")).say(said(" c"));
        run(25, options().withoutTimestamps(true).chunkLengthSeconds(10));
        assertThat(arena.filled()).containsExactly(1000, 1000, 500);
    }

    @Test
    void newTokensAreLimited() {
        int[] long_ = new int[200];
        Arrays.fill(long_, tokens.tokenizer().encode(" a")[0]);
        arena.say(long_);
        run(5, options().withoutTimestamps(true).maxNewTokens(6).temperatures(List.of(0.0)));
        // As upstream: half of prompt and new tokens together.
        assertThat(segments.getFirst().tokens()).hasSize(4);
        assertThatThrownBy(() -> run(5, options().maxNewTokens(447).hotwords("kitchen garden")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("max_new_tokens");
    }

    @Test
    void tokensCarryTheirLogProbabilities() {
        arena.say(said(ts(0), " one", " two", ts(5)));
        run(5, options().tokenLogProbabilities(true));
        List<Segment.TokenLogProbability> all =
                java.util.Objects.requireNonNull(segments.getFirst().tokenLogProbabilities());
        StringBuilder text = new StringBuilder();
        all.forEach(one -> text.append(one.token()));
        assertThat(text).hasToString(" one two");
        assertThat(all).allSatisfy(one -> assertThat(one.logProbability()).isBetween(-0.1, 0.0));
    }

    /** Every word of the script is improbable: what stands in silence counts as made up. */
    @Test
    void wordsMadeUpInSilenceAreHeardAgainOrDropped() {
        int[] late = said(ts(5), " one", ts(6));
        int[] next = said(ts(0), " two", ts(2));
        Builder words = options().wordTimestamps(true).maxInitialTimestamp(30);
        arena.textEndsAt(290).say(late);
        run(8, words);
        assertThat(texts()).containsExactly(" one");
        assertThat(arena.filled()).containsExactly(800);

        segments.clear();
        arena = new ScriptedArena(tokens).textEndsAt(290, 100).say(late).say(next);
        run(8, words.hallucinationSilenceThreshold(2.0));
        assertThat(texts()).containsExactly(" two");
        assertThat(arena.filled()).as("again after the silence").containsExactly(800, 360);

        segments.clear();
        arena = new ScriptedArena(tokens).textEndsAt(290, 100).say(late).say(next);
        arena.silence(said(ts(0), " x", ts(1)));
        run(8, words.hallucinationSilenceThreshold(1.0));
        assertThat(texts()).isEmpty();
        assertThat(arena.filled()).as("again a second later").containsExactly(800, 360, 260);
    }

    @Test
    void emptyAudioHasNoSegments() {
        Transcript transcript = run(0, options());
        assertThat(segments).isEmpty();
        assertThat(transcript.durationSeconds()).isZero();
    }

    @Test
    void cancellingStopsBetweenSegments() {
        arena.say(said(ts(0), " one", ts(30))).say(said(ts(0), " two", ts(30)));
        Cancellation cancellation = new Cancellation();
        assertThatThrownBy(() ->
                        new SequentialTranscriber(tokens, arena.runtime(), EngineObserver.NONE)
                                .transcribe(
                                        audio(90),
                                        options().build(),
                                        Tickets.alone(),
                                        segment -> cancellation.cancel(),
                                        cancellation))
                .isInstanceOf(EngineException.class);
        assertThat(arena.filled()).hasSize(1);
    }

    @Test
    void optionsThatCannotBeUsedAreNamed() {
        refused(options().beamSize(0), "beam_size");
        refused(options().audioContext(-1), "audio_ctx");
        refused(options().audioContext(1501), "audio_ctx");
        refused(options().bestOf(99), "best_of");
        refused(options().patience(0), "patience");
        refused(options().lengthPenalty(Double.NaN), "length_penalty");
        refused(options().repetitionPenalty(1e-50), "repetition_penalty");
        refused(options().repetitionPenalty(1e39), "repetition_penalty");
        refused(options().maxInitialTimestamp(Double.NaN), "max_initial_timestamp");
        refused(options().temperatures(List.of()), "temperature");
        refused(options().temperatures(List.of(-1.0)), "temperature");
        refused(options().suppressTokens(List.of(99_999)), "suppress_tokens");
        refused(options().promptTokens(new int[] {-3}), "prompt");
        refused(options().clipTimestamps(List.of(-1.0)), "clip_timestamps");
        refused(options().chunkLengthSeconds(31), "chunk_length");
        refused(options().task(Task.TRANSLATE), "multilingual");
        OptionsCheck.check(options().language("de").build(), tokens, true); // coerced, as upstream
    }

    @Test
    void aConfigOfAnotherVocabularyIsRefused() {
        for (int id : new int[] {-1, tokens.tokenizer().vocabulary().size()}) {
            assertThatThrownBy(() -> ModelTokens.of(tokens.tokenizer(), new int[] {id}))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("suppress_ids_begin");
        }
    }

    @Test
    void compressionRatiosAreZlibs() {
        String jfk =
                "And so my fellow Americans, ask not what your country can do for you, ask what you"
                        + " can do for your country.";
        assertThat(CompressionRatio.of(jfk)).isEqualTo(1.35443, offset(1e-5));
        assertThat(CompressionRatio.of("you ".repeat(50))).isEqualTo(199 / 15.0, offset(0.2));
        assertThat(CompressionRatio.of("")).isZero();
    }

    @Test
    void suppressListIsCompleted() {
        int[] ids = DecodePlan.suppressed(tokens, options().suppressTokens(List.of(13)).build());
        assertThat(ids).containsExactly(13, 1501, 1601, 1602, 1603, 1604, 1605);
        assertThat(DecodePlan.suppressed(tokens, options().suppressTokens(List.of()).build()))
                .isEmpty();
    }

    private void refused(Builder options, String name) {
        assertThatThrownBy(() -> OptionsCheck.check(options.build(), tokens, true))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e ->
                                assertThat(e.category())
                                        .isEqualTo(EngineException.Category.BAD_REQUEST))
                .hasMessageContaining(name);
    }

    private Transcript run(double seconds, Builder options) {
        SegmentSink sink =
                new SegmentSink() {
                    @Override
                    public void accept(Segment segment) {
                        segments.add(segment);
                    }

                    @Override
                    public void progress(double audioSeconds) {
                        progress.add(audioSeconds);
                    }
                };
        return new SequentialTranscriber(tokens, arena.runtime(), EngineObserver.NONE)
                .transcribe(
                        audio(seconds), options.build(), Tickets.alone(), sink, new Cancellation());
    }

    private static ArrayAudio audio(double seconds) {
        float[] samples = new float[(int) Math.round(16_000 * seconds)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) Math.sin(i * 0.05) * 0.3f;
        }
        return new ArrayAudio(samples, 4000);
    }

    private static Builder options() {
        return TranscribeOptions.builder().beamSize(2).bestOf(2);
    }

    private List<String> texts() {
        return segments.stream().map(Segment::text).toList();
    }

    private static String ts(double seconds) {
        return String.format(Locale.ROOT, "<|%.2f|>", seconds);
    }

    private static int vocabulary(String token) {
        return switch (token) {
            case "<|startofprev|>" -> tokens.tokenizer().vocabulary().startOfPrevious();
            case "<|startoftranscript|>" -> tokens.tokenizer().vocabulary().startOfTranscript();
            default -> tokens.tokenizer().vocabulary().noTimestamps();
        };
    }

    /** Tokens of texts and of timestamps written by {@link #ts}. */
    private static int[] said(String... parts) {
        return Arrays.stream(parts)
                .flatMapToInt(part -> {
                    if (!part.startsWith("<|")) {
                        return IntStream.of(tokens.tokenizer().encode(part));
                    }
                    double seconds = Double.parseDouble(part.replaceAll("[<|>]", ""));
                    return IntStream.of(
                            tokens.tokenizer().vocabulary().timestampBegin()
                                    + (int) Math.round(seconds * 50));
                })
                .toArray();
    }

    private static int[] concat(int[] a, int[] b) {
        return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }

    private static List<Integer> boxed(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }
}
