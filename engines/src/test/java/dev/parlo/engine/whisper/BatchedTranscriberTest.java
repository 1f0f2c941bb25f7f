package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptionsBuilder;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.Word;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Tickets;
import dev.parlo.engine.admission.Turn;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.vad.LoudnessDetector;
import dev.parlo.engine.vad.SpeechAudio;
import dev.parlo.engine.vad.VadOptions;
import dev.parlo.engine.vad.VoiceActivityDetector;
import dev.parlo.engine.whisper.window.EncodedWindow;
import dev.parlo.engine.whisper.window.WindowRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Chunks of a recording, one after another over a scripted network. */
class BatchedTranscriberTest extends ScriptedWindows {
    private final WindowThreads threads = new WindowThreads("window-", 0);

    @AfterEach
    void end() {
        threads.close();
    }

    @Test
    void everyClipIsAWindowWithItsPlaceInTheRecording() {
        arena.say(said(ts(0), " one", ts(4))).say(said(ts(0), " two", ts(3)));
        Transcript transcript = run(60, batched().clipTimestamps(List.of(2.0, 12.0, 40.0, 45.0)));
        assertThat(texts()).containsExactly(" one", " two");
        assertThat(arena.filled()).containsExactly(1000, 500);
        assertThat(segments.stream().map(Segment::id)).containsExactly(1, 2);
        assertThat(segments.stream().map(Segment::seek)).containsExactly(200, 4000);
        assertThat(segments.getLast().start()).isEqualTo(40, offset(1e-9));
        assertThat(segments.getLast().end()).isEqualTo(43, offset(1e-9));
        assertThat(progress).containsExactly(12.0, 45.0);
        assertThat(transcript.durationSeconds()).isEqualTo(60);
    }

    @Test
    void everyWindowHasThePromptAndNoneWhatWasSaidBefore() {
        int[] prompt = tokens.tokenizer().encode(" A prompt.");
        arena.say(said(ts(0), " one", ts(4), ts(4), " tw"))
                .say(said(ts(0), " two", ts(3)))
                .say(said(ts(0), " three", ts(3)));
        run(40, batched().initialPrompt("A prompt.").clipTimestamps(List.of(0.0, 20.0, 20.0)));
        assertThat(texts()).containsExactly(" one", " two", " three");
        assertThat(arena.prompts()).hasSize(3);
        assertThat(arena.prompts())
                .allSatisfy(given ->
                        assertThat(given)
                                .hasSize(prompt.length + 2)
                                .containsSubsequence(boxed(prompt)));
    }

    @Test
    void hotwordsAreForEveryWindowAndAPrefixForTheFirst() {
        arena.say(said(ts(0), " The", " cat", ts(9))).say(said(ts(0), " sat", ts(9)));
        run(20, batched().prefix("The").hotwords("cat").clipTimestamps(List.of(0.0, 10.0, 10.0)));
        assertThat(texts()).containsExactly(" The cat", " sat");
        assertThat(arena.prompts().getLast())
                .containsSubsequence(boxed(tokens.tokenizer().encode(" cat")));
    }

    /** What faster-whisper's batches lose. */
    @Test
    void aSentenceThatAWindowDoesNotFinishIsHeardAgain() {
        arena.say(said(ts(0), " one", ts(4), ts(4), " tw")).say(said(ts(0), " two", ts(8)));
        arena.say(said(ts(0), " three", ts(1)));
        run(32, batched().clipTimestamps(List.of(10.0, 30.0, 30.0)));
        assertThat(texts()).containsExactly(" one", " two", " three");
        assertThat(arena.filled()).containsExactly(2000, 1600, 200);
        assertThat(segments.stream().map(Segment::start)).containsExactly(10.0, 14.0, 30.0);
    }

    /** As a model does that takes a loud breath for the end of the recording. */
    @Test
    void speechAfterTheLastWordOfAWindowIsHeardAgain() {
        arena.say(said(ts(0), " one", ts(4))).say(said(ts(0), " two", ts(15.5)));
        speech(20, batched());
        assertThat(texts()).containsExactly(" one", " two");
        assertThat(arena.filled()).containsExactly(2000, 1600);
        assertThat(segments.stream().map(Segment::start)).containsExactly(0.0, 4.0);
        assertThat(progress).containsExactly(20.0);
    }

