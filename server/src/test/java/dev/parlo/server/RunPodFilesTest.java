package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.fileurl.FileUrlSettings;
import dev.parlo.server.http.Json;
import dev.parlo.server.runpod.SingleJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import okhttp3.Dns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What RunPod's catalogue reads. */
class RunPodFilesTest {
    @TempDir Path folder;

    private static JsonNode read(String name) throws Exception {
        Path file = ProjectFiles.root().resolve(".runpod").resolve(name);
        return Json.mapper().readTree(Files.readString(file));
    }

    @Test
    void everyTestOfTheCatalogueSucceedsWithTheRealEngines() throws Exception {
        JsonNode tests = read("tests.json").path("tests");
        assertThat(tests.size()).isGreaterThan(5);
        try (ListeningServer server = new ListeningServer(folder);
                FileFetcher fetcher =
                        new FileFetcher(
                                new FileUrlSettings(
                                        false, List.of(), List.of(), Duration.ofSeconds(1)),
                                server.application().uploads(),
                                NetworkSettings.direct(),
                                Dns.SYSTEM)) {
            for (JsonNode test : tests) {
                SingleJob job = SingleJob.of(Json.text(test), server.application().url(), fetcher);
                assertThat(job.failed()).as(test.path("name") + " " + job.result()).isFalse();
            }
        }
    }

    @Test
    void everyVariableOfTheCatalogueIsASetting() throws Exception {
        Set<String> known =
                Arrays.stream(Setting.values()).map(Setting::variable).collect(Collectors.toSet());
        known.add("RUNPOD_CONCURRENCY");
        JsonNode config = read("hub.json").path("config");
        assertThat(config.path("env").size()).isPositive();
        for (JsonNode variable : config.path("env")) {
            assertThat(known).contains(variable.path("key").asString());
        }
        for (JsonNode preset : config.path("presets")) {
            assertThat(known).containsAll(preset.path("defaults").propertyNames());
        }
    }
}
