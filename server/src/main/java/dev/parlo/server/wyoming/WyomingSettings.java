package dev.parlo.server.wyoming;

import java.util.OptionalInt;

/**
 * Where Wyoming is spoken.
 *
 * @param host address to listen on
 * @param port empty: nowhere; 0: any free one
 */
public record WyomingSettings(String host, OptionalInt port) {}
