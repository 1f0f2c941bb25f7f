package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("locale")
class SettingsTest {
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
                                        new SocketLimits(
                                                4 << 20,
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

    @Test
    void anIpv6AddressMayStandInTheBracketsOfAWebAddress() {
        assertThat(load("UVICORN_HOST", "[::1]").listen().host()).isEqualTo("::1");
    }

    @Test
    void everythingChanged() {
        Settings settings =
                load(
                        "OTEL_SERVICE_NAME",
                        "ears",
                        "UVICORN_HOST",
                        "127.0.0.1",
                        "UVICORN_PORT",
                        "9000",
                        "SHUTDOWN_DELAY",
                        "7",
                        "SHUTDOWN_TIMEOUT",
                        "5",
                        "API_KEY",
                        "a, b",
                        "PUBLIC_LISTS",
                        "false",
                        "OPENAI_STRICT",
                        "yes",
                        "ALLOW_ORIGINS",
                        "[\"https://a.org\"]",
                        "ALLOWED_HOSTS",
                        "[\"b.org\"]",
                        "MAX_JSON_BYTES",
                        "4096",
                        "MAX_JSON_AUDIO_BYTES",
                        "8192",
                        "MAX_HELD_BYTES",
                        "9000",
                        "MAX_CONNECTIONS",
                        "100",
                        "HEAD_TIMEOUT",
                        "3",
                        "MIN_UPLOAD_RATE",
                        "0",
                        "SEND_TIMEOUT",
                        "4",
                        "WS_MAX_PER_CLIENT",
                        "5",
                        "LOG_LEVEL",
                        "Warning",
                        "LOG_FORMAT",
                        "json",
                        "MAX_UPLOAD_BYTES",
                        "25_000_000",
                        "MAX_AUDIO_SECONDS",
                        "0",
                        "KEEP_AUDIO_GAPS",
                        "false",
                        "STT_QUEUE_SIZE",
                        "1",
                        "MAX_SPEECH_CHARACTERS",
                        "5000",
                        "MAX_SPEECH_SILENCE",
                        "11",
                        "KOKORO__INFERENCE_DEVICE",
                        "cuda",
                        "KOKORO__DEVICE_INDEX",
                        "[2, 0, 2]",
                        "PARLO_GPU_NATIVES",
                        "/gpu",
                        "PARLO_CUDA_PATH",
                        "/a:/b:",
                        "TTS_QUEUE_SIZE",
                        "2",
                        "MAX_QUEUE_SECONDS",
                        "40",
                        "REQUEST_TIMEOUT",
                        "50",
                        "MODELS_PATH",
                        "/models",
                        "MODEL_ALIASES_PATH",
                        "/a.json",
                        "PARLO_CACHE_DIR",
                        "/cache",
                        "PARLO_TMP_DIR",
                        "/spool",
                        "STT_MODEL_TTL",
                        "-1",
                        "TTS_MODEL_TTL",
                        "0",
                        "VAD_MODEL_TTL",
                        "7",
                        "MODEL_LOAD_TIMEOUT",
                        "9",
                        "MODEL_MEMORY_BUDGET",
                        "4000000000",
                        "PRELOAD_MODELS",
                        "[\"a/b\"]",
                        "PRELOAD_STRICT",
                        "1",
                        "AUTO_DOWNLOAD",
                        "on",
                        "METRICS",
                        "open",
                        "LIST_ALIASES",
                        "only",
                        "WHISPER__INFERENCE_DEVICE",
                        "cpu",
                        "WHISPER__DEVICE_INDEX",
                        "1",
                        "WHISPER__COMPUTE_TYPE",
                        "float32",
                        "whisper__cpu_threads",
                        "3",
                        "WHISPER__AUDIO_CTX",
                        "500",
                        "WHISPER__NUM_WORKERS",
                        "2",
                        "TTS_FALLBACK",
                        "false",
                        "VOICE_FALLBACK",
                        "true",
                        "WS_MAX_MESSAGE_BYTES",
                        "65_536",
                        "WS_IDLE_TIMEOUT",
                        "7",
                        "WS_SEND_TIMEOUT",
                        "8",
                        "REALTIME_MAX_SESSIONS",
                        "9",
                        "REALTIME_SESSION_SECONDS",
                        "10",
                        "MAX_TURN_SECONDS",
                        "11",
                        "REALTIME_DIALECT",
                        "GA",
                        "VOICE_ALIASES_PATH",
                        "/v.json",
                        "PRONUNCIATIONS_PATH",
                        "/p.json",
                        "KOKORO_LEXICONS_PATH",
                        "/lexicons",
                        "ENABLE_VOICE_TAGS",
                        "true",
                        "ESPEAK_LIBRARY",
                        "/e.so",
                        "ESPEAK_DATA",
                        "/e",
                        "HF_ENDPOINT",
                        "http://localhost:1/",
                        "HF_TOKEN",
                        "hf_x",
                        "HF_HUB_CACHE",
                        "/hub",
                        "HF_HUB_OFFLINE",
                        "1",
                        "HF_HUB_ENABLE_HF_TRANSFER",
                        "0",
                        "HF_HUB_ETAG_TIMEOUT",
                        "3",
                        "HF_HUB_DOWNLOAD_TIMEOUT",
                        "4",
                        "HF_HUB_DISABLE_IMPLICIT_TOKEN",
                        "1",
                        "HF_HUB_DISABLE_SYMLINKS",
                        "1",
                        "CHAT_COMPLETION_BASE_URL",
                        "http://localhost:11434/v1/",
                        "CHAT_COMPLETION_API_KEY",
                        "sk-1",
                        "CHAT_COMPLETION_MODEL",
                        "qwen3",
                        "CHAT_COMPLETION_TIMEOUT",
                        "5",
                        "WYOMING_PORT",
                        "10300",
                        "FILE_URLS",
                        "true",
                        "FILE_URL_HOSTS",
                        "[\"A.example.org\"]",
                        "FILE_URL_PRIVATE_HOSTS",
                        "[\"minio.internal\"]",
                        "FILE_URL_TIMEOUT",
                        "7",
                        "WYOMING_HOST",
                        "127.0.0.2");
        assertThat(settings)
                .isEqualTo(
                        new Settings(
                                new Settings.Listen(
                                        "127.0.0.1",
                                        9000,
                                        Duration.ofSeconds(7),
                                        Duration.ofSeconds(5)),
                                new Settings.Access(
                                        List.of("a", "b"),
                                        true,
                                        false,
                                        List.of("https://a.org"),
                                        List.of("b.org"),
                                        Settings.Metrics.OPEN),
                                new Logging(Logging.Level.WARNING, Logging.Format.JSON),
                                new Settings.Limits(
                                        new HttpLimits(
                                                100,
                                                Duration.ofSeconds(3),
                                                0,
                                                Duration.ofSeconds(4),
                                                4096,
                                                8192,
                                                9000),
                                        25_000_000,
                                        OptionalLong.empty(),
                                        1,
                                        2,
                                        Duration.ofSeconds(40),
                                        Duration.ofSeconds(50),
                                        new SocketLimits(
                                                65536,
                                                5,
                                                Duration.ofSeconds(7),
                                                Duration.ofSeconds(8)),
                                        new RealtimeLimits(
                                                9,
                                                Duration.ofSeconds(10),
                                                Duration.ofSeconds(11),
                                                Dialect.GA)),
                                new Settings.Audio(AudioGaps.CLOSE),
                                new Settings.Files(
                                        Optional.of(Path.of("/models")),
                                        Path.of("/a.json"),
                                        Path.of("/cache"),
                                        Path.of("/spool"),
                                        HOME.resolve("prepared")),
                                new Settings.Models(
                                        Duration.ofSeconds(-1),
                                        Duration.ZERO,
                                        Duration.ofSeconds(7),
                                        Duration.ofSeconds(9),
                                        4_000_000_000L,
                                        List.of("a/b"),
                                        true,
                                        true,
                                        ListAliases.ONLY),
                                new Settings.Whisper(
                                        new DeviceSetting(Choice.CPU, List.of(1)),
                                        "float32",
                                        3,
                                        2,
                                        500),
                                new GpuSettings(
                                        Path.of("/gpu"), List.of(Path.of("/a"), Path.of("/b"))),
                                new Settings.Speech(
                                        false,
                                        true,
                                        Path.of("/v.json"),
                                        Optional.of(Path.of("/e.so")),
                                        Optional.of(Path.of("/e")),
                                        Path.of("/p.json"),
                                        Optional.of(Path.of("/lexicons")),
                                        true,
                                        5000,
                                        Duration.ofSeconds(11),
                                        new DeviceSetting(Choice.CUDA, List.of(2, 0))),
                                new Settings.Hub(
                                        URI.create("http://localhost:1"),
                                        Optional.of("hf_x"),
                                        Path.of("/hub"),
                                        true,
                                        false,
                                        Duration.ofSeconds(3),
                                        Duration.ofSeconds(4),
                                        false,
                                        false,
                                        NetworkSettings.direct()),
                                new LlmSettings(
                                        Optional.of(URI.create("http://localhost:11434/v1")),
                                        Optional.of("sk-1"),
                                        Optional.of("qwen3"),
                                        Duration.ofSeconds(5)),
                                new WyomingSettings("127.0.0.2", OptionalInt.of(10300)),
                                new FileUrlSettings(
                                        true,
                                        List.of("a.example.org"),
                                        List.of("minio.internal"),
                                        Duration.ofSeconds(7)),
                                new TelemetrySettings(Map.of("OTEL_SERVICE_NAME", "ears")),
                                List.of(
                                        "WYOMING_PORT: clients of that port need no key, unlike all"
                                                + " others")));
    }

    @Test
    void flagsWinOverTheEnvironment() {
        Settings settings =
                SettingsLoader.load(
                        Map.of("UVICORN_PORT", "9000"), Map.of(Setting.UVICORN_PORT, "9001"), HOME);
        assertThat(settings.listen().port()).isEqualTo(9001);
    }

    @Test
    void uvicornPortWinsOverPort() {
        assertThat(load("PORT", "81").listen().port()).isEqualTo(81);
        assertThat(load("PORT", "81", "UVICORN_PORT", "82").listen().port()).isEqualTo(82);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.7, 10.0.0.7", "::1, ::1", "my-laptop, 0.0.0.0", "1.2.3.4.5, 0.0.0.0"})
    void plainHostCountsOnlyAsAnAddress(String given, String host) {
        assertThat(load("HOST", given).listen().host()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UVICORN_PORT|eighty|UVICORN_PORT: got eighty, accepted: a whole number from 0 to 65535.",
                "PORT|70000|PORT: got 70000, accepted: a whole number from 0 to 65535.",
                "STT_MODEL_TTL|-2|STT_MODEL_TTL: got -2",
                "LOG_LEVEL|loud|accepted: debug, info, warning, error, critical.",
                "WHISPER__COMPUTE_TYPE|int4|accepted: auto, default, int8, int8_float32,",
                "WHISPER__INFERENCE_DEVICE|gpu|accepted: auto, cpu, cuda.",
                "AUTO_DOWNLOAD|maybe|accepted: true or false.",
                "PRELOAD_MODELS|a/b|a JSON list of strings",
                "ALLOW_ORIGINS|{}|a JSON list of strings",
                "HF_ENDPOINT|ftp://x|an http or https address",
                "API_KEY|''|API_KEY: got an empty key",
                "API_KEY|'a,'|API_KEY: got an empty key"
            })
    void aBadValueNamesTheVariableAndWhatIsAccepted(String name, String value, String message) {
        assertThatThrownBy(() -> load(name, value))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(message);
    }

    @Test
    void allProblemsAreReportedTogether() {
        assertThatThrownBy(() -> load("LOG_LEVEL", "x", "UVICORN_PORT", "y"))
                .hasMessageContaining("LOG_LEVEL")
                .hasMessageContaining("UVICORN_PORT");
    }

    @Test
    void unknownWhisperVariablesWarn() {
        assertThat(load("WHISPER__USE_BATCHED_MODE", "true").warnings())
                .singleElement()
                .asString()
                .startsWith("WHISPER__USE_BATCHED_MODE is not known");
    }

    /** Files of variables and service managers do not expand what a shell would. */
    @ParameterizedTest
    @CsvSource({
        "${HOME}/hub, HOME/hub",
        "$HOME/hub, HOME/hub",
        "~/hub, HOME/hub",
        "${DATA}/hub, /data/hub",
        "/x/$DATA/hub, /x//data/hub",
        "/a$b/hub, /a$b/hub"
    })
    void pathsAreExpandedAsByAShell(String given, Path meant) {
        Path expected =
                Path.of(meant.toString().replaceFirst("^HOME", System.getProperty("user.home")));
        for (String name : List.of("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")) {
            assertThat(load(name, given, "DATA", "/data").hub().cache()).isEqualTo(expected);
        }
        assertThat(load("HF_HOME", given, "DATA", "/data").hub().cache())
                .isEqualTo(expected.resolve("hub"));
        assertThat(load("MODELS_PATH", given, "DATA", "/data").files().models()).contains(expected);
        assertThat(load("PARLO_CACHE_DIR", given, "DATA", "/data").files().cache())
                .isEqualTo(expected);
    }

    @Test
    void aPathWithAVariableThatIsNotSetIsRefused() {
        assertThatThrownBy(() -> load("HF_HOME", "${NO_SUCH}/hf"))
                .hasMessageContaining("HF_HOME: got ${NO_SUCH}/hf, accepted: a path whose")
                .hasMessageContaining("NO_SUCH is not");
    }

    @ParameterizedTest
    @CsvSource({
        "TRANSFORMERS_OFFLINE, 1, '', true",
        "HF_HUB_OFFLINE, 1, '', true",
        "TRANSFORMERS_OFFLINE, 1, 0, false",
        "TRANSFORMERS_OFFLINE, 0, '', false"
    })
    void bothOfflineVariablesCountAsInTheLibrary(
            String name, String value, String hub, boolean offline) {
        Settings settings =
                hub.isEmpty() ? load(name, value) : load(name, value, "HF_HUB_OFFLINE", hub);
        assertThat(settings.hub().offline()).isEqualTo(offline);
    }

    @Test
    void aProxyThatIsNoneAndACertificateThatIsMissingAreSaid() {
        assertThatThrownBy(() -> load("HTTPS_PROXY", "ftp://me:sesame@proxy"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("HTTPS_PROXY: got ftp://…@proxy, accepted: http://")
                .hasMessageNotContaining("sesame");
        assertThat(load("SSL_CERT_FILE", "/nowhere/ca.pem").warnings())
                .containsExactly("SSL_CERT_FILE names /nowhere/ca.pem, which cannot be read.");
        assertThat(load("https_proxy", "http://me:sesame@proxy:1").toString())
                .doesNotContain("sesame");
    }

    @Test
    void secretsAreNotPrinted() {
        assertThat(load("API_KEY", "sesame", "HF_TOKEN", "hf_secret").toString())
                .doesNotContain("sesame")
                .doesNotContain("hf_secret");
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
    void aNumberThatIsWrittenAsAWordIsRefusedNamingItsRange(Setting setting) {
        if (setting.type() instanceof SettingType.Whole range) {
            assertThatThrownBy(() -> load(setting.variable(), "many"))
                    .hasMessageContaining(setting.variable() + ": got many, accepted: ")
                    .hasMessageContaining("from " + range.least());
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

    @Test
    void aListOfDevicesIsEachOfThemOnce() {
        assertThat(load("WHISPER__DEVICE_INDEX", "[1, 0, 1]").whisper().device().indices())
                .containsExactly(1, 0);
        assertThat(load("WHISPER__DEVICE_INDEX", "[0]").whisper().device()).isEqualTo(AUTO);
    }
}
