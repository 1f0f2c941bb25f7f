package dev.parlo.server.cli;

import dev.parlo.engine.TextToSpeech;
import dev.parlo.server.ProgramHome;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsLoader;
import dev.parlo.server.cli.CommandOutput.Column;
import dev.parlo.server.device.Devices;
import dev.parlo.server.http.Json;
import dev.parlo.server.models.LoadedModel;
import dev.parlo.server.speech.BuiltInEspeak;
import dev.parlo.server.speech.SpeechPart;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code parlo voices}: the voices of a speech model, as a table or as JSON. */
@Command(
        name = "voices",
        description = "Lists the voices of a speech model.",
        mixinStandardHelpOptions = true)
final class VoicesCommand implements Callable<Integer> {
    private static final List<Column> COLUMNS =
            List.of(
                    Column.of("ID", "id"),
                    Column.of("LANGUAGE", "language"),
                    Column.of("GENDER", "gender"),
                    Column.of("NAME", "name"));

    private final Map<String, String> environment;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = BuiltInEspeak.ID,
            description = "Model id or alias. Default: ${DEFAULT-VALUE}.")
    private String model = BuiltInEspeak.ID;

    @Option(
            names = "--language",
            paramLabel = "LANGUAGE",
            description = "Only voices of this language, such as en or pt-br.")
    private @Nullable String language;

    @Option(names = "--json", description = "JSON instead of a table, as when piped.")
    private boolean json;

    private VoicesCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new VoicesCommand(environment));
    }

    @Override
    public Integer call() throws Exception {
        Path home = ProgramHome.find();
        LogSettings.quiet();
        Settings settings = SettingsLoader.load(environment, Map.of(), home);
        NativeFiles.keep(settings);
        try (SpeechPart speech = new SpeechPart(settings, Devices.onCpu());
                LoadedModel loaded = speech.load(model, home)) {
            JsonNode voices =
                    Json.mapper()
                            .valueToTree(
                                    ((TextToSpeech) loaded.engine())
                                            .voices().stream()
                                                    .filter(voice -> wanted(voice.language()))
                                                    .toList());
            new CommandOutput(spec.commandLine().getOut(), json || !CommandOutput.atTerminal())
                    .list(voices, voices, COLUMNS);
        }
        return 0;
    }

    private boolean wanted(String spoken) {
        if (language == null) {
            return true;
        }
        String tag = language.toLowerCase(Locale.ROOT);
        String own = spoken.toLowerCase(Locale.ROOT);
        return own.equals(tag) || own.startsWith(tag + "-");
    }
}
