package dev.parlo.engine.device;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A loader that finds everything but what a test takes away; it records what it is asked for. */
final class FakeLibraries implements LibraryLoader {
    final List<String> asked = new ArrayList<>();
    final Map<String, String> missing = new HashMap<>();
    final Map<String, Long> versions = new HashMap<>();

    @Override
    public Optional<String> load(String name) {
        asked.add(name);
        return Optional.ofNullable(missing.get(name));
    }

    @Override
    public OptionalLong version(String name, String function, boolean byPointer) {
        Long version = versions.get(function);
        return version == null ? OptionalLong.empty() : OptionalLong.of(version);
    }

    @Override
    public Optional<String> file(String name) {
        return Optional.of("/lib/" + name);
    }
}
