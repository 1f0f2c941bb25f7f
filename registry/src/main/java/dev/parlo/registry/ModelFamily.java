package dev.parlo.registry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A kind of model this server runs: where the Hub lists it, which of a repository's files it needs,
 * and how a repository (on the Hub or on disk) is recognised as one. The order is the order in
 * which families are tried and listed.
 */
public enum ModelFamily {
    /** Whisper as converted for CTranslate2 and faster-whisper. */
    WHISPER_CT2(ModelTask.AUTOMATIC_SPEECH_RECOGNITION, "Whisper for CTranslate2 (model.bin)") {
        @Override
        public List<HubQuery> hubQueries() {
            return List.of(
                    HubQuery.tags("ctranslate2", ModelTask.AUTOMATIC_SPEECH_RECOGNITION.tag()));
        }

        @Override
        boolean recognises(RepositoryContents contents) {
            boolean whisper =
                    contents.configKeys().isEmpty()
                            ? contents.mentions("whisper")
                                    || contents.tags()
                                            .contains(ModelTask.AUTOMATIC_SPEECH_RECOGNITION.tag())
                            : contents.configKeys().contains("suppress_ids")
                                    || contents.configKeys().contains("alignment_heads");
            return whisper
                    && contents.has("model.bin")
                    && contents.has("config.json")
                    && (contents.has("tokenizer.json")
                            || contents.has("vocabulary.json")
                            || contents.has("vocabulary.txt"));
        }

        @Override
        List<String> wanted(RepositoryContents contents, String variant) {
            return present(
                    contents,
                    "config.json",
                    "preprocessor_config.json",
                    "model.bin",
                    "tokenizer.json",
                    "vocabulary.json",
                    "vocabulary.txt");
        }
    },

    /** Parakeet TDT as exported for ONNX Runtime. */
    PARAKEET(ModelTask.AUTOMATIC_SPEECH_RECOGNITION, "Parakeet TDT in ONNX (encoder-model.onnx)") {
        @Override
        public List<HubQuery> hubQueries() {
            return List.of(
                    new HubQuery(
                            List.of(ModelTask.AUTOMATIC_SPEECH_RECOGNITION.tag()),
                            "istupakov/parakeet-tdt"),
                    HubQuery.tags("nemo-conformer-tdt"));
        }

        @Override
        boolean recognises(RepositoryContents contents) {
            return contents.has("vocab.txt")
                    && contents.has("config.json")
                    && contents.any(file -> file.matches("encoder-model(\\.\\w+)?\\.onnx"))
                    && contents.any(file -> file.matches("decoder_joint-model(\\.\\w+)?\\.onnx"));
        }

        @Override
        List<String> wanted(RepositoryContents contents, String variant) {
            String kind = contents.has("encoder-model.onnx") ? "" : ".int8";
            List<String> files = present(contents, "config.json", "vocab.txt");
            files.addAll(withWeights(contents, "encoder-model" + kind + ".onnx"));
            files.addAll(
                    withWeights(
                            contents,
                            contents.has("decoder_joint-model" + kind + ".onnx")
                                    ? "decoder_joint-model" + kind + ".onnx"
                                    : "decoder_joint-model.onnx"));
            return files;
        }
    },

    /** Whisper as converted for whisper.cpp; one repository may hold many checkpoints. */
    WHISPER_GGML(ModelTask.AUTOMATIC_SPEECH_RECOGNITION, "Whisper for whisper.cpp (ggml-*.bin)") {
        @Override
        public List<HubQuery> hubQueries() {
            return List.of(HubQuery.tags("ggml", ModelTask.AUTOMATIC_SPEECH_RECOGNITION.tag()));
        }

        @Override
        public List<ModelId> curated() {
            return List.of(new ModelId("ggerganov", "whisper.cpp"));
        }

        @Override
        boolean recognises(RepositoryContents contents) {
            List<String> checkpoints = checkpoints(contents);
            return !checkpoints.isEmpty()
                    && (contents.mentions("whisper")
                            // a file of one's own without a card: the engine reads its header
                            || contents.tags().isEmpty()
                            || checkpoints.stream()
                                    .allMatch(file -> GGML_SIZE.matcher(file).matches()));
        }

        @Override
        List<String> wanted(RepositoryContents contents, String variant) {
            List<String> files = checkpoints(contents);
            if (variant.isEmpty() && files.size() == 1) {
                return new ArrayList<>(files);
            }
            List<String> named =
                    files.stream().filter(file -> variantOf(file).equals(variant)).toList();
            if (named.isEmpty()) {
                throw new RegistryException(
                        RegistryException.Category.NOT_FOUND,
                        "Model '"
                                + contents.id()
                                + "' holds several checkpoints; name one of them behind a colon: "
                                + files.stream()
                                        .map(ModelFamily::variantOf)
                                        .limit(40)
                                        .map(name -> contents.id().repository() + ":" + name)
                                        .toList());
            }
            return new ArrayList<>(named);
        }
    },

