package dev.parlo.server.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.Setting;
import dev.parlo.server.http.Json;
import dev.parlo.server.transcription.TranscriptionOptions;
import dev.parlo.server.vad.TimestampRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.node.ObjectNode;

/** The documents say what the described options say. */
class DescribedOptionsTest {
    private static final List<? extends Option<?, ?>> TRANSCRIPTION = TranscriptionOptions.all();
    private static final List<? extends Option<?, ?>> TIMESTAMPS = TimestampRequest.fields();

    @Test
    void theTableOfTheFormIsThatOfTheOptions() throws Exception {
        new GeneratedFile("docs/api.md")
                .checkPart("options of a transcription", OptionTable.of(TRANSCRIPTION));
        new GeneratedFile("docs/api.md")
                .checkPart("options of speech timestamps", OptionTable.of(TIMESTAMPS));
    }

    @Test
    void theSchemaOfTheFormIsThatOfTheOptions() throws Exception {
        new GeneratedFile("server/src/main/resources/dev/parlo/server/docs/openapi.json")
                .check(text -> {
                    ObjectNode api = (ObjectNode) Json.mapper().readTree(text);
                    ObjectNode schemas = (ObjectNode) api.at("/components/schemas");
                    schemas.set("TranscriptionForm", OptionSchema.object(TRANSCRIPTION, true));
                    schemas.set("TimestampForm", OptionSchema.object(TIMESTAMPS, true));
                    return pretty(api);
                });
    }

    @Test
    void theTableOfTheSettingsIsThatOfTheirDescriptions() throws Exception {
        new GeneratedFile("docs/configuration.md").checkPart("settings", SettingTable.all());
    }

    @Test
    void noNameIsGivenTwice() {
        Set<String> names = new HashSet<>();
        for (Option<?, ?> option : TRANSCRIPTION) {
            assertThat(names.add(option.name())).as(option.name()).isTrue();
            option.aliases().forEach(alias -> assertThat(names.add(alias)).as(alias).isTrue());
        }
    }

    @Test
    void everyMeaningIsASentence() {
        for (Option<?, ?> option : TRANSCRIPTION) {
            assertThat(option.sentence()).as(option.name()).matches("(?s)[A-Z`].*[.]");
        }
        for (Setting setting : Setting.values()) {
            assertThat(setting.sentence()).as(setting.name()).matches("(?s)[A-Z0-9`l].*[.]");
        }
    }

    private static String pretty(ObjectNode tree) {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        Separators separators =
                Separators.createDefaultInstance()
                        .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator("");
        return Json.mapper()
                        .writer()
                        .with(
                                new DefaultPrettyPrinter(separators)
                                        .withObjectIndenter(lines)
                                        .withArrayIndenter(lines))
                        .writeValueAsString(tree)
                + "\n";
    }
}
