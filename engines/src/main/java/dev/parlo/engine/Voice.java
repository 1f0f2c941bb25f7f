package dev.parlo.engine;

import org.jspecify.annotations.Nullable;

/**
 * A voice of a speech engine.
 *
 * @param id what a request names, unique within its model
 * @param name a readable name
 * @param language the language it speaks, as a BCP 47-like tag ({@code en-us}, {@code fr})
 * @param gender {@code female}, {@code male} or null when it is not known
 */
public record Voice(String id, String name, String language, @Nullable String gender) {}
