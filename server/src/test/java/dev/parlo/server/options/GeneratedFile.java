package dev.parlo.server.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * A file of the project of which a part is made from what the program itself describes. With {@code
 * PARLO_WRITE_DOCS=1} in the environment the file is written instead of compared: {@code make
 * documents}.
 */
public final class GeneratedFile {
    private final Path file;

    public GeneratedFile(String path) {
        file = ProjectFiles.root().resolve(path);
    }

    /** Compares the file with what it should be, which is made from what it is. */
    public void check(UnaryOperator<String> wanted) throws IOException {
        String now = Files.readString(file);
        String should = wanted.apply(now);
        if ("1".equals(System.getenv("PARLO_WRITE_DOCS"))) {
            Files.writeString(file, should);
            return;
        }
        assertThat(now)
                .as("%s is not what the program describes; 'make documents' writes it", file)
                .isEqualTo(should);
    }

    /** Compares what stands between {@code <!-- name -->} and {@code <!-- /name -->}. */
    public void checkPart(String name, String wanted) throws IOException {
        check(text -> {
            String begin = "<!-- " + name + " -->\n";
            int start = text.indexOf(begin);
            int end = text.indexOf("<!-- /" + name + " -->", start);
            assertThat(start).as("%s has the mark %s", file, begin).isNotNegative();
            assertThat(end).as("%s closes the mark %s", file, begin).isGreaterThan(start);
            return text.substring(0, start + begin.length()) + wanted + text.substring(end);
        });
    }
}
