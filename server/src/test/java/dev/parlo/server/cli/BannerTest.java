package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.InstalledModel.Origin;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("locale")
class BannerTest {
    private static final URI ADDRESS = URI.create("http://localhost:8000");
    @TempDir Path home;

    @Test
    void namesBuiltInModelsAndCountsOthers() {
        assertThat(banner(whisper(), espeak(), downloaded()))
                .contains(
                        "listens on http://localhost:8000",
                        "Models: a/whisper (automatic-speech-recognition, built in), a/espeak"
                                + " (text-to-speech, built in), 1 more, see"
                                + " http://localhost:8000/v1/models",
                        "Device: cpu");
        assertThat(banner()).contains("Models: none").doesNotContain("Try it");
    }

    @Test
    void givesARequestForWhatThereIs() throws IOException {
        assertThat(banner(whisper(), espeak()))
                .contains("/v1/audio/speech", "a/espeak\", \"input\"")
                .doesNotContain("/v1/audio/transcriptions");

        Path samples = Files.createDirectory(home.resolve("samples"));
        Path sample = Files.createFile(samples.resolve("it's said.flac"));
        assertThat(banner(whisper(), espeak()))
                .contains(
                        "curl -s http://localhost:8000/v1/audio/transcriptions -F model=a/whisper"
                                + " -F file=@'"
                                + sample.toString().replace("'", "'\\''")
                                + "'");
    }

    @Test
    void saysWhereItListensBeforeItAsksForTheModels() {
        StringWriter text = new StringWriter();
        List<String> before = new ArrayList<>();
        new Banner(
                        ADDRESS,
                        () -> {
                            before.add(text.toString());
                            return List.of();
                        },
                        home,
                        "cpu")
                .print(new PrintWriter(new BufferedWriter(text)));
        assertThat(before).hasSize(1);
        assertThat(before.getFirst()).contains("listens on http://localhost:8000");
    }

    private String banner(InstalledModel... models) {
        StringWriter text = new StringWriter();
        new Banner(ADDRESS, () -> List.of(models), home, "cpu").print(new PrintWriter(text));
        return text.toString();
    }

    private InstalledModel whisper() {
        return builtIn("a/whisper", ModelFamily.WHISPER_CT2);
    }

    private InstalledModel espeak() {
        return builtIn("a/espeak", ModelFamily.ESPEAK);
    }

    private InstalledModel builtIn(String id, ModelFamily family) {
        return InstalledModel.partOfServer(ModelId.parse(id), family, List.of(), null, home);
    }

    private InstalledModel downloaded() {
        InstalledModel model = builtIn("b/large", ModelFamily.WHISPER_CT2);
        return new InstalledModel(
                model.id(),
                model.family(),
                model.directory(),
                Origin.CACHE,
                "",
                model.card(),
                model.files());
    }
}