    @Test
    void aSentenceThatAWindowBreaksOffIsHeardFromItsBeginning() {
        arena.say(said(ts(0), " one", ts(4), ts(5), " tw", ts(9)));
        arena.say(said(ts(0), " two", ts(2), ts(3), " three", ts(14.5)));
        speech(20, batched());
        assertThat(texts()).containsExactly(" one", " two", " three");
        assertThat(arena.filled()).containsExactly(2000, 1500);
        assertThat(segments.stream().map(Segment::start)).containsExactly(0.0, 5.0, 8.0);
    }

    @Test
    void aWindowThatEndsInThePaddingOfSpeechIsDone() {
        arena.say(said(ts(0), " one", ts(18.2)));
        speech(20, batched());
        assertThat(arena.filled()).hasSize(1);
    }

    /** Without a detector's judgement the rest may be silence, as faster-whisper takes it. */
    @Test
    void whatFollowsTheLastWordOfAudioThatIsNotKnownToBeSpeechIsPassedOver() {
        arena.say(said(ts(0), " one", ts(4)));
        run(20, batched().clipTimestamps(List.of(0.0, 20.0)));
        assertThat(texts()).containsExactly(" one");
        assertThat(arena.filled()).containsExactly(2000);
    }

    @Test
    void aModelThatAlwaysEndsEarlyIsAskedABoundedNumberOfTimes() {
        for (int i = 0; i < 9; i++) {
            arena.say(said(ts(0), " a", ts(0.2)));
        }
        speech(29, batched());
        assertThat(arena.filled()).hasSize(9);
        assertThat(segments).hasSize(9);
    }

    @Test
    void wordsOfAWindowThatEndsEarlyLieBeforeTheNextWindow() {
        arena.textEndsAt(190, 760).say(said(ts(0), " one", ts(4)));
        arena.say(said(ts(0), " two", ts(15.5)));
        speech(20, batched().wordTimestamps(true));
        assertThat(segments).hasSize(2);
        assertThat(segments.getFirst().end()).isLessThanOrEqualTo(4);
        assertThat(segments.getLast().start()).isGreaterThanOrEqualTo(4);
    }

    /** Clips of others go before the first window of a file, as they do before later ones. */
    @Test
    void aRequestOfSeveralWindowsIsKnownAsSuchBeforeItsFirst() {
        for (double seconds : new double[] {20, 100}) {
            Admission admission = new Admission(1, 1);
            List<Boolean> urgent = new ArrayList<>();
            WindowRuntime watched =
                    new WindowRuntime() {
                        private final WindowRuntime runtime = arena.runtime();

                        @Override
                        public int melBands() {
                            return runtime.melBands();
                        }

                        @Override
                        public int slots() {
                            return 1;
                        }

                        @Override
                        public EncodedWindow encode(
                                float[] mel, Ticket ticket, Cancellation cancellation) {
                            try (Turn turn = ticket.await(cancellation)) {
                                urgent.add(turn.isUrgent());
                            }
                            return runtime.encode(mel, Tickets.alone(), cancellation);
                        }

                        @Override
                        public long bytes() {
                            return 0;
                        }

                        @Override
                        public void close() {}
                    };
            for (int i = 0; i < 4; i++) {
                arena.say(said(" a"));
            }
            try (Ticket ticket = admission.enter(Priority.BATCH, new Cancellation())) {
                var unused =
                        new BatchedTranscriber(tokens, watched, threads, EngineObserver.NONE)
                                .transcribe(
                                        audio(seconds),
                                        batched().withoutTimestamps(true).build(),
                                        ticket,
                                        segment -> {},
                                        new Cancellation());
            }
            assertThat(urgent.getFirst()).isEqualTo(seconds <= 30);
        }
    }

    @Test
    void eachWindowFallsBackToHigherTemperaturesByItself() {
        String[] loop = new String[60];
        Arrays.fill(loop, " again");
        loop[0] = ts(0);
        loop[59] = ts(9);
        arena.say(said(loop)).say(said(ts(0), " fine", ts(9)));
        run(20, batched().temperatures(List.of(0.0, 0.4)).clipTimestamps(List.of(0.0, 10.0, 10.0)));
        assertThat(segments.getFirst().temperature()).isEqualTo(0.4);
        assertThat(segments.getFirst().compressionRatio()).isGreaterThan(2.4);
        assertThat(segments.getLast().temperature()).isZero();
    }

