package dev.parlo.engine.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.speaker.SpeakerEmbedder.Embedding;
import dev.parlo.engine.worker.GivingWay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The networks' interfaces on real ONNX Runtime, with weights of which the answers are known. */
final class SpeakerModelsTest {
    @TempDir private static Path folder;

    private static Path segmentation;
    private static Path embedding;

    @BeforeAll
    static void write() throws IOException {
        segmentation = folder.resolve("segmentation.onnx");
        embedding = folder.resolve("embedding.onnx");
        TinySpeakerModels.segmentation(segmentation);
        TinySpeakerModels.embedding(embedding);
    }

    private static SpeakerEmbedder embedder(Path file) {
        return new SpeakerEmbedder(file, 1, new Admission(1, 10));
    }

    private static SpeakerDiarizer diarizer(Path file) {
        return new SpeakerDiarizer(file, 1, new Admission(1, 10));
    }

    private static Embedding embed(SpeakerEmbedder embedder, float[] samples) {
        try (Ticket ticket = embedder.admission().enter(Priority.BATCH, new Cancellation())) {
            return embedder.embed(ToneVoices.source(samples), ticket);
        }
    }

    private static Diarization diarize(float[] samples, DiarizationOptions options) {
        return diarize(embedding, samples, options);
    }

    private static Diarization diarize(Path voices, float[] samples, DiarizationOptions options) {
        try (SpeakerEmbedder embedder = embedder(voices);
                SpeakerDiarizer diarizer = diarizer(segmentation);
                Ticket hearing = embedder.admission().enter(Priority.BATCH, new Cancellation());
                Ticket ticket = diarizer.admission().enter(Priority.BATCH, new Cancellation())) {
            return diarizer.diarize(ToneVoices.source(samples), embedder, hearing, options, ticket);
        }
    }

    private static float[] alone(int voice, double seconds) {
        return ToneVoices.recording(seconds, List.of(new SpeakerTurn(0, seconds, voice)));
    }

    @Test
    void oneVoiceIsLikeItselfAndUnlikeAnother() {
        try (SpeakerEmbedder embedder = embedder(embedding)) {
            assertThat(embedder.size()).isEqualTo(256);
            Embedding first = embed(embedder, alone(0, 3));
            Embedding again = embed(embedder, alone(0, 7.3));
            Embedding other = embed(embedder, alone(1, 3));
            assertThat(first.samples()).isEqualTo(48_000);
            assertThat(first.vector()).hasSize(256);
            assertThat(Vectors.cosine(first.vector(), again.vector())).isGreaterThan(0.95);
            assertThat(Vectors.cosine(first.vector(), other.vector())).isLessThan(0.5);
        }
    }

    /** Of more than a minute the pieces' unit vectors are averaged. */
    @Test
    void longAudioIsEmbeddedInPieces() {
        try (SpeakerEmbedder embedder = embedder(embedding)) {
            Embedding whole = embed(embedder, alone(1, 60));
            Embedding pieces = embed(embedder, alone(1, 64.1));
            assertThat(pieces.samples()).isEqualTo(1_025_600);
            assertThat(Vectors.cosine(whole.vector(), pieces.vector())).isGreaterThan(0.95);
            assertThat(Vectors.length(pieces.vector())).isCloseTo(1, within(0.05));
        }
    }

    @Test
    void hearingTheVoicesOfAFileGivesWayToClips() {
        try (SpeakerEmbedder embedder = embedder(embedding);
                SpeakerDiarizer diarizer = diarizer(segmentation);
                Ticket whole = embedder.admission().enter(Priority.BATCH, new Cancellation());
                Ticket hearing = embedder.admission().enter(Priority.BATCH, new Cancellation());
                Ticket ticket = diarizer.admission().enter(Priority.BATCH, new Cancellation())) {
            GivingWay.check(embedder.admission().urgency(), audio -> embedder.embed(audio, whole));
            GivingWay.check(
                    diarizer.admission().urgency(),
                    audio ->
                            diarizer.diarize(
                                    audio, embedder, hearing, DiarizationOptions.ANY, ticket));
        }
    }

