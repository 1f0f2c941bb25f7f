package dev.parlo.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Runs commands about models and keeps what they print. */
public final class ModelCommands {
    private ModelCommands() {}

    /** What a command did. */
    public record Result(int status, String out, String err) {}

    public static Result run(String[] options, String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of(options));
        CommandLine line =
                ParloCommand.commandLine(Map.of(), Wiring.real())
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err));
        int status = line.execute(arguments.toArray(String[]::new));
        return new Result(status, out.toString(), err.toString());
    }
}
