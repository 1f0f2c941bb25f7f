package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.admission.Admission;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.SpeechVoices;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsLoader;
import dev.parlo.server.models.EngineFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SpeechPartTest {
    @TempDir Path home;

    @ParameterizedTest
    @EnumSource(names = {"KOKORO", "PIPER"})
    void aModelThatCannotBeLoadedLeavesNothingBehind(ModelFamily family) {
        Settings settings =
                SettingsLoader.load(
                        Map.of("PARLO_CACHE_DIR", home.resolve("cache").toString()),
                        Map.of(),
                        home);
        try (SpeechPart speech = new SpeechPart(settings)) {
            InstalledModel empty =
                    InstalledModel.partOfServer(
                            ModelId.parse("me/broken"),
                            family,
                            List.of("en"),
                            new SpeechVoices(24_000, List.of()),
                            home);
            EngineFactory factory = Objects.requireNonNull(speech.factories().get(family));
            long before = espeakThreads();
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> factory.load(empty, new Admission(1, 1), new Cancellation()));
            // the thread of a closed executor is gone a moment later
            Awaitility.await().until(() -> espeakThreads() == before);
        }
    }

    private static long espeakThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("espeak-ng"))
                .count();
    }
}
