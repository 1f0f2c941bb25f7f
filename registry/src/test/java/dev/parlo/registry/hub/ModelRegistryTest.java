package dev.parlo.registry.hub;

import static dev.parlo.registry.cache.HubFixture.WHISPER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.registry.Fault;
import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.SpeechVoices;
import dev.parlo.registry.TestHub;
import dev.parlo.registry.cache.HubFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRegistryTest {
    private static final Duration TTL = Duration.ofMinutes(10);
    private static final String ASR =
            "---\nlanguage: [no, de]\nlibrary_name: ctranslate2\npipeline_tag:"
                    + " automatic-speech-recognition\n---\n";

    @TempDir Path folder;
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private HubFixture fixture;
    private HubClient client;
    private ModelRegistry registry;

    @BeforeEach
    void start() throws IOException {
        fixture = new HubFixture(folder);
        card("a/faster-whisper-no", ASR);
        speech("speaches-ai/piper-nb_NO-talesyntese-medium", "piper", "nb");
        speech("speaches-ai/piper-odd", "piper", "en");
        speech("speaches-ai/Kokoro-82M-v1.0-ONNX", "kokoro", "multilingual");
        card("onnx-community/silero-vad", "---\ntags: [vad]\n---\n");
        card("someone/else", "---\npipeline_tag: text-classification\n---\n");
        client = fixture.client(Optional.empty(), true);
        registry = new ModelRegistry(client, TTL, TTL, now::get);
    }

    @AfterEach
    void stop() {
        client.close();
        fixture.close();
    }

    @Test
    void findsEveryFamilysModels() {
        RegistryPage page = registry.search(RegistryQuery.all());
        assertThat(page.problems()).isEmpty();
        assertThat(page.stale()).isFalse();
        assertThat(page.cards())
                .extracting(card -> card.id().toString())
                .containsExactly(
                        "Systran/faster-whisper-tiny",
                        "a/faster-whisper-no",
                        "speaches-ai/piper-nb_NO-talesyntese-medium",
                        "speaches-ai/piper-odd",
                        "speaches-ai/Kokoro-82M-v1.0-ONNX",
                        "onnx-community/silero-vad");
        ModelCard norwegian = page.cards().get(1);
        assertThat(norwegian.languages()).containsExactly("no", "de");
        assertThat(norwegian.created()).isEqualTo(Instant.parse("2024-01-02T03:04:05Z"));
        ModelCard piper = page.cards().get(2);
        assertThat(piper.speech())
                .isEqualTo(
                        new SpeechVoices(
                                22_050,
                                List.of(
                                        new SpeechVoices.Voice(
                                                "talesyntese", "talesyntese", "nb", null))));
        assertThat(page.cards().getLast().languages()).isNull();
    }

    @Test
    void filtersSortsAndLimits() {
        assertThat(ids(RegistryQuery.of(ModelTask.TEXT_TO_SPEECH))).hasSize(3);
        assertThat(ids(query("WHISPER", 0, RegistryQuery.Sort.ID)))
                .containsExactly("Systran/faster-whisper-tiny", "a/faster-whisper-no");
        assertThat(ids(query("", 2, RegistryQuery.Sort.DOWNLOADS)))
                .startsWith("Systran/faster-whisper-tiny")
                .hasSize(2);
    }

    @Test
    void followsEveryPage() throws IOException {
        for (int i = 0; i < 9; i++) {
            card("many/whisper-" + i, ASR);
        }
        fixture.hub.pageSize(2);
        assertThat(ids(RegistryQuery.of(ModelTask.AUTOMATIC_SPEECH_RECOGNITION))).hasSize(11);
    }

    @Test
    void anAnswerIsRememberedForAWhile() throws IOException {
        registry.search(RegistryQuery.all());
        fixture.hub.forgetRequests();
        card("late/whisper", ASR);
        now.updateAndGet(then -> then.plus(TTL).minusSeconds(1));
        assertThat(ids(RegistryQuery.all())).doesNotContain("late/whisper");
        assertThat(fixture.hub.requests()).isEmpty();
        now.updateAndGet(then -> then.plusSeconds(1));
        assertThat(ids(RegistryQuery.all())).contains("late/whisper");
    }

    @Test
    void anOldAnswerIsBetterThanNone() {
        List<String> before = ids(RegistryQuery.all());
        now.updateAndGet(then -> then.plus(TTL));
        fixture.hub.fault(new Fault("", Fault.Kind.STATUS, 500));
        RegistryPage page = registry.search(RegistryQuery.all());
        assertThat(page.cards()).extracting(card -> card.id().toString()).isEqualTo(before);
        assertThat(page.stale()).isTrue();
        assertThat(page.problems()).isNotEmpty();
    }

    @Test
    void withoutAnyAnswerTheFailureIsSaid() {
        fixture.hub.fault(new Fault("", Fault.Kind.RATE_LIMIT, 4000));
        assertThatThrownBy(() -> registry.search(RegistryQuery.all()))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        failed -> {
                            assertThat(failed.category()).isEqualTo(Category.RATE_LIMITED);
                            assertThat(failed.retryAfter()).contains(Duration.ofSeconds(4000));
                        });
    }

    /** "None" would be wrong while one question was not answered. */
    @Test
    void nothingFoundIsAnAnswerOnlyWhenEverythingWasAsked() {
        RegistryQuery query = query("silero", 0, RegistryQuery.Sort.ID);
        fixture.hub.fault(new Fault("silero-vad", Fault.Kind.HUB_LIMIT, 40));
        assertThatThrownBy(() -> registry.search(query))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        failed -> assertThat(failed.retryAfter()).contains(Duration.ofSeconds(41)));
        fixture.hub.heal();
        assertThat(registry.search(query).cards()).hasSize(1);
    }

    @Test
    void oneFailingQueryDoesNotSpoilTheList() {
        fixture.hub.fault(new Fault("silero-vad", Fault.Kind.STATUS, 500));
        RegistryPage page = registry.search(RegistryQuery.all());
        assertThat(page.cards()).hasSize(5);
        assertThat(page.problems()).hasSize(1);
    }

    /** The list names the repositories only; what they hold is asked for one by one. */
    @Test
    void aRepositoryThatFailsWhileAListIsBuiltCostsOnlyItselfAndIsAskedForAgainSoon()
            throws IOException {
        for (String name : new String[] {"fails", "works"}) {
            ModelId id = ModelId.parse("a/" + name);
            card(id.toString(), "---\ntags: [ggml, automatic-speech-recognition]\n---\n");
            fixture.file(id, "ggml-tiny.bin", "weights");
        }
        RegistryQuery query = query("a/", 0, RegistryQuery.Sort.ID);
        fixture.hub.fault(new Fault("models/a/fails", Fault.Kind.STATUS, 500));
        RegistryPage page = registry.search(query);
        assertThat(page.cards())
                .extracting(card -> card.id().toString())
                .containsExactly("a/faster-whisper-no", "a/works:tiny");
        assertThat(page.stale()).isFalse();
        assertThat(page.problems())
                .singleElement()
                .asString()
                .startsWith("Left out: a/fails. ")
                .contains("it answered 500");

        fixture.hub.heal();
        now.updateAndGet(then -> then.plus(Duration.ofMinutes(1)));
        page = registry.search(query);
        assertThat(page.problems()).isEmpty();
        assertThat(page.cards()).extracting(card -> card.id().name()).contains("fails", "works");

        fixture.hub.fault(new Fault("models/a/fails", Fault.Kind.RATE_LIMIT, 4000));
        now.updateAndGet(then -> then.plus(TTL));
        page = registry.search(query);
        assertThat(page.cards()).extracting(card -> card.id().name()).contains("fails");
        assertThat(page.stale()).isTrue();
        assertThat(page.problems()).singleElement().asString().contains("4000 s");
    }

    /** Those that are not asked any more because of it have no reason of their own. */
    @Test
    void aLimitOfTheRateIsTheReasonOfAllThatItLeavesOut() throws IOException {
        for (int i = 0; i < 20; i++) {
            ModelId id = ModelId.parse("a/m" + i);
            card(id.toString(), "---\ntags: [ggml, automatic-speech-recognition]\n---\n");
            fixture.file(id, "ggml-tiny.bin", "weights");
        }
        fixture.hub.fault(new Fault("models/a/m", Fault.Kind.STATUS, 429));
        RegistryPage page = registry.search(query("a/", 0, RegistryQuery.Sort.ID));
        assertThat(page.problems())
                .singleElement()
                .asString()
                .startsWith("Left out: a/m0, a/m1, a/m10 and 17 more. ")
                .contains("limits the rate of calls");
    }

    @Test
    void aPageThatFailsCostsThoseBeforeItNothing() throws IOException {
        for (int i = 0; i < 3; i++) {
            card("many/whisper-" + i, ASR);
        }
        fixture.hub.pageSize(2);
        fixture.hub.fault(new Fault("cursor=4", Fault.Kind.STATUS, 502));
        RegistryQuery query = query("whisper", 0, RegistryQuery.Sort.ID);
        RegistryPage page = registry.search(query);
        assertThat(page.cards()).hasSize(4);
        assertThat(page.stale()).isFalse();
        assertThat(page.problems())
                .singleElement()
                .asString()
                .contains("breaks off after 4 models", "it answered 502");
        fixture.hub.heal();
        now.updateAndGet(then -> then.plus(Duration.ofMinutes(1)));
        assertThat(registry.search(query).cards()).hasSize(5);
        fixture.hub.fault(new Fault("cursor=2", Fault.Kind.STATUS, 502));
        now.updateAndGet(then -> then.plus(TTL));
        page = registry.search(query);
        assertThat(page.cards()).hasSize(5);
        assertThat(page.stale()).isTrue();
    }

    @Test
    void anAdapterIsNotListedAsAModel() throws IOException {
        String head =
                "---\nlibrary_name: ctranslate2\npipeline_tag: automatic-speech-recognition\n";
        card("a/lora-whisper", head + "tags: [peft, lora]\n---\n");
        card("b/lora-whisper", head + "tags: ['base_model:adapter:openai/whisper-tiny']\n---\n");
        assertThat(ids(query("lora", 0, RegistryQuery.Sort.ID))).isEmpty();
    }

    /** Whoever waits for the list waits for each of them. */
    @Test
    void aModelThatAListAsksForIsTriedNoMoreOftenThanTheListItself() {
        fixture.hub.fault(new Fault("silero-vad", Fault.Kind.STATUS, 500));
        registry.search(RegistryQuery.all());
        assertThat(fixture.hub.requests())
                .filteredOn(request -> request.path().contains("onnx-community/silero-vad"))
                .hasSize(2);
    }

    @Test
    void oddCardsDoNotSpoilTheList() throws IOException {
        String[] odd = {
            "{\"cardData\": null}",
            "{\"createdAt\": \"yesterday\"}",
            "{\"createdAt\": null, \"tags\": 7}",
            "{\"cardData\": {\"language\": [false, 3, {\"a\": 1}, \"en\"]}}",
            "{\"cardData\": {\"language\": false}}",
            "{\"id\": \"../../x\"}",
            "{\"id\": 5, \"modelId\": null}",
            "{\"downloads\": \"many\", \"likes\": {}, \"gated\": []}",
            "{\"downloads\": -5, \"likes\": 1e300}",
            "{\"downloads\": \"٣\", \"cardData\": {\"language\": [\"d\\u001b[2Je\", \"\\u202efr\","
                    + " \"pt-BR\", \"中文\", \"\"]}}"
        };
        for (int i = 0; i < odd.length; i++) {
            ModelId id = ModelId.parse("odd/whisper-" + i);
            card(id.toString(), ASR);
            fixture.options(id, "{\"raw\": " + odd[i] + "}");
        }
        RegistryPage page = registry.search(RegistryQuery.all());
        assertThat(page.problems()).isEmpty();
        assertThat(page.cards()).hasSize(6 + odd.length - 2);
        assertThat(page.cards())
                .filteredOn(card -> card.id().toString().equals("odd/whisper-3"))
                .singleElement()
                .satisfies(card -> assertThat(card.languages()).containsExactly("no", "en"));
        assertThat(page.cards())
                .filteredOn(card -> card.id().owner().equals("odd"))
                .allSatisfy(card -> assertThat(card.downloads()).isNotNegative())
                .allSatisfy(card -> assertThat(card.likes()).isNotNegative());
        assertThat(page.cards())
                .filteredOn(card -> card.id().toString().equals("odd/whisper-9"))
                .singleElement()
                .satisfies(card -> assertThat(card.languages()).containsExactly("pt-BR", "中文"));
        assertThat(page.cards())
                .filteredOn(card -> card.id().toString().equals("odd/whisper-4"))
                .singleElement()
                .satisfies(card -> assertThat(card.languages()).containsExactly("no"));
    }

    @Test
    void aRepositoryThatIsAskedForByItselfAndNamesNoModelCostsTheListOnlyItself()
            throws IOException {
        for (String raw : new String[] {"{\"id\": null}", "{\"sha\": \"main\"}"}) {
            fixture.options(ModelId.parse("onnx-community/silero-vad"), "{\"raw\": " + raw + "}");
            now.set(now.get().plus(TTL).plusSeconds(1));
            RegistryPage page = registry.search(RegistryQuery.all());
            assertThat(page.problems()).isEmpty();
            assertThat(page.cards())
                    .hasSize(5)
                    .noneMatch(card -> card.task() == ModelTask.VOICE_ACTIVITY_DETECTION);
        }
    }

    /** Nothing else ends the calls: the client would wait for an hour. */
    @Test
    void aHubThatNeverAnswersCostsAListAndOneRepositoryNoMoreThanTheirTime() throws IOException {
        Duration hour = Duration.ofHours(1);
        Duration patience = Duration.ofMillis(50);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                HubClient waiting =
                        new HubClient(
                                new HubSettings(
                                        URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                                        Optional.empty(),
                                        folder,
                                        false,
                                        hour,
                                        hour,
                                        true,
                                        true,
                                        NetworkSettings.direct()))) {
            ModelRegistry list = new ModelRegistry(waiting, TTL, patience);
            assertThatThrownBy(() -> list.search(RegistryQuery.all()))
                    .satisfies(HubFixture.failsWith(Category.UNAVAILABLE))
                    .hasMessageContaining("did not answer within 0.05 s");
            RegistryEntries entries = new RegistryEntries(waiting, patience);
            assertThatThrownBy(() -> entries.find(WHISPER))
                    .satisfies(HubFixture.failsWith(Category.UNAVAILABLE))
                    .hasMessageContaining("did not answer within 0.05 s");
        }
    }

    @Test
    void privateModelsAreListedToTheirToken() throws IOException {
        fixture.options(WHISPER, "{\"private\": true}");
        assertThat(ids(RegistryQuery.all())).doesNotContain(WHISPER.toString());
        try (HubClient known = fixture.client(Optional.of(TestHub.TOKEN), true)) {
            ModelRegistry own = new ModelRegistry(known, TTL, TTL);
            assertThat(own.search(RegistryQuery.all()).cards())
                    .filteredOn(card -> card.id().equals(WHISPER))
                    .singleElement()
                    .satisfies(card -> assertThat(card.gated()).isFalse());
        }
    }

    @Test
    void gatedIsWhatTheHubSaysOfTermsAndNotOfPrivacy() throws IOException {
        fixture.options(WHISPER, "{\"gated\": \"auto\"}");
        assertThat(registry.search(RegistryQuery.all()).cards())
                .allSatisfy(card ->
                        assertThat(card.gated())
                                .as(card.id().toString())
                                .isEqualTo(card.id().equals(WHISPER)))
                .anyMatch(card -> card.id().equals(WHISPER));
    }

    private List<String> ids(RegistryQuery query) {
        return registry.search(query).cards().stream().map(card -> card.id().toString()).toList();
    }

    private static RegistryQuery query(String text, int limit, RegistryQuery.Sort sort) {
        return new RegistryQuery(Optional.empty(), text, limit, sort);
    }

    private void card(String id, String readme) throws IOException {
        fixture.file(ModelId.parse(id), "README.md", readme);
    }

    private void speech(String id, String kind, String language) throws IOException {
        card(
                id,
                "---\nlanguage: "
                        + language
                        + "\nlibrary_name: onnx\npipeline_tag: text-to-speech\ntags:\n- speaches\n- "
                        + kind
                        + "\n---\n");
    }
}
