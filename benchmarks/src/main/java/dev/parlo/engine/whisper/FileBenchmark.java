package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Placement;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Urgency;
import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.cpu.CpuNetwork;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowEncoder;
import dev.parlo.engine.whisper.network.WindowStep;
import dev.parlo.engine.whisper.tokenizer.WhisperTokenizer;
import dev.parlo.engine.whisper.window.SequentialRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/**
 * Where the time goes in a file of ten minutes: recordings said again and again, transcribed with
 * the default options on one thread. Lies in the engine's package to put clocks between its parts.
 *
 * <p>Arguments: checkpoint, working folder, file to write, recordings.
 */
final class FileBenchmark {
    private static final int SECONDS = 600;

    private FileBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path checkpoint = Path.of(arguments[0]);
        Path folder = Path.of(arguments[1]);
        Path wav = folder.resolve("ten-minutes.wav");
        try (AudioDecoder decoder = new AudioDecoder(1, AudioLimits.unlimited())) {
            writeWav(wav, decoder, Arrays.stream(arguments).skip(3).map(Path::of).toList());
            try (WhisperTokenizer tokenizer =
                            WhisperTokenizer.open(checkpoint, CacheFolder.at(folder));
                    CpuNetwork network =
                            CpuNetwork.load(
                                    checkpoint,
                                    ComputePlan.forThisProcessor(ComputeType.INT8),
                                    new WeightCache(CacheFolder.at(folder.resolve("converted"))),
                                    Placement.Cpu.threads(1),
                                    new Cancellation())) {
                int[] atBegin =
                        network.config().suppressIdsBegin().stream()
                                .mapToInt(Integer::intValue)
                                .toArray();
                ModelTokens tokens = ModelTokens.of(tokenizer, atBegin);
                run(network, tokens, decoder.open(wav)); // warms up
                Map<String, Object> result = run(network, tokens, decoder.open(wav));
                new ObjectMapper()
                        .writerWithDefaultPrettyPrinter()
                        .writeValue(Path.of(arguments[2]).toFile(), result);
                System.err.println(result);
            }
        }
    }

    private static Map<String, Object> run(
            CpuNetwork network, ModelTokens tokens, AudioSource audio) {
        Clock decoding = new Clock();
        Clock encoder = new Clock();
        Clock steps = new Clock();
        Clock copies = new Clock();
        long mel = spectrogram(network.shape().melBands(), audio);
        int[] segments = new int[1];
        long start = System.nanoTime();
        int bands = network.shape().melBands();
        try (SequentialRuntime runtime =
                new SequentialRuntime(
                        bands,
                        () -> new TimedArena(network.openArena(1), encoder, steps, copies),
                        EngineObserver.NONE,
                        new Urgency())) {
            new SequentialTranscriber(tokens, runtime, EngineObserver.NONE)
                    .transcribe(
                            new TimedSource(audio, decoding),
                            TranscribeOptions.defaults(),
                            new Admission(1, 1).enter(Priority.BATCH, new Cancellation()),
                            segment -> segments[0]++,
                            new Cancellation());
        }
        long total = System.nanoTime() - start;
        long rest = total - decoding.nanos - mel - encoder.nanos - steps.nanos - copies.nanos;
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("title", "Ten minutes with the built-in model, one thread, int8, defaults");
        result.put("real-time factor", number(total / 1e9 / SECONDS));
        result.put("seconds, all", seconds(total));
        result.put("seconds, reading the file", seconds(decoding.nanos));
        result.put("seconds, spectrogram (timed by itself)", seconds(mel));
        result.put("seconds, encoder, windows " + encoder.calls, seconds(encoder.nanos));
        result.put("seconds, decoder, steps " + steps.calls, seconds(steps.nanos));
        result.put("seconds, moving hypotheses' caches", seconds(copies.nanos));
        result.put("seconds, search, rules, text and the rest", seconds(rest));
        result.put("segments", segments[0]);
        return result;
    }

    /** What the spectrogram takes, reading apart. */
    private static long spectrogram(int bands, AudioSource audio) {
        Clock reading = new Clock();
        long start = System.nanoTime();
        try (MelSpectrogram mel =
                new MelSpectrogram(new TimedSource(audio, reading), bands, new Cancellation())) {
            for (int at = 0; at < mel.contentFrames(); at += MelSpectrogram.WINDOW) {
                mel.window(at, MelSpectrogram.WINDOW);
            }
        }
        return System.nanoTime() - start - reading.nanos;
    }

    private static void writeWav(Path wav, AudioDecoder decoder, List<Path> recordings)
            throws IOException {
        int total = SECONDS * AudioSource.SAMPLE_RATE;
        ByteBuffer bytes = ByteBuffer.allocate(44 + 2 * total).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put("RIFF".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        bytes.putInt(36 + 2 * total);
        bytes.put("WAVEfmt ".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        bytes.putInt(16).putShort((short) 1).putShort((short) 1);
        bytes.putInt(AudioSource.SAMPLE_RATE).putInt(2 * AudioSource.SAMPLE_RATE);
        bytes.putShort((short) 2).putShort((short) 16);
        bytes.put("data".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).putInt(2 * total);
        float[] block = new float[4096];
        int pause = AudioSource.SAMPLE_RATE / 2;
        for (int i = 0; bytes.hasRemaining(); i++) {
            try (AudioSource.Reader reader =
                    decoder.open(recordings.get(i % recordings.size())).open()) {
                int read;
                while ((read = reader.read(block)) > 0) {
                    for (int j = 0; j < read && bytes.hasRemaining(); j++) {
                        bytes.putShort((short) Math.round(block[j] * 32768));
                    }
                }
            }
            for (int j = 0; j < pause && bytes.hasRemaining(); j++) {
                bytes.putShort((short) 0);
            }
        }
        Files.createDirectories(wav.toAbsolutePath().getParent());
        Files.write(wav, bytes.array());
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / 1e9);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    /** Adds up the time of calls. */
    private static final class Clock {
        private long nanos;
        private int calls;

        void add(long start) {
            nanos += System.nanoTime() - start;
            calls++;
        }
    }

    private record TimedSource(AudioSource source, Clock clock) implements AudioSource {
        @Override
        public Reader open() {
            long start = System.nanoTime();
            Reader reader = source.open();
            clock.add(start);
            return new Reader() {
                @Override
                public int read(float[] samples) {
                    long began = System.nanoTime();
                    try {
                        return reader.read(samples);
                    } finally {
                        clock.add(began);
                    }
                }

                @Override
                public void close() {
                    reader.close();
                }
            };
        }
    }

    private record TimedArena(DecodeArena arena, Clock encoding, Clock steps, Clock copies)
            implements DecodeArena {
        @Override
        public WindowEncoder encoder() {
            WindowEncoder encoder = arena.encoder();
            return new WindowEncoder() {
                @Override
                public int melBands() {
                    return encoder.melBands();
                }

                @Override
                public void encode(float[] mel, int slot) {
                    long start = System.nanoTime();
                    encoder.encode(mel, slot);
                    encoding.add(start);
                }
            };
        }

        @Override
        public DecoderStep step() {
            return new TimedStep(arena.step(), steps, copies);
        }

        @Override
        public long bytes() {
            return arena.bytes();
        }

        @Override
        public void trim() {
            arena.trim();
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    private record TimedStep(DecoderStep step, Clock steps, Clock copies) implements DecoderStep {
        @Override
        public int slots() {
            return step.slots();
        }

        @Override
        public int positions() {
            return step.positions();
        }

        @Override
        public int vocabularySize() {
            return step.vocabularySize();
        }

        @Override
        public List<List<StepResult>> run(List<WindowStep> windows) {
            long start = System.nanoTime();
            List<List<StepResult>> results = step.run(windows);
            steps.add(start);
            return results;
        }

        @Override
        public void copyRow(int slot, int width, RowCopy copy) {
            long start = System.nanoTime();
            step.copyRow(slot, width, copy);
            copies.add(start);
        }

        @Override
        public Alignment align(int slot, AlignmentTask task) {
            return step.align(slot, task);
        }

        @Override
        public void release(int slot) {
            step.release(slot);
        }

        @Override
        public void close() {
            step.close();
        }
    }
}
