package dev.parlo.engine.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.DocumentationTool;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Javadoc of what programs embed; that of all engines is built by {@code make javadoc}. */
final class JavadocTest {
    @TempDir Path output;

    @Test
    void theFrontForOtherProgramsIsDescribedWholly() throws IOException {
        DocumentationTool javadoc = ToolProvider.getSystemDocumentationTool();
        List<String> warnings = new ArrayList<>();
        Path sources = Path.of("src/main/java");
        StringWriter written = new StringWriter();
        try (StandardJavaFileManager files =
                        javadoc.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
                Stream<Path> all = Files.list(sources.resolve("dev/parlo/engine/embed"))) {
            boolean made =
                    javadoc.getTask(
                                    written,
                                    files,
                                    message ->
                                            warnings.add(
                                                    message.getSource()
                                                            + ":"
                                                            + message.getLineNumber()
                                                            + " "
                                                            + message.getMessage(Locale.ROOT)),
                                    null,
                                    List.of(
                                            "-Xdoclint:all",
                                            "-Werror",
                                            "-quiet",
                                            "-notimestamp",
                                            "-d",
                                            output.toString(),
                                            "-sourcepath",
                                            sources.toString(),
                                            "-cp",
                                            System.getProperty(
                                                    "surefire.test.class.path",
                                                    System.getProperty("java.class.path"))),
                                    files.getJavaFileObjectsFromPaths(all.toList()))
                            .call();
            assertThat(warnings).isEmpty();
            assertThat(made).as(written.toString()).isTrue();
        }
        assertThat(output.resolve("dev/parlo/engine/embed/SpeechEngines.html")).exists();
    }
}
