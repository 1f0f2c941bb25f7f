package dev.parlo.server.cli;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpokenWord;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.audio.AudioEncoder;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.Script;
import dev.parlo.engine.text.TextMarkup;
import dev.parlo.server.ProgramHome;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsLoader;
import dev.parlo.server.device.Devices;
import dev.parlo.server.device.GpuLookup;
import dev.parlo.server.models.LoadedModel;
import dev.parlo.server.speech.BuiltInEspeak;
import dev.parlo.server.speech.SpeechPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parlo speak}: speaks a text into a file or aloud, in this process, without a server. */
@Command(
        name = "speak",
        description = "Speaks a text into an audio file, or aloud.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SpeakCommand implements Callable<Integer> {
    private static final String DEFAULT_OUTPUT = "speech.wav";

    /** Of a text: longer than any book. */
    private static final int LONGEST_TEXT = 32 << 20;

    private final Map<String, String> environment;
    private final SoundOutput.Opener sound;
    private final Cancellation cancellation = new Cancellation();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..*",
            paramLabel = "TEXT",
            description = "What to say; - for standard input.")
    private List<String> words = List.of();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "A text file to read aloud, in UTF-8.")
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

    @Option(names = "--ssml", description = "The text is an SSML document.")
    private boolean ssml;

    @Option(
            names = "--voice-tags",
            description = "[voice:NAME] and [rate:N] in the text change the speaker.")
    private boolean voiceTags;

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
            description =
                    "Where to write; - for standard output. Default: "
                            + DEFAULT_OUTPUT
                            + ", or nowhere with --play.")
    private @Nullable String output;

    @Option(names = "--play", description = "Plays it on this machine while it is made.")
    private boolean play;

    @Option(
            names = "--srt",
            paramLabel = "FILE",
            description = "Subtitles to write beside it, a word each.")
    private @Nullable Path subtitles;

    private SpeakCommand(Map<String, String> environment, SoundOutput.Opener sound) {
        this.environment = environment;
        this.sound = sound;
    }

    static CommandLine commandLine(Map<String, String> environment) {
        return commandLine(environment, SoundOutput::device);
    }

    static CommandLine commandLine(Map<String, String> environment, SoundOutput.Opener sound) {
        return new CommandLine(new SpeakCommand(environment, sound));
    }

    @Override
    public Integer call() throws Exception {
        String name = output != null || play ? output : DEFAULT_OUTPUT;
        AudioFormat written = format(name == null ? DEFAULT_OUTPUT : name);
        String text = text();
        Path home = ProgramHome.find();
        LogSettings.quiet();
        Settings settings = SettingsLoader.load(environment, Map.of(), home);
        Devices devices = Devices.choose(settings, () -> GpuLookup.look(settings.gpu()));
        NativeFiles.keep(settings, devices);
        Signals.onInterrupt(cancellation::cancel);
        try (OutputFile target = name == null ? null : OutputFile.open(name);
                OutputFile cues = subtitles == null ? null : OutputFile.open(subtitles.toString());
                SpeechPart speech = new SpeechPart(settings, devices);
                LoadedModel loaded = speech.load(model, home)) {
            TextToSpeech engine = (TextToSpeech) loaded.engine();
            Script script = Script.of(text, markup(settings));
            SpeechOptions options =
                    speech.voices()
                            .resolve(
                                    script,
                                    SpeechOptions.of(voice)
                                            .withSpeed(speed)
                                            .withReading(Reading.PLAIN.withMarkup(markup(settings)))
                                            .withWordTimes(subtitles != null),
                                    engine,
                                    settings.speech().voiceFallback());
            List<SpokenWord> times = speak(speech, engine, options, script, target, written);
            if (cues != null) {
                write(cues, times);
            }
            if (target != null && !target.isStream()) {
                spec.commandLine().getErr().println("Wrote " + target.name());
                spec.commandLine().getErr().flush();
            }
            return 0;
        } catch (EngineException failure) {
            if (cancellation.isCancelled()) {
                return Signals.INTERRUPTED;
            }
            throw failure;
        }
    }

    private List<SpokenWord> speak(
            SpeechPart speech,
            TextToSpeech engine,
            SpeechOptions options,
            Script script,
            @Nullable OutputFile target,
            AudioFormat written)
            throws IOException {
        int rate = engine.sampleRate();
        try (SoundOutput aloud = play ? sound.open(rate) : null;
                AudioEncoder encoder =
                        target == null
                                ? null
                                : speech.encoders()
                                        .open(
                                                written,
                                                rate,
                                                written.usualRate(rate),
                                                target.stream());
                AudioProgress progress =
                        CommandOutput.atTerminal() ? AudioProgress.speaking() : null) {
            Sink sink = new Sink(rate, target, encoder, aloud, progress);
            engine.speak(script, options, sink, cancellation);
            if (encoder != null && target != null) {
                encoder.finish();
                target.complete(encoder.samplesWritten());
            }
            if (aloud != null) {
                aloud.finish();
            }
            return sink.times;
        } catch (IOException failure) {
            throw OutputFile.failed(target == null ? "the speech" : target.name(), failure);
        }
    }

    /** Hands each chunk to the file, the sound device and the subtitles. */
    private static final class Sink implements SpeechSink {
        private final int rate;
        private final @Nullable OutputFile target;
        private final @Nullable AudioEncoder encoder;
        private final @Nullable SoundOutput aloud;
        private final @Nullable AudioProgress progress;
        private final List<SpokenWord> times = new ArrayList<>();
        private long samples;

        Sink(
                int rate,
                @Nullable OutputFile target,
                @Nullable AudioEncoder encoder,
                @Nullable SoundOutput aloud,
                @Nullable AudioProgress progress) {
            this.rate = rate;
            this.target = target;
            this.encoder = encoder;
            this.aloud = aloud;
            this.progress = progress;
        }

        @Override
        public void accept(SpeechChunk chunk) {
            times.addAll(chunk.words());
            samples += chunk.samples().length;
            if (encoder != null && target != null) {
                try {
                    encoder.write(chunk.samples(), chunk.samples().length);
                } catch (IOException failure) {
                    throw OutputFile.failed(target.name(), failure);
                }
            }
            if (progress != null) {
                progress.at((double) samples / rate);
            }
            if (aloud != null) {
                aloud.play(chunk.samples());
            }
        }
    }

    private void write(OutputFile cues, List<SpokenWord> times) {
        if (times.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "parlo: "
                                    + model
                                    + " does not tell the times of words; "
                                    + subtitles
                                    + " is empty.");
        }
        try {
            cues.stream().write(WordSubtitles.srt(times).getBytes(StandardCharsets.UTF_8));
            cues.complete(0);
        } catch (IOException failure) {
            throw OutputFile.failed(cues.name(), failure);
        }
    }

    private AudioFormat format(String name) {
        int slash = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
        int dot = name.lastIndexOf('.');
        String wanted = format != null ? format : dot > slash + 1 ? name.substring(dot + 1) : "wav";
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
        if (words.isEmpty() == (file == null)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "Give one of a text, - for standard input, or -f FILE.");
        }
        String text;
        if (words.equals(List.of("-")) || Path.of("-").equals(file)) {
            text = read("Standard input", System.in);
        } else if (file != null) {
            text = read(file);
        } else {
            text = String.join(" ", words);
        }
        if (text.isBlank()) {
            throw new CommandFailure("There is nothing to say: the text is empty.");
        }
        return text;
    }

    private static String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in);
        } catch (NoSuchFileException none) {
            throw new CommandFailure("There is no file " + file + ".", none);
        } catch (IOException failure) {
            throw new CommandFailure("Cannot read " + file + ": " + failure.getMessage(), failure);
        }
    }

    private static String read(String name, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(LONGEST_TEXT + 1);
        if (bytes.length > LONGEST_TEXT) {
            throw new CommandFailure(
                    name
                            + " is longer than "
                            + (LONGEST_TEXT >> 20)
                            + " MiB. Give a text, and a longer one in parts.");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private TextMarkup markup(Settings settings) {
        if (ssml) {
            return TextMarkup.SSML;
        }
        return voiceTags || settings.speech().voiceTags()
                ? TextMarkup.VOICE_TAGS
                : TextMarkup.PLAIN;
    }
}
