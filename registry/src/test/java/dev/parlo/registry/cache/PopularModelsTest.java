package dev.parlo.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.hub.ModelRegistry;
import dev.parlo.registry.hub.RegistryQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What happens to the ids that people use most, against repositories that hold the same files as on
 * the Hub (hub/popular-models.json). The table in docs/models.md says the same; {@code
 * PARLO_WRITE_DOCS=1} writes it.
 */
class PopularModelsTest {
    private static final String BEGIN = "<!-- popular models -->\n";
    private static final String END = "<!-- /popular models -->";
    private static final Pattern COMMAND = Pattern.compile("`parlo model download ([^`]+)`");

    @TempDir private Path folder;

    @Test
    void theTableOfPopularIdsSaysWhatHappensToEach() throws IOException {
        Path document = Path.of("..", "docs", "models.md");
        if (!Files.exists(document)) {
            document = Path.of("docs", "models.md");
        }
        String table = table();
        String text = Files.readString(document);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        if ("1".equals(System.getenv("PARLO_WRITE_DOCS"))) {
            Files.writeString(document, text.substring(0, from) + table + text.substring(to));
        } else {
            assertThat(text.substring(from, to)).isEqualTo(table);
        }
    }

    private String table() throws IOException {
        JsonNode all;
        try (var in = getClass().getResourceAsStream("/hub/popular-models.json")) {
            all = new JsonMapper().readTree(in);
        }
        List<String> rows = new ArrayList<>();
        try (HubFixture fixture = new HubFixture(folder)) {
            for (Map.Entry<String, JsonNode> entry : all.path("ids").properties()) {
                ModelId repository = ModelId.parse(entry.getKey()).repository();
                JsonNode files = all.path("shapes").path(entry.getValue().asString());
                for (Map.Entry<String, JsonNode> file : files.properties()) {
                    fixture.file(repository, file.getKey(), file.getValue().asString());
                }
            }
            ModelRegistry registry =
                    new ModelRegistry(
                            fixture.client(Optional.empty(), false),
                            Duration.ofMinutes(5),
                            Duration.ofMinutes(5));
            Set<ModelId> listed =
                    registry.search(RegistryQuery.all()).cards().stream()
                            .map(card -> card.id())
                            .collect(Collectors.toSet());
            try (ModelDownloader downloader = fixture.downloader(false)) {
                for (String id : all.path("ids").propertyNames()) {
                    boolean found = listed.contains(ModelId.parse(id));
                    rows.add(
                            String.format(
                                    Locale.ROOT,
                                    "| `%s` | %s | %s |%n",
                                    id,
                                    found ? "yes" : "no",
                                    outcome(downloader, ModelId.parse(id))));
                }
            }
        }
        assertThat(rows).hasSizeGreaterThanOrEqualTo(40);
        return "| id | listed by the registry | asked to download it |\n|---|---|---|\n"
                + String.join("", rows).replace(System.lineSeparator(), "\n");
    }

    private static String outcome(ModelDownloader downloader, ModelId id) {
        try {
            InstalledModel model = downloader.download(id);
            String weights =
                    model.weights().stream()
                            .map(file -> "`" + file + "`")
                            .collect(Collectors.joining(", "));
            String format = model.family().name().toLowerCase(Locale.ROOT).replace('_', '-');
            return "fetches " + weights + "; format `" + format + "`";
        } catch (RegistryException refused) {
            String message = refused.getMessage();
            if (message.contains("name one of them")) {
                return "refused; it names the checkpoints that there are";
            }
            String instead =
                    COMMAND.matcher(message)
                            .results()
                            .map((MatchResult command) -> "`" + command.group(1) + "`")
                            .distinct()
                            .collect(Collectors.joining(", "));
            assertThat(instead + message).as("a way on from " + id).containsAnyOf("`", "Convert");
            String convert = message.contains("safetensors/convert") ? "a conversion" : "";
            return "refused; it names "
                    + (instead.isEmpty() || convert.isEmpty()
                            ? instead + convert
                            : convert + ", or " + instead);
        }
    }
}
