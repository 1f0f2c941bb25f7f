package dev.parlo.server;

import dev.parlo.engine.audio.AudioGaps;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.Settings.Logging;
import dev.parlo.server.Settings.Models.ListAliases;
import dev.parlo.server.device.DeviceSetting;
import dev.parlo.server.device.GpuSettings;
import dev.parlo.server.http.HttpLimits;
import dev.parlo.server.llm.LlmSettings;
import dev.parlo.server.realtime.Dialect;
import dev.parlo.server.realtime.RealtimeLimits;
import dev.parlo.server.socket.SocketLimits;
import dev.parlo.server.telemetry.TelemetrySettings;
import dev.parlo.server.wyoming.WyomingSettings;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads {@link Settings} from flags, then the environment, then the defaults. An empty value counts
 * as not given, except for {@code API_KEY}: a server that was meant to be closed must not start
 * open.
 */
public final class SettingsLoader {
    private static final Pattern INDEX_LIST =
            Pattern.compile("\\[\\s*(\\d{1,4})(\\s*,\\s*\\d{1,4})*\\s*]");

    private final Map<String, String> environment;
    private final SettingValues values;
    private final Path home;

    private SettingsLoader(Map<String, String> environment, Map<Setting, String> flags, Path home) {
        // Speaches reads its names in any case.
        Map<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        names.putAll(environment);
        this.environment = environment;
        this.values = new SettingValues(names, flags, new PathText(environment));
        this.home = home;
    }

    /**
     * @param home where relative default files lie: the folder of the program
     * @throws SettingsException naming every value that cannot be used
     */
    public static Settings load(
            Map<String, String> environment, Map<Setting, String> flags, Path home) {
        return new SettingsLoader(environment, flags, home).read();
    }

    /**
     * How to log, by itself and before anything else: reading the rest may load classes with
     * loggers, and the log is configured with the first of them. What cannot be used is its default
     * here and told by {@link #load}.
     */
    public static Logging logging(Map<String, String> environment, Map<Setting, String> flags) {
        return new SettingsLoader(environment, flags, Path.of("")).logging();
    }

    private Settings read() {
        NetworkSettings network = network();
        Settings.Listen listen = listen();
        AccessLoader access = new AccessLoader(values);
        Settings settings =
                new Settings(
                        listen,
                        access.access(),
                        logging(),
                        limits(),
                        new Settings.Audio(
                                values.bool(Setting.KEEP_AUDIO_GAPS)
                                        ? AudioGaps.KEEP
                                        : AudioGaps.CLOSE),
                        files(),
                        models(),
                        whisper(),
                        gpu(),
                        speech(),
                        hub(network),
                        llm(),
                        wyoming(listen),
                        access.fileUrls(),
                        new TelemetrySettings(environment),
                        warnings(network));
        values.check();
        return settings;
    }

    private Logging logging() {
        return new Logging(
                values.choice(Setting.LOG_LEVEL, Logging.Level.class),
                values.choice(Setting.LOG_FORMAT, Logging.Format.class));
    }

    private Settings.Listen listen() {
        String host = values.text(Setting.UVICORN_HOST);
        if (host == null) {
            String plain = values.raw("HOST");
            // Many shells set HOST to the machine's name, which says nothing about where to listen.
            host = plain != null && isAddress(plain) ? plain : Setting.UVICORN_HOST.defaultText();
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host =
                    host.substring(
                            1, host.length() - 1); // an IPv6 address as addresses of pages have it
        }
        int port = values.integer(Setting.UVICORN_PORT);
        return new Settings.Listen(
                host,
                port,
                values.seconds(Setting.SHUTDOWN_DELAY),
                values.seconds(Setting.SHUTDOWN_TIMEOUT));
    }

