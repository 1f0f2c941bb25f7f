package dev.parlo.server.socket;

import java.time.Duration;

/**
 * @param messageBytes longest message; what waits to be worked on is bounded by the same
 * @param idle longest silence of a client
 * @param sending how long a client may take to read what it was sent
 */
public record SocketLimits(int messageBytes, Duration idle, Duration sending) {}
