package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.server.device.DeviceSetting;
import dev.parlo.server.device.DeviceSetting.Choice;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Single settings: which of two wins, what is accepted, and what a wrong value is told. */
@Tag("locale")
class SettingValuesTest {
    private static final Path HOME = Path.of("/opt/parlo");
    private static final DeviceSetting AUTO = new DeviceSetting(Choice.AUTO, List.of(0));

    private static Settings load(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return SettingsLoader.load(environment, Map.of(), HOME);
    }

    @Test
    void anIpv6AddressMayStandInTheBracketsOfAWebAddress() {
        assertThat(load("UVICORN_HOST", "[::1]").listen().host()).isEqualTo("::1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"٨٠٠٠", "８０００", "0x50", "8e3", "80.0"})
    void aWholeNumberIsOfAsciiDigitsOnly(String given) {
        assertThatThrownBy(() -> load("UVICORN_PORT", given)).hasMessageContaining("got " + given);
        assertThatThrownBy(() -> load("PORT", given)).hasMessageContaining("got " + given);
    }

    @Test
    void flagsWinOverTheEnvironment() {
        Settings settings =
                SettingsLoader.load(
                        Map.of("UVICORN_PORT", "9000"), Map.of(Setting.UVICORN_PORT, "9001"), HOME);
        assertThat(settings.listen().port()).isEqualTo(9001);
    }

    @Test
    void uvicornPortWinsOverPort() {
        assertThat(load("PORT", "81").listen().port()).isEqualTo(81);
        assertThat(load("PORT", "81", "UVICORN_PORT", "82").listen().port()).isEqualTo(82);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.7, 10.0.0.7", "::1, ::1", "my-laptop, 0.0.0.0", "1.2.3.4.5, 0.0.0.0"})
    void plainHostCountsOnlyAsAnAddress(String given, String host) {
        assertThat(load("HOST", given).listen().host()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UVICORN_PORT|eighty|UVICORN_PORT: got eighty, accepted: a whole number from 0 to 65535.",
                "PORT|70000|PORT: got 70000, accepted: a whole number from 0 to 65535.",
                "STT_MODEL_TTL|-2|STT_MODEL_TTL: got -2",
                "LOG_LEVEL|loud|accepted: debug, info, warning, error, critical.",
                "WHISPER__COMPUTE_TYPE|int4|accepted: auto, default, int8, int8_float32,",
                "WHISPER__INFERENCE_DEVICE|gpu|accepted: auto, cpu, cuda.",
                "AUTO_DOWNLOAD|maybe|accepted: true or false.",
                "PRELOAD_MODELS|a/b|a JSON list of strings",
                "ALLOW_ORIGINS|{}|a JSON list of strings",
                "HF_ENDPOINT|ftp://x|an http or https address",
                "WHISPER__DEVICE_INDEX|[0, 1025]|WHISPER__DEVICE_INDEX: got [0, 1025], accepted: a whole",
                "ALLOWED_HOSTS|['http://a.org']|ALLOWED_HOSTS: got http://a.org, accepted: host names",
                "ALLOWED_HOSTS|['a b']|ALLOWED_HOSTS: got a b, accepted: host names",
                "ALLOWED_HOSTS|['*.a.org']|ALLOWED_HOSTS: got *.a.org",
                "FILE_URL_HOSTS|['a.org:80']|FILE_URL_HOSTS: got a.org:80, accepted: host names",
                "FILE_URL_HOSTS|['*']|FILE_URL_HOSTS: got *",
                "FILE_URL_PRIVATE_HOSTS|['10.0.0.0/8']|FILE_URL_PRIVATE_HOSTS: got 10.0.0.0/8",
                "API_KEY|''|API_KEY: got an empty key",
                "API_KEY|'a,'|API_KEY: got an empty key"
            })
    void aBadValueNamesTheVariableAndWhatIsAccepted(String name, String value, String message) {
        String given = value.startsWith("['") ? value.replace('\'', '"') : value;
        assertThatThrownBy(() -> load(name, given))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(message);
    }

    @Test
    void allProblemsAreReportedTogether() {
        assertThatThrownBy(() -> load("LOG_LEVEL", "x", "UVICORN_PORT", "y"))
                .hasMessageContaining("LOG_LEVEL")
                .hasMessageContaining("UVICORN_PORT");
    }

    @Test
    void unknownWhisperVariablesWarn() {
        assertThat(load("WHISPER__USE_BATCHED_MODE", "true").warnings())
                .singleElement()
                .asString()
                .startsWith("WHISPER__USE_BATCHED_MODE is not known");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PARLO_CACHEDIR|/x|PARLO_CACHEDIR is not known and has no effect; known are PARLO_CACHE_DIR,",
                "parlo_port|80|parlo_port is not known",
                "KOKORO__DEVICE|cpu|KOKORO__DEVICE is not known",
                "ENABLE_UI|false|ENABLE_UI of Speaches has no effect",
                "UNSTABLE_ORT_OPTS__X|1|UNSTABLE_ORT_OPTS__X of Speaches",
                "FILE_URL_HOSTS|[\"*.a.org\", \"bücher.example\", \"[::1]\"]|has no effect without FILE_URLS=true",
                "WYOMING_HOST|::1|WYOMING_HOST: has no effect without WYOMING_PORT",
                "CHAT_COMPLETION_MODEL|x|has no effect without CHAT_COMPLETION_BASE_URL",
                "PRELOAD_STRICT|1|has no effect without PRELOAD_MODELS",
                "ESPEAK_DATA|/x|has no effect without ESPEAK_LIBRARY",
                "VOICE_ALIASES_PATH|/none/x.json|there is no file /none/x.json yet",
                "HF_TOKEN_PATH|/none/x|there is no file /none/x yet"
            })
    void aVariableThatDoesNothingIsWarnedOf(String name, String value, String warning) {
        assertThat(load(name, value).warnings())
                .singleElement()
                .asString()
                .startsWith(name)
                .contains(warning);
    }

    /** Kubernetes tells every container of all services; the launcher has variables of its own. */
    @Test
    void whatOthersSetForAServiceCalledParloIsNotWarnedOf() {
        String[] names = {
            "PARLO_SERVICE_HOST",
            "PARLO_SERVICE_PORT_HTTP",
            "PARLO_PORT_8000_TCP_ADDR",
            "PARLO_GATEWAY_SERVICE_PORT",
            "PARLO_JAVA_OPTS",
            "PARLO_ADDRESS"
        };
        for (String name : names) {
            assertThat(load(name, "1").warnings()).isEmpty();
        }
        assertThat(load("PARLO_PORT", "tcp://10.0.0.1:8000").warnings()).isEmpty();
        assertThat(load("ALLOWED_HOSTS", "[\"*\", \"a.org\", \"::1\"]").warnings()).isEmpty();
    }

    /** Files of variables and service managers do not expand what a shell would. */
    @ParameterizedTest
    @CsvSource({
        "${HOME}/hub, HOME/hub",
        "$HOME/hub, HOME/hub",
        "~/hub, HOME/hub",
        "${DATA}/hub, /data/hub",
        "/x/$DATA/hub, /x//data/hub",
        "/a$b/hub, /a$b/hub"
    })
    void pathsAreExpandedAsByAShell(String given, Path meant) {
        Path expected =
                Path.of(meant.toString().replaceFirst("^HOME", System.getProperty("user.home")));
        for (String name : List.of("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")) {
            assertThat(load(name, given, "DATA", "/data").hub().cache()).isEqualTo(expected);
        }
        assertThat(load("HF_HOME", given, "DATA", "/data").hub().cache())
                .isEqualTo(expected.resolve("hub"));
        assertThat(load("MODELS_PATH", given, "DATA", "/data").files().models()).contains(expected);
        assertThat(load("PARLO_CACHE_DIR", given, "DATA", "/data").files().cache())
                .isEqualTo(expected);
    }

    @Test
    void aPathWithAVariableThatIsNotSetIsRefused() {
        assertThatThrownBy(() -> load("HF_HOME", "${NO_SUCH}/hf"))
                .hasMessageContaining("HF_HOME: got ${NO_SUCH}/hf, accepted: a path whose")
                .hasMessageContaining("NO_SUCH is not");
    }

    @ParameterizedTest
    @CsvSource({
        "TRANSFORMERS_OFFLINE, 1, '', true",
        "HF_HUB_OFFLINE, 1, '', true",
        "TRANSFORMERS_OFFLINE, 1, 0, false",
        "TRANSFORMERS_OFFLINE, 0, '', false"
    })
    void bothOfflineVariablesCountAsInTheLibrary(
            String name, String value, String hub, boolean offline) {
        Settings settings =
                hub.isEmpty() ? load(name, value) : load(name, value, "HF_HUB_OFFLINE", hub);
        assertThat(settings.hub().offline()).isEqualTo(offline);
    }

    @Test
    void aProxyThatIsNoneAndACertificateThatIsMissingAreSaid() {
        assertThatThrownBy(() -> load("HTTPS_PROXY", "ftp://me:sesame@proxy"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("HTTPS_PROXY: got ftp://…@proxy, accepted: http://")
                .hasMessageNotContaining("sesame");
        assertThat(load("SSL_CERT_FILE", "/nowhere/ca.pem").warnings())
                .containsExactly("SSL_CERT_FILE names /nowhere/ca.pem, which cannot be read.");
        assertThat(load("https_proxy", "http://me:sesame@proxy:1").toString())
                .doesNotContain("sesame");
    }

    @Test
    void secretsAreNotPrinted() {
        assertThat(load("API_KEY", "sesame", "HF_TOKEN", "hf_secret").toString())
                .doesNotContain("sesame")
                .doesNotContain("hf_secret");
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void aNumberThatIsWrittenAsAWordIsRefusedNamingItsRange(Setting setting) {
        if (setting.type() instanceof SettingType.Whole range) {
            assertThatThrownBy(() -> load(setting.variable(), "many"))
                    .hasMessageContaining(setting.variable() + ": got many, accepted: ")
                    .hasMessageContaining("from " + range.least());
        }
    }

    @Test
    void aListOfDevicesIsEachOfThemOnce() {
        assertThat(load("WHISPER__DEVICE_INDEX", "[1, 0, 1]").whisper().device().indices())
                .containsExactly(1, 0);
        assertThat(load("WHISPER__DEVICE_INDEX", "[0]").whisper().device()).isEqualTo(AUTO);
    }
}
