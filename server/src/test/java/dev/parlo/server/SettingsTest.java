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

/** Every setting reaches its place. */
@Tag("locale")
class SettingsTest {
    private static final Path HOME = Path.of("/opt/parlo");

    private static Settings load(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return SettingsLoader.load(environment, Map.of(), HOME);
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
                        "STUCK_STEP_SECONDS",
                        "60",
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
                                        Duration.ofSeconds(60),
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
                                                + " others",
                                        "VOICE_ALIASES_PATH: there is no file /v.json yet",
                                        "PRONUNCIATIONS_PATH: there is no file /p.json yet")));
    }
}
