package dev.parlo.registry.hub;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The hosts {@code NO_PROXY} excepts. An entry is a host name, which also means everything below it
 * ({@code example.com}, {@code .example.com} and {@code *.example.com} alike), an address, a
 * network such as {@code 10.0.0.0/8}, or {@code *} for every host. A port after a name or an
 * address narrows the entry to that port. These are the rules of curl and of Python's requests,
 * where they agree; where requests compares ends of names only, a whole label must agree here:
 * {@code ample.com} does not mean {@code example.com}.
 */
record NoProxy(List<Entry> entries) {
    static final NoProxy NOTHING = new NoProxy(List.of());

    /** One exception; port -1 means every port. */
    private sealed interface Entry {
        int port();

        record Everything(int port) implements Entry {}

        record Name(String name, int port) implements Entry {}

        record Network(byte[] prefix, int bits, int port) implements Entry {}
    }

    /** Of a port or a network's length: ASCII digits, not those of any script. */
    private static final String NUMBER = "[0-9]{1,5}";

    NoProxy {
        entries = List.copyOf(entries);
    }

    /** Reads a list separated by commas or blanks; what makes no sense excepts nothing. */
    static NoProxy parse(String text) {
        List<Entry> entries = new ArrayList<>();
        for (String each : text.split("[,\\s]+", -1)) {
            // httpx also takes entries with a scheme
            String entry = each.toLowerCase(Locale.ROOT).replaceFirst("^[a-z0-9]+://", "");
            if (!entry.isEmpty()) {
                entry(entry).ifPresent(entries::add);
            }
        }
        return new NoProxy(entries);
    }

    /** Whether a host is asked directly. */
    boolean excepts(String host, int port) {
        String name = withoutBrackets(host.toLowerCase(Locale.ROOT)).replaceFirst("\\.$", "");
        Optional<byte[]> address = literal(name);
        return entries.stream()
                .filter(entry -> entry.port() < 0 || entry.port() == port)
                .anyMatch(entry ->
                        switch (entry) {
                            case Entry.Everything all -> true;
                            case Entry.Name domain ->
                                    address.isEmpty()
                                            && (name.equals(domain.name())
                                                    || name.endsWith("." + domain.name()));
                            case Entry.Network network ->
                                    address.isPresent() && contains(network, address.get());
                        });
    }

    private static Optional<Entry> entry(String text) {
        int slash = text.indexOf('/');
        if (slash > 0) {
            return network(text.substring(0, slash), text.substring(slash + 1));
        }
        String host = text;
        int port = -1;
        // A colon ends the host unless there are several: then it is an IPv6 address.
        int colon = text.startsWith("[") ? text.indexOf(':', text.indexOf(']')) : soleColon(text);
        if (colon >= 0) {
            host = text.substring(0, colon);
            String number = text.substring(colon + 1);
            if (!number.matches(NUMBER)) {
                return Optional.empty();
            }
            port = Integer.parseInt(number);
        }
        host = withoutBrackets(host);
        if (host.equals("*")) {
            return Optional.of(new Entry.Everything(port));
        }
        Optional<byte[]> address = literal(host);
        if (address.isPresent()) {
            return Optional.of(new Entry.Network(address.get(), 8 * address.get().length, port));
        }
        String name = host.replaceFirst("^\\*?\\.", "").replaceFirst("\\.$", "");
        return name.isEmpty() ? Optional.empty() : Optional.of(new Entry.Name(name, port));
    }

    private static Optional<Entry> network(String host, String prefix) {
        Optional<byte[]> address = literal(withoutBrackets(host));
        if (address.isEmpty() || !prefix.matches(NUMBER)) {
            return Optional.empty();
        }
        int bits = Integer.parseInt(prefix);
        return bits > 8 * address.get().length
                ? Optional.empty()
                : Optional.of(new Entry.Network(address.get(), bits, -1));
    }

    private static boolean contains(Entry.Network network, byte[] address) {
        if (network.prefix().length != address.length) {
            return false;
        }
        for (int bit = 0; bit < network.bits(); bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((network.prefix()[bit / 8] & mask) != (address[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static int soleColon(String text) {
        int colon = text.indexOf(':');
        return colon == text.lastIndexOf(':') ? colon : -1;
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }

    /** An address written as one; names are never looked up. */
    private static Optional<byte[]> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host).getAddress());
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }
}
