package dev.parlo.registry.hub;

import java.io.IOException;

/**
 * The place that the Hub redirects a file to refuses the address: its signature has expired, or a
 * firewall is in the way. Says nothing about the token, which that place never sees.
 */
final class StoreRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    StoreRefusedException(String host, int status) {
        super(
                "the store at "
                        + host
                        + ", to which it redirects, answered "
                        + status
                        + "; a firewall or proxy may block that host");
    }
}
