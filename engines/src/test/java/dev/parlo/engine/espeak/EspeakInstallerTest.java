package dev.parlo.engine.espeak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.cache.CacheFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EspeakInstallerTest {
    @TempDir Path cache;

    @Test
    void unpacksOnceAndNothingButEspeak() throws IOException {
        EspeakFiles first = new EspeakInstaller(CacheFolder.at(cache), null, null).locate();
        var written = Files.getLastModifiedTime(first.library());
        EspeakFiles second = new EspeakInstaller(CacheFolder.at(cache), null, null).locate();
        assertThat(second).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(second.library())).isEqualTo(written);
        try (Stream<Path> tree = Files.walk(cache)) {
            assertThat(tree.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.contains("onnxruntime") || name.contains("piper-jni"));
        }
    }

    @Test
    void whoStartsAtTheSameTimeUnpacksItOnce() throws Exception {
        List<Callable<EspeakFiles>> starts =
                Collections.nCopies(
                        4, () -> new EspeakInstaller(CacheFolder.at(cache), null, null).locate());
        try (ExecutorService servers = Executors.newFixedThreadPool(starts.size())) {
            EspeakFiles first = null;
            for (Future<EspeakFiles> start : servers.invokeAll(starts)) {
                EspeakFiles files = start.get(); // damaged where another took it away meanwhile
                first = first == null ? files : first;
                assertThat(files).isEqualTo(first);
            }
        }
        try (Stream<Path> list = Files.list(cache.resolve("espeak-ng"))) {
            assertThat(list.filter(path -> !path.endsWith(".locks"))).hasSize(1);
        }
    }

    @Test
    void aDamagedCopyIsReplaced() throws IOException {
        EspeakFiles files = new EspeakInstaller(CacheFolder.at(cache), null, null).locate();
        String hash = EspeakInstaller.treeHash(files.data());
        Files.writeString(files.data().resolve("phontab"), "broken");
        Files.delete(files.data().resolve("en_dict"));
        EspeakFiles again = new EspeakInstaller(CacheFolder.at(cache), null, null).locate();
        assertThat(EspeakInstaller.treeHash(again.data())).isEqualTo(hash);
        Files.write(files.library(), new byte[] {1, 2, 3});
        try (EspeakNg espeak =
                new EspeakNg(new EspeakInstaller(CacheFolder.at(cache), null, null).locate())) {
            assertThat(espeak.version()).startsWith("1.52");
        }
    }

    @Test
    void settingsThatNameNothingAreRefusedNotIgnored() {
        assertThatThrownBy(() ->
                        new EspeakInstaller(CacheFolder.at(cache), cache.resolve("none.so"), null)
                                .locate())
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("ESPEAK_LIBRARY");
        EspeakFiles files = new EspeakInstaller(CacheFolder.at(cache), null, null).locate();
        assertThatThrownBy(() ->
                        new EspeakInstaller(CacheFolder.at(cache), files.library(), cache).locate())
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("phontab");
    }

    @Test
    void aFileThatIsNoLibraryIsRefused() throws IOException {
        EspeakFiles files = new EspeakInstaller(CacheFolder.at(cache), null, null).locate();
        Path junk = Files.writeString(cache.resolve("junk.so"), "no library");
        assertThatThrownBy(() -> new EspeakNg(new EspeakFiles(junk, files.data(), "a test")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("cannot be loaded");
    }

    @Test
    void dataOfNothingIsRefused() throws IOException {
        EspeakFiles files = new EspeakInstaller(CacheFolder.at(cache), null, null).locate();
        Path empty = Files.createDirectory(cache.resolve("empty"));
        assertThatThrownBy(() -> new EspeakNg(new EspeakFiles(files.library(), empty, "a test")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("does not accept the data");
    }

    @Test
    void languageSwitchesLeaveThePhonemes() {
        assertThat(EspeakNg.plain("lə- (en)wˈiːkˈɛnd(fr) a")).isEqualTo("lə- wˈiːkˈɛnd a");
        assertThat(EspeakNg.plain("abc")).isEqualTo("abc");
        assertThat(EspeakNg.plain("a(b")).isEqualTo("a(b");
    }
}
