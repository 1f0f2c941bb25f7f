package dev.parlo.server.cli;

import dev.parlo.engine.EngineException;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.SettingsException;
import dev.parlo.server.http.ApiError;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.util.Map;
import java.util.Objects;
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
        return commandLine(environment, wiring).execute(args);
    }

    static CommandLine commandLine(Map<String, String> environment, Wiring wiring) {
        return new CommandLine(new ParloCommand())
                .addSubcommand(ServeCommand.commandLine(environment, wiring))
                .addSubcommand(TranscribeCommand.commandLine(environment, wiring))
                .addSubcommand(RegistryCommand.commandLine(environment))
                .addSubcommand(ModelCommand.commandLine(environment))
                .addSubcommand(PsCommand.commandLine(environment))
                .addSubcommand(SpeakCommand.commandLine(environment))
                .addSubcommand(VoicesCommand.commandLine(environment))
                .setExecutionExceptionHandler(ParloCommand::fail);
    }

    /** One line for an expected failure; a stack trace for any other. */
    private static int fail(Exception e, CommandLine line, CommandLine.ParseResult result) {
        PrintWriter err = line.getErr();
        switch (e) {
            case SettingsException settings -> err.println("parlo: " + settings.getMessage());
            case ApiError error -> err.println("parlo: " + CommandErrors.sentence(error));
            case EngineException engine -> err.println("parlo: " + engine.getMessage());
            case CommandFailure failure -> err.println("parlo: " + failure.getMessage());
            case RegistryException registry -> err.println("parlo: " + registry.advice());
            case UncheckedIOException io -> err.println("parlo: " + withCause(io));
            case InvalidPathException path ->
                    err.println("parlo: not a file name: " + path.getMessage());
            default -> e.printStackTrace(err);
        }
        err.flush();
        return FAILED;
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
