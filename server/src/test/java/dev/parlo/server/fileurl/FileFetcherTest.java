package dev.parlo.server.fileurl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.parlo.engine.Cancellation;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.UploadLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import okhttp3.Dns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client that names an address can reach, with a name server that lies. */
class FileFetcherTest {
    private static final int MOST_BYTES = 1000;

    @TempDir Path folder;

    /** Stands for a service of the operator's own network. */
    private HttpServer inside;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final LyingNames names = new LyingNames();

    /** Answers a name's addresses one after another, and remembers what it was asked. */
    private static final class LyingNames implements Dns {
        final Map<String, List<String>> answers = new HashMap<>();
        final List<String> lookups = new ArrayList<>();

        void say(String name, String... answersInTurn) {
            answers.put(name, new ArrayList<>(List.of(answersInTurn)));
        }

        @Override
        public synchronized List<InetAddress> lookup(String host) throws UnknownHostException {
            lookups.add(host);
            List<String> left = answers.get(host);
            if (left == null || left.isEmpty()) {
                throw new UnknownHostException(host);
            }
            return Arrays.stream(left.removeFirst().split(" ", -1))
                    .map(InetAddress::ofLiteral)
                    .toList();
        }
    }

    @BeforeEach
    void start() throws IOException {
        inside = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        inside.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        inside.createContext(
                "/",
                exchange -> {
                    String path = exchange.getRequestURI().getPath();
                    asked.add(path);
                    byte[] body = "RIFF".getBytes(StandardCharsets.UTF_8);
                    if (path.startsWith("/to/")) {
                        exchange.getResponseHeaders()
                                .set("Location", exchange.getRequestURI().getQuery());
                        exchange.sendResponseHeaders(Integer.parseInt(path.substring(4)), -1);
                    } else if (path.equals("/large")) {
                        exchange.sendResponseHeaders(200, MOST_BYTES + 1);
                        exchange.getResponseBody().write(new byte[MOST_BYTES + 1]);
                    } else if (path.equals("/endless")) {
                        exchange.sendResponseHeaders(200, 0);
                        try (OutputStream out = exchange.getResponseBody()) {
                            out.write(new byte[MOST_BYTES + 1]);
                        }
                    } else if (path.equals("/silent")) {
                        await();
                    } else if (path.equals("/missing")) {
                        exchange.sendResponseHeaders(404, -1);
                    } else {
                        exchange.getResponseHeaders().set("Content-Type", "audio/wav");
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                    }
                    exchange.close();
                });
        inside.start();
    }

