package dev.parlo.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.registry.Fault;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelStore;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.SpeechVoices;
import dev.parlo.registry.hub.HubClient;
import dev.parlo.registry.hub.ModelRegistry;
import dev.parlo.registry.hub.RegistryQuery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repositories of many Piper voices: listed, downloaded, named and removed voice by voice. */
class VoiceRepositoriesTest {
    private static final ModelId VOICES = ModelId.parse("rhasspy/piper-voices");
    private static final ModelId LESSAC = VOICES.withVariant("en_US-lessac-medium");
    private static final ModelId FORMER = VOICES.withVariant("en-us-lessac-medium");
    private static final ModelId THORSTEN = VOICES.withVariant("de_DE-thorsten_emotional-low");
    private static final ModelId FLAT = ModelId.parse("me/voices");
    private static final String CONFIG =
            "{\"phoneme_id_map\": {}, \"audio\": {\"sample_rate\": 22050}}";
    private static final String INDEX =
            """
            {"en_US-lessac-medium": {"key": "en_US-lessac-medium",
              "language": {"code": "en_US", "family": "en"}, "num_speakers": 1,
              "files": {"../../etc/passwd": {"size_bytes": 1}},
              "aliases": ["en-us-lessac-medium", "../x", 7, "de_DE-thorsten_emotional-low"]},
             "de_DE-thorsten_emotional-low": {"language": {"family": "de"}, "num_speakers": 2,
              "speaker_id_map": {"sleepy": 1, "angry": 0}, "aliases": ["en-us-lessac-medium"]},
             "fr_FR-gone-low": {"language": {"family": "fr"}, "aliases": ["fr-gone-low"]},
             "../evil": {"aliases": ["evil"]}, "odd": 5}
            """;

    @TempDir private Path folder;
    private HubFixture fixture;