    @Test
    void aWindowInWhichNobodySpeaksSaysNothing() {
        arena.silence(said(ts(0), " thanks", ts(3))).say(said(ts(0), " word", ts(3)));
        run(20, batched().temperatures(List.of(0.0)).clipTimestamps(List.of(0.0, 10.0, 10.0)));
        assertThat(texts()).containsExactly(" word");
        assertThat(progress).containsExactly(10.0, 20.0);
    }

    @Test
    void noTimeOfASegmentOrWordPassesItsWindow() {
        arena.textEndsAt(490, 90).say(said(ts(0), " one", ts(29))).say(said(ts(0), " two", ts(9)));
        run(12, batched().wordTimestamps(true).clipTimestamps(List.of(0.0, 9.4, 9.4, 11.0)));
        assertThat(segments.getFirst().end()).isLessThanOrEqualTo(9.4);
        assertThat(segments.getLast().end()).isLessThanOrEqualTo(11.0);
        assertThat(segments.getLast().start()).isGreaterThanOrEqualTo(9.4);
        for (Segment segment : segments) {
            List<Word> words = Objects.requireNonNull(segment.words());
            assertThat(segment.start()).isEqualTo(words.getFirst().start());
            assertThat(segment.end()).isEqualTo(words.getLast().end());
        }
    }

    @Test
    void theWholeRecordingIsHeardWhereNoClipsAreGiven() {
        for (int i = 0; i < 4; i++) {
            arena.say(said(" a"));
        }
        run(100, batched().withoutTimestamps(true));
        assertThat(arena.filled().stream().mapToInt(Integer::intValue).sum())
                .isBetween(10_000 - 4, 10_000);
        assertThat(segments.getLast().end()).isEqualTo(100, offset(0.011));
    }

    @Test
    void aWindowThatFailsLeavesTheSegmentsBeforeIt() {
        arena.say(said(ts(0), " one", ts(9))); // and nothing for the second window
        assertThatThrownBy(() -> run(20, batched().clipTimestamps(List.of(0.0, 10.0, 10.0))))
                .hasMessageContaining("was not expected");
        assertThat(texts()).containsExactly(" one");
    }

    @Test
    void cancellingStopsBeforeTheNextWindow() {
        arena.say(said(ts(0), " one", ts(30))).say(said(ts(0), " two", ts(30)));
        Cancellation cancellation = new Cancellation();
        assertThatThrownBy(() ->
                        transcriber()
                                .transcribe(
                                        audio(90),
                                        batched().build(),
                                        Tickets.alone(),
                                        segment -> cancellation.cancel(),
                                        cancellation))
                .isInstanceOf(EngineException.class);
        assertThat(arena.filled()).hasSize(1);
    }

    @Test
    void emptyAudioHasNoSegments() {
        Transcript transcript = run(0, batched());
        assertThat(segments).isEmpty();
        assertThat(transcript.durationSeconds()).isZero();
        assertThat(transcript.language()).isEqualTo("en");
    }

    @Test
    void aBatchSizeThatCannotBeUsedIsNamed() {
        for (int size : new int[] {0, -1, 129}) {
            assertThatThrownBy(() ->
                            OptionsCheck.check(batched().batchSize(size).build(), tokens, true))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("batch_size")
                    .hasMessageContaining("128");
        }
    }

    @Override
    Transcript run(double seconds, TranscribeOptionsBuilder options) {
        return run(audio(seconds), options);
    }

    /** Seconds of audio that are nothing but speech. */
    private void speech(double seconds, TranscribeOptionsBuilder options) {
        VoiceActivityDetector detector = new LoudnessDetector();
        VadOptions quiet = new VadOptions(0.2, null, 0, 30, 160, 400);
        run(new SpeechAudio(audio(seconds), detector, quiet, new Cancellation()), options);
    }

    private Transcript run(AudioSource audio, TranscribeOptionsBuilder options) {
        return transcriber()
                .transcribe(audio, options.build(), Tickets.alone(), sink(), new Cancellation());
    }

    private BatchedTranscriber transcriber() {
        return new BatchedTranscriber(tokens, arena.runtime(), threads, EngineObserver.NONE);
    }

    private static TranscribeOptionsBuilder batched() {
        return options().batchSize(4);
    }

    private static List<Integer> boxed(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }
}
