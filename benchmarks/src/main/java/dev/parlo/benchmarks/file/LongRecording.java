package dev.parlo.benchmarks.file;

import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioEncoder;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.AudioTarget;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Writes a recording of any length: utterances said again and again, with pauses of half a second
 * to two seconds between them, or with so much faint noise that only a part of the time is speech.
 * The same arguments write the same samples. Where every utterance has a file of text beside it, so
 * has the recording ({@link #text}).
 *
 * <p>Arguments: seconds, part of the time that is speech (1 for all), format, file, utterances.
 */
public final class LongRecording {
    private static final int RATE = AudioSource.SAMPLE_RATE;
    private static final float FAINT = 1e-4f;

    private final Random random = new Random(1);
    private final AudioEncoder encoder;
    private long left;

    private LongRecording(AudioEncoder encoder, long samples) {
        this.encoder = encoder;
        left = samples;
    }

    public static void main(String[] arguments) throws IOException {
        List<Path> utterances = Arrays.stream(arguments).skip(4).map(Path::of).toList();
        write(
                Integer.parseInt(arguments[0]),
                Double.parseDouble(arguments[1]),
                AudioFormat.of(arguments[2]).orElseThrow(),
                Path.of(arguments[3]),
                utterances);
    }

    static void write(
            int seconds, double speech, AudioFormat format, Path file, List<Path> utterances)
            throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        long samples = (long) seconds * RATE;
        try (AudioEncoders encoders = new AudioEncoders(1);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished));
                AudioEncoder encoder =
                        encoders.open(AudioTarget.of(format, RATE), RATE, out, samples)) {
            int said = new LongRecording(encoder, samples).fill(speech, read(utterances));
            encoder.finish();
            writeText(file, utterances, said);
        }
        Files.move(unfinished, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<float[]> read(List<Path> files) {
        List<float[]> utterances = new ArrayList<>();
        try (AudioDecoder decoder = new AudioDecoder(1, AudioLimits.unlimited())) {
            for (Path file : files) {
                float[] samples = new float[0];
                float[] block = new float[RATE];
                try (AudioSource.Reader reader = decoder.open(file).open()) {
                    for (int n = reader.read(block); n > 0; n = reader.read(block)) {
                        int at = samples.length;
                        samples = Arrays.copyOf(samples, at + n);
                        System.arraycopy(block, 0, samples, at, n);
                    }
                }
                utterances.add(samples);
            }
        }
        return utterances;
    }

    /** Where the text of a recording stands, if it is known. */
    static Path text(Path recording) {
        String name = recording.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return recording.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".txt");
    }

    private static void writeText(Path recording, List<Path> utterances, int said)
            throws IOException {
        List<String> texts = new ArrayList<>();
        for (Path utterance : utterances) {
            Path text = text(utterance);
            if (!Files.exists(text)) {
                return;
            }
            texts.add(Files.readString(text).strip());
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < said; i++) {
            lines.add(texts.get(i % texts.size()));
        }
        Files.write(text(recording), lines);
    }

    /** Answers how many utterances are said, the last of which may be cut. */
    private int fill(double speech, List<float[]> utterances) throws IOException {
        int i = 0;
        for (; left > 0; i++) {
            float[] said = utterances.get(i % utterances.size());
            write(said);
            long pause =
                    speech < 1
                            ? Math.round(said.length / speech - said.length)
                            : RATE / 2 + random.nextInt(RATE * 3 / 2);
            while (pause > 0 && left > 0) {
                int part = (int) Math.min(RATE, pause);
                float[] noise = new float[part];
                for (int j = 0; j < part; j++) {
                    noise[j] = FAINT * (random.nextFloat() - 0.5f);
                }
                write(noise);
                pause -= part;
            }
        }
        return i;
    }

    private void write(float[] samples) throws IOException {
        int n = (int) Math.min(samples.length, left);
        encoder.write(samples, n);
        left -= n;
    }
}
