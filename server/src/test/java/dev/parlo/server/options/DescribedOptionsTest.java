package dev.parlo.server.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.Setting;
import dev.parlo.server.asrwebservice.AsrOptions;
import dev.parlo.server.chat.ChatFields;
import dev.parlo.server.elevenlabs.SpeechToTextOptions;
import dev.parlo.server.http.Json;
import dev.parlo.server.speaker.DiarizationRoutes;
import dev.parlo.server.speaker.EmbeddingRoutes;
import dev.parlo.server.speech.SpeechFields;
import dev.parlo.server.transcription.TranscriptionOptions;
import dev.parlo.server.vad.TimestampRequest;
import dev.parlo.server.whispercpp.InferenceOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The documents say what the described options say. */
class DescribedOptionsTest {
    /** Every list of options: the part of docs/api.md and the schema that it is shown in. */
    private static final List<Described> ALL =
            List.of(
                    Described.form(
                            "options of a transcription",
                            "TranscriptionForm",
                            TranscriptionOptions.all()),
                    Described.form(
                            "options of speech timestamps",
                            "TimestampForm",
                            TimestampRequest.fields()),
                    Described.form(
                            "options of an embedding", "EmbeddingForm", EmbeddingRoutes.fields()),
                    Described.form("fields of /inference", "InferenceForm", InferenceOptions.all()),
                    Described.form(
                            "fields of /v1/speech-to-text",
                            "SpeechToTextForm",
                            SpeechToTextOptions.all()),
                    Described.form(
                            "options of a diarization",
                            "DiarizationForm",
                            DiarizationRoutes.fields()),
                    Described.body("fields of speech", "SpeechForm", SpeechFields.all()),
                    Described.body("fields of a chat", "ChatForm", ChatFields.all()));

    /** What is asked for in the query: the part of docs/api.md and the path. */
    private record Parameters(String part, String path, List<? extends Option<?, ?>> options) {}

    private static final List<Parameters> QUERIES =
            List.of(
                    new Parameters("parameters of /asr", "/asr", AsrOptions.transcription()),
                    new Parameters(
                            "parameters of /detect-language",
                            "/detect-language",
                            AsrOptions.detection()));

    private record Described(
            String part, String schema, List<? extends Option<?, ?>> options, String table) {
        static Described form(String part, String schema, List<? extends Option<?, ?>> options) {
            return new Described(part, schema, options, OptionTable.ofForm(options));
        }

        static Described body(String part, String schema, List<? extends Option<?, ?>> options) {
            return new Described(part, schema, options, OptionTable.ofBody(options));
        }
    }

    @Test
    void theTablesOfFieldsAreThoseOfTheOptions() throws Exception {
        for (Described described : ALL) {
            new GeneratedFile("docs/api.md").checkPart(described.part(), described.table());
        }
        for (Parameters query : QUERIES) {
            new GeneratedFile("docs/api.md")
                    .checkPart(query.part(), OptionTable.ofForm(query.options()));
        }
    }

    @Test
    void theSchemasAreThoseOfTheOptions() throws Exception {
        new GeneratedFile("server/src/main/resources/dev/parlo/server/docs/openapi.json")
                .check(text -> {
                    ObjectNode api = (ObjectNode) Json.mapper().readTree(text);
                    ObjectNode schemas = (ObjectNode) api.at("/components/schemas");
                    for (Described described : ALL) {
                        schemas.set(
                                described.schema(), OptionSchema.object(described.options(), true));
                    }
                    for (Parameters query : QUERIES) {
                        ObjectNode path = (ObjectNode) api.path("paths").path(query.path());
                        ((ObjectNode) path.path("post")).set("parameters", parameters(query));
                    }
                    return pretty(api);
                });
    }

    @Test
    void theTableOfTheSettingsIsThatOfTheirDescriptions() throws Exception {
        new GeneratedFile("docs/configuration.md").checkPart("settings", SettingTable.all());
    }

    @Test
    void noNameIsGivenTwice() {
        for (Described described : ALL) {
            Set<String> names = new HashSet<>();
            for (Option<?, ?> option : described.options()) {
                assertThat(names.add(option.name())).as(option.name()).isTrue();
                option.aliases().forEach(alias -> assertThat(names.add(alias)).as(alias).isTrue());
            }
        }
    }

    @Test
    void everyMeaningIsASentence() {
        for (Described described : ALL) {
            for (Option<?, ?> option : described.options()) {
                assertThat(option.sentence()).as(option.name()).matches("(?s)[A-Z`].*[.]");
            }
        }
        for (Setting setting : Setting.values()) {
            assertThat(setting.sentence()).as(setting.name()).matches("(?s)[A-Z0-9`l].*[.]");
        }
    }

    private static ArrayNode parameters(Parameters query) {
        ArrayNode parameters = Json.mapper().createArrayNode();
        JsonNode schemas = OptionSchema.object(query.options(), true).path("properties");
        for (Option<?, ?> option : query.options()) {
            ObjectNode schema = (ObjectNode) schemas.path(option.name()).deepCopy();
            ObjectNode parameter = parameters.addObject();
            parameter.put("name", option.name()).put("in", "query");
            parameter.set("description", schema.remove("description"));
            parameter.set("schema", schema);
        }
        return parameters;
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
