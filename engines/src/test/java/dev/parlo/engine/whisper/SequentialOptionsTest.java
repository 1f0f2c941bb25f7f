package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.engine.TranscribeOptionsBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the options of a request change in windows one after the other. */
final class SequentialOptionsTest extends ScriptedWindows {
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
    void suppressListIsCompleted() {
        int[] ids = DecodePlan.suppressed(tokens, options().suppressTokens(List.of(13)).build());
        assertThat(ids).containsExactly(13, 1501, 1601, 1602, 1603, 1604, 1605);
        assertThat(DecodePlan.suppressed(tokens, options().suppressTokens(List.of()).build()))
                .isEmpty();
    }

    private void refused(TranscribeOptionsBuilder options, String name) {
        assertThatThrownBy(() -> OptionsCheck.check(options.build(), tokens, true))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e ->
                                assertThat(e.category())
                                        .isEqualTo(EngineException.Category.BAD_REQUEST))
                .hasMessageContaining(name);
    }

    private static int[] concat(int[] a, int[] b) {
        return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }

    private static List<Integer> boxed(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }
}
