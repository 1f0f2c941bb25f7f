package dev.parlo.server.listening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.vad.VoiceActivityDetector;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.vad.DetectorLoans;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TurnRecognizerTest {
    private static final int SECOND = 16_000;

    /** A loud sample is a voice. */
    private static final VoiceActivityDetector LOUDNESS =
            new VoiceActivityDetector() {
                @Override
                public Pass open() {
                    return new Pass() {
                        @Override
                        public float[] probabilities(float[] samples, int windows) {
                            return new float[] {Math.abs(samples[0]) > 0.1 ? 1 : 0};
                        }

                        @Override
                        public void close() {}
                    };
                }

                @Override
                public EngineFacts facts() {
                    throw new UnsupportedOperationException();
                }

                @Override
                public void close() {}
            };

    private final MemoryBudget budget = new MemoryBudget(20_000_000);
    private final DetectorThreads threads = new DetectorThreads(1);
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<Integer> lengths = new CopyOnWriteArrayList<>();

    /** Transcripts that were made in pauses. */
    private final AtomicInteger understood = new AtomicInteger();

    private final AtomicBoolean released = new AtomicBoolean();
    private @Nullable TurnRecognizer open;

    @AfterEach
    void close() {
        if (open != null) {
            open.close();
        }
        threads.close();
        assertThat(budget.held()).isZero();
    }

    /** Says one word for each half second of a voice that it hears, as segments of two words. */
    private Heard words(
            String model, float[] samples, TranscribeOptions options, Cancellation cancellation) {
        lengths.add(samples.length);
        int voiced = 0;
        for (float sample : samples) {
            voiced += Math.abs(sample) > 0.1 ? 1 : 0;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= Math.round(voiced * 2.0 / SECOND); i++) {
            text.append(String.format(Locale.ROOT, " w%d", i));
        }
        Segment segment =
                new Segment(
                        1,
                        0,
                        0,
                        (double) samples.length / SECOND,
                        text.toString(),
                        new int[0],
                        0,
                        1,
                        0,
                        0,
                        null,
                        null);
        return new Heard(
                text.isEmpty() ? List.of() : List.of(segment),
                new Transcript("en", 1, (double) samples.length / SECOND, Map.of()));
    }

    private TurnRecognizer start(
            TurnSettings.@Nullable Detection detection, Transcriber transcriber, Duration longest) {
        TurnRecognizer started =
                new TurnRecognizer(
                        new DetectorLoans.Loan(
                                LOUDNESS, new NativeSteps(), () -> released.set(true)),
                        threads,
                        transcriber,
                        new TurnSettings(
                                "m", TranscribeOptions.defaults(), detection, true, longest),
                        new TurnListener() {
                            @Override
                            public void started(Turn turn) {
                                log.add("started " + turn.number() + " " + turn.startMs());
                            }

                            @Override
                            public void stopped(Turn turn) {
                                log.add("stopped " + turn.number() + " " + turn.endMs());
                            }

                            @Override
                            public void partial(Turn turn, Partial text) {
                                log.add("partial " + turn.number() + text.delta());
                            }

                            @Override
                            public void understood(Turn turn) {
                                understood.incrementAndGet();
                            }

                            @Override
                            public void completed(Turn turn, TurnTranscript transcript) {
                                log.add(
                                        "completed "
                                                + turn.number()
                                                + " "
                                                + transcript.text()
                                                + " "
                                                + turn.samples().length);
                            }

                            @Override
                            public void failed(Turn turn, Throwable why) {
                                log.add("failed " + turn.number() + " " + why.getMessage());
                            }
                        },
                        budget.open(),
                        new Cancellation(),
                        () -> 0); // no hypothesis takes long
        open = started;
        return started;
    }

    private static float[] sound(double value, double seconds) {
        float[] samples = new float[(int) Math.round(seconds * SECOND)];
        Arrays.fill(samples, (float) value);
        return samples;
    }

    private static final TurnSettings.Detection DETECTION =
            new TurnSettings.Detection(0.5, 96, 320);

    @Test
    void turnsAreToldWithTheirTimesAndThenTheirTranscripts() {
        TurnRecognizer stream = start(DETECTION, this::words, Duration.ofMinutes(1));
        stream.hear(sound(0, 1.024));
        stream.hear(sound(0.5, 1.024));
        stream.hear(sound(0, 1.024));
        stream.hear(sound(0.5, 0.512));
        stream.finish();
        assertThat(log.stream().filter(line -> line.startsWith("st")))
                .containsExactly(
                        "started 1 928", "stopped 1 2368", "started 2 2976", "stopped 2 3584");
        assertThat(log.stream().filter(line -> line.startsWith("completed")))
                .containsExactly(
                        "completed 1 w1 w2 " + (2368 - 928) * 16,
                        "completed 2 w1 " + (3584 - 2976) * 16);
    }

    @Test
    void aTranscriptThatWasMadeInThePauseIsTheTurnsWhereNothingFollows() {
        TurnRecognizer stream = start(DETECTION, this::words, Duration.ofMinutes(1));
        stream.hear(sound(0.5, 1.024));
        stream.hear(sound(0, 0.2));
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .until(() -> understood.get() == 1 && !stream.isPending());
        int heard = lengths.size();
        stream.hear(sound(0, 0.4));
        stream.finish();
        assertThat(log).last().asString().startsWith("completed 1 w1 w2 ");
        assertThat(lengths).hasSize(heard);
    }

    @Test
    void wordsOnWhichHypothesesAgreeAreToldWhileTheTurnGoesOn() {
        TurnRecognizer stream = start(DETECTION, this::words, Duration.ofMinutes(1));
        for (int i = 0; i < 6; i++) {
            int before = lengths.size();
            stream.hear(sound(0.5, 0.512));
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> lengths.size() > before && !stream.isPending());
        }
        assertThat(log).contains("partial 1w1").doesNotContain("stopped 1");
        stream.finish();
        assertThat(log).last().asString().startsWith("completed 1 w1 w2 w3 w4 w5 w6 ");
    }

    @Test
    void aCommitEndsTheTurnThatIsOpenAndTheNextOneBeginsBehindIt() {
        TurnRecognizer stream = start(DETECTION, this::words, Duration.ofMinutes(1));
        stream.hear(sound(0.5, 1));
        stream.commit(turn -> log.add("committed " + turn.number() + " " + turn.endMs()));
        assertThat(stream.uncommittedMs()).isZero();
        stream.hear(sound(0.5, 0.5));
        stream.hear(sound(0, 0.5));
        stream.finish();
        assertThat(log.stream().filter(line -> !line.startsWith("partial")))
                .contains("started 1 0", "committed 1 1000", "started 2 1000")
                .doesNotContain("stopped 1 1000");
    }

    @Test
    void withoutDetectionTheClientEndsTurnsAndTheBufferHasALimit() {
        TurnRecognizer stream = start(null, this::words, Duration.ofSeconds(2));
        stream.hear(sound(0.5, 1));
        assertThat(log).isEmpty();
        stream.hear(sound(0.5, 1));
        assertThatThrownBy(() -> stream.hear(sound(0.5, 0.1)))
                .isInstanceOfSatisfying(
                        ApiError.class, error -> assertThat(error.status()).isEqualTo(413));
        stream.clear();
        stream.hear(sound(0.5, 0.5));
        assertThat(stream.uncommittedMs()).isEqualTo(500);
        stream.commit(turn -> log.add("committed " + turn.startMs() + " " + turn.endMs()));
        stream.finish();
        assertThat(log).containsExactly("committed 2000 2500", "completed 1 w1 8000");
    }

    @Test
    void aTurnThatIsTooLongIsToldInParts() {
        TurnRecognizer stream = start(DETECTION, this::words, Duration.ofSeconds(2));
        stream.hear(sound(0.5, 3));
        stream.hear(sound(0, 1));
        stream.finish();
        assertThat(log)
                .contains("started 1 0", "stopped 1 2000", "started 2 2000", "stopped 2 3328");
    }

    @Test
    void aSentenceThatIsWholeEndsATurnBeforeTheSilenceDoes() {
        TurnSettings.Detection patient = new TurnSettings.Detection(0.5, 0, 8000, 200);
        String[] mark = {","};
        TurnRecognizer stream =
                start(
                        patient,
                        (model, samples, options, cancellation) -> {
                            Heard heard = words(model, samples, options, cancellation);
                            Segment last = heard.segments().getLast();
                            return new Heard(
                                    List.of(last.withText(last.text() + mark[0])),
                                    heard.transcript());
                        },
                        Duration.ofMinutes(1));
        stream.hear(sound(0.5, 1.024));
        stream.hear(sound(0, 1));
        Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> understood.get() == 1);
        stream.hear(sound(0, 1));
        assertThat(log).noneMatch(line -> line.startsWith("stopped"));
        mark[0] = ".";
        stream.hear(sound(0.5, 0.512));
        stream.hear(sound(0, 0.5));
        Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> understood.get() == 2);
        stream.reconsider(); // no more audio is needed
        assertThat(log).anyMatch(line -> line.startsWith("stopped 1"));
        stream.finish();
        assertThat(log).last().asString().startsWith("completed 1 w1 w2 w3. ");
    }

    @Test
    void silenceIsNotKept() {
        TurnRecognizer stream = start(DETECTION, this::words, Duration.ofMinutes(1));
        for (int i = 0; i < 120; i++) {
            stream.hear(sound(0, 1));
        }
        assertThat(budget.held()).isLessThan(200_000);
        stream.close();
        assertThat(released).isTrue();
    }

    @Test
    void aTurnThatCannotBeHeardIsToldAndTheNextOneIsHeard() {
        turnIsToldAndTheNextOneIsHeard(() -> {
            throw new IllegalStateException("broken");
        });
    }

    @Test
    void aTurnIsToldThatCannotBeHeardBecauseALibraryIsMissing() {
        turnIsToldAndTheNextOneIsHeard(() -> {
            throw new NoClassDefFoundError("broken");
        });
    }

    private void turnIsToldAndTheNextOneIsHeard(Runnable failing) {
        AtomicBoolean broken = new AtomicBoolean(true);
        TurnRecognizer stream =
                start(
                        DETECTION,
                        (model, samples, options, cancellation) -> {
                            if (broken.get()) {
                                failing.run();
                            }
                            return words(model, samples, options, cancellation);
                        },
                        Duration.ofMinutes(1));
        stream.hear(sound(0.5, 0.512));
        stream.hear(sound(0, 0.512));
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .until(() -> log.contains("failed 1 broken"));
        broken.set(false);
        stream.hear(sound(0.5, 0.512));
        stream.finish();
        assertThat(log).last().asString().startsWith("completed 2 w1 ");
    }

    @Test
    void aLongTurnIsHeardInWindowsThatBeginWhereWhatWasSaidIsSure() {
        TurnRecognizer stream =
                start(
                        DETECTION,
                        (model, samples, options, cancellation) -> {
                            lengths.add(samples.length);
                            // one segment and one word a second
                            List<Segment> segments = new java.util.ArrayList<>();
                            int first = options.initialPrompt() == null ? 0 : next(options);
                            for (int i = 0; i < samples.length / SECOND; i++) {
                                segments.add(
                                        new Segment(
                                                1,
                                                0,
                                                i,
                                                i + 1,
                                                " n" + (first + i),
                                                new int[0],
                                                0,
                                                1,
                                                0,
                                                0,
                                                null,
                                                null));
                            }
                            return new Heard(segments, new Transcript("en", 1, 0, Map.of()));
                        },
                        Duration.ofMinutes(2));
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            int before = lengths.size();
            stream.hear(sound(0.5, 1));
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> lengths.size() > before && !stream.isPending());
            expected.append(i == 0 ? "n" : " n").append(i);
        }
        stream.finish();
        assertThat(lengths).allMatch(length -> length < 30 * SECOND);
        assertThat(log).last().isEqualTo("completed 1 " + expected + " " + 60 * SECOND);
    }

    /** Of words that count, the one after the last of the prompt. */
    private static int next(TranscribeOptions options) {
        String prompt = String.valueOf(options.initialPrompt());
        return Integer.parseInt(prompt.substring(prompt.lastIndexOf('n') + 1)) + 1;
    }
}
