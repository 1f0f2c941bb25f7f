package dev.parlo.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.registry.RegistryException;
import dev.parlo.registry.hub.CancelSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLockingTest {
    @TempDir Path folder;
    private final FileLocking locks = new FileLocking();

    @Test
    void onLinuxAndMacTheLockIsFlock() {
        String system = System.getProperty("os.name");
        Assumptions.assumeTrue(
                system.equals("Linux") || system.startsWith("Mac"), "no flock on " + system);
        assertThat(locks.kind()).isEqualTo("flock");
    }

    @Test
    void aLockWhoseFileCannotBeComparedIsGivenBack() throws IOException {
        Optional<Flock> failing =
                Flock.available((file, descriptor) -> {
                    throw new IOException("not now");
                });
        Assumptions.assumeTrue(
                failing.isPresent() && System.getProperty("os.name").equals("Linux"));
        Path file = folder.resolve("d/etag.lock");
        FileLocking broken = new FileLocking(failing);
        assertThatThrownBy(() -> broken.tryAcquire(file)).hasMessage("not now");
        // an open descriptor would still hold it
        locks.tryAcquire(file).orElseThrow().close();
    }

    @Test
    void oneHoldsItAtATime() throws Exception {
        Path file = folder.resolve("a/etag.lock");
        FileLocking.Held first = locks.acquire(file, new CancelSignal());
        CompletableFuture<FileLocking.Held> second =
                CompletableFuture.supplyAsync(
                        () -> new FileLocking().acquire(file, new CancelSignal()));
        assertThat(second.isDone()).isFalse();
        first.close();
        second.get(60, TimeUnit.SECONDS).close();
        assertThat(file).exists();
    }

    @Test
    void withoutFlockOneHoldsItAtATimeToo() throws Exception {
        FileLocking byJdk = new FileLocking(Optional.empty());
        assertThat(byJdk.kind()).isEqualTo("FileChannel");
        Path file = folder.resolve("b/etag.lock");
        for (FileLocking other : List.of(byJdk, new FileLocking(Optional.empty()))) {
            try (FileLocking.Held held = byJdk.tryAcquire(file).orElseThrow()) {
                assertThat(held).isNotNull();
                assertThat(other.tryAcquire(file)).isEmpty();
            }
            other.tryAcquire(file).orElseThrow().close();
        }
        Path folderInItsPlace = Files.createDirectories(folder.resolve("c/etag.lock"));
        for (int i = 0; i < 2; i++) { // the second time not as if it were held
            assertThatThrownBy(() -> byJdk.tryAcquire(folderInItsPlace))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void waitingEndsWhenCancelled() {
        Path file = folder.resolve("etag.lock");
        CancelSignal signal = new CancelSignal();
        try (FileLocking.Held held = locks.acquire(file, new CancelSignal())) {
            assertThat(held).isNotNull();
            CompletableFuture<Void> cancel = CompletableFuture.runAsync(signal::cancel);
            assertThatThrownBy(() -> locks.acquire(file, signal))
                    .isInstanceOf(RegistryException.class);
            cancel.join();
        }
    }

    /** The same call that huggingface_hub's file lock makes, by another program. */
    @Test
    void otherProgramsFlockIsHonouredAndOurs() throws Exception {
        Path program = Path.of("/usr/bin/flock");
        Assumptions.assumeTrue(Files.isExecutable(program), "no flock(1) on this machine");
        Path file = Files.createFile(folder.resolve("etag.lock"));
        try (FileLocking.Held held = locks.acquire(file, new CancelSignal())) {
            assertThat(held).isNotNull();
            assertThat(run("flock", "-n", file.toString(), "true")).isEqualTo(1);
        }
        assertThat(run("flock", "-n", file.toString(), "true")).isZero();

        Process other =
                new ProcessBuilder("flock", file.toString(), "sh", "-c", "echo held; read line")
                        .start();
        assertThat(other.inputReader().readLine()).isEqualTo("held");
        CompletableFuture<FileLocking.Held> ours =
                CompletableFuture.supplyAsync(() -> locks.acquire(file, new CancelSignal()));
        assertThat(ours.isDone()).isFalse();
        other.outputWriter().close();
        ours.get(60, TimeUnit.SECONDS).close();
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).start().waitFor();
    }
}