    private void await() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        stopped.countDown();
        inside.stop(0);
    }

    private String at(String host, String path) {
        return "http://" + host + ":" + inside.getAddress().getPort() + path;
    }

    private FileFetcher fetcher(List<String> hosts, List<String> privateHosts) {
        return fetcher(hosts, privateHosts, Duration.ofSeconds(120));
    }

    private FileFetcher fetcher(List<String> hosts, List<String> privateHosts, Duration timeout) {
        return new FileFetcher(
                new FileUrlSettings(true, hosts, privateHosts, timeout),
                new UploadLimits(folder, MOST_BYTES),
                NetworkSettings.direct(),
                names);
    }

    private ApiError refusal(FileFetcher fetcher, String address) throws IOException {
        try (fetcher) {
            ApiError refusal =
                    catchThrowableOfType(
                            ApiError.class,
                            () -> fetcher.fetch(address, new Cancellation()).close());
            assertThat(refusal).as(address).isNotNull();
            try (var left = Files.list(folder)) {
                assertThat(left).isEmpty();
            }
            return refusal;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "2130706433",
                "0x7f000001",
                "0177.0.0.1",
                "127.0.0.1.",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "0.0.0.0",
                "localhost",
                "LOCALHOST",
                "inside.test",
                "mixed.test",
                "１２７.0.0.1"
            })
    void noSpellingOfAnAddressOfThisNetworkIsReached(String host) throws Exception {
        names.say("localhost", "127.0.0.1");
        names.say("inside.test", "127.0.0.1");
        names.say("mixed.test", "93.184.216.34 127.0.0.1");
        for (String literal :
                List.of("127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.")) {
            names.say(literal, "127.0.0.1"); // as inet_aton reads them
        }
        assertThat(refusal(fetcher(List.of(), List.of()), at(host, "/secret")).status())
                .isEqualTo(400);
        assertThat(asked).isEmpty();
    }

    @Test
    void aNameIsLookedUpOnceAndItsAddressIsTheOneThatIsConnectedTo() throws Exception {
        // The second answer would lead elsewhere: a name that changes between check and use.
        names.say("media.test", "127.0.0.1", "127.0.0.2");
        try (FileFetcher fetcher = fetcher(List.of(), List.of("media.test"));
                FileFetcher.Fetched file =
                        fetcher.fetch(at("media.test", "/a.wav"), new Cancellation())) {
            assertThat(Files.readString(file.upload().file())).isEqualTo("RIFF");
            assertThat(file.contentType()).isEqualTo("audio/wav");
        }
        assertThat(names.lookups).containsExactly("media.test");
    }

    @ParameterizedTest
    @CsvSource({
        "301,http://inside.test:PORT/secret",
        "302,http://127.0.0.1:PORT/secret",
        "303,http://[::1]:PORT/secret",
        "307,//inside.test:PORT/secret",
        "308,http://169.254.169.254/latest/meta-data",
        "302,file:///etc/passwd",
        "302,gopher://127.0.0.1:PORT/secret",
        "302,http://user:password@media.test:PORT/secret"
    })
    void aRedirectLeadsNowhereThatTheAddressItselfCouldNot(String status, String target)
            throws Exception {
        String port = String.valueOf(inside.getAddress().getPort());
        names.say("media.test", "127.0.0.1");
        names.say("inside.test", "127.0.0.1");
        ApiError refusal =
                refusal(
                        fetcher(List.of(), List.of("media.test")),
                        at("media.test", "/to/" + status + "?" + target.replace("PORT", port)));
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(asked).containsExactly("/to/" + status);
    }

    @Test
    void redirectsAreFollowedButNotWithoutEnd() throws Exception {
        names.say("media.test", "127.0.0.1", "127.0.0.1");
        try (FileFetcher fetcher = fetcher(List.of(), List.of("media.test"));
                FileFetcher.Fetched file =
                        fetcher.fetch(at("media.test", "/to/302?/a.wav"), new Cancellation())) {
            assertThat(file.upload().bytes()).isEqualTo(4);
        }
        String[] loopback = new String[20];
        Arrays.fill(loopback, "127.0.0.1");
        names.say("media.test", loopback);
        assertThat(
                        refusal(
                                        fetcher(List.of(), List.of("media.test")),
                                        at("media.test", "/to/302?/to/302?/to/302"))
                                .status())
                .isEqualTo(400);
        assertThat(asked.size()).isLessThan(12);
    }

    @Test
    void withAListOnlyItsHostsAreAskedAlsoAfterARedirect() throws Exception {
        names.say("a.media.test", "127.0.0.1");
        names.say("evil.test", "93.184.216.34");
        assertThat(
                        refusal(fetcher(List.of("*.media.test"), List.of()), at("evil.test", "/a"))
                                .message())
                .contains("evil.test", "FILE_URL_HOSTS");
        assertThat(
                        refusal(
                                        fetcher(List.of("*.media.test"), List.of("a.media.test")),
                                        at("a.media.test", "/to/302?http://evil.test/a"))
                                .message())
                .contains("FILE_URL_HOSTS");
        assertThat(names.lookups).doesNotContain("evil.test");
    }

    @ParameterizedTest
    @CsvSource({"/large,413", "/endless,413", "/missing,400", "/silent,504"})
    void whatIsTooLargeTooSlowOrNoFileIsRefusedAndLeavesNothing(String path, int status)
            throws Exception {
        names.say("media.test", "127.0.0.1");
        Duration timeout =
                path.equals("/silent") ? Duration.ofMillis(200) : Duration.ofSeconds(120);
        assertThat(
                        refusal(
                                        fetcher(List.of(), List.of("media.test"), timeout),
                                        at("media.test", path))
                                .status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "ftp://media.test/a",
                "data:audio/wav;base64,UklGRg==",
                "media.test/a",
                "http://",
                "http://user:secret@media.test/a",
                ""
            })
    void whatIsNoPlainWebAddressIsRefusedWithoutShowingIt(String address) throws Exception {
        ApiError refusal = refusal(fetcher(List.of(), List.of()), address);
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.message()).doesNotContain("secret", "passwd");
        assertThat(names.lookups).isEmpty();
    }

    /** Else the answers would tell which names and ports there are within the network. */
    @Test
    void aHostThatIsNotPublicIsRefusedInTheWordsForOneThatIsNotKnown() throws Exception {
        names.say("inside.test", "127.0.0.1");
        String inThere = refusal(fetcher(List.of(), List.of()), at("inside.test", "/")).message();
        String unknown = refusal(fetcher(List.of(), List.of()), at("nobody.test", "/")).message();
        assertThat(inThere.replace("inside", "nobody")).isEqualTo(unknown);
    }
}
