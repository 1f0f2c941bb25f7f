package dev.parlo.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Short names for models ({@code whisper-1}), from a flat JSON file {@code {"alias":
 * "owner/name"}}. The file is looked at on every use and read again when it changed; a version that
 * cannot be used is logged once and the last good one stays. Without a file the shipped aliases
 * hold. An alias never points to another alias. Safe for use by many threads.
 */
public final class ModelAliases {
    private static final Logger LOG = LoggerFactory.getLogger(ModelAliases.class);
    private static final long LARGEST_FILE = 1 << 20;
    private static final int LONGEST_ALIAS = 200;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final String WHISPER = "Systran/faster-whisper-large-v3";
    private static final String TURBO = "deepdml/faster-whisper-large-v3-turbo-ct2";
    private static final String KOKORO = "speaches-ai/Kokoro-82M-v1.0-ONNX";

    /** What faster-whisper calls its models; scripts for it name these. */
    private static final String FASTER_WHISPER_SIZES =
            "tiny.en tiny base.en base small.en small medium.en medium large-v1 large-v2";

    private static final String DISTILLED_SIZES = "large-v2 medium.en small.en large-v3";

    /** A version of the file, told apart by its time and size. */
    private record Version(long modified, long size) {}

    private record Loaded(@Nullable Version version, Map<String, ModelId> aliases) {}

    private final @Nullable Path file;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Loaded loaded;

    private ModelAliases(@Nullable Path file, Loaded loaded) {
        this.file = file;
        this.loaded = loaded;
    }

    /**
     * Opens the aliases of a file, which need not exist yet.
     *
     * @throws RegistryException INVALID_ALIASES when it exists and cannot be used: a server should
     *     not start on a broken setting
     */
    public static ModelAliases open(Path file) {
        Version version = version(file);
        return new ModelAliases(
                file, new Loaded(version, version == null ? shipped() : read(file)));
    }

    /** Aliases that never change. */
    public static ModelAliases of(Map<String, ModelId> aliases) {
        return new ModelAliases(null, new Loaded(null, Map.copyOf(aliases)));
    }

    /** The aliases that hold where there is no file. */
    public static Map<String, ModelId> shipped() {
        Map<String, ModelId> aliases = new LinkedHashMap<>();
        put(
                aliases,
                WHISPER,
                "whisper-1",
                "gpt-transcribe",
                "gpt-4o-transcribe",
                "gpt-4o-transcribe-diarize");
        put(
                aliases,
                TURBO,
                "gpt-4o-mini-transcribe",
                "gpt-4o-mini-transcribe-2025-03-20",
                "gpt-4o-mini-transcribe-2025-12-15");
        for (String size : FASTER_WHISPER_SIZES.split(" ")) {
            put(aliases, "Systran/faster-whisper-" + size, size);
        }
        put(aliases, WHISPER, "large-v3", "large");
        put(aliases, TURBO, "large-v3-turbo", "turbo");
        for (String size : DISTILLED_SIZES.split(" ")) {
            put(aliases, "Systran/faster-distil-whisper-" + size, "distil-" + size);
        }
        put(aliases, "distil-whisper/distil-large-v3.5-ct2", "distil-large-v3.5");
        put(
                aliases,
                KOKORO,
                "tts-1",
                "tts-1-hd",
                "gpt-4o-mini-tts",
                "gpt-4o-mini-tts-2025-03-20",
                "gpt-4o-mini-tts-2025-12-15",
                "gpt-4o-tts",
                "playai-tts",
                "kokoro");
        put(aliases, "onnx-community/silero-vad", "silero_vad_v5");
        // The two that Speaches' clients know, which are no ONNX.
        put(
                aliases,
                "onnx-community/wespeaker-voxceleb-resnet34-LM",
                "pyannote/wespeaker-voxceleb-resnet34-LM");
        put(
                aliases,
                "onnx-community/pyannote-segmentation-3.0",
                "pyannote/speaker-diarization-community-1");
        return Collections.unmodifiableMap(aliases);
    }

    /**
     * Whether a shipped alias is the name of a speech service, such as {@code tts-1}, whose clients
     * do not mind which model answers; {@code kokoro} names a model.
     */
    public static boolean namesSpeechService(String alias) {
        return ModelId.parse(KOKORO).equals(shipped().get(alias)) && !alias.equals("kokoro");
    }

