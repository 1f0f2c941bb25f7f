package dev.parlo.registry.cache;

import static dev.parlo.registry.cache.HubFixture.WEIGHTS;
import static dev.parlo.registry.cache.HubFixture.WHISPER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.registry.Fault;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelRoots;
import dev.parlo.registry.ModelStore;
import dev.parlo.registry.hub.HubClient;
import dev.parlo.registry.hub.HubSettings;
import dev.parlo.registry.hub.NetworkSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills a downloading process with SIGKILL and goes on. */
class KilledDownloadTest {
    @TempDir Path folder;

    /** The process that is killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) {
            HubSettings settings =
                    new HubSettings(
                            URI.create(arguments[0]),
                            Optional.empty(),
                            Path.of(arguments[1]),
                            false,
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(600),
                            Boolean.parseBoolean(arguments[2]),
                            true,
                            NetworkSettings.direct());
            ModelStore store =
                    new ModelStore(new ModelRoots(List.of(), List.of(), settings.cache()));
            try (HubClient hub = new HubClient(settings);
                    ModelDownloader downloader =
                            new ModelDownloader(hub, store, HubFixture.SMALL_RANGES, new Disk())) {
                downloader.download(WHISPER);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theNextProcessGoesOnAndTheLockIsFree(boolean ranges) throws Exception {
        try (HubFixture fixture = new HubFixture(folder)) {
            // after two ranges' worth of bytes, every connection hangs
            fixture.hub.fault(new Fault("model.bin", Fault.Kind.STALL, ranges ? 80_000 : 600_000));
            long expected = ranges ? 3 * 80_000 : 600_000;
            Process victim = start(fixture, ranges);
            try {
                await().atMost(Duration.ofSeconds(120))
                        .until(() -> partialBytes(fixture) >= expected);
            } finally {
                victim.destroyForcibly();
            }
            assertThat(victim.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(fixture.store().list()).isEmpty();

            fixture.hub.heal();
            fixture.hub.forgetRequests();
            try (ModelDownloader downloader = fixture.downloader(ranges)) {
                InstalledModel model = downloader.download(WHISPER);
                assertThat(model.directory().resolve("model.bin"))
                        .hasSameBinaryContentAs(fixture.repository(WHISPER).resolve("model.bin"));
            }
            // one stream resumes at the byte; a range resumes at its last note in the journal
            assertThat(fixture.sent("model.bin"))
                    .isLessThanOrEqualTo(ranges ? WEIGHTS : WEIGHTS - expected);
            if (!ranges) {
                assertThat(fixture.hub.requests())
                        .anyMatch(request -> request.range().equals("bytes=600000-999999"));
            }
        }
    }

    private static long partialBytes(HubFixture fixture) throws IOException {
        String etag = fixture.etag(WHISPER, "model.bin");
        Path blob = fixture.blobs(WHISPER).resolve(etag);
        Path streamed = PartialFiles.streamed(blob);
        return streamed.toFile().exists() ? streamed.toFile().length() : fixture.sent("model.bin");
    }

    private static Process start(HubFixture fixture, boolean ranges) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        fixture.hub.endpoint().toString(),
                        fixture.cache.toString(),
                        String.valueOf(ranges))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
