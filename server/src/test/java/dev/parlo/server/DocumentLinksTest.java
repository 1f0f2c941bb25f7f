package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents' links to files and headings of this project. */
class DocumentLinksTest {
    private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?) *$");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+Test)(?:#(\\w+))?`");
    private static final Pattern TARGET = Pattern.compile("`make ([a-z][a-z-]*)");
    private static final Pattern ADDRESS = Pattern.compile("[a-z]+:.*");
    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git");

    private final Path root = ProjectFiles.root();

    @Test
    void everyLinkOfADocumentLeadsToAFileAndAHeadingThatAreThere() throws IOException {
        List<String> broken = new ArrayList<>();
        List<Path> documents = documents();
        for (Path document : documents) {
            for (String link : links(document)) {
                if (!leadsSomewhere(document, link)) {
                    broken.add(root.relativize(document) + " -> " + link);
                }
            }
        }
        assertThat(documents).hasSizeGreaterThan(10);
        assertThat(broken).isEmpty();
    }

    @Test
    void theDistributionHoldsEveryFileThatItsDocumentsLinkTo() throws IOException {
        String script = Files.readString(root.resolve("packaging/distribution"));
        Matcher copied = Pattern.compile("for part in (parlo .*); do").matcher(script);
        assertThat(copied.find()).isTrue();
        Set<Path> shipped = new HashSet<>();
        for (String name : copied.group(1).split(" ")) {
            shipped.add(root.resolve(name));
        }
        List<String> missing = new ArrayList<>();
        for (Path document : documents()) {
            if (shipped.stream().noneMatch(document::startsWith)) {
                continue;
            }
            for (String link : links(document)) {
                Path target = target(document, link);
                if (shipped.stream().noneMatch(target::startsWith)) {
                    missing.add(root.relativize(document) + " -> " + link);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyTestAndTargetThatADocumentNamesIsThere() throws IOException {
        Map<String, String> tests = new HashMap<>();
        for (String module : List.of("registry", "engines", "server", "spark")) {
            try (Stream<Path> all = Files.walk(root.resolve(module).resolve("src/test/java"))) {
                for (Path test : all.filter(path -> path.toString().endsWith(".java")).toList()) {
                    String name = String.valueOf(test.getFileName()).replace(".java", "");
                    tests.put(name, Files.readString(test));
                }
            }
        }
        String targets = Files.readString(root.resolve("Makefile"));
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (Path document : documents()) {
            String text = Files.readString(document);
            for (Matcher code = TEST.matcher(text); code.find(); named++) {
                String source = tests.get(code.group(1));
                String method = code.group(2);
                if (source == null || (method != null && !source.contains(" " + method + "("))) {
                    missing.add(root.relativize(document) + ": " + code.group());
                }
            }
            for (Matcher make = TARGET.matcher(text); make.find(); ) {
                if (!targets.contains("\n" + make.group(1) + ":")) {
                    missing.add(root.relativize(document) + ": " + make.group());
                }
            }
        }
        assertThat(named).isGreaterThan(40);
        assertThat(missing).isEmpty();
    }

    private List<Path> documents() throws IOException {
        try (Stream<Path> all = Files.walk(root, 7)) {
            return all.filter(path -> path.toString().endsWith(".md"))
                    .filter(path -> {
                        for (Path part : root.relativize(path)) {
                            if (NOT_OURS.contains(part.toString())) {
                                return false;
                            }
                        }
                        return true;
                    })
                    .toList();
        }
    }

    private static List<String> links(Path document) throws IOException {
        String text = FENCE.matcher(Files.readString(document)).replaceAll("");
        text = CODE.matcher(text).replaceAll("");
        List<String> links = new ArrayList<>();
        for (Matcher link = LINK.matcher(text); link.find(); ) {
            if (!ADDRESS.matcher(link.group(1)).matches()) {
                links.add(link.group(1));
            }
        }
        return links;
    }

    private static Path target(Path document, String link) {
        String file = link.contains("#") ? link.substring(0, link.indexOf('#')) : link;
        return file.isEmpty()
                ? document
                : Objects.requireNonNull(document.getParent()).resolve(file).normalize();
    }

    private static boolean leadsSomewhere(Path document, String link) throws IOException {
        Path target = target(document, link);
        int anchor = link.indexOf('#');
        return Files.exists(target)
                && (anchor < 0 || anchors(target).contains(link.substring(anchor + 1)));
    }

    /** The anchors that GitHub makes of headings. */
    private static Set<String> anchors(Path document) throws IOException {
        String text = FENCE.matcher(Files.readString(document)).replaceAll("");
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        for (Matcher heading = HEADING.matcher(text); heading.find(); ) {
            String words =
                    heading.group(1)
                            .replaceAll("\\[([^]]*)\\]\\([^)]*\\)", "$1")
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
                            .replace(' ', '-');
            int before = seen.merge(words, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? words : words + "-" + before);
        }
        return anchors;
    }
}
