package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.FieldError;
import dev.parlo.server.http.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandErrorsTest {
    private static final String[] NONE = {};

    private static String sentence(FieldError... errors) {
        return CommandErrors.sentence(ApiError.validation(List.of(errors)));
    }

    @Test
    void anErrorIsToldInTheWordsOfTheCommandLineAndNotInThoseOfPydantic() {
        assertThat(sentence(FieldError.value(List.of("query", "memory"), "x", "'x' is no amount")))
                .isEqualTo("--memory: 'x' is no amount (got x)");
        assertThat(sentence(FieldError.integer(List.of("query", "limit"), "x")))
                .isEqualTo("--limit must be a valid integer (got x)");
        assertThat(sentence(FieldError.number(List.of("body", "temperature"), "x")))
                .isEqualTo("--temperature must be a valid number (got x)");
        assertThat(sentence(FieldError.bool(List.of("body", "stream"), "x")))
                .isEqualTo("--stream must be a valid boolean (got x)");
        assertThat(sentence(FieldError.atLeast(List.of("body", "beam_size"), "0", 1)))
                .isEqualTo("--beam-size must be greater than or equal to 1 (got 0)");
        assertThat(
                        sentence(
                                FieldError.literal(
                                        List.of("body", "response_format"),
                                        "x",
                                        List.of("srt", "vtt"))))
                .isEqualTo("--format must be 'srt' or 'vtt' (got x)");
    }

    @Test
    void theSameErrorOfAServerIsToldInTheSameWords() {
        FieldError error = FieldError.value(List.of("query", "keep_alive"), "x", "give seconds");
        assertThat(
                        CommandErrors.sentence(
                                Json.mapper()
                                        .valueToTree(ApiError.validation(List.of(error)).body())))
                .isEqualTo(sentence(error));
        for (String other :
                new String[] {"{\"detail\":\"Not Found\"}", "{\"detail\":[5]}", "[]", "5"}) {
            assertThat(CommandErrors.sentence(Json.mapper().readTree(other))).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "transcribe --langage en x, --language",
        "model delet x, model delete",
        "registry ls --limt 3, --limit",
        "serve --prot 3, parlo serve --help",
        "nonsense, parlo --help"
    })
    void aWrongCommandLineIsToldInAFewLinesWithWhatWasMeant(String line, String way) {
        ModelCommands.Result wrong = ModelCommands.run(NONE, line.split(" "));
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).startsWith("parlo: Un").contains(way).doesNotContain("Usage:");
        assertThat(wrong.err().lines().count()).isLessThanOrEqualTo(3);
    }
}
