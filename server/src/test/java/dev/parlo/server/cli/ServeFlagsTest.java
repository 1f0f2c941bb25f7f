package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.Setting;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import picocli.CommandLine;

class ServeFlagsTest {
    @Example
    void aPlainLineIsReadWithoutPicocli() {
        assertThat(ServeFlags.read(List.of("serve"))).hasValue(Map.of());
        assertThat(ServeFlags.read(List.of("serve", "--port", "0", "--host=::1")))
                .hasValue(Map.of(Setting.UVICORN_PORT, "0", Setting.UVICORN_HOST, "::1"));
    }

    @Example
    void whatIsNoPlainLineIsLeftToPicocli() {
        for (String line :
                List.of(
                        "",
                        "speak",
                        "serve --help",
                        "serve --port",
                        "serve --port=",
                        "serve --port --host",
                        "serve --port -1",
                        "serve --port 1 --port 2",
                        "serve --prot 1",
                        "serve now",
                        "serve @file",
                        "serve --host @file",
                        "serve --host \"a\"",
                        "serve --exit-after-start")) {
            List<String> words = line.isEmpty() ? List.of() : List.of(line.split(" "));
            assertThat(ServeFlags.read(words)).as(line).isEmpty();
        }
    }

    /** A line that is read here means the same to picocli. */
    @Property(tries = 300)
    void agreesWithPicocli(@ForAll("words") List<String> words) {
        List<String> line = new ArrayList<>(List.of("serve"));
        line.addAll(words);
        ServeFlags.read(line)
                .ifPresent(flags -> assertThat(flags).as("%s", words).isEqualTo(picocli(words)));
    }

    @Provide
    Arbitrary<List<String>> words() {
        Arbitrary<String> flags = Arbitraries.of(Setting.values()).map(Setting::flag);
        Arbitrary<String> values =
                Arbitraries.of(
                        "", "0", "a b", "a=b", "=", "serve", "help", "a,b", "x'y\"", "é", "$HOME");
        Arbitrary<List<String>> pairs =
                Arbitraries.oneOf(
                        flags.flatMap(flag -> values.map(value -> List.of(flag, value))),
                        flags.flatMap(flag -> values.map(value -> List.of(flag + "=" + value))),
                        values.map(List::of));
        return pairs.list().ofMaxSize(4).map(list -> list.stream().flatMap(List::stream).toList());
    }

    private static Map<Setting, String> picocli(List<String> words) {
        CommandLine line = ServeCommand.commandLine(Map.of(), Wiring.real());
        CommandLine.ParseResult given = line.parseArgs(words.toArray(String[]::new));
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        Stream.of(Setting.values())
                .filter(setting -> given.hasMatchedOption(setting.flag()))
                .forEach(setting ->
                        flags.put(setting, given.matchedOptionValue(setting.flag(), "")));
        return flags;
    }
}
