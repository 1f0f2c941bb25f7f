package dev.parlo.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver's calls, against a library of the same functions that a C compiler makes. */
class LibCudaTest {
    @TempDir static Path folder;

    private static CudaDriver stub(String name) throws Exception {
        Path own = java.nio.file.Files.createDirectory(folder.resolve(name));
        Optional<CudaDriver> driver = StubDriver.compile(own);
        assumeThat(driver).as("a C compiler").isPresent();
        return driver.orElseThrow();
    }

    @Test
    void copiesAndBlocksArriveWhereHostMemoryPutsThem() throws Exception {
        Random random = new Random(3);
        byte[] content = new byte[4096];
        random.nextBytes(content);
        byte[] expected = copied(new HostMemoryDriver(1 << 20), content);
        assertThat(copied(stub("copies"), content)).isEqualTo(expected).isNotEqualTo(content);
    }

    private static byte[] copied(CudaDriver driver, byte[] content) {
        long context = driver.retain(0);
        driver.use(context);
        long free = driver.freeBytes();
        long stream = driver.createStream(true);
        long memory = driver.allocate(content.length);
        MemorySegment host = driver.allocateHost(content.length);
        assertThat(free - driver.freeBytes()).isEqualTo(2L * content.length);
        host.copyFrom(MemorySegment.ofArray(content));
        driver.upload(memory, host, stream);
        // two slices of four rows of 256 bytes, of which the first three hold 40 bytes to move
        driver.copy(new CudaDriver.Block(memory + 8, memory + 1032, 40, 3, 2, 256, 2048), stream);
        driver.clear(memory + 4000, 96, stream);
        host.fill((byte) 0);
        driver.download(host, memory, stream);
        driver.synchronize(stream);
        byte[] result = host.toArray(ValueLayout.JAVA_BYTE);
        driver.freeHost(host);
        driver.free(memory);
        driver.destroyStream(stream);
        assertThat(driver.freeBytes()).isEqualTo(free);
        driver.release(0);
        return result;
    }

    @Test
    void failuresHaveTheDriversNames() throws Exception {
        CudaDriver driver = stub("failures");
        driver.use(driver.retain(0));
        assertThatThrownBy(() -> driver.allocate(2L << 30))
                .isInstanceOfSatisfying(
                        CudaException.class,
                        e -> assertThat(e.code()).isEqualTo(CudaException.OUT_OF_MEMORY))
                .hasMessage("cuMemAlloc_v2: CUDA_ERROR_OUT_OF_MEMORY (2)");
        assertThatThrownBy(() -> driver.retain(7)).hasMessageContaining("cuDeviceGet");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment some = arena.allocate(8);
            long address = driver.allocate(8);
            assertThatThrownBy(() -> driver.upload(address, some, 12345))
                    .isInstanceOf(CudaException.class);
            driver.free(address);
        }
    }
}
