package dev.parlo.engine.kokoro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxJavaType;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpokenWord;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.speech.ShapedModels;
import dev.parlo.engine.speech.ShapedVariants;
import dev.parlo.engine.speech.SharedModels;
import dev.parlo.engine.speech.SpeechModel;
import dev.parlo.engine.speech.SpeechModel.DurationTap;
import dev.parlo.engine.speech.SpeechSettings;
import dev.parlo.engine.text.Lexicon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kokoro's real graph, out of a Hub's cache of symbolic links, and other exports made from it. */
final class ShapedKokoroTest {
    private static final SpeechSettings SETTINGS = new SpeechSettings(2, new Admission(1, 8));
    private static final int HOP = 600;

    @TempDir static Path cache;
    private static Path model;
    private static Path snapshot;

    @BeforeAll
    static void write() throws IOException {
        ShapedModels shaped = SharedModels.orSkip();
        model = shaped.kokoro(Path.of("target/shaped/kokoro"));
        snapshot = ShapedModels.inHubCache(model, Path.of("target/shaped/hub/models--a--kokoro"));
    }

    private static EspeakNg espeak() {
        return new EspeakNg(new EspeakInstaller(CacheFolder.at(cache), null, null).locate());
    }

    private static SpeechModel.Result run(SpeechModel model, int[] tokens, float[] style) {
        return model.run(
                new KokoroInputs(model).feeds(tokens, style, 1),
                tokens.length + 2,
                new Cancellation());
    }

    private static float[] style(int tokens) {
        return Objects.requireNonNull(VoiceFiles.read(snapshot, List.of()).get("af_heart"))
                .style(tokens);
    }

    private static double sum(double @Nullable [] values) {
        return Arrays.stream(Objects.requireNonNull(values)).sum();
    }

    @Test
    void textIsSpokenWithTheTimesOfItsWordsFromLinkedFiles() {
        AtomicInteger runs = new AtomicInteger();
        SpeechSettings counting =
                new SpeechSettings(
                        2, new Admission(1, 8), (inputs, nanoseconds) -> runs.incrementAndGet());
        try (KokoroEngine engine =
                new KokoroEngine(
                        snapshot, espeak(), Lexicon.EMPTY, KokoroLexicons.none(), counting)) {
            assertThat(engine.hasWordTimes()).isTrue();
            assertThat(engine.nativeBytes()).isGreaterThan(324_000_000);
            List<SpeechChunk> chunks = new ArrayList<>();
            engine.speak(
                    "It was the 3rd time. Nobody had seen her before.",
                    SpeechOptions.of("af_heart(2)+bf_emma").withWordTimes(true),
                    chunks::add,
                    new Cancellation());
            assertThat(runs).hasValue(chunks.size());
            assertThat(chunks).hasSize(2);
            List<SpokenWord> words = chunks.stream().flatMap(c -> c.words().stream()).toList();
            assertThat(words.stream().map(SpokenWord::text))
                    .containsExactly(
                            "It", "was", "the", "3rd", "time.", "Nobody", "had", "seen", "her",
                            "before.");
            double seconds = chunks.stream().mapToInt(c -> c.samples().length).sum() / 24000.0;
            for (int i = 0; i < words.size(); i++) {
                assertThat(words.get(i).end())
                        .isGreaterThan(words.get(i).start())
                        .isLessThanOrEqualTo(seconds + 1e-9);
                if (i > 0) {
                    assertThat(words.get(i).start())
                            .isGreaterThanOrEqualTo(words.get(i - 1).end() - 1e-9);
                }
            }
            for (SpeechChunk chunk : chunks) {
                float[] samples = chunk.samples();
                // joints are silent: chunks begin and end at zero
                assertThat(samples[0]).isZero();
                assertThat(samples[samples.length - 1]).isZero();
                for (float sample : samples) {
                    assertThat(sample).isBetween(-1f, 1f);
                }
            }
        }
    }

