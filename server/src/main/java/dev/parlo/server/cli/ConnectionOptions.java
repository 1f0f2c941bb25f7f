package dev.parlo.server.cli;

import dev.parlo.server.ProgramHome;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsLoader;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options that the commands about models share: where to act, and how to print. */
final class ConnectionOptions {
    private static final String HERE = "http://localhost:8000";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "The server. Default: SPEACHES_BASE_URL, else the one on this machine, else"
                            + " none: directly on the cache.")
    private @Nullable String url;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description = "Its key. Default: SPEACHES_API_KEY.")
    private @Nullable String apiKey;

    @Option(names = "--json", description = "JSON instead of a table, as when piped.")
    private boolean json;

    private final Map<String, String> environment;

    ConnectionOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The server that was named, else the one that runs here, else the cache. */
    ModelSource source() {
        Optional<String> named = url();
        ServerModels server = server();
        if (named.isPresent() || server.answers()) {
            return server;
        }
        server.close();
        LogSettings.quiet();
        Settings settings = SettingsLoader.load(environment, Map.of(), ProgramHome.find());
        NativeFiles.keep(settings);
        return new CacheModels(settings, ProgramHome.find());
    }

    /** The server; for what only a server can do. */
    ServerModels server() {
        return new ServerModels(
                url().orElse(HERE),
                Optional.ofNullable(apiKey)
                        .or(() -> Optional.ofNullable(environment.get("SPEACHES_API_KEY")))
                        .filter(key -> !key.isBlank()));
    }

    CommandOutput output() {
        return new CommandOutput(spec.commandLine().getOut(), json || !CommandOutput.atTerminal());
    }

    DownloadBar downloadBar() {
        return new DownloadBar(spec.commandLine().getErr(), CommandOutput.atTerminal());
    }

    private Optional<String> url() {
        return Optional.ofNullable(url)
                .or(() -> Optional.ofNullable(environment.get("SPEACHES_BASE_URL")))
                .filter(given -> !given.isBlank());
    }
}
