package dev.parlo.server.doctor;

import dev.parlo.server.ListenAddress;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The port to listen on, and, where that is asked for, the Hub. */
record Network(Settings settings, boolean asksHub) {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    Section look() {
        List<Finding> findings = new ArrayList<>();
        findings.add(port());
        findings.add(hub());
        return new Section("Network", findings);
    }

    private Finding port() {
        Settings.Listen listen = settings.listen();
        String name = "port " + listen.port() + " of " + listen.host();
        try {
            ListenAddress.check(listen);
            return Finding.ok(name, "free");
        } catch (SettingsException taken) {
            if (answersAsParlo(listen)) {
                return Finding.ok(name, "a server answers there as Parlo does");
            }
            return Finding.problem(
                    name, "cannot be listened on", String.valueOf(taken.getMessage()));
        }
    }

    private static boolean answersAsParlo(Settings.Listen listen) {
        boolean any = listen.host().equals("0.0.0.0") || listen.host().equals("::");
        HttpUrl url =
                new HttpUrl.Builder()
                        .scheme("http")
                        .host(any ? "localhost" : listen.host())
                        .port(listen.port())
                        .addPathSegment("health")
                        .build();
        OkHttpClient client = new OkHttpClient.Builder().callTimeout(Duration.ofSeconds(3)).build();
        try (Response response = client.newCall(new Request.Builder().url(url).build()).execute()) {
            return response.code() == 200
                    && response.peekBody(100).string().equals("{\"message\":\"OK\"}");
        } catch (IOException somethingElse) {
            return false;
        } finally {
            client.connectionPool().evictAll();
        }
    }

    private Finding hub() {
        Settings.Hub hub = settings.hub();
        String name = "Hub";
        String token = hub.token().isPresent() ? ", with a token" : ", without a token";
        if (hub.offline()) {
            return Finding.ok(name, hub.endpoint() + " is not asked (HF_HUB_OFFLINE)");
        }
        if (!asksHub) {
            return Finding.ok(name, hub.endpoint() + token + "; --network asks it");
        }
        OkHttpClient.Builder builder = new OkHttpClient.Builder().callTimeout(LONGEST);
        hub.network().applyTo(builder);
        OkHttpClient client = builder.build();
        Request.Builder request = new Request.Builder().url(hub.endpoint() + "/api/models?limit=1");
        hub.token().ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        long start = System.nanoTime();
        try (Response response = client.newCall(request.build()).execute()) {
            String found =
                    hub.endpoint()
                            + token
                            + " answers "
                            + response.code()
                            + " after "
                            + Duration.ofNanos(System.nanoTime() - start).toMillis()
                            + " ms";
            return response.isSuccessful()
                    ? Finding.ok(name, found)
                    : Finding.problem(
                            name, found, "See HF_ENDPOINT, HF_TOKEN and the proxy's variables.");
        } catch (IOException unreachable) {
            return Finding.problem(
                    name,
                    hub.endpoint() + " cannot be reached: " + unreachable.getMessage(),
                    "See HF_ENDPOINT, the proxy's variables and the machine's network, or set"
                            + " HF_HUB_OFFLINE=1.");
        } finally {
            client.connectionPool().evictAll();
        }
    }
}
