package dev.parlo.server.cli;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.audio.UploadSpool;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelStore;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.ProgramHome;
import dev.parlo.server.Setting;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsLoader;
import dev.parlo.server.device.Devices;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.UploadFolder;
import dev.parlo.server.models.EngineFactory;
import dev.parlo.server.models.HubAccess;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import dev.parlo.server.speaker.SpeakerModels;
import dev.parlo.server.speaker.SpeakerPart;
import dev.parlo.server.transcription.ComputeChoice;
import dev.parlo.server.transcription.ResponseFormat;
import dev.parlo.server.transcription.SpokenLanguage;
import dev.parlo.server.transcription.TranscriptionJob;
import dev.parlo.server.transcription.TranscriptionOptions;
import dev.parlo.server.transcription.TranscriptionPart;
import dev.parlo.server.transcription.TranscriptionPipeline;
import dev.parlo.server.vad.VoiceActivityPart;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parlo transcribe}: transcribes files in this process, without a server. */
@Command(
        name = "transcribe",
        description = "Transcribes audio and video files.",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
final class TranscribeCommand implements Callable<Integer> {
    private static final String BUILT_IN = "parlo/whisper-nano.en";
    private static final String STDIN = "-";
    private static final String FORMAT = "response_format";
    private static final ModelTask TASK = ModelTask.AUTOMATIC_SPEECH_RECOGNITION;

    private final Map<String, String> environment;
    private final Wiring wiring;

    private final Cancellation cancellation = new Cancellation();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files; - for standard input.")
    private List<String> files = List.of();

    @CommandLine.Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = BUILT_IN,
            description = "Model id, alias, directory or ggml-*.bin. Default: ${DEFAULT-VALUE}.")
    private String model = BUILT_IN;

    @CommandLine.Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Folder to write one file per input into, instead of printing.")
    private @Nullable Path output;

    @CommandLine.Option(
            names = {"--compute-type", "--whisper-compute-type"},
            paramLabel = "TYPE",
            description = "auto, default, int8 or float32. Default: auto.")
    private @Nullable String computeType;

    @CommandLine.Option(
            names = {"--threads", "--whisper-cpu-threads"},
            paramLabel = "N",
            description = "Threads. Default: all that help.")
    private @Nullable String threads;

    private TranscribeCommand(Map<String, String> environment, Wiring wiring) {
        this.environment = environment;
        this.wiring = wiring;
    }

    static CommandLine commandLine(Map<String, String> environment, Wiring wiring) {
        CommandLine line = new CommandLine(new TranscribeCommand(environment, wiring));
        line.getCommandSpec().addOption(format());
        for (Option<?, ?> option : TranscriptionOptions.all()) {
            if (!option.requestOnly() && !option.name().equals(FORMAT)) {
                line.getCommandSpec().addOption(flag(option));
            }
        }
        return line;
    }

    /** The form's field by a shorter name, with another default. */
    private static OptionSpec format() {
        List<String> names = ResponseFormat.apiNames();
        return OptionSpec.builder("--format")
                .type(String.class)
                .paramLabel("FORMAT")
                .defaultValue(ResponseFormat.TEXT.apiName())
                .description(String.join(", ", names) + ". Default: ${DEFAULT-VALUE}.")
                .build();
    }

    private static OptionSpec flag(Option<?, ?> option) {
        OptionSpec.Builder flag =
                OptionSpec.builder(option.commandLineFlag())
                        .description(option.help().replace("%", "%%"));
        return option.type() instanceof OptionType.Flag
                ? flag.type(Boolean.class).arity("0").negatable(true).build()
                : flag.type(List.class)
                        .auxiliaryTypes(String.class)
                        .arity("1")
                        .paramLabel(option.type().label())
                        .build();
    }

    @Override
    public Integer call() {
        Settings settings = settings();
        LogSettings.quiet();
        Logger log = LoggerFactory.getLogger(TranscribeCommand.class);
        settings.warnings().forEach(log::warn);
        Devices devices = wiring.devices().apply(settings);
        ComputeChoice.warning(settings.whisper(), devices.whisper()).ifPresent(log::warn);
        NativeFiles.keep(settings, devices);
        NativeFiles.loadAudio();
        Signals.onInterrupt(cancellation::cancel);
        TranscriptionJob job = TranscriptionJob.of(this::values);
        if (output != null) {
            requireDistinctNames(job.writer().format());
        }
        int failures = 0;
        VoiceActivityPart voiceActivity = new VoiceActivityPart(settings);
        TranscriptionPart transcription =
                new TranscriptionPart(
                        settings,
                        wiring.speechToText().apply(settings, devices),
                        wiring.audio().apply(settings));
        Map<ModelFamily, EngineFactory> factories = new EnumMap<>(ModelFamily.class);
        factories.putAll(transcription.factories());
        factories.putAll(voiceActivity.factories());
        factories.putAll(new SpeakerPart().factories());
        ModelStore store =
                ModelLibrary.store(settings, ProgramHome.find(), voiceActivity.partsOfServer());
        ModelLibrary library =
                ModelLibrary.open(settings, store)
                        .learning(missing -> {
                            try (HubAccess hub = new HubAccess(settings.hub(), store)) {
                                hub.verdicts().learn(missing);
                            }
                        });
        try (CommandModels models =
                new CommandModels(library, factories, model, TASK, cancellation)) {
            // Before the first file: what is wrong with the model is said once.
            SpeechToText engine = models.engine(SpeechToText.class);
            SpokenLanguage.checkTask(job.options().task(), engine, model);
            TranscriptionPipeline pipeline =
                    transcription.pipeline(
                            models,
                            voiceActivity.models(library, models),
                            new SpeakerModels(library, models));
            for (String file : files) {
                if (cancellation.isCancelled()) {
                    return Signals.INTERRUPTED;
                }
                if (!transcribe(file, pipeline, models, job, settings)) {
                    failures++;
                }
                if (output == null && StandardOutput.readerOfProcessLeft()) {
                    break; // the other transcripts would be read by nobody either
                }
            }
        } catch (EngineException e) {
            if (!cancellation.isCancelled()) { // while converting, which may take minutes
                throw e;
            }
        }
        if (cancellation.isCancelled()) {
            return Signals.INTERRUPTED;
        }
        return failures == 0 ? 0 : ParloCommand.FAILED;
    }

    private Settings settings() {
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        if (computeType != null) {
            flags.put(Setting.WHISPER__COMPUTE_TYPE, computeType);
        }
        if (threads != null) {
            flags.put(Setting.WHISPER__CPU_THREADS, threads);
        }
        return SettingsLoader.load(environment, flags, ProgramHome.find());
    }

    /** The values of a field of the API, from the flags. */
    private List<String> values(String field) {
        if (field.equals(FORMAT)) {
            return List.of(spec.findOption("--format").<String>getValue());
        }
        String flag = "--" + field.replace('_', '-');
        CommandLine.ParseResult given = spec.commandLine().getParseResult();
        OptionSpec option = spec.findOption(flag);
        if (option == null || !given.hasMatchedOption(option)) {
            return List.of();
        }
        Object value = option.getValue();
        if (value instanceof List<?> list) {
            List<String> texts = new ArrayList<>();
            list.forEach(text -> texts.add(String.valueOf(text)));
            return texts;
        }
        return List.of(String.valueOf(value));
    }

    /** Returns false when it failed; the failure has been printed. */
    private boolean transcribe(
            String file,
            TranscriptionPipeline pipeline,
            CommandModels models,
            TranscriptionJob job,
            Settings settings) {
        try (Input input = Input.open(file, settings)) {
            String text =
                    FileTranscription.run(
                            pipeline,
                            models,
                            input.path(),
                            job,
                            cancellation,
                            spec.commandLine().getErr());
            write(text, input.name(), job.writer().format());
            return true;
        } catch (EngineException | ApiError | CommandFailure | UncheckedIOException e) {
            PrintWriter err = spec.commandLine().getErr();
            // Some messages begin with the file already.
            String message = String.valueOf(e.getMessage());
            err.println("parlo: " + (message.startsWith(file) ? "" : file + ": ") + message);
            err.flush();
            return false;
        }
    }

    /** Each input has its file in the folder: none may overwrite another's. */
    private void requireDistinctNames(ResponseFormat format) {
        Map<String, String> inputs = new HashMap<>();
        for (String file : files) {
            String name = Input.nameOf(file) + "." + format.extension();
            String other = inputs.put(name, file);
            if (other != null) {
                throw new CommandFailure(
                        String.format(
                                Locale.ROOT,
                                "'%s' and '%s' would both be written to '%s'. Transcribe them one after the other, into different folders.",
                                other,
                                file,
                                name));
            }
        }
    }

    private void write(String text, String name, ResponseFormat format) {
        if (output == null) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(text);
            if (!text.endsWith("\n")) {
                out.println();
            }
            out.flush();
            return;
        }
        try {
            Files.createDirectories(output);
        } catch (IOException e) {
            throw OutputFile.failed(output.toString(), e);
        }
        OutputFile.write(output.resolve(name + "." + format.extension()).toString(), text);
    }

    /** A file to read, and its name without folder and extension. */
    private record Input(Path path, String name, @Nullable UploadFolder folder)
            implements AutoCloseable {
        static Input open(String file, Settings settings) {
            if (file.equals(STDIN)) {
                // A folder whose leftovers the next process finds, should this one be killed.
                UploadFolder folder = UploadFolder.open(settings.files().temporary());
                try {
                    UploadSpool spool =
                            new UploadSpool(folder.path(), settings.limits().uploadBytes());
                    return new Input(spool.spool(System.in).file(), nameOf(file), folder);
                } catch (RuntimeException e) {
                    folder.close();
                    throw e;
                }
            }
            if (file.isBlank()) { // which is the working directory to the system
                throw new CommandFailure(
                        "The name of a file is empty. Give an audio or video file.");
            }
            return new Input(Path.of(file), nameOf(file), null);
        }

        static String nameOf(String file) {
            if (file.equals(STDIN)) {
                return "stdin";
            }
            String name = String.valueOf(Path.of(file).getFileName());
            int dot = name.lastIndexOf('.');
            return dot > 0 ? name.substring(0, dot) : name;
        }

        @Override
        public void close() {
            if (folder != null) {
                folder.close();
            }
        }
    }
}
