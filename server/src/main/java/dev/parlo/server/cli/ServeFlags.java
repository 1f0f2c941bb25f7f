package dev.parlo.server.cli;

import dev.parlo.server.Setting;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The plain command line of a server: {@code serve --port 8000 --host=0.0.0.0}. Such a line is read
 * here, every other one by picocli, which answers mistakes and {@code --help}. picocli's classes
 * have a format that the start-up cache of Java 25 cannot hold: loading and verifying them anew
 * takes a fifth of the time in which the server starts.
 */
final class ServeFlags {
    private ServeFlags() {}

    /** The settings of the flags; empty where picocli has to look at the line. */
    static Optional<Map<Setting, String>> read(List<String> arguments) {
        if (arguments.isEmpty() || !arguments.getFirst().equals("serve")) {
            return Optional.empty();
        }
        Map<String, Setting> known = new HashMap<>();
        for (Setting setting : Setting.values()) {
            known.put(setting.flag(), setting);
        }
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        for (int i = 1; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            Setting setting = known.get(name);
            if (setting == null || flags.containsKey(setting)) {
                return Optional.empty();
            }
            String value;
            if (equals >= 0) {
                value = argument.substring(equals + 1);
            } else if (++i < arguments.size()) {
                value = arguments.get(i);
            } else {
                return Optional.empty();
            }
            // What begins so may be a flag, or a file of arguments; nothing, or quotes, may be
            // read in another way.
            if (value.isEmpty() || "-@\"'".indexOf(value.charAt(0)) >= 0) {
                return Optional.empty();
            }
            flags.put(setting, value);
        }
        return Optional.of(flags);
    }
}
