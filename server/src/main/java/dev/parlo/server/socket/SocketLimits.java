package dev.parlo.server.socket;

import java.time.Duration;

/**
 * @param messageBytes longest message; what waits to be worked on is bounded by the same
 * @param perClient sockets that one client address may have open; 0 for no limit
 * @param idle longest silence of a client
 * @param sending how long a client may take to read what it was sent
 */
public record SocketLimits(int messageBytes, int perClient, Duration idle, Duration sending) {}
