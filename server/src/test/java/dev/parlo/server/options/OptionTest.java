package dev.parlo.server.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Fields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("locale")
class OptionTest {
    /** What an object's options set. */
    private static final class Detector {
        double threshold;
        int pause;
        String mode = "";
    }

    private @Nullable Detector read;

    private final Option<OptionTest, Detector> option =
            Option.of(
                    "detector",
                    new Structure<>(
                            List.of(
                                    Option.<Detector, Double>of(
                                                    "threshold",
                                                    OptionType.number(0, 1),
                                                    "How sure.",
                                                    (detector, value) -> detector.threshold = value)
                                            .fallback(0.5),
                                    Option.<Detector, Integer>of(
                                                    "pause_ms",
                                                    OptionType.whole(0),
                                                    "How long.",
                                                    (detector, value) -> detector.pause = value)
                                            .alias("pause")),
                            Detector::new,
                            List.of("auto"),
                            (detector, word) -> detector.mode = word),
                    "What to do.",
                    (test, detector) -> test.read = detector);

    private void form(Map<String, String> values) {
        read(
                Fields.form(
                        name -> values.containsKey(name) ? List.of(values.get(name)) : List.of(),
                        values.keySet()));
    }

    private void read(Fields fields) {
        read = null;
        option.read(fields, this);
        fields.check();
    }

    private Detector detector() {
        return java.util.Objects.requireNonNull(read);
    }

    @Test
    void anObjectIsJsonInAForm() {
        form(Map.of("detector", "{\"threshold\": \"0.7\", \"pause\": 100}"));
        assertThat(detector().threshold).isEqualTo(0.7);
        assertThat(detector().pause).isEqualTo(100);
    }

    @Test
    void anObjectIsSentFieldByFieldInAForm() {
        form(Map.of("detector[pause_ms]", "300"));
        assertThat(detector().threshold).isEqualTo(0.5);
        assertThat(detector().pause).isEqualTo(300);
    }

    @Test
    void anObjectIsAnObjectInAJsonBody() {
        String body = "{\"detector\": {\"threshold\": 1, \"pause_ms\": null}}";
        read(Fields.json(body.getBytes(StandardCharsets.UTF_8)));
        assertThat(detector().threshold).isEqualTo(1);
        assertThat(detector().pause).isZero();
    }

    @Test
    void aWordStandsForTheObject() {
        form(Map.of("detector", "auto"));
        assertThat(detector().mode).isEqualTo("auto");
    }

    @Test
    void whatIsNotGivenSetsNothing() {
        form(Map.of("detector", ""));
        assertThat(read).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sometimes", "[1]", "{\"threshold\": 1", "3", "null", "\"auto\""})
    void whatIsNeitherObjectNorWordIsRefusedNamingBoth(String given) {
        assertThatThrownBy(() -> form(Map.of("detector", given)))
                .isInstanceOf(ApiError.class)
                .hasMessageContaining("detector")
                .hasMessageContaining("threshold")
                .hasMessageContaining("auto");
    }

    @Test
    void everythingThatIsWrongWithinIsNamedByItsPath() {
        assertThatThrownBy(() ->
                        form(
                                Map.of(
                                        "detector",
                                        "{\"threshold\": 2, \"pause\": \"long\", \"pauze\": 1}")))
                .isInstanceOf(ApiError.class)
                .hasMessageContaining("detector.threshold")
                .hasMessageContaining("less than or equal to 1")
                .hasMessageContaining("detector.pause:")
                .hasMessageContaining("detector.pauze");
    }

    @Test
    void theDocumentsShowWhatIsWithin() {
        assertThat(OptionTable.ofForm(List.of(option)))
                .contains("| `detector` |  | What to do. Accepted: `auto`. |")
                .contains("| `detector[threshold]` | `0.5` | How sure. 0 to 1. |")
                .contains("| `detector[pause_ms]`, `pause` |");
        assertThat(OptionSchema.object(List.of(option), true).at("/properties/detector/oneOf"))
                .hasSize(2);
        assertThat(option.commandLineFlag()).isEqualTo("--detector");
        assertThat(option.type().label()).isEqualTo("auto|JSON");
    }
}
