package dev.parlo.registry.hub;

import static dev.parlo.registry.cache.HubFixture.WHISPER;
import static dev.parlo.registry.cache.HubFixture.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.registry.RefusingPort;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.TestHub;
import dev.parlo.registry.TestProxy;
import dev.parlo.registry.cache.HubFixture;
import dev.parlo.registry.cache.ModelDownloader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.Credentials;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies and private certificate authorities, as the environment names them. */
class NetworkTest {
    private static final HeldCertificate AUTHORITY =
            new HeldCertificate.Builder().certificateAuthority(0).commonName("Our own CA").build();
    private static final HeldCertificate SERVER =
            new HeldCertificate.Builder()
                    .signedBy(AUTHORITY)
                    .commonName("localhost")
                    .addSubjectAlternativeName("localhost")
                    .addSubjectAlternativeName("hub.corp.invalid")
                    .build();

    @TempDir Path folder;
    private HubFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new HubFixture(folder);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP_PROXY", "http_proxy", "ALL_PROXY"})
    void theProxyOfTheEnvironmentIsUsedWithItsCredentials(String variable) throws IOException {
        try (TestProxy proxy =
                new TestProxy(
                        Optional.of(Credentials.basic("me", "pa ss")),
                        Optional.of(fixture.hub.endpoint()))) {
            Map<String, String> environment =
                    Map.of(variable, "http://me:pa%20ss@127.0.0.1:" + proxy.port());
            try (HubClient client = client("http://hub.corp.invalid", environment)) {
                HubModel model = client.model(WHISPER, "main", new CancelSignal());
                assertThat(model.id()).isEqualTo(WHISPER);
            }
            assertThat(proxy.seen())
                    .anyMatch(line -> line.startsWith("GET http://hub.corp.invalid/api/models/"));
        }
    }

