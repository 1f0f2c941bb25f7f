package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.Placement;
import dev.parlo.engine.admission.Admission;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.SpeechVoices;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsLoader;
import dev.parlo.server.device.DeviceChoice;
import dev.parlo.server.device.Devices;
import dev.parlo.server.http.ErrorMapper;
import dev.parlo.server.models.EngineFactory;
import dev.parlo.server.models.MemoryEstimate;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.transcription.ComputeChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SpeechPartTest {
    @TempDir Path home;

    @Test
    void onlyWhatLiesInTheProcessCountsAgainstItsMemory() {
        Settings settings =
                SettingsLoader.load(
                        Map.of("PARLO_CACHE_DIR", home.resolve("cache").toString()),
                        Map.of(),
                        home);
        Devices processor = Devices.onCpu();
        DeviceChoice gpu = new DeviceChoice(List.of(new Placement.Cuda(0)), "as set");
        Devices onGpu =
                new Devices(processor.report(), processor.health(), gpu, gpu, processor.gpus());
        for (Devices devices : List.of(processor, onGpu)) {
            MemoryEstimate estimate = ComputeChoice.memory(settings.whisper(), devices);
            for (ModelFamily family :
                    List.of(
                            ModelFamily.WHISPER_CT2,
                            ModelFamily.WHISPER_GGML,
                            ModelFamily.KOKORO,
                            ModelFamily.PIPER)) {
                boolean canBeOnGpus =
                        family == ModelFamily.WHISPER_CT2 || family == ModelFamily.KOKORO;
                MemoryEstimate.Size size = estimate.of(sized(family, 1000).measured());
                assertThat(size.bytes()).isEqualTo(1000);
                assertThat(size.gpu())
                        .as(family + " on " + devices.whisper().label())
                        .isEqualTo(canBeOnGpus && devices == onGpu);
            }
        }
    }

    private InstalledModel sized(ModelFamily family, long bytes) {
        InstalledModel model =
                InstalledModel.partOfServer(
                        ModelId.parse("me/model"), family, List.of("en"), null, home);
        return new InstalledModel(
                model.id(),
                family,
                home,
                model.origin(),
                "",
                model.card(),
                new TreeMap<>(Map.of("weights", bytes)));
    }

    @ParameterizedTest
    @EnumSource(names = {"KOKORO", "PIPER"})
    void aModelThatCannotBeLoadedLeavesNothingBehind(ModelFamily family) {
        Settings settings =
                SettingsLoader.load(
                        Map.of("PARLO_CACHE_DIR", home.resolve("cache").toString()),
                        Map.of(),
                        home);
        try (SpeechPart speech = new SpeechPart(settings, Devices.onCpu())) {
            InstalledModel empty =
                    InstalledModel.partOfServer(
                            ModelId.parse("me/broken"),
                            family,
                            List.of("en"),
                            new SpeechVoices(24_000, List.of()),
                            home);
            EngineFactory factory = Objects.requireNonNull(speech.factories().get(family));
            Set<Thread> before = espeakThreads();
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> factory.load(empty, new Admission(1, 1), new Cancellation()));
            // the thread of a closed executor is gone a moment later
            Awaitility.await().until(() -> before.containsAll(espeakThreads()));
        }
    }

    /** The disk is as good as full where no folder can be made. */
    @ParameterizedTest
    @ValueSource(strings = {"tts-1", "espeak-ng/espeak-ng"})
    void withoutRoomForTheBuiltInVoiceTheDiskIsNamedAndNoModel(String name) throws IOException {
        Path file = Files.createFile(home.resolve("file"));
        Files.createDirectories(home.resolve("models/espeak-ng/espeak-ng"));
        Files.writeString(
                home.resolve("model_aliases.json"), "{\"tts-1\": \"speaches-ai/Kokoro-82M\"}");
        Settings settings =
                SettingsLoader.load(
                        Map.of(
                                "PARLO_CACHE_DIR",
                                file.resolve("cache").toString(),
                                "PARLO_TMP_DIR",
                                file.resolve("tmp").toString(),
                                "HF_HUB_CACHE",
                                home.resolve("hub").toString()),
                        Map.of(),
                        home);
        try (SpeechPart speech = new SpeechPart(settings, Devices.onCpu())) {
            ModelLibrary library =
                    ModelLibrary.open(
                            settings, ModelLibrary.store(settings, home, speech.partsOfServer()));
            assertThatThrownBy(
                            () -> {
                                try {
                                    var unused = library.require(name);
                                } catch (RegistryException missing) {
                                    var unused = speech.fallback(library).instead(name, missing);
                                }
                            })
                    .satisfies(failure ->
                            assertThat(ErrorMapper.toApiError(failure).status()).isEqualTo(507))
                    .hasMessageContaining("espeak-ng")
                    .hasMessageContaining("PARLO_CACHE_DIR")
                    .hasMessageNotContaining("not installed")
                    .hasMessageNotContaining("not supported")
                    .hasMessageNotContaining(home.toString());
        }
    }

    private static Set<Thread> espeakThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("espeak-ng"))
                .collect(Collectors.toSet());
    }
}