    private Settings.Limits limits() {
        long seconds = values.number(Setting.MAX_AUDIO_SECONDS);
        return new Settings.Limits(
                http(),
                values.number(Setting.MAX_UPLOAD_BYTES),
                seconds == 0 ? OptionalLong.empty() : OptionalLong.of(seconds),
                values.integer(Setting.STT_QUEUE_SIZE),
                values.integer(Setting.TTS_QUEUE_SIZE),
                values.seconds(Setting.MAX_QUEUE_SECONDS),
                values.seconds(Setting.REQUEST_TIMEOUT),
                values.seconds(Setting.STUCK_STEP_SECONDS),
                new SocketLimits(
                        values.integer(Setting.WS_MAX_MESSAGE_BYTES),
                        values.integer(Setting.WS_MAX_PER_CLIENT),
                        values.seconds(Setting.WS_IDLE_TIMEOUT),
                        values.seconds(Setting.WS_SEND_TIMEOUT)),
                new RealtimeLimits(
                        values.integer(Setting.REALTIME_MAX_SESSIONS),
                        values.seconds(Setting.REALTIME_SESSION_SECONDS),
                        values.seconds(Setting.MAX_TURN_SECONDS),
                        values.choice(Setting.REALTIME_DIALECT).equals("ga")
                                ? Dialect.GA
                                : Dialect.BETA));
    }

    private HttpLimits http() {
        return new HttpLimits(
                values.integer(Setting.MAX_CONNECTIONS),
                values.seconds(Setting.HEAD_TIMEOUT),
                values.number(Setting.MIN_UPLOAD_RATE),
                values.seconds(Setting.SEND_TIMEOUT),
                values.number(Setting.MAX_JSON_BYTES),
                values.number(Setting.MAX_JSON_AUDIO_BYTES),
                values.number(Setting.MAX_HELD_BYTES));
    }

    private Settings.Files files() {
        return new Settings.Files(
                values.path(Setting.MODELS_PATH),
                besideProgram(Setting.MODEL_ALIASES_PATH),
                values.path(Setting.PARLO_CACHE_DIR).orElse(userCache().resolve("parlo")),
                values.path(Setting.PARLO_TMP_DIR)
                        .orElse(Path.of(System.getProperty("java.io.tmpdir", "/tmp"))),
                home.resolve("prepared"));
    }

    /** A file that lies in the program's folder by default. */
    private Path besideProgram(Setting setting) {
        return values.path(setting).orElseGet(() -> home.resolve(setting.defaultText()));
    }

    private Settings.Models models() {
        return new Settings.Models(
                values.seconds(Setting.STT_MODEL_TTL),
                values.seconds(Setting.TTS_MODEL_TTL),
                values.seconds(Setting.VAD_MODEL_TTL),
                values.seconds(Setting.MODEL_LOAD_TIMEOUT),
                values.number(Setting.MODEL_MEMORY_BUDGET),
                values.list(Setting.PRELOAD_MODELS),
                values.bool(Setting.PRELOAD_STRICT),
                values.bool(Setting.AUTO_DOWNLOAD),
                values.choice(Setting.LIST_ALIASES, ListAliases.class));
    }

    private Settings.Whisper whisper() {
        return new Settings.Whisper(
                device(Setting.WHISPER__INFERENCE_DEVICE, Setting.WHISPER__DEVICE_INDEX),
                values.choice(Setting.WHISPER__COMPUTE_TYPE),
                values.integer(Setting.WHISPER__CPU_THREADS),
                values.integer(Setting.WHISPER__NUM_WORKERS),
                values.integer(Setting.WHISPER__AUDIO_CTX));
    }

    private DeviceSetting device(Setting choice, Setting indices) {
        return new DeviceSetting(
                values.choice(choice, DeviceSetting.Choice.class), indices(indices));
    }

    /** A number, or a JSON list of numbers as Speaches takes it. */
    private List<Integer> indices(Setting setting) {
        String given = values.text(setting);
        if (given == null || !given.startsWith("[")) {
            return List.of(values.integer(setting));
        }
        if (!INDEX_LIST.matcher(given).matches()) {
            values.problem(setting, given, "a whole number from 0, or a list such as [0, 1]");
            return List.of(0);
        }
        List<Integer> each =
                Arrays.stream(given.replaceAll("[\\[\\]\\s]", "").split(",", -1))
                        .map(Integer::valueOf)
                        .distinct()
                        .toList();
        SettingType.Whole range = (SettingType.Whole) setting.type();
        if (each.stream().anyMatch(index -> index < range.least() || index > range.most())) {
            values.problem(setting, given, range.accepted() + ", or a list of such numbers");
        }
        return each;
    }

    private GpuSettings gpu() {
        String folders = values.text(Setting.PARLO_CUDA_PATH);
        return new GpuSettings(
                besideProgram(Setting.PARLO_GPU_NATIVES),
                folders == null
                        ? List.of()
                        : values.paths(Setting.PARLO_CUDA_PATH, folders.split(":", -1)));
    }

