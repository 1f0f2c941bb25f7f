package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.EngineException;
import java.nio.file.FileSystemException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the system refuses for now is worth another try, wherever it happened. */
class ExhaustedTest {
    static Stream<Throwable> refusals() {
        OutOfMemoryError thread = new OutOfMemoryError("unable to create native thread");
        FileSystemException files =
                new FileSystemException("/tmp/upload", null, "Too many open files");
        return Stream.of(
                thread,
                new EngineException(
                        EngineException.Category.INTERNAL, "Loading 'm' failed: " + thread, thread),
                new EngineException(
                        EngineException.Category.INTERNAL,
                        "An upload could not be written.",
                        files),
                new IllegalStateException(files));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aThreadMemoryOrFileThatTheSystemRefusesIs503AndNoPathIsTold(Throwable refusal) {
        ApiError error = ErrorMapper.toApiError(refusal);
        assertThat(error.status()).isEqualTo(503);
        assertThat(error.headers()).containsKey("Retry-After");
        assertThat(error.message()).doesNotContain("/tmp", "Exception", "thread:");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void otherFaultsAreNot(Throwable fault) {
        assertThat(ErrorMapper.toApiError(fault).status()).isEqualTo(500);
    }

    static Stream<Throwable> faults() {
        return Stream.of(
                new IllegalStateException("x"),
                new FileSystemException("/tmp/upload", null, "Permission denied"));
    }
}
