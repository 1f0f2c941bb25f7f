package dev.parlo.engine.device;

import java.util.Collection;
import java.util.stream.Collectors;

/** NVIDIA's numbers as people write them. */
final class Versions {
    private Versions() {}

    /** 12020 is 12.2. */
    static String cuda(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    /** 90 is 9.0. */
    static String capability(int capability) {
        return capability / 10 + "." + capability % 10;
    }

    static String capabilities(Collection<Integer> all) {
        return all.stream().map(Versions::capability).collect(Collectors.joining(", "));
    }
}
