package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents say of each other and of the program. */
final class DocumentPagesTest {
    private static final Pattern VARIABLE = Pattern.compile("`([A-Z][A-Z_]{4,}[A-Z])(?:=[^`]*)?`");

    private static final Pattern DECLARATION =
            Pattern.compile("(?:class|record|enum|interface) (\\w+)");

    private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]+[A-Za-z]*)(?:\\.\\w+)?`");

    /** A thread, or a factory of some, and the beginning of its name. */
    private static final Pattern THREAD =
            Pattern.compile(
                    "of(?:Platform|Virtual)\\(\\)(?:\\s*\\.daemon\\([a-z]*\\))?\\s*\\.name\\(\\s*"
                            + "\"([a-z-]+?)-?\"");

    /** Written in capitals, and no settings of the server. */
    private static final Set<String> OTHERS = Set.of("SPEACHES_BASE_URL");

    private final Path root = ProjectFiles.root();

    @Test
    void everyPageIsListedInTheReadme() throws IOException {
        String readme = Files.readString(root.resolve("README.md"));
        List<String> missing = new ArrayList<>();
        try (Stream<Path> pages = Files.list(root.resolve("docs"))) {
            pages.map(page -> page.getFileName().toString())
                    .filter(name -> name.endsWith(".md"))
                    .filter(name -> !readme.contains("(docs/" + name))
                    .forEach(missing::add);
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyThreadThatHasANameIsInThePageOnConcurrency() throws IOException {
        String page = Files.readString(root.resolve("docs/concurrency.md"));
        Set<String> missing = new TreeSet<>();
        for (String source : sources("src/main")) {
            for (Matcher thread = THREAD.matcher(source); thread.find(); ) {
                if (!page.contains("`" + thread.group(1))) {
                    missing.add(thread.group(1));
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"architecture.md", "concurrency.md"})
    void thePagesOnTheCodeNameTypesThatThereAre(String page) throws IOException {
        Set<String> declared = new HashSet<>();
        for (String source : sources("src")) {
            DECLARATION.matcher(source).results().forEach(found -> declared.add(found.group(1)));
        }
        List<String> unknown = new ArrayList<>();
        Matcher type = TYPE.matcher(Files.readString(root.resolve("docs").resolve(page)));
        while (type.find()) {
            if (!declared.contains(type.group(1))) {
                unknown.add(type.group(1));
            }
        }
        assertThat(unknown).isEmpty();
    }

    /** The program's own. */
    private List<String> sources(String folder) throws IOException {
        List<String> sources = new ArrayList<>();
        for (String module : List.of("registry", "engines", "server", "spark")) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve(folder))) {
                for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    sources.add(Files.readString(file));
                }
            }
        }
        return sources;
    }

    @ParameterizedTest
    @ValueSource(strings = {"migration-speaches.md", "migration-kokoro-fastapi.md"})
    void thePagesOnChangingOverNameSettingsThatThereAre(String page) throws IOException {
        Set<String> known = new HashSet<>(OTHERS);
        for (Setting setting : Setting.values()) {
            known.add(setting.variable());
        }
        List<String> unknown = new ArrayList<>();
        int rows = 0;
        for (String row : Files.readString(root.resolve("docs").resolve(page)).lines().toList()) {
            String[] cells = row.split("\\|", -1);
            // the column of what stands here
            if (cells.length != 4) {
                continue;
            }
            rows++;
            for (Matcher name = VARIABLE.matcher(cells[2]); name.find(); ) {
                if (!known.contains(name.group(1))) {
                    unknown.add(name.group(1));
                }
            }
        }
        assertThat(rows).isGreaterThan(10);
        assertThat(unknown).isEmpty();
    }

    @Test
    void troubleshootingNamesSettingsThatThereAre() throws IOException {
        Set<String> known =
                new HashSet<>(
                        Set.of(
                                "DELETE",
                                "PARLO_JAVA_HOME",
                                "HTTPS_PROXY",
                                "NO_PROXY",
                                "SSL_CERT_FILE"));
        for (Setting setting : Setting.values()) {
            known.add(setting.variable());
        }
        Matcher names = VARIABLE.matcher(Files.readString(root.resolve("docs/troubleshooting.md")));
        List<String> unknown = new ArrayList<>();
        while (names.find()) {
            if (!known.contains(names.group(1))) {
                unknown.add(names.group(1));
            }
        }
        assertThat(unknown).isEmpty();
    }
}
