package dev.parlo.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelRoots;
import dev.parlo.registry.ModelStore;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.TestHub;
import dev.parlo.registry.TestRepository;
import dev.parlo.registry.hub.HubClient;
import dev.parlo.registry.hub.HubSettings;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.registry.hub.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A test Hub with repositories, and clients of it that do not pause long between two calls. */
public final class HubFixture implements AutoCloseable {
    public static final ModelId WHISPER = ModelId.parse("Systran/faster-whisper-tiny");
    public static final int WEIGHTS = 1_000_000;
    public static final RetryPolicy QUICK =
            new RetryPolicy(3, Duration.ofMillis(2), Duration.ofMillis(5), Duration.ofSeconds(5));

    /** However slow the machine is: only what never comes is given up. */
    private static final Duration PATIENT = Duration.ofSeconds(60);

    static final TransferLimits SMALL_RANGES = new TransferLimits(4, 3, 100_000);

    public final Path repositories;
    public final Path cache;
    public final TestHub hub;

    public HubFixture(Path folder) throws IOException {
        repositories = Files.createDirectories(folder.resolve("repositories"));
        cache = folder.resolve("hub");
        whisper(WHISPER, "en");
        hub = TestHub.start(repositories);
    }

    public Path repository(ModelId id) {
        return repositories.resolve(id.toString());
    }

    public void whisper(ModelId id, String language) throws IOException {
        file(
                id,
                "README.md",
                "---\nlanguage: "
                        + language
                        + "\ntags:\n- ctranslate2\npipeline_tag: automatic-speech-recognition\n---\n");
        file(id, "config.json", "{\"suppress_ids\": []}");
        file(id, "vocabulary.txt", "a\nb\n");
        file(id, "tokenizer.json", "{}");
        file(id, "model.safetensors", "not needed");
        byte[] weights = new byte[WEIGHTS];
        new Random(7).nextBytes(weights);
        Files.write(repository(id).resolve("model.bin"), weights);
    }

    public void file(ModelId id, String path, String content) throws IOException {
        Path file = repository(id).resolve(path);
        Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
        Files.writeString(file, content);
    }

    public void options(ModelId id, String json) throws IOException {
        file(id, ".hub.json", json);
    }

    public HubSettings settings(Optional<String> token, boolean ranges) {
        return settings(hub.endpoint(), token, ranges);
    }

    public HubSettings settings(URI endpoint, Optional<String> token, boolean ranges) {
        return settings(endpoint, token, ranges, PATIENT, NetworkSettings.direct());
    }

    private HubSettings settings(
            URI endpoint,
            Optional<String> token,
            boolean ranges,
            Duration downloadTimeout,
            NetworkSettings network) {
        return new HubSettings(
                endpoint, token, cache, false, PATIENT, downloadTimeout, ranges, true, network);
    }

    /** A client of another endpoint than this Hub's own. */
    public HubClient client(URI endpoint, Optional<String> token, NetworkSettings network) {
        return new HubClient(settings(endpoint, token, true, PATIENT, network), QUICK);
    }

    public HubClient client(Optional<String> token, boolean ranges) {
        return new HubClient(settings(token, ranges), QUICK);
    }

    /** A client that waits for an hour, so that what stalls ends only when the test ends it. */
    HubClient patientClient() {
        Duration hour = Duration.ofHours(1);
        return new HubClient(
                new HubSettings(
                        hub.endpoint(),
                        Optional.empty(),
                        cache,
                        false,
                        hour,
                        hour,
                        false,
                        true,
                        NetworkSettings.direct()),
                QUICK);
    }

    public ModelStore store() {
        return new ModelStore(new ModelRoots(List.of(), List.of(), cache));
    }

    ModelDownloader downloader(boolean ranges) {
        return downloader(store(), ranges, new Disk());
    }

    /** A downloader into a store that the test looks at, or onto a disk with a fault. */
    ModelDownloader downloader(ModelStore store, boolean ranges, Disk disk) {
        return new ModelDownloader(client(Optional.empty(), ranges), store, SMALL_RANGES, disk);
    }

    /** Gives a connection up that is silent for a moment, and tries often. */
    ModelDownloader impatientDownloader(boolean ranges) {
        HubSettings impatient =
                settings(
                        hub.endpoint(),
                        Optional.empty(),
                        ranges,
                        Duration.ofMillis(300),
                        NetworkSettings.direct());
        RetryPolicy often =
                new RetryPolicy(50, Duration.ofMillis(2), Duration.ofMillis(5), Duration.ZERO);
        return new ModelDownloader(
                new HubClient(impatient, often), store(), SMALL_RANGES, new Disk());
    }

    /** Bytes of a file's body that the Hub sent. */
    public long sent(String path) {
        return hub.requests().stream()
                .filter(request -> request.path().contains(path))
                .mapToLong(request -> request.sent().get())
                .sum();
    }

    public String etag(ModelId id, String file) throws IOException {
        TestRepository repository = new TestRepository(id.toString(), repository(id));
        return java.util.Objects.requireNonNull(repository.files().get(file)).etag();
    }

    public Path blobs(ModelId id) {
        return cache.resolve(id.cacheFolder()).resolve("blobs");
    }

    /** Checks that a failure is of this category. */
    public static Consumer<Throwable> failsWith(Category category) {
        return failure -> {
            assertThat(failure).isInstanceOf(RegistryException.class);
            assertThat(((RegistryException) failure).category())
                    .as(failure.getMessage())
                    .isEqualTo(category);
        };
    }

    /** The names in a folder; none where it is not there. */
    public static List<String> names(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Override
    public void close() {
        hub.close();
    }
}