    @Test
    void anExportWithoutDurationsTellsThemByItsInnerTensor() throws IOException {
        int[] tokens = {50, 83, 54, 156, 31, 16, 65, 156, 87, 123, 54, 46, 4};
        SpeechModel.Result declared;
        try (SpeechModel whole =
                new SpeechModel(
                        snapshot.resolve("model.onnx"), SETTINGS, DurationTap.CLIP_AFTER_ROUND)) {
            declared = run(whole, tokens, style(tokens.length));
        }
        assertThat(declared.durations()).hasSize(tokens.length + 2);
        assertThat((double) declared.samples().length).isEqualTo(HOP * sum(declared.durations()));
        Path other = model.resolve("kokoro-onnx.onnx");
        ShapedVariants.of(model.resolve("model.onnx"))
                .renamed("input_ids", "tokens")
                .renamed("waveform", "audio")
                .withoutOutput("duration")
                .write(other);
        try (SpeechModel variant = new SpeechModel(other, SETTINGS, DurationTap.CLIP_AFTER_ROUND)) {
            assertThat(variant.input("tokens")).isPresent();
            assertThat(variant.hasDurations()).isTrue();
            SpeechModel.Result tapped = run(variant, tokens, style(tokens.length));
            assertThat(tapped.durations()).isEqualTo(declared.durations());
            assertThat(tapped.samples()).hasSameSizeAs(declared.samples());
        } finally {
            Files.delete(other);
        }
    }

    @Test
    void anExportInHalfPrecisionTakesAndGivesHalf() throws IOException {
        int[] tokens = {50, 83, 54, 156, 31, 4};
        Path half = Files.createDirectories(Path.of("target/shaped/kokoro-half"));
        ShapedVariants.of(model.resolve("model.onnx"))
                .half(model.resolve("kokoro-shaped.weights"), half.resolve("model.onnx_data"))
                .withoutOutput("duration")
                .write(half.resolve("model.onnx"));
        assertThat(Files.size(half.resolve("model.onnx_data"))).isLessThan(170_000_000);
        try (SpeechModel variant =
                new SpeechModel(
                        half.resolve("model.onnx"), SETTINGS, DurationTap.CLIP_AFTER_ROUND)) {
            assertThat(variant.type("style")).isEqualTo(OnnxJavaType.FLOAT16);
            SpeechModel.Result result = run(variant, tokens, style(tokens.length));
            assertThat(result.durations()).hasSize(tokens.length + 2);
            assertThat((double) result.samples().length).isEqualTo(HOP * sum(result.durations()));
            for (float sample : result.samples()) {
                assertThat(sample).isFinite();
            }
        }
    }

    @Test
    void aRunEndsWhenItsRequestIsCancelled() throws IOException {
        int[] tokens = new int[400];
        Arrays.fill(tokens, 43);
        AtomicInteger finished = new AtomicInteger();
        try (SpeechModel whole =
                new SpeechModel(
                        snapshot.resolve("model.onnx"),
                        new SpeechSettings(
                                1,
                                new Admission(1, 1),
                                (inputs, time) -> finished.incrementAndGet()),
                        DurationTap.CLIP_AFTER_ROUND)) {
            Cancellation cancellation = new Cancellation();
            Thread.ofVirtual()
                    .start(() -> {
                        // some way into a run that takes a minute
                        try {
                            Thread.sleep(100);
                        } catch (InterruptedException interrupted) {
                            Thread.currentThread().interrupt();
                        }
                        cancellation.cancel();
                    });
            assertThatThrownBy(() ->
                            whole.run(
                                    new KokoroInputs(whole).feeds(tokens, style(400), 0.1),
                                    tokens.length + 2,
                                    cancellation))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e ->
                                    assertThat(e.category())
                                            .isEqualTo(EngineException.Category.CANCELLED));
            assertThat(finished).hasValue(0);
            // the session goes on being usable
            assertThat(run(whole, new int[] {43, 44}, style(2)).samples().length).isPositive();
            assertThat(finished).hasValue(1);
        }
    }
}
