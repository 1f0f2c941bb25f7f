package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Placement;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptionsBuilder;
import dev.parlo.engine.admission.Tickets;
import dev.parlo.engine.admission.Urgency;
import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.cpu.CpuNetwork;
import dev.parlo.engine.whisper.decode.BeamSearch;
import dev.parlo.engine.whisper.decode.GreedySearch;
import dev.parlo.engine.whisper.decode.LogitRules;
import dev.parlo.engine.whisper.decode.SuppressRules;
import dev.parlo.engine.whisper.decode.WindowSearch;
import dev.parlo.engine.whisper.decode.WindowTask;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import dev.parlo.engine.whisper.network.WhisperNetwork;
import dev.parlo.engine.whisper.tokenizer.WhisperTokenizer;
import dev.parlo.engine.whisper.window.EncodedWindow;
import dev.parlo.engine.whisper.window.SequentialRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Reads the reference answers, and runs single windows as the reference ran them. */
final class Golden implements AutoCloseable {
    static final int[] NONE = {};

    private final AudioDecoder audio = new AudioDecoder(1, AudioLimits.unlimited());
    private final Path folder;

    /**
     * @param folder of the recordings
     */
    Golden(Path folder) {
        this.folder = folder;
    }

    static JsonNode read(Path file) {
        return new ObjectMapper().readTree(file.toFile());
    }

    static List<JsonNode> list(JsonNode array) {
        List<JsonNode> nodes = new ArrayList<>();
        array.forEach(nodes::add);
        return nodes;
    }

    static int[] ints(JsonNode array) {
        return list(array).stream().mapToInt(JsonNode::asInt).toArray();
    }

    AudioSource open(String file) {
        return audio.open(folder.resolve(file));
    }

    /** The only window of a short recording, as the reference cut it. */
    float[] window(String file, int bands) {
        try (MelSpectrogram mel = new MelSpectrogram(open(file), bands, new Cancellation())) {
            return mel.window(0, mel.contentFrames());
        }
    }

    @Override
    public void close() {
        audio.close();
    }

    /** A loaded model for single windows. */
    static final class Model implements AutoCloseable {
        final WhisperNetwork network;
        final ModelTokens tokens;
        private final SequentialRuntime runtime;

        Model(Path checkpoint, ComputeType type, Path cache) {
            this(
                    checkpoint,
                    CpuNetwork.load(
                            checkpoint,
                            ComputePlan.forThisProcessor(type),
                            new WeightCache(CacheFolder.at(cache)),
                            Placement.Cpu.threads(2),
                            new Cancellation()),
                    cache);
        }

        /** Takes the network over. */
        Model(Path checkpoint, WhisperNetwork network, Path cache) {
            this.network = network;
            runtime =
                    new SequentialRuntime(
                            network.shape().melBands(),
                            () -> network.openArena(1),
                            EngineObserver.NONE,
                            new Urgency());
            tokens =
                    ModelTokens.of(
                            WhisperTokenizer.open(checkpoint, CacheFolder.at(cache)),
                            network.config().suppressIdsBegin().stream()
                                    .mapToInt(Integer::intValue)
                                    .toArray());
        }

        /** A search as CTranslate2's {@code generate} with default options. */
        WindowSearch search(int[] prompt, int beams, int maxLength, int[] suppressed) {
            boolean timestamps = prompt[prompt.length - 1] != tokens.ids().noTimestamps();
            int sot = 0;
            while (prompt[sot] != tokens.tokenizer().vocabulary().startOfTranscript()) {
                sot++;
            }
            SuppressRules suppress =
                    new SuppressRules(
                            tokens.ids(), suppressed, tokens.suppressedAtBegin(), timestamps);
            LogitRules rules = new LogitRules(tokens.ids(), suppress, timestamps, 50, 1, 0);
            int cap = Math.min(maxLength / 2, maxLength - (prompt.length - 1));
            WindowTask task = new WindowTask(prompt, sot, NONE, cap, rules);
            return beams == 1 ? GreedySearch.best(task, 1) : new BeamSearch(task, beams, 1, 1);
        }

        /** A window of a recording, ready to be decoded and aligned. */
        EncodedWindow encode(float[] mel) {
            return runtime.encode(mel, Tickets.alone(), new Cancellation());
        }

        int[] defaultSuppressed() {
            return DecodePlan.suppressed(tokens, TranscribeOptions.defaults());
        }

        @Override
        public void close() {
            runtime.close();
            network.close();
            tokens.tokenizer().close();
        }
    }

    /** "start,end,…", or a list of objects, as the batched pipeline takes it. */
    private static List<Double> clips(JsonNode value) {
        if (!value.isArray()) {
            return Arrays.stream(value.asString().split(",")).map(Double::valueOf).toList();
        }
        List<Double> clips = new ArrayList<>();
        for (JsonNode clip : value) {
            clips.add(clip.get("start").asDouble());
            clips.add(clip.get("end").asDouble());
        }
        return clips;
    }

    /** The options of a run, by faster-whisper's names. */
    static TranscribeOptions options(JsonNode options) {
        TranscribeOptionsBuilder builder = TranscribeOptions.builder();
        for (String name : options.propertyNames()) {
            JsonNode value = options.get(name);
            switch (name) {
                case "language" -> builder.language(value.asString());
                case "temperature" -> builder.temperatures(List.of(value.asDouble()));
                case "vad_filter" -> {}
                case "beam_size" -> builder.beamSize(value.asInt());
                case "patience" -> builder.patience(value.asDouble());
                case "length_penalty" -> builder.lengthPenalty(value.asDouble());
                case "repetition_penalty" -> builder.repetitionPenalty(value.asDouble());
                case "no_repeat_ngram_size" -> builder.noRepeatNgramSize(value.asInt());
                case "condition_on_previous_text" ->
                        builder.conditionOnPreviousText(value.asBoolean());
                case "without_timestamps" -> builder.withoutTimestamps(value.asBoolean());
                case "word_timestamps" -> builder.wordTimestamps(value.asBoolean());
                case "initial_prompt" -> builder.initialPrompt(value.asString());
                case "prefix" -> builder.prefix(value.asString());
                case "hotwords" -> builder.hotwords(value.asString());
                case "max_new_tokens" -> builder.maxNewTokens(value.asInt());
                case "clip_timestamps" -> builder.clipTimestamps(clips(value));
                case "batch_size" -> builder.batchSize(value.asInt());
                default -> throw new AssertionError("unknown option " + name);
            }
        }
        return builder.build();
    }
}
