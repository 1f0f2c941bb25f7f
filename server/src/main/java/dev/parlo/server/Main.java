package dev.parlo.server;

import dev.parlo.server.cli.ParloCommand;
import dev.parlo.server.cli.StandardOutput;
import dev.parlo.server.cli.Wiring;

/** Entry point of the server and the command line. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.setOut(StandardOutput.ofProcess());
        int status = ParloCommand.run(args, System.getenv(), Wiring.real());
        // Also where all went well: a thread of some library may still run.
        System.exit(status);
    }
}