    @Test
    void httpsGoesThroughATunnelAndOnlyTheTunnelSeesTheCredentials() throws IOException {
        try (TestHub hub = TestHub.start(fixture.repositories, serverSide());
                TestProxy proxy =
                        new TestProxy(
                                Optional.of(Credentials.basic("me", "pass")),
                                Optional.of(hub.endpoint()))) {
            Map<String, String> environment = new HashMap<>();
            environment.put("HTTPS_PROXY", "http://me:pass@127.0.0.1:" + proxy.port());
            environment.put("SSL_CERT_FILE", authorityFile().toString());
            try (HubClient client = client("https://hub.corp.invalid", environment)) {
                client.model(WHISPER, "main", new CancelSignal());
            }
            assertThat(proxy.seen()).containsOnly("CONNECT hub.corp.invalid:443 HTTP/1.1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.0/8", "*", "127.0.0.1:PORT"})
    void noProxyIsHonoured(String exception) throws IOException {
        try (TestProxy proxy = new TestProxy(Optional.empty(), Optional.empty())) {
            Map<String, String> environment =
                    Map.of(
                            "HTTP_PROXY",
                            "http://127.0.0.1:" + proxy.port(),
                            "no_proxy",
                            exception.replace(
                                    "PORT", String.valueOf(fixture.hub.endpoint().getPort())));
            try (HubClient client = client(fixture.hub.endpoint().toString(), environment)) {
                client.model(WHISPER, "main", new CancelSignal());
            }
            assertThat(proxy.seen()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "me:wrong@"})
    void aProxyThatWantsAPasswordIsAskedOnceAndNamed(String user) throws IOException {
        try (TestProxy proxy =
                new TestProxy(Optional.of(Credentials.basic("me", "pass")), Optional.empty())) {
            for (String scheme : List.of("http", "https")) {
                Map<String, String> environment =
                        Map.of("ALL_PROXY", user + "127.0.0.1:" + proxy.port());
                try (HubClient client = client(scheme + "://hub.corp.invalid", environment)) {
                    assertThatThrownBy(() -> client.model(WHISPER, "main", new CancelSignal()))
                            .satisfies(failsWith(Category.UNAVAILABLE))
                            .hasMessageContaining("ALL_PROXY")
                            .hasMessageContaining("407")
                            .hasMessageNotContaining("wrong");
                }
            }
            // once for each scheme, with the credentials a second time
            assertThat(proxy.seen().size()).isLessThanOrEqualTo(user.isEmpty() ? 2 : 4);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SSL_CERT_FILE, false",
        "REQUESTS_CA_BUNDLE, false",
        "REQUESTS_CA_BUNDLE, true",
        "CURL_CA_BUNDLE, false",
        "SSL_CERT_DIR, true"
    })
    void aPrivateAuthorityOfTheEnvironmentIsTrusted(String variable, boolean directory)
            throws IOException {
        Path file = authorityFile();
        String value = String.valueOf(directory ? file.getParent() : file);
        try (TestHub hub = TestHub.start(fixture.repositories, serverSide());
                HubClient client = client(hub.endpoint().toString(), Map.of(variable, value));
                ModelDownloader downloader = new ModelDownloader(client, fixture.store())) {
            downloader.download(WHISPER);
            assertThat(hub.requests()).anyMatch(TestHub.Seen::store);
        }
    }

    @Test
    void aRefusedCertificateIsAskedForOnceAndTheVariableIsNamed() throws IOException {
        try (TestHub hub = TestHub.start(fixture.repositories, serverSide());
                TestProxy counter = new TestProxy(Optional.empty(), Optional.of(hub.endpoint()))) {
            Map<String, String> environment = new HashMap<>();
            environment.put("HTTPS_PROXY", "127.0.0.1:" + counter.port());
            try (HubClient client = client("https://hub.corp.invalid", environment)) {
                assertThatThrownBy(() -> client.model(WHISPER, "main", new CancelSignal()))
                        .satisfies(failsWith(Category.UNAVAILABLE))
                        .hasMessageContaining("hub.corp.invalid:443 shows is not trusted")
                        .hasMessageContaining("set SSL_CERT_FILE");
            }
            assertThat(counter.seen()).hasSize(1);
        }
    }

    @Test
    void aCertificateOfAnotherNameIsRefusedForThat() throws IOException {
        try (TestHub hub = TestHub.start(fixture.repositories, serverSide());
                HubClient client =
                        client(
                                "https://127.0.0.1:" + hub.endpoint().getPort(),
                                Map.of("SSL_CERT_FILE", authorityFile().toString()))) {
            assertThatThrownBy(() -> client.model(WHISPER, "main", new CancelSignal()))
                    .satisfies(failsWith(Category.UNAVAILABLE))
                    .hasMessageContaining("another host name");
        }
    }

    @Test
    void aCertificateFileThatCannotBeReadIsSaid() throws IOException {
        Path damaged =
                Files.writeString(
                        folder.resolve("damaged.pem"),
                        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        CaCertificates authorities =
                CaCertificates.of(
                        Map.of(
                                "SSL_CERT_FILE", "/nowhere/ca.pem",
                                "CURL_CA_BUNDLE", damaged.toString(),
                                "SSL_CERT_DIR", " "));
        assertThat(authorities.problems())
                .containsExactly(
                        "SSL_CERT_FILE names /nowhere/ca.pem, which cannot be read.",
                        "CURL_CA_BUNDLE names " + damaged + ", which holds no PEM certificate.");
        assertThat(authorities.handshake()).isEmpty();
        assertThat(authorities.advice())
                .contains("Set now: SSL_CERT_FILE, CURL_CA_BUNDLE, with 0 certificates; the log")
                .doesNotContain("/nowhere");
    }

    @Test
    void aBundleWithWordsAndADamagedCertificateGivesTheOthers() throws IOException {
        Path bundle =
                Files.writeString(
                        folder.resolve("bundle.pem"),
                        "# Issuer: someone\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END"
                                + " CERTIFICATE-----\r\nOurs\n=====\n"
                                + AUTHORITY.certificatePem().replace("\n", "\r\n"));
        CaCertificates authorities =
                CaCertificates.of(Map.of("REQUESTS_CA_BUNDLE", bundle.toString()));
        assertThat(authorities.problems()).isEmpty();
        assertThat(authorities.handshake()).isPresent();
    }

    @Test
    void certificatesAreReadWhenTheFirstConnectionNeedsThem() throws IOException {
        Path file = authorityFile();
        CaCertificates kept = CaCertificates.of(Map.of("SSL_CERT_FILE", file.toString()));
        CaCertificates twice =
                CaCertificates.of(
                        Map.of(
                                "SSL_CERT_FILE", file.toString(),
                                "SSL_CERT_DIR", file.resolveSibling("").toString()));
        assertThat(twice.advice()).contains("with 1 certificates.");
        Files.delete(file);
        assertThat(kept.problems()).isEmpty();
        assertThat(kept.handshake()).isEmpty();
        assertThat(twice.handshake()).isPresent();
    }

    @Test
    void anUnknownHostIsNamedWithTheProxyInBetween() throws IOException {
        try (HubClient client = client("http://hub.corp.invalid", Map.of())) {
            assertThatThrownBy(() -> client.model(WHISPER, "main", new CancelSignal()))
                    .satisfies(failsWith(Category.UNAVAILABLE))
                    .hasMessageContaining("the host name 'hub.corp.invalid' is not known");
        }
        try (RefusingPort port = new RefusingPort();
                HubClient client =
                        client(
                                "http://hub.corp.invalid",
                                Map.of("HTTP_PROXY", "127.0.0.1:" + port.number()))) {
            assertThatThrownBy(() -> client.model(WHISPER, "main", new CancelSignal()))
                    .hasMessageContaining(
                            "through the proxy of HTTP_PROXY (127.0.0.1:" + port.number());
        }
    }

    private static javax.net.ssl.SSLContext serverSide() {
        return new HandshakeCertificates.Builder()
                .heldCertificate(SERVER, AUTHORITY.certificate())
                .build()
                .sslContext();
    }

    private Path authorityFile() throws IOException {
        Path file = Files.createDirectories(folder.resolve("ca")).resolve("ours.pem");
        return Files.writeString(file, AUTHORITY.certificatePem());
    }

    private HubClient client(String endpoint, Map<String, String> environment) {
        return fixture.client(
                URI.create(endpoint), Optional.empty(), NetworkSettings.of(environment));
    }
}
