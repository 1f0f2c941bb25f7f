package dev.parlo.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Proxy;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy variables mean what they mean to curl and to Python's requests. */
class ProxySettingsTest {
    @ParameterizedTest
    @CsvSource({
        "HTTP_PROXY, http, true",
        "http_proxy, http, true",
        "HTTPS_PROXY, https, true",
        "https_proxy, https, true",
        "ALL_PROXY, http, true",
        "all_proxy, https, true",
        "HTTP_PROXY, https, false",
        "HTTPS_PROXY, http, false",
    })
    void aVariableInEitherCaseCountsForItsScheme(String variable, String scheme, boolean counts) {
        ProxySettings settings = ProxySettings.of(Map.of(variable, "http://proxy:3128"));
        assertThat(settings.proxy(scheme, "huggingface.co", 443).isPresent()).isEqualTo(counts);
    }

    @Test
    void theLowerCaseCountsFirstAlsoWhenItIsEmpty() {
        assertThat(through(Map.of("https_proxy", "a:1", "HTTPS_PROXY", "b:1"))).isEqualTo("a:1");
        assertThat(through(Map.of("https_proxy", "", "HTTPS_PROXY", "b:1"))).isEqualTo("direct");
        assertThat(through(Map.of("HTTPS_PROXY", "b:1", "ALL_PROXY", "c:1"))).isEqualTo("b:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "proxy:3128 | HTTP | proxy:3128",
                "http://proxy | HTTP | proxy:80",
                "HTTP://proxy:3128/ | HTTP | proxy:3128",
                "http://user:p%40ss@proxy:3128 | HTTP | proxy:3128",
                "user:pass@proxy:3128 | HTTP | proxy:3128",
                "http://[::1]:3128 | HTTP | ::1:3128",
                "socks5://proxy | SOCKS | proxy:1080",
                "socks5h://proxy:9050 | SOCKS | proxy:9050",
            })
    void readsAProxysAddress(String value, Proxy.Type type, String address) {
        ProxyServer server = ProxyServer.parse("ALL_PROXY", value);
        assertThat(server.type()).isEqualTo(type);
        assertThat(server.host() + ":" + server.port()).isEqualTo(address);
    }

    @Test
    void theCredentialsAreDecodedAndNeverPrinted() {
        ProxyServer server = ProxyServer.parse("HTTPS_PROXY", "http://me:s%C3%BC%40+x@proxy:1");
        assertThat(server.credentials())
                .contains(
                        okhttp3.Credentials.basic(
                                "me", "sü@+x", java.nio.charset.StandardCharsets.UTF_8));
        assertThat(server.toString()).contains("HTTPS_PROXY", "proxy:1").doesNotContain("me:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://u:secret@proxy:1",
                "http://",
                "https://u:secret@p:1",
                "http://a b",
                "socks5://u:secret@p",
                "http://u:secret@bad host"
            })
    void whatIsNoProxyIsRefusedWithoutItsPassword(String value) {
        assertThatThrownBy(() -> ProxySettings.of(Map.of("HTTPS_PROXY", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("HTTPS_PROXY: got ")
                .hasMessageContaining("accepted: ")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* | huggingface.co | 443 | true",
                "example.com | example.com | 443 | true",
                "example.com | hub.example.com | 443 | true",
                "example.com | notexample.com | 443 | false",
                ".example.com | hub.example.com | 443 | true",
                ".example.com | example.com | 443 | true",
                "*.example.com | hub.example.com | 443 | true",
                "EXAMPLE.com | Hub.Example.COM | 443 | true",
                "example.com | example.com. | 443 | true",
                "a.b, example.com | example.com | 443 | true",
                "a.b example.com | example.com | 443 | true",
                "example.com:8443 | example.com | 8443 | true",
                "example.com:8443 | example.com | 443 | false",
                "localhost | localhost | 8080 | true",
                "127.0.0.1 | 127.0.0.1 | 8080 | true",
                "127.0.0.1:8080 | 127.0.0.1 | 8081 | false",
                "127.0.0.1:8080 | 127.0.0.1 | 8080 | true",
                "10.0.0.0/8 | 10.1.2.3 | 80 | true",
                "10.0.0.0/8 | 11.1.2.3 | 80 | false",
                "192.168.4.0/22 | 192.168.7.255 | 80 | true",
                "192.168.4.0/22 | 192.168.8.0 | 80 | false",
                "10.0.0.0/8 | ten.example.com | 80 | false",
                "10.0.0.0/99 | 10.1.2.3 | 80 | false",
                "10.0.0.0/٨ | 10.1.2.3 | 80 | false",
                "example.com:٨٠ | example.com | 80 | false",
                "::1 | ::1 | 80 | true",
                "[::1] | ::1 | 80 | true",
                "[::1]:8080 | ::1 | 80 | false",
                "fd00::/8 | fd12::1 | 80 | true",
                "https://example.com | example.com | 443 | true",
                "0.0.1 | 10.0.0.1 | 80 | false",
                "'' | example.com | 443 | false",
                "', ,' | example.com | 443 | false",
            })
    void noProxyExceptsNamesNetworksAndPorts(String text, String host, int port, boolean direct) {
        Map<String, String> environment = new HashMap<>();
        environment.put("ALL_PROXY", "proxy:1");
        environment.put("NO_PROXY", text);
        assertThat(ProxySettings.of(environment).proxy("https", host, port).isEmpty())
                .isEqualTo(direct);
    }

    @Property(tries = 500)
    void anyNoProxyIsRead(
            @ForAll @Chars({'a', '.', ':', '/', '*', '[', ']', ',', '1', ' ', '%', '-'})
                    String text) {
        assertThat(NoProxy.parse(text).excepts("b.example", 443))
                .isEqualTo(text.contains("*") && NoProxy.parse(text).excepts("c.example", 443));
    }

    @Property(tries = 500)
    void anyProxyIsReadOrRefused(
            @ForAll @Chars({'a', '.', ':', '/', '@', '[', ']', '%', '1', ' ', '?'}) String text) {
        try {
            assertThat(ProxyServer.parse("HTTP_PROXY", "http://" + text).host()).isNotEmpty();
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageStartingWith("HTTP_PROXY: got ");
        }
    }

    private static String through(Map<String, String> environment) {
        return ProxySettings.of(environment)
                .proxy("https", "huggingface.co", 443)
                .map(server -> server.host() + ":" + server.port())
                .orElse("direct");
    }
}
