package dev.parlo.engine.piper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpokenWord;
import dev.parlo.engine.Voice;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.speech.ShapedModels;
import dev.parlo.engine.speech.SharedModels;
import dev.parlo.engine.speech.SpeechSettings;
import dev.parlo.engine.text.Lexicon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Piper's real graph, out of a Hub's cache of symbolic links. */
final class ShapedPiperTest {
    @TempDir static Path cache;

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void sentencesAreSpokenWithTheTimesOfTheirWords(int speakers) throws IOException {
        Path folder = Path.of("target/shaped/piper-" + speakers);
        Path snapshot =
                ShapedModels.inHubCache(
                        SharedModels.orSkip().piper(folder, speakers),
                        Path.of("target/shaped/hub/models--a--piper-" + speakers));
        try (PiperEngine engine =
                new PiperEngine(
                        snapshot,
                        new EspeakNg(
                                new EspeakInstaller(CacheFolder.at(cache), null, null).locate()),
                        Lexicon.EMPTY,
                        new SpeechSettings(2, new Admission(1, 8)))) {
            assertThat(engine.sampleRate()).isEqualTo(22050);
            List<String> voices = engine.voices().stream().map(Voice::id).toList();
            assertThat(voices).hasSize(speakers);
            List<SpeechChunk> chunks = new ArrayList<>();
            engine.speak(
                    "It was the 3rd time. Nobody had seen her before!",
                    SpeechOptions.of(voices.getLast()).withWordTimes(true),
                    chunks::add,
                    new Cancellation());
            assertThat(chunks).hasSize(2);
            List<SpokenWord> words = chunks.stream().flatMap(c -> c.words().stream()).toList();
            assertThat(words.stream().map(SpokenWord::text))
                    .containsExactly(
                            "It", "was", "the", "3rd", "time.", "Nobody", "had", "seen", "her",
                            "before!");
            int samples = chunks.stream().mapToInt(c -> c.samples().length).sum();
            for (int i = 0; i < words.size(); i++) {
                assertThat(words.get(i).end())
                        .isGreaterThan(words.get(i).start())
                        .isLessThanOrEqualTo(samples / 22050.0 + 1e-9);
                if (i > 0) {
                    assertThat(words.get(i).start())
                            .isGreaterThanOrEqualTo(words.get(i - 1).end() - 1e-9);
                }
            }
            for (SpeechChunk chunk : chunks) {
                assertThat(chunk.samples().length % 256).isZero();
                assertThat(chunk.samples()[0]).isZero();
                assertThat(chunk.samples()[chunk.samples().length - 1]).isZero();
            }
        }
    }
}
