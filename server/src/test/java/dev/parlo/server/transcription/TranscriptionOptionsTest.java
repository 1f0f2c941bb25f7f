package dev.parlo.server.transcription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the descriptions of the options say is what happens. */
@Tag("locale")
class TranscriptionOptionsTest {
    static Stream<Option<TranscriptionDraft, ?>> options() {
        return TranscriptionOptions.ofCommandLine().stream();
    }

    private static TranscriptionJob job(String name, String... values) {
        return TranscriptionJob.of(
                field -> field.equals(name) ? List.of(values) : List.<String>of());
    }

    @ParameterizedTest
    @MethodSource("options")
    <V> void aDefaultThatIsSentChangesNothing(Option<TranscriptionDraft, V> option) {
        V fallback = option.fallback();
        if (fallback != null) {
            String sent = option.type().written(fallback);
            assertThat(job(option.name(), sent)).usingRecursiveComparison().isEqualTo(job(""));
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void aValueOfAnotherKindIsRefusedByItsName(Option<TranscriptionDraft, ?> option) {
        boolean anyText =
                option.type() instanceof OptionType.Text
                        || option.type() instanceof OptionType.Texts texts
                                && texts.accepted().isEmpty();
        if (!anyText) {
            assertThatThrownBy(() -> job(option.name(), "{ }?"))
                    .isInstanceOf(ApiError.class)
                    .hasMessageContaining("body." + option.name());
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void aNumberOutsideOfItsRangeIsRefused(Option<TranscriptionDraft, ?> option) {
        if (option.type() instanceof OptionType.Whole range) {
            refused(option, String.valueOf(range.least() - 1L));
            refused(option, String.valueOf(range.most() + 1L));
        } else if (option.type() instanceof OptionType.Decimal range) {
            refused(option, String.valueOf(range.least() - 0.5)); // also what is not finite
            refused(option, String.valueOf(range.most() + 0.5));
        }
    }

    private static void refused(Option<TranscriptionDraft, ?> option, String value) {
        assertThatThrownBy(() -> job(option.name(), value))
                .as("%s=%s", option.name(), value)
                .isInstanceOf(ApiError.class)
                .hasMessageContaining("body." + option.name());
    }

    @Test
    void anAliasIsReadWhereTheNameIsNotSent() {
        assertThat(job("initial_prompt", "Ada").options().initialPrompt()).isEqualTo("Ada");
    }
}
