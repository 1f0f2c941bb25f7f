package dev.parlo.engine.whisper.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.whisper.decode.GreedySearch;
import dev.parlo.engine.whisper.decode.LogitRules;
import dev.parlo.engine.whisper.decode.ScriptedStep;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.SuppressRules;
import dev.parlo.engine.whisper.decode.TokenIds;
import dev.parlo.engine.whisper.decode.WindowSearch;
import dev.parlo.engine.whisper.decode.WindowTask;
import dev.parlo.engine.whisper.network.WindowStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SplitPrefillTest {
    private static final TokenIds IDS = new TokenIds(12, 17, 16, 38);

    private static WindowSearch search(int startOfTranscript) {
        int[] prompt = new int[] {3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2};
        prompt[startOfTranscript] = 13;
        SuppressRules suppress = new SuppressRules(IDS, new int[0], new int[0], false);
        LogitRules rules = new LogitRules(IDS, suppress, false, 6, 1, 0);
        return GreedySearch.best(
                new WindowTask(prompt, startOfTranscript, new int[] {5}, 9, rules), 1);
    }

    private static float[] logits(int slot, List<Integer> tokens) {
        Random random = new Random(tokens.hashCode());
        float[] logits = new float[38];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian() * 3;
        }
        return logits;
    }

    @Test
    void partsOfEveryLengthGiveTheAnswerAndTheProbeOfTheWhole() {
        for (int start : new int[] {0, 4, 10}) {
            WindowSearch whole = search(start);
            WindowsTogether.runAlone(new ScriptedStep(1, IDS, SplitPrefillTest::logits), 0, whole);
            for (int most = 1; most < 14; most++) {
                int part = most;
                WindowSearch inner = search(start);
                SplitPrefill split = new SplitPrefill(inner, () -> part);
                ScriptedStep step = new ScriptedStep(1, IDS, SplitPrefillTest::logits);
                List<Integer> fed = new ArrayList<>();
                while (!split.isDone()) {
                    List<StepRow> rows = split.nextRows();
                    assertThat(split.nextRows()).hasSameSizeAs(rows); // asking changes nothing
                    fed.add(rows.getFirst().tokens().length);
                    List<StepResult> results =
                            step.run(List.of(new WindowStep(0, 1, rows))).getFirst();
                    assertThat(split.accept(results)).isEmpty();
                }
                assertThat(fed).allMatch(tokens -> tokens <= part);
                assertThat(split.promptTokensLeft()).isZero();
                assertThat(inner.result().tokens()).isEqualTo(whole.result().tokens());
                assertThat(inner.result().noSpeechProbability())
                        .isEqualTo(whole.result().noSpeechProbability());
            }
        }
    }
}
