package dev.parlo.registry;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A kind of model this server runs: where the Hub lists it, which of a repository's files it needs,
 * and how a repository (on the Hub or on disk) is recognised as one. The order is the order in
 * which families are tried and listed.
 */
public enum ModelFamily {
    /** Whisper as converted for CTranslate2 and faster-whisper. */
    WHISPER_CT2(
            ModelTask.AUTOMATIC_SPEECH_RECOGNITION,
            "Whisper for CTranslate2 (model.bin)",
            new WhisperCt2Files(),
            List.of(HubQuery.tags("ctranslate2", ModelTask.AUTOMATIC_SPEECH_RECOGNITION.tag()))),

    /** Whisper as the Transformers library keeps it: OpenAI's own, and most fine-tunes. */
    WHISPER_TRANSFORMERS(
            ModelTask.AUTOMATIC_SPEECH_RECOGNITION,
            "Whisper for Transformers (model.safetensors)",
            new WhisperTransformersFiles(),
            List.of(
                    HubQuery.tags(
                                    "whisper",
                                    "transformers",
                                    "safetensors",
                                    ModelTask.AUTOMATIC_SPEECH_RECOGNITION.tag())
                            // fine-tunes by the ten thousand, most of them of a course's exercise
                            .atMost(1_000))),

    /** Whisper as exported to ONNX for Transformers.js and Optimum. */
    WHISPER_ONNX(
            ModelTask.AUTOMATIC_SPEECH_RECOGNITION,
            "Whisper in ONNX (encoder_model.onnx with decoder_model_merged.onnx)",
            new WhisperOnnxFiles(),
            List.of(
                    HubQuery.tags(
                                    "whisper",
                                    "transformers.js",
                                    "onnx",
                                    ModelTask.AUTOMATIC_SPEECH_RECOGNITION.tag())
                            .atMost(200))),

    /** Parakeet TDT as exported for ONNX Runtime. */
    PARAKEET(
            ModelTask.AUTOMATIC_SPEECH_RECOGNITION,
            "Parakeet TDT in ONNX (encoder-model.onnx)",
            new ParakeetFiles(),
            List.of(
                    new HubQuery(
                            List.of(ModelTask.AUTOMATIC_SPEECH_RECOGNITION.tag()),
                            "istupakov/parakeet-tdt",
                            false),
                    HubQuery.tags("nemo-conformer-tdt"))),

    /** Whisper as converted for whisper.cpp; one repository may hold many checkpoints. */
    WHISPER_GGML(
            ModelTask.AUTOMATIC_SPEECH_RECOGNITION,
            "Whisper for whisper.cpp (ggml-*.bin)",
            new GgmlFiles(),
            List.of(
                    new HubQuery(
                            List.of("ggml", ModelTask.AUTOMATIC_SPEECH_RECOGNITION.tag()),
                            "",
                            true)),
            new ModelId("ggerganov", "whisper.cpp")),

    /** Piper voices: an ONNX graph and its JSON; one repository may hold many. */
    PIPER(
            ModelTask.TEXT_TO_SPEECH,
            "Piper (model.onnx with config.json, or NAME.onnx with NAME.onnx.json)",
            new PiperFiles(),
            List.of(
                    new HubQuery(
                            List.of("onnx", ModelTask.TEXT_TO_SPEECH.tag(), "speaches", "piper"),
                            "",
                            true)),
            new ModelId("rhasspy", "piper-voices")),

    /** Kokoro in ONNX with its voices, in one file or in a folder. */
    KOKORO(
            ModelTask.TEXT_TO_SPEECH,
            "Kokoro in ONNX (model.onnx with voices.bin or voices/)",
            new KokoroFiles(),
            List.of(HubQuery.tags("onnx", ModelTask.TEXT_TO_SPEECH.tag(), "speaches", "kokoro")),
            new ModelId("onnx-community", "Kokoro-82M-v1.0-ONNX"),
            new ModelId("onnx-community", "Kokoro-82M-v1.0-ONNX-timestamped"),
            new ModelId("onnx-community", "Kokoro-82M-v1.1-zh-ONNX")),

    /** The speech synthesizer that comes with the server: there is nothing to download. */
    ESPEAK(ModelTask.TEXT_TO_SPEECH, "eSpeak NG (part of the server)", new NoFiles(), List.of()),

    /** Silero's voice activity detector. */
    SILERO_VAD(
            ModelTask.VOICE_ACTIVITY_DETECTION,
            "Silero VAD in ONNX (silero_vad*.onnx)",
            new GraphFiles(
                    Pattern.compile("[^/]*silero[^/]*\\.onnx"), true, List.of(), List.of("silero")),
            List.of(),
            new ModelId("onnx-community", "silero-vad"),
            new ModelId("deepghs", "silero-vad-onnx")),

    /** The voice activity detector that comes with the server: there is nothing to download. */
    BUILT_IN_VAD(
            ModelTask.VOICE_ACTIVITY_DETECTION,
            "voice activity (part of the server)",
            new NoFiles(),
            List.of()),

    /** Segmentation models for diarization. */
    DIARIZATION(
            ModelTask.SPEAKER_DIARIZATION,
            "pyannote segmentation in ONNX (model.onnx)",
            new GraphFiles(
                    Pattern.compile("[^/]+\\.onnx"),
                    false,
                    List.of("pyannet"),
                    List.of("pyannote-segmentation", ModelTask.SPEAKER_DIARIZATION.tag())),
            List.of(),
            new ModelId("onnx-community", "pyannote-segmentation-3.0")),

