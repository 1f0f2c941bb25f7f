package dev.parlo.server;

import static dev.parlo.server.SettingType.choice;
import static dev.parlo.server.SettingType.seconds;
import static dev.parlo.server.SettingType.whole;

import dev.parlo.engine.whisper.WhisperLimits;
import dev.parlo.server.SettingType.FileLocation;
import dev.parlo.server.SettingType.Flag;
import dev.parlo.server.SettingType.FolderLocation;
import dev.parlo.server.SettingType.Location;
import dev.parlo.server.SettingType.Text;
import dev.parlo.server.SettingType.Texts;
import dev.parlo.server.device.DeviceSetting;
import dev.parlo.server.http.HttpLimits;
import java.util.List;
import java.util.Locale;

/**
 * Every setting, described once: the environment variable and its other names, the flag of {@code
 * parlo serve}, the values that are accepted, the default and what it means. {@link SettingsLoader}
 * reads by it, the help and the table in {@code docs/configuration.md} are made from it. The names
 * that Speaches and {@code huggingface_hub} have are theirs.
 */
public enum Setting {
    UVICORN_HOST(
            new Text("ADDRESS"),
            "0.0.0.0",
            "Address to listen on. Also `HOST`, where that is an IP address."),
    UVICORN_PORT(whole(0, 65_535), 8000, "Port to listen on, 0 for any free one.", "PORT"),
    API_KEY(
            new Text("KEYS"),
            "",
            "Keys that clients must send as a bearer token, separated by commas. None: open."),
    OPENAI_STRICT(
            new Flag(),
            false,
            "401, as OpenAI answers a missing or wrong key, instead of Speaches' 403."),
    PUBLIC_LISTS(
            new Flag(),
            true,
            "The names of speech models and voices are told without a key, as Open WebUI asks for"
                    + " them."),
    ALLOW_ORIGINS(new Texts(), "", "Web origins allowed by CORS, such as `[\"https://a.org\"]`."),
    ALLOWED_HOSTS(
            new Texts(),
            "",
            "Names under which a server on a loopback address may be asked; `[\"*\"]`: any. Checked"
                    + " without a key only."),
    METRICS(
            choice(Settings.Metrics.class),
            "on",
            "`GET /metrics` for Prometheus: with a key where there is one, `open` to everyone, or"
                    + " `off`."),
    LOG_LEVEL(choice(Settings.Logging.Level.class), "info", "How much is logged."),
    LOG_FORMAT(choice(Settings.Logging.Format.class), "text", "How lines are logged."),
    SHUTDOWN_DELAY(
            seconds(0),
            0,
            "Seconds after SIGTERM in which `/health/ready` is 503 and requests are served as before,"
                    + " so that load balancers send no more."),
    SHUTDOWN_TIMEOUT(seconds(0), 30, "Seconds that running requests have to finish after that."),
    MAX_UPLOAD_BYTES(whole(1, Long.MAX_VALUE / 2), 1L << 30, "Largest uploaded file, in bytes."),
    FILE_URLS(
            new Flag(),
            false,
            "Whether transcriptions and translations fetch a recording from the web address in"
                    + " `file_url`."),
    FILE_URL_HOSTS(
            new Texts(),
            "",
            "The only hosts that are fetched from, such as `[\"media.example.org\","
                    + " \"*.example.com\"]`. None: every host with public addresses."),
    FILE_URL_PRIVATE_HOSTS(
            new Texts(),
            "",
            "Hosts that are fetched from although their addresses are private, such as"
                    + " `[\"minio.internal\"]`."),
    FILE_URL_TIMEOUT(
            seconds(1), 300, "Seconds that fetching a recording may take, redirects included."),
    MAX_JSON_BYTES(
            whole(1024, Integer.MAX_VALUE / 2),
            HttpLimits.USUAL.jsonBytes(),
            "Largest JSON body of a request that has no audio in it, in bytes."),
    MAX_JSON_AUDIO_BYTES(
            whole(1024, Integer.MAX_VALUE / 2),
            HttpLimits.USUAL.audioBytes(),
            "Largest body of a request with audio within JSON or MessagePack, in bytes."),
    MAX_HELD_BYTES(
            whole(0, Long.MAX_VALUE / 2),
            HttpLimits.USUAL.heldBytes(),
            "Bytes that bodies, messages and speech that is answered whole may take in memory"
                    + " together; beyond it, 503. 0: an eighth of the Java heap."),
    MAX_CONNECTIONS(
            whole(0, 1_000_000),
            HttpLimits.USUAL.connections(),
            "Connections open at once; more are answered 503. 0: half of the files that the process"
                    + " may still open, at most 8192."),
    HEAD_TIMEOUT(
            seconds(1),
            HttpLimits.USUAL.headTime().toSeconds(),
            "Seconds that the head of a request may take from its first byte on, else 408. The rate"
                    + " of a body is measured over the same time."),
    MIN_UPLOAD_RATE(
            whole(0, Integer.MAX_VALUE),
            HttpLimits.USUAL.slowestBytesPerSecond(),
            "Bytes a second below which the sender of a body is answered 408. 0: no limit."),
    SEND_TIMEOUT(
            seconds(1),
            HttpLimits.USUAL.sendTime().toSeconds(),
            "Seconds that a client may read nothing of its answer before its request is cancelled."),
    MAX_AUDIO_SECONDS(seconds(0), 14_400, "Longest audio of a request, in seconds. 0: no limit."),
    KEEP_AUDIO_GAPS(
            new Flag(),
            true,
            "Whether a late start of the audio and gaps in it are silence, so that times fit the"
                    + " file. false: closed up, as faster-whisper does."),
    MAX_SPEECH_CHARACTERS(
            whole(0, Integer.MAX_VALUE),
            200_000,
            "Longest text of a speech request or conversation, in characters. 0: no limit."),
    MAX_SPEECH_SILENCE(
            seconds(0),
            3600,
            "Seconds that the pauses in the text of a speech request may last together. 0: no"
                    + " limit."),
    STT_QUEUE_SIZE(
            whole(0, 100_000),
            32,
            "Transcriptions that may wait for a model; more are answered 429."),
    TTS_QUEUE_SIZE(
            whole(0, 100_000),
            64,
            "Speech requests that may wait for a model; more are answered 429."),
    MAX_QUEUE_SECONDS(
            seconds(0),
            600,
            "Seconds that a request may be expected to wait for a model; one that would wait longer"
                    + " is answered 429. 0: no limit."),
    REQUEST_TIMEOUT(
            seconds(0),
            0,
            "Seconds after which transcriptions and speech that are not done are ended and answered"
                    + " 504. The header `X-Request-Timeout` sets it for one request. 0: no limit."),
    STUCK_STEP_SECONDS(
            seconds(0),
            300,
            "Seconds that a model may be in one step of native code, such as one run of an encoder."
                    + " A longer one is asked to end; a tenth of that later its engine is given up"
                    + " and another loaded, and after as long again `/health/live` fails. 0: no"
                    + " limit."),
    WS_MAX_MESSAGE_BYTES(
            whole(1 << 10, Integer.MAX_VALUE / 4),
            22 << 20,
            "Longest message that a WebSocket takes, in bytes; OpenAI's clients append up to 15 MiB"
                    + " of audio, 20 as base64."),
    WS_MAX_PER_CLIENT(
            whole(0, 1_000_000),
            256,
            "WebSockets that one client address may have open. 0: no limit."),
    WS_IDLE_TIMEOUT(seconds(1), 180, "Seconds that the client of a WebSocket may be silent."),
    WS_SEND_TIMEOUT(
            seconds(1),
            30,
            "Seconds that the client of a WebSocket may take to read what it is sent."),
    REALTIME_MAX_SESSIONS(
            whole(0, 1_000_000), 64, "Realtime sessions that may be open at once. 0: no limit."),
    REALTIME_SESSION_SECONDS(seconds(1), 3600, "Longest Realtime session, in seconds."),
    REALTIME_DIALECT(
            choice("beta", "ga"),
            "beta",
            "In which shape of the Realtime protocol a client is answered that does not show which"
                    + " one it speaks."),
    MAX_TURN_SECONDS(
            seconds(1),
            300,
            "Longest turn of live audio, in seconds. A longer one is transcribed in parts."),
    WYOMING_PORT(
            whole(-1, 65_535),
            -1,
            "Port on which the Wyoming protocol is spoken, for Home Assistant, usually 10300; 0: any"
                    + " free one, -1: none. It has no keys."),
    WYOMING_HOST(new Text("ADDRESS"), "", "Address to listen on for it. None: `UVICORN_HOST`."),
    MODELS_PATH(new Location(), "", "Folder of local models, laid out as `<owner>/<name>`."),
    MODEL_ALIASES_PATH(
            new FileLocation(), "model_aliases.json", "File of short names for model ids."),
    PARLO_CACHE_DIR(
            new Location(),
            "~/.cache/parlo",
            "Where converted weights and unpacked libraries are kept."),
    PARLO_TMP_DIR(
            new Location(), "the system's", "Where uploads are spooled while a request runs."),
    STT_MODEL_TTL(
            seconds(-1),
            300,
            "Seconds an idle transcription model stays loaded. -1: for ever, 0: not."),
    TTS_MODEL_TTL(seconds(-1), 300, "The same of a speech model."),
    VAD_MODEL_TTL(seconds(-1), -1, "The same of a voice activity model."),
    MODEL_LOAD_TIMEOUT(
            seconds(1),
            300,
            "Seconds that loading a model may take, from its own start; as long it may wait for"
                    + " room, and convert weights before its first load."),
    MODEL_MEMORY_BUDGET(
            whole(0, Long.MAX_VALUE),
            0,
            "Bytes that loaded models may take together. 0: half of the memory."),
    PRELOAD_MODELS(
            new Texts(),
            "",
            "Models to load at start. One that is not installed is downloaded, also without"
                    + " `AUTO_DOWNLOAD`."),
    PRELOAD_STRICT(new Flag(), false, "Whether a model that cannot be preloaded ends the start."),
    AUTO_DOWNLOAD(
            new Flag(), false, "Whether a model that is not installed is downloaded on first use."),
    LIST_ALIASES(
            choice(Settings.Models.ListAliases.class),
            "off",
            "Aliases in the list of models: none, besides the models, or alone."),
    WHISPER__INFERENCE_DEVICE(
            choice(DeviceSetting.Choice.class),
            "auto",
            "Where Whisper's checkpoints are computed. `auto`: on a GPU where one can be used, else on"
                    + " the processor; `cuda`: the start is refused without one."),
    WHISPER__DEVICE_INDEX(
            whole(0, 1024),
            0,
            "Which GPU, as the driver counts them; of a list such as `[0, 1]` every one gets each model,"
                    + " and a request goes to the one with the least to do."),
    WHISPER__COMPUTE_TYPE(
            choice(
                    "auto",
                    "default",
                    "int8",
                    "int8_float32",
                    "int8_float16",
                    "int8_bfloat16",
                    "int16",
                    "float16",
                    "bfloat16",
                    "float32"),
            "auto",
            "Whisper's numbers. The processor computes `int8` and `float32`, a GPU `float16` and"
                    + " `float32`; another type stands for the nearest of these, with a warning."),
    WHISPER__CPU_THREADS(
            whole(0, 1024), 0, "Threads of one Whisper model. 0: as many as suit the machine."),
    WHISPER__NUM_WORKERS(
            whole(0, 1024),
            0,
            "Windows of audio that one Whisper model computes side by side. 0: those of all requests"
                    + " share each step of the decoder, up to 16 as memory allows; GGML models"
                    + " compute one at a time. 1: one after another."),
    WHISPER__AUDIO_CTX(
            whole(0, WhisperLimits.MOST_AUDIO_POSITIONS),
            0,
            "The `audio_ctx` of transcriptions that send none. Not on a GPU."),
    KOKORO__INFERENCE_DEVICE(
            choice(DeviceSetting.Choice.class),
            "auto",
            "The same as Whisper's device, for Kokoro."),
    KOKORO__DEVICE_INDEX(whole(0, 1024), 0, "Which GPU, or a list of them, for Kokoro."),
    PARLO_GPU_NATIVES(
            new Location(),
            "gpu",
            "Folder of an ONNX Runtime for GPUs, as `packaging/gpu-natives` makes it."),
    PARLO_CUDA_PATH(
            new Text("FOLDERS"),
            "",
            "Folders of CUDA's libraries, separated by `:`, looked through before the system's."),
    TTS_FALLBACK(
            new Flag(), true, "Whether espeak-ng answers where a speech model is not installed."),
    VOICE_FALLBACK(
            new Flag(), false, "Whether an unknown voice is answered by the model's first voice."),
    VOICE_ALIASES_PATH(new FileLocation(), "voice_aliases.json", "File of other names for voices."),
    PRONUNCIATIONS_PATH(
            new FileLocation(),
            "pronunciations.json",
            "File of words and how they are pronounced."),
    KOKORO_LEXICONS_PATH(
            new Location(),
            "",
            "Folder of dictionaries for Kokoro's English (`us_gold.json`, `us_silver.json`,"
                    + " `gb_gold.json`, `gb_silver.json`, as misaki has them)."),
    ENABLE_VOICE_TAGS(new Flag(), false, "Whether `[voice:NAME]` in a text changes the speaker."),
    ESPEAK_LIBRARY(
            new Location(), "", "libespeak-ng to use instead of the bundled or the system's."),
    ESPEAK_DATA(new Location(), "", "The data folder of that library."),
    HF_ENDPOINT(
            new Text("URL"),
            "https://huggingface.co",
            "Where models are discovered and downloaded."),
    HF_TOKEN(
            new Text("TOKEN"), "", "Token for private and gated models.", "HUGGING_FACE_HUB_TOKEN"),
    HF_TOKEN_PATH(new FileLocation(), "$HF_HOME/token", "File that holds the token."),
    HF_HOME(new FolderLocation(), "~/.cache/huggingface", "Folder of the Hugging Face tools."),
    HF_HUB_CACHE(
            new FolderLocation(),
            "$HF_HOME/hub",
            "Where downloaded models are kept.",
            "HUGGINGFACE_HUB_CACHE"),
    HF_HUB_OFFLINE(new Flag(), false, "Whether the Hub is never asked.", "TRANSFORMERS_OFFLINE"),
    HF_HUB_ENABLE_HF_TRANSFER(
            new Flag(), true, "Whether a large file is fetched as several ranges at once."),
    HF_HUB_ETAG_TIMEOUT(seconds(1), 10, "Seconds to wait for the Hub's answer about a file."),
    HF_HUB_DOWNLOAD_TIMEOUT(
            seconds(1), 10, "Seconds without a byte after which a download is tried again."),
    HF_HUB_DISABLE_IMPLICIT_TOKEN(new Flag(), false, "Whether the Hub is asked without the token."),
    HF_HUB_DISABLE_SYMLINKS(
            new Flag(),
            false,
            "Whether files are moved into the cache's snapshots instead of linked."),
    CHAT_COMPLETION_BASE_URL(
            new Text("URL"),
            "",
            "The language model that answers in conversations, any with OpenAI's API, such as"
                    + " `http://localhost:11434/v1` for Ollama. None: no conversations."),
    CHAT_COMPLETION_API_KEY(new Text("KEY"), "", "Its key."),
    CHAT_COMPLETION_MODEL(
            new Text("NAME"),
            "",
            "Its model, whatever model a client names. None: the one that the client names."),
    CHAT_COMPLETION_TIMEOUT(
            seconds(1), 300, "Seconds that the language model may take to send something.");

    private final SettingType type;
    private final String defaultText;
    private final String sentence;
    private final List<String> aliases;

    Setting(SettingType type, Object fallback, String sentence, String... aliases) {
        this.type = type;
        this.defaultText = String.valueOf(fallback);
        this.sentence = sentence;
        this.aliases = List.of(aliases);
    }

    /** The environment variable. */
    public String variable() {
        return name();
    }

    /** Other variables, asked in order where this one is not set. */
    public List<String> aliases() {
        return aliases;
    }

    /** The flag of {@code parlo serve}, such as {@code --whisper-compute-type}. */
    public String flag() {
        String plain = name().startsWith("UVICORN_") ? name().substring(8) : name();
        return "--" + plain.toLowerCase(Locale.ROOT).replace("__", "-").replace('_', '-');
    }

    /** What its value looks like. */
    public SettingType type() {
        return type;
    }

    /** The default as the help shows it; empty for none. */
    public String defaultText() {
        return defaultText;
    }

    /** What it means, in Markdown. */
    public String sentence() {
        return sentence;
    }

    /** What it means, as plain text. */
    public String description() {
        return sentence.replace("`", "");
    }
}