    @Test
    void theOlderInterfaceTakesSamples() throws IOException {
        Path file = folder.resolve("waveform.onnx");
        TinySpeakerModels.waveformEmbedding(file);
        try (SpeakerEmbedder embedder = embedder(file)) {
            float[] half = new float[8000];
            Arrays.fill(half, 0.5f);
            assertThat(embed(embedder, half).vector()).hasSize(512).containsOnly(0.25f);
        }
    }

    @Test
    void audioTooShortForAVoiceIsRefused() {
        try (SpeakerEmbedder embedder = embedder(embedding)) {
            assertThatThrownBy(() -> embed(embedder, new float[320]))
                    .asInstanceOf(InstanceOfAssertFactories.type(EngineException.class))
                    .returns(Category.BAD_AUDIO, EngineException::category)
                    .extracting(Throwable::getMessage)
                    .isEqualTo(
                            "The audio has 20 ms; a voice can be told from 250 ms on. Send a longer"
                                    + " recording.");
        }
    }

    @Test
    void turnsOfTwoPeopleAreFoundWhereTheyAre() {
        List<SpeakerTurn> truth =
                List.of(
                        new SpeakerTurn(1, 5, 0),
                        new SpeakerTurn(5.5, 9, 1),
                        new SpeakerTurn(9.5, 14.25, 0),
                        new SpeakerTurn(15, 21, 1),
                        new SpeakerTurn(19, 23.5, 0));
        Diarization found = diarize(ToneVoices.recording(25, truth), DiarizationOptions.ANY);
        assertThat(found.durationSeconds()).isEqualTo(25);
        assertThat(found.speakers()).isEqualTo(2);
        assertThat(found.turns()).hasSameSizeAs(truth);
        for (int i = 0; i < truth.size(); i++) {
            SpeakerTurn turn = found.turns().get(i);
            assertThat(turn.speaker()).isEqualTo(truth.get(i).speaker());
            // Half of a frame's field on either side.
            assertThat(turn.start()).isCloseTo(truth.get(i).start(), within(0.05));
            assertThat(turn.end()).isCloseTo(truth.get(i).end(), within(0.05));
        }
        assertThat(DiarizationError.of(truth, found.turns()).rate()).isLessThan(0.03);
        for (int i = 1; i < found.exclusive().size(); i++) {
            assertThat(found.exclusive().get(i).start())
                    .isGreaterThanOrEqualTo(found.exclusive().get(i - 1).end());
        }
    }

    @Test
    void threePeopleInAMinuteAreThree() {
        List<SpeakerTurn> truth = new java.util.ArrayList<>();
        for (int i = 0; i < 20; i++) {
            truth.add(new SpeakerTurn(3 * i, 3 * i + 2.8, i % 3));
        }
        Diarization found = diarize(ToneVoices.recording(60, truth), DiarizationOptions.ANY);
        assertThat(found.speakers()).isEqualTo(3);
        assertThat(DiarizationError.of(truth, found.turns()).rate()).isLessThan(0.04);
    }

    @Test
    void asManySpeakersAsAskedForAreFound() {
        List<SpeakerTurn> truth =
                List.of(
                        new SpeakerTurn(0, 12, 0),
                        new SpeakerTurn(12, 24, 1),
                        new SpeakerTurn(24, 36, 2));
        float[] recording = ToneVoices.recording(36, truth);
        assertThat(diarize(recording, new DiarizationOptions(2, 2)).speakers()).isEqualTo(2);
        assertThat(diarize(recording, new DiarizationOptions(1, 1)).speakers()).isEqualTo(1);
        assertThat(diarize(recording, new DiarizationOptions(3, 50)).speakers()).isEqualTo(3);
    }

