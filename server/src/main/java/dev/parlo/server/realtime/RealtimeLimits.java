package dev.parlo.server.realtime;

import java.time.Duration;

/**
 * @param sessions open at once; 0 for no limit
 * @param longest session
 * @param longestTurn of audio; a longer one is committed in parts
 * @param usual dialect of a client that does not show its own
 */
public record RealtimeLimits(int sessions, Duration longest, Duration longestTurn, Dialect usual) {}
