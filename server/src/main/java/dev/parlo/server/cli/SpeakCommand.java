package dev.parlo.server.cli;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpokenWord;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.audio.AudioEncoder;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.server.ProgramHome;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsLoader;
import dev.parlo.server.models.LoadedModel;
import dev.parlo.server.speech.BuiltInEspeak;
import dev.parlo.server.speech.SpeechPart;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parlo speak}: speaks a text into a file, in this process, without a server. */
@Command(
        name = "speak",
        description = "Speaks a text into an audio file.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SpeakCommand implements Callable<Integer> {
    private final Map<String, String> environment;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..*",
            paramLabel = "TEXT",
            description = "What to say; - for standard input.")
    private List<String> words = List.of();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "A text file to read aloud.")
    private @Nullable Path file;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = BuiltInEspeak.ID,
            description = "Model id or alias. Default: ${DEFAULT-VALUE}.")
    private String model = BuiltInEspeak.ID;

    @Option(
            names = "--voice",
            paramLabel = "VOICE",
            defaultValue = "alloy",
            description = "A voice of the model (parlo voices). Default: ${DEFAULT-VALUE}.")
    private String voice = "alloy";

    @Option(
            names = "--speed",
            paramLabel = "N",
            defaultValue = "1",
            description = "0.25 to 4. Default: 1.")
    private double speed = 1;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "mp3, opus, aac, flac, wav, pcm, … Default: that of the output's name.")
    private @Nullable String format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            defaultValue = "speech.wav",
            description = "Where to write; - for standard output. Default: ${DEFAULT-VALUE}.")
    private String output = "speech.wav";

    @Option(
            names = "--srt",
            paramLabel = "FILE",
            description = "Subtitles to write beside it, a word each.")
    private @Nullable Path subtitles;

    private SpeakCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new SpeakCommand(environment));
    }

    @Override
    public Integer call() throws Exception {
        AudioFormat written = format();
        String text = text();
        Path home = ProgramHome.find();
        Settings settings = SettingsLoader.load(environment, Map.of(), home);
        LogSettings.quiet();
        NativeFiles.keep(settings);
        try (SpeechPart speech = new SpeechPart(settings);
                LoadedModel loaded = speech.load(model, home)) {
            TextToSpeech engine = (TextToSpeech) loaded.engine();
            SpeechOptions options =
                    speech.voices()
                            .resolve(
                                    SpeechOptions.of(voice)
                                            .withSpeed(speed)
                                            .withWordTimes(subtitles != null),
                                    engine,
                                    settings.speech().voiceFallback());
            List<SpokenWord> times = new ArrayList<>();
            List<float[]> chunks = new ArrayList<>();
            long samples =
                    engine.speak(
                                    text,
                                    options,
                                    chunk -> {
                                        chunks.add(chunk.samples());
                                        times.addAll(chunk.words());
                                    },
                                    new Cancellation())
                            .samples();
            try (OutputStream out = open();
                    AudioEncoder encoder =
                            speech.encoders()
                                    .open(
                                            written,
                                            engine.sampleRate(),
                                            engine.sampleRate(),
                                            out,
                                            samples)) {
                for (float[] chunk : chunks) {
                    encoder.write(chunk, chunk.length);
                }
                encoder.finish();
            }
            if (subtitles != null) {
                Files.writeString(subtitles, srt(times));
            }
        }
        return 0;
    }

    private AudioFormat format() {
        String name = output.equals("-") ? "wav" : output.substring(output.lastIndexOf('.') + 1);
        String wanted = format != null ? format : name;
        return AudioFormat.of(wanted)
                .orElseThrow(() ->
                        new CommandLine.ParameterException(
                                spec.commandLine(),
                                "The format '"
                                        + wanted
                                        + "' is not known; known are "
                                        + AudioFormat.ids()));
    }

    private String text() throws IOException {
        if (file != null) {
            return Files.readString(file);
        }
        if (words.equals(List.of("-"))) {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (words.isEmpty()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "Give a text, - for standard input, or -f FILE.");
        }
        return String.join(" ", words);
    }

    private OutputStream open() {
        try {
            return output.equals("-")
                    ? new BufferedOutputStream(System.out)
                    : new BufferedOutputStream(Files.newOutputStream(Path.of(output)));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + output, failure);
        }
    }

    private static String srt(List<SpokenWord> words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            SpokenWord word = words.get(i);
            text.append(i + 1)
                    .append('\n')
                    .append(time(word.start()))
                    .append(" --> ")
                    .append(time(word.end()))
                    .append('\n')
                    .append(word.text())
                    .append("\n\n");
        }
        return text.toString();
    }

    private static String time(double seconds) {
        long millis = Math.round(seconds * 1000);
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d,%03d",
                millis / 3_600_000,
                millis / 60_000 % 60,
                millis / 1000 % 60,
                millis % 1000);
    }
}