    /** Speaker embedding models. */
    SPEAKER_EMBEDDING(
            ModelTask.SPEAKER_EMBEDDING,
            "speaker embeddings in ONNX (model.onnx)",
            new GraphFiles(
                    Pattern.compile("[^/]+\\.onnx"),
                    false,
                    List.of("wespeaker-resnet"),
                    List.of(
                            "wespeaker",
                            "pyannote-embedding",
                            "3dspeaker",
                            "titanet",
                            ModelTask.SPEAKER_EMBEDDING.tag())),
            List.of(),
            new ModelId("onnx-community", "wespeaker-voxceleb-resnet34-LM"),
            new ModelId("Wespeaker", "wespeaker-voxceleb-resnet34-LM"),
            new ModelId("deepghs", "pyannote-embedding-onnx"));

    private static final String CARD = "README.md";

    private final ModelTask task;
    private final String format;
    private final FamilyFiles files;
    private final List<HubQuery> queries;
    private final List<ModelId> curated;

    /**
     * @param curated repositories the Hub's tags do not find
     */
    ModelFamily(
            ModelTask task,
            String format,
            FamilyFiles files,
            List<HubQuery> queries,
            ModelId... curated) {
        this.task = task;
        this.format = format;
        this.files = files;
        this.queries = queries;
        this.curated = List.of(curated);
    }

    public ModelTask task() {
        return task;
    }

    /** The families that do something. */
    public static List<ModelFamily> of(ModelTask task) {
        return Arrays.stream(values()).filter(family -> family.task == task).toList();
    }

    /** Whether its files are a Whisper checkpoint for the engine of this project. */
    public boolean isWhisperCheckpoint() {
        return this == WHISPER_CT2 || this == WHISPER_TRANSFORMERS || this == WHISPER_ONNX;
    }

    /**
     * Whether a repository of it may hold several models, told apart by a variant: its files make
     * the ids.
     */
    public boolean hasVariants() {
        return switch (this) {
            case WHISPER_ONNX, WHISPER_GGML, PARAKEET, PIPER, KOKORO -> true;
            default -> false;
        };
    }

    /** What the files are, for messages. */
    public String format() {
        return format;
    }

    /** How the Hub is asked for repositories of this family. */
    public List<HubQuery> hubQueries() {
        return queries;
    }

    /** Repositories the Hub's tags do not find. */
    public List<ModelId> curated() {
        return curated;
    }

    /** The family of a repository, if any runs it. */
    public static Optional<ModelFamily> of(RepositoryContents contents) {
        return Arrays.stream(values())
                .filter(family -> family.files.recognises(contents))
                .findFirst();
    }

    /**
     * What is missing for a folder to be of the family that it began to be of; empty where it began
     * to be of none.
     */
    static List<String> lacking(RepositoryContents contents) {
        return Arrays.stream(values())
                .map(family -> family.files.lacking(contents))
                .filter(lacking -> !lacking.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** Every supported format in one line, for messages. */
    public static String supportedFormats() {
        return String.join(
                "; ",
                Arrays.stream(values())
                        .filter(family -> !(family.files instanceof NoFiles))
                        .map(ModelFamily::format)
                        .toList());
    }

    /** The files that are used of a repository, without its card. */
    List<String> wanted(RepositoryContents contents) {
        return files.wanted(contents, Variants.chosen(files, contents));
    }

    /**
     * The id of the model that the repository's asked-for id means.
     *
     * @throws RegistryException NO_VARIANT when it means none that the repository holds, or none of
     *     several
     */
    public ModelId meant(RepositoryContents contents) {
        return contents.id().repository().withVariant(Variants.chosen(files, contents));
    }

    /**
     * The files to download, the card first.
     *
     * @throws RegistryException NO_VARIANT when the id names a variant that the repository does not
     *     hold, or none where one has to be named
     */
    public List<String> filesToDownload(RepositoryContents contents) {
        Set<String> all = new LinkedHashSet<>(FamilyFiles.present(contents, CARD));
        all.addAll(wanted(contents));
        return List.copyOf(all);
    }

    /** Whether the repository may hold more wanted files than these that can be loaded already. */
    boolean mayHoldMore(RepositoryContents contents) {
        return files.mayHoldMore(contents);
    }

    /** Whether the repository's own id may mean a model that is not among these files. */
    boolean mayMeanAnother(RepositoryContents contents) {
        return files.mayMeanAnother(contents);
    }

    /**
     * The ids of a repository's models: its own, or one for each checkpoint in the families whose
     * repositories hold several. Such an id always names its checkpoint, also where there is only
     * one, so that it stays the same whatever else is installed or published later.
     */
    public List<ModelId> ids(RepositoryContents contents) {
        ModelId repository = contents.id().repository();
        List<String> variants = contents.variants(files);
        if (variants.isEmpty()) {
            return List.of(repository);
        }
        return variants.stream()
                .flatMap(variant ->
                        variant.isEmpty()
                                ? Stream.of(repository)
                                : ModelId.tryParse(repository + ":" + variant).stream())
                .toList();
    }

    /** No repository is of this family. */
    private static final class NoFiles implements FamilyFiles {
        @Override
        public boolean recognises(RepositoryContents contents) {
            return false;
        }

        @Override
        public List<String> wanted(RepositoryContents contents, String variant) {
            return List.of();
        }
    }
}
