package dev.parlo.engine.whisper.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.whisper.decode.GreedySearch;
import dev.parlo.engine.whisper.decode.LogitRules;
import dev.parlo.engine.whisper.decode.SuppressRules;
import dev.parlo.engine.whisper.decode.TokenIds;
import dev.parlo.engine.whisper.decode.WindowSearch;
import dev.parlo.engine.whisper.decode.WindowTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who takes part in a turn. */
class DecodeBatchTest {
    private static final TokenIds IDS = new TokenIds(12, 17, 16, 38);

    private final List<Integer> rows = new ArrayList<>();
    private final DecodeBatch batch =
            new DecodeBatch(
                    new MadeUpArena(4, IDS, (audio, tokens) -> new float[38]),
                    new EngineObserver() {
                        @Override
                        public void step(int count, Duration took) {
                            rows.add(count);
                        }
                    });
    private final List<Throwable> failures = new ArrayList<>();

    private static WindowSearch search(int promptTokens) {
        int[] prompt = new int[promptTokens];
        prompt[promptTokens - 1] = 13;
        SuppressRules suppress = new SuppressRules(IDS, new int[0], new int[] {12}, false);
        LogitRules rules = new LogitRules(IDS, suppress, false, 6, 1, 0);
        return GreedySearch.best(
                new WindowTask(prompt, promptTokens - 1, new int[0], 200, rules), 1);
    }

    private void join(int slot, boolean urgent, int promptTokens, Cancellation cancellation) {
        batch.join(slot, urgent, search(promptTokens), cancellation, failures::add);
    }

    private void turns(int count) {
        rows.clear();
        for (int i = 0; i < count; i++) {
            batch.turn(false);
        }
    }

    @Test
    void aWindowWhoseClientIsGoneIsInNoFurtherStep() {
        Cancellation gone = new Cancellation();
        join(0, false, 1, gone);
        join(1, false, 1, new Cancellation());
        turns(3);
        assertThat(rows).containsExactly(2, 2, 2);
        gone.cancel();
        turns(1);
        assertThat(rows).containsExactly(1);
        assertThat(failures)
                .singleElement()
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e ->
                                assertThat(e.category())
                                        .isEqualTo(EngineException.Category.CANCELLED));
    }

    @Test
    void turnsOfUrgentWindowsLeaveOthersWhereTheyAre() {
        join(0, false, 1, new Cancellation());
        join(1, true, 1, new Cancellation());
        turns(2);
        rows.clear();
        batch.turn(true);
        assertThat(rows).containsExactly(1);
        batch.turn(false);
        assertThat(rows).containsExactly(1, 2);
    }

    @Test
    void windowsGoOnWhileALongPromptIsFedInParts() {
        join(0, false, 1, new Cancellation());
        turns(1);
        join(1, false, 150, new Cancellation());
        turns(7);
        // Both rows are in every turn, the second's with 32 tokens of its prompt at first.
        assertThat(rows).containsOnly(2);
    }

    @Test
    void shortPromptsAreFedTogetherAndLongOnesOneAfterAnother() {
        join(0, false, 8, new Cancellation());
        join(1, false, 8, new Cancellation());
        join(2, false, 9, new Cancellation());
        join(3, false, 9, new Cancellation());
        turns(3);
        assertThat(rows).containsExactly(3, 4, 4);
    }

    @Test
    void aWindowWhosePromptCannotBeMadeFailsByItself() {
        batch.join(0, false, new BrokenSearch(), new Cancellation(), failures::add);
        join(1, false, 1, new Cancellation());
        turns(2);
        assertThat(rows).containsExactly(1, 1);
        assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
    }
}