    @Test
    void shortAndSilentAudioHasFewTurnsOrNone() {
        assertThat(diarize(new float[320], DiarizationOptions.ANY).turns()).isEmpty();
        assertThat(diarize(new float[16_000 * 30], DiarizationOptions.ANY).turns()).isEmpty();
        Diarization one = diarize(alone(1, 2), DiarizationOptions.ANY);
        assertThat(one.turns()).hasSize(1);
        assertThat(one.turns().getFirst().end()).isLessThanOrEqualTo(2);
    }

    @Test
    void numbersThatAreNotFiniteAreTheModelsFault() throws IOException {
        Path broken = folder.resolve("nan.onnx");
        TinySpeakerModels.brokenEmbedding(broken);
        assertThatThrownBy(() -> embedder(broken).close())
                .hasMessage("The speaker embedding model nan.onnx gives NaN among its numbers.");
    }

    @Test
    void networksOfAnotherKindAreRefusedByWhatTheyTake() throws IOException {
        Path file = folder.resolve("identity.onnx");
        TinySpeakerModels.identity(file, -1, 200, 80);
        assertThatThrownBy(() -> embedder(file).close())
                .hasMessageContaining("audio of one length only (200)");
        TinySpeakerModels.identity(file, -1, -1, 40);
        assertThatThrownBy(() -> embedder(file).close()).hasMessageContaining("shape [-1, -1, 40]");
        TinySpeakerModels.identity(file, -1, -1, 80);
        assertThatThrownBy(() -> embedder(file).close())
                .hasMessageContaining("gives 7840 numbers; at most 4096 are expected");
        assertThatThrownBy(() -> embedder(segmentation).close())
                .hasMessageContaining("gives [1, 56, 7] for one recording");
        TinySpeakerModels.identity(file, -1, -1);
        assertThatThrownBy(() -> diarizer(file).close())
                .hasMessageContaining("takes [batch, 1, samples]");
        TinySpeakerModels.identity(file, -1, 1, -1);
        assertThatThrownBy(() -> diarizer(file).close())
                .hasMessageContaining("gives 160000 numbers; at most 4123 are expected");
    }

    @Test
    void damagedFilesAreRefused() throws IOException {
        Random random = new Random(11);
        for (Path whole : List.of(segmentation, embedding)) {
            byte[] bytes = Files.readAllBytes(whole);
            for (int i = 0; i < 40; i++) {
                byte[] damaged =
                        i % 4 == 0
                                ? Arrays.copyOf(bytes, random.nextInt(bytes.length))
                                : bytes.clone();
                for (int n = 0; n < 4 && damaged.length > 0; n++) {
                    // The structure, mostly: weights may be any numbers.
                    int at =
                            random.nextInt(Math.min(damaged.length, n == 0 ? damaged.length : 600));
                    damaged[at] = (byte) random.nextInt();
                }
                Path file = folder.resolve("damaged.onnx");
                Files.write(file, damaged);
                try {
                    embedder(file).close();
                } catch (EngineException refused) {
                    assertThat(refused.category()).isEqualTo(Category.BAD_MODEL);
                }
                try {
                    diarizer(file).close();
                } catch (EngineException refused) {
                    assertThat(refused.category()).isEqualTo(Category.BAD_MODEL);
                }
            }
        }
    }

    @Test
    void aCancelledRequestEnds() {
        try (SpeakerEmbedder embedder = embedder(embedding)) {
            Cancellation cancellation = new Cancellation();
            try (Ticket ticket = embedder.admission().enter(Priority.BATCH, cancellation)) {
                cancellation.cancel();
                assertThatThrownBy(() -> embedder.embed(ToneVoices.source(alone(0, 1)), ticket))
                        .asInstanceOf(InstanceOfAssertFactories.type(EngineException.class))
                        .returns(Category.CANCELLED, EngineException::category);
            }
        }
    }
}
