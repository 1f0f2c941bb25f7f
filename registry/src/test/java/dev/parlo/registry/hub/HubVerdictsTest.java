package dev.parlo.registry.hub;

import static dev.parlo.registry.cache.HubFixture.WHISPER;
import static dev.parlo.registry.cache.HubFixture.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.registry.Fault;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelStore;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.cache.HubFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubVerdictsTest {
    private static final ModelId LORA = ModelId.parse("me/whisper-lora");
    private static final Duration TTL = Duration.ofMinutes(10);

    @TempDir Path folder;
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private HubFixture fixture;
    private HubClient client;
    private ModelStore store;
    private HubVerdicts verdicts;

    @BeforeEach
    void start() throws IOException {
        fixture = new HubFixture(folder);
        fixture.file(LORA, "adapter_config.json", "{\"base_model_name_or_path\": \"openai/x\"}");
        fixture.file(LORA, "adapter_model.safetensors", "not read");
        client = fixture.client(Optional.empty(), true);
        store = fixture.store();
        verdicts = new HubVerdicts(client, store, TTL, TTL, now::get);
    }

    @AfterEach
    void stop() {
        client.close();
        fixture.close();
    }

    @Test
    void whatTheHubShowsToBeOfNoUseIsRefusedTheFirstTimeItIsHeardOf() {
        verdicts.learn(LORA);
        assertThatThrownBy(() -> store.require(LORA))
                .satisfies(failsWith(Category.UNSUPPORTED))
                .hasMessageContaining("It holds an adapter (LoRA) of 'openai/x'")
                .hasMessageNotContaining("parlo model download");
        assertThat(fixture.hub.requests()).noneMatch(seen -> seen.path().contains("safetensors"));
    }

    @Test
    void whatCanBeDownloadedIsRecommendedAsBeforeAndAskedForOnce() {
        for (int i = 0; i < 2; i++) {
            verdicts.learn(WHISPER);
            assertThatThrownBy(() -> store.require(WHISPER))
                    .satisfies(failsWith(Category.NOT_FOUND))
                    .hasMessageContaining("parlo model download");
        }
        verdicts.learn(ModelId.parse("nobody/nothing"));
        assertThat(fixture.hub.requests())
                .filteredOn(seen -> seen.path().startsWith("/api/models/"))
                .hasSize(2);
    }

    @Test
    void aHubThatFailsChangesNothingAndIsLeftAloneForAWhile() {
        fixture.hub.fault(new Fault("", Fault.Kind.RATE_LIMIT, 4000));
        verdicts.learn(LORA);
        int asked = fixture.hub.requests().size();
        assertThat(asked).isPositive();
        verdicts.learn(WHISPER);
        assertThat(fixture.hub.requests()).hasSize(asked);
        assertThatThrownBy(() -> store.require(LORA)).hasMessageContaining("parlo model download");
        fixture.hub.heal();
        now.updateAndGet(then -> then.plus(TTL));
        verdicts.learn(LORA);
        assertThatThrownBy(() -> store.require(LORA)).hasMessageContaining("adapter (LoRA)");
    }

    @Test
    void nothingIsAskedOfAHubThatIsOff() {
        HubSettings settings =
                new HubSettings(
                        fixture.hub.endpoint(),
                        Optional.empty(),
                        fixture.cache,
                        true,
                        TTL,
                        TTL,
                        true,
                        true,
                        NetworkSettings.direct());
        try (HubClient off = new HubClient(settings)) {
            new HubVerdicts(off, store, TTL, TTL).learn(LORA);
        }
        assertThat(fixture.hub.requests()).isEmpty();
    }
}
