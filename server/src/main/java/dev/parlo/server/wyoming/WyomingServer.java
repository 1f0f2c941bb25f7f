package dev.parlo.server.wyoming;

import dev.parlo.server.http.InFlight;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.socket.ClientCount;
import dev.parlo.server.socket.SocketLimits;
import dev.parlo.server.speech.SpeechPipeline;
import dev.parlo.server.transcription.SpokenText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for clients of the Wyoming protocol, which has no keys. Thread-safe. */
public final class WyomingServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WyomingServer.class);

    /** Clients together. */
    private static final int MOST = 256;

    /** How long an event may take from its first byte to its last. */
    private static final Duration EVENT = Duration.ofSeconds(30);

    /**
     * What every connection works with.
     *
     * @param models the installed model that answers to a name; an empty one is any
     */
    record Parts(
            SpeechPipeline pipeline,
            SpokenText spokenText,
            UnaryOperator<String> models,
            WyomingVoices voices,
            WyomingInfo info,
            MemoryBudget budget,
            InFlight inFlight) {}

    /**
     * How long a client may take.
     *
     * @param event to send the rest of an event
     * @param next to send the next event of a recording or a text
     * @param sending to read an event
     */
    record Patience(Duration event, Duration next, Duration sending) {}

    private final ServerSocket listener;
    private final Parts parts;
    private final ClientCount clients;
    private final Set<WyomingConnection> connections = ConcurrentHashMap.newKeySet();
    private final Future<?> checks;

    private WyomingServer(
            ServerSocket listener,
            Parts parts,
            SocketLimits limits,
            ScheduledExecutorService timer) {
        this.listener = listener;
        this.parts = parts;
        this.clients = new ClientCount(limits.perClient());
        Patience patience = new Patience(EVENT, limits.idle(), limits.sending());
        this.checks =
                timer.scheduleWithFixedDelay(
                        () -> {
                            long now = System.nanoTime();
                            connections.forEach(connection -> connection.check(now, patience));
                        },
                        1,
                        1,
                        TimeUnit.SECONDS);
        Thread.ofVirtual().name("wyoming-accept").start(this::accept);
    }

    /**
     * Listens.
     *
     * @param models the installed model that answers to a name; an empty one is any
     * @param timer looks after slow clients
     * @throws IOException where it cannot listen there
     */
    public static WyomingServer start(
            String host,
            int port,
            SpeechPipeline pipeline,
            SpokenText spokenText,
            UnaryOperator<String> models,
            ModelLibrary library,
            SocketLimits limits,
            MemoryBudget budget,
            InFlight inFlight,
            ScheduledExecutorService timer)
            throws IOException {
        WyomingVoices voices = new WyomingVoices(library);
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        try {
            listener.bind(new InetSocketAddress(host, port));
        } catch (IOException | RuntimeException failure) {
            listener.close();
            throw failure;
        }
        return new WyomingServer(
                listener,
                new Parts(
                        pipeline,
                        spokenText,
                        models,
                        voices,
                        new WyomingInfo(library, () -> models.apply(""), voices),
                        budget,
                        inFlight),
                limits,
                timer);
    }

    /** The port that it listens on. */
    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                serve(listener.accept());
            } catch (IOException | RuntimeException failure) { // one client must not end this
                if (!listener.isClosed()) {
                    LOG.warn("A Wyoming connection could not be accepted: {}", failure.toString());
                    pause(); // no file may be free at the moment
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(100));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket socket) throws IOException {
        String client = ClientCount.of(socket.getRemoteSocketAddress());
        if (connections.size() >= MOST || !clients.enter(client)) {
            LOG.warn("A Wyoming client was refused: too many are connected");
            socket.close();
            return;
        }
        WyomingConnection connection;
        try {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true); // a satellite that lost its power
            connection = new WyomingConnection(socket, parts);
        } catch (IOException gone) {
            clients.leave(client);
            socket.close();
            return;
        }
        connections.add(connection);
        Thread.ofVirtual()
                .name("wyoming")
                .start(() -> {
                    try {
                        connection.run();
                    } finally {
                        connections.remove(connection);
                        clients.leave(client);
                    }
                });
    }

    @Override
    public void close() throws IOException {
        checks.cancel(false);
        listener.close();
        connections.forEach(WyomingConnection::close);
    }
}
