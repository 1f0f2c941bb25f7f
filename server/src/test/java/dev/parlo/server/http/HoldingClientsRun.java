package dev.parlo.server.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Clients that hold back what they began, against a started server on this machine: unfinished
 * messages and bodies, bytes that drip, many connections. Prints what became of each kind, the time
 * of a health check in the middle of it and the server's resident memory; fails when the server
 * does not answer. Arguments: the server's address, its process id, and how many seconds to drip.
 */
public final class HoldingClientsRun {
    private static final int MEGABYTE = 1 << 20;
    private static final String HEAD = " HTTP/1.1\r\nHost: localhost\r\n";
    private static final String FORM = "Content-Type: multipart/form-data; boundary=b\r\n";
    private static final String PART =
            "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n";

    private final InetSocketAddress server;
    private final long process;
    private final int dripSeconds;

    private HoldingClientsRun(InetSocketAddress server, long process, int dripSeconds) {
        this.server = server;
        this.process = process;
        this.dripSeconds = dripSeconds;
    }

    public static void main(String[] arguments) throws Exception {
        URI address = URI.create(arguments[0]);
        InetSocketAddress server = new InetSocketAddress(address.getHost(), address.getPort());
        if (!server.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("This is for a server on this machine only.");
        }
        new HoldingClientsRun(server, Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]))
                .run();
    }

    private void run() throws Exception {
        row("clients", "sent, MB", "what they were told", "health, ms", "resident, MB");
        row("---", "---", "---", "---", "---");
        row("none", "0", "", health(), resident());
        hold("WebSocket messages never finished", 120, HoldingClientsRun::socketMessage);
        hold(
                "JSON bodies of 60 MB announced",
                24,
                socket -> {
                    socket.send("POST /v1/tts" + HEAD + "Content-Length: 62914560\r\n\r\n");
                    socket.megabytes(59);
                });
        hold(
                "JSON bodies of 2 MB, the last bytes missing",
                400,
                socket -> {
                    socket.send("POST /v1/audio/speech" + HEAD + "Content-Length: 2097152\r\n\r\n");
                    socket.send("a".repeat(2 * MEGABYTE - 5));
                });
        hold(
                "form texts of 15 MB",
                24,
                socket -> {
                    socket.send(
                            "POST /v1/audio/transcriptions"
                                    + HEAD
                                    + FORM
                                    + "Content-Length: 20000000\r\n\r\n");
                    for (int i = 0; i < 15; i++) {
                        socket.send(PART + "a".repeat(MEGABYTE - 1) + "\r\n");
                    }
                });
        drip();
        flood(1500);
        Thread.sleep(2000);
        row("all gone", "0", "", health(), resident());
    }

    /** What a client does once it is connected. */
    private interface Deed {
        void perform(Client client) throws IOException;
    }

    /** A connection that reads what comes without waiting for it. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private long sent;
        private String told = "";

        Client(InetSocketAddress server) throws IOException {
            socket = new Socket();
            socket.connect(server, 5000);
            socket.setSoTimeout(20);
        }

        void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            sent += bytes.length;
        }

        void megabytes(int count) throws IOException {
            byte[] some = new byte[MEGABYTE];
            Arrays.fill(some, (byte) ' ');
            for (int i = 0; i < count; i++) {
                send(some);
            }
        }

        /** In a word: a status, a WebSocket's close code, or that nothing was said. */
        String told() {
            try {
                byte[] bytes = new byte[4096];
                for (int n = socket.getInputStream().read(bytes);
                        n > 0;
                        n = socket.getInputStream().read(bytes)) {
                    told += new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
                }
                return word("closed");
            } catch (IOException nothingMore) {
                return nothingMore instanceof java.net.SocketTimeoutException
                        ? word("held")
                        : word("closed");
            }
        }

        private String word(String otherwise) {
            int frame = told.indexOf("\r\n\r\n");
            if (told.startsWith("HTTP/1.1 101") && frame >= 0) {
                String frames = told.substring(frame + 4);
                return frames.length() >= 4 && frames.charAt(0) == 0x88
                        ? "close " + (frames.charAt(2) << 8 | frames.charAt(3))
                        : otherwise;
            }
            return told.startsWith("HTTP/1.1 ") ? told.substring(9, 12) : otherwise;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static void socketMessage(Client client) throws IOException {
        client.send(
                "GET /v1/text-to-speech/x/stream-input"
                        + HEAD
                        + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n");
        byte[] frame = new byte[14 + (64 << 10)];
        for (int i = 0; i < 60; i++) {
            // a text that goes on, masked with zeros
            ByteBuffer.wrap(frame).put((byte) (i == 0 ? 1 : 0)).put((byte) 0xff).putLong(64 << 10);
            Arrays.fill(frame, 14, frame.length, (byte) 'a');
            client.send(frame);
        }
    }

    private void hold(String name, int count, Deed deed) throws Exception {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(connected(deed));
        }
        report(name, clients);
    }

    private Client connected(Deed deed) throws IOException {
        Client client = new Client(server);
        try {
            deed.perform(client);
        } catch (IOException cutOff) {
            // it is told below why
        }
        return client;
    }

    private void drip() throws Exception {
        String json = "POST /v1/audio/speech" + HEAD;
        String form =
                "POST /v1/audio/transcriptions" + HEAD + FORM + "Content-Length: 9999\r\n\r\n";
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            clients.add(connected(client -> client.send("GET /health HTTP/1.1\r\nX-Y: ")));
        }
        for (int i = 0; i < 50; i++) {
            clients.add(connected(client -> client.send(json + "Content-Length: 999\r\n\r\n")));
            clients.add(connected(client -> client.send(form + "--b\r\nX-Y: ")));
        }
        for (int i = 0; i < 20; i++) {
            clients.add(
                    connected(client -> client.send(json + "Transfer-Encoding: chunked\r\n\r\n")));
        }
        long end = System.nanoTime() + dripSeconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            Thread.sleep(5000);
            for (Client client : clients) {
                try {
                    client.send("a");
                } catch (IOException cutOff) {
                    // it is told below why
                }
            }
        }
        report("a byte every 5 s for " + dripSeconds + " s", clients);
    }

    private void flood(int count) throws Exception {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try {
                clients.add(new Client(server));
            } catch (IOException noMore) {
                break;
            }
        }
        report("connections that send nothing", clients);
    }

    private void report(String name, List<Client> clients) throws Exception {
        String health = health();
        String resident = resident();
        Thread.sleep(500); // for the last answers
        Map<String, Integer> told = new TreeMap<>();
        long sent = 0;
        for (Client client : clients) {
            told.merge(client.told(), 1, Integer::sum);
            sent += client.sent;
        }
        for (Client client : clients) {
            client.close();
        }
        row(
                clients.size() + " " + name,
                String.valueOf(sent / MEGABYTE),
                told.toString(),
                health,
                resident);
    }

    private String health() throws IOException {
        long start = System.nanoTime();
        try (Client client = new Client(server)) {
            client.socket.setSoTimeout(30_000);
            client.send("GET /health" + HEAD + "Connection: close\r\n\r\n");
            String word = client.told();
            long millis = (System.nanoTime() - start) / 1_000_000;
            return word.equals("200") ? String.valueOf(millis) : word;
        }
    }

    private String resident() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process + "/status"))) {
            if (line.startsWith("VmRSS")) {
                return String.valueOf(Long.parseLong(line.replaceAll("\\D", "")) / 1024);
            }
        }
        return "";
    }

    private static void row(String... cells) {
        System.out.println(
                String.format(Locale.ROOT, "| %s |", String.join(" | ", Arrays.asList(cells))));
    }
}
