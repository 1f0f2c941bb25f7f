package dev.parlo.registry.cache;

import static dev.parlo.registry.cache.HubFixture.WEIGHTS;
import static dev.parlo.registry.cache.HubFixture.WHISPER;
import static dev.parlo.registry.cache.HubFixture.failsWith;
import static dev.parlo.registry.cache.HubFixture.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.registry.Fault;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.RefusingPort;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.hub.HubClient;
import dev.parlo.registry.hub.NetworkSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Hub or a network that misbehaves. */
class DownloadFaultsTest extends HubTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCutConnectionGoesOnWhereItWas(boolean ranges) {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.CUT, 60_000, 2));
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            downloader.download(WHISPER);
        }
        assertThat(fixture.sent("model.bin")).isEqualTo(WEIGHTS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theNextDownloadGoesOnWhereAFailedOneStopped(boolean ranges) {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.CUT, 10_000));
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(failsWith(Category.UNAVAILABLE));
            assertThat(fixture.store().list()).isEmpty();
            fixture.hub.heal();
            long before = fixture.sent("model.bin");
            downloader.download(WHISPER);
            assertThat(before).isPositive();
            // a cut range may have been sent further than it was read
            assertThat(fixture.sent("model.bin")).isBetween((long) WEIGHTS, WEIGHTS + 3 * 10_000L);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDownloadBegunOneWayGoesOnTheOther(boolean first) {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.CUT, 20_000));
        try (ModelDownloader downloader = fixture.downloader(first)) {
            assertThatThrownBy(() -> downloader.download(WHISPER)).isNotNull();
        }
        fixture.hub.heal();
        fixture.hub.forgetRequests();
        try (ModelDownloader downloader = fixture.downloader(!first)) {
            downloader.download(WHISPER);
        }
        assertThat(fixture.sent("model.bin")).isLessThan(WEIGHTS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStalledConnectionIsGivenUpAndResumed(boolean ranges) {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.STALL, 50_000, 2));
        try (ModelDownloader downloader = fixture.impatientDownloader(ranges)) {
            InstalledModel model = downloader.download(WHISPER);
            assertThat(model.directory().resolve("model.bin"))
                    .hasSameBinaryContentAs(fixture.repository(WHISPER).resolve("model.bin"));
        }
        assertThat(fixture.hub.requests()).anyMatch(request -> request.range().contains("50000-"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerThatIgnoresRangesIsReadFromTheStart(boolean ranges) {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.NO_RANGE, 0));
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.CUT, 300_000, 2));
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            InstalledModel model = downloader.download(WHISPER);
            assertThat(model.directory().resolve("model.bin"))
                    .hasSameBinaryContentAs(fixture.repository(WHISPER).resolve("model.bin"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerErrorIsTriedAgain(boolean ranges) {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.STATUS, 503, 2));
        fixture.hub.fault(new Fault("revision", Fault.Kind.STATUS, 500, 2));
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            downloader.download(WHISPER);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.bin", "vocabulary.txt"})
    void wrongBytesAreFetchedOnceMore(String file) throws IOException {
        fixture.hub.fault(new Fault(file, Fault.Kind.HASH, 0, 1));
        try (ModelDownloader downloader = fixture.downloader(false)) {
            downloader.download(WHISPER);
        }
        assertThat(fixture.sent(file))
                .isEqualTo(2 * Files.size(fixture.repository(WHISPER).resolve(file)));
        assertThat(fixture.cache.resolve(WHISPER.cacheFolder()).resolve("quarantine"))
                .doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytesThatStayWrongAreNeverInstalled(boolean ranges) throws IOException {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.HASH, 0));
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(failsWith(Category.CORRUPT))
                    .hasMessageContaining("model.bin");
            assertThat(fixture.store().list()).isEmpty();
            assertThat(names(fixture.cache.resolve(WHISPER.cacheFolder()).resolve("quarantine")))
                    .hasSize(1);
            fixture.hub.heal();
            downloader.download(WHISPER);
        }
        assertThat(fixture.store().list()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWrongSizeIsNeverInstalled(boolean ranges) {
        fixture.hub.fault(new Fault("model.bin", Fault.Kind.SIZE, 10));
        try (ModelDownloader downloader = fixture.downloader(ranges)) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .isInstanceOf(RegistryException.class);
        }
        assertThat(fixture.store().list()).isEmpty();
    }

    @Test
    void aRateLimitIsWaitedForOrReported() {
        fixture.hub.fault(new Fault("revision", Fault.Kind.RATE_LIMIT, 0, 2));
        try (ModelDownloader downloader = fixture.downloader(true)) {
            downloader.download(WHISPER);
            fixture.store().delete(WHISPER);
            fixture.hub.fault(new Fault("revision", Fault.Kind.RATE_LIMIT, 3600));
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(failsWith(Category.RATE_LIMITED))
                    .isInstanceOfSatisfying(
                            RegistryException.class,
                            limited ->
                                    assertThat(limited.retryAfter().orElseThrow())
                                            .hasSeconds(3600));
        }
    }

    @Test
    void aDeadHubIsUnavailable() throws IOException {
        try (RefusingPort port = new RefusingPort();
                HubClient client =
                        fixture.client(port.url(), Optional.empty(), NetworkSettings.direct());
                ModelDownloader downloader = new ModelDownloader(client, fixture.store())) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(failsWith(Category.UNAVAILABLE));
        }
    }
}
