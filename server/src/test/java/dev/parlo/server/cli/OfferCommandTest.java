package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.http.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class OfferCommandTest {
    private static String printed(String json) {
        StringWriter out = new StringWriter();
        OfferCommand.print(
                Json.mapper().readTree(json), new CommandOutput(new PrintWriter(out), false));
        return out.toString();
    }

    @Test
    void aModelIsShownWithItsFilesItsVariantsAndTheCommandThatDownloadsIt() {
        assertThat(
                        printed(
                                """
                                {"id": "a/b:q4", "task": "text-to-speech", "format": "kokoro", "language": null,
                                 "license": "mit", "installed": false, "download_bytes": 2048, "gated": true,
                                 "files": [{"path": "model_q4.onnx", "size_bytes": 2048}, {"path": "x\\u001b.bin"}],
                                 "variants": [{"id": "a/b", "installed": true},
                                  {"id": "a/b:q4", "download_bytes": 2048, "installed": false}]}
                                """))
                .contains("Licence:   mit", "terms must be accepted", "Download:  2.0 KiB")
                .containsPattern("model_q4.onnx +2.0 KiB")
                .containsPattern("x\\?.bin +not told")
                .containsPattern("a/b +not told +yes")
                .containsPattern("a/b:q4 +2.0 KiB +no")
                .endsWith("parlo model download a/b:q4" + System.lineSeparator());
    }

    @Test
    void anInstalledModelThatTheHubTellsNothingOfIsShownAsItLiesHere() {
        assertThat(
                        printed(
                                """
                                {"id": "a/b", "task": "text-to-speech", "format": "espeak", "language": null,
                                 "license": null, "installed": true, "origin": "built_in", "size_bytes": 0,
                                 "download_bytes": null, "files": [],
                                 "variants": [{"id": "a/b", "installed": true}]}
                                """))
                .contains("Installed: built in")
                .endsWith("It is installed: give a/b as the model." + System.lineSeparator());
    }

    @Test
    void aRepositoryOfSeveralModelsAsksForOneOfThem() {
        assertThat(
                        printed(
                                """
                                {"id": "a/b", "task": "text-to-speech", "format": "piper", "language": ["de"],
                                 "license": null, "installed": false, "download_bytes": null, "files": [],
                                 "variants": [{"id": "a/b:anna", "installed": false},
                                  {"id": "a/b:berta", "installed": false}]}
                                """))
                .contains("Licence:   not told", "a/b:berta")
                .contains("name one of them: parlo model download a/b:anna");
    }
}
