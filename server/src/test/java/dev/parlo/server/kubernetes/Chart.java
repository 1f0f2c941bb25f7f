package dev.parlo.server.kubernetes;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import dev.parlo.server.ProjectFiles;
import dev.parlo.server.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;

/** The chart, as the real Helm lints and renders it. */
final class Chart {
    static final Path FOLDER = ProjectFiles.root().resolve("docker/helm/parlo");

    /** Rendered for: the oldest that docs/scaling.md names. */
    private static final String KUBERNETES = "1.23.0";

    private static final String NAMESPACE = "talk";

    private final Path folder;

    /**
     * @param folder for files of values
     */
    Chart(Path folder) {
        boolean there =
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64");
        if (!there) {
            System.err.printf(
                    Locale.ROOT,
                    "SKIPPED: helm-java has no Helm for %s on %s; the chart is not rendered here.%n",
                    System.getProperty("os.name"),
                    System.getProperty("os.arch"));
        }
        Assumptions.assumeTrue(there, "helm-java has Helm for linux-amd64");
        this.folder = folder;
    }

    /** Everything that Helm has to say, warnings being failures. */
    LintResult lint() {
        return new Helm(FOLDER).lint().strict().call();
    }

    /**
     * The manifests.
     *
     * @param values over those of values.yaml, as JSON, which is YAML too
     * @throws RuntimeException with what Helm says of values that it refuses
     */
    Manifests render(String release, String values) throws IOException {
        Json.mapper().readTree(values); // a mistake of the test's own would be Helm's message
        Path file = Files.createTempFile(folder, "values", ".yaml");
        Files.writeString(file, values);
        return Manifests.read(
                new Helm(FOLDER)
                        .template()
                        .withName(release)
                        .withNamespace(NAMESPACE)
                        .withKubeVersion(KUBERNETES)
                        .withValuesFile(file)
                        .call());
    }
}
