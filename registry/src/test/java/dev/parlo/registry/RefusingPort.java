package dev.parlo.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** A port of this machine at which nobody listens, and which no other program gets meanwhile. */
public final class RefusingPort implements AutoCloseable {
    private final Socket bound = new Socket();

    public RefusingPort() throws IOException {
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    public int number() {
        return bound.getLocalPort();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + number());
    }

    @Override
    public void close() throws IOException {
        bound.close();
    }
}
