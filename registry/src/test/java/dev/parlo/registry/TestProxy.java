package dev.parlo.registry;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A small HTTP proxy: tunnels by CONNECT, and plain requests by their absolute address, one a
 * connection. It may want a user and a password, and it may lead every host to one place, so that
 * tests can use names that do not exist.
 */
public final class TestProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final Optional<String> credentials;
    private final Optional<URI> everythingTo;
    private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * @param credentials the value wanted in {@code Proxy-Authorization}
     * @param everythingTo where all connections go, whatever host they ask for
     */
    public TestProxy(Optional<String> credentials, Optional<URI> everythingTo) throws IOException {
        this.credentials = credentials;
        this.everythingTo = everythingTo;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The request lines, in the order in which they came; refused ones too. */
    public List<String> seen() {
        return List.copyOf(seen);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                threads.execute(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            while (true) {
                List<String> head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                seen.add(head.getFirst());
                if (!allowed(head)) {
                    write(
                            out,
                            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate:"
                                    + " Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
                    continue;
                }
                forward(head, in, out);
                return;
            }
        } catch (IOException ended) {
            return; // a client or server that has gone
        } finally {
            open.remove(client);
        }
    }

    private void forward(List<String> head, InputStream in, OutputStream out) throws IOException {
        String[] line = head.getFirst().split(" ", 3);
        boolean tunnel = line[0].equals("CONNECT");
        URI target = URI.create(tunnel ? "https://" + line[1] : line[1]);
        URI place = everythingTo.orElse(target);
        int port = place.getPort() >= 0 ? place.getPort() : tunnel ? 443 : 80;
        try (Socket server = new Socket(place.getHost(), port)) {
            open.add(server);
            if (tunnel) {
                write(out, "HTTP/1.1 200 Connection established\r\n\r\n");
            } else {
                String path = line[1].replaceFirst("^http://[^/]*", "");
                StringBuilder request = new StringBuilder(line[0] + " " + path + " HTTP/1.1\r\n");
                for (String header : head.subList(1, head.size())) {
                    String name = header.toLowerCase(Locale.ROOT);
                    if (!name.startsWith("proxy-") && !name.startsWith("connection:")) {
                        request.append(header).append("\r\n");
                    }
                }
                write(server.getOutputStream(), request + "Connection: close\r\n\r\n");
            }
            threads.execute(() -> {
                try {
                    in.transferTo(server.getOutputStream());
                } catch (IOException ended) {
                    return; // the answer's direction decides when it is over
                }
            });
            server.getInputStream().transferTo(out);
        }
    }

    private boolean allowed(List<String> head) {
        return credentials.isEmpty() || head.contains("Proxy-Authorization: " + credentials.get());
    }

    private static List<String> head(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != '\n') {
                line.append((char) next);
                continue;
            }
            String text = line.toString().strip();
            if (text.isEmpty()) {
                return lines;
            }
            lines.add(text);
            line.setLength(0);
        }
        return List.of();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Closeable each : open) {
            each.close();
        }
        threads.shutdownNow();
    }
}
