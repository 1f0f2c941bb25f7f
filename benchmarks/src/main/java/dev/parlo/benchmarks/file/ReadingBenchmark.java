package dev.parlo.benchmarks.file;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioProbe;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/**
 * What it takes to read a recording and to compute its features, by its format: decoding it once,
 * the first pass that finds its loudest value, and all of its windows.
 *
 * <p>Arguments: minutes, working folder, file to write, utterances.
 */
final class ReadingBenchmark {
    private static final List<AudioFormat> FORMATS =
            List.of(AudioFormat.WAV, AudioFormat.FLAC, AudioFormat.MP3, AudioFormat.OPUS);

    private ReadingBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        int seconds = 60 * Integer.parseInt(arguments[0]);
        Path folder = Path.of(arguments[1]);
        List<Path> utterances = Arrays.stream(arguments).skip(3).map(Path::of).toList();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put(
                "title",
                String.format(
                        Locale.ROOT, "Reading %d minutes (seconds, one core)", seconds / 60));
        try (AudioDecoder decoder = new AudioDecoder(1, AudioLimits.unlimited())) {
            for (AudioFormat format : FORMATS) {
                Path file = folder.resolve("reading-" + seconds + "." + format.extension());
                if (!Files.exists(file)) {
                    LongRecording.write(seconds, 1, format, file, utterances);
                }
                AudioSource audio = decoder.open(file);
                run(audio); // warms up
                run(audio).forEach((what, took) -> result.put(format.id() + ", " + what, took));
            }
        }
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(Path.of(arguments[2]).toFile(), result);
        System.err.println(result);
    }

    private static Map<String, String> run(AudioSource audio) {
        Map<String, String> took = new LinkedHashMap<>();
        Cancellation never = new Cancellation();
        long start = System.nanoTime();
        AudioProbe.measure(audio, never);
        took.put("decoding", seconds(start));
        start = System.nanoTime();
        try (MelSpectrogram mel = new MelSpectrogram(audio, 80, never)) {
            took.put("decoding and looking for the loudest value", seconds(start));
            start = System.nanoTime();
            for (int at = 0; at < mel.contentFrames(); at += MelSpectrogram.WINDOW) {
                mel.window(at, MelSpectrogram.WINDOW);
            }
            took.put("decoding again and all windows", seconds(start));
        }
        return took;
    }

    private static String seconds(long start) {
        return String.format(Locale.ROOT, "%.2f", (System.nanoTime() - start) / 1e9);
    }
}