    @BeforeEach
    void publish() throws IOException {
        fixture = new HubFixture(folder);
        fixture.file(VOICES, "README.md", "---\nlanguage: [ar, de, en, fr]\nlicense: mit\n---\n");
        fixture.file(VOICES, "voices.json", INDEX);
        piper(VOICES, "en/en_US/lessac/medium/en_US-lessac-medium");
        piper(VOICES, "de/de_DE/thorsten_emotional/low/de_DE-thorsten_emotional-low");
        fixture.file(FLAT, "README.md", "---\nlanguage: en\n---\n");
        piper(FLAT, "anna");
        piper(FLAT, "berta");
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private void piper(ModelId id, String stem) throws IOException {
        fixture.file(id, stem + ".onnx", "graph of " + stem);
        fixture.file(id, stem + ".onnx.json", CONFIG);
    }

    private List<ModelCard> listed(String text) {
        try (HubClient client = fixture.client(Optional.empty(), false)) {
            return new ModelRegistry(client, Duration.ZERO, Duration.ofMinutes(10))
                    .search(RegistryQuery.all()).cards().stream()
                            .filter(card -> card.id().toString().contains(text))
                            .toList();
        }
    }

    @Test
    void eachVoiceIsListedByItsIdItsOwnLanguageAndItsSpeakers() {
        List<ModelCard> cards = listed("piper-voices");
        assertThat(cards).extracting(ModelCard::id).containsExactlyInAnyOrder(LESSAC, THORSTEN);
        for (ModelCard card : cards) {
            boolean german = card.id().equals(THORSTEN);
            assertThat(card.languages()).containsExactly(german ? "de" : "en");
            SpeechVoices speech = Objects.requireNonNull(card.speech());
            assertThat(speech.sampleRate()).isEqualTo(german ? 16_000 : 22_050);
            assertThat(speech.voices())
                    .extracting(SpeechVoices.Voice::id)
                    .containsExactlyElementsOf(
                            german ? List.of("angry", "sleepy") : List.of("lessac"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{", "7", "{\"en_US-lessac-medium\": []}", "long", "deep"})
    void aDescriptionThatCannotBeUsedCostsOnlyWhatItWouldTell(String index) throws IOException {
        String text =
                switch (index) {
                    case "long" -> "{\"x\": \"" + "a".repeat(5 << 20) + "\"}";
                    case "deep" -> "[".repeat(100_000);
                    default -> index;
                };
        fixture.file(VOICES, "voices.json", text);
        assertThat(listed("piper-voices"))
                .extracting(ModelCard::id)
                .containsExactlyInAnyOrder(LESSAC, THORSTEN);
        try (ModelDownloader downloader = fixture.downloader(false)) {
            assertThat(downloader.download(LESSAC).card().languages()).containsExactly("en");
            assertThatThrownBy(() -> downloader.download(FORMER))
                    .hasMessageContaining("holds no variant 'en-us-lessac-medium'")
                    .hasMessageContaining(LESSAC.toString());
        }
    }

    @Test
    void oneVoiceIsFetchedAloneAndAlsoByTheNameThatItHadBefore() {
        try (ModelDownloader downloader = fixture.downloader(false)) {
            InstalledModel lessac = downloader.download(LESSAC);
            assertThat(lessac.id()).isEqualTo(LESSAC);
            assertThat(fixture.sent("voices.json")).isZero();
            assertThat(fixture.sent("thorsten")).isZero();
            assertThat(fixture.store().find(FORMER)).isEmpty();
            assertThat(downloader.download(FORMER).id()).isEqualTo(LESSAC);
            assertThat(fixture.store().require(FORMER).id()).isEqualTo(LESSAC);
            // a name that a voice has now is never another's former one
            assertThat(downloader.download(THORSTEN).id()).isEqualTo(THORSTEN);
            assertThatThrownBy(() -> downloader.download(VOICES.withVariant("evil")))
                    .hasMessageContaining("holds no variant 'evil'");
            assertThatThrownBy(() -> downloader.download(VOICES))
                    .hasMessageContaining("holds several voices")
                    .hasMessageContaining(THORSTEN.toString());
        }
        ModelStore store = fixture.store();
        store.delete(FORMER);
        assertThat(store.list()).extracting(InstalledModel::id).containsExactly(THORSTEN);
        assertThatThrownBy(() -> store.require(LESSAC))
                .hasMessageContaining("is not installed locally. Installed of it: [" + THORSTEN)
                .hasMessageContaining("parlo model download " + LESSAC);
    }

    @Test
    void ofVoicesSideBySideOneIsNamedBehindTheColon() throws IOException {
        try (ModelDownloader downloader = fixture.downloader(false)) {
            assertThatThrownBy(() -> downloader.download(FLAT))
                    .hasMessageContaining("holds several voices")
                    .hasMessageContaining("me/voices:anna, me/voices:berta");
            ModelId anna = FLAT.withVariant("anna");
            assertThat(downloader.download(anna).id()).isEqualTo(anna);
            assertThat(fixture.sent("berta")).isZero();
            // the id stays the same whatever else is installed, and a plain one means the only one
            assertThat(fixture.store().require(FLAT).id()).isEqualTo(anna);
            ModelId berta = FLAT.withVariant("berta");
            assertThat(downloader.download(berta).id()).isEqualTo(berta);
        }
        ModelStore store = fixture.store();
        assertThatThrownBy(() -> store.require(FLAT)).hasMessageContaining("Name one of them");
        store.delete(FLAT.withVariant("anna"));
        assertThat(store.list())
                .extracting(InstalledModel::id)
                .containsExactly(FLAT.withVariant("berta"));
        assertThat(store.require(FLAT).files().keySet())
                .containsExactly("README.md", "berta.onnx", "berta.onnx.json");
    }

    /** The voices' configs are one blob, as they are the same bytes. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aVoiceIsDeletedWhileAnotherOfItsRepositoryIsBeingDownloaded(boolean thirdIsThere)
            throws IOException {
        piper(FLAT, "carla");
        fixture.hub.fault(new Fault("berta.onnx", Fault.Kind.STALL, 4));
        ModelId anna = FLAT.withVariant("anna");
        ModelStore store = fixture.store();
        try (ModelDownloader downloader =
                new ModelDownloader(
                        fixture.patientClient(), store, HubFixture.SMALL_RANGES, new Disk())) {
            downloader.download(anna);
            if (thirdIsThere) {
                downloader.download(FLAT.withVariant("carla"));
            }
            Download berta = downloader.start(FLAT.withVariant("berta"));
            await().until(() -> berta.progress().bytes() > 0);
            assertThatThrownBy(() -> store.delete(berta.id()))
                    .satisfies(HubFixture.failsWith(RegistryException.Category.NOT_FOUND));
            assertThatThrownBy(() -> store.delete(FLAT))
                    .satisfies(HubFixture.failsWith(RegistryException.Category.CONFLICT))
                    .hasMessageContaining("'me/voices:berta' is being downloaded");
            store.delete(anna);
            assertThat(store.find(anna)).isEmpty();
            assertThat(fixture.blobs(FLAT).resolve(fixture.etag(FLAT, "berta.onnx.json"))).exists();
            berta.cancel();
            assertThatThrownBy(berta::await)
                    .satisfies(HubFixture.failsWith(RegistryException.Category.CANCELLED));
            fixture.hub.heal();
            assertThat(downloader.download(berta.id()).files().keySet())
                    .containsExactly("README.md", "berta.onnx", "berta.onnx.json");
            assertThat(store.list()).hasSize(thirdIsThere ? 2 : 1);
        }
    }

    @Test
    void aVariantOfARepositoryThatHoldsOneModelIsRefusedWithTheIdThatThereIs() {
        ModelId wrong = HubFixture.WHISPER.withVariant("int8");
        try (ModelDownloader downloader = fixture.downloader(false)) {
            assertThatThrownBy(() -> downloader.download(wrong))
                    .hasMessageContaining("holds no variant 'int8'")
                    .hasMessageContaining("[" + HubFixture.WHISPER + "]");
            assertThat(fixture.sent("model.bin")).isZero();
            downloader.download(HubFixture.WHISPER);
        }
        assertThatThrownBy(() -> fixture.store().require(wrong))
                .hasMessageContaining("Installed of it: [" + HubFixture.WHISPER + "]")
                .hasMessageContaining("holds one model, without a variant")
                .hasMessageNotContaining("parlo model download");
        assertThatThrownBy(() -> fixture.store().delete(wrong))
                .hasMessageContaining("[" + HubFixture.WHISPER + "]");
        assertThat(fixture.store().find(HubFixture.WHISPER)).isPresent();
    }
}
