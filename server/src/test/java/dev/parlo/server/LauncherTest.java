package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a distribution whose Java only prints what it was given. */
class LauncherTest {
    private static final String JAVA =
            """
            #!/bin/sh
            for each; do
                case $each in -XX:AOTCacheOutput=*) echo made >"${each#*=}" ;; esac
                printf '%s\\n' "$each"
            done
            """;

    @TempDir Path folder;

    @BeforeEach
    void distribution() throws IOException {
        Files.copy(ProjectFiles.root().resolve("parlo"), folder.resolve("parlo"));
        Files.createFile(folder.resolve("parlo-server.jar"));
        Files.createDirectories(folder.resolve("runtime/bin"));
        Files.writeString(folder.resolve("runtime/release"), "JAVA_VERSION=\"25.0.1\"\n");
        program("runtime/bin/java", JAVA);
    }

    @Test
    void theProgramAndTheStartUpCacheHaveTheSameHome() throws Exception {
        List<String> given = start(Map.of("HOME", folder.resolve("a home").toString()));

        assertThat(given).contains("-Duser.home=" + folder.resolve("a home"));
        assertThat(given)
                .anyMatch(each ->
                        each.startsWith(
                                "-XX:AOTCache=" + folder.resolve("a home/.cache/parlo/aot")));
    }

    @Test
    void withoutHomeItIsThatOfTheUserDatabase() throws Exception {
        program("bin/id", "#!/bin/sh\necho root\n");

        assertThat(start(Map.of("PARLO_AOT", "0")))
                .anyMatch(each -> each.matches("-Duser.home=/.*root"));
    }

    @Test
    void aUserWithoutHomeLoadsNoStartUpCacheFromAFolderOfEverybody() throws Exception {
        // As for a number that the database does not know.
        program("bin/id", "#!/bin/sh\necho 12345\nexit 1\n");
        // Root could make the folder that nobody has.
        program("bin/mkdir", "#!/bin/sh\ncase $* in */nonexistent/*) exit 1 ;; esac\n");

        List<String> given = start(Map.of());

        assertThat(given).contains("-Duser.home=/nonexistent");
        assertThat(given).noneMatch(each -> each.startsWith("-XX:AOTCache="));
    }

    /** As where {@code LANG} names a locale that nobody installed, in which names are bytes. */
    @Test
    void fileNamesAreUtf8AlsoWhereTheLocaleIsNotInstalled() throws Exception {
        program("runtime/bin/java", "#!/bin/sh\necho \"LC_ALL=${LC_ALL:-}\"\n");
        Map<String, String> german = Map.of("LANG", "de_DE.UTF-8", "PARLO_AOT", "0", "HOME", "/");
        program("bin/locale", "#!/bin/sh\necho ANSI_X3.4-1968\n");
        assertThat(start(german)).contains("LC_ALL=C.UTF-8");
        program("bin/locale", "#!/bin/sh\necho UTF-8\n");
        assertThat(start(german)).contains("LC_ALL=");
    }

    private List<String> start(Map<String, String> environment) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("sh", folder.resolve("parlo").toString(), "serve")
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        String path = folder.resolve("bin") + ":" + System.getenv("PATH");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> given = process.inputReader().lines().toList();
        assertThat(process.waitFor()).isZero();
        return given;
    }

    private void program(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
