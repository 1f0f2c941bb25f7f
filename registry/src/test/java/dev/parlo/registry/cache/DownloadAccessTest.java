package dev.parlo.registry.cache;

import static dev.parlo.registry.cache.HubFixture.WHISPER;
import static dev.parlo.registry.cache.HubFixture.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.TestHub;
import dev.parlo.registry.hub.HubClient;
import dev.parlo.registry.hub.HubSettings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who may download what: tokens, private and gated models, no Hub at all. */
class DownloadAccessTest extends HubTest {
    @Test
    void theTokenNeverLeavesTheHub() throws IOException {
        fixture.options(WHISPER, "{\"private\": true}");
        try (HubClient client = fixture.client(Optional.of(TestHub.TOKEN), true);
                ModelDownloader downloader =
                        new ModelDownloader(
                                client, fixture.store(), HubFixture.SMALL_RANGES, new Disk())) {
            downloader.download(WHISPER);
        }
        assertThat(fixture.hub.requests())
                .isNotEmpty()
                .allSatisfy(
                        request -> assertThat(request.authorized()).isEqualTo(!request.store()));
        assertThat(fixture.hub.requests()).anyMatch(TestHub.Seen::store);
    }

    @Test
    void aPrivateModelIsNotFoundWithoutItsToken() throws IOException {
        fixture.options(WHISPER, "{\"private\": true}");
        assertThat(failure(Optional.empty())).isEqualTo(Category.NOT_FOUND);
        assertThat(failure(Optional.of("hf_wrong"))).isEqualTo(Category.UNAUTHORIZED);
        assertThat(fixture.store().list()).isEmpty();
    }

    @Test
    void aGatedModelNamesTheToken() throws IOException {
        fixture.options(WHISPER, "{\"gated\": true}");
        assertThat(failure(Optional.empty())).isEqualTo(Category.GATED);
        assertThat(failure(Optional.of(TestHub.TOKEN))).isNull();
        fixture.store().delete(WHISPER);
        fixture.options(WHISPER, "{\"gated\": \"denied\"}");
        assertThat(failure(Optional.of(TestHub.TOKEN))).isEqualTo(Category.GATED);
    }

    /** The gate stands before the files, not before the list of them. */
    @Test
    void aGatedModelLeavesNothingOnDisk() throws IOException {
        fixture.options(WHISPER, "{\"gated\": \"auto\"}");
        assertThat(failure(Optional.empty())).isEqualTo(Category.GATED);
        assertThat(fixture.cache.resolve(WHISPER.cacheFolder())).doesNotExist();
    }

    @Test
    void aDisabledRepositoryIsNoMatterOfTheToken() throws IOException {
        fixture.options(WHISPER, "{\"disabled\": true}");
        for (Optional<String> token :
                List.of(Optional.<String>empty(), Optional.of(TestHub.TOKEN))) {
            try (HubClient client = fixture.client(token, true);
                    ModelDownloader downloader = new ModelDownloader(client, fixture.store())) {
                assertThatThrownBy(() -> downloader.download(WHISPER))
                        .satisfies(failsWith(Category.FORBIDDEN))
                        .isInstanceOfSatisfying(
                                RegistryException.class,
                                failed ->
                                        assertThat(failed.advice())
                                                .contains(
                                                        "The Hub says: \"Access to this resource is"
                                                                + " disabled.\"")
                                                .doesNotContain("TOKEN"));
            }
        }
    }

    @Test
    void whatTheHubSaysIsPassedOn() throws IOException {
        fixture.options(WHISPER, "{\"gated\": \"denied\"}");
        try (HubClient client = fixture.client(Optional.of(TestHub.TOKEN), true);
                ModelDownloader downloader = new ModelDownloader(client, fixture.store())) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .isInstanceOfSatisfying(
                            RegistryException.class,
                            failed ->
                                    assertThat(failed.advice())
                                            .contains("Access to the model is restricted"));
        }
    }

    @Test
    void offlineAsksNothing() {
        HubSettings online = fixture.settings(Optional.empty(), true);
        HubSettings offline =
                new HubSettings(
                        online.endpoint(),
                        online.token(),
                        online.cache(),
                        true,
                        online.metadataTimeout(),
                        online.downloadTimeout(),
                        true,
                        true,
                        online.network());
        try (HubClient client = new HubClient(offline, HubFixture.QUICK);
                ModelDownloader downloader = new ModelDownloader(client, fixture.store())) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(failsWith(Category.OFFLINE));
        }
        assertThat(fixture.hub.requests()).isEmpty();
    }

    private @org.jspecify.annotations.Nullable Category failure(Optional<String> token) {
        try (HubClient client = fixture.client(token, true);
                ModelDownloader downloader = new ModelDownloader(client, fixture.store())) {
            downloader.download(WHISPER);
            return null;
        } catch (RegistryException failed) {
            // Speaches' own sentence, which clients compare; what to do stands apart
            if (failed.category() == Category.NOT_FOUND) {
                assertThat(failed).hasMessage("Model '" + WHISPER + "' not found");
                assertThat(failed.advice()).contains("not found. If it is private, set HF_TOKEN");
            }
            assertThat(failed.toString()).doesNotContain(token.orElse("no token at all"));
            return failed.category();
        }
    }
}
