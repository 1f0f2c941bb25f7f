package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;

/** NOTICE against what is shipped: the jars of this class path, and what FFmpeg says of itself. */
class NoticeTest {
    /** Jars of the tests. A name that is neither here nor in NOTICE is a new dependency. */
    private static final Pattern OF_TESTS =
            Pattern.compile(
                    "junit-.*|jqwik.*|apiguardian-api|opentest4j|assertj-core|byte-buddy|awaitility"
                            + "|hamcrest|archunit|json-schema-validator|itu|jackson-dataformat-yaml"
                            + "|snakeyaml|surefire.*|jazzer.*|helm-java|lib-api|linux-amd64"
                            + "|kubernetes-model-.*|openshift-model-.*");

    private static final Pattern JAR =
            Pattern.compile("(.+?)-(?:\\d|portable-\\d|RELEASE).*\\.jar");
    private static final Pattern ENTRY = Pattern.compile("(?m)^([A-Za-z][\\w.*-]+) {2,}\\S");

    private final String notice = read();

    private static String read() {
        try {
            return Files.readString(ProjectFiles.root().resolve("NOTICE"));
        } catch (IOException missing) {
            throw new java.io.UncheckedIOException(missing);
        }
    }

    /** Names of the first list. */
    private Set<String> entries() {
        int from = notice.indexOf("\nJars\n");
        int to = notice.indexOf("\nNative code within them\n");
        return ENTRY.matcher(notice.substring(from, to))
                .results()
                .map(entry -> entry.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Names of jars without their versions. */
    private static Set<String> jars() {
        Path root = ProjectFiles.root();
        Set<String> names = new TreeSet<>();
        String[] path =
                System.getProperty("java.class.path")
                        .split(Pattern.quote(java.io.File.pathSeparator));
        Arrays.stream(path)
                .map(Path::of)
                .filter(file -> file.toString().endsWith(".jar") && !file.startsWith(root))
                .map(file -> JAR.matcher(file.getFileName().toString()))
                .filter(Matcher::matches)
                .map(jar -> jar.group(1))
                .filter(name -> !OF_TESTS.matcher(name).matches())
                .forEach(names::add);
        return names;
    }

    private static boolean names(String entry, String jar) {
        return entry.endsWith("*")
                ? jar.startsWith(entry.substring(0, entry.length() - 1))
                : jar.equals(entry);
    }

    @Test
    void everyJarThatIsShippedStandsInTheNoticeAndNoOther() {
        Set<String> jars = jars();
        List<String> unknown = new ArrayList<>(jars);
        unknown.removeIf(jar -> entries().stream().anyMatch(entry -> names(entry, jar)));
        List<String> stale = new ArrayList<>(entries());
        stale.removeIf(entry -> jars.stream().anyMatch(jar -> names(entry, jar)));
        assertThat(jars).hasSizeGreaterThan(50);
        assertThat(unknown).as("jars without an entry in NOTICE").isEmpty();
        assertThat(stale).as("entries of NOTICE without a jar").isEmpty();
    }

    @Test
    void theNoticeSaysOfFfmpegWhatItSaysOfItself() {
        assertThat(notice).contains(avutil.avutil_license().getString());
        assertThat(avcodec.avcodec_configuration().getString())
                .doesNotContain("--enable-gpl")
                .doesNotContain("--enable-nonfree");
        assertThat(notice).contains("FFmpeg " + avutil.av_version_info().getString());
    }
}
