package dev.parlo.engine.piper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpokenWord;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.Voice;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.speech.SpeechSettings;
import dev.parlo.engine.speech.TinySpeechModels;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.TextMarkup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("locale")
final class PiperEngineTest {
    @TempDir static Path cache;
    @TempDir Path folder;

    private PiperEngine engine(String type, boolean speakers) throws IOException {
        TinySpeechModels.piper(folder.resolve("model.onnx"), speakers);
        StringBuilder map =
                new StringBuilder("\"_\":[0],\"^\":[1],\"$\":[2],\" \":[3],\".\":[10],\"?\":[11]");
        int id = 20;
        for (int letter :
                "abcdefhijklmnopqrstuvwxyzɑɐæɔəɚɛɜɡɪŋɹʃʊʌʒˈˌːθðɾ".codePoints().toArray()) {
            map.append(",\"").appendCodePoint(letter).append("\":[").append(id++).append(']');
        }
        Files.writeString(
                folder.resolve("config.json"),
                "{\"audio\":{\"sample_rate\":16000},\"espeak\":{\"voice\":\"en-us\"},\"phoneme_type\":\""
                        + type
                        + "\",\"inference\":{\"length_scale\":1.0},\"num_speakers\":"
                        + (speakers ? 2 : 1)
                        + ",\"speaker_id_map\":"
                        + (speakers ? "{\"ann\":0,\"bob\":1}" : "{}")
                        + ",\"phoneme_id_map\":{"
                        + map
                        + "}}");
        return new PiperEngine(
                folder,
                new EspeakNg(new EspeakInstaller(CacheFolder.at(cache), null, null).locate()),
                Lexicon.EMPTY,
                new SpeechSettings(1, new Admission(1, 4)));
    }

    private static List<SpeechChunk> speak(PiperEngine engine, String text, SpeechOptions options) {
        List<SpeechChunk> chunks = new ArrayList<>();
        engine.speak(text, options, chunks::add, new Cancellation());
        return chunks;
    }

    @Test
    void everySampleComesFromItsPhonemeAtFullScale() throws IOException {
        try (PiperEngine engine = engine("text", false)) {
            assertThat(engine.sampleRate()).isEqualTo(16000);
            float[] samples =
                    speak(engine, "ab.", SpeechOptions.of("anything")).getFirst().samples();
            int[] ids = {1, 0, 20, 0, 21, 0, 10, 0, 2};
            int at = 0;
            for (int id : ids) {
                int count = (int) Math.ceil(1 + id / 20f) * TinySpeechModels.PIPER_HOP;
                for (int i = Math.max(at, 80); i < Math.min(at + count, samples.length - 80); i++) {
                    // 21 is the largest, so it is what became 1
                    assertThat(samples[i]).as("sample %d", i).isCloseTo(id / 21f, within(1e-4f));
                }
                at += count;
            }
            assertThat(samples.length).isEqualTo(at);
        }
    }

    @Test
    void oneSentenceIsOneChunkAndWordsHaveTimes() throws IOException {
        try (PiperEngine engine = engine("espeak", false)) {
            List<SpeechChunk> chunks =
                    speak(
                            engine,
                            "Hello big world. Is it so?",
                            SpeechOptions.of("x").withWordTimes(true));
            assertThat(chunks).hasSize(2);
            List<SpokenWord> words =
                    chunks.stream().flatMap(chunk -> chunk.words().stream()).toList();
            assertThat(words.stream().map(SpokenWord::text))
                    .containsExactly("Hello", "big", "world.", "Is", "it", "so?");
            for (int i = 1; i < words.size(); i++) {
                assertThat(words.get(i).start())
                        .isGreaterThanOrEqualTo(words.get(i - 1).end() - 1e-9);
            }
        }
    }