    /** Piper voices: an ONNX graph and its JSON. */
    PIPER(ModelTask.TEXT_TO_SPEECH, "Piper (model.onnx with config.json)") {
        @Override
        public List<HubQuery> hubQueries() {
            return List.of(
                    HubQuery.tags("onnx", ModelTask.TEXT_TO_SPEECH.tag(), "speaches", "piper"));
        }

        @Override
        boolean recognises(RepositoryContents contents) {
            boolean plain =
                    contents.has("model.onnx")
                            && contents.has("config.json")
                            && (contents.configKeys().contains("phoneme_id_map")
                                    || (contents.configKeys().isEmpty()
                                            && contents.mentions("piper")));
            return plain || contents.matching(PIPER_CONFIG).size() == 1;
        }

        @Override
        List<String> wanted(RepositoryContents contents, String variant) {
            List<String> original = contents.matching(PIPER_CONFIG);
            if (original.size() == 1) {
                String config = original.getFirst();
                return present(contents, config, config.substring(0, config.length() - 5));
            }
            List<String> files = present(contents, "config.json");
            files.addAll(withWeights(contents, "model.onnx"));
            return files;
        }
    },

    /** Kokoro in ONNX with its voices, in one file or in a folder. */
    KOKORO(ModelTask.TEXT_TO_SPEECH, "Kokoro in ONNX (model.onnx with voices.bin or voices/)") {
        @Override
        public List<HubQuery> hubQueries() {
            return List.of(
                    HubQuery.tags("onnx", ModelTask.TEXT_TO_SPEECH.tag(), "speaches", "kokoro"));
        }

        @Override
        public List<ModelId> curated() {
            return List.of(new ModelId("onnx-community", "Kokoro-82M-v1.0-ONNX"));
        }

        @Override
        boolean recognises(RepositoryContents contents) {
            return graph(contents, KOKORO_GRAPH).isPresent()
                    && !contents.matching(KOKORO_VOICES).isEmpty();
        }

        @Override
        List<String> wanted(RepositoryContents contents, String variant) {
            List<String> files = present(contents, "config.json", "tokenizer.json", "tokens.txt");
            graph(contents, KOKORO_GRAPH)
                    .ifPresent(graph -> files.addAll(withWeights(contents, graph)));
            List<String> packs =
                    contents.matching(KOKORO_VOICES).stream()
                            .filter(file -> !file.startsWith("voices/"))
                            .toList();
            files.addAll(packs.isEmpty() ? contents.matching(KOKORO_VOICES) : packs);
            return files;
        }
    },

    /**
     * The speech synthesizer that comes with the server: nothing to download, no repository is one.
     */
    ESPEAK(ModelTask.TEXT_TO_SPEECH, "eSpeak NG (part of the server)") {
        @Override
        boolean recognises(RepositoryContents contents) {
            return false;
        }

        @Override
        List<String> wanted(RepositoryContents contents, String variant) {
            return List.of();
        }
    },

    /** Silero's voice activity detector. */
    SILERO_VAD(ModelTask.VOICE_ACTIVITY_DETECTION, "Silero VAD in ONNX (silero_vad*.onnx)") {
        @Override
        public List<ModelId> curated() {
            return List.of(
                    new ModelId("onnx-community", "silero-vad"),
                    new ModelId("deepghs", "silero-vad-onnx"));
        }

        @Override
        boolean recognises(RepositoryContents contents) {
            return contents.mentions("silero") && graph(contents, SILERO_GRAPH).isPresent();
        }

        @Override
        List<String> wanted(RepositoryContents contents, String variant) {
            return graph(contents, SILERO_GRAPH)
                    .map(graph -> withWeights(contents, graph))
                    .orElseGet(ArrayList::new);
        }
    },

    /** Segmentation models for diarization. */
    DIARIZATION(ModelTask.SPEAKER_DIARIZATION, "pyannote segmentation in ONNX (model.onnx)") {
        @Override
        public List<ModelId> curated() {
            return List.of(new ModelId("onnx-community", "pyannote-segmentation-3.0"));
        }

        @Override
        boolean recognises(RepositoryContents contents) {
            return (contents.mentions("pyannote-segmentation")
                            || contents.mentions(ModelTask.SPEAKER_DIARIZATION.tag()))
                    && graph(contents, ANY_GRAPH).isPresent();
        }

        @Override
        List<String> wanted(RepositoryContents contents, String variant) {
            return configured(contents);
        }
    },

