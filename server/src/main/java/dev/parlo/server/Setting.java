package dev.parlo.server;

import java.util.Locale;

/**
 * Every setting: the environment variable, the flag of {@code parlo serve}, the default and what it
 * means. The names that Speaches and {@code huggingface_hub} have are theirs.
 */
public enum Setting {
    UVICORN_HOST("0.0.0.0", "Address to listen on. Also HOST, where that is an IP address."),
    UVICORN_PORT("8000", "Port to listen on, 0 for any free one. Also PORT."),
    API_KEY("", "Keys that clients must send as a bearer token, separated by commas. None: open."),
    OPENAI_STRICT(
            "false", "401, as OpenAI answers a missing or wrong key, instead of Speaches' 403."),
    ALLOW_ORIGINS("", "Web origins allowed by CORS, as a JSON list such as [\"https://a.org\"]."),
    ALLOWED_HOSTS(
            "",
            "Names under which a server on a loopback address may be asked, as a JSON list; [\"*\"]:"
                    + " any. Checked without a key only."),
    LOG_LEVEL("info", "debug, info, warning, error or critical."),
    LOG_FORMAT("text", "text or json."),
    SHUTDOWN_TIMEOUT("30", "Seconds that running requests have to finish after SIGTERM."),
    MAX_UPLOAD_BYTES("1073741824", "Largest uploaded file, in bytes."),
    MAX_JSON_BYTES("2097152", "Largest JSON body of a request that has no audio in it, in bytes."),
    MAX_JSON_AUDIO_BYTES(
            "67108864",
            "Largest body of a request with audio within JSON or MessagePack, in bytes."),
    MAX_HELD_BYTES(
            "0",
            "Bytes that bodies and messages in memory may take together; beyond it, 503. 0: an"
                    + " eighth of the Java heap."),
    MAX_CONNECTIONS(
            "0",
            "Connections open at once; more are answered 503. 0: half of the files that the process"
                    + " may still open, at most 8192."),
    HEAD_TIMEOUT(
            "20",
            "Seconds that the head of a request may take from its first byte on, else 408. The rate"
                    + " of a body is measured over the same time."),
    MIN_UPLOAD_RATE(
            "256", "Bytes a second below which the sender of a body is answered 408. 0: no limit."),
    SEND_TIMEOUT(
            "30",
            "Seconds that a client may read nothing of its answer before its request is cancelled."),
    MAX_AUDIO_SECONDS("14400", "Longest audio of a request, in seconds. 0: no limit."),
    KEEP_AUDIO_GAPS(
            "true",
            "Whether a late start of the audio and gaps in it are silence, so that times fit the file."
                    + " false: closed up, as faster-whisper does."),
    MAX_SPEECH_CHARACTERS(
            "200000",
            "Longest text of a speech request or conversation, in characters. 0: no limit."),
    MAX_SPEECH_SILENCE(
            "3600",
            "Seconds that the pauses in the text of a speech request may last together. 0: no"
                    + " limit."),
    STT_QUEUE_SIZE("32", "Transcriptions that may wait for a model; more are answered 429."),
    TTS_QUEUE_SIZE("64", "Speech requests that may wait for a model; more are answered 429."),
    WS_MAX_MESSAGE_BYTES("4194304", "Longest message that a WebSocket takes, in bytes."),
    WS_MAX_PER_CLIENT("256", "WebSockets that one client address may have open. 0: no limit."),
    WS_IDLE_TIMEOUT("180", "Seconds that the client of a WebSocket may be silent."),
    WS_SEND_TIMEOUT(
            "30", "Seconds that the client of a WebSocket may take to read what it is sent."),
    MODELS_PATH("", "Folder of local models, laid out as <owner>/<name>."),
    MODEL_ALIASES_PATH("model_aliases.json", "File of short names for model ids."),
    PARLO_CACHE_DIR("~/.cache/parlo", "Where converted weights and unpacked libraries are kept."),
    PARLO_TMP_DIR("the system's", "Where uploads are spooled while a request runs."),
    STT_MODEL_TTL("300", "Seconds an idle transcription model stays loaded. -1: for ever, 0: not."),
    TTS_MODEL_TTL("300", "The same of a speech model."),
    VAD_MODEL_TTL("-1", "The same of a voice activity model."),
    MODEL_LOAD_TIMEOUT(
            "300",
            "Seconds that loading a model may take, from its own start; as long it may wait for"
                    + " room, and convert weights before its first load."),
    MODEL_MEMORY_BUDGET("0", "Bytes that loaded models may take together. 0: half of the memory."),
    PRELOAD_MODELS("", "Models to load at start, as a JSON list; a missing one is downloaded."),
    PRELOAD_STRICT("false", "Whether a model that cannot be preloaded ends the start."),
    AUTO_DOWNLOAD("false", "Whether a model that is not installed is downloaded on first use."),
    LIST_ALIASES("off", "Aliases in the list of models: off, add or only."),
    WHISPER__INFERENCE_DEVICE("auto", "Device of Whisper: auto or cpu."),
    WHISPER__DEVICE_INDEX("0", "Which device, where there are several."),
    WHISPER__COMPUTE_TYPE(
            "auto",
            "Whisper's numbers: auto, default, int8 or float32. CTranslate2's others: the nearest."),
    WHISPER__CPU_THREADS("0", "Threads of one Whisper model. 0: as many as suit the machine."),
    WHISPER__NUM_WORKERS("1", "Requests that one Whisper model computes side by side."),
    TTS_FALLBACK("true", "Whether espeak-ng answers where a speech model is not installed."),
    VOICE_FALLBACK("false", "Whether an unknown voice is answered by the model's first voice."),
    VOICE_ALIASES_PATH("voice_aliases.json", "File of other names for voices."),
    PRONUNCIATIONS_PATH("pronunciations.json", "File of words and how they are pronounced."),
    ENABLE_VOICE_TAGS("false", "Whether [voice:NAME] in a text changes the speaker."),
    ESPEAK_LIBRARY("", "libespeak-ng to use instead of the bundled or the system's."),
    ESPEAK_DATA("", "The data folder of that library."),
    HF_ENDPOINT("https://huggingface.co", "Where models are discovered and downloaded."),
    HF_TOKEN("", "Token for private and gated models."),
    HF_TOKEN_PATH("$HF_HOME/token", "File that holds the token."),
    HF_HOME("~/.cache/huggingface", "Folder of the Hugging Face tools."),
    HF_HUB_CACHE("$HF_HOME/hub", "Where downloaded models are kept."),
    HF_HUB_OFFLINE("false", "Whether the Hub is never asked."),
    HF_HUB_ENABLE_HF_TRANSFER("true", "Whether a large file is fetched as several ranges at once."),
    HF_HUB_ETAG_TIMEOUT("10", "Seconds to wait for the Hub's answer about a file."),
    HF_HUB_DOWNLOAD_TIMEOUT("10", "Seconds without a byte after which a download is tried again."),
    HF_HUB_DISABLE_IMPLICIT_TOKEN("false", "Whether the Hub is asked without the token."),
    HF_HUB_DISABLE_SYMLINKS(
            "false", "Whether files are moved into the cache's snapshots instead of linked.");

    private final String defaultText;
    private final String description;

    Setting(String defaultText, String description) {
        this.defaultText = defaultText;
        this.description = description;
    }

    /** The environment variable. */
    public String variable() {
        return name();
    }

    /** The flag of {@code parlo serve}, such as {@code --whisper-compute-type}. */
    public String flag() {
        String plain = name().startsWith("UVICORN_") ? name().substring(8) : name();
        return "--" + plain.toLowerCase(Locale.ROOT).replace("__", "-").replace('_', '-');
    }

    /** The default as the help shows it; empty for none. */
    public String defaultText() {
        return defaultText;
    }

    public String description() {
        return description;
    }
}
