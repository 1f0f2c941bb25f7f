package dev.parlo.benchmarks.realtime;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** A language model that writes the same two sentences, a word every so often. */
final class FixedLlm implements AutoCloseable {
    private static final String[] WORDS = {
        "That", " is", " a", " good", " question", " to", " ask", ". ", "The", " answer", " is",
        " that", " nobody", " knows", " it", " yet", "."
    };

    private final HttpServer server;
    private volatile long sentenceAt;

    FixedLlm(int port, int millisecondsPerWord) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/v1/chat/completions",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                    exchange.sendResponseHeaders(200, 0);
                    try (OutputStream out = exchange.getResponseBody()) {
                        for (String word : WORDS) {
                            Thread.sleep(millisecondsPerWord);
                            write(out, "{\"choices\":[{\"delta\":{\"content\":\"" + word + "\"}}]}");
                            if (word.equals(". ")) {
                                sentenceAt = System.nanoTime();
                            }
                        }
                        write(out, "[DONE]");
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                });
        server.start();
    }

    private static void write(OutputStream out, String data) throws IOException {
        out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** When the first sentence of the last answer was out. */
    long sentenceAt() {
        return sentenceAt;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
