package dev.parlo.server.cli;

import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.Voice;
import dev.parlo.server.ProgramHome;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsLoader;
import dev.parlo.server.models.LoadedModel;
import dev.parlo.server.speech.BuiltInEspeak;
import dev.parlo.server.speech.SpeechPart;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parlo voices}: the voices of a speech model, one a line: id, language, name. */
@Command(
        name = "voices",
        description = "Lists the voices of a speech model.",
        mixinStandardHelpOptions = true)
final class VoicesCommand implements Callable<Integer> {
    private final Map<String, String> environment;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = BuiltInEspeak.ID,
            description = "Model id or alias. Default: ${DEFAULT-VALUE}.")
    private String model = BuiltInEspeak.ID;

    private VoicesCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new VoicesCommand(environment));
    }

    @Override
    public Integer call() throws Exception {
        Path home = ProgramHome.find();
        Settings settings = SettingsLoader.load(environment, Map.of(), home);
        LogSettings.quiet();
        NativeFiles.keep(settings);
        try (SpeechPart speech = new SpeechPart(settings);
                LoadedModel loaded = speech.load(model, home)) {
            PrintWriter out = spec.commandLine().getOut();
            for (Voice voice : ((TextToSpeech) loaded.engine()).voices()) {
                out.println(voice.id() + "\t" + voice.language() + "\t" + voice.name());
            }
            out.flush();
        }
        return 0;
    }
}