    @Test
    void ssmlAndVoiceTagsChangeTheSpeaker() throws IOException {
        try (PiperEngine engine = engine("text", true)) {
            Reading ssml = Reading.PLAIN.withMarkup(TextMarkup.SSML);
            Reading tags = Reading.PLAIN.withMarkup(TextMarkup.VOICE_TAGS);
            SpeechOptions ann = SpeechOptions.of("ann").withWordTimes(true);
            List<SpeechChunk> chunks =
                    speak(
                            engine,
                            "<speak>abc. <voice name='bob'>cab.</voice> <break time='1s'/>abc."
                                    + " <prosody rate='2'>abc.</prosody> <phoneme ph='d'>abc</phoneme></speak>",
                            ann.withReading(ssml));
            assertThat(
                            chunks.stream()
                                    .flatMap(chunk -> chunk.words().stream())
                                    .map(SpokenWord::text))
                    .containsExactly("abc.", "cab.", "abc.", "abc.", "abc");
            assertThat(chunks).hasSize(6);
            // the second speaker sounds otherwise, and the pause is silence
            assertThat(chunks.get(1).samples()).isNotEqualTo(chunks.get(0).samples());
            assertThat(chunks.get(2).samples()).hasSize(16000).containsOnly(0f);
            assertThat(chunks.get(3).samples()).isEqualTo(chunks.get(0).samples());
            assertThat(chunks.get(4).samples().length).isLessThan(chunks.get(0).samples().length);
            List<SpeechChunk> tagged = speak(engine, "abc. [voice:bob]cab.", ann.withReading(tags));
            assertThat(tagged.get(1).samples()).isEqualTo(chunks.get(1).samples());
            assertThatThrownBy(() -> speak(engine, "abc. [voice:eve]cab.", ann.withReading(tags)))
                    .hasMessageContaining("eve");
        }
    }

    @Test
    void chunksMeetWithoutAClick() throws IOException {
        try (PiperEngine engine = engine("text", true)) {
            // the second speaker's sound does not begin or end at zero
            List<SpeechChunk> chunks = speak(engine, "abc.\ncab.\nbac.", SpeechOptions.of("bob"));
            assertThat(chunks).hasSize(3);
            for (int i = 1; i < chunks.size(); i++) {
                float[] before = chunks.get(i - 1).samples();
                float[] after = chunks.get(i).samples();
                assertThat(Math.abs(before[before.length / 2])).isGreaterThan(0.3f);
                for (int k = 1; k < 100; k++) {
                    assertThat(step(before, before.length - k)).isLessThan(0.02f);
                    assertThat(step(after, k)).isLessThan(0.02f);
                }
                assertThat(Math.abs(after[0] - before[before.length - 1])).isLessThan(1e-6f);
            }
        }
    }

    private static float step(float[] samples, int at) {
        return Math.abs(samples[at] - samples[at - 1]);
    }

    @Test
    void speedAndSpeakersReachTheModel() throws IOException {
        try (PiperEngine engine = engine("text", true)) {
            assertThat(engine.voices().stream().map(Voice::id)).containsExactly("ann", "bob");
            int slow =
                    speak(engine, "abab", SpeechOptions.of("ann").withSpeed(0.5))
                            .getFirst()
                            .samples()
                            .length;
            int fast =
                    speak(engine, "abab", SpeechOptions.of("ann").withSpeed(2))
                            .getFirst()
                            .samples()
                            .length;
            assertThat(slow).isGreaterThan(fast * 2);
            float[] bob = speak(engine, "abab", SpeechOptions.of("bob")).getFirst().samples();
            assertThat(speak(engine, "abab", SpeechOptions.of("1")).getFirst().samples())
                    .isEqualTo(bob);
            assertThat(speak(engine, "abab", SpeechOptions.of("ann")).getFirst().samples())
                    .isNotEqualTo(bob);
            assertThatThrownBy(() -> engine.check(SpeechOptions.of("eve")))
                    .isInstanceOfSatisfying(
                            UnknownVoiceException.class,
                            e -> assertThat(e.voices()).containsExactly("ann", "bob"));
        }
    }

    @Test
    void configurationsThatCannotBeUsedSayWhy() throws IOException {
        assertThatThrownBy(() -> engine("pinyin", false))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("pinyin");
        Files.writeString(folder.resolve("config.json"), "{");
        assertThatThrownBy(() -> PiperConfig.read(folder.resolve("config.json")))
                .isInstanceOf(EngineException.class);
        Files.delete(folder.resolve("config.json"));
        assertThatThrownBy(() -> PiperFiles.in(folder)).hasMessageContaining("config.json");
    }
}
