package dev.parlo.registry;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What to use in place of well-known repositories whose files this server cannot load: the same
 * model in a format that it does, or the model that does the same.
 */
final class Alternatives {
    private static final String KOKORO = "speaches-ai/Kokoro-82M-v1.0-ONNX";
    private static final String PARAKEET = "istupakov/parakeet-tdt-0.6b-v3-onnx";
    private static final String SEGMENTATION = "onnx-community/pyannote-segmentation-3.0";
    private static final String EMBEDDING = "onnx-community/wespeaker-voxceleb-resnet34-LM";

    /** Publishers of Whisper under OpenAI's names, for Transformers or in ONNX, which are read. */
    private static final Set<String> READ_OWNERS =
            Set.of("openai", "distil-whisper", "unsloth", "onnx-community", "xenova");

    /** Publishers of Whisper under OpenAI's names in formats that are not read. */
    private static final Set<String> WHISPER_OWNERS = Set.of("mlx-community");

    /** {@code whisper-large-v3-turbo_timestamped}, {@code sherpa-onnx-whisper-tiny.en}. */
    private static final Pattern WHISPER_NAME =
            Pattern.compile(
                    "(?:sherpa-onnx-)?(?:whisper-)?"
                            + "((?:distil-)?(?:tiny|base|small|medium|large)(?:\\.en|-v\\d(?:\\.5)?)?(?:-turbo)?"
                            + "|turbo)"
                            + "(?:[-_.](?:timestamped|onnx|mlx|fp16|fp32|4bit|8bit|q4|q8|int8).*)?");

    private static final Map<String, String> SAME =
            Map.ofEntries(
                    Map.entry("hexgrad/kokoro-82m", KOKORO),
                    Map.entry(
                            "hexgrad/kokoro-82m-v1.1-zh", "onnx-community/Kokoro-82M-v1.1-zh-ONNX"),
                    Map.entry("prince-canuma/kokoro-82m", KOKORO),
                    Map.entry("mlx-community/kokoro-82m-bf16", KOKORO),
                    Map.entry("mlx-community/kokoro-82m-4bit", KOKORO),
                    Map.entry("nvidia/parakeet-tdt-0.6b-v2", "istupakov/parakeet-tdt-0.6b-v2-onnx"),
                    Map.entry("nvidia/parakeet-tdt-0.6b-v3", PARAKEET),
                    Map.entry(
                            "mlx-community/parakeet-tdt-0.6b-v2",
                            "istupakov/parakeet-tdt-0.6b-v2-onnx"),
                    Map.entry("mlx-community/parakeet-tdt-0.6b-v3", PARAKEET),
                    Map.entry("pyannote/segmentation-3.0", SEGMENTATION),
                    Map.entry("pyannote/segmentation", SEGMENTATION),
                    Map.entry("pyannote/wespeaker-voxceleb-resnet34-lm", EMBEDDING),
                    Map.entry("pyannote/embedding", "deepghs/pyannote-embedding-onnx"),
                    Map.entry("ggml-org/whisper-vad", "onnx-community/silero-vad"),
                    Map.entry("snakers4/silero-vad", "onnx-community/silero-vad"),
                    Map.entry("large-v3-turbo", "deepdml/faster-whisper-large-v3-turbo-ct2"));

    private Alternatives() {}

    /**
     * What to do instead of a repository that is known to be of no use here, whatever it may hold;
     * empty where only its files tell.
     */
    static Optional<String> instead(ModelId id) {
        return READ_OWNERS.contains(id.owner().toLowerCase(Locale.ROOT))
                ? Optional.empty()
                : of(id);
    }

    /** What to do instead, as a sentence with the command; empty where nothing is known. */
    static Optional<String> of(ModelId id) {
        String lower = id.repository().toString().toLowerCase(Locale.ROOT);
        String owner = id.owner().toLowerCase(Locale.ROOT);
        String name = id.name().toLowerCase(Locale.ROOT);
        if (lower.equals("rhasspy/piper-voices") && id.variant().isEmpty()) {
            return Optional.of(
                    "It holds many voices; name one of them behind a colon:"
                            + " `parlo model download rhasspy/piper-voices:en_US-lessac-medium`.");
        }
        if (lower.equals("ggerganov/whisper.cpp") && id.variant().isEmpty()) {
            return Optional.of(
                    "It holds many checkpoints; name one of them behind a colon:"
                            + " `parlo model download ggerganov/whisper.cpp:base.en`.");
        }
        String same = SAME.get(lower);
        if (same != null) {
            return Optional.of(sentence("The same model in a format that this server reads", same));
        }
        if (owner.equals("nvidia") && name.startsWith("parakeet")) {
            return Optional.of(sentence("The nearest model in ONNX", PARAKEET));
        }
        if (owner.equals("pyannote") && name.startsWith("speaker-diarization")) {
            return Optional.of(
                    "This server takes its two parts by themselves: '"
                            + SEGMENTATION
                            + "' and '"
                            + EMBEDDING
                            + "'. "
                            + command(SEGMENTATION)
                            + " "
                            + command(EMBEDDING));
        }
        boolean shortName = owner.isEmpty();
        if (!shortName
                && !WHISPER_OWNERS.contains(owner)
                && !READ_OWNERS.contains(owner)
                && !(owner.equals("csukuangfj") && name.startsWith("sherpa-onnx-whisper-"))) {
            return Optional.empty();
        }
        return whisper(name)
                .map(conversion -> sentence("The same model for CTranslate2", conversion));
    }

    /**
     * The conversion of a Whisper checkpoint, by OpenAI's name or by faster-whisper's short one.
     */
    private static Optional<String> whisper(String name) {
        Matcher matcher = WHISPER_NAME.matcher(name);
        if (!matcher.matches() || name.endsWith("-ct2")) {
            return Optional.empty();
        }
        String size = matcher.group(1);
        return Optional.of(
                switch (size) {
                    case "turbo", "large-v3-turbo" -> "deepdml/faster-whisper-large-v3-turbo-ct2";
                    case "large" -> "Systran/faster-whisper-large-v3";
                    case "distil-large-v3.5" -> "distil-whisper/distil-large-v3.5-ct2";
                    default ->
                            size.startsWith("distil-")
                                    ? "Systran/faster-distil-whisper-"
                                            + size.substring("distil-".length())
                                    : "Systran/faster-whisper-" + size;
                });
    }

    private static String sentence(String what, String id) {
        return what + " is '" + id + "'. " + command(id);
    }

    private static String command(String id) {
        return "Command: `parlo model download " + id + "`.";
    }
}
