package dev.parlo.registry.cache;

import static dev.parlo.registry.cache.HubFixture.WHISPER;
import static dev.parlo.registry.cache.HubFixture.failsWith;
import static dev.parlo.registry.cache.HubFixture.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a download writes, and what it must not. */
class DownloadDiskTest extends HubTest {
    @Test
    void aDiskWithoutRoomIsRefusedBeforeAnyByte() {
        Disk small =
                new Disk() {
                    @Override
                    long usableBytes(Path path) {
                        return 1000;
                    }
                };
        try (ModelDownloader downloader = with(small)) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(failsWith(Category.NO_SPACE))
                    .hasMessageContaining("1,000");
        }
        assertThat(fixture.sent("model.bin")).isZero();
    }

    @Test
    void aDiskThatFillsUpIsSaidAndLeftClean() throws IOException {
        AtomicLong room = new AtomicLong(400_000);
        Disk filling =
                new Disk() {
                    @Override
                    void write(FileChannel channel, ByteBuffer bytes, long position)
                            throws IOException {
                        if (room.addAndGet(-bytes.remaining()) < 0) {
                            throw new IOException("No space left on device");
                        }
                        super.write(channel, bytes, position);
                    }
                };
        try (ModelDownloader downloader = with(filling)) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(failsWith(Category.NO_SPACE))
                    .hasMessageContaining("removed");
            assertThat(names(fixture.blobs(WHISPER))).allMatch(BlobHash::isHash);
            assertThat(fixture.store().list()).isEmpty();
            room.set(Long.MAX_VALUE);
            downloader.download(WHISPER);
        }
        assertThat(fixture.store().list()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../../evil.bin", "/etc/evil", "a/../../b", "c\\\\d", "model.bin\\u0000"})
    void aHostileFileListReachesNothing(String name) throws IOException {
        ModelId id = ModelId.parse("evil/kokoro");
        fixture.file(id, "README.md", "---\ntags: [kokoro]\n---\n");
        fixture.file(id, "model.onnx", "graph");
        fixture.options(
                id,
                "{\"raw\": {\"siblings\": [{\"rfilename\": \"model.onnx\"}, {\"rfilename\":"
                        + " \"voices/"
                        + name
                        + "\"}, {\"rfilename\": \"voices/x.bin\"}, {\"rfilename\": \""
                        + name
                        + "\"}]}}");
        try (ModelDownloader downloader = fixture.downloader(true)) {
            assertThatThrownBy(() -> downloader.download(id)).isInstanceOf(RegistryException.class);
        }
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.filter(path -> path.toString().contains("evil.bin"))).isEmpty();
        }
    }

    @Test
    void aPartialFileThatIsALinkIsNotWrittenThrough() throws IOException {
        String etag = fixture.etag(WHISPER, "model.bin");
        Path precious = Files.writeString(folder.resolve("precious"), "keep");
        Files.createDirectories(fixture.blobs(WHISPER));
        Files.createSymbolicLink(fixture.blobs(WHISPER).resolve(etag + ".incomplete"), precious);
        try (ModelDownloader downloader = fixture.downloader(false)) {
            assertThatThrownBy(() -> downloader.download(WHISPER))
                    .satisfies(failsWith(Category.IO));
        }
        assertThat(precious).hasContent("keep");
    }

    private ModelDownloader with(Disk disk) {
        return fixture.downloader(fixture.store(), true, disk);
    }
}
