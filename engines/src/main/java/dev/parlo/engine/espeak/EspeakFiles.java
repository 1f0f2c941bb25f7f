package dev.parlo.engine.espeak;

import java.nio.file.Path;

/**
 * Where espeak-ng lies on this machine.
 *
 * @param library the shared library
 * @param data its data directory, the one that holds {@code phontab}
 * @param origin where the two come from, in words
 */
public record EspeakFiles(Path library, Path data, String origin) {}
