package dev.parlo.server.cli;

import dev.parlo.engine.EngineException;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.Setting;
import dev.parlo.server.SettingsException;
import dev.parlo.server.http.ApiError;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code parlo}: the root of the command line. */
@Command(
        name = "parlo",
        description = "Speech to text and text to speech, self-contained.",
        mixinStandardHelpOptions = true,
        versionProvider = ParloCommand.Version.class,
        subcommands = {CommandLine.HelpCommand.class, GenerateCompletion.class})
public final class ParloCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    /** Exit status of a command that failed. */
    static final int FAILED = 1;

    /** Of a flag, as for a command line that cannot be understood. */
    private static final int WRONG_VALUE = CommandLine.ExitCode.USAGE;

    /** Exit status of a program whose reader has left, as shells give it: 128 and SIGPIPE. */
    private static final int BROKEN_PIPE = 141;

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"parlo " + version()};
        }
    }

    /** The program's version; {@code development} outside of a jar. */
    static String version() {
        String version = ParloCommand.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Runs a command line and returns the exit status. */
    public static int run(String[] args, Map<String, String> environment, Wiring wiring) {
        return ServeFlags.read(List.of(args))
                .map(flags -> serve(flags, environment, wiring))
                .orElseGet(() -> heard(commandLine(args, environment, wiring).execute(args)));
    }

    /**
     * A result that could not be written, to a full disk for one, is none. A reader that has seen
     * enough ({@code | head}) is told nothing.
     */
    private static int heard(int status) {
        if (!System.out.checkError()) {
            return status;
        }
        if (StandardOutput.readerOfProcessLeft()) {
            return BROKEN_PIPE;
        }
        System.err.println("parlo: standard output cannot be written.");
        return status == 0 ? FAILED : status;
    }

    private static int serve(
            Map<Setting, String> flags, Map<String, String> environment, Wiring wiring) {
        try {
            return new ServerRun(environment, wiring, new PrintWriter(System.out))
                    .run(flags, false);
        } catch (InterruptedException | RuntimeException e) {
            return fail(e, new PrintWriter(System.err));
        }
    }

    /** All commands. */
    static CommandLine commandLine(Map<String, String> environment, Wiring wiring) {
        return commandLine(new String[0], environment, wiring);
    }

    /** Only the command that the line begins with, where it does: describing all takes time. */
    private static CommandLine commandLine(
            String[] args, Map<String, String> environment, Wiring wiring) {
        Map<String, Supplier<CommandLine>> commands = new LinkedHashMap<>();
        commands.put("serve", () -> ServeCommand.commandLine(environment, wiring));
        commands.put("transcribe", () -> TranscribeCommand.commandLine(environment, wiring));
        commands.put("registry", () -> RegistryCommand.commandLine(environment));
        commands.put("model", () -> ModelCommand.commandLine(environment));
        commands.put("ps", () -> PsCommand.commandLine(environment));
        commands.put("speak", () -> SpeakCommand.commandLine(environment));
        commands.put("voices", () -> VoicesCommand.commandLine(environment));
        commands.put("runpod", () -> RunPodCommand.commandLine(environment, wiring));
        commands.put("doctor", () -> DoctorCommand.commandLine(environment));
        if (args.length > 0) {
            Supplier<CommandLine> asked = commands.get(args[0]);
            if (asked != null) {
                commands.values().retainAll(List.of(asked));
            }
        }
        CommandLine parlo = new CommandLine(new ParloCommand());
        commands.forEach((name, command) -> parlo.addSubcommand(name, command.get()));
        NumberArguments.register(parlo);
        return parlo.setExecutionExceptionHandler((e, line, result) -> fail(e, line.getErr()))
                .setParameterExceptionHandler((e, arguments) -> wrong(e));
    }

    /** A wrong command line: what is wrong with it, and where to read more. */
    private static int wrong(CommandLine.ParameterException e) {
        CommandLine line = e.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("parlo: " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try `" + line.getCommandSpec().qualifiedName() + " --help`.");
        err.flush();
        return line.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** One line for an expected failure; a stack trace for any other. */
    private static int fail(Exception e, PrintWriter err) {
        if (StandardOutput.readerOfProcessLeft()) {
            return BROKEN_PIPE; // the failure is that nobody reads
        }
        int status = FAILED;
        switch (e) {
            case SettingsException settings -> {
                err.println("parlo: " + settings.getMessage());
                status = settings.ofCommandLine() ? WRONG_VALUE : FAILED;
            }
            case ApiError error -> {
                err.println("parlo: " + CommandErrors.sentence(error));
                status = error.fields().isEmpty() ? FAILED : WRONG_VALUE;
            }
            case EngineException engine -> err.println("parlo: " + engine.getMessage());
            case CommandFailure failure -> {
                err.println("parlo: " + failure.getMessage());
                status = failure.ofCommandLine() ? WRONG_VALUE : FAILED;
            }
            case RegistryException registry -> err.println("parlo: " + registry.advice());
            case UncheckedIOException io -> err.println("parlo: " + withCause(io));
            case InvalidPathException path ->
                    err.println("parlo: not a file name: " + path.getMessage());
            default -> e.printStackTrace(err);
        }
        err.flush();
        return status;
    }

    /** The system's reason follows what we were about to do. */
    private static String withCause(UncheckedIOException failure) {
        Throwable cause = Objects.requireNonNullElse(failure.getCause(), failure);
        String reason =
                switch (cause) {
                    case AccessDeniedException denied -> "permission denied";
                    case FileAlreadyExistsException file -> file.getFile() + " is not a folder";
                    case FileSystemException file when file.getReason() != null -> file.getReason();
                    default -> String.valueOf(cause.getMessage());
                };
        return failure.getMessage() + " (" + reason + ").";
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
