package dev.parlo.registry.hub;

import static dev.parlo.registry.cache.HubFixture.WHISPER;
import static dev.parlo.registry.cache.HubFixture.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.parlo.registry.Fault;
import dev.parlo.registry.HubQuery;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.TestHub;
import dev.parlo.registry.cache.HubFixture;
import dev.parlo.registry.cache.ModelDownloader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints that are not the Hub itself but copy it, lead to it or live below a path. */
class MirrorTest {
    private static final HubQuery WHISPERS =
            new HubQuery(List.of("ctranslate2", "automatic-speech-recognition"), "", false);

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
    @ValueSource(booleans = {true, false})
    void aMirrorThatRedirectsToTheHubIsFollowedWithoutTheToken(boolean blobs) throws IOException {
        if (!blobs) {
            headersOnly();
        }
        ConcurrentLinkedQueue<String> tokens = new ConcurrentLinkedQueue<>();
        HttpServer mirror =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        mirror.createContext(
                "/",
                exchange -> {
                    tokens.add(
                            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                    exchange.getResponseHeaders()
                            .set(
                                    "Location",
                                    fixture.hub.endpoint().toString() + exchange.getRequestURI());
                    exchange.sendResponseHeaders(308, -1);
                    exchange.close();
                });
        mirror.start();
        URI endpoint = URI.create("http://127.0.0.1:" + mirror.getAddress().getPort());
        try (HubClient client = client(endpoint, Optional.of("hf_mirror"));
                ModelDownloader downloader = new ModelDownloader(client, fixture.store())) {
            downloader.download(WHISPER);
            assertThat(client.models(WHISPERS, 10, new CancelSignal()).models()).hasSize(1);
            assertThatThrownBy(() ->
                            client.model(ModelId.parse("no/such"), "main", new CancelSignal()))
                    .satisfies(failsWith(Category.NOT_FOUND))
                    .extracting(failed -> ((dev.parlo.registry.RegistryException) failed).advice())
                    .asString()
                    .contains("HF_TOKEN is set but was not sent");
        } finally {
            mirror.stop(0);
        }
        assertThat(tokens).isNotEmpty().containsOnly("Bearer hf_mirror");
        assertThat(fixture.hub.requests())
                .isNotEmpty()
                .noneMatch(TestHub.Seen::authorized)
                .anyMatch(TestHub.Seen::store);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/hf"})
    void aLinkToAnotherOriginIsAskedOfTheEndpointItself(String prefix) throws IOException {
        for (int i = 0; i < 5; i++) {
            fixture.whisper(ModelId.parse("a/whisper-" + i), "en");
        }
        fixture.hub.below(prefix);
        fixture.hub.pageSize(2);
        fixture.hub.linkBase("https://huggingface.invalid");
        try (HubClient client = client(fixture.hub.endpoint(), Optional.empty())) {
            ModelList list = client.models(WHISPERS, 100, new CancelSignal());
            assertThat(list.models()).hasSize(6);
            assertThat(list.complete()).isTrue();
        }
    }

    @Test
    void anEndpointBelowAPathServesAWholeModel() throws IOException {
        fixture.hub.below("/hf"); // its relative redirects to /api/resolve-cache leave it out
        headersOnly();
        try (HubClient client = client(fixture.hub.endpoint(), Optional.empty());
                ModelDownloader downloader = new ModelDownloader(client, fixture.store())) {
            assertThat(downloader.download(WHISPER).files()).containsKey("vocabulary.txt");
        }
    }

    @Test
    void aListThatIsCutSaysSo() throws IOException {
        for (int i = 0; i < 5; i++) {
            fixture.whisper(ModelId.parse("a/whisper-" + i), "en");
        }
        try (HubClient client = client(fixture.hub.endpoint(), Optional.empty())) {
            assertThat(client.models(WHISPERS, 6, new CancelSignal()).complete()).isTrue();
            ModelList cut = client.models(WHISPERS, 4, new CancelSignal());
            assertThat(cut.models()).hasSize(4);
            assertThat(cut.complete()).isFalse();
        }
    }

    @Test
    void aListInCirclesEndsAndSaysSo() throws IOException {
        HttpServer circling =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        circling.createContext(
                "/",
                exchange -> {
                    exchange.getResponseHeaders()
                            .set("Link", "<" + exchange.getRequestURI() + ">; rel=\"next\"");
                    byte[] json =
                            "[{\"id\": \"a/whisper\"}]"
                                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, json.length);
                    exchange.getResponseBody().write(json);
                    exchange.close();
                });
        circling.start();
        URI endpoint = URI.create("http://127.0.0.1:" + circling.getAddress().getPort());
        try (HubClient client = client(endpoint, Optional.empty())) {
            ModelList list = client.models(WHISPERS, 100, new CancelSignal());
            assertThat(list.models()).hasSize(1);
            assertThat(list.complete()).isFalse();
        } finally {
            circling.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sizesAndHashesAreListedInsteadOfAskedForFileByFile(boolean blobs) {
        if (!blobs) {
            fixture.hub.fault(new Fault("", Fault.Kind.NO_BLOBS, 0));
            fixture.hub.pageSize(2); // then the tree tells, in pages
        }
        try (HubClient client = client(fixture.hub.endpoint(), Optional.empty());
                ModelDownloader downloader = new ModelDownloader(client, fixture.store())) {
            downloader.download(WHISPER);
        }
        assertThat(fixture.hub.requests())
                .noneMatch(request -> request.method().equals("HEAD"))
                .filteredOn(request -> request.path().contains("/api/models/"))
                .hasSize(blobs ? 1 : 4);
    }

    @Test
    void aRenamedRepositoryIsDownloadedUnderTheNameAskedFor() throws IOException {
        ModelId old = ModelId.parse("old/whisper-name");
        fixture.options(old, "{\"movedTo\": \"" + WHISPER + "\"}");
        headersOnly();
        try (HubClient client = client(fixture.hub.endpoint(), Optional.empty());
                ModelDownloader downloader = new ModelDownloader(client, fixture.store())) {
            assertThat(downloader.download(old).id()).isEqualTo(old);
        }
    }

    @Test
    void aMirrorWithoutLengthsAtHeadIsOfNoConsequence() {
        fixture.hub.fault(new Fault("", Fault.Kind.NO_LENGTH, 0));
        try (HubClient client = client(fixture.hub.endpoint(), Optional.empty());
                ModelDownloader downloader = new ModelDownloader(client, fixture.store())) {
            downloader.download(WHISPER);
        }
    }

    @Test
    void aStoreOnTheHubsOwnOriginKeepsTheSha256() throws IOException {
        fixture.hub.storeHere();
        headersOnly();
        try (HubClient client = client(fixture.hub.endpoint(), Optional.of(TestHub.TOKEN));
                ModelDownloader downloader = new ModelDownloader(client, fixture.store())) {
            downloader.download(WHISPER);
        }
        assertThat(fixture.blobs(WHISPER).resolve(fixture.etag(WHISPER, "model.bin")))
                .isRegularFile();
    }

    /** A Hub that lists no sizes: each file is asked for. */
    private void headersOnly() {
        fixture.hub.fault(new Fault("", Fault.Kind.NO_BLOBS, 0));
        fixture.hub.fault(new Fault("/tree/", Fault.Kind.STATUS, 404));
    }

    private HubClient client(URI endpoint, Optional<String> token) {
        return fixture.client(endpoint, token, NetworkSettings.direct());
    }
}
