package dev.parlo.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A client that sends what it likes, byte for byte. */
public final class RawConnection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;

    public RawConnection(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    public RawConnection send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawConnection send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Says that nothing more will be sent. */
    public RawConnection endSending() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Everything up to the end of the connection. */
    public String readAll() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[4096];
        try {
            InputStream in = socket.getInputStream();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                all.write(chunk, 0, n);
            }
        } catch (SocketException reset) {
            // what came before counts
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** Whether the connection is torn instead of ended; drops what comes before. */
    public boolean endsInReset() throws IOException {
        try {
            InputStream in = socket.getInputStream();
            byte[] chunk = new byte[4096];
            while (in.read(chunk) >= 0) {
                // dropped
            }
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** An answer whose head says how long its body is. */
    public String readAnswer() throws IOException {
        String head = readUntil("\r\n\r\n");
        int length =
                head.lines()
                        .filter(line -> line.startsWith("Content-Length: "))
                        .mapToInt(line -> Integer.parseInt(line.substring(16).strip()))
                        .sum();
        byte[] body = socket.getInputStream().readNBytes(length);
        return head + new String(body, StandardCharsets.UTF_8);
    }

    /** What comes up to a text that must come. */
    public String readUntil(String end) throws IOException {
        StringBuilder read = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (read.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("The connection ended after: " + read);
            }
            read.append((char) next);
        }
        return read.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
