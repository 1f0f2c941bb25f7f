package dev.parlo.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Locale;

/** Where the server is to listen: tried before the web server does, whose failures are pages. */
public final class ListenAddress {
    private ListenAddress() {}

    /**
     * Listens there for a moment.
     *
     * @throws SettingsException saying which setting is wrong and what to do
     */
    public static void check(Settings.Listen listen) {
        InetSocketAddress address = new InetSocketAddress(listen.host(), listen.port());
        if (address.isUnresolved()) {
            throw new SettingsException(
                    List.of(
                            "UVICORN_HOST: got "
                                    + listen.host()
                                    + ", which is neither an IP address nor a name that can be"
                                    + " resolved; accepted: 127.0.0.1 (this machine only), 0.0.0.0"
                                    + " (every network), or an address of this machine."));
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as the web server: connections of an ended one linger
            socket.bind(address);
        } catch (IOException failure) {
            throw new SettingsException(List.of(reason(listen, failure)));
        }
    }

    /** The system tells by its text alone which of the reasons it is. */
    private static String reason(Settings.Listen listen, IOException failure) {
        String text = String.valueOf(failure.getMessage());
        String plain = text.toLowerCase(Locale.ROOT);
        if (plain.contains("already in use")) {
            return String.format(
                    Locale.ROOT,
                    "Port %d of %s is in use; choose another with --port or UVICORN_PORT (0: any free one).",
                    listen.port(),
                    listen.host());
        }
        if (plain.contains("assign requested")) {
            return "UVICORN_HOST: got "
                    + listen.host()
                    + ", which is not an address of this machine; accepted: 127.0.0.1 (this machine"
                    + " only), 0.0.0.0 (every network), or an address of this machine.";
        }
        if (plain.contains("permission denied")) {
            return String.format(
                    Locale.ROOT,
                    "Port %d needs a right that this user does not have, as most ports below 1024; choose another with --port or UVICORN_PORT, or grant CAP_NET_BIND_SERVICE.",
                    listen.port());
        }
        return String.format(
                Locale.ROOT,
                "Cannot listen on port %d of %s: %s. Change --host (UVICORN_HOST) or --port (UVICORN_PORT).",
                listen.port(),
                listen.host(),
                text);
    }

    /** Where a server that listens there can be reached from its own machine. */
    static String url(String host, int port) {
        boolean any = host.equals("0.0.0.0") || host.equals("::");
        String name = any ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
        return "http://" + name + ":" + port;
    }
}
