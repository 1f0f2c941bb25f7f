package dev.parlo.registry.cache;

import static dev.parlo.registry.cache.HubFixture.WEIGHTS;
import static dev.parlo.registry.cache.HubFixture.WHISPER;
import static dev.parlo.registry.cache.HubFixture.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.registry.Fault;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store's signed addresses and the Hub's limits of calls. */
class SignedAddressTest extends HubTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneSignedAddressServesAllRanges(boolean storeHere) {
        if (storeHere) {
            fixture.hub.storeHere();
        }
        try (ModelDownloader downloader = fixture.downloader(true)) {
            downloader.download(WHISPER);
        }
        assertThat(asked("/resolve/", "model.bin")).isEqualTo(1);
        assertThat(asked("signature", "model.bin")).isEqualTo(10);
    }

    @Test
    void aSignedAddressThatExpiresBetweenRangesIsResolvedAgain() {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.EXPIRED, 4));
        try (ModelDownloader downloader = fixture.downloader(true)) {
            InstalledModel model = downloader.download(WHISPER);
            assertThat(model.directory().resolve("model.bin"))
                    .hasSameBinaryContentAs(fixture.repository(WHISPER).resolve("model.bin"));
        }
        assertThat(asked("/resolve/", "model.bin")).isEqualTo(3); // for 4, 4 and 2 ranges
    }

    @Test
    void aSignedAddressThatExpiresBeforeAnotherTryIsResolvedAgain() {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.EXPIRED, 1));
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.CUT, 300_000, 2));
        try (ModelDownloader downloader = fixture.downloader(false)) {
            downloader.download(WHISPER);
        }
        assertThat(asked("/resolve/", "model.bin")).isEqualTo(3);
    }

    @Test
    void aStoreThatRefusesIsNoMatterOfTheToken() {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.EXPIRED, 0));
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(failsWith(Category.UNAVAILABLE))
                    .hasMessageContaining("the store at 127.0.0.1")
                    .hasMessageContaining("403")
                    .hasMessageNotContaining("token")
                    .hasMessageNotContaining("TOKEN");
        }
    }

    @Test
    void theHubsOwnRateLimitIsWaitedForOrPassedOn() {
        fixture.hub.fault(new Fault("revision", Fault.Kind.HUB_LIMIT, 0, 1));
        try (ModelDownloader downloader = fixture.downloader(true)) {
            downloader.download(WHISPER);
            fixture.store().delete(WHISPER);
            fixture.hub.fault(new Fault("resolve", Fault.Kind.HUB_LIMIT, 40));
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(failsWith(Category.RATE_LIMITED))
                    .hasMessageContaining("try again in 41 s")
                    .isInstanceOfSatisfying(
                            RegistryException.class,
                            limited ->
                                    assertThat(limited.retryAfter())
                                            .contains(Duration.ofSeconds(41)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFileThatComesCompressedThoughIdentityWasAskedForIsUnpacked(boolean ranges) {
        fixture.hub.fault(new Fault("", Fault.Kind.GZIP, 0));
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            InstalledModel model = downloader.download(WHISPER);
            assertThat(model.directory().resolve("model.bin"))
                    .hasSize(WEIGHTS)
                    .hasSameBinaryContentAs(fixture.repository(WHISPER).resolve("model.bin"));
        }
    }

    private long asked(String part, String file) {
        return fixture.hub.requests().stream()
                .filter(request -> request.path().contains(part) && request.path().contains(file))
                .count();
    }
}