    private static void put(Map<String, ModelId> aliases, String model, String... names) {
        for (String name : names) {
            aliases.put(name, ModelId.parse(model));
        }
    }

    /**
     * The model an alias or an id means.
     *
     * @throws RegistryException INVALID_ID when the text is neither
     */
    public ModelId resolve(String aliasOrId) {
        ModelId target = entries().get(aliasOrId);
        return target != null ? target : ModelId.parse(aliasOrId);
    }

    /** Every alias with its model, in the file's order. */
    public Map<String, ModelId> entries() {
        if (file != null) {
            refresh(file);
        }
        return loaded.aliases();
    }

    private void refresh(Path file) {
        Optional<Version> now = Optional.ofNullable(version(file));
        if (now.equals(Optional.ofNullable(loaded.version())) || !reading.tryLock()) {
            return; // unchanged, or another thread is reading it: the last version still holds
        }
        try {
            Map<String, ModelId> aliases = now.isEmpty() ? shipped() : read(file);
            loaded = new Loaded(now.orElse(null), aliases);
            LOG.info(
                    "{} model aliases from {}",
                    aliases.size(),
                    now.isEmpty() ? "the defaults" : file);
        } catch (RegistryException broken) {
            LOG.error("keeping the last model aliases: {}", broken.getMessage());
            loaded = new Loaded(now.orElse(null), loaded.aliases());
        } finally {
            reading.unlock();
        }
    }

    private static @Nullable Version version(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(
                    attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS), attributes.size());
        } catch (NoSuchFileException absent) {
            return null;
        } catch (IOException unreadable) {
            return new Version(-1, -1);
        }
    }

    private static Map<String, ModelId> read(Path file) {
        JsonNode root;
        try {
            if (!Files.isRegularFile(file)) { // a pipe would be waited for
                throw broken(file, "it is not a file", null);
            }
            if (Files.size(file) > LARGEST_FILE) {
                throw broken(file, "it is larger than 1 MiB", null);
            }
            root = JSON.readTree(Files.readAllBytes(file));
        } catch (IOException unreadable) {
            throw broken(file, "it cannot be read: " + DiskReason.of(unreadable), unreadable);
        } catch (JacksonException unreadable) {
            throw broken(file, "it is not valid JSON" + place(unreadable), unreadable);
        }
        if (!root.isObject()) {
            throw broken(file, "it must be one object {\"alias\": \"owner/name\"}", null);
        }
        Map<String, ModelId> aliases = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            aliases.put(alias(file, entry.getKey()), target(file, root, entry));
        }
        return Collections.unmodifiableMap(aliases);
    }

    /** Where and why, in brackets; the parser's words may quote much of the file. */
    private static String place(JacksonException unreadable) {
        TokenStreamLocation at = unreadable.getLocation();
        String why =
                String.valueOf(unreadable.getOriginalMessage())
                        .replaceAll("\\p{Cntrl}+", " ")
                        .replaceAll("\\s*\\(start marker at .*", "");
        return " ("
                + (at == null
                        ? ""
                        : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ")
                + (why.length() > LONGEST_ALIAS ? why.substring(0, LONGEST_ALIAS) + "…" : why)
                + ")";
    }

    private static String alias(Path file, String alias) {
        if (alias.isBlank()
                || alias.length() > LONGEST_ALIAS
                || alias.chars().anyMatch(Character::isISOControl)) {
            throw broken(file, "an alias must be 1 to 200 printable characters", null);
        }
        return alias;
    }

    private static ModelId target(Path file, JsonNode root, Map.Entry<String, JsonNode> entry) {
        if (!entry.getValue().isString()) {
            throw broken(
                    file, "alias '" + entry.getKey() + "' must name a model as a string", null);
        }
        String target = entry.getValue().asString();
        if (root.has(target)) {
            throw broken(
                    file,
                    "alias '"
                            + entry.getKey()
                            + "' points to '"
                            + target
                            + "', which is an alias itself; name the model",
                    null);
        }
        return ModelId.tryParse(target)
                .orElseThrow(() ->
                        broken(file, "alias '" + entry.getKey() + "' points to no model id", null));
    }

    private static RegistryException broken(Path file, String what, @Nullable Throwable cause) {
        return new RegistryException(
                RegistryException.Category.INVALID_ALIASES,
                "The model aliases in " + file + " cannot be used: " + what + ".",
                cause);
    }
}
