package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.audio.AudioGaps;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.Settings.Logging;
import dev.parlo.server.Settings.Models.ListAliases;
import dev.parlo.server.device.DeviceSetting;
import dev.parlo.server.device.DeviceSetting.Choice;
import dev.parlo.server.device.GpuSettings;
import dev.parlo.server.fileurl.FileUrlSettings;
import dev.parlo.server.http.HttpLimits;
import dev.parlo.server.llm.LlmSettings;
import dev.parlo.server.realtime.Dialect;
import dev.parlo.server.realtime.RealtimeLimits;
import dev.parlo.server.socket.SocketLimits;
import dev.parlo.server.telemetry.TelemetrySettings;
import dev.parlo.server.wyoming.WyomingSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds where nothing is set. */
@Tag("locale")
class DefaultSettingsTest {
    private static final Path HOME = Path.of("/opt/parlo");
    private static final DeviceSetting AUTO = new DeviceSetting(Choice.AUTO, List.of(0));

    private static Settings load(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return SettingsLoader.load(environment, Map.of(), HOME);
    }

    @Test
    void defaults() {
        Path cache = Path.of(System.getProperty("user.home"), ".cache");
        assertThat(load("XDG_CACHE_HOME", cache.toString()))
                .isEqualTo(
                        new Settings(
                                new Settings.Listen(
                                        "0.0.0.0", 8000, Duration.ZERO, Duration.ofSeconds(30)),
                                new Settings.Access(
                                        List.of(),
                                        false,
                                        true,
                                        List.of(),
                                        List.of(),
                                        Settings.Metrics.ON),
                                new Logging(Logging.Level.INFO, Logging.Format.TEXT),
                                new Settings.Limits(
                                        new HttpLimits(
                                                0,
                                                Duration.ofSeconds(20),
                                                256,
                                                Duration.ofSeconds(30),
                                                2 << 20,
                                                64 << 20,
                                                0),
                                        1L << 30,
                                        OptionalLong.of(14_400),
                                        32,
                                        64,
                                        Duration.ofSeconds(600),
                                        Duration.ZERO,
                                        Duration.ofSeconds(300),
                                        new SocketLimits(
                                                22 << 20,
                                                256,
                                                Duration.ofSeconds(180),
                                                Duration.ofSeconds(30)),
                                        new RealtimeLimits(
                                                64,
                                                Duration.ofHours(1),
                                                Duration.ofMinutes(5),
                                                Dialect.BETA)),
                                new Settings.Audio(AudioGaps.KEEP),
                                new Settings.Files(
                                        Optional.empty(),
                                        HOME.resolve("model_aliases.json"),
                                        cache.resolve("parlo"),
                                        Path.of(System.getProperty("java.io.tmpdir")),
                                        HOME.resolve("prepared")),
                                new Settings.Models(
                                        Duration.ofSeconds(300),
                                        Duration.ofSeconds(300),
                                        Duration.ofSeconds(-1),
                                        Duration.ofSeconds(300),
                                        0,
                                        List.of(),
                                        false,
                                        false,
                                        ListAliases.OFF),
                                new Settings.Whisper(AUTO, "auto", 0, 0, 0),
                                new GpuSettings(HOME.resolve("gpu"), List.of()),
                                new Settings.Speech(
                                        true,
                                        false,
                                        HOME.resolve("voice_aliases.json"),
                                        Optional.empty(),
                                        Optional.empty(),
                                        HOME.resolve("pronunciations.json"),
                                        Optional.empty(),
                                        false,
                                        200_000,
                                        Duration.ofSeconds(3600),
                                        AUTO),
                                new Settings.Hub(
                                        URI.create("https://huggingface.co"),
                                        Optional.empty(),
                                        cache.resolve("huggingface/hub"),
                                        false,
                                        true,
                                        Duration.ofSeconds(10),
                                        Duration.ofSeconds(10),
                                        true,
                                        true,
                                        NetworkSettings.direct()),
                                new LlmSettings(
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Duration.ofSeconds(300)),
                                new WyomingSettings("0.0.0.0", OptionalInt.empty()),
                                new FileUrlSettings(
                                        false, List.of(), List.of(), Duration.ofSeconds(300)),
                                new TelemetrySettings(Map.of()),
                                List.of()));
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void everyDefaultIsAValueThatIsAccepted(Setting setting) {
        if (setting.type() instanceof SettingType.Whole
                || setting.type() instanceof SettingType.Flag
                || setting.type() instanceof SettingType.Choice) {
            assertThat(load(setting.variable(), setting.defaultText())).isEqualTo(load());
        }
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void everySettingIsDocumented(Setting setting) throws Exception {
        Path document = ProjectFiles.root().resolve("docs/configuration.md");
        assertThat(java.nio.file.Files.readString(document))
                .contains("`" + setting.variable() + "`")
                .contains("`" + setting.flag() + "`");
    }
}