    /** Speaker embedding models. */
    SPEAKER_EMBEDDING(ModelTask.SPEAKER_EMBEDDING, "speaker embeddings in ONNX (model.onnx)") {
        @Override
        public List<ModelId> curated() {
            return List.of(
                    new ModelId("onnx-community", "wespeaker-voxceleb-resnet34-LM"),
                    new ModelId("Wespeaker", "wespeaker-voxceleb-resnet34-LM"),
                    new ModelId("deepghs", "pyannote-embedding-onnx"));
        }

        @Override
        boolean recognises(RepositoryContents contents) {
            return (contents.mentions("wespeaker")
                            || contents.mentions("pyannote-embedding")
                            || contents.mentions("3dspeaker")
                            || contents.mentions("titanet")
                            || contents.mentions(ModelTask.SPEAKER_EMBEDDING.tag()))
                    && graph(contents, ANY_GRAPH).isPresent();
        }

        @Override
        List<String> wanted(RepositoryContents contents, String variant) {
            return configured(contents);
        }
    };

    private static final Pattern GGML = Pattern.compile("[^/]*ggml-[^/]+\\.bin");
    private static final Pattern GGML_SIZE =
            Pattern.compile("[^/]*ggml-(?:tiny|base|small|medium|large|distil|turbo)[^/]*\\.bin");
    private static final Pattern PIPER_CONFIG = Pattern.compile("[^/]+\\.onnx\\.json");
    private static final Pattern KOKORO_GRAPH = Pattern.compile("[^/]*[Kk]okoro[^/]*\\.onnx");
    private static final Pattern KOKORO_VOICES =
            Pattern.compile("voices[^/]*\\.(?:bin|npz)|voices/[^/]+\\.(?:bin|pt)");
    private static final Pattern SILERO_GRAPH = Pattern.compile("silero[^/]*\\.onnx");
    private static final Pattern ANY_GRAPH = Pattern.compile("[^/]+\\.onnx");

    private final ModelTask task;
    private final String format;

    ModelFamily(ModelTask task, String format) {
        this.task = task;
        this.format = format;
    }

    public ModelTask task() {
        return task;
    }

    /** The families that do something. */
    public static List<ModelFamily> of(ModelTask task) {
        return Arrays.stream(values()).filter(family -> family.task == task).toList();
    }

    /** What the files are, for messages. */
    public String format() {
        return format;
    }

    /** How the Hub is asked for repositories of this family. */
    public List<HubQuery> hubQueries() {
        return List.of();
    }

    /** Repositories the Hub's tags do not find. */
    public List<ModelId> curated() {
        return List.of();
    }

    /** The family of a repository, if any runs it. */
    public static Optional<ModelFamily> of(RepositoryContents contents) {
        return Arrays.stream(values()).filter(family -> family.recognises(contents)).findFirst();
    }

    /** Every supported format in one line, for messages. */
    public static String supportedFormats() {
        return String.join(
                "; ",
                Arrays.stream(values())
                        .filter(family -> family != ESPEAK)
                        .map(ModelFamily::format)
                        .toList());
    }

    abstract boolean recognises(RepositoryContents contents);

    abstract List<String> wanted(RepositoryContents contents, String variant);

    /**
     * The files to download, the card first.
     *
     * @throws RegistryException NOT_FOUND when the repository holds several checkpoints and the id
     *     names none of them
     */
    public List<String> filesToDownload(RepositoryContents contents) {
        Set<String> files = new LinkedHashSet<>(present(contents, "README.md"));
        files.addAll(wanted(contents, contents.id().variant()));
        return List.copyOf(files);
    }

    /** The checkpoints of a GGML repository. */
    static List<String> checkpoints(RepositoryContents contents) {
        return contents.matching(GGML);
    }

    /** {@code ggml-base.en.bin} is the variant {@code base.en}. */
    static String variantOf(String checkpoint) {
        int start = checkpoint.indexOf("ggml-") + "ggml-".length();
        return checkpoint.substring(start, checkpoint.length() - ".bin".length());
    }

    private static List<String> present(RepositoryContents contents, String... files) {
        return new ArrayList<>(Arrays.stream(files).filter(contents::has).toList());
    }

    /** A graph and the weights ONNX keeps beside it when they are too large for one message. */
    private static List<String> withWeights(RepositoryContents contents, String graph) {
        return present(contents, graph, graph + ".data", graph + "_data");
    }

    private static Optional<String> graph(RepositoryContents contents, Pattern otherwise) {
        for (String usual : List.of("model.onnx", "onnx/model.onnx")) {
            if (contents.has(usual)) {
                return Optional.of(usual);
            }
        }
        return contents.matching(otherwise).stream().findFirst();
    }

    private static List<String> configured(RepositoryContents contents) {
        List<String> files =
                present(contents, "config.json", "config.yaml", "preprocessor_config.json");
        graph(contents, ANY_GRAPH).ifPresent(graph -> files.addAll(withWeights(contents, graph)));
        return files;
    }
}