    private Settings.Speech speech() {
        return new Settings.Speech(
                values.bool(Setting.TTS_FALLBACK),
                values.bool(Setting.VOICE_FALLBACK),
                besideProgram(Setting.VOICE_ALIASES_PATH),
                values.path(Setting.ESPEAK_LIBRARY),
                values.path(Setting.ESPEAK_DATA),
                besideProgram(Setting.PRONUNCIATIONS_PATH),
                values.path(Setting.KOKORO_LEXICONS_PATH),
                values.bool(Setting.ENABLE_VOICE_TAGS),
                values.number(Setting.MAX_SPEECH_CHARACTERS),
                values.seconds(Setting.MAX_SPEECH_SILENCE),
                device(Setting.KOKORO__INFERENCE_DEVICE, Setting.KOKORO__DEVICE_INDEX));
    }

    private List<String> warnings(NetworkSettings network) {
        List<String> warnings = new ArrayList<>(values.warnings());
        warnings.addAll(new IneffectiveVariables(values, environment).warnings());
        warnings.addAll(network.authorities().problems());
        return warnings;
    }

    /** Proxies and certificates; their two cases differ in rank, so the names are read as given. */
    private NetworkSettings network() {
        try {
            return NetworkSettings.of(environment);
        } catch (IllegalArgumentException unusable) {
            values.problem(String.valueOf(unusable.getMessage()));
            return NetworkSettings.direct();
        }
    }

    private Settings.Hub hub(NetworkSettings network) {
        Path hfHome = values.path(Setting.HF_HOME).orElse(userCache().resolve("huggingface"));
        Path tokenFile = values.path(Setting.HF_TOKEN_PATH).orElse(hfHome.resolve("token"));
        return new Settings.Hub(
                endpoint(),
                token(tokenFile),
                values.path(Setting.HF_HUB_CACHE).orElse(hfHome.resolve("hub")),
                values.bool(Setting.HF_HUB_OFFLINE),
                values.bool(Setting.HF_HUB_ENABLE_HF_TRANSFER),
                values.seconds(Setting.HF_HUB_ETAG_TIMEOUT),
                values.seconds(Setting.HF_HUB_DOWNLOAD_TIMEOUT),
                !values.bool(Setting.HF_HUB_DISABLE_IMPLICIT_TOKEN),
                !values.bool(Setting.HF_HUB_DISABLE_SYMLINKS),
                network);
    }

    private Optional<String> token(Path file) {
        Optional<String> token =
                Optional.ofNullable(values.text(Setting.HF_TOKEN)).or(() -> values.fileText(file));
        return values.printable(
                Setting.HF_TOKEN,
                token,
                "printable ASCII without spaces, also in the file " + file);
    }

    private LlmSettings llm() {
        return new LlmSettings(
                values.webAddress(Setting.CHAT_COMPLETION_BASE_URL),
                values.printable(
                        Setting.CHAT_COMPLETION_API_KEY,
                        Optional.ofNullable(values.text(Setting.CHAT_COMPLETION_API_KEY)),
                        "printable ASCII without spaces"),
                Optional.ofNullable(values.text(Setting.CHAT_COMPLETION_MODEL)),
                values.seconds(Setting.CHAT_COMPLETION_TIMEOUT));
    }

    private WyomingSettings wyoming(Settings.Listen listen) {
        int port = values.integer(Setting.WYOMING_PORT);
        String host = values.text(Setting.WYOMING_HOST);
        if (port >= 0 && values.given(Setting.API_KEY) != null) {
            values.warn(
                    Setting.WYOMING_PORT, "clients of that port need no key, unlike all others");
        }
        return new WyomingSettings(
                host == null ? listen.host() : host,
                port < 0 ? OptionalInt.empty() : OptionalInt.of(port));
    }

    private URI endpoint() {
        return values.webAddress(Setting.HF_ENDPOINT)
                .orElseGet(() -> URI.create(Setting.HF_ENDPOINT.defaultText()));
    }

    private Path userCache() {
        return values.path("XDG_CACHE_HOME")
                .orElse(Path.of(System.getProperty("user.home", "."), ".cache"));
    }

    private static boolean isAddress(String text) {
        try {
            return InetAddress.ofLiteral(text).getAddress().length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
